"""Somebody is away: their tasks and alerts go to the cover as well, and no more than that opens."""

from collections import Counter
from datetime import timedelta

import pytest
from django.urls import reverse

from cases import actions
from cases.attention import tasks
from cases.models import Case
from referrals.actions import declare_conflict, restrict
from referrals.models import Referral, Task
from rj_service.accounts.acting import acting_as
from rj_service.accounts.errors import DomainError, NotAllowed
from rj_service.accounts.roles import Role
from rj_service.notifications.actions import notify
from rj_service.notifications.models import Notification
from tests.factories import member

pytestmark = pytest.mark.django_db


@pytest.fixture
def cover(area):
    return member(Role.COORDINATOR, area, first_name="Rosa", last_name="Santos")


@pytest.fixture
def go_away(area, cast, today):
    """`go_away(user, cover)`: from today for a week, recorded by the manager."""

    def record(user, cover, *, after=0, days=7, by=None):
        first = today + timedelta(days=after)
        with acting_as(by or cast["manager"]) as by:
            return actions.record_absence(
                area=area,
                user=user,
                covered_by=cover,
                away_from=first,
                away_until=first + timedelta(days=days),
                by=by,
                today=today,
            )

    return record


def told(user) -> Counter:
    """For whom, and how often."""
    notes = Notification._base_manager.filter(user=user, kind="case_update")
    return Counter(notes.values_list("stands_in_for", flat=True))


def test_the_cover_has_the_tasks_and_alerts_for_as_long(open_case, coordinator, cover, go_away, today):
    case = open_case()
    number = Task.objects.open().filter(assigned_to=coordinator).count()
    with acting_as(cover):
        assert tasks(cover, today).number == 0
    absence = go_away(coordinator, cover)
    with acting_as(cover):
        assert tasks(cover, today).number == number
        assert tasks(cover, today + timedelta(days=8)).number == 0
        notify([coordinator], "case_update", on=case)
        assert (told(coordinator), told(cover)) == ({None: 1}, {coordinator.pk: 1})
        notify([coordinator, cover], "case_update", on=case)
        assert told(cover) == {coordinator.pk: 1, None: 1}  # told themselves: once
    with acting_as(coordinator):
        actions.end_absence(absence=absence, by=coordinator)
    with acting_as(cover):
        assert tasks(cover, today).number == 0


def test_what_is_shut_to_the_cover_stays_shut(open_case, coordinator, cover, go_away, cast, today):
    known, restricted = open_case(), open_case()
    with acting_as(cover):
        declare_conflict(user=cover, by=cover, person=known.referral.person_harmed)
    with acting_as(coordinator):
        restrict(referral=restricted.referral, reason="A colleague", by=coordinator)
    go_away(coordinator, cover)
    with acting_as(cover):
        assert tasks(cover, today).number == 0
        for case in (known, restricted):
            notify([coordinator], "case_update", on=case)
    assert told(coordinator) == {None: 2} and told(cover) == {}


def test_a_supervisor_s_cover_reads_their_cases_meanwhile(open_case, area, coordinator, go_away, cast, today):
    case = open_case()
    actions.set_supervisor(case=case, supervisor=cast["supervisor"], by=coordinator, today=today)
    cover = member(Role.CASE_SUPERVISOR, area)

    def seen() -> tuple[bool, bool]:
        with acting_as(cover):
            return (
                Case.objects.visible_to(cover).filter(pk=case.pk).exists(),
                Referral.objects.all().casework_for(cover).filter(pk=case.referral_id).exists(),
            )

    assert seen() == (False, False)
    absence = go_away(cast["supervisor"], cover)
    assert seen() == (True, True)
    with acting_as(cast["supervisor"]) as by:
        actions.end_absence(absence=absence, by=by)
    assert seen() == (False, False)


def test_only_somebody_of_the_same_role_who_is_there_covers(area, other_area, cast, cover, go_away):
    coordinator = cast["coordinator"]
    with pytest.raises(DomainError, match="covers for themselves"):
        go_away(coordinator, coordinator)
    for other in (cast["manager"], cast["practitioner"], cast["other_coordinator"]):
        with pytest.raises(DomainError, match="same role"):
            go_away(coordinator, other)
    with pytest.raises(DomainError, match="have a cover"):
        go_away(cast["practitioner"], cast["off_case_practitioner"])
    go_away(cover, member(Role.COORDINATOR, area), after=3)
    with pytest.raises(DomainError, match="is away then, too"):
        go_away(coordinator, cover)
    go_away(coordinator, member(Role.COORDINATOR, area))
    with pytest.raises(DomainError, match="away on some of these days"):
        go_away(coordinator, member(Role.COORDINATOR, area), after=7)
    with pytest.raises(NotAllowed):
        go_away(coordinator, cover, after=30, by=cast["supervisor"])


def test_the_page_records_one_s_own(area, cast, cover, signed_in, today):
    client, until = signed_in(cast["coordinator"]), today + timedelta(days=3)
    days = {f"away_{name}_{part}": getattr(day, part) for name, day in (("from", today), ("until", until))
            for part in ("day", "month", "year")}  # fmt: skip
    typed = {"user": cast["coordinator"].pk, "covered_by": cover.pk, **days}
    assert client.post(reverse("cases:record-absence"), typed).status_code == 302
    assert "You are away until" in client.get("/").content.decode()
    assert "You cover" in signed_in(cover).get("/").content.decode()
