"""A check of the closed list counts as in place: named, reasoned, for one time; everything else is overridden by nobody."""

from datetime import time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cases import actions
from cases.choices import Model, Overridable
from cases.gate import checks_for, is_open
from cases.models import Attendance, Intervention, Override, Venue
from cases.views.gate_page import SUPPLIED_AT
from rj_service.accounts.acting import acting_as
from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from rj_service.audit.models import DomainEvent
from rj_service.notifications.models import Notification
from tests.cases.conftest import undone
from tests.cases.ready.test_gate import spoken_through
from tests.volunteers.factories import ready_practitioner

pytestmark = pytest.mark.django_db


@pytest.fixture
def planned(ready):
    """For tomorrow; nothing is arranged yet."""
    Intervention.objects.filter(pk=ready.intervention.pk).update(planned_for=ready.tomorrow)
    ready.intervention.refresh_from_db()
    return ready


def by_video(ready, **changed) -> None:
    said = {
        "model": Model.VIDEO_CONFERENCE,
        "platform": "Our own",
        "waits_apart": True,
        "not_face_to_face_reason": "wish",
    }
    Intervention.objects.filter(pk=ready.intervention.pk).update(**said | changed)


def run_out(ready) -> None:
    Venue.objects.update(checked_on=ready.today - timedelta(days=800))


def one_door(ready) -> None:
    Attendance.objects.update(entrance="Front door", arrives_at=time(13, 45))


SPOILT = {
    Overridable.PLACE: run_out,
    Overridable.APART: one_door,
    Overridable.REMOTE: by_video,
    Overridable.LANGUAGE: spoken_through,
}


def meeting(ready) -> Intervention:
    return Intervention.objects.get(pk=ready.intervention.pk)


def override(ready, who, key: str, **changed) -> Override:
    given = {"because": "staff", "words": "Dana stands at the door"} | changed
    with acting_as(who) as by:
        return actions.override_check(intervention=meeting(ready), key=key, by=by, today=ready.today, **given)


def stands(ready) -> bool:
    return is_open(checks_for(meeting(ready), ready.today))


@pytest.mark.parametrize("key", SPOILT)
def test_what_is_on_the_list_counts_as_in_place_with_a_name_and_a_reason(planned, cast, key):
    SPOILT[key](planned)
    assert not stands(planned)
    override(planned, cast["manager"], key)
    found = next(one for one in checks_for(meeting(planned), planned.today) if one.key == key)
    assert found.is_overridden and not found.is_missing
    assert found.reason.startswith("Overridden by Grace Holt on ")
    assert found.reason.endswith("our own staff are there and see to it. Dana stands at the door")
    actions.schedule_intervention(
        intervention=planned.intervention,
        planned_for=planned.intervention.planned_for,
        by=planned.by,
        today=planned.today,
    )
    on_the_day = timezone.localdate(planned.intervention.planned_for)
    asked = [planned.harmed.pk, planned.responsible.pk]
    actions.reconfirm_intervention(intervention=planned.intervention, asked=asked, by=planned.by, today=on_the_day)
    told = Notification._base_manager.filter(user=cast["coordinator"], kind="case_update")
    assert told.exists()
    event = DomainEvent.objects.get(verb="cases.check_overridden")
    assert set(event.detail) == {"intervention", "key", "because"}


def test_nothing_else_is_overridden_by_anyone(planned, cast):
    """Every check that there is, for every model, less the list."""
    known = {
        one.key
        for model in Model.values
        for one in checks_for(Intervention(case=planned.case, model=model), planned.today)
    }
    keys = {*SUPPLIED_AT, *known, "anything"} - set(Overridable.values)
    assert {"take_part", "legal_bar", "assessment", "lead", "specialist", "clash", "panel_members"} <= keys
    for key in sorted(keys):
        with pytest.raises(DomainError, match="never be overridden"):
            override(planned, cast["manager"], key)


NOT_EVEN = {
    "a place found not safe": ("place", lambda r: Venue.objects.update(is_safe=False)),
    "a place that nobody looked at": (
        "place",
        lambda r: Venue.objects.update(checked_on=None, checked_by=None, is_safe=None),
    ),
    "no place": ("place", lambda r: Intervention.objects.update(place=None)),
    "a prison that is not booked": (
        "place",
        lambda r: (run_out(r), Venue.objects.update(is_prison=True)),
    ),
    "a time that nobody wrote down": ("apart", lambda r: Attendance.objects.update(arrives_at=None)),
    "waiting rooms that are not apart": ("remote", lambda r: by_video(r, waits_apart=False)),
    "what is in place": ("place", lambda r: None),
}


@pytest.mark.parametrize("name", NOT_EVEN)
def test_of_the_list_only_what_can_be_met_by_other_means(planned, cast, name):
    key, spoil = NOT_EVEN[name]
    spoil(planned)
    with pytest.raises(DomainError, match="cannot be overridden as it stands"):
        override(planned, cast["manager"], key)


def test_what_comes_to_be_missing_besides_is_missing_all_the_same(planned, cast):
    run_out(planned)
    override(planned, cast["manager"], "place")
    Venue.objects.update(is_safe=False)
    assert not stands(planned)


@pytest.mark.parametrize("who", ["coordinator", "practitioner", "supervisor of another", "facilitating manager"])
def test_whoever_runs_the_case_overrides_nothing(planned, cast, area, who):
    run_out(planned)
    if who == "facilitating manager":
        beside = ready_practitioner(area, planned.today, user=cast["manager"])
        place = {"role": "co_facilitator", "sides": "both", "by": planned.by, "today": planned.today}
        actions.assign(not_asked="otherwise", case=planned.case, practitioner=beside, **place)
    user = {"facilitating manager": "manager", "supervisor of another": "supervisor"}.get(who, who)
    with pytest.raises(NotAllowed):
        override(planned, cast[user], "place")


def test_the_supervisor_of_the_case_may(planned, cast):
    run_out(planned)
    actions.set_supervisor(case=planned.case, supervisor=cast["supervisor"], by=planned.by, today=planned.today)
    assert override(planned, cast["supervisor"], "place").overridden_by == cast["supervisor"]


@pytest.mark.parametrize("changed", [{"because": "no"}, {"words": " "}])
def test_it_has_a_reason_of_the_list_and_words(planned, cast, changed):
    run_out(planned)
    with pytest.raises(DomainError):
        override(planned, cast["manager"], "place", **changed)


def test_it_needs_a_time_that_is_still_to_come(ready, cast):
    run_out(ready)
    for at in (None, ready.tomorrow - timedelta(days=3)):
        Intervention.objects.update(planned_for=at)
        with pytest.raises(DomainError, match="one day and time"):
            override(ready, cast["manager"], "place")


def _plan(r) -> dict:
    return {name: getattr(meeting(r), name) for name in actions.PLAN_FIELDS}


MOVES = {
    "another time": lambda r, by: actions.change_plan(
        intervention=meeting(r), **_plan(r) | {"planned_for": r.tomorrow + timedelta(hours=3)}, **by
    ),
    "planned anew": lambda r, by: actions.change_plan(intervention=meeting(r), **_plan(r), **by),
    "postponed": lambda r, by: actions.postpone_intervention(intervention=r.schedule(), reason="Snow", **by),
    "stopped": lambda r, by: (
        r.schedule(),
        actions.record_legal_bar(participant=r.harmed, kind="bail", authority="Court", starts_on=r.today, **by),
    ),
    "other arrivals": lambda r, by: actions.say_who_comes(
        intervention=meeting(r), coming={r.harmed.pk: actions.Arrival("room", time(13, 45), "Front door")}, **by
    ),
}


@pytest.mark.parametrize("name", MOVES)
def test_it_falls_when_what_it_was_for_is_no_more(planned, cast, name):
    one_door(planned)
    found = override(planned, cast["manager"], "apart")
    planned.schedule = lambda: actions.schedule_intervention(  # at the time for which it was overridden
        intervention=meeting(planned), planned_for=found.planned_for, by=planned.by, today=planned.today
    )
    MOVES[name](planned, {"by": planned.by, "today": planned.today})
    assert not Override.objects.in_force().exists()
    assert not stands(planned)
    assert DomainEvent.objects.filter(verb="cases.override_ended").count() == 1


def test_at_another_time_it_never_counts(planned, cast):
    run_out(planned)
    override(planned, cast["manager"], "place")
    with undone():
        Intervention.objects.update(planned_for=planned.intervention.planned_for + timedelta(minutes=1))
        assert not stands(planned)
    with pytest.raises(DomainError, match="safety check"):
        at = planned.intervention.planned_for + timedelta(hours=1)
        actions.schedule_intervention(
            intervention=planned.intervention, planned_for=at, by=planned.by, today=planned.today
        )


def test_taken_back_it_stops_what_was_arranged_on_it(planned, cast):
    run_out(planned)
    found = override(planned, cast["manager"], "place")
    at = planned.intervention.planned_for
    actions.schedule_intervention(intervention=planned.intervention, planned_for=at, by=planned.by, today=planned.today)
    with pytest.raises(NotAllowed):
        actions.take_back_override(override=found, by=planned.by, today=planned.today)
    with acting_as(cast["manager"]) as manager:
        actions.take_back_override(override=found, by=manager, today=planned.today)
        with pytest.raises(StaleState):
            actions.take_back_override(override=found, by=manager, today=planned.today)
    assert meeting(planned).status == "postponed"


def test_the_pages_say_who_may_and_show_who_did(planned, cast, signed_in):
    run_out(planned)
    known = (planned.case.pk, planned.intervention.pk)
    desk, manager = signed_in(cast["coordinator"]), signed_in(cast["manager"])
    gate, overrides = reverse("cases:readiness", args=known), reverse("cases:overrides", args=known)
    assert "The safety check of the place has run out: yes, for this day and time." in desk.get(gate).content.decode()
    assert desk.get(overrides).status_code == 403
    said = {"key": "place", "because": "on_the_day", "words": "Grace looks at it at noon"}
    assert manager.post(overrides, {**said, "key": "take_part"}).status_code == 422
    assert manager.post(overrides, said).status_code == 302
    page = desk.get(gate).content.decode()
    assert "Overridden by Grace Holt" in page and "Grace looks at it at noon" in page
    one = Override.objects.get()
    assert manager.post(reverse("cases:take-back-override", args=[*known, one.pk])).status_code == 302
    assert "Overridden by" not in desk.get(gate).content.decode()
