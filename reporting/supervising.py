"""Whom a supervisor is to see: who was not well after a meeting or asks to talk, and whose supervision is due."""

from datetime import date, timedelta

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from cases.choices import Wellbeing
from cases.models import Debrief
from reporting.attention import Need
from rj_service.accounts.models import User
from rj_service.ui.templatetags.ui import day
from volunteers.choices import MAY_OPEN_CASES, SUPERVISION_EVERY
from volunteers.models import Practitioner, Supervision

SHOWN = 10
AHEAD = timedelta(days=14)


def to_supervise(user: User, today: date) -> list[Need]:
    """Who asks for it first, then who has waited longest. With a supervision that is recorded both go."""
    people = Practitioner.objects.visible_to(user).exclude(learner__user=user)
    since = Supervision.objects.filter(practitioner=OuterRef("practitioner"), recorded_at__gte=OuterRef("written_at"))
    debriefs = (
        Debrief.objects.visible_to(user)
        .filter(Q(wants_to_talk=True) | Q(wellbeing=Wellbeing.NOT_WELL), ~Exists(since), practitioner__in=people)
        .select_related("practitioner__learner")
        .order_by("-wants_to_talk", "written_at")[:SHOWN]
    )
    due = (
        people.filter(status__in=MAY_OPEN_CASES)
        .with_readiness(today)
        .filter(Q(last_supervision_on=None) | Q(last_supervision_on__lte=today - SUPERVISION_EVERY + AHEAD))
        .order_by(F("last_supervision_on").asc(nulls_first=True), "pk")[:SHOWN]
    )
    return [*map(_after_a_meeting, debriefs), *(_due(one, today) for one in due)]


def _after_a_meeting(debrief: Debrief) -> Need:
    asks = debrief.wants_to_talk
    return Need(
        state="stop" if asks else "soon",
        state_words="Would like to talk" if asks else "Not well",
        title=debrief.practitioner.name,
        words=f"After a meeting, written on {day(timezone.localdate(debrief.written_at))}.",
        button="Agenda",
        address=("cases:agenda", debrief.practitioner_id),
    )


def _due(one, today: date) -> Need:
    """Of a row of `with_readiness`."""
    last = one.last_supervision_on
    return Need(
        state="soon" if one.supervision_current else "stop",
        state_words=f"Due by {day(last + SUPERVISION_EVERY)}" if one.supervision_current else "Past 12 weeks",
        title=one.name,
        words=f"The last supervision was on {day(last)}." if last else "There was no supervision yet.",
        button="Agenda",
        address=("cases:agenda", one.pk),
    )
