"""The page that an agency's link opens, without an account: what is asked about whom, and one answer."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView, TemplateView
from django.views.generic.base import View

from referrals.actions import answer_by_link, link_by_secret, request_by_link
from referrals.choices import RecipientKind
from referrals.forms import AgencyAnswerForm
from referrals.models import InformationRequest
from rj_service.accounts.errors import DomainError, StaleState
from rj_service.ui.references import spoken
from rj_service.ui.templatetags.ui import day

IN_SESSION = "agency_link"
FOR_SECONDS = 60 * 60


class AnswerLinkView(View):
    """Exchanges the secret of the address for the link's id in the session at once.

    A link that has ended leads on as well, and is told so there: an error's line in a log would name the address.
    """

    http_method_names = ["get", "head"]

    def get(self, request, token: str) -> HttpResponse:
        request.session.pop(IN_SESSION, None)
        try:
            request.session[IN_SESSION] = str(link_by_secret(token))
        except StaleState:
            pass
        if not request.user.is_authenticated:
            request.session.set_expiry(FOR_SECONDS)
        response = HttpResponseRedirect(reverse("referrals:answer"))
        response["Referrer-Policy"] = "no-referrer"  # the secret goes nowhere from here
        return response


class AnswerView(FormView):
    """Shows the least by which an agency finds one person in its own records: name, date of birth, our reference, and the
    crime reference to the officer in the case alone, whose records are kept by it. Nothing says on which side the person
    is, who the other one is, what happened, or how anybody is reached: whoever reads a mailbox opens this page too.
    """

    http_method_names = ["get", "post", "head", "options"]
    form_class = AgencyAnswerForm
    template_name = "referrals/answer.html"

    def dispatch(self, request, *args, **kwargs) -> HttpResponseBase:
        self.link_id = request.session.get(IN_SESSION)
        try:
            self.asked = request_by_link(self.link_id, page=request.resolver_match.view_name)
            return super().dispatch(request, *args, **kwargs)
        except StaleState:
            return render(request, "errors/410.html", status=410)

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        return super().get_context_data(asked=self.asked, facts=facts_for_agency(self.asked), **kwargs)

    def form_valid(self, form) -> HttpResponse:
        try:
            answer_by_link(link_id=self.link_id, today=timezone.localdate(), **form.given)
        except StaleState:
            raise
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
            return self.form_invalid(form)
        del self.request.session[IN_SESSION]
        return HttpResponseRedirect(reverse("referrals:answer-done"))

    def form_invalid(self, form) -> HttpResponse:
        response = super().form_invalid(form)
        response.status_code = 422
        return response


class AnswerDoneView(TemplateView):
    http_method_names = ["get", "head"]
    template_name = "referrals/answer_done.html"


def facts_for_agency(asked: InformationRequest) -> list[dict[str, str]]:
    """All that the page tells of a person. What is not here is not shown."""
    person, referral = asked.person, asked.referral
    by_crime = asked.recipient_kind == RecipientKind.OFFICER and referral.incident.crime_reference
    facts = [
        ("About", person.name),
        ("Born", day(person.date_of_birth) if person.date_of_birth else ""),
        ("Your crime reference", referral.incident.crime_reference if by_crime else ""),
        ("Our reference", spoken(referral.reference) if asked.names_area else ""),
        ("Asked for", ", ".join(asked.asked_for_words)),
        ("Answer by", day(asked.due_on)),
    ]
    return [{"label": label, "value": value} for label, value in facts if value]
