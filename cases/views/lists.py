"""The cases of an area, and the cases of a practitioner."""

import datetime as dt
from collections import defaultdict
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from cases.choices import AssignmentRole, AssignmentSides, CaseStatus, InterventionStatus, Side, Stage
from cases.filters import CaseFilter
from cases.models import Assessment, Assignment, Case, Contact, Intervention, Participant
from cases.views.case_page import NAME_INSIDE, with_marks
from cases.views.side_panels import MAIN_ROLES, PERMITTING
from referrals.choices import ConsentMethod, ConsentPurpose
from referrals.models import Consent, LegalBar
from rj_service.accounts.scoping import row_by_row
from rj_service.accounts.views import GuardedListView
from rj_service.ui.paging import capped_count
from rj_service.ui.references import spoken
from rj_service.ui.templatetags.ui import month
from volunteers.models import Practitioner

COMING = (InterventionStatus.PLANNED, InterventionStatus.SCHEDULED, InterventionStatus.POSTPONED)
SHOWN = [
    ("mine", "Mine"),
    ("no-lead", "No lead"),
    ("cannot", "Cannot go ahead"),
    ("quiet", "Nobody in touch"),
    ("open", "Open"),
    ("closed", "Closed"),
]
EMPTY = {
    "mine": "You coordinate no open case. A referral that you accept opens one.",
    "no-lead": "Every open case has a lead facilitator.",
    "cannot": "Nothing that is arranged is missing a check.",
    "quiet": "In every open case somebody was in touch, or tried to be, in these weeks.",
    "open": "No case is open. A referral that is accepted opens one.",
    "closed": "No case is closed yet.",
}
SIDE_ORDER = {side: place for place, side in enumerate((Side.HARMED, Side.RESPONSIBLE, Side.NEITHER))}


def without_lead(cases: QuerySet[Case]) -> QuerySet[Case]:
    return cases.filter(~Exists(Assignment.objects.in_force().filter(case=OuterRef("pk"), role=AssignmentRole.LEAD)))


def quiet_before(today: dt.date) -> dt.date:
    """Whoever was last in touch before this day was not for RJ_QUIET_DAYS."""
    return today - dt.timedelta(days=settings.RJ_QUIET_DAYS)


def without_contact(cases: QuerySet[Case], today: dt.date) -> QuerySet[Case]:
    """Nobody was in touch with anybody of them, or tried to be, for RJ_QUIET_DAYS: on which side is on the desk."""
    since = quiet_before(today)
    lately = Contact.objects.filter(
        case=OuterRef("pk"), occurred_at__gte=timezone.make_aware(dt.datetime.combine(since, dt.time()))
    )
    return cases.filter(~Exists(lately), opened_on__lt=since)


def with_can_go_ahead(cases: QuerySet[Case], today: dt.date) -> QuerySet[Case]:
    """`has_date`: something is planned for a day to come. `cannot_go_ahead`: one of the gate's checks that can be counted in
    the database is missing for it. The gate itself is asked when it matters, on the page and in the act."""
    ahead = Intervention.objects.filter(case=OuterRef("pk"), status__in=COMING, planned_for__date__gte=today)
    lead = Assignment.objects.in_force().filter(
        case=OuterRef("pk"),
        role=AssignmentRole.LEAD,
        sides=AssignmentSides.BOTH,
        practitioner__in=row_by_row(Practitioner).may_open_cases(today),
    )
    main = Participant.objects.filter(case=OuterRef("pk"), role__in=MAIN_ROLES, left_at__isnull=True)
    agreed = Consent.objects.in_force().filter(
        person=OuterRef("person"),
        referral=OuterRef("case__referral"),
        purpose=ConsentPurpose.TAKE_PART,
        method=ConsentMethod.WRITTEN,
    )
    assessed = Assessment.objects.current(today).filter(participant=OuterRef("pk"), outcome__in=PERMITTING)
    barred = LegalBar.objects.filter(person=OuterRef("person")).standing(today)
    not_ready = main.filter(~Exists(agreed) | ~Exists(assessed) | Exists(barred) | Q(person__died_on__isnull=False))
    whole = Exists(main.filter(side=Side.HARMED)) & Exists(main.filter(side=Side.RESPONSIBLE))
    signed_off = ~Q(is_sensitive=True) | Q(signed_off_at__isnull=False, specialist_consulted_on__isnull=False)
    ready = Exists(lead) & ~Exists(not_ready) & whole & signed_off & Q(status=CaseStatus.OPEN)
    return with_marks(cases).annotate(
        cannot_go_ahead=ExpressionWrapper(Exists(ahead) & ~ready, output_field=BooleanField())
    )


STAGE_COLOURS = {Stage.CLOSED: "grey", Stage.STOPPED: "yellow"}
COLUMNS = {
    "Reference": lambda case: spoken(case.reference),
    "What happened": lambda case: case.referral.incident.get_crime_type_display(),
    "When": lambda case: month(case.referral.incident.month),
    "Local area": lambda case: case.referral.incident.local_area_name,
    "Person harmed": lambda case: ", ".join(name for side, name in case.names if side == Side.HARMED),
    "Person responsible": lambda case: ", ".join(name for side, name in case.names if side == Side.RESPONSIBLE),
    "Opened": lambda case: case.opened_on,
    "Stage": lambda case: case.get_stage_display(),
    "In this stage since": lambda case: case.stage_since,
    "Next meeting": lambda case: case.next_meeting.planned_for if case.next_meeting else None,
    "Cannot go ahead": lambda case: "Yes" if case.cannot_go_ahead else "",
    "Lead": lambda case: case.lead_name,
}


class CaseListView(GuardedListView):
    """Six saved states, four filters, pages by key. The number of statements never depends on the number of rows."""

    permission = "cases.view"
    template_name = "cases/list.html"
    model = Case
    heading = "Cases"
    thing = "case"
    list_class = "rj-list--triage"
    filter_class = CaseFilter
    order = ("-opened_on", "-id")
    order_words = "newest first"
    columns = COLUMNS

    @cached_property
    def shown(self) -> str:
        asked = self.request.GET.get("show", "")
        return asked if asked in dict(SHOWN) else "open"

    def narrowed(self) -> QuerySet[Case]:
        return self.in_state(self.shown)

    def show(self, rows: QuerySet[Case]) -> QuerySet[Case]:
        return with_can_go_ahead(rows, self.today).select_related("referral__incident")

    def complete(self, rows):
        add_what_rows_show(rows)

    def people_on(self, found):
        return [] if _names_stay_inside(found) else [one.person_id for one in found.shown_people]

    @property
    def title(self) -> str:
        return f"Cases: {dict(SHOWN)[self.shown].lower()}"

    @property
    def empty(self) -> str:
        return EMPTY[self.shown]

    def in_state(self, shown: str) -> QuerySet[Case]:
        cases = self.get_queryset()
        if shown == "closed":
            return cases.filter(status=CaseStatus.CLOSED)
        cases = cases.exclude(status=CaseStatus.CLOSED)
        if shown == "mine":
            return cases.filter(coordinator=self.request.user)
        if shown == "no-lead":
            return without_lead(cases)
        if shown == "quiet":
            return without_contact(cases, self.today)
        if shown == "cannot":
            return with_can_go_ahead(cases, self.today).filter(cannot_go_ahead=True)
        return cases

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        here = reverse("cases:list")
        return super().get_context_data(
            items=[
                {
                    "label": label,
                    "url": f"{here}?show={name}",
                    "current": name == self.shown,
                    "count": capped_count(self.in_state(name)),
                }
                for name, label in SHOWN
            ],
            may_assign=self.request.user.may("cases.assign"),
            may_grant=self.request.user.may("referrals.grant"),
            **kwargs,
        )


def _names_stay_inside(case: Case) -> bool:
    return case.is_sensitive or case.is_restricted


def add_what_rows_show(cases: list[Case]) -> None:
    """Names by side, lead and next meeting of some cases: three statements for any number of them."""
    people, leads = defaultdict(list), {}
    for one in Participant.objects.filter(case__in=cases, left_at__isnull=True, role__in=MAIN_ROLES).select_related(
        "person"
    ):
        people[one.case_id].append(one)
    for lead in (
        Assignment.objects.in_force()
        .filter(case__in=cases, role=AssignmentRole.LEAD)
        .select_related("practitioner__learner")
    ):
        leads[lead.case_id] = lead.practitioner.name
    coming = Intervention.objects.filter(case__in=cases, status__in=COMING).order_by("-planned_for", "-planned_at")
    meetings = {meeting.case_id: meeting for meeting in coming}
    for case in cases:
        case.shown_people = sorted(people[case.pk], key=lambda one: (SIDE_ORDER[one.side], one.added_at))
        hidden = _names_stay_inside(case)
        case.names = [(one.side, NAME_INSIDE if hidden else one.person.name) for one in case.shown_people]
        case.lead_name = leads.get(case.pk, "")
        case.next_meeting = meetings.get(case.pk)
        case.stage_colour = STAGE_COLOURS.get(Stage(case.stage), "blue")
        case.row_state = "stop" if case.cannot_go_ahead else ""
