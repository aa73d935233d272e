"""The case desk: what is next, what is missing, the two sides with their wall, what happened, who works on it."""

from functools import cached_property
from typing import Any

from django.db.models import Q
from django.urls import reverse

from cases import policy
from cases.attention import TaskRow, rows_of, shown_with
from cases.choices import OPEN_COMMITMENTS, AssignmentRole, CaseStatus, InterventionStatus, Model
from cases.gate import Check, checks_for, needs_of
from cases.models import Assignment, CaseDocument, Closure, Commitment, Contact, Intervention, Invitation, Note
from cases.stopped import stopped_meetings, stops_of, stops_of_whole
from cases.views.case_page import CasePage
from cases.views.gate_page import address_of, asked_for, called
from cases.views.side_panels import side_panels
from cases.views.timeline import contact_entries, entries_of, events_of, newest
from referrals.models import SensitiveFlag, Task
from rj_service.ui.paging import keyset

COMING = (InterventionStatus.PLANNED, InterventionStatus.SCHEDULED, InterventionStatus.POSTPONED)
ON_THE_DESK = 6
SHOWN_MISSING = 6
NEXT_SHOWN = 2
TASKS_READ = 50


class DeskView(CasePage):
    """Two sides for those who may see both. For a practitioner of one side, that side alone, and no word of the other."""

    practitioners_by = "cases.view_assigned"
    part = "desk"

    def get_template_names(self) -> list[str]:
        return ["cases/my_case.html" if self.is_practitioner else "cases/desk.html"]

    def people_shown(self):
        return [one.person_id for one in self.people]

    def part_counts(self) -> dict[str, int]:
        """As the pages list them: a note with its additions, and drafts of one's own."""
        user = self.request.user
        notes = Note.objects.visible_to(user).filter(case=self.case)
        return {
            "notes": notes.filter(Q(adds_to__isnull=True) | Q(signed_at__isnull=True)).count(),
            "documents": CaseDocument.objects.visible_to(user).there().filter(case=self.case).count(),
        }

    @cached_property
    def meetings(self) -> list[Intervention]:
        coming = Intervention.objects.filter(case=self.case, status__in=COMING).select_related("place")
        return sorted(coming, key=lambda one: (one.planned_for is None, one.planned_for or one.planned_at))

    @cached_property
    def checks(self):
        """Of the next meeting; before there is one, of a face-to-face conference."""
        meeting = (
            self.meetings[0] if self.meetings else Intervention(case=self.case, model=Model.FACE_TO_FACE_CONFERENCE)
        )
        return checks_for(meeting, self.today)

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        missing = needs_of(self.checks)
        common = {
            "next_tasks": self.next_tasks,
            "panels": side_panels(
                self.case, self.people, sides=self.sides, today=self.today, reads_needs=not self.is_practitioner
            ),
            "meetings": [{"meeting": one, "called": called(one)} for one in self.meetings],
            "missing": [
                {"check": check, "title": asked_for(check), "address": self.address_of(check)}
                for check in missing[:SHOWN_MISSING]
            ],
            "missing_count": len(missing),
            "more_missing": len(missing[SHOWN_MISSING:]),
            "in_place_count": sum(not check.is_missing for check in self.checks),
            "may_plan": self.may_plan,
            **kwargs,
        }
        extra = self._for_practitioner(missing) if self.is_practitioner else self._for_staff()
        return super().get_context_data(**{**common, **extra})

    @cached_property
    def open_tasks(self) -> list[Task]:
        """Due first."""
        tasks = Task.objects.visible_to(self.request.user).open().filter(referral=self.case.referral_id)
        return list(shown_with(tasks).order_by("due_on", "id")[:TASKS_READ])

    @cached_property
    def next_tasks(self) -> list[TaskRow]:
        """Beside what is arranged and what is promised, which say their days themselves."""
        due = [one for one in self.open_tasks if one.kind not in (Task.Kind.SAFETY, Task.Kind.COMMITMENT)]
        return rows_of(due[:NEXT_SHOWN], self.request.user, self.today)

    def address_of(self, check: Check) -> str:
        if check.key == "verified" and policy.can_manage(self.request.user, self.case):
            return reverse("referrals:verification", args=[self.case.referral_id])
        return address_of(self.request.user, self.case, check, self.meetings[0] if self.meetings else None)

    def _for_practitioner(self, missing) -> dict[str, Any]:
        own = self.own_assignment
        one_side = len(self.sides & {"harmed", "responsible"}) == 1
        missing_on_own = [check for check in missing if check.side in self.sides]
        return {
            "own": own,
            "one_side": one_side,
            "missing": [] if one_side else missing[:SHOWN_MISSING],
            "own_side_ready": not missing_on_own,
            "own_side_missing": missing_on_own,
            "stops": stops_of(self.case, self.people, self.today),
            "is_ready": not missing,
            "back_url": "",
        }

    def _for_staff(self) -> dict[str, Any]:
        case, user = self.case, self.request.user
        contacts = Contact.objects.visible_to(user).filter(case=case).select_related("recorded_by")
        recent = entries_of(events_of(case).order_by("-id")[:ON_THE_DESK]) + contact_entries(
            contacts.order_by("-occurred_at", "-id")[:ON_THE_DESK]
        )
        promised = Commitment.objects.visible_to(user).filter(agreement__case=case, status__in=OPEN_COMMITMENTS)
        assignments = Assignment.objects.in_force().filter(case=case).select_related("practitioner__learner")
        safety = [one for one in self.open_tasks if one.kind == Task.Kind.SAFETY]
        return {
            "stops": stops_of_whole(case, self.people, self.today, safety),
            "stopped_meetings": stopped_meetings(case),
            "safety_tasks": safety,
            "held": Intervention.objects.filter(case=case, status=InterventionStatus.HELD).order_by("-held_on").first(),
            "promised": promised.select_related("responsible__person").order_by("due_on", "id")[:ON_THE_DESK],
            "closure": Closure.objects.filter(case=case, reopened_at__isnull=True).select_related("closed_by").first(),
            "entries": newest(recent, ON_THE_DESK),
            "lead": next((one for one in assignments if one.role == AssignmentRole.LEAD), None),
            "others": [one for one in assignments if one.role != AssignmentRole.LEAD],
            "asked": Invitation.objects.filter(case=case, answer__in=["waiting", "accepted", "reserve"])
            .exclude(case__status=CaseStatus.CLOSED)
            .exclude(practitioner__in=[one.practitioner_id for one in assignments])
            .select_related("practitioner__learner"),
            "flags": SensitiveFlag.objects.filter(referral=case.referral_id, cleared_at__isnull=True),
            "tasks": rows_of(self.open_tasks[:ON_THE_DESK], user, self.today),
            "may_manage": policy.can_manage(user, case),
            "may_sign_off": policy.can_sign_off(user, case),
            "may_assign": policy.can_assign(user, case),
            "may_close": policy.can_close(user, case),
        }


class HistoryView(CasePage):
    """Everything that happened, in pages."""

    permission = "cases.view"
    template_name = "cases/history.html"
    part = "history"

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        page = keyset(events_of(self.case), order=("-id",), after=self.request.GET.get("after"))
        return super().get_context_data(page=page, entries=entries_of(page.rows), **kwargs)
