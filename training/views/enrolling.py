"""Enrolling: find the learner, look whether they can begin, and give them a place or a number on the waiting list."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.db.models import OuterRef, Subquery
from django.http import Http404
from django.urls import reverse

from rj_service.lists.finding import FoundByName
from rj_service.ui.forms import GovukForm
from rj_service.ui.templatetags.ui import day
from training import actions, forms, policy
from training.choices import EnrolmentStatus
from training.filters import LearnerFilter
from training.models import Enrolment, Learner, Session
from training.views.asking import AboutCohort, Confirming, OfCohort
from training.views.learners import NewLearner

HERE = {
    EnrolmentStatus.ENROLLED: "Has a place",
    EnrolmentStatus.WAITING: "On the waiting list",
    EnrolmentStatus.COMPLETED: "Has completed it",
}


class Enrol(AboutCohort, FoundByName):
    """Whoever could learn, with how they stand to this cohort."""

    permission = "training.manage"
    model = Learner
    template_name = "training/enrol.html"
    heading = "Enrol a learner"
    thing = "learner"
    empty = "No learner fits these filters. Somebody new is registered first."
    filter_class = LearnerFilter
    order = ("last_name", "first_name", "id")
    order_words = "by last name"
    no_file = "A step of enrolling: learners have a list of their own, with a file"

    def narrowed(self):
        here = Enrolment.objects.filter(cohort=self.cohort, learner=OuterRef("pk"))
        return self.get_queryset().with_training().annotate(status_here=Subquery(here.values("status")[:1]))

    def complete(self, rows):
        for learner in rows:
            learner.here = HERE.get(learner.status_here, "")

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        back = reverse("training:cohort", args=[self.cohort.pk])
        return super().get_context_data(
            cohort=self.cohort, places=places_in_words(self.cohort), back_url=back, **kwargs
        )


def places_in_words(cohort) -> str:
    left = max(0, policy.places_left(cohort))
    return f"{left} of {cohort.maximum} places are left" if left != 1 else f"1 of {cohort.maximum} places is left"


class EnrolLearner(Confirming, OfCohort):
    """One learner: why they cannot begin, or what happens when they are enrolled."""

    template_name = "training/enrol_learner.html"
    heading, button = "Enrol this learner", "Enrol this learner"

    def check_permission(self):
        super().check_permission()
        _ = self.learner

    @cached_property
    def learner(self) -> Learner:
        visible = Learner.objects.visible_to(self.request.user).select_related("organisation", "user")
        found = visible.filter(pk=self.kwargs["learner"]).first()
        if found is None:
            raise Http404
        return found

    @cached_property
    def again(self) -> str:
        return policy.same_again(self.learner, self.cohort, self.today)

    @cached_property
    def stands_in_the_way(self) -> str:
        if self.cohort.completed_at is not None:
            return "The cohort is completed"
        standing = self.cohort.enrolments.filter(learner=self.learner).exclude(status=EnrolmentStatus.DROPPED_OUT)
        if standing.exists():
            return f"{self.learner.name} is in this cohort already"
        return self.cannot_begin

    @cached_property
    def cannot_begin(self) -> str:
        return policy.block_to_enrol(self.learner, self.cohort, self.today)

    def get_form_class(self):
        return forms.AgainForm if self.again and not self.stands_in_the_way else GovukForm

    def facts(self):
        learner, first = (
            self.learner,
            Session.objects.taking_place().filter(cohort=self.cohort).order_by("held_on").first(),
        )
        facts = [
            {"label": "Learner", "value": learner.name},
            {"label": "Organisation", "value": learner.organisation.name if learner.organisation else "None"},
            {"label": "Course", "value": self.cohort.course.name},
            {"label": "First session", "value": day(first.held_on) if first else "No date yet"},
            {"label": "Places", "value": places_in_words(self.cohort)},
        ]
        if self.again and not self.stands_in_the_way:
            facts.append({"label": "Twice?", "value": f"{self.again}", "state": "soon"})
        return facts

    def consequences(self):
        return [] if self.stands_in_the_way else [self._place(), self._told()]

    def _place(self) -> str:
        quota = policy.quota_reached(self.cohort, self.learner)
        if policy.has_places(self.cohort) and not quota:
            return "They have a place."
        number = Enrolment.objects.filter(cohort=self.cohort).waiting().count() + 1
        return f"{quota or 'Every place is taken'}: they are number {number} on the waiting list."

    def _told(self) -> str:
        if self.learner.user is not None:
            return "They are told in the service, and by email that there is an update."
        if self.learner.email:
            return "They are told the dates by email, once they have a place and the dates are confirmed."
        return "Nobody tells them but you: they have no account here and no email address."

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        elsewhere = reverse("training:other-training", args=[self.learner.pk]) if self.cannot_begin else ""
        way = {"stands_in_the_way": self.stands_in_the_way, "elsewhere_url": elsewhere}
        return super().get_context_data(**way, **kwargs)

    def back_url(self):
        return reverse("training:enrol", args=[self.cohort.pk])

    def get_success_url(self):
        return reverse("training:cohort", args=[self.cohort.pk])

    def perform(self, form):
        enrolment = actions.enrol(
            cohort=self.cohort, learner=self.learner, today=self.today, by=self.request.user, **form.cleaned_data
        )
        number, name = actions.waiting_number(enrolment), self.learner.name
        words = f"{name} is number {number} on the waiting list." if number else f"{name} has a place."
        messages.success(self.request, words)
        return enrolment


class EnrolSomebodyNew(AboutCohort, NewLearner):
    """Registered first, so that nothing is typed twice; then looked at as anybody else."""

    heading, button = "Register somebody new", "Register and go on"

    def caption(self):
        return self.cohort.title

    def back_url(self):
        return reverse("training:enrol", args=[self.cohort.pk])

    def get_success_url(self):
        return reverse("training:enrol-learner", args=[self.cohort.pk, self.result.pk])
