"""The access table (access.csv), the service's addresses, and one request of somebody as the table words it."""

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pypdf import PdfReader

from benchmarks.lists_at_size import SESSION_KEPT

TABLE = Path(__file__).with_name("access.csv")
# allauth's own addresses: signing in and the second factor. tests/accounts walks them half signed in.
OTHERS_TEST = ("account_", "mfa_")
CHANGING = ("POST", "PUT", "PATCH", "DELETE")
PUBLIC, EVERYBODY = "the public", "everybody"


@dataclass(frozen=True)
class Line:
    """`of`: which thing of the world the address names; empty for the usual one. Two answers: they differ by role."""

    address: str
    method: str
    of: str
    may: tuple[str, ...]
    find_nothing: tuple[str, ...]
    answers: tuple[int, ...]
    is_public: bool

    @property
    def room(self) -> str:
        return self.address.rpartition(":")[0] or "service"

    @property
    def words(self) -> str:
        return f"{self.method} {self.address}{f' ({self.of})' if self.of else ''}"

    def allows(self, who: str) -> bool:
        return self.is_public or self.may == (EVERYBODY,) or who in self.may

    def expected(self, who: str) -> tuple[int, ...]:
        if self.allows(who):
            return self.answers
        return (404,) if who in self.find_nothing else (403,)


def lines() -> list[Line]:
    with TABLE.open(newline="") as file:
        return [
            Line(
                address=row["address"],
                method=row["method"],
                of=row["of"],
                may=tuple(row["may"].split()) if row["may"] != PUBLIC else (),
                find_nothing=tuple(row["find nothing"].split()),
                answers=tuple(int(answer) for answer in row["answer"].split("|")),
                is_public=row["may"] == PUBLIC,
            )
            for row in csv.DictReader(file)
        ]


def addresses(patterns=None, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address of the service's own by its name."""
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, pattern.namespace or namespace)
        elif pattern.name and not pattern.name.startswith(OTHERS_TEST):
            yield (f"{namespace}:{pattern.name}" if namespace else pattern.name), pattern


def methods_of(pattern: URLPattern) -> set[str]:
    """What a view answers with more than 405."""
    view = getattr(pattern.callback, "view_class", None)
    if view is None:
        return {"GET"}
    return {
        method.upper()
        for method in view.http_method_names
        if hasattr(view, method) and method.upper() in ("GET", *CHANGING)
    }


def parts_of(address: str, of: str = "") -> list[str]:
    """Of an address that names a person in two ways: by their side, or `of` "beside" by their own number."""
    namespace, _, last = address.rpartition(":")
    prefix, resolver = get_resolver().namespace_dict[namespace] if namespace else ("", get_resolver())
    before = [piece.split(":")[-1].rstrip(">") for piece in prefix.split("<")[1:]]
    ways = [parts for possibilities, *_ in resolver.reverse_dict.getlist(last) for _, parts in possibilities]
    own = next((parts for parts in ways if ("beside" in parts) == (of == "beside")), ways[0])
    return list(dict.fromkeys([*before, *own]))


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    response: HttpResponse
    statements: int

    @property
    def all_of_it(self) -> str:
        """Body, headers and cookies, as a reader of the wire would see them."""
        headers = "".join(f"{name}: {value}\n" for name, value in self.response.items())
        return f"{headers}{self.response.cookies}\n{text_of(self.body, self.response.get('Content-Type', ''))}"


def text_of(body: bytes, content_type: str) -> str:
    """The words of a page or file: a PDF's pages and metadata, every part of a spreadsheet, the bytes of anything else."""
    if content_type.startswith("application/pdf"):
        document = PdfReader(io.BytesIO(body))
        return " ".join(
            [*(page.extract_text() for page in document.pages), str(document.metadata), str(document.xmp_metadata)]
        )
    if "spreadsheet" in content_type:
        with zipfile.ZipFile(io.BytesIO(body)) as inside:
            return " ".join(inside.read(name).decode("utf-8", "replace") for name in inside.namelist())
    return body.decode("utf-8", "replace")


class Counted:
    """Statements of a request, without what keeps its session: once a minute, whatever page it meets."""

    number = 0

    def __call__(self, execute, sql, params, many, context):
        self.number += not sql.startswith(SESSION_KEPT)
        return execute(sql, params, many, context)


def ask(client: Client, method: str, path: str, data: dict[str, Any] | None = None) -> Answer:
    """One request, whatever it changes taken back."""
    counted = Counted()
    with transaction.atomic():
        with connection.execute_wrapper(counted):
            response = (
                client.generic(method, path) if method in ("PUT", "DELETE") else _send(client, method, path, data)
            )
        body = b"".join(response.streaming_content) if response.streaming else response.content
        transaction.set_rollback(True)
    return Answer(response.status_code, body, response, counted.number)


def _send(client: Client, method: str, path: str, data) -> HttpResponse:
    return client.get(path, data) if method == "GET" else client.post(path, data or {})


def path_of(address: str, kwargs: dict[str, Any]) -> str:
    return reverse(address, kwargs=kwargs)


@dataclass
class _Links(HTMLParser):
    """Where a page leads: links and forms, each with its method."""

    at: str
    found: set[tuple[str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs) -> None:
        given = dict(attrs)
        if tag == "a" and given.get("href") and "download" not in given:
            self._add("GET", given["href"])
        elif tag == "form":
            self._add((given.get("method") or "get").upper(), given.get("action") or self.at)
        for name in ("hx-get", "hx-post"):
            if given.get(name):
                self._add(name.removeprefix("hx-").upper(), given[name])

    def _add(self, method: str, address: str) -> None:
        target = urlsplit(urljoin(f"http://testserver{self.at}", address))
        if target.netloc == "testserver" and target.scheme == "http" and not target.path.startswith("/static/"):
            self.found.add((method, target.path + (f"?{target.query}" if target.query else "")))


def links_of(path: str, answer: Answer) -> set[tuple[str, str]]:
    if not answer.response.get("Content-Type", "").startswith("text/html"):
        return set()
    parser = _Links(path)
    parser.feed(answer.body.decode())
    return parser.found
