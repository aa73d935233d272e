"""Where criminal proceedings are live, who is about to type is told before that it may have to be disclosed."""

from datetime import timedelta

import pytest
from django.urls import reverse

from cases import actions
from cases.models import Assignment
from referrals.choices import JusticeStage
from referrals.models import Incident, LegalBar

pytestmark = pytest.mark.django_db
WORDS = "There are live criminal proceedings"
LIVE = (JusticeStage.PRE_CHARGE, JusticeStage.PRE_SENTENCE)


def pages(ready, participant) -> dict[str, str]:
    known = [ready.case.pk, participant.pk]
    return {
        "note": reverse("cases:write-note", args=known),
        "contact": reverse("cases:log-contact-with", args=known),
        "item": reverse("cases:assessment-item", args=[*known, "health"]),
        "overall": reverse("cases:assessment-overall", args=known),
    }


def warned(client, ready, participant) -> set[str]:
    found = {}
    for name, address in pages(ready, participant).items():
        answer = client.get(address)
        assert answer.status_code == 200, name
        found[name] = WORDS in answer.content.decode()
    return {name for name, is_there in found.items() if is_there}


@pytest.fixture
def drafted(ready):
    for participant in ready.people.values():
        actions.start_assessment(participant=participant, by=ready.by, today=ready.today)
    return ready


@pytest.fixture
def desk(cast, signed_in):
    return signed_in(cast["coordinator"])


def bar(ready, **changed) -> LegalBar:
    fields = {"kind": "live_proceedings", "authority": "CPS", "starts_on": ready.today, "recorded_by": ready.by}
    return LegalBar.objects.create(person=ready.responsible.person, **(fields | changed))


def test_by_the_stage_of_the_incident(drafted, desk):
    for stage in JusticeStage.values:
        Incident.objects.update(justice_stage=stage)
        expected = set(pages(drafted, drafted.harmed)) if stage in LIVE else set()
        assert warned(desk, drafted, drafted.harmed) == expected, stage


def test_by_what_is_recorded_of_somebody(drafted, desk):
    """Until it ends. The agreement of whoever set it does not end it: then it is above all that words are written."""
    yesterday = drafted.today - timedelta(days=1)
    for changed, is_live in (
        ({}, True),
        ({"ends_on": drafted.today}, True),
        ({"permitted_on": drafted.today, "permitted_by_authority": "CPS"}, True),
        ({"starts_on": yesterday - timedelta(days=9), "ends_on": yesterday}, False),
        ({"starts_on": drafted.today + timedelta(days=1)}, False),
        ({"kind": "bail"}, False),
    ):
        one = bar(drafted, **changed)
        assert bool(warned(desk, drafted, drafted.harmed)) == is_live, changed
        one.delete()


def test_who_works_with_one_side_learns_nothing_of_what_is_recorded_of_the_other(drafted, cast, signed_in):
    bar(drafted)
    phone = signed_in(cast["practitioner"])
    assert warned(phone, drafted, drafted.harmed) == {"note", "contact", "item", "overall"}  # both sides are theirs
    Assignment.objects.filter(practitioner=drafted.lead).update(sides="harmed")
    assert warned(phone, drafted, drafted.harmed) == set()
    Incident.objects.update(justice_stage=JusticeStage.PRE_SENTENCE)
    assert warned(phone, drafted, drafted.harmed) == {"note", "contact", "item", "overall"}


def test_a_refused_form_says_it_too(drafted, desk):
    Incident.objects.update(justice_stage=JusticeStage.PRE_CHARGE)
    refused = desk.post(pages(drafted, drafted.harmed)["item"], {"words": "Half of it"})
    assert refused.status_code == 422 and WORDS in refused.content.decode()
