"""The pages of the access table as their readers see them: what they ask in their address, what their forms send."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qs, quote, urlsplit

from django.db import transaction
from django.test import Client
from django.urls import Resolver404, resolve, reverse

from tests.access.table import Line, lines, parts_of
from tests.access.world import arguments

PLAUSIBLE = {
    "day": "1",
    "month": "1",
    "year": "2026",
    "time": "2:30pm",
    "email": "a@example.org",
    "postcode": "CB1 1AA",
}
CHOSEN = ("radio", "checkbox", "hidden")


@dataclass
class Form:
    """The controls of a page that posts: name -> the values offered; which of them take files."""

    offered: dict[str, list[str]] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)

    def body(self, values) -> str:
        """Every control by itself hostile."""
        return "&".join(f"{name}={next(values)}" for name in self.offered)

    def body_with_words(self, values) -> str:
        """Choices as offered and days that exist, so that hostile words come as far as they can."""
        return "&".join(f"{name}={self._plausible(name) or next(values)}" for name in self.offered)

    def _plausible(self, name: str) -> str:
        if self.offered[name]:
            return quote(self.offered[name][-1])
        return next((quote(value) for part, value in PLAUSIBLE.items() if re.search(rf"(^|_){part}$", name)), "")


class Page(HTMLParser):
    """`asked`: names of its address's query; `forms`: where it posts to -> what it sends."""

    def __init__(self, address: str, text: str):
        super().__init__()
        self.asked = {"after", "page", "sort", "next", "month", "show", "state", "person", "role", "purpose"}
        self.forms: dict[str, Form] = {}
        self.address, self.form, self.list = address, None, []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            posts = given.get("method", "").lower() == "post"
            self.form = self.forms.setdefault(given.get("action") or self.address, Form()) if posts else None
        elif tag == "a":
            self.asked |= set(parse_qs(urlsplit(given.get("href", "")).query))
        elif tag == "option":
            self.list.append(given.get("value", ""))
        elif tag in ("input", "select", "textarea", "button") and given.get("name"):
            self._control(tag, given)

    def _control(self, tag: str, given: dict[str, str]) -> None:
        name, kind = given["name"], given.get("type", "")
        if self.form is None:
            self.asked.add(name)
        elif kind == "file":
            self.form.files.add(name)
        elif name != "csrfmiddlewaretoken":
            offered = self.form.offered.setdefault(name, [])
            if tag == "select":
                self.list = offered
            elif kind in CHOSEN or tag == "button":
                offered.append(given.get("value") or "on")


@dataclass
class Visit:
    """One address of the table as somebody who may open it."""

    name: str
    address: str
    client: Client
    may_post: bool = False
    page: Page | None = None

    def fault(self, what: str, send) -> list[str]:
        """What went wrong, or nothing. Whatever it did is taken back."""
        try:
            with transaction.atomic():
                response = send()
                b"".join(response.streaming_content) if response.streaming else response.content
                transaction.set_rollback(True)
        except Exception as error:
            return [f"{self.name}, {what}: {type(error).__name__}: {error}"[:300]]
        return [f"{self.name}, {what}: {response.status_code}"] if response.status_code >= 500 else []

    def ask(self, values) -> list[str]:
        query = "&".join(f"{name}={next(values)[:2000]}" for name in sorted(self.page.asked))
        return self.fault(query[:200], lambda: self.client.get(f"{self.address}?{query}"))

    def post(self, body: str) -> list[str]:
        encoded = "application/x-www-form-urlencoded"
        return self.fault(body[:200], lambda: self.client.post(self.address, body, content_type=encoded))


def visits_of(world, clients, every: int) -> list[Visit]:
    """Every so manieth address of the table. Its pages are read, and say what their forms send."""
    one_each = {(line.address, line.method): line for line in reversed(lines())}
    names = sorted({address for address, _ in one_each})[::every]
    found = [_visit(line, world, clients) for line in one_each.values() if line.address in names]
    forms: dict[str, Form] = {}
    for one in found:
        for address, form in one.page.forms.items():
            forms.setdefault(called(address), form)
    for one in found:
        if one.may_post:
            one.page.forms = {one.address: forms.get(one.name, Form())}
    return found


def _visit(line: Line, world, clients) -> Visit:
    who = next((who for who in line.may if who in clients), "coordinator")
    kwargs = arguments(world, line.address, parts_of(line.address, line.of), of=line.of)
    one = Visit(line.address, reverse(line.address, kwargs=kwargs), clients[who], line.method == "POST")
    one.page = Page(one.address, "" if one.may_post else read(one))
    return one


def called(address: str) -> str:
    try:
        return resolve(urlsplit(address).path).view_name
    except Resolver404:
        return ""


def read(one: Visit) -> str:
    with transaction.atomic():
        response = one.client.get(one.address)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        transaction.set_rollback(True)
    return body.decode(errors="replace") if "html" in response.get("Content-Type", "") else ""


def taking_words(visits: list[Visit]) -> list[Visit]:
    return [one for one in visits if one.may_post and one.page.forms[one.address].offered]
