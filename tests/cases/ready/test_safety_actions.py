"""What stops a case: from its own pages at once, from anywhere else through the leased row."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cases import actions
from cases import tasks as cases_tasks  # noqa: F401 (registers the work of a SafetyChange)
from cases.models import Case, Intervention
from referrals import actions as referrals
from referrals.models import Consent, LegalBar, Person, SafetyChange
from rj_service.accounts.acting import acting_as
from rj_service.accounts.errors import DomainError, NotAllowed
from rj_service.jobs.leases import work_on
from rj_service.notifications.models import Notification
from tests.cases.conftest import assess, consent

pytestmark = pytest.mark.django_db


def _status(ready) -> str:
    return Intervention.objects.get(pk=ready.intervention.pk).status


STOPS = {
    "withdrawal of everything": lambda r: actions.withdraw_consent(participant=r.harmed, by=r.by, today=r.today),
    "withdrawal from taking part": lambda r: actions.withdraw_consent(
        participant=r.responsible, purpose="take_part", by=r.by, today=r.today
    ),
    "withdrawal of the approach": lambda r: actions.withdraw_consent(
        participant=r.harmed, purpose="approach_other_side", by=r.by, today=r.today
    ),
    "legal bar": lambda r: actions.record_legal_bar(
        participant=r.responsible, kind="bail", authority="The court", starts_on=r.today, by=r.by, today=r.today
    ),
    "late flag": lambda r: actions.raise_flag(case=r.case, kind="stalking", by=r.by, today=r.today),
    "death": lambda r: actions.record_death(participant=r.harmed, died_on=r.today, by=r.by, today=r.today),
    "only indirect contact is suitable": lambda r: assess(
        r.case, "responsible", by=r.by, today=r.today, outcome="indirect_only"
    ),
    "conditions that are not met": lambda r: assess(
        r.case, "harmed", by=r.by, today=r.today, outcome="with_conditions"
    ),
    "another person responsible": lambda r: actions.add_new_participant(
        case=r.case, role="person_responsible", side="responsible", last_name="Zed", by=r.by, today=r.today
    ),
    "somebody leaves": lambda r: actions.participant_leaves(participant=r.responsible, by=r.by, today=r.today),
}


@pytest.mark.parametrize("name", STOPS)
def test_stops_what_is_arranged_at_once(ready, name):
    ready.schedule()
    STOPS[name](ready)
    assert _status(ready) == "postponed"
    assert ready.fresh().stage != "scheduled"


@pytest.mark.parametrize("ends", ["transfer", "release"])
@pytest.mark.parametrize("reference", ["", "LEE-204"])
def test_what_a_prison_booked_ends_with_whoever_moves_on(ready, ends, reference):
    day = {"by": ready.by, "today": ready.today}
    stay = actions.record_custody(
        participant=ready.responsible, prison="HMP Leeford", prisoner_number="A1", since=ready.today, **day
    )
    Intervention.objects.update(booking_reference="ROTL 7")
    ready.schedule()
    Intervention.objects.update(booking_reference=reference)
    if ends == "transfer":
        actions.record_transfer(custody=stay, prison="HMP Elsewhere", moved_on=ready.today, **day)
    else:
        actions.record_release(custody=stay, released_on=ready.today, **day)
    assert _status(ready) == ("postponed" if reference else "scheduled")
    assert (ready.fresh().stage == "scheduled") is not bool(reference)


def _act_on_changes():
    for change in SafetyChange._base_manager.filter(state="queued"):
        assert work_on(SafetyChange, change.pk)


ELSEWHERE = {
    "withdrawal": lambda r, on: referrals.withdraw_consent(person=r.harmed.person, referral=on, by=r.by),
    "legal bar": lambda r, on: referrals.record_legal_bar(
        person=r.responsible.person, referral=on, kind="bail", authority="The court", starts_on=r.today, by=r.by
    ),
    "late flag": lambda r, on: referrals.raise_flag(referral=on, kind="stalking", by=r.by),
    "death": lambda r, on: referrals.record_death(
        person=r.harmed.person, referral=on, died_on=r.today, by=r.by, today=r.today
    ),
}


@pytest.mark.parametrize("name", ELSEWHERE)
def test_what_is_learnt_on_the_referral_reaches_the_case(ready, cast, name):
    ready.schedule()
    ELSEWHERE[name](ready, ready.case.referral)
    assert _status(ready) == "scheduled"
    _act_on_changes()
    assert _status(ready) == "postponed"
    told = Notification._base_manager.filter(kind="cannot_go_ahead").values_list("user", flat=True)
    assert set(told) == {cast["coordinator"].pk, cast["practitioner"].pk}


def test_a_bar_learnt_through_another_referral_reaches_every_case_of_the_person(ready, refer):
    ready.schedule()
    other = refer()
    type(other).objects.filter(pk=other.pk).update(person_responsible=ready.responsible.person)
    other.refresh_from_db()
    ELSEWHERE["legal bar"](ready, other)
    _act_on_changes()
    assert _status(ready) == "postponed"


def test_what_the_gate_still_permits_goes_on(ready):
    ready.schedule()
    consent(ready.case, "harmed", "survey", by=ready.by, today=ready.today)
    referrals.withdraw_consent(person=ready.harmed.person, referral=ready.case.referral, purpose="survey", by=ready.by)
    _act_on_changes()
    assert _status(ready) == "scheduled"


def test_acting_twice_changes_nothing(ready):
    ready.schedule()
    ELSEWHERE["withdrawal"](ready, ready.case.referral)
    change = SafetyChange._base_manager.get()
    assert actions.apply_safety_change(change=change, by=ready.by, today=ready.today) == 1
    assert actions.apply_safety_change(change=change, by=ready.by, today=ready.today) == 0
    assert ready.fresh().stage == "stopped"


def test_a_bar_lifts_only_by_the_authority(ready):
    bar = actions.record_legal_bar(
        participant=ready.responsible,
        kind="licence",
        authority="Probation",
        starts_on=ready.today,
        by=ready.by,
        today=ready.today,
    )
    with pytest.raises(DomainError):
        ready.schedule()
    permit = {"case": ready.case, "bar": bar, "by": ready.by, "today": ready.today}
    with pytest.raises(DomainError, match="today or in the past"):
        actions.record_permission(authority="Probation", permitted_on=ready.today + timedelta(days=1), **permit)
    with pytest.raises(DomainError, match="in writing"):
        actions.record_permission(authority=" ", permitted_on=ready.today, **permit)
    actions.record_permission(authority="Probation, Huntingdon", permitted_on=ready.today, **permit)
    assert ready.look_again() == 1
    assert ready.schedule().status == "scheduled"


def test_a_bar_of_somebody_else_is_not_permitted_here(ready, refer):
    other = refer()
    bar = LegalBar.objects.create(
        person=other.person_harmed, kind="bail", authority="Court", starts_on=ready.today, recorded_by=ready.by
    )
    with pytest.raises(DomainError, match="anybody in this case"):
        actions.record_permission(
            case=ready.case, bar=bar, authority="Court", permitted_on=ready.today, by=ready.by, today=ready.today
        )


def test_a_spoken_agreement_is_put_in_writing(ready):
    given = {"participant": ready.harmed, "purpose": "take_part", "by": ready.by, "today": ready.today}
    actions.withdraw_consent(participant=ready.harmed, purpose="take_part", by=ready.by, today=ready.today)
    actions.record_consent(method="phone", given_on=ready.today, **given)
    with pytest.raises(DomainError, match="not in writing"):
        ready.schedule()
    actions.record_consent(method="written", given_on=ready.today, **given)
    assert ready.schedule().status == "scheduled"
    assert Consent.objects.in_force().filter(person=ready.harmed.person, purpose="take_part").count() == 1


def test_taking_part_needs_to_be_explained_first(ready):
    with pytest.raises(DomainError, match="told what it involves"):
        actions.record_consent(
            participant=ready.harmed,
            purpose="take_part",
            method="written",
            given_on=ready.today,
            informed=False,
            by=ready.by,
            today=ready.today,
        )


@pytest.mark.parametrize("act", ["consent", "contact", "assessment"])
def test_a_practitioner_of_one_side_acts_on_it_only(ready, cast, act):
    ready.lead.assignments.update(sides="harmed")
    acts = {
        "consent": lambda p, by: actions.withdraw_consent(participant=p, by=by, today=ready.today),
        "contact": lambda p, by: actions.log_contact(
            participant=p, method="phone", result="spoke", occurred_at=ready.case.stage_since, by=by, today=ready.today
        ),
        "assessment": lambda p, by: actions.start_assessment(participant=p, by=by, today=ready.today),
    }
    with acting_as(cast["practitioner"]) as by:
        with pytest.raises(NotAllowed, match="worked by somebody else"):
            acts[act](ready.responsible, by)
        acts[act](ready.harmed, by)


STRICTER = {
    "bar": lambda r, by: actions.record_legal_bar(
        participant=r.harmed, kind="non_molestation", authority="The court", starts_on=r.today, by=by, today=r.today
    ),
    "flag": lambda r, by: actions.raise_flag(case=r.case, kind="stalking", by=by, today=r.today),
}


@pytest.mark.parametrize("act", STRICTER)
def test_whoever_hears_of_it_stops_it_on_the_spot_and_the_coordinator_is_told(ready, cast, act):
    """A facilitator on a visit is told of an order, or of what makes the case sensitive."""
    ready.schedule()
    ready.lead.assignments.update(sides="harmed")
    Notification._base_manager.all().delete()
    with acting_as(cast["practitioner"]) as by:
        STRICTER[act](ready, by)
    assert Intervention.objects.get().status == "postponed"
    told = Notification._base_manager.filter(user=cast["coordinator"]).values_list("kind", flat=True)
    assert "safety_change" in told


def test_a_facilitator_forbids_on_their_own_side_and_permits_nothing(ready, cast):
    bar = STRICTER["bar"](ready, ready.by)
    ready.lead.assignments.update(sides="responsible")
    given = {"case": ready.case, "bar": bar, "authority": "The court", "permitted_on": ready.today}
    with acting_as(cast["practitioner"]) as by:
        with pytest.raises(NotAllowed, match="worked by somebody else"):
            STRICTER["bar"](ready, by)
        with pytest.raises(NotAllowed):
            actions.record_permission(**given, by=by, today=ready.today)
    for who in ("off_case_practitioner", "other_coordinator"):
        with acting_as(cast[who], areas=[ready.case.service_area_id]) as by, pytest.raises(NotAllowed):
            STRICTER["flag"](ready, by)


@pytest.mark.parametrize("who", ["supervisor", "manager", "coordinator", "practitioner"])
def test_sign_off_is_a_second_pair_of_eyes(ready, cast, who):
    actions.set_supervisor(case=ready.case, supervisor=cast["supervisor"], by=ready.by, today=ready.today)
    with acting_as(cast[who]) as by:
        if who in ("supervisor", "manager"):
            assert actions.sign_off_case(case=ready.case, by=by, today=ready.today).signed_off_by == by
        else:
            with pytest.raises(NotAllowed):
                actions.sign_off_case(case=ready.case, by=by, today=ready.today)


def test_a_sensitive_case_signed_off_goes_ahead_until_a_new_flag(ready, cast, area, today):
    from tests.volunteers.factories import ready_practitioner

    actions.raise_flag(case=ready.case, kind="family", by=ready.by, today=today)
    ready.look_again()
    co = ready_practitioner(area, today, user=cast["off_case_practitioner"], level="advanced")
    actions.assign(
        not_asked="otherwise",
        case=ready.case,
        practitioner=co,
        role="co_facilitator",
        sides="both",
        by=ready.by,
        today=today,
    )
    actions.record_specialist_consulted(case=ready.case, who="IDVA", consulted_on=today, by=ready.by, today=today)
    with acting_as(cast["manager"]) as manager:
        actions.sign_off_case(case=ready.case, by=manager, today=today)
    assert ready.schedule().status == "scheduled"
    actions.raise_flag(case=ready.case, kind="history", by=ready.by, today=today)
    ready.look_again()
    with pytest.raises(DomainError, match="after the supervisor signed it off"):
        ready.schedule()


def test_no_flag_is_signed_off_before_a_specialist_was_consulted(ready, cast, signed_in):
    actions.set_supervisor(case=ready.case, supervisor=cast["supervisor"], by=ready.by, today=ready.today)
    actions.raise_flag(case=ready.case, kind="family", by=ready.by, today=ready.today)
    Person.objects.filter(pk=ready.harmed.person_id).update(paused_at=timezone.now(), paused_by=ready.by)
    client, page = signed_in(cast["supervisor"]), reverse("cases:sign-off", args=[ready.case.pk])
    asked = client.get(page).content.decode()
    assert "No specialist has been consulted" in asked
    assert "asked for a pause" in asked
    client.post(page)
    assert Case.objects.get().signed_off_at is None
    consulted = {"who": "IDVA", "consulted_on": ready.today, "by": ready.by, "today": ready.today}
    actions.record_specialist_consulted(case=ready.case, **consulted)
    client.post(page)
    assert Case.objects.get().signed_off_by == cast["supervisor"]


def test_a_flag_put_on_by_mistake_is_taken_off_by_whoever_signs_off(ready, cast, signed_in):
    actions.set_supervisor(case=ready.case, supervisor=cast["supervisor"], by=ready.by, today=ready.today)
    flag = actions.raise_flag(case=ready.case, kind="hate_crime", words="Not so", by=ready.by, today=ready.today)
    given = {"case": ready.case, "flag": flag, "today": ready.today}
    with pytest.raises(NotAllowed):
        actions.clear_flag(because="A slip", by=ready.by, **given)
    desk, page = reverse("cases:desk", args=[ready.case.pk]), reverse("cases:clear-flag", args=[ready.case.pk])
    assert page not in signed_in(cast["coordinator"]).get(desk).content.decode()
    client = signed_in(cast["supervisor"])
    assert page in client.get(desk).content.decode()
    assert client.post(page, {"flag": str(flag.pk), "because": " "}).status_code == 422
    assert client.post(page, {"flag": str(flag.pk), "because": "Meant for another case"}).status_code == 302
    flag.refresh_from_db()
    assert (flag.cleared_by, flag.cleared_because) == (cast["supervisor"], "Meant for another case")
    assert page not in client.get(desk).content.decode()
    assert client.post(page, {"flag": str(flag.pk), "because": "Again"}).status_code == 422
    ready.look_again()
    assert ready.schedule().status == "scheduled"


def test_the_supervisor_holds_the_role(ready, cast):
    with pytest.raises(DomainError, match="role in this area"):
        actions.set_supervisor(case=ready.case, supervisor=cast["manager"], by=ready.by, today=ready.today)


def test_on_hold_nothing_is_arranged(ready):
    actions.hold_case(case=ready.case, by=ready.by, today=ready.today)
    with pytest.raises(DomainError, match="on hold"):
        ready.schedule()
    actions.resume_case(case=ready.case, by=ready.by, today=ready.today)
    ready.schedule()
    with pytest.raises(DomainError, match="Postpone or cancel"):
        actions.hold_case(case=ready.case, by=ready.by, today=ready.today)
