"""Debian's Chromium, driven by Playwright, and axe. The suite has what needs a browser to be true and one journey of each role
that matters most, at the width where that person works; walks over pages, second widths and contrast are for the proof."""

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Page

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
PICTURES = os.environ.get("RJ_PICTURES", "")
PROOF = os.environ.get("RJ_PROOF") == "1"
WIDTHS = DESK, PHONE = 1280, 360
# The suite looks at one of the two widths, where that person works; the proof at both.
EITHER_WIDTH = [DESK, pytest.param(PHONE, marks=pytest.mark.proof)]
PHONE_FIRST = [PHONE, pytest.param(DESK, marks=pytest.mark.proof)]
AXE = Axe()
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
}


def pytest_collection_modifyitems(items):
    """Every test that opens a browser is a browser test: skipped without Chromium, except where it is required."""
    for item in items:
        if "new_context" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    if not os.access(CHROMIUM, os.X_OK):
        reason = "Chromium is not installed: apt-get install chromium"
        pytest.fail(reason) if os.environ.get("CI_REQUIRE_BROWSER") == "1" else pytest.skip(reason)
    quiet = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--no-first-run"]
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": [*quiet, "--disable-dev-shm-usage"]}


@pytest.fixture
def browser_page(browser_type_launch_args, live_server, new_context) -> Page:
    """A page of a desk's width (1280) at the live server; `page.set_viewport_size` makes it a phone's (360)."""
    context = new_context(
        base_url=live_server.url, viewport={"width": 1280, "height": 900}, locale="en-GB", timezone_id="Europe/London"
    )
    context.set_default_timeout(15_000)
    return context.new_page()


@pytest.fixture
def signed_in_page(browser_page, signed_in) -> Callable[..., Page]:
    """`signed_in_page(user)`: the page, signed in with the second factor done."""

    def sign_in(user) -> Page:
        key = signed_in(user).cookies[settings.SESSION_COOKIE_NAME].value
        browser_page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": key, "domain": "localhost", "path": "/", "httpOnly": True}]
        )
        return browser_page

    return sign_in


@pytest.fixture
def browser_of(live_server, new_context, signed_in, browser_type_launch_args) -> Callable[..., Page]:
    """`browser_of(user)`: a colleague at a desk, signed in; nobody: a phone whose browser runs no script. Each has their own."""

    def make(user=None, *, width: int | None = None, script: bool | None = None) -> Page:
        sizes = {"width": width or (1280 if user else 360), "height": 900 if user else 740}
        runs = user is not None if script is None else script
        context = new_context(base_url=live_server.url, viewport=sizes, locale="en-GB", java_script_enabled=runs)
        context.set_default_timeout(15_000)
        if user:
            name = settings.SESSION_COOKIE_NAME
            cookie = {"name": name, "value": signed_in(user).cookies[name].value, "domain": "localhost", "path": "/"}
            context.add_cookies([cookie])
        return context.new_page()

    return make


def screens(page: Page) -> list[str]:
    """The addresses that this page meets from now on."""
    met: list[str] = []
    page.on("framenavigated", lambda frame: met.append(frame.url))
    return met


@pytest.fixture
def assert_accessible() -> Callable[[Page], None]:
    """Fails with axe's own words on any violation of WCAG 2.2 AA on the page as it stands."""
    return check_accessible


@pytest.fixture
def assert_sound() -> Callable[[Page, str], None]:
    """`assert_sound(page, address)`: it opens, has one heading of the first level, and at a desk's width (1280) and a
    phone's (360) axe finds nothing and nothing scrolls sideways. The suite asks axe at the phone's width alone. With
    RJ_PICTURES, a folder, pictures are kept there."""

    def check(page: Page, address: str) -> None:
        assert page.goto(address).status == 200, address
        assert page.locator("h1").count() == 1, address
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            needed = page.evaluate("document.documentElement.scrollWidth")
            assert needed <= width, f"{address} scrolls sideways at {width}: {needed}"
            if PROOF or width == PHONE:
                check_accessible(page, colours=PROOF and width == DESK)
            if PICTURES:
                name = re.sub(r"[^a-z-]+", "-", address.strip("/")) or "home"
                page.screenshot(path=Path(PICTURES) / f"{name}-{width}.png", full_page=True)

    return check


def check_accessible(page: Page, *, colours: bool = PROOF) -> None:
    """`colours`: contrast too. It is the same at every width and takes longer than all other rules together."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.axe_script)
    options = RULES | {"rules": {"color-contrast": {"enabled": colours}}}
    # Of what was found, the violations alone cross from the browser: the rest is a hundred times as long.
    found = page.evaluate("options => axe.run(options).then(({violations}) => ({violations}))", options)
    results = AxeResults(found)
    assert results.violations_count == 0, f"{page.url} at {page.viewport_size}\n{results.generate_report()}"
