"""Certificates: printed for whoever holds the award, and checked by anybody who has one in hand; dates for a calendar."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import FormView

from rj_service.accounts.views import GuardedDetailView
from rj_service.documents.downloads import printed
from training import actions, forms
from training.models import Award, Cohort
from training.papers import calendar_of_cohort, certificate


class _OfOneself(GuardedDetailView):
    """Of the area's training, and for a practitioner of their own."""

    abstract = True
    permission = "training.view"

    @classmethod
    def opened_by(cls) -> frozenset[str]:
        return frozenset(["training.view", "training.view_own"])


class Certificate(_OfOneself):
    model = Award
    pk_name = "award"

    def get_queryset(self):
        return super().get_queryset().standing().select_related("learner__service_area", "course", "enrolment__cohort")

    def get(self, request, *args, **kwargs) -> HttpResponse:
        self.read(self.object, kind="download")
        return printed(certificate(self.object), "certificate.pdf")


class CohortCalendar(_OfOneself):
    model = Cohort

    def get(self, request, *args, **kwargs) -> HttpResponse:
        self.read(self.object, kind="download")
        response = HttpResponse(calendar_of_cohort(self.object), content_type="text/calendar; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="course-dates.ics"'
        response["Cache-Control"] = "no-store"
        return response


@method_decorator(never_cache, name="dispatch")
class CheckCertificate(FormView):
    """Whether a certificate in somebody's hand is real. It answers with the course, its days and initials: enough to see that
    paper and person belong together, and nothing that would tell a stranger who was trained here. The code goes by POST, so
    that no address holds it."""

    http_method_names = ["get", "post", "head", "options"]
    form_class = forms.CodeForm
    template_name = "training/check_certificate.html"

    def form_valid(self, form) -> HttpResponse:
        found = actions.certificate_by_code(form.cleaned_data["code"], today=timezone.localdate())
        context: dict[str, Any] = self.get_context_data(form=form, found=found, was_asked=True)
        return self.render_to_response(context)

    def form_invalid(self, form) -> HttpResponse:
        response = super().form_invalid(form)
        response.status_code = 422
        return response
