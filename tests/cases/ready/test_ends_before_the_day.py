"""What is in place today and ends before the day that is planned: the gate says what ends, and on which day."""

from datetime import datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cases import actions
from cases.choices import AssignmentRole, AssignmentSides
from cases.gate import GateClosed, checks_for
from cases.models import Assessment, Intervention
from referrals.choices import ConsentPurpose
from referrals.models import Consent, Person
from rj_service.ui.templatetags.ui import day
from tests.cases.ready.test_children_at_the_gate import agree, support
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


def turns_18(ready, birthday) -> None:
    """Who was harmed, and agreed to everything nine days ago; all that a child needs besides is there."""
    if (birthday.month, birthday.day) == (2, 29):
        pytest.skip("Nobody turns 18 on 29 February")
    Person.objects.filter(pk=ready.harmed.person_id).update(date_of_birth=birthday.replace(year=birthday.year - 18))
    Consent.objects.filter(person=ready.harmed.person).update(given_on=ready.today - timedelta(days=9))
    ready.harmed.person.refresh_from_db()
    if birthday > ready.today:
        agree(ready, ConsentPurpose.TAKE_PART, ConsentPurpose.APPROACH_OTHER_SIDE)
        support(ready)
    ready.case.referral.sensitive_flags.all().delete()


@pytest.mark.parametrize(
    ("planned_for", "stands"), [("the day before", True), ("the birthday", False), ("the day after", False)]
)
def test_what_a_child_agreed_to_ends_when_they_turn_18(planned, planned_for, stands):
    """Both that they take part and that the other side is approached; and the gate says what to do, not only what is missing."""
    birthday = planned.on - timedelta(days=("the day before", "the birthday", "the day after").index(planned_for) - 1)
    turns_18(planned, birthday)
    if stands:
        assert missing(planned) == {}
        return
    which = "the day planned" if planned_for == "the birthday" else f"before {day(planned.on)}"
    words = (
        f"Maureen Okafor turns 18 on {day(birthday)}, {which}. What they agreed to as a child ends then."
        f" Choose an earlier day, or keep this as a plan, ask them again on {day(birthday)} or after, and arrange it then."
    )
    assert missing(planned) == {("take_part", "harmed"): words, ("approach", "harmed"): words}
    assert refused(planned) == words


@pytest.mark.parametrize(
    ("asked_on", "opens"), [("the day before", False), ("the birthday", True), ("the day after", True)]
)
def test_asked_themselves_on_the_birthday_or_after_it_is_arranged(planned, asked_on, opens):
    """What was kept as a plan, for a day after both. The day before, their own word is a child's still."""
    days = ("the day before", "the birthday", "the day after").index(asked_on) - 1
    birthday = planned.today - timedelta(days=days)
    turns_18(planned, birthday)
    for purpose in (ConsentPurpose.TAKE_PART, ConsentPurpose.APPROACH_OTHER_SIDE):
        given = {"purpose": purpose, "method": "written", "given_on": planned.today}
        actions.record_consent(participant=planned.harmed, by=planned.by, today=planned.today, **given)
    if not opens:
        assert f"ask them again on {day(birthday)} or after" in refused(planned)
        return
    given = {"intervention": planned.intervention, "planned_for": planned.at, "by": planned.by}
    assert actions.schedule_intervention(today=planned.today, **given).status == "scheduled"


def test_the_page_of_agreements_says_until_when_a_child_s_count(planned, cast, signed_in):
    birthday = planned.today + timedelta(days=DAYS)
    turns_18(planned, birthday)
    words = f"Until they turn 18 on {day(birthday)}. Ask them again on that day or after."
    page = signed_in(cast["coordinator"]).get(reverse("cases:consents", args=[planned.case.pk])).content.decode()
    assert page.count(words) == Consent.objects.filter(person=planned.harmed.person).count() > 0


def test_on_the_day_nothing_is_asked_about_a_later_one(planned):
    """Whatever day it was once planned for."""
    Assessment.objects.filter(participant=planned.harmed).update(good_until=planned.today)
    intervention = Intervention.objects.get(pk=planned.intervention.pk)
    checks = checks_for(intervention, planned.today, on_the_day=True)
    assert {check.key for check in checks if check.is_missing} == {"reconfirmed"}
