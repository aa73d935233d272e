"""Somebody in prison: what a transfer or a release ends, whom it tells, and whom never."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cases import actions
from cases.choices import BOOKING_TRANSITIONS, BookingStatus, Side, VisitStatus
from cases.models import Custody, PrisonBooking, Visit
from referrals.choices import ConsentPurpose
from referrals.models import Task
from rj_service.accounts.acting import acting_as
from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from rj_service.notifications.models import Notification
from tests.cases.conftest import consent, side_of
from tests.volunteers.factories import ready_practitioner

NOW = timezone.now()
SOON = NOW + timedelta(days=3)


@pytest.fixture
def responsible(open_case, area, cast, today):
    """The practitioner works with them; another with the harmed side."""
    case = open_case()
    people = [ready_practitioner(area, today, user=cast[who]) for who in ("practitioner", "off_case_practitioner")]
    with acting_as(cast["coordinator"]) as by:
        for practitioner, role, side in zip(people, ("lead", "co_facilitator"), ("responsible", "harmed"), strict=True):
            actions.assign(
                not_asked="otherwise", case=case, practitioner=practitioner, role=role, sides=side, by=by, today=today
            )
        return side_of(case, Side.RESPONSIBLE)


@pytest.fixture
def custody(responsible, cast, today):
    with acting_as(cast["practitioner"]) as by:
        return actions.record_custody(
            participant=responsible, prison="HMP Fenmoor", prisoner_number="A1234AB",
            since=today - timedelta(days=30), by=by, today=today,
        )  # fmt: skip


@pytest.fixture
def ask(custody, cast, today):
    def make(*steps: str, stay=custody) -> PrisonBooking:
        with acting_as(cast["practitioner"]) as by:
            booking = actions.ask_prison(custody=stay, asked_for=SOON, by=by, today=today)
            for step in steps:
                answer(booking, step, by, today)
            return booking

    return make


def answer(booking, status: str, by, today):
    return actions.answer_booking(
        booking=booking, status=status, reference="V-4711", asked_for=SOON + timedelta(days=1), by=by, today=today
    )


def now(booking) -> str:
    return PrisonBooking._base_manager.get(pk=booking.pk).status


# Only a move or a release ends one: the test below.
@pytest.mark.parametrize("status", [one for one in BookingStatus if one != BookingStatus.ENDED])
def test_every_status_and_every_answer(ask, cast, today, status):
    booking = ask(*([] if status == BookingStatus.ASKED else [status]))
    for leads_to in BookingStatus:
        allowed = leads_to in BOOKING_TRANSITIONS[status] and leads_to != BookingStatus.ENDED
        with acting_as(cast["practitioner"]) as by:
            PrisonBooking._base_manager.filter(pk=booking.pk).update(status=status)
            if allowed:
                answer(booking, leads_to, by, today)
            else:
                with pytest.raises(StaleState):
                    answer(booking, leads_to, by, today)
        assert now(booking) == (leads_to if allowed else status)


def test_booked_needs_the_prison_s_reference(ask, cast, today):
    with acting_as(cast["practitioner"]) as by, pytest.raises(DomainError, match="reference"):
        actions.answer_booking(booking=ask(), status="booked", by=by, today=today)


@pytest.mark.parametrize("act", ["transfer", "release"])
def test_a_move_or_release_ends_what_was_booked_and_makes_a_task(custody, ask, responsible, cast, today, act):
    asked, booked, refused = ask(), ask("booked"), ask("refused")
    with acting_as(cast["coordinator"]) as by:
        lead = responsible.case.assignments.get(sides="responsible").practitioner
        consent(responsible.case, Side.HARMED, ConsentPurpose.APPROACH_OTHER_SIDE, by=by, today=today)
        visit = actions.plan_visit(
            participant=responsible, visitor=lead, place="prison", alone_because="Officers stand by",
            planned_for=SOON, minutes=60, by=by, now=NOW,
        )  # fmt: skip
    Notification.objects.all().delete()
    with acting_as(cast["practitioner"]) as by:
        if act == "transfer":
            actions.record_transfer(custody=custody, prison="HMP Wold", moved_on=today, by=by, today=today)
        else:
            actions.record_release(custody=custody, released_on=today, by=by, today=today)
        with pytest.raises(StaleState):
            actions.ask_prison(custody=custody, asked_for=SOON, by=by, today=today)
    assert [now(one) for one in (asked, booked, refused)] == ["ended", "ended", "refused"]
    assert Visit._base_manager.get(pk=visit.pk).status == VisitStatus.CANCELLED
    task = Task._base_manager.get(words__startswith="Moved to" if act == "transfer" else "Released")
    assert task.assigned_to == cast["coordinator"] and task.side == "responsible"
    assert {one.user for one in Notification.objects.all()} == {cast["coordinator"]}, "nobody else hears of it"
    standing = Custody._base_manager.filter(ended_on__isnull=True)
    assert [one.prison for one in standing] == (["HMP Wold"] if act == "transfer" else [])
    assert all(one.prisoner_number == "A1234AB" for one in standing)


def test_a_release_that_is_known_makes_a_task_two_weeks_before(responsible, cast, today):
    release = today + timedelta(days=60)
    with acting_as(cast["coordinator"]) as by:
        actions.record_custody(
            participant=responsible, prison="HMP Fenmoor", prisoner_number="A1234AB", since=today,
            release_on=release, by=by, today=today,
        )  # fmt: skip
    assert Task._base_manager.get(words__startswith="Release is due").due_on == release - timedelta(days=14)


def test_the_harmed_side_s_practitioner_learns_nothing_of_it(custody, ask, responsible, cast, signed_in, today):
    ask("booked")
    theirs, other = signed_in(cast["practitioner"]), signed_in(cast["off_case_practitioner"])
    address = reverse("cases:custody", args=[responsible.case_id, responsible.pk])
    desk = reverse("cases:desk", args=[responsible.case_id])
    assert "A1234AB" in theirs.get(address).content.decode() and "HMP Fenmoor" in theirs.get(desk).content.decode()
    assert other.get(address).status_code == 404
    assert "Fenmoor" not in other.get(desk).content.decode()
    with acting_as(cast["off_case_practitioner"]) as by, pytest.raises(NotAllowed):
        actions.record_release(custody=custody, released_on=today, by=by, today=today)
