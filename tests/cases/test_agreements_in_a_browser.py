"""A conference held with an agreement of three commitments and a payment, without script too; and how its pages look."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from cases import actions
from cases.models import Agreement, Commitment, Participant, Payment
from rj_service.accounts.acting import acting_as
from tests.browser import DESK, PHONE
from tests.cases.conftest import Ready, make_one_ready
from tests.volunteers.factories import ready_practitioner
from volunteers.choices import Level

PROMISED = [
    ("Written apology", "A letter about that night", ""),
    ("Compensation or cost of repair", "The back door", "120.50"),
    ("Unpaid work for charity or community", "Two days at the food bank", ""),
]


pytestmark = pytest.mark.proof
TO_AGREE = 3  # screens: who came, the agreement, its page


@pytest.fixture
def begun(transactional_db, area, cast) -> Ready:
    """Arranged for now, and reconfirmed."""
    today = timezone.localdate()
    ready_practitioner(area, today, user=cast["coordinator"], level=Level.ADVANCED)
    with acting_as(cast["coordinator"]):
        ready = make_one_ready(area, cast, today)
        ready.begin()
    return ready


@pytest.fixture
def held(begun) -> Ready:
    with acting_as(begun.by):
        attendance = {one.pk: "came" for one in begun.people.values()}
        known = {"held_on": begun.today, "by": begun.by, "today": begun.today}
        actions.hold_intervention(intervention=begun.intervention, attendance=attendance, **known)
    return begun


@pytest.mark.parametrize(("width", "script"), [(DESK, True), (PHONE, True), (PHONE, False)])
def test_held_with_three_commitments_and_a_payment(begun, cast, visitor, width, script, record_property):
    """Journey 11: who came, what was agreed; a day that was forgotten is asked for, and nothing typed is lost."""
    due = begun.today + timedelta(days=30)
    hold = reverse("cases:hold", args=[begun.case.pk, begun.intervention.pk])
    desk = visitor(cast["coordinator"], width, script=script).open(hold)
    came = {f"Did {one.person.name} come?": "Came" for one in Participant._base_manager.select_related("person")}
    desk.answer(came | {"What was said to be shared": "Both spoke"}).press("Record it as held")
    desk.answer({"Was an agreement made?": "Yes, with commitments", "Day of the agreement": begun.today})
    for place, (kind, words, amount) in enumerate(PROMISED, 1):
        said = {"What kind": kind, "What was agreed": words, "Who does it": "Liam Hart, person responsible"}
        done_by = {"Done by": due} if place > 1 else {}
        desk.answer(said | {"Amount": amount} | done_by, within=f"fieldset:has-text('Commitment {place}')")
    desk.press("Save", within="main", status=422).reads("There is a problem")
    refused = 1
    expect(desk.page.locator("[name=commitment-2-words]")).to_have_value(PROMISED[2][1])
    desk.answer({"Done by": due}, within="fieldset:has-text('Commitment 1')").press("Save", within="main")
    desk.reads("£0.00 of £120.50 paid")
    to_agree = desk.screens - refused
    desk.page.get_by_text("Record a payment").click()
    paid = {"Amount": "20.25", "How it was paid": "Cash, against a receipt", "Reference of the receipt": "R-104"}
    desk.answer(paid).press("Save the payment").reads("£20.25 of £120.50")
    assert Commitment._base_manager.count() == len(PROMISED)
    assert Payment._base_manager.get().receipt == "R-104"
    record_property("measured", f"screens at {width}: {to_agree} to the page where the payment is recorded")
    assert to_agree <= TO_AGREE


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
