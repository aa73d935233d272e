"""An agreement of three commitments and a payment on a phone whose browser runs no script; and how its pages look."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from cases import actions
from cases.models import Agreement, Commitment, Payment
from rj_service.accounts.acting import acting_as
from tests.cases.conftest import Ready, make_one_ready
from tests.volunteers.factories import ready_practitioner
from volunteers.choices import Level

PROMISED = [
    ("Written apology", "A letter about that night", ""),
    ("Compensation or cost of repair", "The back door", "120.50"),
    ("Unpaid work for charity or community", "Two days at the food bank", ""),
]


pytestmark = pytest.mark.proof


@pytest.fixture
def held(transactional_db, area, cast) -> Ready:
    today = timezone.localdate()
    ready_practitioner(area, today, user=cast["coordinator"], level=Level.ADVANCED)
    with acting_as(cast["coordinator"]):
        ready = make_one_ready(area, cast, today)
        ready.hold()
    return ready


@pytest.fixture
def phone(new_context, live_server, signed_in, cast, browser_type_launch_args) -> Page:
    name = settings.SESSION_COOKIE_NAME
    context = new_context(
        base_url=live_server.url, viewport={"width": 360, "height": 740}, locale="en-GB", java_script_enabled=False
    )
    key = signed_in(cast["coordinator"]).cookies[name].value
    context.add_cookies([{"name": name, "value": key, "domain": "localhost", "path": "/"}])
    return context.new_page()


def on(page: Page, name: str, day) -> None:
    for part, value in (("day", day.day), ("month", day.month), ("year", day.year)):
        page.locator(f"[name={name}_{part}]").fill(str(value))


def test_three_commitments_and_a_payment_in_two_screens_after_it_was_held(held, phone):
    due = held.today + timedelta(days=30)
    phone.goto(reverse("cases:record-agreement", args=[held.case.pk, held.intervention.pk]))
    phone.get_by_label("Yes, with commitments").check()
    for place, (kind, words, amount) in enumerate(PROMISED):
        row = f"commitment-{place}"
        phone.locator(f"[name={row}-kind]").select_option(label=kind)
        phone.locator(f"[name={row}-words]").fill(words)
        phone.locator(f"[name={row}-responsible]").select_option(value=str(held.responsible.pk))
        phone.locator(f"[name={row}-amount]").fill(amount)
        if place:
            on(phone, f"{row}-due_on", due)
    phone.get_by_role("button", name="Save").click()
    expect(phone.get_by_text("There is a problem")).to_be_visible()
    expect(phone.locator("[name=commitment-2-words]")).to_have_value(PROMISED[2][1])
    on(phone, "commitment-0-due_on", due)
    phone.get_by_role("button", name="Save").click()
    expect(phone.get_by_text("£0.00 of £120.50 paid")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    phone.get_by_text("Record a payment").click()
    phone.get_by_label("Amount").fill("20.25")
    phone.get_by_label("Cash, against a receipt").check()
    phone.get_by_label("Reference of the receipt").fill("R-104")
    phone.get_by_role("button", name="Save the payment").click()
    expect(phone.get_by_text("£20.25 of £120.50")).to_be_visible()
    with acting_as(held.by):
        assert Commitment.objects.count() == len(PROMISED)
        assert Payment.objects.get().receipt == "R-104"


def test_the_pages_of_an_agreement(held, signed_in_page, assert_sound, cast):
    known = {"by": held.by, "today": held.today}
    with acting_as(held.by):
        due = held.today + timedelta(days=30)
        paid = actions.NewCommitment("compensation", "The back door", held.responsible, due, Decimal(120))
        apology = actions.NewCommitment("written_apology", "A letter", held.responsible, due)
        agreement = actions.record_agreement(
            intervention=held.intervention, agreed_on=held.today, commitments=[paid, apology], **known
        )
        of_money = agreement.commitments.get(kind="compensation")
        varied = actions.vary_commitment(
            commitment=of_money, words="Half of the door", due_on=due, amount=Decimal(60), because="Both agree", **known
        )
        given = {"paid_on": held.today, "way": "cash", "receipt": "R-1", **known}
        actions.record_payment(commitment=varied, amount=Decimal(20), **given)
        actions.keep_evidence(commitment=varied, shown_on=held.today, words="A receipt", **known)
        kept = agreement.commitments.get(kind="written_apology")
        actions.set_commitment_status(commitment=kept, status="not_completed", words="No letter came", **known)
        promised = actions.make_promise(
            hears=held.harmed,
            about=held.responsible,
            kind="course",
            channel="in_person",
            often="monthly",
            next_on=held.today,
            until=due,
            **known,
        )
        telling = kept.tellings.get()
        actions.record_signature(
            agreement=agreement, participant=held.harmed, signed_on=held.today, how="in_person", **known
        )
        assert Agreement.objects.count() == 1
    page, case = signed_in_page(cast["coordinator"]), held.case.pk
    for name, *of in (
        ("agreement",),
        ("commitment", varied.pk),
        ("commitment-status", varied.pk),
        ("vary-commitment", varied.pk),
        ("record-payment", varied.pk),
        ("keep-evidence", varied.pk),
        ("review-agreement", agreement.pk),
        ("record-signature", agreement.pk),
        ("told",),
        ("record-told", telling.pk),
        ("tell-progress", promised.pk),
        ("agree-to-promise", promised.pk),
        ("choose-hearing", held.harmed.pk),
        ("make-promise", held.harmed.pk),
        ("agree-name", held.harmed.pk),
    ):
        assert_sound(page, reverse(f"cases:{name}", args=[case, *of]))
