from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from cases import actions
from cases.choices import INTERVENTION_TRANSITIONS, InterventionStatus
from cases.gate import GateClosed
from cases.models import Agreement, Attendance, Case, Commitment, Intervention
from rj_service.accounts.acting import acting_as
from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from rj_service.notifications.models import Notification

pytestmark = pytest.mark.django_db


def test_from_plan_to_held(ready):
    held = ready.hold(outcome_note="Both spoke")
    assert (held.status, held.held_on, held.model_delivered) == ("held", ready.today, "face_to_face_conference")
    assert (held.held_recorded_by, held.reconfirmed_on) == (ready.by, ready.today)
    came = Attendance.objects.exclude(presence="").values_list("participant", "presence")
    assert set(came) == {(ready.harmed.pk, "came"), (ready.responsible.pk, "came")}


def test_it_is_not_held_without_reconfirmation(ready):
    ready.schedule()
    with pytest.raises(GateClosed, match="reconfirmed"):
        actions.hold_intervention(
            intervention=ready.intervention,
            held_on=ready.today,
            attendance={ready.harmed.pk: "came", ready.responsible.pk: "came"},
            by=ready.by,
            today=ready.today,
        )


def hold_only(ready, **changed):
    fields = {"held_on": ready.today, "attendance": {ready.harmed.pk: "came", ready.responsible.pk: "came"}} | changed
    return actions.hold_intervention(intervention=ready.intervention, by=ready.by, today=ready.today, **fields)


def arranged_in(ready, **ahead):
    """Arranged for a moment of today, and reconfirmed."""
    known = {"intervention": ready.intervention, "by": ready.by, "today": ready.today}
    actions.schedule_intervention(planned_for=timezone.now(), **known)
    ready.reconfirm()
    Intervention.objects.update(planned_for=timezone.now() + timedelta(**ahead))


@pytest.mark.parametrize(("seconds", "may_be_held"), [(60, False), (-1, True)])
def test_a_withdrawal_before_it_begins_stops_it_and_one_after_loses_nothing(ready, seconds, may_be_held):
    """Whoever withdraws that evening takes nothing back of the afternoon: it was held, and is counted."""
    arranged_in(ready, seconds=seconds)
    actions.withdraw_consent(participant=ready.responsible, by=ready.by, today=ready.today, purpose="take_part")
    assert Intervention.objects.get().status == "postponed"
    if may_be_held:
        assert hold_only(ready).status == "held"
    else:
        with pytest.raises(StaleState, match="stopped before it began"):
            hold_only(ready)
        with pytest.raises(GateClosed):
            ready.schedule()


def test_what_was_stopped_late_was_held_on_its_own_day_or_not_at_all(ready):
    ready.begin()
    Intervention.objects.update(planned_for=timezone.now() - timedelta(minutes=1))
    actions.withdraw_consent(participant=ready.harmed, by=ready.by, today=ready.today)
    Case.objects.update(opened_on=ready.today - timedelta(days=9))
    with pytest.raises(StaleState):
        hold_only(ready, held_on=ready.today - timedelta(days=1))


def test_what_somebody_postponed_was_not_held(ready):
    ready.begin()
    actions.postpone_intervention(intervention=ready.intervention, reason="Snow", by=ready.by, today=ready.today)
    with pytest.raises(StaleState):
        hold_only(ready)


def test_everybody_is_asked_again_on_the_day_and_on_no_other(ready):
    ready.schedule()
    with pytest.raises(DomainError, match="It is arranged for"):
        ready.reconfirm()
    assert not Attendance.objects.exclude(reconfirmed_on=None).exists()


def test_it_is_reconfirmed_once_the_last_has_said_yes(ready):
    known = {"intervention": ready.intervention, "by": ready.by, "today": ready.today}
    actions.schedule_intervention(planned_for=timezone.now(), **known)
    first = actions.reconfirm_intervention(asked=[ready.harmed.pk], **known)
    assert first.reconfirmed_on is None
    assert actions.still_to_ask(first, ready.today) == [ready.responsible]
    with pytest.raises(GateClosed, match="reconfirmed"):
        hold_only(ready)
    assert actions.reconfirm_intervention(asked=[ready.responsible.pk], **known).reconfirmed_on == ready.today


@pytest.mark.parametrize("asked", [[], ["of no case"]])
def test_those_asked_are_people_of_the_case(ready, asked):
    known = {"intervention": ready.intervention, "by": ready.by, "today": ready.today}
    actions.schedule_intervention(planned_for=timezone.now(), **known)
    with pytest.raises(DomainError, match="Choose who was asked"):
        actions.reconfirm_intervention(asked=[uuid4() for _ in asked], **known)


def test_another_time_asks_everybody_anew(ready):
    """Whoever said yes at nine said so of two o'clock."""
    known = {"intervention": ready.intervention, "by": ready.by, "today": ready.today}
    actions.schedule_intervention(planned_for=timezone.now(), **known)
    actions.reconfirm_intervention(asked=[ready.harmed.pk], **known)
    actions.postpone_intervention(reason="Snow", **known)
    actions.schedule_intervention(planned_for=timezone.now(), **known)
    assert actions.still_to_ask(ready.intervention, ready.today) == [ready.harmed, ready.responsible]


def test_letters_do_not_turn_into_a_meeting(make_ready):
    ready = make_ready(model="letter_exchange")
    with pytest.raises(DomainError, match="no agreement to meet"):
        ready.hold(model_delivered="face_to_face_conference")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"held_on": timezone.localdate() + timedelta(days=1)}, "today or in the past"),
        ({"held_on": timezone.localdate() - timedelta(days=1)}, "on or after the case was opened"),
        ({"attendance": {}}, "Nobody of the harmed side or the responsible side"),
        ({"model_delivered": "dance"}, "Choose the model"),
    ],
)
def test_holding_is_refused(ready, changed, words):
    with pytest.raises(DomainError, match=words):
        ready.hold(**changed)


def test_one_side_only_did_not_happen(ready):
    with pytest.raises(DomainError, match="Nobody of the responsible side took part"):
        ready.hold(attendance={ready.harmed.pk: "late", ready.responsible.pk: "custody"})
    actions.record_did_not_happen(
        intervention=ready.intervention, reason="He did not come", by=ready.by, today=ready.today
    )
    assert Intervention.objects.get().status == "did_not_happen"


def test_another_model_was_delivered(ready):
    held = ready.hold(model_delivered="telephone", not_face_to_face_reason="safety")
    assert (held.model, held.model_delivered) == ("face_to_face_conference", "telephone")
    assert held.not_face_to_face_reason == "safety"


def test_what_was_delivered_passes_the_gate_too(make_ready):
    ready = make_ready(model="telephone", outcomes=("indirect_only", "suitable"))
    with pytest.raises(GateClosed, match="indirect only"):
        ready.hold(model_delivered="face_to_face_conference")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"model": "dance"}, "Choose a model"),
        ({"model": "telephone"}, "Say why it is not face to face: wish, safety or other"),
        ({"model": "telephone", "not_face_to_face_reason": "other"}, "other reason"),
    ],
)
def test_planning_is_refused(ready, fields, words):
    with pytest.raises(DomainError, match=words):
        actions.plan_intervention(case=ready.case, by=ready.by, today=ready.today, **fields)


MOVES = {
    "scheduled": lambda r: r.schedule(),
    "postponed": lambda r: actions.postpone_intervention(
        intervention=r.intervention, reason="Snow", by=r.by, today=r.today
    ),
    "cancelled": lambda r: actions.cancel_intervention(
        intervention=r.intervention, reason="Not wanted", by=r.by, today=r.today
    ),
    "did_not_happen": lambda r: actions.record_did_not_happen(
        intervention=r.intervention, reason="Nobody came", by=r.by, today=r.today
    ),
}


@pytest.mark.parametrize("status", InterventionStatus.values)
def test_a_status_moves_only_as_the_table_says(ready, status):
    for wanted, move in MOVES.items():
        fields = {"status": status}
        if status == "held":
            fields |= {"held_on": ready.today, "held_recorded_by": ready.by, "model_delivered": "telephone"}
        Intervention.objects.filter(pk=ready.intervention.pk).update(**fields)
        if wanted in INTERVENTION_TRANSITIONS[status]:
            assert move(ready).status == wanted
        else:
            with pytest.raises(StaleState):
                move(ready)


def test_those_who_run_it_hear_of_a_withdrawal_at_once(ready, cast):
    ready.schedule()
    actions.withdraw_consent(participant=ready.harmed, by=ready.by, today=ready.today)
    told = set(Notification._base_manager.filter(kind="cannot_go_ahead").values_list("user", flat=True))
    assert told == {cast["coordinator"].pk, cast["practitioner"].pk}
    stopped = Intervention.objects.get()
    assert (stopped.status, stopped.reconfirmed_on) == ("postponed", None)


def test_the_lead_of_both_sides_runs_it_and_nobody_else(ready, cast):
    with acting_as(cast["practitioner"]) as lead:
        actions.schedule_intervention(
            intervention=ready.intervention, planned_for=ready.tomorrow, by=lead, today=ready.today
        )
    for who in ("off_case_practitioner", "other_coordinator", "supervisor", "hub_worker"):
        with acting_as(cast[who], areas=[ready.case.service_area_id]) as by, pytest.raises(NotAllowed):
            actions.cancel_intervention(intervention=ready.intervention, reason="No", by=by, today=ready.today)


def commitment(ready, **changed):
    fields = {
        "kind": "written_apology",
        "words": "A letter",
        "responsible": ready.responsible,
        "due_on": ready.today + timedelta(days=14),
    }
    return actions.NewCommitment(**(fields | changed))


def record_agreement(ready, *commitments):
    return actions.record_agreement(
        intervention=ready.intervention,
        agreed_on=ready.today,
        commitments=commitments,
        by=ready.by,
        today=ready.today,
    )


def test_an_agreement_with_commitments(ready):
    ready.hold()
    agreement = record_agreement(ready, commitment(ready), commitment(ready, kind="compensation", amount=45))
    assert Commitment.objects.filter(agreement=agreement).count() == 2
    assert Intervention.objects.get().agreement_reached is True
    with pytest.raises(StaleState):
        record_agreement(ready, commitment(ready))
    with pytest.raises(StaleState):
        actions.record_no_agreement(intervention=ready.intervention, by=ready.by, today=ready.today)


def test_no_agreement_is_valid(ready):
    ready.hold()
    actions.record_no_agreement(intervention=ready.intervention, by=ready.by, today=ready.today)
    assert Intervention.objects.get().agreement_reached is False
    assert not Agreement.objects.exists()


def test_an_agreement_needs_something_held(ready):
    with pytest.raises(DomainError, match="was held"):
        record_agreement(ready, commitment(ready))


@pytest.mark.parametrize(
    "changed", [{"kind": "song"}, {"words": " "}, {"due_on": timezone.localdate() - timedelta(days=1)}, {"amount": -1}]
)
def test_a_commitment_is_complete(ready, changed):
    ready.hold()
    with pytest.raises(DomainError):
        record_agreement(ready, commitment(ready, **changed))
    assert not Agreement.objects.exists()


@pytest.mark.parametrize(("days", "expected"), [(14, "completed"), (15, "completed_late")])
def test_completed_after_the_deadline_is_late(ready, days, expected):
    ready.hold()
    record_agreement(ready, commitment(ready))
    done = actions.set_commitment_status(
        commitment=Commitment.objects.get(),
        status="completed",
        by=ready.by,
        today=ready.today + timedelta(days=days),
    )
    assert done.status == expected
