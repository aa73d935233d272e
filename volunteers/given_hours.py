"""The hours that volunteers gave, month by month, against what is asked of a volunteer in a month (domain 2.9)."""

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce

from rj_service.accounts.scoping import row_by_row
from rj_service.ui.dates import months_after
from volunteers.choices import MAY_OPEN_CASES, PractitionerKind, PractitionerStatus
from volunteers.models import HoursEntry, StandDown

MONTHS = 12
PAID = (PractitionerKind.SERVICE_STAFF, PractitionerKind.PARTNER_STAFF)  # nothing is asked of them by the month


def first_of(day: date) -> date:
    return day.replace(day=1)


def months_until(today: date) -> list[date]:
    """The first day of each, the newest first; this one, too."""
    return [months_after(first_of(today), -back) for back in range(MONTHS)]


def with_hours(practitioners: QuerySet, month: date) -> QuerySet[Any]:
    """`minutes_in_month`, `minutes_in_year` (of the twelve months that end with this one), `is_asked` (active the whole month
    as a volunteer) and `is_under` (gave less than that). Of those who work on cases, or gave time in that month."""
    after = months_after(month, 1)
    rested = row_by_row(StandDown).filter(
        Q(ended_on__isnull=True) | Q(ended_on__gte=month), practitioner=OuterRef("pk"), first_day__lt=after
    )
    rows = practitioners.annotate(
        minutes_in_month=_minutes(month, after), minutes_in_year=_minutes(months_after(after, -MONTHS), after)
    ).filter(Q(status__in=MAY_OPEN_CASES) | Q(minutes_in_month__gt=0))
    is_asked = Q(status=PractitionerStatus.ACTIVE, created_at__date__lte=month) & ~Q(kind__in=PAID) & ~Exists(rested)
    too_few = Q(minutes_in_month__lt=60 * settings.RJ_HOURS_A_MONTH)
    return rows.annotate(is_asked=_is(is_asked), is_under=_is(is_asked & too_few))


def _is(condition: Any) -> ExpressionWrapper:
    return ExpressionWrapper(condition, output_field=BooleanField())


def _minutes(first: date, after: date) -> Coalesce:
    """From the first day to the one before `after`."""
    that_time = row_by_row(HoursEntry).filter(
        practitioner=OuterRef("pk"), worked_on__range=(first, after - timedelta(days=1))
    )
    total = that_time.order_by().values("practitioner").annotate(total=Sum("minutes")).values("total")
    return Coalesce(Subquery(total), Value(0), output_field=IntegerField())


def in_words(minutes: int) -> str:
    """'2 hours 30 minutes'."""
    hours, rest = divmod(minutes, 60)
    words = [f"{hours:,} {'hour' if hours == 1 else 'hours'}"] if hours else []
    return " ".join([*words, *([f"{rest} minutes"] if rest else [])]) or "None"
