"""Learners, their places, the register by phone, results and packs."""

from typing import Any

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from rj_service.accounts.views import GuardedDetailView
from rj_service.ui.forms import GovukForm
from rj_service.ui.templatetags.ui import day
from training import actions, forms
from training.models import Award, Course, Learner, OtherTraining
from training.views.asking import Confirming, OfCohort, OfEnrolment, OfSession, TrainingForm
from training.views.cohorts import moved_up


class LearnerRecord(GuardedDetailView):
    permission = "training.view"
    model = Learner
    pk_name = "learner"
    template_name = "training/learner.html"

    def get_queryset(self):
        return super().get_queryset().select_related("organisation", "practitioner")

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        learner, user = self.object, self.request.user
        enrolments = learner.enrolments.with_full_attendance().select_related("cohort__course").order_by("-enrolled_at")
        return super().get_context_data(
            enrolments=enrolments,
            elsewhere=learner.other_training.with_ends().select_related("stands_for"),
            may_manage=user.may("training.manage"),
            awards=Award.objects.filter(learner=learner).select_related("course").order_by("-awarded_on"),
            practitioner=getattr(learner, "practitioner", None),
            may_see_practitioner=user.may("volunteers.view"),
            may_register=user.may("volunteers.manage"),
            today=timezone.localdate(),
            **kwargs,
        )


class NewLearner(TrainingForm):
    form_class = forms.LearnerForm
    heading, button = "Register a learner", "Register this learner"
    success_message = "The learner is registered."

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "area_id": self.acting.service_area_id}

    def perform(self, form):
        return actions.register_learner(area=self.area, by=self.request.user, **form.cleaned_data)

    def get_success_url(self):
        return reverse("training:learner", args=[self.result.pk])

    def back_url(self):
        return reverse("training:learners")


class _OfLearner(TrainingForm):
    abstract = True

    def check_permission(self):
        super().check_permission()
        _ = self.learner

    @property
    def learner(self) -> Learner:
        if not hasattr(self, "_learner"):
            visible = Learner.objects.visible_to(self.request.user)
            self._learner = get_object_or_404(visible, pk=self.kwargs["learner"])
        return self._learner

    def caption(self):
        return self.learner.name

    def back_url(self):
        return reverse("training:learner", args=[self.learner.pk])


class ChangeLearner(_OfLearner):
    form_class = forms.LearnerForm
    heading, button = "Change what is known of this learner", "Save"
    success_message = "It is changed."

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "area_id": self.acting.service_area_id}

    def get_initial(self):
        return {name: getattr(self.learner, name) for name in forms.LearnerForm.base_fields}

    def perform(self, form):
        return actions.change_learner(learner=self.learner, by=self.request.user, **form.cleaned_data)


class LinkAccount(_OfLearner):
    permission = "volunteers.manage"
    form_class = forms.AccountForm
    heading, button = "Which account is theirs?", "Link this account"
    lead = "Accounts of practitioners that belong to no learner yet. It cannot be changed afterwards: look twice."
    success_message = "The account is linked."

    def get_form_kwargs(self):
        accounts = actions.accounts_to_link(self.acting.service_area_id, self.today)
        return {**super().get_form_kwargs(), "accounts": accounts.order_by("last_name", "first_name")}

    def perform(self, form):
        return actions.link_account(
            learner=self.learner, user=form.cleaned_data["user"], today=self.today, by=self.request.user
        )


class Register(OfSession):
    """The register of one session, by phone."""

    form_class = forms.RegisterForm
    template_name = "training/register.html"
    heading, button = "Take the register", "Save the register"
    success_message = "The register is saved."

    def get_form_kwargs(self):
        register = actions.register_of(self.session).select_related("learner")
        return {
            **super().get_form_kwargs(),
            "enrolments": list(register.order_by("learner__last_name", "learner__first_name", "pk")),
        }

    def get_initial(self):
        present = self.session.attendances.filter(attended=True).values_list("enrolment", flat=True)
        return {"present": [str(pk) for pk in present]}

    def get_context_data(self, **kwargs):
        return super().get_context_data(session=self.session, **kwargs)

    def perform(self, form):
        actions.record_attendance(
            session=self.session, present=form.ids(), today=timezone.localdate(), by=self.request.user
        )


class CompleteCohort(Confirming, OfCohort):
    form_class = GovukForm
    heading, button = "Complete this cohort", "Complete this cohort"
    success_message = "The cohort is completed."

    def perform(self, form):
        return actions.complete_cohort(cohort=self.cohort, today=self.today, by=self.request.user)

    def consequences(self):
        return [
            "Who attended every session has completed the course.",
            "Who missed one, and who is still waiting, leaves the cohort.",
            "The register closes. Results and awards can still be recorded.",
        ]


class ReopenCohort(OfCohort):
    form_class = forms.ReopenForm
    heading, button = "Open this cohort again", "Open this cohort again"
    lead = "For a session that makes up for one that was missed. Whoever has completed the course stays so."
    success_message = "The cohort is open again. Add the session that makes up for what was missed."

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "enrolments": list(actions.might_return(self.cohort))}

    def perform(self, form):
        return actions.reopen_cohort(cohort=self.cohort, **form.cleaned_data, today=self.today, by=self.request.user)


class DropOut(OfEnrolment):
    form_class = forms.DropOutForm
    heading, button = "End this enrolment", "End this enrolment"
    lead = "The first on the waiting list who can still begin gets the place."

    def perform(self, form):
        enrolment = self.enrolment
        given = {"today": self.today, "by": self.request.user, **form.cleaned_data}
        promoted = actions.drop_out(enrolment=enrolment, **given)
        words, moved = f"{enrolment.learner.name} is taken off.", [promoted] if promoted else []
        messages.success(self.request, moved_up(words, moved, self.cohort, self.today))


class Result(OfEnrolment):
    form_class = forms.ResultForm
    heading, button = "Record the result", "Record this result"
    lead = "An award asks for both: every session attended, and passed."
    success_message = "The result is recorded."

    def get_initial(self):
        return {"decided_on": timezone.localdate()}

    def perform(self, form):
        return actions.record_result(
            enrolment=self.enrolment,
            passed=form.cleaned_data["result"] == "passed",
            decided_on=form.cleaned_data["decided_on"],
            today=timezone.localdate(),
            by=self.request.user,
        )


class WithdrawAward(Confirming, TrainingForm):
    form_class = forms.WithdrawForm
    heading, button = "Withdraw this award", "Withdraw this award"
    success_message = "The award is withdrawn."

    def check_permission(self):
        super().check_permission()
        _ = self.award

    @property
    def award(self) -> Award:
        if not hasattr(self, "_award"):
            visible = Award.objects.visible_to(self.request.user).standing().select_related("learner", "course")
            self._award = get_object_or_404(visible, pk=self.kwargs["award"])
        return self._award

    def caption(self):
        return self.award.learner.name

    def facts(self):
        return [
            {"label": "Course", "value": self.award.course.name},
            {"label": "Awarded", "value": day(self.award.awarded_on)},
        ]

    def consequences(self):
        return [
            "Whoever checks the certificate by its code reads that it is withdrawn, and not why.",
            "Nobody is ready for cases by this award. Open cases stay as they are.",
            "The award stays withdrawn. The right result can be recorded from the cohort.",
        ]

    def back_url(self):
        return reverse("training:learner", args=[self.award.learner_id])

    def perform(self, form):
        return actions.withdraw_award(award=self.award, by=self.request.user, **form.cleaned_data)


class IssuePacks(OfCohort):
    form_class = forms.PacksForm
    heading, button = "Facilitators packs", "Save"
    success_message = "It is recorded who has a pack."

    def get_form_kwargs(self):
        without = self.cohort.enrolments.on_the_register().filter(pack_issued_on__isnull=True).select_related("learner")
        ordered = without.order_by("learner__last_name", "learner__first_name", "pk")
        return {**super().get_form_kwargs(), "enrolments": list(ordered)}

    def get_initial(self):
        return {"issued_on": self.today}

    def perform(self, form):
        return actions.issue_packs(cohort=self.cohort, **form.cleaned_data, today=self.today, by=self.request.user)


class RecordOtherTraining(_OfLearner):
    form_class = forms.OtherTrainingForm
    heading, button = "Training from elsewhere", "Save"
    lead = "So that nobody sits through the same course twice."
    success_message = "It is recorded."

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "courses": Course.objects.visible_to(self.request.user)}

    def perform(self, form):
        return actions.record_other_training(
            learner=self.learner, **form.cleaned_data, today=self.today, by=self.request.user
        )


class SeeCertificate(Confirming, TrainingForm):
    form_class = GovukForm
    heading, button = "Certificate from elsewhere", "I have seen the certificate"
    success_message = "It is recorded that the certificate was seen."

    def check_permission(self):
        super().check_permission()
        _ = self.training

    @property
    def training(self) -> OtherTraining:
        if not hasattr(self, "_training"):
            visible = OtherTraining.objects.visible_to(self.request.user).with_ends()
            visible = visible.select_related("learner", "stands_for").filter(certificate_seen=False)
            self._training = get_object_or_404(visible, pk=self.kwargs["training"])
        return self._training

    def caption(self):
        return self.training.learner.name

    def facts(self):
        one = self.training
        return [
            {"label": "Course", "value": one.name},
            {"label": "Provider", "value": one.provider},
            {"label": "Ended", "value": day(one.ended_on)},
        ]

    def consequences(self):
        one = self.training
        if one.stands_for is None:
            return ["It stands for no course of ours: nothing else changes."]
        until = f", until {day(one.lasts_until)}" if one.lasts_until else ""
        counts = "as if the award had been given here" if one.passed else "as attended in full"
        return [f"From now on it counts for {one.stands_for.name}, {counts}{until if one.passed else ''}."]

    def back_url(self):
        return reverse("training:learner", args=[self.training.learner_id])

    def perform(self, form):
        return actions.see_certificate(training=self.training, today=self.today, by=self.request.user)
