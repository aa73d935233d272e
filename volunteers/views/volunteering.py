"""The public pages for who would like to volunteer: what is looked for, one question after the other, check, sent."""

import uuid
from functools import cached_property
from typing import Any

from django.conf import settings
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.generic import TemplateView
from django.views.generic.base import View

from rj_service.accounts.acting import acting_as, system_user
from rj_service.accounts.errors import StaleState
from rj_service.accounts.models import ServiceArea
from rj_service.ui.steps import Progress, Step, typed
from volunteers.actions import (
    TooManyTries,
    count_application_try,
    keep_application,
    send_application,
    unsent_application,
)
from volunteers.forms.applying import HEADINGS, STEPS, area_of, new_application
from volunteers.models import ApplicationTry, Campaign

KEY, REFERENCE = "unsent_application", "application_reference"
TRAP = "website"  # a box that people do not see and programs fill in


class VolunteerStart(TemplateView):
    """What a volunteer does and what is advertised today. No cookie is set here."""

    template_name = "volunteering/start.html"
    http_method_names = ["get", "head", "options"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        areas = list(ServiceArea.objects.all())
        with acting_as(system_user("public"), areas=areas):
            open_ones = Campaign.objects.advertised(timezone.localdate()).select_related("service_area")
            campaigns = list(open_ones.prefetch_related("local_areas").order_by("service_area__name", "title"))
        return super().get_context_data(campaigns=campaigns, **kwargs)


class VolunteerOpportunity(TemplateView):
    """The papers of one that is advertised; any other is not there."""

    template_name = "volunteering/opportunity.html"
    http_method_names = ["get", "head", "options"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        areas = list(ServiceArea.objects.all())
        with acting_as(system_user("public"), areas=areas):
            found = Campaign.objects.advertised(timezone.localdate()).select_related("service_area")
            campaign = found.filter(pk=kwargs["campaign"]).first()
            if campaign is None:
                raise Http404
            places, partners = list(campaign.local_areas.all()), list(campaign.partners.all())
        back_url = reverse("volunteer-start")
        return super().get_context_data(
            **{**kwargs, "campaign": campaign}, places=places, partners=partners, back_url=back_url
        )


@method_decorator(sensitive_post_parameters(), name="dispatch")
class _FormPage(View):
    http_method_names = ["get", "post", "head", "options"]
    template_name = ""

    @cached_property
    def key(self) -> uuid.UUID | None:
        kept = self.request.session.get(KEY)
        return uuid.UUID(kept) if kept else None

    @cached_property
    def progress(self) -> Progress:
        return STEPS.read(unsent_application(self.key) or {})

    @property
    def is_over(self) -> bool:
        """They had begun, and nothing is kept any more: sent in another window, or half an hour without a word."""
        had_begun = self.key is not None or self.kwargs.get("question") != STEPS[0].key
        return had_begun and not self.progress.cleaned

    def over(self) -> HttpResponse:
        self.request.session.pop(KEY, None)
        context = {"minutes": settings.RJ_UNSENT_MINUTES, "begin_url": self.address(STEPS[0])}
        return render(self.request, "volunteering/over.html", context, status=410)

    def too_many(self, refused: TooManyTries) -> HttpResponse:
        context = {"again_at": refused.again_at, "minutes": settings.RJ_UNSENT_MINUTES}
        return render(self.request, "volunteering/too_many.html", context, status=429)

    def address(self, step: Step | None) -> str:
        return reverse("volunteer-question", args=[step.key]) if step else reverse("volunteer-check")


class VolunteerQuestion(_FormPage):
    template_name = "volunteering/question.html"

    @property
    def step(self) -> Step:
        found = next((step for step in STEPS if step.key == self.kwargs["question"]), None)
        if found is None:
            raise Http404
        return found

    def get(self, request: HttpRequest, question: str) -> HttpResponse:
        return self.turned_away() or self.page_of(self.progress.form(self.step))

    @sensitive_variables()
    def post(self, request: HttpRequest, question: str) -> HttpResponse:
        if refused := self.turned_away():
            return refused
        form = self.progress.form(self.step, request.POST)
        if not form.is_valid() or request.POST.get(TRAP):
            return self.page_of(form, status=422)
        if self.key is None:
            try:
                count_application_try(ApplicationTry.Kind.BEGIN, network_of(request))
            except TooManyTries as refused_:
                return self.too_many(refused_)
        return self.keep(form)

    def turned_away(self) -> HttpResponse | None:
        asked = self.step
        if self.is_over:
            return self.over()
        if self.progress.step(asked.key) is None:
            return HttpResponseRedirect(self.address(self.progress.current))
        return None

    def keep(self, form: Form) -> HttpResponse:
        was_complete = self.progress.is_complete
        key = keep_application(self.key, self.step.key, typed(form))
        self.request.session[KEY] = str(key)
        progress = STEPS.read(unsent_application(key) or {})
        following = progress.current if was_complete else progress.after(self.step)
        return HttpResponseRedirect(self.address(following))

    def page_of(self, form: Form, status: int = 200) -> HttpResponse:
        before = self.progress.before(self.step)
        heading, lead = HEADINGS.get(self.step.key, ("", ""))
        context = {
            "form": form,
            "heading": heading,
            "lead": lead,
            "step": self.step.key,
            "kept_months": settings.RJ_APPLICATION_MONTHS,
            "neutral_title": f"{'Error: ' if status == 422 else ''}Volunteer: {self.step.title.lower()}",
            "caption": "Volunteer",
            "back_url": self.address(before) if before else reverse("volunteer-start"),
        }
        return render(self.request, self.template_name, context, status=status)


class VolunteerCheck(_FormPage):
    template_name = "volunteering/check.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.turned_away() or self.check()

    @sensitive_variables()
    def post(self, request: HttpRequest) -> HttpResponse:
        if refused := self.turned_away():
            return refused
        area = area_of(self.progress.cleaned)
        if area is None or request.POST.get(TRAP):
            return self.check(status=422)
        today = timezone.localdate()
        try:
            count_application_try(ApplicationTry.Kind.SEND, network_of(request))
            new = new_application(self.progress.cleaned, area=area, today=today)
            application = send_application(key=self.key, area=area, new=new, today=today)
        except TooManyTries as too_many:
            return self.too_many(too_many)
        except StaleState:
            return self.over()
        del request.session[KEY]
        request.session[REFERENCE] = application.reference
        return HttpResponseRedirect(reverse("volunteer-sent"))

    def turned_away(self) -> HttpResponse | None:
        if self.is_over:
            return self.over()
        if not self.progress.is_complete:
            return HttpResponseRedirect(self.address(self.progress.current))
        return None

    def check(self, status: int = 200) -> HttpResponse:
        context = {
            "sections": self.progress.sections(self.address),
            "neutral_title": "Volunteer: check your answers",
            "back_url": self.address(self.progress.asked[-1]),
            "button": "Send",
        }
        return render(self.request, self.template_name, context, status=status)


class VolunteerSent(TemplateView):
    template_name = "volunteering/sent.html"
    http_method_names = ["get", "head", "options"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(reference=self.request.session.pop(REFERENCE, ""), **kwargs)


def network_of(request: HttpRequest) -> str:
    """Where a request came from, seen through as many proxies as this service stands behind (RJ_PROXIES)."""
    passed = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    if 0 < settings.RJ_PROXIES <= len(passed):
        return passed[-settings.RJ_PROXIES]
    return request.META.get("REMOTE_ADDR", "")
