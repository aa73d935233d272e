"""A coordinator decides five referrals; a Hub worker sends a file with a withdrawal and a hundred bad rows."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from referrals.actions import NewPerson
from referrals.models import Consent, ImportBatch, Referral
from referrals.tasks import import_hub_file  # noqa: F401 (registers the work of an ImportBatch)
from rj_service.jobs.leases import work_on
from rj_service.ui.references import spoken
from tests.browser import screens

from .hub_rows import hub_csv, hub_row

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.proof]
TO_THE_FIRST_DECISION = 3
TO_THE_FIFTH = 13


def test_five_referrals_are_decided(signed_in_page, cast, refer, assert_sound, record_property):
    days = [timezone.localdate() - timedelta(days=back) for back in range(5)]
    waiting = [
        refer(received_on=day, harmed=NewPerson(first_name="Ada", last_name=last))
        for day, last in zip(days, ("Abbot", "Barrow", "Calder", "Dunmore", "Eastman"), strict=True)
    ]
    accept, interested, hold, elsewhere, not_accept = waiting
    page = signed_in_page(cast["coordinator"])
    met = screens(page)

    def decide(referral: Referral, choice: str) -> None:
        page.get_by_role("link", name=f"Decide on {spoken(referral.reference)}").click()
        expect(page.get_by_role("heading", name="Decide on this referral")).to_be_visible()
        page.get_by_label(choice, exact=True).check()

    def done() -> None:
        page.get_by_role("button", name="Decide").click()
        expect(page.get_by_text("The decision is recorded")).to_be_visible()

    page.goto("/")
    page.get_by_role("link", name="Referrals", exact=True).click()
    decide(accept, "Accept and open a case")
    to_the_first = len(met)
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_text("Accepted. The case is open.")).to_be_visible()
    page.get_by_role("link", name="Referrals", exact=True).click()
    decide(interested, "Hold: interested, no suspect identified")
    done()
    decide(hold, "Put on hold and ask the referrer")
    later = timezone.localdate() + timedelta(days=9)
    for part in ("Day", "Month", "Year"):
        page.get_by_role("group", name="Look again on").get_by_label(part).fill(str(getattr(later, part.lower())))
    page.get_by_label("What we wait for").fill("The officer’s answer")
    done()
    decide(elsewhere, "Refer elsewhere")
    page.get_by_label("Where it goes, and why").fill("The Youth Justice Service has them")
    done()
    decide(not_accept, "Not accept")
    page.get_by_label("Kind of reason").select_option("risk")
    page.get_by_label("Reason", exact=True).fill("Individual risk cannot be managed")
    done()
    found = {pk: status for pk, status in Referral._base_manager.values_list("pk", "status")}
    assert [found[one.pk] for one in waiting] == [
        "accepted",
        "interested",
        "on_hold",
        "referred_elsewhere",
        "not_accepted",
    ]
    assert mail.outbox == []
    record_property("measured", f"screens: {to_the_first} to the first decision, {len(met)} to the fifth")
    assert to_the_first <= TO_THE_FIRST_DECISION and len(met) <= TO_THE_FIFTH, met
    refer(harmed=NewPerson(first_name="Ada", last_name="Farrow"))
    assert_sound(page, reverse("referrals:list"))
    assert_sound(page, reverse("referrals:decide", args=[hold.pk]))


def test_a_hub_file_with_a_withdrawal_and_a_hundred_bad_rows(
    signed_in_page, cast, import_file, tmp_path, assert_sound, record_property
):
    import_file(hub_csv(hub_row(hub_reference="HUB-1")), by=cast["hub_worker"])
    good = [hub_row(hub_reference=f"HUB-{n}", victim_last_name=f"Name{n}") for n in range(2, 22)]
    bad = [
        hub_row(hub_reference=f"BAD-{n}", **fault)
        for n, fault in zip(
            range(100),
            [{"date_received": "31/31/2026"}, {"contact_consent": "N"}, {"mechanism": "pigeon"}, {"date_received": ""}]
            * 25,
            strict=True,
        )
    ]
    withdrawn = hub_row(hub_reference="HUB-1", contact_consent="N")
    path = tmp_path / "november.csv"
    path.write_bytes(hub_csv(*good, *bad, withdrawn))
    page = signed_in_page(cast["hub_worker"])
    met = screens(page)
    page.goto("/")
    page.get_by_role("button", name="Import a Hub file").click()
    page.get_by_role("button", name="Import a Hub file").click()
    page.get_by_label("Hub file").set_input_files(path)
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text("Waiting to start").first).to_be_visible()
    to_the_import = len(met)
    batch = ImportBatch._base_manager.latest("created_at")
    assert work_on(ImportBatch, batch.pk)
    page.reload()
    facts = {
        term: page.locator("dt", has_text=term).locator("xpath=following-sibling::dd[1]").inner_text()
        for term in ("Accepted", "Refused", "Changed")
    }
    assert facts == {"Accepted": "20", "Refused": "100", "Changed": "1"}
    assert page.get_by_role("row").count() == 101
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the refused rows").click()
    lines = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 101 and "date_received is not a date" in lines[1]
    assert_sound(page, reverse("referrals:import", args=[batch.pk]))

    assert not Consent._base_manager.filter(referral__hub_reference="HUB-1", withdrawn_at__isnull=True).exists()
    signed_in_page(cast["coordinator"])
    page.goto("/")
    expect(page.get_by_text("Act on a withdrawal or a safety change").first).to_be_visible()
    assert_sound(page, "/")
    record_property("measured", f"screens to the file’s import: {to_the_import}")
    assert to_the_import <= 4, met
