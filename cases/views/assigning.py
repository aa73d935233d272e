"""The assignment desk: who can, who could, who cannot and why; asking without a name, assigning, ending."""

from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import Http404, QueryDict

from cases import actions
from cases.choices import AssignmentRole, InterventionStatus
from cases.filters import AT_THE_MEETING, DeskFilter
from cases.forms import AssignForm, EndAssignmentForm
from cases.matching import ORDER_WORDS, Group, Need
from cases.models import Assignment, Invitation
from cases.views.candidates import MORE, NAMES, Asked, asked_role, candidates_for, need_of, next_meeting
from cases.views.case_page import CaseConfirm, CaseForm, CasePage
from referrals.working_days import add_working_days
from rj_service.lists.forms import FindForm
from rj_service.lists.models import Search
from rj_service.lists.searching import keep_search, kept_search
from rj_service.ui.filters import chosen, coded
from rj_service.ui.templatetags.ui import when
from volunteers.choices import Language
from volunteers.models import Practitioner

COMING = (InterventionStatus.PLANNED, InterventionStatus.SCHEDULED, InterventionStatus.POSTPONED)


class AssignmentDeskView(CasePage):
    permission = "cases.assign"
    template_name = "cases/assignment_desk.html"

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        role = asked_role(self.request.GET)
        working = list(Assignment.objects.in_force().filter(case=self.case).select_related("practitioner__learner"))
        meeting = next_meeting(self.case, COMING)
        need = need_of(
            self.case,
            role=role,
            meeting=meeting,
            beside=[one.practitioner.level for one in working],
        )
        group, start = _asked_part(self.request.GET)
        desk = candidates_for(
            self.case,
            need,
            by=self.request.user,
            today=self.today,
            meeting=meeting,
            group=group,
            start=start,
            asked=self.asked,
        )
        form, query = self.filters.form, self.request.GET
        tags = [*self._named_tag(), *chosen(form, query)]
        return super().get_context_data(
            role=role,
            role_label=AssignmentRole(role).label,
            other_role=AssignmentRole.CO_FACILITATOR if role == AssignmentRole.LEAD else AssignmentRole.LEAD,
            working=working,
            needs=self._needs(need, working),
            candidates=desk,
            parts_shown=[one for one in desk.parts if group is None or one.group == group],
            back_to=max(1, start - MORE) if start > 1 else None,
            only=group is not None,
            order_words=ORDER_WORDS,
            back_url=self.case_url("desk"),
            filter_form=form,
            chosen=tags,
            kept=self._kept,
            found_nobody=bool(tags) and not any(part.number for part in desk.parts),
            find_form=FindForm(),
            find_url=f"{self.case_url('find-practitioner')}?role={role}{self._kept}",
            **kwargs,
        )

    @cached_property
    def filters(self) -> DeskFilter:
        return DeskFilter(self.request.GET, queryset=Practitioner.objects.none(), request=self.request)

    @cached_property
    def named(self) -> Search | None:
        """The words that this person typed, kept for a day."""
        self.filters.form.is_valid()
        key = self.filters.form.cleaned_data.get("named")
        return kept_search(key, self.request.user)

    @property
    def asked(self) -> Asked:
        def narrow(rows):
            return DeskFilter(self.request.GET, queryset=rows, request=self.request).qs

        words = self.named.words if self.named else ""
        return Asked(narrow, words, self.filters.form.cleaned_data.get("free") == AT_THE_MEETING)

    @cached_property
    def _kept(self) -> str:
        """The filters for the links to the other pages of the desk, less the part itself."""
        kept = QueryDict(coded(self.filters.form, self.request.GET), mutable=True)
        for name in ("role", "list"):
            kept.pop(name, None)
        return f"&{kept.urlencode()}" if any(kept.values()) else ""

    def _named_tag(self) -> list[dict[str, str]]:
        if self.named is None:
            return []
        rest = self.request.GET.copy()
        for name in ("named", "from"):
            rest.pop(name, None)
        return [{"label": f"Name: {self.named.words}", "url": f"?{rest.urlencode()}"}]

    def _needs(self, need: Need, working: list[Assignment]) -> list[dict[str, Any]]:
        beside = [f"{one.practitioner.name}, {one.get_role_display().lower()}" for one in working]
        level = "Any"
        if need.wants_advanced:
            level = "Advanced, or beside an Advanced: the case is sensitive"
        elif need.wants_experience:
            level = "Intermediate or Advanced, or beside one of them"
        return [
            {"label": "Place", "value": AssignmentRole(need.role).label},
            {"label": "Level", "value": level},
            {"label": "Beside", "value": "; ".join(beside) or "Nobody yet"},
            {"label": "When", "value": when(need.meets_at) if need.meets_at else "No date yet"},
            {"label": "Where", "value": need.area_name or "Not known", "note": _measured_from(need)},
            *({"label": "Language", "value": Language(code).label} for code in sorted(need.languages)),
        ]


def _measured_from(need: Need) -> str:
    """What near means here. Nobody's address is looked at: not that of a person of the case, nor a practitioner's."""
    own = "the local areas that each person works in, seen from the local area of what happened"
    if not need.outward_code:
        return f"Near is told by {own}. No venue with a postcode is chosen yet."
    return f"Near is told by the postcode district of the venue, {need.outward_code}, then by {own}."


def _asked_part(asked: QueryDict) -> tuple[Group | None, int]:
    """The part of the desk that the address asks for, and where it goes on. What is no number begins at the first."""
    group = next((one for one, name in NAMES.items() if name == asked.get("list")), None)
    start = asked.get("from", "")
    return group, max(1, int(start)) if group is not None and start.isdecimal() and len(start) < 6 else 1


class FindPractitionerView(CaseForm):
    """A name on the desk: typed, kept, and never in an address."""

    permission = "cases.assign"
    form_class = FindForm
    heading = "Find somebody by name"
    button = "Find"

    def get_back_url(self) -> str:
        return f"{self.case_url('assignment-desk')}?role={asked_role(self.request.GET)}"

    def perform(self, form):
        return keep_search(words=form.cleaned_data["words"], by=self.request.user)

    def get_success_url(self) -> str:
        asked = self.request.GET.copy()
        asked["role"], asked["named"] = asked_role(asked), str(self.result.pk)
        return f"{self.case_url('assignment-desk')}?{asked.urlencode()}"


class OfPractitioner:
    @cached_property
    def practitioner(self) -> Practitioner:
        seen = Practitioner.objects.visible_to(self.request.user).select_related("learner")
        found = seen.filter(pk=self.kwargs["practitioner"]).first()
        if found is None:
            raise Http404
        return found

    def get_back_url(self) -> str:
        return f"{self.case_url('assignment-desk')}?role={asked_role(self.request.GET)}"

    def get_initial(self):
        return {"role": asked_role(self.request.GET)}


class AssignView(OfPractitioner, CaseForm):
    permission = "cases.assign"
    form_class = AssignForm
    button = "Assign"
    success_message = "Assigned. The case is open to them now."

    def get_heading(self) -> str:
        return f"Assign {self.practitioner.name}"

    def get_form_kwargs(self):
        asked = actions.knows_nobody_of(self.case, self.practitioner)
        return super().get_form_kwargs() | {"asked": asked}

    def get_initial(self):
        given = self._place()
        if given["role"] != AssignmentRole.LEAD:
            return given
        return given | {"assess_by": add_working_days(self.today, settings.RJ_TASK_DAYS["assess"])}

    def _place(self) -> dict[str, Any]:
        asked = Invitation.objects.filter(case=self.case, practitioner=self.practitioner).open()
        invitation = asked.order_by("-invited_at").first()
        if invitation is not None:
            return {"role": invitation.role, "sides": invitation.sides}
        return super().get_initial() | {"sides": None}

    def perform(self, form):
        return actions.assign(
            case=self.case,
            practitioner=self.practitioner,
            by=self.request.user,
            today=self.today,
            **form.cleaned_data,
        )

    def get_success_url(self) -> str:
        return self.case_url("desk")


class EndAssignmentView(CaseConfirm):
    permission = "cases.assign"
    form_class = EndAssignmentForm
    heading = "End this assignment"
    button = "End the assignment"
    success_message = "The assignment has ended. The case is closed to them."

    @cached_property
    def assignment(self) -> Assignment:
        return self.child(Assignment.objects.in_force().select_related("practitioner__learner"), "assignment")

    def get_facts(self):
        one = self.assignment
        return [
            {"label": "Who", "value": one.practitioner.name},
            {"label": "Place", "value": one.get_role_display(), "note": one.get_sides_display()},
        ]

    def get_consequences(self):
        return [
            "They lose sight of this case at once",
            "A meeting or letter that is arranged needs somebody in their place",
        ]

    def perform(self, form):
        return actions.end_assignment(
            assignment=self.assignment, reason=form.cleaned_data["reason"], by=self.request.user, today=self.today
        )
