"""A referral becomes a case; the person responsible is named."""

from functools import cached_property

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from cases import actions
from cases.forms import IdentifyForm
from cases.models import Case
from cases.views.case_page import CaseForm
from referrals.models import Referral
from rj_service.accounts.errors import DomainError, NotAllowed
from rj_service.accounts.views import GuardedView


class AcceptReferralView(GuardedView):
    """The button of triage. Whoever comes second is told who was first and lands on the one case."""

    permission = "cases.open"
    http_method_names = ["post", "options"]

    @cached_property
    def referral(self) -> Referral:
        found = Referral.objects.casework_for(self.request.user).filter(pk=self.kwargs["referral"]).first()
        if found is None:
            raise Http404
        return found

    def post(self, request, *args, **kwargs):
        try:
            case = actions.accept_referral(
                referral=self.referral,
                by=request.user,
                today=timezone.localdate(),
                seen=request.POST.get("seen") or None,
            )
        except NotAllowed:
            raise
        except DomainError as error:
            messages.warning(request, error.message)
            return HttpResponseRedirect(self._where_it_is())
        messages.success(request, "Accepted. The case is open.")
        return HttpResponseRedirect(reverse("cases:desk", args=[case.pk]))

    def _where_it_is(self) -> str:
        case = Case.objects.visible_to(self.request.user).filter(referral=self.referral).first()
        if case is not None:
            return reverse("cases:desk", args=[case.pk])
        return reverse("referrals:detail", args=[self.referral.pk])


class IdentifyResponsibleView(CaseForm):
    """The person responsible was not known when the case was opened."""

    permission = "cases.manage"
    form_class = IdentifyForm
    heading = "Name the person responsible"
    lead = "Nobody is contacted by naming them."
    button = "Add the person responsible"
    success_message = "The person responsible is in the case."

    def perform(self, form):
        return actions.identify_person_responsible(
            case=self.case, by=self.request.user, today=self.today, **form.cleaned_data
        )

    def get_side(self) -> str:
        return "responsible"

    def get_back_url(self) -> str:
        return self.case_url("people")
