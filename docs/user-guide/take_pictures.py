"""Takes the guide's pictures from the demonstration that `./run` serves. PORT as for `./run`."""

import os
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).parent / "pictures"
ADDRESS = f"http://localhost:{os.environ.get('PORT', '8000')}"


def signed_in(browser: Browser, key: str, *, width: int = 1280) -> Page:
    page = browser.new_context(base_url=ADDRESS, viewport={"width": width, "height": 800}).new_page()
    page.goto("/demo/")
    page.locator(f'form[action="/demo/sign-in/{key}/"] button').click()
    page.wait_for_load_state()
    return page


def keep(page: Page, name: str) -> None:
    page.wait_for_load_state()
    page.screenshot(path=FOLDER / f"{name}.png")


def of_a_hub_worker(page: Page) -> None:
    page.goto("/referrals/new/")
    page.get_by_label("First name of the person harmed").fill("Ines")
    page.get_by_label("Last name of the person harmed").fill("Pryor")
    page.get_by_text("Draft saved at").wait_for()
    keep(page, "question")
    page.get_by_role("button", name="Continue").click()
    page.wait_for_load_state()
    page.goto(page.url.rsplit("/", 2)[0] + "/check/")
    keep(page, "check")
    page.goto("/referrals/mine/")
    keep(page, "mine")


def of_a_referrer(page: Page) -> None:
    page.goto("/referrals/mine/")
    page.locator("table a").first.click()
    keep(page, "own")


def of_a_coordinator(page: Page) -> None:
    page.goto("/referrals/")
    keep(page, "to-decide")
    page.locator("table a").first.click()
    page.get_by_role("link", name="Decide").or_(page.get_by_role("button", name="Decide")).first.click()
    keep(page, "decide")
    page.goto("/referrals/interested/")
    keep(page, "interested")
    page.goto("/cases/")
    page.locator("table a").first.click()
    page.wait_for_load_state()
    page.goto(f"{page.url}people/")
    page.get_by_role("link", name="Needs and support").first.click()
    keep(page, "needs")
    page.goto("/referrals/search/")
    page.locator("main [name=words]").fill("Rees")
    page.locator("main").get_by_role("button", name="Search").click()
    keep(page, "found")


def of_a_coordinator_on_cases(page: Page) -> None:
    page.goto("/cases/?show=cannot")
    page.locator("main a[href^='/cases/']:has(.rj-ref)").first.click()
    page.get_by_role("heading", name="What is missing").wait_for()
    keep(page, "desk")
    desk = page.url
    page.get_by_role("link", name="See all checks").first.click()
    keep(page, "readiness")
    page.goto(f"{desk}documents/")
    keep(page, "documents")


def of_a_facilitator(page: Page) -> None:
    page.goto("/cases/my-work/")
    keep(page, "my-work")
    page.locator("main .rj-card h3:has(.rj-ref) a").first.click()
    page.get_by_role("link", name="Log a contact").or_(page.get_by_role("button", name="Log a contact")).first.click()
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Continue").click()
    keep(page, "log-contact")


def of_a_supervisor(coordinator: Page, browser: Browser) -> None:
    """Of a sensitive case that the coordinator gives to them first."""
    coordinator.goto("/cases/")
    coordinator.locator("main tr", has_text="Name shown inside").first.locator("a").first.click()
    coordinator.wait_for_load_state()
    case = coordinator.url
    coordinator.goto(f"{case}supervisor/")
    coordinator.get_by_label("Case supervisor").select_option(label="Nadia Khan")
    coordinator.get_by_role("button", name="Save").click()
    coordinator.wait_for_load_state()
    page = signed_in(browser, "supervisor")
    page.goto(f"{case}sign-off/")
    keep(page, "sign-off")


def of_a_manager(page: Page) -> None:
    page.goto("/cases/moving-in/")
    keep(page, "templates")
    page.get_by_role("link", name="Spreadsheets of the pilot").first.click()
    keep(page, "fates")


def of_a_training_lead(page: Page) -> None:
    page.goto("/training/today/")
    keep(page, "training-today")
    page.goto("/training/packages/")
    page.locator("main table a").first.click()
    keep(page, "training-package")
    page.goto("/training/")
    page.get_by_role("link", name="Two-day conference facilitator").first.click()
    keep(page, "training-cohort")


def main() -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        of_a_hub_worker(signed_in(browser, "hub_worker"))
        of_a_referrer(signed_in(browser, "referrer"))
        of_a_coordinator(signed_in(browser, "coordinator"))
        of_a_coordinator_on_cases(signed_in(browser, "coordinator"))
        of_a_facilitator(signed_in(browser, "practitioner", width=360))
        of_a_supervisor(signed_in(browser, "coordinator"), browser)
        of_a_manager(signed_in(browser, "manager"))
        of_a_training_lead(signed_in(browser, "training_lead"))
        browser.close()


if __name__ == "__main__":
    main()
