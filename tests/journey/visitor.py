"""One person at one browser: follows links, answers questions, presses buttons. Every page that they meet is looked at."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt
from django.urls import resolve
from playwright.sync_api import Page, Response

from rj_service.accounts.models import User
from tests.accounts.conftest import code_of
from tests.browser import DESK, PICTURES
from tests.factories import PASSWORD

OPTIONAL = r"( \(optional\))?"


@dataclass
class Look:
    """How closely pages are looked at: by axe each time, or (it takes longer than to load one) the first time only."""

    assert_accessible: Callable[[Page], None]
    thorough: bool
    seen: set[str] = field(default_factory=set)

    def is_due(self, view: str) -> bool:
        new = view not in self.seen
        self.seen.add(view)
        return new or self.thorough


class Visitor:
    def __init__(self, page: Page, who: str, widths: tuple[int, ...], look: Look):
        self.page, self.who, self.widths, self.look = page, who, widths, look
        self.screens = 0
        self.words = ""  # all that was ever shown to them
        self.wrong: list[str] = []
        page.on("console", lambda said: self.wrong.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("response", self._answered)

    def sign_in(self, user: User) -> "Visitor":
        """With password and code, as everybody does."""
        return self.open("/accounts/login/").sign_in_here(user)

    def sign_in_here(self, user: User) -> "Visitor":
        self.answer({"Email address": user.email, "Password": PASSWORD})
        self.press("Sign in")
        factor = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)
        self.answer({"Code": code_of(decrypt(factor.data["secret"]))})
        return self.press("Sign in")

    def open(self, address: str, status: int = 200) -> "Visitor":
        return self._meet(self.page.goto(address), status)

    def follow(self, link: str, within: str = "body") -> "Visitor":
        """The first link of this name, drawn as one or as a button; `within` narrows where it stands."""
        place = self.page.locator(within)
        found = place.get_by_role("link", name=link).or_(place.locator("a[role=button]", has_text=link)).first
        if not found.count():  # folded away on a phone
            self.page.get_by_role("button", name="Menu", exact=True).click()
        return self._after(found.click, 200)

    def press(self, button: str, within: str = "body", status: int = 200) -> "Visitor":
        found = self.page.locator(within).get_by_role("button", name=button).first
        return self._after(found.click, status)

    def download(self, link: str) -> Path:
        with self.page.expect_download() as kept:
            self.page.get_by_role("link", name=link).first.click(modifiers=["Alt"])
        if PICTURES:
            kept.value.save_as(Path(PICTURES) / kept.value.suggested_filename)
        return kept.value.path()

    def answer(self, answers: Mapping[str, object], within: str = "body") -> "Visitor":
        """By the question's own words: a date, True for a box to tick, a file, or words to choose or type."""
        for question, value in answers.items():
            self._answer(self.page.locator(within), question, value)
        return self

    def reads(self, *words: str) -> "Visitor":
        for sentence in words:
            assert sentence in self.text, f"{self.who} does not read “{sentence}” on {self.page.url}:\n{self.text}"
        return self

    def waits_for(self, words: str) -> "Visitor":
        """The page refreshes itself while a worker works."""
        self.page.get_by_text(words).first.wait_for(timeout=60_000)
        return self._look()

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", self.page.locator("body").inner_text())

    def _answer(self, place, question: str, value) -> None:
        name = re.compile(f"^{re.escape(question)}{OPTIONAL}$")
        group = place.get_by_role("group", name=name)
        if isinstance(value, date):
            for part, number in (("Day", value.day), ("Month", value.month), ("Year", value.year)):
                group.get_by_label(part).fill(str(number))
        elif group.count():
            group.get_by_label(str(value), exact=True).first.check()  # what lies under an answer comes after it
        elif value is True:
            place.get_by_label(name).check()
        elif isinstance(value, Path):
            place.get_by_label(name).set_input_files(value)
        elif (control := place.get_by_label(name)).evaluate("control => control.tagName") == "SELECT":
            control.select_option(label=str(value))
        else:
            control.fill(str(value))

    def _after(self, act, status: int) -> "Visitor":
        with self.page.expect_navigation() as met:
            act()
        return self._meet(met.value, status)

    def _answered(self, response: Response) -> None:
        if response.status >= 500:
            self.wrong.append(f"{response.status} {response.url}")

    def _meet(self, response: Response, status: int) -> "Visitor":
        self.screens += 1
        assert response.status == status, f"{self.who}: {response.status} {response.url}\n{self.text}"
        policy = response.headers["content-security-policy"]
        assert "script-src 'self'" in policy and "unsafe-" not in policy, f"{response.url}: {policy}"
        if status != 200:  # what Chromium says of a page that refuses
            self.wrong = [said for said in self.wrong if f"status of {status}" not in said]
        return self._look()

    def _look(self) -> "Visitor":
        """At every width, ending at the one where this person works."""
        text = self.text
        self.words += text
        view = resolve(urlsplit(self.page.url).path).view_name
        is_due = self.look.is_due(view)
        for width in reversed(self.widths):
            if len(self.widths) > 1:
                self.page.set_viewport_size({"width": width, "height": 900})
            wide = self.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{self.page.url} scrolls sideways at {width}: {wide}"
            if is_due:
                self.look.assert_accessible(self.page)
            if PICTURES:
                name = f"{width}-{self.who.replace(' ', '-')}-{self.screens:03}-{view.replace(':', '-')}.png"
                self.page.screenshot(path=Path(PICTURES) / name, full_page=True)
        assert not self.wrong, f"{self.who} at {self.page.url}: {self.wrong}"
        return self


@pytest.fixture
def visitor(browser_of, assert_accessible) -> Callable[..., Visitor]:
    """`visitor(user, PHONE)`: signed in, at a browser of this width; nobody: whoever has no account. Where no script runs,
    axe does not either."""
    looks = {True: Look(assert_accessible, thorough=False), False: Look(lambda page: None, thorough=False)}

    def make(user: User | None = None, width: int = DESK, *, script: bool = True) -> Visitor:
        page = browser_of(user, width=width, script=script)
        return Visitor(page, user.first_name if user else "they", (width,), looks[script])

    return make
