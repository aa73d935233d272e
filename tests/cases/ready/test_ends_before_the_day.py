"""What is in place today and ends before the day that is planned: the gate says what ends, and on which day."""

from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone

from cases import actions
from cases.choices import AssignmentRole, AssignmentSides
from cases.gate import GateClosed, checks_for
from cases.models import Assessment, Intervention
from referrals.models import Consent, Person
from rj_service.ui.templatetags.ui import day
from tests.volunteers.factories import ready_practitioner
from volunteers.choices import Level
from volunteers.models import Check, Supervision

pytestmark = pytest.mark.django_db
DAYS = 20  # from today to the day planned


@pytest.fixture
def planned(ready):
    """It is planned for a day in three weeks. Every check of the venue and of everybody lasts until then."""
    ready.on = ready.today + timedelta(days=DAYS)
    ready.at = timezone.make_aware(datetime.combine(ready.on, time(14)))
    Intervention.objects.filter(pk=ready.intervention.pk).update(planned_for=ready.at)
    return ready


def missing(ready) -> dict[tuple[str, str], str]:
    intervention = Intervention.objects.get(pk=ready.intervention.pk)
    checks = checks_for(intervention, ready.today)
    return {(check.key, check.side): check.reason for check in checks if check.is_missing}


def refused(ready) -> str:
    with pytest.raises(GateClosed) as closed:
        actions.schedule_intervention(
            intervention=ready.intervention, planned_for=ready.at, by=ready.by, today=ready.today
        )
    return closed.value.missing[0].reason


def test_an_assessment_counts_on_the_day(planned):
    assert missing(planned) == {}
    assessments = Assessment.objects.filter(participant=planned.harmed)
    assessments.update(good_until=planned.on)
    assert missing(planned) == {}
    before = planned.on - timedelta(days=1)
    assessments.update(good_until=before)
    words = f"Maureen Okafor’s assessment ends on {day(before)}, before {day(planned.on)}."
    assert missing(planned) == {("assessment", "harmed"): words}
    assert refused(planned) == words


def test_without_a_day_it_is_asked_about_today(planned):
    Intervention.objects.filter(pk=planned.intervention.pk).update(planned_for=None)
    Assessment.objects.filter(participant=planned.harmed).update(good_until=planned.today)
    assert missing(planned) == {}


def test_reconfirmed_it_lasts_until_then(planned):
    assessments = Assessment.objects.filter(participant=planned.harmed)
    assessments.update(good_until=planned.on - timedelta(days=1))
    actions.reconfirm_assessment(assessment=assessments.get(), by=planned.by, today=planned.today)
    assert missing(planned) == {}


@pytest.mark.parametrize(
    ("kind", "what"), [("dbs_enhanced", "Enhanced DBS"), ("nppv_2", "Police vetting NPPV 2")], ids=["dbs", "police"]
)
def test_vetting_lasts_until_the_day(planned, kind, what):
    checks = Check.objects.filter(practitioner=planned.lead, kind=kind)
    checks.update(expires_on=planned.on)
    assert missing(planned) == {}
    before = planned.on - timedelta(days=1)
    checks.update(expires_on=before)
    words = missing(planned)
    assert set(words) == {("lead", "both")}
    assert f"ends on {day(before)}, before {day(planned.on)}" in words[("lead", "both")]
    assert "ends on" in refused(planned)


def test_training_lasts_until_the_day(planned):
    awards = planned.lead.learner.awards
    awards.update(expires_on=planned.on)
    assert missing(planned) == {}
    before = planned.on - timedelta(days=1)
    awards.update(expires_on=before)
    name = planned.lead.name
    words = f"{name}: Facilitator training ends on {day(before)}, before {day(planned.on)}."
    assert missing(planned) == {("lead", "both"): words}


def test_so_does_that_of_whoever_works_beside_them_and_not_their_supervision(planned, area, cast):
    co = ready_practitioner(area, planned.today, user=cast["off_case_practitioner"], level=Level.ADVANCED)
    actions.assign(
        not_asked="otherwise",
        case=planned.case,
        practitioner=co,
        role=AssignmentRole.CO_FACILITATOR,
        sides=AssignmentSides.BOTH,
        by=planned.by,
        today=planned.today,
    )
    Supervision.objects.filter(practitioner=co).delete()  # bears on new cases alone
    assert missing(planned) == {}
    Check.objects.filter(practitioner=co, kind="dbs_enhanced").update(expires_on=planned.today)
    assert set(missing(planned)) == {("co_facilitators", "both")}


@pytest.mark.parametrize(("days", "stands"), [(DAYS + 1, True), (DAYS, False), (1, False), (0, False)])
def test_what_a_child_agreed_to_ends_when_they_turn_18(planned, days, stands):
    """`days` from today until then. Both that they take part and that the other side is approached."""
    birthday = planned.today + timedelta(days=days)
    if (birthday.month, birthday.day) == (2, 29):
        pytest.skip("Nobody turns 18 on 29 February")
    person = Person.objects.filter(pk=planned.harmed.person_id)
    person.update(date_of_birth=birthday.replace(year=birthday.year - 18))
    given = Consent.objects.filter(person=planned.harmed.person)
    given.update(given_on=planned.today - timedelta(days=9))
    words = missing(planned)
    assert ("take_part", "harmed") not in words if stands else ("take_part", "harmed") in words
    if days in (1, DAYS):
        turns = f"Maureen Okafor turns 18 on {day(birthday)}"
        assert words[("take_part", "harmed")].startswith(f"{turns}, by {day(planned.on)}.")
        assert words[("approach", "harmed")].startswith(turns)


def test_on_the_day_nothing_is_asked_about_a_later_one(planned):
    """Whatever day it was once planned for."""
    Assessment.objects.filter(participant=planned.harmed).update(good_until=planned.today)
    intervention = Intervention.objects.get(pk=planned.intervention.pk)
    checks = checks_for(intervention, planned.today, on_the_day=True)
    assert {check.key for check in checks if check.is_missing} == {"reconfirmed"}
