"""A coordinator asks what somebody needs and who agrees for a child; every page of it at a desk's and a phone's width."""

import re
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from cases.actions import accept_referral, record_consent
from cases.models import Participant
from referrals import actions
from referrals.actions import NeedsFound, NewPerson
from referrals.choices import ConsentPurpose, NeedCategory, NeedsQuestion
from referrals.models import NeedsAssessment, OnwardSupport, ParentalAgreement
from tests.browser import screens

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.proof]
SCREENS = 3  # the referral, its needs, the assessment
TODAY = timezone.localdate()
IVY = NewPerson(first_name="Ivy", last_name="Reed", date_of_birth=date(TODAY.year - 13, 1, 2), may_email=True)


def test_what_somebody_needs_is_assessed_in_three_screens(signed_in_page, cast, refer, record_property):
    referral = refer()
    page = signed_in_page(cast["coordinator"])
    met = screens(page)
    page.goto(reverse("referrals:detail", args=[referral.pk]))
    expect(page.get_by_text("As told to us; not assessed yet").first).to_be_visible()
    page.get_by_role("link", name=re.compile("^Needs and support.*harmed")).click()
    page.get_by_role("button", name="Assess what they need").click()
    for question in NeedsQuestion:
        page.get_by_role("group", name=question.label).get_by_label("No", exact=True).check()
    for category in NeedCategory:
        page.get_by_role("group", name=category.label).get_by_label("None", exact=True).check()
    page.get_by_role("group", name=NeedsQuestion.AFRAID.label).get_by_label("Yes").check()
    page.get_by_role("group", name=NeedCategory.SOCIAL.label).get_by_label("High").check()
    page.get_by_label("Medium").check()
    page.get_by_label("Why you see it so").fill("He waits for her at the bus stop.")
    page.get_by_label("Intimidated").check()
    page.get_by_label("Communication needs").fill("A signer")
    assert len(met) <= SCREENS, met
    record_property("measured", f"screens: {len(met)}")
    page.get_by_role("button", name="Save the assessment").click()
    expect(page.get_by_text("The assessment is saved")).to_be_visible()
    expect(page.get_by_text("He waits for her at the bus stop.")).to_be_visible()
    made = NeedsAssessment._base_manager.get()
    assert (made.level, made.grounds, made.communication_needs) == ("medium", ["Intimidated"], "A signer")


def test_every_page_of_needs_children_and_agreements(signed_in_page, cast, refer, acting, assert_sound):
    referral = refer(harmed=IVY)
    person = referral.person_harmed
    with acting(cast["coordinator"]) as by:
        about = {"person": person, "referral": referral, "by": by}
        answers, needs = dict.fromkeys(NeedsQuestion.values, "no"), dict.fromkeys(NeedCategory.values, "some")
        for level in ("low", "high"):
            found = NeedsFound(assessed_on=TODAY, level=level, reason="Talked", answers=answers, needs=needs)
            actions.assess_needs(found=found, today=TODAY, **about)
        passed_on = {"category": "finance", "organisation": "Fen advice desk", "referred_on": TODAY}
        actions.offer_support(today=TODAY, **passed_on, **about)
        actions.take_referral(referral=referral, by=by, today=TODAY)
        actions.record_conditions(physical="Asthma", mental="", **about)
        actions.record_childhood(in_care="no", today=TODAY, **about)
        parental = actions.name_parental_responsibility(kind="parent", name="Ann Reed", involved="no", **about)
        for purpose in (ConsentPurpose.SURVEY, ConsentPurpose.TAKE_PART):
            said = {"purpose": purpose, "method": "written", "given_on": TODAY, "today": TODAY}
            actions.record_parental_agreement(parental=parental, referral=referral, by=by, **said)
        taken_back = ParentalAgreement.objects.get(purpose=ConsentPurpose.TAKE_PART)
        actions.withdraw_parental_agreement(agreement=taken_back, by=by)
        case = accept_referral(referral=referral, by=by, today=TODAY)
        ivy = Participant.objects.get(case=case, person=person)
        said = {"method": "phone", "given_on": TODAY, "by": by, "today": TODAY}
        record_consent(participant=ivy, purpose=ConsentPurpose.SURVEY, channels=["email"], **said)
        support = OnwardSupport.objects.get().pk
    page = signed_in_page(cast["coordinator"])
    of_side = [referral.pk, "harmed"]
    for name, *arguments in (
        *(("referrals:" + name, *of_side) for name in ("needs", "assess-needs", "conditions", "childhood", "consents")),
        ("referrals:note-support", *of_side, support),
        ("referrals:detail", referral.pk),
        ("cases:invite-to-survey", case.pk, ivy.pk),
        ("cases:people", case.pk),
    ):
        assert_sound(page, reverse(name, args=arguments))
