"""A practitioner's own: courses that are offered, a place asked for, a place given up."""

from django.contrib import messages
from django.db.models import OuterRef, Subquery
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from rj_service.accounts.views import GuardedActionView, GuardedListView
from training import actions, forms
from training.choices import EnrolmentStatus
from training.models import Cohort, Enrolment
from training.views.asking import TrainingForm

UNDER_WAY = [EnrolmentStatus.ENROLLED, EnrolmentStatus.WAITING]


class OfferedCourses(GuardedListView):
    permission = "training.view_own"
    model = Cohort
    template_name = "training/offered.html"
    heading = "Courses that you can ask for"
    thing = "course"
    empty = "No course with confirmed dates is coming. You are told when one is that you have a place on."
    order = ("created_at", "id")
    order_words = "in the order in which they were planned"
    no_file = "what is offered to one person, on one page"

    def get_queryset(self):
        return Cohort.objects.offered_to(self.request.user, self.today).select_related("course").with_places()

    def show(self, rows):
        own = Enrolment.objects.filter(cohort=OuterRef("pk"), learner__user=self.request.user, status__in=UNDER_WAY)
        return rows.annotate(own=Subquery(own.values("pk")[:1]), own_status=Subquery(own.values("status")[:1]))


class AskForPlace(GuardedActionView):
    permission = "training.view_own"
    model = Cohort

    def get_queryset(self):
        return Cohort.objects.offered_to(self.request.user, timezone.localdate()).select_related("course")

    def perform(self):
        enrolment = actions.ask_for_place(cohort=self.object, today=timezone.localdate(), by=self.request.user)
        number = actions.waiting_number(enrolment)
        words = f"You are number {number} on the waiting list." if number else "You have a place."
        messages.success(self.request, words)

    def get_success_url(self):
        return reverse("training:offered")


class GiveUpPlace(TrainingForm):
    permission = "training.view_own"
    form_class = forms.GiveUpForm
    heading, button = "Give up your place", "Give up my place"
    lead = "Whoever waits first has it at once, so that it cannot be taken back."
    success_message = "Your place is given up."

    def check_permission(self):
        super().check_permission()
        _ = self.enrolment

    @property
    def enrolment(self) -> Enrolment:
        own = Enrolment.objects.visible_to(self.request.user).filter(status__in=UNDER_WAY)
        return get_object_or_404(own.select_related("learner", "cohort__course"), pk=self.kwargs["enrolment"])

    def caption(self):
        return self.enrolment.cohort.course.name

    def back_url(self):
        return reverse("training:offered")

    def perform(self, form):
        return actions.give_up_place(
            enrolment=self.enrolment, **form.cleaned_data, today=self.today, by=self.request.user
        )

    def get_success_url(self):
        return reverse("training:offered")
