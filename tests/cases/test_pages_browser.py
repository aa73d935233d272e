"""Pages of a case in a real browser, at a desk's width and a phone's: accessible, and never scrolling sideways."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from cases import actions
from cases.choices import Side
from cases.models import Intervention
from referrals.actions import NewPerson, NewReferral, receive_referral
from referrals.choices import ConsentPurpose
from rj_service.accounts.acting import acting_as
from tests.browser import DESK, PHONE
from tests.cases.conftest import assess, consent, side_of
from tests.volunteers.factories import ready_practitioner
from volunteers.choices import Level

pytestmark = pytest.mark.proof
HARMED = NewPerson(
    first_name="Maureen",
    last_name="Okafor",
    date_of_birth=timezone.datetime(1959, 3, 4).date(),
    communication_needs="Hearing loop. Ground floor.",
    phone="07700 900142",
    address="2 Fen Road",
    postcode="PE28 5AB",
    may_phone=True,
)
RESPONSIBLE = NewPerson(first_name="Liam", last_name="Hart", phone="07700 900271", may_phone=True)


@pytest.fixture
def story(transactional_db, area, cast):
    """A case with both sides assessed, a lead, a planned conference and a legal bar; and another practitioner of one side."""
    today = timezone.localdate()
    coordinator = cast["coordinator"]
    ready_practitioner(area, today, user=coordinator, level=Level.ADVANCED)
    lead = ready_practitioner(area, today, user=cast["practitioner"], level=Level.ADVANCED)
    beside = ready_practitioner(area, today, user=cast["off_case_practitioner"])
    with acting_as(coordinator) as by:
        known = {"by": by, "today": today}
        new = NewReferral(
            harmed=HARMED,
            responsible=RESPONSIBLE,
            received_on=today,
            mechanism="victims_hub",
            consent_method="phone",
            incident={"crime_type": "burglary", "month": today.replace(day=1), "local_area_name": "Huntingdonshire"},
        )
        case = actions.accept_referral(referral=receive_referral(area=area, new=new, **known), **known)
        for side in (Side.HARMED, Side.RESPONSIBLE):
            consent(case, side, ConsentPurpose.TAKE_PART, **known)
            assess(case, side, **known)
        consent(case, Side.HARMED, ConsentPurpose.APPROACH_OTHER_SIDE, **known)
        consent(case, Side.HARMED, ConsentPurpose.SURVEY, **known)
        actions.assign(not_asked="otherwise", case=case, practitioner=lead, role="lead", sides="both", **known)
        actions.assign(
            not_asked="otherwise", case=case, practitioner=beside, role="co_facilitator", sides="harmed", **known
        )
        actions.log_contact(
            participant=side_of(case, Side.HARMED),
            method="phone",
            result="spoke",
            occurred_at=timezone.now() - timedelta(hours=3),
            minutes=25,
            note="Went through the order of the meeting. She would like to speak second.",
            **known,
        )
        meeting = actions.plan_intervention(
            case=case,
            model="face_to_face_conference",
            planned_for=timezone.now() + timedelta(days=2),
            venue="Village hall, Sawtry",
            **known,
        )
        actions.record_legal_bar(
            participant=side_of(case, Side.RESPONSIBLE),
            kind="licence",
            authority="the Probation Service",
            starts_on=today,
            **known,
        )
        people = {side: side_of(case, side) for side in (Side.HARMED, Side.RESPONSIBLE)}
    return {"case": case, "meeting": meeting, "people": people}


def test_the_coordinators_pages(story, cast, signed_in_page, assert_sound):
    page = signed_in_page(cast["coordinator"])
    case, meeting, harmed = story["case"], story["meeting"], story["people"][Side.HARMED]
    assert_sound(page, reverse("cases:list"))
    for name in ("desk", "people", "consents", "legal-bars", "contacts", "assessments", "assignment-desk", "meetings",
                 "plan-intervention", "agreement", "surveys", "close", "sign-off", "history"):  # fmt: skip
        assert_sound(page, reverse(f"cases:{name}", args=[case.pk]))
    for name in ("reveal-contact", "record-consent", "legal-bar", "assessment"):
        assert_sound(page, reverse(f"cases:{name}", args=[case.pk, harmed.pk]))
    reopened = story["people"][Side.RESPONSIBLE]  # by the order that was recorded after it was signed
    assert_sound(page, reverse("cases:assessment-still-holds", args=[case.pk, reopened.pk]))
    for name in ("readiness", "hold", "postpone"):
        assert_sound(page, reverse(f"cases:{name}", args=[case.pk, meeting.pk]))
    page.set_viewport_size({"width": DESK, "height": 900})
    page.goto(reverse("cases:assignment-desk", args=[case.pk]))
    expect(page.get_by_label("Works in")).to_be_visible()
    expect(page.get_by_text("Narrow the list, or find a name")).to_be_hidden()
    page.set_viewport_size({"width": PHONE, "height": 740})
    page.reload()  # what narrows the desk is folded: the first name comes before it
    expect(page.get_by_label("Works in")).to_be_hidden()
    page.get_by_text("Narrow the list, or find a name").click()
    expect(page.get_by_label("Works in")).to_be_visible()
    expect(page.get_by_label("Name", exact=True)).to_be_visible()


@pytest.mark.proof
def test_a_manager_overrides_and_asks_for_another_look(story, cast, signed_in_page, assert_sound):
    case, meeting, harmed = story["case"], story["meeting"], story["people"][Side.HARMED]
    Intervention._base_manager.filter(pk=meeting.pk).update(venue_checked_on=timezone.localdate() - timedelta(days=800))
    page = signed_in_page(cast["manager"])
    assert_sound(page, reverse("cases:reopen-assessment", args=[case.pk, harmed.pk]))
    assert_sound(page, reverse("cases:overrides", args=[case.pk, meeting.pk]))
    page.get_by_label("The safety check of the place has run out").check()
    page.get_by_label("It is done on the day, before anybody arrives").check()
    page.get_by_role("textbox", name="What is done instead, and by whom").fill("Grace looks at it at noon")
    page.get_by_role("button", name="Override it").click()
    expect(page.get_by_text("Grace looks at it at noon")).to_be_visible()
    assert_sound(page, reverse("cases:readiness", args=[case.pk, meeting.pk]))
    assert_sound(page, reverse("cases:overrides", args=[case.pk, meeting.pk]))


def test_a_practitioners_phone(story, cast, signed_in_page, assert_sound):
    page = signed_in_page(cast["off_case_practitioner"])
    case, meeting, harmed = story["case"], story["meeting"], story["people"][Side.HARMED]
    assert_sound(page, reverse("cases:my-work"))
    assert_sound(page, reverse("cases:mine"))
    assert_sound(page, reverse("cases:desk", args=[case.pk]))
    assert_sound(page, reverse("cases:log-contact-with", args=[case.pk, harmed.pk]))
    assert_sound(page, reverse("cases:readiness", args=[case.pk, meeting.pk]))


def test_a_person_answers_by_their_own_link(story, cast, browser_page, assert_sound):
    with acting_as(cast["coordinator"]) as by:
        _, secret = actions.invite_to_survey(
            channel="in_person", participant=story["people"][Side.HARMED], by=by, today=timezone.localdate()
        )
    browser_page.goto(reverse("cases:survey-link", args=[secret]))
    expect(browser_page).to_have_url(re.compile("/p/$"))
    assert_sound(browser_page, "/p/")
    browser_page.get_by_label("Very satisfied", exact=True).check()
    browser_page.get_by_role("button", name="Send my answers").click()
    expect(browser_page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert browser_page.goto("/p/").status == 410
