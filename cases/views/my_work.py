"""A practitioner's own pages, for a phone: what is next, what to answer, my cases."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from django.utils import timezone

from cases.attention import rows_of, tasks
from cases.changes import shown_to
from cases.choices import InterventionStatus, VisitStatus
from cases.gate import checks_for, is_open
from cases.models import Assignment, Case, Contact, Intervention, Invitation, Participant
from cases.querysets import assigned_today
from cases.views.case_page import NAME_INSIDE, first_name_and_initial, with_marks
from cases.views.gate_page import called
from cases.views.lists import quiet_before
from cases.views.side_panels import MAIN_ROLES
from cases.views.visits import own_visits, visit_card
from rj_service.accounts.scoping import row_by_row
from rj_service.accounts.views import GuardedListView
from volunteers.models import Practitioner
from volunteers.readiness import readiness_of

TASKS_SHOWN = 15
VISITS_SHOWN = 5
COMING = (InterventionStatus.SCHEDULED, InterventionStatus.PLANNED, InterventionStatus.POSTPONED)


class MyCasesView(GuardedListView):
    """Cases assigned to the person today, with the people of their own side only."""

    permission = "cases.view_assigned"
    model = Case
    template_name = "cases/mine.html"
    heading = "My cases"
    empty = "No case is assigned to you. When a coordinator assigns you to one, it stands here."
    order = ("-opened_on", "-id")
    order_words = "newest first"
    no_file = "Who works on a case takes no list of its people away"

    def narrowed(self):
        return with_marks(self.get_queryset())

    def complete(self, rows: list[Case]) -> None:
        """Four statements for any number of cases."""
        user = self.request.user
        own = {one.case_id: one for one in assigned_today(user).filter(case__in=rows)}
        people, meetings, last = defaultdict(list), {}, {}
        seen = Participant.objects.visible_to(user).filter(case__in=rows, left_at__isnull=True, role__in=MAIN_ROLES)
        for one in seen.select_related("person").order_by("side", "added_at"):
            people[one.case_id].append(one)
        coming = Intervention.objects.filter(case__in=rows, status__in=COMING).order_by("-planned_for", "-planned_at")
        meetings = {one.case_id: one for one in coming}
        contacts = Contact.objects.visible_to(user).filter(case__in=rows).order_by("case", "-occurred_at", "-id")
        last = {one.case_id: one for one in contacts.distinct("case")}
        for case in rows:
            hidden = case.is_sensitive or case.is_restricted
            case.shown_people = [] if hidden else [one.person_id for one in people[case.pk]]
            case.card = self._card(case, own[case.pk], people[case.pk], meetings.get(case.pk), last.get(case.pk))

    def row_of(self, found: Case) -> dict[str, Any]:
        return found.card

    def people_on(self, found: Case) -> list[UUID]:
        return found.shown_people

    def _card(self, case: Case, own: Assignment, people, meeting, last) -> dict[str, Any]:
        hidden = case.is_sensitive or case.is_restricted
        names = [NAME_INSIDE] if hidden else [first_name_and_initial(one.person) for one in people]
        return {
            "case": case,
            "names": ", ".join(names) or "Nobody named yet",
            "sides": own.sides,
            "role": own.get_role_display(),
            "meeting": meeting,
            "called": called(meeting) if meeting else "",
            "last": last,
            "is_quiet": (timezone.localdate(last.occurred_at) if last else case.opened_on) < quiet_before(self.today),
        }


class MyWorkView(MyCasesView):
    """The next meeting first; whether it can go ahead, and never why not if the reason is on the other side."""

    permission = "cases.view_assigned"
    template_name = "cases/my_work.html"

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        own = Invitation.objects.filter(practitioner__learner__user=self.request.user)
        names_open = set(own.with_names_open(self.request.user, self.today).values_list("pk", flat=True))
        invitations = list(own.open().order_by("answer_by", "id"))
        for one in invitations:
            one.asks_for_names = one.pk in names_open  # type: ignore[attr-defined]
        user = self.request.user
        to_do = tasks(user, self.today, shown=TASKS_SHOWN)
        return super().get_context_data(
            next=self._next(self.rows),
            visits=self._visits(),
            invitations=invitations,
            about_me=self._about_me(),
            is_registered=Practitioner.objects.visible_to(user).exists(),  # whoever is lent claims at home
            tasks=rows_of(to_do.open, user, self.today),
            tasks_number=to_do.number,
            **shown_to(user, self.acting.service_area_id, self.request.session.get("began")),
            **kwargs,
        )

    def _visits(self) -> list[dict[str, Any]]:
        """Where they are now, then what comes, the nearest first."""
        user = self.request.user
        visits = list(own_visits(user)[:VISITS_SHOWN])
        seen = with_marks(Case.objects.visible_to(user)).in_bulk({one.case_id for one in visits})
        open_cases = {key for key, case in seen.items() if not (case.is_sensitive or case.is_restricted)}
        cards = [visit_card(one, user, hidden=one.case_id not in open_cases) for one in visits]
        if visits and visits[0].status == VisitStatus.PLANNED:
            cards[0]["is_next"] = True
        if shown := [one.participant.person_id for one in visits if one.case_id in open_cases]:
            self.read(kind="list", label="cases.visit", ids=[one.pk for one in visits], people=shown)
        return cards

    def _next(self, cards: list[dict[str, Any]]) -> dict[str, Any] | None:
        dated = [
            card
            for card in cards
            if card["meeting"]
            and card["meeting"].planned_for
            and timezone.localdate(card["meeting"].planned_for) >= self.today
        ]
        if not dated:
            return None
        postponed = InterventionStatus.POSTPONED
        card = min(dated, key=lambda one: (one["meeting"].status == postponed, one["meeting"].planned_for))
        return card | {"is_ready": is_open(checks_for(card["meeting"], self.today))}

    def _about_me(self) -> list[dict[str, Any]]:
        own = row_by_row(Practitioner).filter(learner__user=self.request.user).with_readiness(self.today).first()
        if own is None:
            return []
        return [{"label": line.label, "value": line.words, "state": line.state} for line in readiness_of(own).lines]
