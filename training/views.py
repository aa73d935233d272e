"""Cohorts with their registers, courses and learners."""

from typing import Any, ClassVar

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from rj_service.accounts.models import ServiceArea
from rj_service.accounts.views import GuardedDetailView, GuardedFormView, GuardedListView
from rj_service.ui.forms import GovukForm
from training import actions, forms
from training.choices import EnrolmentStatus
from training.filters import CohortFilter, CourseFilter, LearnerFilter
from training.models import Attendance, Award, Cohort, Course, Enrolment, Learner, Session


class _Parts:
    """The three lists of training, on each of them."""

    part = ""

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        items = [
            {"label": label, "url": reverse(f"training:{name}"), "current": name == self.part}
            for label, name in (("Cohorts", "list"), ("Courses", "courses"), ("Learners", "learners"))
        ]
        may_manage = self.request.user.may("training.manage")
        return super().get_context_data(items=items, may_manage=may_manage, **kwargs)


class Cohorts(_Parts, GuardedListView):
    permission = "training.view"
    model = Cohort
    template_name = "training/list.html"
    part = "list"
    heading = "Cohorts"
    thing = "cohort"
    empty = "No cohort is coming or running. A cohort is one run of a course, with its sessions."
    filter_class = CohortFilter
    order = ("-created_at", "-id")
    order_words = "newest first"
    columns: ClassVar = {
        "Course": lambda cohort: cohort.course.name,
        "Cohort": lambda cohort: cohort.name,
        "First session": lambda cohort: cohort.first_on,
        "Place": lambda cohort: cohort.place,
        "Enrolled": lambda cohort: cohort.enrolled,
        "Places": lambda cohort: cohort.maximum,
        "Waiting": lambda cohort: cohort.waiting,
        "Completed": lambda cohort: timezone.localdate(cohort.completed_at) if cohort.completed_at else None,
    }

    def narrowed(self):
        return self.get_queryset().select_related("course").with_places()


class Courses(_Parts, GuardedListView):
    permission = "training.view"
    model = Course
    template_name = "training/courses.html"
    part = "courses"
    heading = "Courses"
    thing = "course"
    empty = "No course is set up yet. Its length, its maximum and what comes first are written here."
    filter_class = CourseFilter
    order = ("name", "id")
    order_words = "by name"
    columns: ClassVar = {
        "Course": lambda course: course.name,
        "Kind": lambda course: course.get_kind_display(),
        "Days": lambda course: course.days.normalize(),
        "Most learners": lambda course: course.maximum,
        "To attend in full first": lambda course: course.prerequisite.name if course.prerequisite else "",
        "Award is in force for months": lambda course: course.award_valid_months,
        "Makes a facilitator": lambda course: "Yes" if course.makes_facilitators else "",
    }

    def show(self, rows):
        return rows.select_related("prerequisite")


class Learners(_Parts, GuardedListView):
    permission = "training.view"
    model = Learner
    template_name = "training/learners.html"
    part = "learners"
    heading = "Learners"
    thing = "learner"
    empty = "No learner is registered yet. Learners come from anywhere: volunteers, partners, the police."
    filter_class = LearnerFilter
    order = ("last_name", "first_name", "id")
    order_words = "by last name"
    columns: ClassVar = {
        "Last name": lambda learner: learner.last_name,
        "First name": lambda learner: learner.first_name,
        "Organisation": lambda learner: learner.organisation.name if learner.organisation else "",
        "Enrolled in": lambda learner: learner.enrolled_course,
        "Newest award": lambda learner: learner.award_course,
        "Awarded": lambda learner: learner.awarded_on,
        "Award ends": lambda learner: learner.award_until,
    }

    def narrowed(self):
        return self.get_queryset().with_training()


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
            awards=Award.objects.filter(learner=learner).select_related("course").order_by("-awarded_on"),
            practitioner=getattr(learner, "practitioner", None),
            may_see_practitioner=user.may("volunteers.view"),
            may_register=user.may("volunteers.manage"),
            today=timezone.localdate(),
            **kwargs,
        )


class CohortRecord(GuardedDetailView):
    permission = "training.view"
    model = Cohort
    template_name = "training/cohort.html"

    def get_queryset(self):
        return super().get_queryset().select_related("course__prerequisite").with_places()

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        cohort = self.object
        sessions = list(cohort.sessions.all())
        enrolments = list(
            cohort.enrolments.select_related("learner__organisation", "award")
            .with_full_attendance()
            .order_by("learner__last_name", "learner__first_name", "pk")
        )
        return super().get_context_data(
            sessions=sessions,
            register=_register(enrolments, sessions),
            waiting=list(cohort.enrolments.waiting().select_related("learner__organisation")),
            ended=[one for one in enrolments if one.status == EnrolmentStatus.DROPPED_OUT],
            may_manage=self.request.user.may("training.manage"),
            today=timezone.localdate(),
            **kwargs,
        )


def _register(enrolments: list[Enrolment], sessions: list[Session]) -> list[tuple[Enrolment, list]]:
    """Each learner with a place, and for each session True, False or None where the register is not taken."""
    marks = dict[tuple, bool]()
    for session_id, enrolment_id, attended in Attendance.objects.filter(session__in=sessions).values_list(
        "session", "enrolment", "attended"
    ):
        marks[session_id, enrolment_id] = attended
    placed = [one for one in enrolments if one.status in (EnrolmentStatus.ENROLLED, EnrolmentStatus.COMPLETED)]
    return [(one, [(session, marks.get((session.pk, one.pk))) for session in sessions]) for one in placed]


class _TrainingForm(GuardedFormView):
    abstract = True
    permission = "training.manage"
    template_name = "ui/question.html"
    heading = ""
    button = "Save"
    lead = ""

    def caption(self) -> str:
        return ""

    def back_url(self) -> str:
        return reverse("training:list")

    def get_success_url(self):
        return self.back_url()

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        return super().get_context_data(
            heading=self.heading,
            button=self.button,
            lead=self.lead,
            caption=self.caption(),
            back_url=self.back_url(),
            **kwargs,
        )


class NewCourse(_TrainingForm):
    form_class = forms.CourseForm
    heading, button = "Create a course", "Create this course"
    success_message = "The course is created."

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "courses": Course.objects.visible_to(self.request.user)}

    def perform(self, form):
        area = ServiceArea.objects.get(pk=self.acting.service_area_id)
        return actions.create_course(area=area, by=self.request.user, **form.cleaned_data)

    def back_url(self):
        return reverse("training:courses")


class NewCohort(_TrainingForm):
    form_class = forms.CohortForm
    heading, button = "Create a cohort", "Create this cohort"
    success_message = "The cohort is created."

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "courses": Course.objects.visible_to(self.request.user)}

    def perform(self, form):
        given = {name: form.cleaned_data[name] for name in ("course", "name", "place", "maximum")}
        return actions.create_cohort(sessions=form.sessions(), by=self.request.user, **given)

    def get_success_url(self):
        return reverse("training:cohort", args=[self.result.pk])


class NewLearner(_TrainingForm):
    form_class = forms.LearnerForm
    heading, button = "Register a learner", "Register this learner"
    success_message = "The learner is registered."

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "area_id": self.acting.service_area_id}

    def perform(self, form):
        area = ServiceArea.objects.get(pk=self.acting.service_area_id)
        return actions.register_learner(area=area, by=self.request.user, **form.cleaned_data)

    def get_success_url(self):
        return reverse("training:learner", args=[self.result.pk])

    def back_url(self):
        return reverse("training:learners")


class _OfCohort(_TrainingForm):
    """A form about the cohort of the address, or about one of its sessions or enrolments."""

    abstract = True

    def check_permission(self):
        super().check_permission()
        _ = self.cohort  # 404 before any form is shown

    @property
    def cohort(self) -> Cohort:
        if not hasattr(self, "_cohort"):
            visible = Cohort.objects.visible_to(self.request.user).select_related("course")
            self._cohort = get_object_or_404(visible, **self.of_address())
        return self._cohort

    def of_address(self) -> dict[str, Any]:
        return {"pk": self.kwargs["pk"]}

    def caption(self):
        return f"{self.cohort.course.name}, {self.cohort.name}"

    def back_url(self):
        return reverse("training:cohort", args=[self.cohort.pk])


class Enrol(_OfCohort):
    form_class = forms.EnrolForm
    heading, button = "Enrol a learner", "Enrol this learner"
    lead = "Where every place is taken, the learner goes on the waiting list."

    def get_form_kwargs(self):
        learners = (
            Learner.objects.visible_to(self.request.user)
            .exclude(enrolments__cohort=self.cohort)
            .select_related("organisation")
            .order_by("last_name", "first_name", "pk")
        )
        return {**super().get_form_kwargs(), "learners": learners}

    def perform(self, form):
        enrolment = actions.enrol(cohort=self.cohort, by=self.request.user, **form.cleaned_data)
        number = actions.waiting_number(enrolment)
        name = enrolment.learner.name
        words = f"{name} is number {number} on the waiting list." if number else f"{name} has a place."
        messages.success(self.request, words)
        return enrolment


class Register(_OfCohort):
    """The register of one session."""

    form_class = forms.RegisterForm
    template_name = "training/register.html"
    heading, button = "Take the register", "Save the register"
    success_message = "The register is saved."

    def of_address(self):
        return {"sessions": self.kwargs["session"]}

    @property
    def session(self) -> Session:
        return get_object_or_404(self.cohort.sessions, pk=self.kwargs["session"])

    def get_form_kwargs(self):
        register = self.cohort.enrolments.on_the_register().select_related("learner")
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


class CompleteCohort(_OfCohort):
    template_name = "ui/confirm.html"
    form_class = GovukForm
    heading, button = "Complete this cohort", "Complete this cohort"
    success_message = "The cohort is completed."

    def perform(self, form):
        return actions.complete_cohort(cohort=self.cohort, today=timezone.localdate(), by=self.request.user)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            cancel_url=self.back_url(),
            consequences=[
                "Who attended every session has completed the course.",
                "Who missed one, and who is still waiting, leaves the cohort.",
                "The register closes. Results and awards can still be recorded.",
            ],
            **kwargs,
        ) | {"back_url": ""}


class _OfEnrolment(_OfCohort):
    abstract = True

    def of_address(self):
        return {"enrolments": self.kwargs["enrolment"]}

    @property
    def enrolment(self) -> Enrolment:
        enrolments = self.cohort.enrolments.select_related("learner", "cohort")
        return get_object_or_404(enrolments, pk=self.kwargs["enrolment"])

    def caption(self):
        return f"{self.enrolment.learner.name}, {self.cohort.course.name}"


class DropOut(_OfEnrolment):
    form_class = forms.DropOutForm
    heading, button = "End this enrolment", "End this enrolment"
    lead = "The first on the waiting list gets the place."

    def perform(self, form):
        enrolment = self.enrolment
        promoted = actions.drop_out(enrolment=enrolment, by=self.request.user, **form.cleaned_data)
        words = f"{enrolment.learner.name} is taken off."
        messages.success(self.request, f"{words} {promoted.learner.name} has the place." if promoted else words)


class Result(_OfEnrolment):
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
            by=self.request.user,
        )
