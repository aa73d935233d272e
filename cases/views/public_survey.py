"""The survey of a person's own link: neutral title, quick exit, no cookie but the session's, and the link works once."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import FormView, TemplateView
from django.views.generic.base import View

from cases import actions
from cases.forms import PublicSurveyForm
from rj_service.accounts.errors import DomainError

IN_SESSION = "survey_link"
FOR_SECONDS = 60 * 60


def gone(request) -> HttpResponse:
    return _private(render(request, "errors/410.html", status=410))


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response


class SurveyLinkView(View):
    """Exchanges the secret of the address for its SHA-256 in the session at once: it is in no history entry that follows."""

    http_method_names = ["get", "head"]

    def get(self, request, token: str) -> HttpResponse:
        try:
            request.session[IN_SESSION] = actions.survey_link_by_secret(token)
        except DomainError:
            return gone(request)
        if not request.user.is_authenticated:
            request.session.set_expiry(FOR_SECONDS)
        response = _private(HttpResponseRedirect(reverse("cases:survey")))
        response["Referrer-Policy"] = "no-referrer"  # the secret goes nowhere from here
        return response


@method_decorator(never_cache, name="dispatch")
class SurveyView(FormView):
    http_method_names = ["get", "post", "head", "options"]
    form_class = PublicSurveyForm
    template_name = "cases/public_survey.html"

    def dispatch(self, request, *args, **kwargs) -> HttpResponse:
        try:
            self.invitation = actions.invitation_by_link(request.session.get(IN_SESSION, ""))
        except DomainError:
            return gone(request)
        response = super().dispatch(request, *args, **kwargs)
        if hasattr(response, "render"):
            response.render()
        return _private(response)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"side": self.invitation.side}

    def form_valid(self, form) -> HttpResponse:
        try:
            actions.answer_survey_by_link(
                link=self.request.session[IN_SESSION],
                overall=form.cleaned_data["overall"],
                answers=form.answers,
                words=form.cleaned_data["words"],
                today=timezone.localdate(),
            )
        except DomainError:
            return gone(self.request)
        del self.request.session[IN_SESSION]
        return HttpResponseRedirect(reverse("cases:survey-done"))

    def form_invalid(self, form) -> HttpResponse:
        response = super().form_invalid(form)
        response.status_code = 422
        return response


class SurveyDoneView(TemplateView):
    template_name = "cases/survey_done.html"

    def render_to_response(self, context, **kwargs) -> HttpResponse:
        return _private(super().render_to_response(context, **kwargs))
