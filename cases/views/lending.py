"""Facilitators across areas: what is arranged, who is asked for, lent, at work."""

from functools import cached_property
from typing import Any, ClassVar

from django.urls import reverse
from django.utils import timezone

from cases import actions, policy
from cases.choices import AssignmentRole, LoanStatus
from cases.filters import LoanFilter
from cases.forms.lending import NAME, AnswerLoanForm, ArrangementForm, AskForFacilitatorForm, BeginLoanForm
from cases.models import Arrangement, Loan
from cases.views.assigning import asked_role
from cases.views.case_page import CaseForm
from rj_service.accounts.models import ServiceArea
from rj_service.accounts.views import GuardedActionView, GuardedDetailView, GuardedFormView, GuardedListView
from rj_service.accounts.views.guarded import ObjectMixin
from rj_service.ui.references import spoken
from volunteers.models import Practitioner

ARRANGEMENTS_SHOWN = 25
STATES = {LoanStatus.ASKED: "soon", LoanStatus.LENT: "soon", LoanStatus.WORKING: "ok"}


class Lent:
    """A loan as either area reads it: what is needed and who is lent, of the case only where it is."""

    def __init__(self, loan: Loan, area_id) -> None:
        self.loan = loan
        self.is_asked_of_us = loan.home_id == area_id
        self.other = loan.service_area if self.is_asked_of_us else loan.home

    @property
    def direction(self) -> str:
        return f"{'Asked of us by' if self.is_asked_of_us else 'We asked'} {self.other.name}"

    @property
    def state(self) -> tuple[str, str]:
        return STATES.get(LoanStatus(self.loan.status), "wait"), self.loan.get_status_display()

    @property
    def who(self) -> str:
        return self.loan.practitioner.name if self.loan.practitioner else "Nobody yet"

    @property
    def can_answer(self) -> bool:
        return self.is_asked_of_us and self.loan.status == LoanStatus.ASKED

    @property
    def can_begin(self) -> bool:
        return not self.is_asked_of_us and self.loan.status == LoanStatus.LENT

    @property
    def end_words(self) -> str:
        if self.loan.status == LoanStatus.WORKING:
            return "End it"
        return "Take it back" if self.loan.status in (LoanStatus.ASKED, LoanStatus.LENT) else ""

    @property
    def facts(self) -> list[dict[str, Any]]:
        loan = self.loan
        return [
            {"label": "For", "value": loan.service_area.name},
            {"label": "From", "value": loan.home.name},
            {"label": "Place on the case", "value": loan.get_role_display(), "note": loan.get_sides_display()},
            {"label": "What is needed", "value": loan.words},
            {"label": "Who is lent", "value": self.who},
        ]


def with_names(loans):
    return loans.select_related("service_area", "home", "practitioner__learner", "asked_by")


class ArrangementsView(GuardedListView):
    """The loans under way, and below them what is arranged."""

    permission = "cases.assign"
    model = Loan
    template_name = "cases/arrangements.html"
    heading = "Facilitators across areas"
    thing = "loan"
    empty = "No facilitator is asked for or lent now. To ask another area for one, open the assignment desk of a case."
    filter_class = LoanFilter
    order = ("asked_at", "id")
    order_words = "longest ago first"
    columns: ClassVar = {
        "Direction": lambda row: row.direction,
        "Place on the case": lambda row: row.loan.get_role_display(),
        "Sides": lambda row: row.loan.get_sides_display(),
        "What is needed": lambda row: row.loan.words,
        "Who": lambda row: row.who,
        "State": lambda row: row.loan.get_status_display(),
    }

    def narrowed(self):
        return self.get_queryset().under_way()

    def show(self, rows):
        return with_names(rows)

    def row_of(self, found):
        return Lent(found, self.acting.service_area_id)

    def get_context_data(self, **kwargs):
        user, today, area = self.request.user, self.today, self.acting.service_area_id
        seen = Arrangement.objects.all().visible_to(user).not_ended().select_related("one", "other")
        may = policy.can_arrange(user, area)
        return super().get_context_data(
            **kwargs,
            arrangements=[
                {
                    "arrangement": one,
                    "other": one.other if one.one_id == area else one.one,
                    "is_in_force": one.is_in_force(today),
                    "can_agree": may and one.agreed_at is None and one.other_id == area,
                    "can_end": may,
                }
                for one in seen.order_by("starts_on", "id")[:ARRANGEMENTS_SHOWN]
            ],
            may_propose=may,
            crumbs=[("Cases", reverse("cases:list")), ("Facilitators across areas", "")],
        )


class ProposeArrangementView(GuardedFormView):
    permission = "referrals.grant"
    form_class = ArrangementForm
    template_name = "ui/question.html"
    success_message = "It is proposed. It counts once a manager of the other area agrees"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"own_area": self.acting.service_area_id}

    def perform(self, form):
        area = ServiceArea.objects.get(pk=self.acting.service_area_id)
        return actions.propose_arrangement(
            area=area, by=self.request.user, today=timezone.localdate(), **form.cleaned_data
        )

    def get_success_url(self):
        return reverse("cases:arrangements")

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **{
                "heading": "Propose an arrangement with another area",
                "lead": "Each area may then ask the other for a facilitator, case by case.",
                "button": "Propose it",
                "back_url": self.get_success_url(),
                **kwargs,
            }
        )


class OfArrangement(GuardedActionView):
    abstract = True
    model = Arrangement
    pk_name = "arrangement"

    def get_queryset(self):
        return super().get_queryset().not_ended()

    def get_success_url(self):
        return reverse("cases:arrangements")


class AgreeArrangementView(OfArrangement):
    permission = "referrals.grant"
    success_message = "The arrangement is agreed"

    def get_queryset(self):
        return super().get_queryset().filter(other=self.acting.service_area_id)

    def perform(self):
        actions.agree_arrangement(arrangement=self.object, by=self.request.user)


class EndArrangementView(OfArrangement):
    permission = "referrals.grant"
    success_message = "The arrangement has ended"

    def perform(self):
        actions.end_arrangement(arrangement=self.object, by=self.request.user, today=timezone.localdate())


class AskForFacilitatorView(CaseForm):
    permission = "cases.assign"
    form_class = AskForFacilitatorForm
    heading = "Ask another area for a facilitator"
    button = "Ask"
    lead = "They read what you write here and nothing of the case. Whoever they name begins when you let them."
    success_message = "The other area is asked."

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"own_area": self.case.service_area_id, "today": self.today}

    def get_initial(self):
        return {"role": asked_role(self.request.GET) if "role" in self.request.GET else AssignmentRole.CO_FACILITATOR}

    def perform(self, form):
        return actions.ask_for_facilitator(case=self.case, by=self.request.user, today=self.today, **form.cleaned_data)

    def get_back_url(self) -> str:
        return self.case_url("assignment-desk")


class OneLoan(ObjectMixin):
    model = Loan
    pk_name = "loan"

    def get_queryset(self):
        return with_names(super().get_queryset())

    @cached_property
    def row(self) -> Lent:
        return Lent(self.object, self.acting.service_area_id)


class LoanView(OneLoan, GuardedDetailView):
    permission = "cases.assign"
    template_name = "cases/loan.html"

    def get_queryset(self):
        return super().get_queryset().select_related("case")

    def get_context_data(self, **kwargs):
        row = self.row
        return super().get_context_data(
            **kwargs,
            row=row,
            reference_words="" if row.is_asked_of_us else spoken(self.object.case.reference),
            crumbs=[("Facilitators across areas", reverse("cases:arrangements")), (row.direction, "")],
        )


class AnswerLoanView(OneLoan, GuardedFormView):
    permission = "cases.assign"
    form_class = AnswerLoanForm
    template_name = "cases/answer_loan.html"
    success_message = "The other area reads your answer"

    def get_queryset(self):
        return super().get_queryset().filter(home=self.acting.service_area_id, status=LoanStatus.ASKED)

    def get(self, request, *args, **kwargs):
        self.read(self.object)
        return super().get(request, *args, **kwargs)

    def get_form_kwargs(self):
        own = Practitioner.objects.visible_to(self.request.user).with_readiness(timezone.localdate())
        ready = own.filter(ready=True, learner__user__isnull=False).order_by("learner__last_name", "pk")
        self.object  # noqa: B018 (what is not theirs is not there)
        return super().get_form_kwargs() | {"ready": ready}

    def perform(self, form):
        data, by = form.cleaned_data, self.request.user
        if data["answer"] != NAME:
            return actions.refuse_loan(loan=self.object, by=by)
        today = timezone.localdate()
        return actions.name_facilitator(loan=self.object, practitioner=data["practitioner"], by=by, today=today)

    def get_success_url(self):
        return reverse("cases:arrangements")

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **{
                "row": self.row,
                "heading": "Another area asks for a facilitator",
                "caption": self.row.direction,
                "button": "Send the answer",
                "back_url": reverse("cases:loan", args=[self.object.pk]),
                **kwargs,
            }
        )


class BeginLoanView(OneLoan, GuardedFormView):
    """The same question as before an assignment: whoever begins sees the case at once."""

    permission = "cases.assign"
    form_class = BeginLoanForm
    template_name = "cases/begin_loan.html"
    success_message = "They work on the case from now, and see it"

    def check_permission(self) -> None:
        super().check_permission()
        self.object  # noqa: B018 (what is not theirs is not there)

    def get_queryset(self):
        return super().get_queryset().filter(service_area=self.acting.service_area_id, status=LoanStatus.LENT)

    def perform(self, form):
        asked = form.cleaned_data["not_asked"]
        return actions.begin_loan(loan=self.object, not_asked=asked, by=self.request.user, today=timezone.localdate())

    def get_success_url(self):
        return reverse("cases:loan", args=[self.object.pk])

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **{
                "row": self.row,
                "case_id": self.object.case_id,
                "heading": f"Let {self.row.who} begin",
                "caption": self.row.direction,
                "button": "Let them begin",
                "back_url": reverse("cases:loan", args=[self.object.pk]),
                **kwargs,
            }
        )


class EndLoanView(OneLoan, GuardedActionView):
    """Taken back before they begin, ended afterwards: by either area."""

    permission = "cases.assign"
    success_message = "It has ended"

    def perform(self):
        end = actions.end_loan if self.object.status == LoanStatus.WORKING else actions.take_back_loan
        end(loan=self.object, by=self.request.user, today=timezone.localdate())

    def get_success_url(self):
        return reverse("cases:arrangements")
