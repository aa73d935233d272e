"""What every page of one case shares: the case from `visible_to`, the sides that this person may see, the frame."""

import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from cases import actions, policy
from cases.models import Assignment, Case, Participant
from cases.querysets import assigned_today
from referrals.models import Restriction, SensitiveFlag
from rj_service.accounts.roles import Role
from rj_service.accounts.views import GuardedActionView, GuardedFormView, GuardedTemplateView, GuardedView
from rj_service.ui.references import spoken

NAME_INSIDE = "Name shown inside"
EVERY_SIDE = policy.EVERY_SIDE


def with_marks(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Whether names stay inside (`is_sensitive`, `is_restricted`), one statement for any number of rows."""
    flags = SensitiveFlag.objects.filter(referral=OuterRef("referral"), cleared_at__isnull=True)
    return cases.annotate(
        is_sensitive=Exists(flags), is_restricted=Exists(Restriction.objects.filter(referral=OuterRef("referral")))
    )


def first_name_and_initial(person) -> str:
    """'Maureen O': how a volunteer's phone names a person."""
    if person.is_organisation:
        return person.organisation_name
    return f"{person.first_name} {person.last_name[:1]}".strip()


class OfCase(GuardedView):
    """A page under `/cases/<pk>/`. Everything on it is resolved through the case, so mismatched ids are 404."""

    abstract = True
    permission = "cases.view"
    practitioners_by: str | None = None  # the permission that opens the page to the practitioner on the case
    part = ""

    @classmethod
    def opened_by(cls) -> frozenset[str]:
        return super().opened_by() | ({cls.practitioners_by} if cls.practitioners_by else set())

    def check_permission(self) -> None:
        super().check_permission()
        self.case  # noqa: B018 (what is not theirs is not there, whatever else the address names)

    @property
    def is_practitioner(self) -> bool:
        return self.acting is not None and self.acting.role == Role.PRACTITIONER

    @cached_property
    def today(self):
        return timezone.localdate()

    @cached_property
    def case(self) -> Case:
        seen = with_marks(Case.objects.visible_to(self.request.user))
        found = (
            seen.select_related("referral__incident", "coordinator", "supervisor", "service_area")
            .filter(pk=self.kwargs["pk"])
            .first()
        )
        if found is None:
            raise Http404
        return found

    @cached_property
    def own_assignment(self) -> Assignment | None:
        return assigned_today(self.request.user).filter(case=self.case).first()

    @cached_property
    def sides(self) -> frozenset[str]:
        """The sides that this person may see: a practitioner's are named by the assignment."""
        return policy.sides_open_to(self.request.user, self.case, self.today)

    @cached_property
    def may_plan(self) -> bool:
        return policy.can_plan(self.request.user, self.case, self.today)

    @property
    def participants(self) -> QuerySet[Participant]:
        return (
            Participant.objects.visible_to(self.request.user)
            .filter(case=self.case)
            .select_related("person")
            .order_by("side", "role", "added_at", "id")
        )

    @cached_property
    def people(self) -> list[Participant]:
        return list(self.participants.filter(left_at__isnull=True))

    def child(self, queryset: QuerySet, name: str, **conditions) -> Any:
        """The row of this case that the address names."""
        found = queryset.filter(pk=self.kwargs[name], **(conditions or {"case": self.case})).first()
        if found is None:
            raise Http404
        return found

    @cached_property
    def participant(self) -> Participant:
        return self.child(self.participants, "participant")

    def people_shown(self) -> Iterable[uuid.UUID]:
        return ()

    @property
    def raise_concern_url(self) -> str:
        return reverse("referrals:raise-concern-on", args=[self.case.referral_id])

    def case_url(self, name: str, *args) -> str:
        return reverse(f"cases:{name}", args=[self.case.pk, *args])

    def render_to_response(self, context, **kwargs):
        self.read(self.case, people=self.people_shown())
        return super().render_to_response(context, **kwargs)

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        return super().get_context_data(
            **{
                "case": self.case,
                "caption": f"Case {spoken(self.case.reference)}",
                "reference_words": spoken(self.case.reference),
                "is_practitioner": self.is_practitioner,
                "parts": self.parts(),
                "today": self.today,
                "raise_concern_url": self.raise_concern_url,
                "days_open": (self.today - self.case.opened_on).days,
                "days_in_stage": (self.today - timezone.localdate(self.case.stage_since)).days,
                **kwargs,
            }
        )

    def parts(self) -> list[dict[str, Any]]:
        user, counts = self.request.user, self.part_counts()
        return [
            {"label": label, "url": self.case_url(name), "current": name == self.part, "count": counts.get(name)}
            for label, name, permission in PARTS
            if (name in FOR_PRACTITIONERS if self.is_practitioner else user.may(permission))
        ]

    def part_counts(self) -> dict[str, int]:
        """Name of a part -> how much this user would find there."""
        return {}


PARTS = [
    ("Desk", "desk", "cases.view"),
    ("People", "people", "cases.view"),
    ("Contacts", "contacts", "cases.view"),
    ("Visits", "visits", "cases.view"),
    ("Notes", "notes", "cases.view"),
    ("Assessments", "assessments", "cases.assess"),
    ("Meetings and letters", "meetings", "cases.view"),
    ("Agreement", "agreement", "cases.view"),
    ("Documents", "documents", "cases.view"),
    ("Surveys", "surveys", "cases.survey"),
    ("Everything that happened", "history", "cases.view"),
]
FOR_PRACTITIONERS = {
    "desk", "people", "contacts", "visits", "notes", "assessments", "meetings", "agreement", "documents",
}  # fmt: skip


class CasePage(OfCase, GuardedTemplateView):
    abstract = True


class CaseForm(OfCase, GuardedFormView):
    """A form of a case. `heading`, `button`, `lead`, `side` and `back` are what `ui/question.html` shows."""

    abstract = True
    template_name = "ui/question.html"
    heading = ""
    button = "Continue"
    lead = ""

    def get_side(self) -> str:
        return ""

    def get_back_url(self) -> str:
        return self.case_url("desk")

    def get_success_url(self) -> str:
        return self.get_back_url()

    def get_heading(self) -> str:
        return self.heading

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        return super().get_context_data(
            **{
                "heading": self.get_heading(),
                "button": self.button,
                "lead": self.lead,
                "side": self.get_side(),
                "back_url": self.get_back_url(),
                **kwargs,
            }
        )


@contextmanager
def shown_again(form) -> Iterator[None]:
    """A `ShownMixin` form that is refused because something else stands by now, shows that: sent again, it is meant."""
    try:
        yield
    except actions.ChangedMeanwhile as changed:
        form.show_again(changed.mark)
        raise


class CaseConfirm(CaseForm):
    """Before an act that leaves the service or cannot be undone."""

    abstract = True
    template_name = "ui/confirm.html"

    def get_facts(self) -> list[dict[str, Any]]:
        return []

    def get_consequences(self) -> list[str]:
        return []

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        return super().get_context_data(
            **{
                "facts": self.get_facts(),
                "consequences": self.get_consequences(),
                "cancel_url": self.get_back_url(),
                "back_url": "",
                **kwargs,
            }
        )


class CaseAction(OfCase, GuardedActionView):
    """A button of a case."""

    abstract = True
    model = Case

    def get_success_url(self) -> str:
        return self.case_url("desk")
