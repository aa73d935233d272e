"""After a meeting: who writes how they are, who reads it, what it ends; and the agenda of a supervision drawn from the cases."""

import pytest
from django.urls import reverse
from django.utils import timezone

from cases import actions
from cases.models import Debrief, Intervention
from referrals.models import Task
from rj_service.accounts.acting import acting_as
from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from rj_service.notifications.models import Notification
from tests.cases.conftest import open_one
from tests.volunteers.factories import ready_practitioner


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def held(area, cast, today):
    """Facilitated by Pat, who leads, and supervised."""
    pat = ready_practitioner(area, today, user=cast["practitioner"])
    with acting_as(cast["coordinator"]) as by:
        case = open_one(area, by, today)
        actions.assign(
            not_asked="otherwise", case=case, practitioner=pat, role="lead", sides="both", by=by, today=today
        )
        actions.set_supervisor(case=case, supervisor=cast["supervisor"], by=by, today=today)
        meeting = Intervention.objects.create(
            case=case,
            model="conference",
            model_delivered="conference",
            status="held",
            held_on=today,
            planned_by=by,
            held_recorded_by=by,
            held_recorded_at=timezone.now(),
        )
        common = {"service_area": area, "referral": case.referral, "due_on": today, "created_by": by}
        Task.objects.create(kind="debrief", about=meeting.pk, part="lead", assigned_to=cast["practitioner"], **common)
    return meeting


def write(held, by, today, **given):
    given = {"wellbeing": "well", "wants_to_talk": False, "words": "It stays with me"} | given
    return actions.write_debrief(intervention=held, by=by, today=today, **given)


@pytest.mark.parametrize(
    ("given", "is_told"),
    [({}, False), ({"wellbeing": "shaken"}, False), ({"wellbeing": "not_well"}, True), ({"wants_to_talk": True}, True)],
)
def test_not_well_or_to_talk_reaches_the_supervisor_the_same_day(cast, held, today, given, is_told):
    with acting_as(cast["practitioner"]) as by:
        write(held, by, today, **given)
        assert not Task.objects.open().filter(kind="debrief").exists()
        with pytest.raises(StaleState, match="wrote this already"):
            write(held, by, today)
    assert Notification.objects.filter(user=cast["supervisor"], kind="debrief").exists() is is_told


def test_only_who_facilitates_writes_it_and_only_once_it_was_held(cast, held, today):
    with acting_as(cast["coordinator"]) as by, pytest.raises(NotAllowed):
        write(held, by, today)
    with acting_as(cast["practitioner"]) as by:
        Intervention.objects.update(status="planned", held_on=None, held_recorded_by=None, model_delivered="")
        with pytest.raises(DomainError, match="once the meeting has been held"):
            write(held, by, today)


def test_supervisor_and_manager_read_it_and_coordination_does_not(cast, held, today, signed_in):
    with acting_as(cast["practitioner"]) as by:
        write(held, by, today)
        practitioner = Debrief.objects.visible_to(by).get().practitioner
    page = reverse("cases:agenda", args=[practitioner.pk])
    seen = {who: signed_in(cast[who]).get(page).content.decode() for who in ("supervisor", "manager", "coordinator")}
    assert ["It stays with me" in seen[who] for who in seen] == [True, True, False]
    assert held.case.reference[:4] in seen["supervisor"]
