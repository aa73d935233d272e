"""How learners found a course: asked, answered by a link or on their own page, entered by staff, and read without names."""

from collections import Counter
from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import FormView, TemplateView
from django.views.generic.base import View

from rj_service.accounts.errors import DomainError
from rj_service.accounts.views import GuardedActionView, GuardedDetailView
from rj_service.ui.forms import GovukForm
from rj_service.ui.views import link_ended
from training import actions, forms
from training.choices import FeedbackScale
from training.models import Cohort, Enrolment, Feedback
from training.views.asking import OfEnrolment, TrainingForm

IN_SESSION = "training_feedback_link"
FOR_SECONDS = 60 * 60
QUESTIONS = (("course_was", "The course"), ("trainers_were", "The trainers"), ("venue_was", "Venue and refreshments"))


class FeedbackOfCohort(GuardedDetailView):
    """Counts and words; who said what stays away from the page."""

    permission = "training.manage"
    model = Cohort
    template_name = "training/feedback.html"

    def get_queryset(self):
        return super().get_queryset().select_related("course")

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        asked = Feedback.objects.filter(enrolment__cohort=self.object)
        answers = sorted(asked.filter(answered_at__isnull=False), key=lambda one: one.pk)  # in no order of their coming
        tables = []
        for name, label in QUESTIONS:
            counted = Counter(getattr(one, name) for one in answers)
            tables.append((label, [(scale.label, counted[scale.value]) for scale in FeedbackScale], counted[""]))
        owing = self.object.enrolments.on_the_register().exclude(feedback__answered_at__isnull=False)
        return super().get_context_data(
            answered=len(answers),
            asked=asked.count(),
            tables=tables,
            ready=sum(one.feels_ready is True for one in answers),
            ready_of=sum(one.feels_ready is not None for one in answers),
            words=[one.words for one in answers if one.words],
            owing=owing.select_related("learner__user", "feedback").order_by(
                "learner__last_name", "learner__first_name", "pk"
            ),
            **kwargs,
        )


class AskForFeedback(GuardedActionView):
    permission = "training.manage"
    model = Cohort
    success_message = (
        "They are asked. Whoever has no account and no email answers on paper, or by a link that you give them."
    )

    def perform(self):
        return actions.ask_for_feedback(cohort=self.object, today=timezone.localdate(), by=self.request.user)

    def get_success_url(self):
        return reverse("training:feedback-of-cohort", args=[self.object.pk])


class EnterFeedback(OfEnrolment):
    form_class = forms.FeedbackForm
    heading, button = "What they told us", "Save"
    success_message = "Their answers are saved."

    def back_url(self):
        return reverse("training:feedback-of-cohort", args=[self.cohort.pk])

    def perform(self, form):
        return actions.enter_feedback(enrolment=self.enrolment, answers=form.answers(), by=self.request.user)


class GiveFeedbackLink(OfEnrolment):
    """Shown once: only its SHA-256 is kept."""

    template_name = "ui/confirm.html"
    form_class = GovukForm
    heading, button = "Make a link for their answers", "Make the link"

    def back_url(self):
        return reverse("training:feedback-of-cohort", args=[self.cohort.pk])

    def get_context_data(self, **kwargs):
        told = [
            "It works once, without an account.",
            "An earlier link of theirs ends.",
            "You see it once: pass it on at once.",
        ]
        return super().get_context_data(cancel_url=self.back_url(), consequences=told, **kwargs) | {"back_url": ""}

    def form_valid(self, form):
        try:
            secret = actions.give_feedback_link(enrolment=self.enrolment, by=self.request.user)
        except DomainError as error:
            form.add_error(None, error.message)
            return self.form_invalid(form)
        link = f"{settings.BASE_URL}{reverse('training:feedback-link', args=[secret])}"
        shown = self.get_context_data(form=form) | {"link": link, "back_url": self.back_url()}
        response = render(self.request, "training/feedback_link.html", shown)
        response["Cache-Control"] = "no-store"
        return response


class OwnFeedback(TrainingForm):
    """On the learner's own account."""

    permission = "training.view_own"
    form_class = forms.FeedbackForm
    heading, button = "How was the course?", "Send my answers"
    lead = "Your name is not shown with your answers."
    success_message = "Your answers are saved."

    def check_permission(self):
        super().check_permission()
        _ = self.feedback

    @property
    def feedback(self) -> Feedback:
        own = Enrolment.objects.visible_to(self.request.user).values("pk")
        open_ones = Feedback.objects.filter(enrolment__in=own, answered_at__isnull=True)
        found = open_ones.select_related("enrolment__cohort__course", "enrolment__learner")
        return get_object_or_404(found, enrolment=self.kwargs["enrolment"])

    def caption(self):
        return self.feedback.enrolment.cohort.course.name

    def back_url(self):
        return reverse("volunteers:me")

    def perform(self, form):
        return actions.give_feedback(feedback=self.feedback, answers=form.answers(), by=self.request.user)

    def get_success_url(self):
        return reverse("volunteers:me")


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response


class FeedbackLink(View):
    """Exchanges the secret of the address for its SHA-256 in the session at once: it is in no history entry that follows."""

    http_method_names = ["get", "head"]

    def get(self, request, token: str) -> HttpResponse:
        try:
            request.session[IN_SESSION] = actions.feedback_link_by_secret(token)
        except DomainError:
            return link_ended(request)
        if not request.user.is_authenticated:
            request.session.set_expiry(FOR_SECONDS)
        response = _private(HttpResponseRedirect(reverse("training:feedback")))
        response["Referrer-Policy"] = "no-referrer"
        return response


@method_decorator(never_cache, name="dispatch")
class PublicFeedback(FormView):
    http_method_names = ["get", "post", "head", "options"]
    form_class = forms.FeedbackForm
    template_name = "training/public_feedback.html"

    def dispatch(self, request, *args, **kwargs) -> HttpResponse:
        try:
            self.feedback = actions.feedback_by_link(request.session.get(IN_SESSION, ""))
        except DomainError:
            return link_ended(request)
        response = super().dispatch(request, *args, **kwargs)
        if hasattr(response, "render"):
            response.render()
        return _private(response)

    def get_context_data(self, **kwargs):
        return super().get_context_data(course=self.feedback.enrolment.cohort.course.name, **kwargs)

    def form_valid(self, form) -> HttpResponse:
        try:
            actions.answer_by_link(link=self.request.session[IN_SESSION], answers=form.answers())
        except DomainError:
            return link_ended(self.request)
        del self.request.session[IN_SESSION]
        return HttpResponseRedirect(reverse("training:feedback-done"))

    def form_invalid(self, form) -> HttpResponse:
        response = super().form_invalid(form)
        response.status_code = 422
        return response


class FeedbackDone(TemplateView):
    http_method_names = ["get", "head"]
    template_name = "training/feedback_done.html"
