"""Who is to come to a meeting, how, when and by which door; who sits on a panel."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from uuid import UUID

from django.db import transaction

from cases import events
from cases.actions.intervening import changeable, planned_by
from cases.actions.locking import again, record_on, require_since_opened
from cases.actions.shown import ChangedMeanwhile, mark_of_values
from cases.actions.stopping import end_overrides
from cases.choices import OPEN_INTERVENTIONS, InterventionStatus, Model, Overridable, Way
from cases.gate import checks_for
from cases.models import Attendance, Intervention, PanelMember, Participant
from rj_service.accounts.errors import DomainError, StaleState
from rj_service.accounts.models import User
from rj_service.ui.templatetags.ui import clock, day
from volunteers.models import Practitioner

MOST_ON_A_PANEL = 6
REMOTE_FIELDS = ("platform", "join_link", "line_tester", "line_tested_on", "waits_apart")


@dataclass(frozen=True)
class Arrival:
    """`way` of Way. By video or phone nobody arrives anywhere."""

    way: str
    arrives_at: time | None = None
    entrance: str = ""


@transaction.atomic
def say_who_comes(
    *, intervention: Intervention, coming: Mapping[UUID, Arrival], by: User, today: date, shown: str | None = None
) -> Intervention:
    """`coming`: participant id -> how. Everybody else does not come. Once it is arranged the sides still arrive apart.
    `shown`: the `coming_mark` of what the page showed."""
    case = planned_by(intervention.case, by, today)
    fresh = again(intervention)
    if fresh.status not in OPEN_INTERVENTIONS:
        raise StaleState(f"This is {InterventionStatus(fresh.status).label.lower()}: who comes cannot change now.")
    people = {one.pk: one for one in Participant.objects.filter(case=case, left_at__isnull=True)}
    if not set(coming) <= set(people):
        raise DomainError("Somebody in the list is not part of this case")
    if not {one.way for one in coming.values()} <= set(Way.values):
        raise DomainError("Choose how each of them takes part")
    mark = coming_mark(fresh)
    if shown not in (None, mark):
        stands = "; ".join(_comes(one) for one in _coming(fresh)) or "nobody"
        words = f"Who comes was changed in another window meanwhile. There it says: {stands}. Save again to put yours in its place"
        raise ChangedMeanwhile(words, mark)
    Attendance.objects.filter(intervention=fresh).exclude(participant__in=coming).delete()
    for pk, one in coming.items():
        arrives = one.way == Way.IN_THE_ROOM
        said = {
            "way": one.way,
            "arrives_at": one.arrives_at if arrives else None,
            "entrance": one.entrance.strip() if arrives else "",
        }
        Attendance.objects.update_or_create(intervention=fresh, participant=people[pk], defaults=said)
    end_overrides(fresh, by, today, Overridable.APART)
    if fresh.status == InterventionStatus.SCHEDULED:
        _require_arrivals(fresh, today)
    record_on(
        events.WHO_COMES, case, by, today, intervention=str(fresh.pk), people=[people[pk].person_id for pk in coming]
    )
    return fresh


def coming_mark(intervention: Intervention) -> str:
    return mark_of_values(
        *((one.participant_id, one.way, one.arrives_at, one.entrance) for one in _coming(intervention))
    )


def _coming(intervention: Intervention) -> list[Attendance]:
    rows = Attendance.objects.filter(intervention=intervention).exclude(way="").select_related("participant__person")
    return list(rows.order_by("participant__side", "participant__added_at", "id"))


def _comes(one: Attendance) -> str:
    at = f", {clock(one.arrives_at)}" if one.arrives_at else ""
    return f"{one.participant.person.name} {one.get_way_display().lower()}{at}{f', {one.entrance}' if one.entrance else ''}"


def _require_arrivals(intervention: Intervention, today: date) -> None:
    for check in checks_for(intervention, today):
        if check.is_missing and check.url_name == "cases:who-comes":
            raise DomainError(check.reason)


@transaction.atomic
def say_how_they_connect(
    *,
    intervention: Intervention,
    platform: str,
    by: User,
    today: date,
    join_link: str = "",
    line_tester: str = "",
    line_tested_on: date | None = None,
    waits_apart: bool = False,
    shown: str | None = None,
) -> Intervention:
    """By video: on what, who tests the line with each side and when, and that the sides never wait in one room. `shown`: the
    `remote_mark` of what the page showed."""
    case = planned_by(intervention.case, by, today)
    fresh = again(intervention)
    if fresh.status not in OPEN_INTERVENTIONS:
        raise StaleState(
            f"This is {InterventionStatus(fresh.status).label.lower()}: how they connect cannot change now."
        )
    if not platform.strip():
        raise DomainError("Enter what they connect by", field="platform")
    if line_tested_on is not None and line_tested_on > today:
        raise DomainError("The day must be today or in the past", field="line_tested_on")
    if line_tested_on is not None:
        require_since_opened(case, line_tested_on, "line_tested_on")
    mark = remote_mark(fresh)
    if shown not in (None, mark):
        tested = f", tested by {fresh.line_tester} on {day(fresh.line_tested_on)}" if fresh.line_tested_on else ""
        words = f"How they connect was changed in another window meanwhile: {fresh.platform or 'nothing'}{tested}"
        raise ChangedMeanwhile(f"{words}. Save again to put yours in its place", mark)
    fresh.platform, fresh.join_link, fresh.line_tester = platform.strip(), join_link.strip(), line_tester.strip()
    fresh.line_tested_on, fresh.waits_apart = line_tested_on, waits_apart
    fresh.save(update_fields=REMOTE_FIELDS)
    end_overrides(fresh, by, today, Overridable.REMOTE)
    record_on(events.PLAN_CHANGED, case, by, today, intervention=str(fresh.pk), model=fresh.model)
    return fresh


def remote_mark(intervention: Intervention) -> str:
    return mark_of_values(*(getattr(intervention, name) for name in REMOTE_FIELDS))


@transaction.atomic
def name_panel(*, intervention: Intervention, members: Sequence[Practitioner], by: User, today: date) -> Intervention:
    """Who sits on it, in place of whoever was named before. The gate says whether they may."""
    case = planned_by(intervention.case, by, today)
    fresh = changeable(intervention)
    if fresh.model != Model.NJP_PANEL:
        raise DomainError("Only a panel has members")
    if len(members) > MOST_ON_A_PANEL:
        raise DomainError(f"A panel has {MOST_ON_A_PANEL} members at most")
    if any(one.service_area_id != case.service_area_id for one in members):
        raise DomainError("Choose practitioners of this area")
    PanelMember.objects.filter(intervention=fresh).exclude(practitioner__in=members).delete()
    for one in members:
        PanelMember.objects.get_or_create(intervention=fresh, practitioner=one, defaults={"named_by": by})
    record_on(events.PANEL_NAMED, case, by, today, intervention=str(fresh.pk), members=len(members))
    return fresh
