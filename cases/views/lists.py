"""The cases of an area, and the cases of a practitioner."""

import datetime as dt
from collections import defaultdict
from functools import cached_property
from typing import Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from cases.choices import AssignmentRole, AssignmentSides, CaseStatus, InterventionStatus, Side
from cases.filters import CaseFilter
from cases.models import Assessment, Assignment, Case, Intervention, Participant
from cases.tables import CaseTable
from cases.views.case_page import with_marks
from cases.views.side_panels import MAIN_ROLES, PERMITTING
from referrals.choices import ConsentMethod, ConsentPurpose
from referrals.models import Consent, LegalBar
from rj_service.accounts.views import GuardedListView
from rj_service.ui.paging import capped_count, keyset
from volunteers.models import Practitioner

ORDER = ("-opened_on", "-id")
COMING = (InterventionStatus.PLANNED, InterventionStatus.SCHEDULED, InterventionStatus.POSTPONED)
SHOWN = [
    ("mine", "Mine"),
    ("no-lead", "No lead"),
    ("cannot", "Cannot go ahead"),
    ("open", "Open"),
    ("closed", "Closed"),
]
EMPTY = {
    "mine": "You coordinate no open case. A referral that you accept opens one.",
    "no-lead": "Every open case has a lead facilitator.",
    "cannot": "Nothing that is arranged is missing a check.",
    "open": "No case is open. A referral that is accepted opens one.",
    "closed": "No case is closed yet.",
}
SIDE_ORDER = {side: place for place, side in enumerate((Side.HARMED, Side.RESPONSIBLE, Side.NEITHER))}


def without_lead(cases: QuerySet[Case]) -> QuerySet[Case]:
    return cases.filter(~Exists(Assignment.objects.in_force().filter(case=OuterRef("pk"), role=AssignmentRole.LEAD)))


def with_can_go_ahead(cases: QuerySet[Case], today: dt.date) -> QuerySet[Case]:
    """`has_date`: something is planned for a day to come. `cannot_go_ahead`: one of the gate's checks that can be counted in
    the database is missing for it. The gate itself is asked when it matters, on the page and in the act."""
    ahead = Intervention.objects.filter(case=OuterRef("pk"), status__in=COMING, planned_for__date__gte=today)
    lead = Assignment.objects.in_force().filter(
        case=OuterRef("pk"),
        role=AssignmentRole.LEAD,
        sides=AssignmentSides.BOTH,
        practitioner__in=Practitioner.objects.all().may_open_cases(today),
    )
    main = Participant.objects.filter(case=OuterRef("pk"), role__in=MAIN_ROLES, left_at__isnull=True)
    agreed = Consent.objects.in_force().filter(
        person=OuterRef("person"),
        referral=OuterRef("case__referral"),
        purpose=ConsentPurpose.TAKE_PART,
        method=ConsentMethod.WRITTEN,
    )
    assessed = Assessment.objects.filter(
        participant=OuterRef("pk"),
        signed_at__isnull=False,
        superseded_at__isnull=True,
        good_until__gte=today,
        outcome__in=PERMITTING,
    )
    barred = LegalBar.objects.filter(person=OuterRef("person")).standing(today)
    not_ready = main.filter(~Exists(agreed) | ~Exists(assessed) | Exists(barred) | Q(person__died_on__isnull=False))
    whole = Exists(main.filter(side=Side.HARMED)) & Exists(main.filter(side=Side.RESPONSIBLE))
    signed_off = ~Q(is_sensitive=True) | Q(signed_off_at__isnull=False, specialist_consulted_on__isnull=False)
    ready = Exists(lead) & ~Exists(not_ready) & whole & signed_off & Q(status=CaseStatus.OPEN)
    return with_marks(cases).annotate(
        cannot_go_ahead=ExpressionWrapper(Exists(ahead) & ~ready, output_field=BooleanField())
    )


class CaseListView(GuardedListView):
    """Five saved states, four filters, pages by key. The number of statements never depends on the number of rows."""

    permission = "cases.view"
    template_name = "cases/list.html"
    model = Case

    @cached_property
    def shown(self) -> str:
        asked = self.request.GET.get("show", "")
        return asked if asked in dict(SHOWN) else "open"

    def narrowed(self, shown: str) -> QuerySet[Case]:
        cases = self.get_queryset()
        if shown == "closed":
            return cases.filter(status=CaseStatus.CLOSED)
        cases = cases.exclude(status=CaseStatus.CLOSED)
        if shown == "mine":
            return cases.filter(coordinator=self.request.user)
        if shown == "no-lead":
            return without_lead(cases)
        if shown == "cannot":
            return with_can_go_ahead(cases, timezone.localdate()).filter(cannot_go_ahead=True)
        return cases

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        rows = with_can_go_ahead(self.narrowed(self.shown), timezone.localdate())
        chosen = CaseFilter(self.request.GET, queryset=rows, request=self.request)
        page = keyset(chosen.qs.select_related("referral__incident"), order=ORDER, after=self.request.GET.get("after"))
        add_what_rows_show(page.rows)
        people = [one.person_id for row in page.rows for one in row.shown_people if not _names_stay_inside(row)]
        self.log_list(page.rows, people=people)
        filtered = any(self.request.GET.get(name) for name in chosen.filters if name != "show")
        here = reverse("cases:list")
        return super().get_context_data(
            page=page,
            table=CaseTable(page.rows),
            filter_form=chosen.form,
            total=capped_count(chosen.qs),
            items=[
                {
                    "label": label,
                    "url": f"{here}?show={name}",
                    "current": name == self.shown,
                    "count": capped_count(self.narrowed(name)),
                }
                for name, label in SHOWN
            ],
            shown_label=dict(SHOWN)[self.shown],
            empty_words="No case fits these filters." if filtered else EMPTY[self.shown],
            clear_url=f"{here}?show={self.shown}" if filtered else "",
            **kwargs,
        )


def _names_stay_inside(case: Case) -> bool:
    return case.is_sensitive or case.is_restricted


def add_what_rows_show(cases: list[Case]) -> None:
    """People by side, lead and next meeting of some cases: three statements for any number of them."""
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
        case.lead_name = leads.get(case.pk, "")
        case.next_meeting = meetings.get(case.pk)
