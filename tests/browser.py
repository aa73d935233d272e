"""Debian's Chromium, driven by Playwright, and axe."""

import os
import shutil
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Page

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def pytest_collection_modifyitems(items):
    """Every test that takes a page is a browser test: skipped without Chromium, except where it is required."""
    for item in items:
        if "browser_page" in getattr(item, "fixturenames", ()):
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
def assert_accessible() -> Callable[[Page], None]:
    """Fails with axe's own words on any violation of WCAG 2.2 AA on the page as it stands."""

    def check(page: Page) -> None:
        results = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]})
        assert results.violations_count == 0, f"{page.url} at {page.viewport_size}\n{results.generate_report()}"

    return check
