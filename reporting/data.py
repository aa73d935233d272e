"""The figures of one area's month: direct statements, one a group of figures, nothing stored and nothing to drift.

Every caller (page, CSV, JSON, PDF, published tables) reads the same result. Runs inside `acting_as` for the area.
A rate is {"numerator", "denominator", "value"}: value is a fraction of 1, None without a denominator.
"""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property

from django.db.models import Case, Count, Exists, OuterRef, Q, When
from django.db.models.functions import Coalesce, TruncMonth
from django.utils import timezone

from cases.choices import DIRECT_MODELS, SATISFIED, UNCOUNTED_REASONS, InterventionStatus, Model, Satisfaction, Side
from cases.models import Closure, Intervention, SurveyInvitation, SurveyResponse
from referrals.choices import NOT_COUNTED, CrimeType, Mechanism, ReferralStatus
from referrals.models import PartnerWork, Referral
from reporting import disclosure
from reporting.choices import Audience
from reporting.disclosure import NOT_KNOWN
from reporting.measures import BY_KEY, Measure, defined
from reporting.periods import Period, first_of, month_from
from rj_service.accounts.models import ServiceArea

# Where it happened, however it was typed; a pilot area lies inside another, which has the line.
PLACE = Case(
    When(incident__local_area__is_pilot=True, then="incident__local_area__parent__name"),
    default="incident__local_area__name",
)
# What a line "Not known" of a table of referrals counts: what `cells` below finds no word for.
_NO_PLACE = r"^\s*(not\s+known)?\s*$"
_NOT_KNOWN = {
    "referrals_by_mechanism": Q(mechanism=""),
    "referrals_by_crime_type": ~Q(incident__crime_type__in=CrimeType.values),
    "referrals_by_local_area": Q(incident__local_area=None, incident__local_area_name__iregex=_NO_PLACE),
}
LISTED = _NOT_KNOWN.keys()
WAITING_BANDS = (
    ("Under 3 months", 0, 3),
    ("3 to 6 months", 3, 6),
    ("6 to 12 months", 6, 12),
    ("Over 12 months", 12, 1200),
)


@dataclass(frozen=True)
class Figures:
    """One area's figures for one month as at a time. `measures` is plain JSON: what is frozen is what was shown."""

    area: str
    area_name: str
    month: date
    as_at: datetime
    measures: dict[str, dict]
    # What each measure counted, in the words of the day when it was frozen.
    defined: dict[str, Measure] = field(default_factory=lambda: BY_KEY, compare=False)

    def as_json(self) -> dict:
        return {
            "area": self.area,
            "month": f"{self.month:%Y-%m}",
            "as_at": self.as_at.isoformat(),
            "measures": self.measures,
        }

    def as_stored(self) -> dict:
        """For a jsonb column, which keeps no order of its own: the cells' order beside them."""
        order = {key: list(measure["cells"]) for key, measure in self.measures.items() if "cells" in measure}
        return self.as_json() | {"area_name": self.area_name, "order": order}

    def only(self, measures: dict[str, dict]) -> "Figures":
        """The same figures with what an audience may read."""
        return replace(self, measures=measures)

    @classmethod
    def from_json(cls, stored: dict, definitions: list[dict] | None = None) -> "Figures":
        """`definitions`: those that were frozen beside them."""
        measures = dict(stored["measures"])
        for key, order in stored.get("order", {}).items():
            cells = measures[key]["cells"]
            measures[key] = measures[key] | {"cells": {cell: cells[cell] for cell in order}}
        as_at = datetime.fromisoformat(stored["as_at"])
        return cls(
            stored["area"], stored["area_name"], month_from(stored["month"]), as_at, measures, defined(definitions)
        )


def rate(numerator: int, denominator: int) -> dict:
    return {
        "numerator": numerator,
        "denominator": denominator,
        "value": numerator / denominator if denominator else None,
    }


def figures_for(
    area: ServiceArea, month: date, *, as_at: datetime | None = None, period: Period | None = None
) -> Figures:
    """
    Count one month, or the period that ends with it. `as_at` is the time by the caller's clock (now unless told; the demo
    has its own): it bounds what is counted by a day. How a referral stands is read as it stands now, so that a time long
    past does not give back a figure of then: issued packs keep those.
    """
    as_at = as_at or timezone.now()
    count = Counting(area, period or Period.month(month), as_at)
    return Figures(area.slug, area.name, first_of(month), as_at, count.measures())


def figures_for_audience(area: ServiceArea, month: date, audience: str, *, as_at: datetime | None = None) -> Figures:
    """The month's figures as an audience may read them. The public reads quarters, and in March the year.

    Raises ValueError for the public and a month that ends no quarter.
    """
    if audience != Audience.PUBLIC:
        figures = figures_for(area, month, as_at=as_at)
        return figures.only(disclosure.for_staff(figures.measures, audience))
    if not disclosure.is_public_month(month):
        raise ValueError(disclosure.NOT_THIS_MONTH)
    end = first_of(month, 1)
    quarter = figures_for(area, month, as_at=as_at, period=Period.months_before(end, furthest=3))
    year = None
    if month.month == 3:
        year = figures_for(area, month, as_at=quarter.as_at, period=Period.months_before(end, furthest=12)).measures
    return quarter.only(disclosure.for_public(quarter.measures, year, places_of(area)))


def places_of(area: ServiceArea) -> list[str]:
    """The local areas that figures are given by: pilot areas lie inside them."""
    return [place.name for place in area.local_areas.filter(is_pilot=False)]


class Counting:
    """The statements behind one period's figures."""

    def __init__(self, area: ServiceArea, period: Period, as_at: datetime):
        self.area, self.period, self.as_at = area, period, as_at
        self.as_at_day = timezone.localtime(as_at).date()

    def measures(self) -> dict[str, dict]:
        return {
            **self.of_the_months_referrals(),
            **self.of_earlier_referrals(),
            "interventions_by_model": self.interventions_by_model(),
            **self.satisfaction(),
            "waiting_stock": self.waiting_stock(),
            "cases_closed": self.cases_closed(),
        }

    @cached_property
    def counted(self):
        """Referrals in our figures: entered by the as-at time, ours, neither duplicate nor error nor passed to another area."""
        held = Intervention.objects.filter(
            case__referral=OuterRef("pk"), status=InterventionStatus.HELD, held_on__lte=self.as_at_day
        )
        return (
            Referral.objects.filter(service_area=self.area, entered_at__lte=self.as_at)
            .exclude(status__in=NOT_COUNTED)
            .annotate(led_to_one=Exists(held))
        )

    def _received(self, period: Period):
        """By the day from which this area counts them: what another area passed on is in the figures of one. Less those of an
        earlier system, which counted them when they came (docs/adr/0008)."""
        ours = Q(counted_from__isnull=True, received_on__gte=period.start, received_on__lt=period.end)
        passed_on = Q(counted_from__gte=period.start, counted_from__lt=period.end)
        return self.counted.filter(ours | passed_on, moved_in_on__isnull=True)

    def of_the_months_referrals(self) -> dict[str, dict]:
        rows = list(
            self._received(self.period)
            .annotate(place=PLACE)
            .values(
                "mechanism",
                "incident__crime_type",
                "place",
                "incident__local_area_name",
                "status",
                "led_to_one",
                "partner_delivered",
            )
            .annotate(n=Count("pk"))
        )
        ours = [row for row in rows if not row["partner_delivered"]]
        total = sum(row["n"] for row in ours)
        led = sum(row["n"] for row in ours if row["led_to_one"])
        waiting = sum(row["n"] for row in ours if row["status"] == ReferralStatus.INTERESTED)
        places = places_of(self.area)
        of_place = {place.casefold(): place for place in [*places, NOT_KNOWN]}
        for row in rows:
            named = " ".join(row["incident__local_area_name"].split())
            row["place"] = row["place"] or of_place.get(named.casefold(), named)
        labels = dict(CrimeType.choices)
        return {
            "referrals_received": {"value": total},
            "referrals_by_mechanism": cells(ours, "mechanism", [*Mechanism.values, NOT_KNOWN]),
            "conversion": rate(led, total),
            "referrals_by_crime_type": cells(
                ours, "incident__crime_type", list(labels.values()), lambda code: labels.get(code, NOT_KNOWN)
            ),
            "referrals_by_local_area": cells(ours, "place", [*places, NOT_KNOWN]),
            "awaiting_offender_identification": {"value": waiting},
            "partner_delivered": {"value": sum(row["n"] for row in rows if row["partner_delivered"]) + self.told_of()},
        }

    def not_known(self, key: str):
        """The referrals of the period that its line "Not known" counts, for a figure of `LISTED`."""
        return self._received(self.period).filter(_NOT_KNOWN[key], partner_delivered=False)

    def told_of(self) -> int:
        """What partners worked on themselves and told us of."""
        told = PartnerWork.objects.current().filter(service_area=self.area, recorded_at__lte=self.as_at)
        return told.filter(told_on__gte=self.period.start, told_on__lt=self.period.end).count()

    def of_earlier_referrals(self) -> dict[str, dict]:
        """Twelve months before and this one: the trend, the matured cohort, and the quarters, in one statement."""
        window = Period(first_of(self.period.start, -12), self.period.end)
        closed = Closure.objects.filter(case__referral=OuterRef("pk"), reopened_at__isnull=True)
        ended = ~Q(status__in=[ReferralStatus.RECEIVED, ReferralStatus.INTERESTED, ReferralStatus.ON_HOLD])
        rows = {
            row["month"]: row
            for row in self._received(window)
            .filter(partner_delivered=False)
            .annotate(month=TruncMonth(Coalesce("counted_from", "received_on")), case_closed=Exists(closed))
            .values("month")
            .annotate(
                n=Count("pk"),
                led=Count("pk", filter=Q(led_to_one=True)),
                without=Count(
                    "pk",
                    filter=Q(led_to_one=False) & (Q(case_closed=True) | (ended & ~Q(status=ReferralStatus.ACCEPTED))),
                ),
            )
        }
        matured = Period.months_before(self.period.end, furthest=12, nearest=6)
        return {
            "referrals_by_month": {
                "cells": {
                    f"{first_of(window.start, k):%Y-%m}": rows.get(first_of(window.start, k), {}).get("n", 0)
                    for k in range(13)
                }
            },
            "conversion_matured": rate(_sum(rows, matured, "led"), _sum(rows, matured, "n"))
            | {"from": f"{matured.start:%Y-%m}", "to": f"{first_of(matured.end, -1):%Y-%m}"},
            "conversion_by_quarter": {"rows": [self._quarter(rows, k) for k in (12, 9, 6, 3)]},
        }

    def _quarter(self, rows: dict, months_back: int) -> dict:
        period = Period.months_before(self.period.end, furthest=months_back, nearest=months_back - 3)
        received, led, without = (_sum(rows, period, key) for key in ("n", "led", "without"))
        early = period.end > first_of(self.period.end, -6)
        return {
            "from": f"{period.start:%Y-%m}",
            "to": f"{first_of(period.end, -1):%Y-%m}",
            "received": received,
            "led_to_one": None if early else led,
            "closed_without": None if early else without,
            "open": None if early else received - led - without,
        }

    def interventions_by_model(self) -> dict:
        rows = (
            Intervention.objects.filter(
                case__service_area=self.area,
                case__referral__partner_delivered=False,
                status=InterventionStatus.HELD,
                held_on__gte=self.period.start,
                held_on__lt=self.period.end,
            )
            .values("model_delivered")
            .annotate(n=Count("pk"))
        )
        counted = cells(rows, "model_delivered", [*Model.values, NOT_KNOWN])
        direct = sum(n for model, n in counted["cells"].items() if model in DIRECT_MODELS)
        return counted | {"direct": direct, "indirect": sum(counted["cells"].values()) - direct}

    def satisfaction(self) -> dict[str, dict]:
        year = Period.months_before(self.period.end, furthest=12)
        conference = Intervention.objects.filter(
            case=OuterRef("case"),
            status=InterventionStatus.HELD,
            model_delivered__in=[Model.FACE_TO_FACE_CONFERENCE, Model.COMMUNITY_CONFERENCE],
        )
        ours = {"case__service_area": self.area, "case__referral__partner_delivered": False}
        given = SurveyResponse.objects.filter(**ours, received_on__gte=year.start, received_on__lt=year.end).exclude(
            overall=Satisfaction.NOT_SAID
        )
        later = given.filter(invitation__participant=OuterRef("invitation__participant")).filter(
            Q(received_on__gt=OuterRef("received_on")) | Q(received_on=OuterRef("received_on"), pk__gt=OuterRef("pk"))
        )
        answers = list(
            given.annotate(
                in_month=Q(received_on__gte=self.period.start), conference=Exists(conference), newest=~Exists(later)
            )
            .values("side", "overall", "in_month", "conference", "newest")
            .annotate(n=Count("pk"))
        )
        asked = list(
            SurveyInvitation.objects.filter(**ours, asked_on__gte=year.start, asked_on__lt=year.end)
            .annotate(in_month=Q(asked_on__gte=self.period.start))
            .values("side", "in_month")
            .annotate(n=Count("pk"))
        )
        in_month = [row for row in answers if row["in_month"]]
        # Against a benchmark of people: each is asked up to three times, and their newest answer counts.
        people = [row for row in answers if row["newest"]]
        after_conference = [row for row in people if row["conference"] and row["side"] == Side.HARMED]
        return {
            "satisfaction": _satisfied_by_side(in_month, [row for row in asked if row["in_month"]]),
            "satisfaction_12_months": _satisfied_by_side(answers, asked),
            "satisfaction_after_conference": _satisfied(after_conference),
        }

    def waiting_stock(self) -> dict:
        today = self.as_at_day
        waiting = self.counted.filter(status=ReferralStatus.INTERESTED, partner_delivered=False, received_on__lte=today)
        bands = {
            f"from_{near}": Count(
                "pk", filter=Q(received_on__lte=_months_ago(today, near), received_on__gt=_months_ago(today, far))
            )
            for _, near, far in WAITING_BANDS
        }
        found = waiting.aggregate(**bands)
        return {"cells": {label: found[f"from_{near}"] for label, near, _ in WAITING_BANDS}}

    def cases_closed(self) -> dict:
        held = Intervention.objects.filter(case=OuterRef("case"), status=InterventionStatus.HELD)
        found = (
            Closure.objects.filter(
                case__service_area=self.area,
                closed_on__gte=self.period.start,
                closed_on__lt=self.period.end,
                reopened_at__isnull=True,
                case__referral__partner_delivered=False,
            )
            .exclude(reason__in=UNCOUNTED_REASONS)
            .annotate(held=Exists(held))
            .aggregate(after=Count("pk", filter=Q(held=True)), without=Count("pk", filter=Q(held=False)))
        )
        return {"cells": {"After an intervention": found["after"], "Without one": found["without"]}}


def cells(rows, field: str, order: list[str], label=lambda code: code or NOT_KNOWN) -> dict:
    """Counts by a field with every known cell present, zeros too, in the given order; unforeseen cells follow."""
    counts: Counter[str] = Counter()
    for row in rows:
        counts[label(row[field])] += row["n"]
    extra = sorted(set(counts) - set(order))
    return {"cells": {key: counts.get(key, 0) for key in [*[k for k in order if k != NOT_KNOWN], *extra, NOT_KNOWN]}}


def _sum(rows: dict, period: Period, key: str) -> int:
    return sum(row[key] for month, row in rows.items() if period.start <= month < period.end)


def _satisfied(rows) -> dict:
    return rate(sum(row["n"] for row in rows if row["overall"] in SATISFIED), sum(row["n"] for row in rows))


def _satisfied_by_side(answers, asked) -> dict:
    by_side = {}
    for side in (Side.HARMED, Side.RESPONSIBLE):
        by_side[str(side)] = _satisfied([row for row in answers if row["side"] == side]) | {
            "asked": sum(row["n"] for row in asked if row["side"] == side)
        }
    return _satisfied(answers) | {"asked": sum(row["n"] for row in asked), "by_side": by_side}


def _months_ago(today: date, months: int) -> date:
    """The day `months` months before; the last day of the month where there is no such day."""
    first = first_of(today, -months)
    last = (first_of(first, 1) - first).days
    return first.replace(day=min(today.day, last))
