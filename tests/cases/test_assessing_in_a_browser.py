"""A facilitator assesses somebody on a phone; in the middle the session ends, and not a word is lost."""

from importlib import import_module

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import expect

from cases import actions
from cases.choices import ITEMS, AssessmentItemKind, Side
from cases.models import Assessment, AssessmentItem
from tests.browser import WIDTHS
from tests.cases.conftest import side_of
from tests.journey.preparing import ASKED_ALONE
from tests.journey.visitor import Visitor
from tests.volunteers.factories import ready_practitioner

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.proof]
TYPED = "She sleeps badly since, and wants her niece beside her."
BESIDE_THE_THEMES = 5  # screens: begun, the first theme, overall, the check, signed
TO_COME_BACK = 3  # signed out, the code, the page as it was left


def let_the_session_end(visitor: Visitor) -> None:
    """An hour goes by in which nobody touches the phone."""
    name = settings.SESSION_COOKIE_NAME
    key = next(one["value"] for one in visitor.page.context.cookies() if one["name"] == name)
    session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    session["seen"] = session.get("seen", session["began"]) - 3600
    session.save()


@pytest.mark.parametrize("width", WIDTHS)
def test_an_assessment_is_interrupted_and_signed(open_case, area, cast, today, acting, visitor, width, record_property):
    user = cast["practitioner"]
    lead = ready_practitioner(area, today, user=user)
    TOTP.activate(user, generate_totp_secret())
    case = open_case()
    with acting(cast["coordinator"]) as by:
        actions.assign(
            not_asked="otherwise", case=case, practitioner=lead, role="lead", sides="both", by=by, today=today
        )
        harmed = side_of(case, Side.HARMED)
    phone = visitor(user, width).open(reverse("cases:assessment", args=[case.pk, harmed.pk]))
    themes = ITEMS[Side.HARMED]
    half = len(themes) // 2
    before = phone.screens
    phone.press("Start the assessment").follow(themes[0].label)
    for kind in themes[:half]:
        answer(phone, kind)

    phone.answer({"What you found": "Concern, mitigated", "In your words": TYPED})
    let_the_session_end(phone)
    came_late = phone.screens
    phone.press("Save and continue").reads("You were signed out.", "What you typed is kept for 30 minutes")
    assert AssessmentItem._base_manager.filter(words=TYPED).count() == 0
    phone.sign_in_here(user).reads(themes[half].label)
    expect(phone.page.get_by_label("In your words")).to_have_value(TYPED)
    to_come_back = phone.screens - came_late

    phone.press("Save and continue")
    for kind in themes[half + 1 :]:
        answer(phone, kind)
    phone.follow("Continue to the overall judgement").answer(
        {
            "Is the person able to take part?": "Yes",
            "Is the person willing, without pressure?": "Yes",
            "Is taking part suitable for the person?": "Yes",
            "Outcome": "Suitable",
            "Summary": "Her niece comes too.",
        }
    ).press("Continue")
    phone.reads(TYPED).answer({"I have met this person": True}).press("Sign this assessment")
    phone.reads("The assessment is signed", TYPED)
    signed = Assessment._base_manager.get()
    assert signed.signed_by_id == lead.pk and AssessmentItem._base_manager.filter(assessment=signed).count() == len(
        themes
    )
    others = phone.screens - before - to_come_back - len(themes)
    record_property(
        "measured", f"screens at {width}: {len(themes)} themes, {others} besides, {to_come_back} to come back"
    )
    assert others <= BESIDE_THE_THEMES and to_come_back <= TO_COME_BACK


def answer(visitor: Visitor, kind: AssessmentItemKind) -> None:
    alone = ASKED_ALONE if kind == AssessmentItemKind.FEAR else {}
    visitor.reads(kind.label).answer(alone | {"What you found": "No concern"}).press("Save and continue")
