"""The public pages for who would like to volunteer: what is looked for, one question after the other, check, sent."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from django.views.generic import TemplateView

from rj_service.accounts.acting import acting_as, system_user
from rj_service.accounts.errors import StaleState
from rj_service.accounts.models import ServiceArea
from rj_service.public_forms.pages import CheckPage, PublicForm, QuestionPage
from volunteers.actions import send_application
from volunteers.forms.applying import HEADINGS, STEPS, area_of, new_application
from volunteers.models import Campaign

APPLICATION = PublicForm("volunteering", "unsent_application", "volunteer", "volunteer-start", STEPS, HEADINGS)


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


class VolunteerQuestion(QuestionPage):
    asks = APPLICATION

    def named(self) -> dict[str, Any]:
        return {
            "caption": "Volunteer",
            "neutral_title": f"Volunteer: {self.step.title.lower()}",
            "step": self.step.key,
            "kept_months": settings.RJ_APPLICATION_MONTHS,
        }


class VolunteerCheck(CheckPage):
    asks = APPLICATION
    neutral_title = "Volunteer: check your answers"

    def led_elsewhere(self) -> HttpResponse | None:
        return self.check(status=422) if area_of(self.progress.cleaned) is None else None

    @sensitive_variables()
    def send(self) -> str:
        cleaned, today = self.progress.cleaned, timezone.localdate()
        area = area_of(cleaned)
        if area is None:
            raise StaleState("Nobody here serves this place any more.")
        new = new_application(cleaned, area=area, today=today)
        return send_application(key=self.key, area=area, new=new, today=today).reference


class VolunteerSent(TemplateView):
    template_name = "volunteering/sent.html"
    http_method_names = ["get", "head", "options"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(reference=self.request.session.pop(APPLICATION.reference, ""), **kwargs)
