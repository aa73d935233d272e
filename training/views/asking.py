"""What the pages of training share: the lists beside each other, and a form about one thing."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from rj_service.accounts.models import ServiceArea
from rj_service.accounts.views import GuardedFormView
from training.models import Cohort, Enrolment, Session

LISTS = (
    ("Cohorts", "list"),
    ("Courses", "courses"),
    ("Learners", "learners"),
    ("Awards", "awards"),
    ("Packages", "packages"),
    ("Trained to refer", "trained-to-refer"),
)


class Parts:
    """The lists of training, on each of them."""

    part = ""

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        items = [
            {"label": label, "url": reverse(f"training:{name}"), "current": name == self.part} for label, name in LISTS
        ]
        return super().get_context_data(items=items, may_manage=self.request.user.may("training.manage"), **kwargs)


class TrainingForm(GuardedFormView):
    abstract = True
    permission = "training.manage"
    template_name = "ui/question.html"
    heading = ""
    button = "Save"
    lead = ""

    @property
    def today(self):
        return timezone.localdate()

    @property
    def area(self) -> ServiceArea:
        return ServiceArea.objects.get(pk=self.acting.service_area_id)

    def caption(self) -> str:
        return ""

    def back_url(self) -> str:
        return reverse("training:list")

    def get_success_url(self):
        return self.back_url()

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        shown = {"heading": self.heading, "button": self.button, "lead": self.lead, "caption": self.caption()}
        return super().get_context_data(**{**shown, "back_url": self.back_url(), **kwargs})


class Confirming:
    """A page before something that leaves the service or cannot be undone."""

    template_name = "ui/confirm.html"

    def consequences(self) -> list[str]:
        raise NotImplementedError

    def facts(self) -> list[dict[str, Any]]:
        return []

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        shown = {"cancel_url": self.back_url(), "consequences": self.consequences(), "facts": self.facts()}
        return super().get_context_data(**shown, back_url="", **kwargs)


class AboutCohort:
    """A page about the cohort of the address, or about one of its sessions or enrolments."""

    def check_permission(self):
        super().check_permission()
        _ = self.cohort  # 404 before anything is shown

    @property
    def cohort(self) -> Cohort:
        if not hasattr(self, "_cohort"):
            visible = Cohort.objects.visible_to(self.request.user).select_related("course", "package")
            self._cohort = get_object_or_404(visible, **self.of_address())
        return self._cohort

    def of_address(self) -> dict[str, Any]:
        return {"pk": self.kwargs["pk"]}


class OfCohort(AboutCohort, TrainingForm):
    abstract = True

    def caption(self):
        return self.cohort.title

    def back_url(self):
        return reverse("training:cohort", args=[self.cohort.pk])


class OfSession(OfCohort):
    abstract = True

    def of_address(self) -> dict[str, Any]:
        return {"sessions": self.kwargs["session"]}

    @property
    def session(self) -> Session:
        if not hasattr(self, "_session"):
            sessions = self.cohort.sessions.select_related("cohort__package", "cohort__course", "makes_up_for")
            self._session = get_object_or_404(sessions, pk=self.kwargs["session"])
        return self._session


class OfEnrolment(OfCohort):
    abstract = True

    def of_address(self) -> dict[str, Any]:
        return {"enrolments": self.kwargs["enrolment"]}

    @property
    def enrolment(self) -> Enrolment:
        enrolments = self.cohort.enrolments.select_related("learner", "cohort")
        return get_object_or_404(enrolments, pk=self.kwargs["enrolment"])

    def caption(self):
        return f"{self.enrolment.learner.name}, {self.cohort.course.name}"
