"""A cohort's page, and what is done with its sessions and places."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from rj_service.accounts.models import Organisation, ServiceArea
from rj_service.accounts.views import GuardedActionView, GuardedDetailView
from rj_service.ui.forms import GovukForm
from rj_service.ui.templatetags.ui import day
from training import actions, forms, policy
from training.choices import EnrolmentStatus, PackageStatus
from training.models import Attendance, Cohort, Course, Enrolment, Session, TrainingPackage
from training.views.asking import Confirming, OfCohort, OfSession, TrainingForm
from training.views.showing import PackageRow, SessionRow


class CohortRecord(GuardedDetailView):
    permission = "training.view"
    model = Cohort
    template_name = "training/cohort.html"

    def get_queryset(self):
        return super().get_queryset().select_related("course__prerequisite", "package").with_places()

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        cohort, today = self.object, timezone.localdate()
        may_manage = self.request.user.may("training.manage")
        sessions = list(
            cohort.sessions.with_register()
            .select_related("cohort__package", "makes_up_for")
            .prefetch_related("head_counts")
        )
        enrolments = list(
            cohort.enrolments.select_related("learner__organisation", "learner__user", "award")
            .with_full_attendance()
            .order_by("learner__last_name", "learner__first_name", "pk")
        )
        standing = [one for one in sessions if one.cancelled_on is None]
        placed = [one for one in enrolments if one.status in (EnrolmentStatus.ENROLLED, EnrolmentStatus.COMPLETED)]
        return super().get_context_data(
            sessions=[SessionRow(one, today) for one in sessions],
            heads=sum(count.heads for one in sessions for count in one.head_counts.all()),
            register=_register(placed, standing),
            unreached=[one for one in placed if not (one.learner.user_id or one.learner.email)],
            waiting=list(cohort.enrolments.waiting().select_related("learner__organisation")),
            quotas=cohort.quotas.select_related("organisation").order_by("organisation__name"),
            may_reopen=may_manage and cohort.completed_at is not None and actions.might_return(cohort).exists(),
            ended=[one for one in enrolments if one.status == EnrolmentStatus.DROPPED_OUT],
            unconfirmed=[one for one in standing if one.confirmed_at is None],
            block_to_confirm=policy.block_to_confirm(cohort),
            without_pack=[one for one in placed if one.pack_issued_on is None],
            costs=sum((one.venue_cost or 0) + (one.refreshments_cost or 0) for one in standing),
            may_manage=may_manage,
            today=today,
            **kwargs,
        )


def _register(placed: list[Enrolment], sessions: list[Session]) -> list[tuple[Enrolment, list]]:
    """Each learner with a place, and for each session True, False or None where the register is not taken."""
    marks = dict[tuple, bool]()
    for session_id, enrolment_id, attended in Attendance.objects.filter(session__in=sessions).values_list(
        "session", "enrolment", "attended"
    ):
        marks[session_id, enrolment_id] = attended
    return [(one, [(session, marks.get((session.pk, one.pk))) for session in sessions]) for one in placed]


class NewCourse(TrainingForm):
    form_class = forms.CourseForm
    heading, button = "Create a course", "Create this course"
    success_message = "The course is created."

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "courses": Course.objects.visible_to(self.request.user)}

    def perform(self, form):
        return actions.create_course(area=self.area, by=self.request.user, **form.cleaned_data)

    def back_url(self):
        return reverse("training:courses")


class ChangeCourse(NewCourse):
    heading, button = "Change the course", "Save"
    success_message = "The course is changed. Cohorts that are open keep their places."

    def check_permission(self):
        super().check_permission()
        _ = self.course

    @property
    def course(self) -> Course:
        if not hasattr(self, "_course"):
            self._course = get_object_or_404(Course.objects.visible_to(self.request.user), pk=self.kwargs["course"])
        return self._course

    def get_form_kwargs(self):
        others = Course.objects.visible_to(self.request.user).exclude(pk=self.course.pk)
        return {**super().get_form_kwargs(), "courses": others}

    def get_initial(self):
        return {name: getattr(self.course, name) for name in forms.CourseForm.base_fields}

    def perform(self, form):
        return actions.change_course(course=self.course, by=self.request.user, **form.cleaned_data)


class AddUsualCourses(GuardedActionView):
    permission = "training.manage"

    def perform(self):
        area = ServiceArea.objects.get(pk=self.acting.service_area_id)
        made = actions.add_usual_courses(area=area, by=self.request.user)
        words = f"{len(made)} courses are added. Change what is different with you." if made else "They are all here."
        messages.success(self.request, words)

    def get_success_url(self):
        return reverse("training:courses")


class NewCohort(TrainingForm):
    form_class = forms.CohortForm
    heading, button = "Create a cohort", "Create this cohort"
    success_message = "The cohort is created. Its sessions are planned until you confirm them."

    def get_form_kwargs(self):
        user = self.request.user
        packages = TrainingPackage.objects.visible_to(user).exclude(status=PackageStatus.CLOSED).order_by("name")
        return {**super().get_form_kwargs(), "courses": Course.objects.visible_to(user), "packages": packages}

    def perform(self, form):
        names = ("course", "name", "place", "maximum", "trainers", "package")
        given = {name: form.cleaned_data[name] for name in names}
        return actions.create_cohort(sessions=form.sessions(), costs=form.costs(), by=self.request.user, **given)

    def get_success_url(self):
        return reverse("training:cohort", args=[self.result.pk])


class ConfirmSessions(Confirming, OfCohort):
    form_class = GovukForm
    heading, button = "Confirm the sessions", "Confirm the sessions and send the dates"
    success_message = "The sessions are confirmed, and the dates are on their way."

    def facts(self):
        planned = self.cohort.sessions.taking_place().filter(confirmed_at__isnull=True)
        return [{"label": "Session", "value": day(one.held_on)} for one in planned]

    def consequences(self):
        clause = []
        package = self.cohort.package
        if package is not None:
            clause = [
                f"Less than {package.notice_days} days before a session, cancelling it exposes up to £{package.ceiling:,.0f}."
            ]
        return ["Whoever has a place is sent the dates, with an entry for their calendar.", *clause]

    def perform(self, form):
        return actions.confirm_sessions(cohort=self.cohort, by=self.request.user)


class AddSession(OfCohort):
    form_class = forms.SessionForm
    heading, button = "Add a session", "Add this session"
    lead = "One that stands in for another is for whoever missed it. For a cancelled one that is everybody."
    success_message = "The session is added. It is planned until you confirm it."

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "sessions": self.cohort.sessions.filter(makes_up_for__isnull=True)}

    def perform(self, form):
        given = {name: form.cleaned_data[name] for name in ("place", "makes_up_for")}
        return actions.add_session(
            cohort=self.cohort, times=form.times(), costs=form.costs(), **given, today=self.today, by=self.request.user
        )


class ChangeSession(OfSession):
    """While it is planned."""

    form_class = forms.ChangeSessionForm
    heading, button = "Change this session", "Save"
    success_message = "The session is changed."

    def get_initial(self):
        return {name: getattr(self.session, name) for name in forms.ChangeSessionForm.base_fields}

    def perform(self, form):
        return actions.change_session(
            session=self.session,
            times=form.times(),
            place=form.cleaned_data["place"],
            costs=form.costs(),
            by=self.request.user,
        )


class CancelSession(OfSession):
    form_class = forms.CancelForm
    template_name = "training/cancel_session.html"
    heading, button = "Cancel this session", "Cancel this session"
    success_message = "The session is cancelled. Whoever has a place is told. Add a session that stands in its place."

    @property
    def contract(self) -> PackageRow | None:
        if not policy.is_under_contract(self.session):
            return None
        packages = TrainingPackage.objects.visible_to(self.request.user).with_figures()
        return PackageRow(packages.get(pk=self.session.cohort.package_id), self.today)

    def get_form_kwargs(self):
        """Outside the clause today it was so on every earlier day too: no sum is asked for."""
        contract = self.contract if actions.too_late(self.session, self.today) else None
        return {**super().get_form_kwargs(), "left": contract.left if contract else None}

    def get_initial(self):
        return {"cancelled_on": self.today}

    def get_context_data(self, **kwargs):
        row = SessionRow(self.session, self.today)
        days = (self.session.held_on - self.today).days
        is_late = actions.too_late(self.session, self.today)
        shown = {"session": self.session, "row": row, "contract": self.contract, "days": days, "is_late": is_late}
        return super().get_context_data(**shown, **kwargs)

    def perform(self, form):
        return actions.cancel_session(session=self.session, **form.cleaned_data, today=self.today, by=self.request.user)


class ChangePlaces(OfCohort):
    form_class = forms.PlacesForm
    heading, button = "Change the places", "Save"
    lead = "More places go to the waiting list at once, in order. Whoever moves up is told."

    def get_initial(self):
        return {"maximum": self.cohort.maximum}

    def perform(self, form):
        moved = actions.change_places(cohort=self.cohort, today=self.today, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, moved_up("The places are changed.", moved, self.cohort, self.today))


def moved_up(words: str, moved: list[Enrolment], cohort: Cohort, today: date) -> str:
    """What was done, who has a place by it, and who was passed over."""
    names = ", ".join(one.learner.name for one in moved)
    said = [words, f"{names} {'has' if len(moved) == 1 else 'have'} a place now."] if moved else [words]
    passed_over = cohort.enrolments.waiting().filter(passed_over_on=today)
    return " ".join([*said, *(f"Passed over: {one.passed_over_because}." for one in passed_over)])


class SetQuota(OfCohort):
    form_class = forms.QuotaForm
    heading, button = "Places of an organisation", "Save"
    lead = "More learners of the organisation wait, even while places are free. Nobody loses a place by it."

    def get_form_kwargs(self):
        organisations = Organisation.objects.filter(service_area=self.cohort.service_area_id)
        return {**super().get_form_kwargs(), "organisations": organisations}

    def perform(self, form):
        moved = actions.set_quota(cohort=self.cohort, today=self.today, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, moved_up("It is saved.", moved, self.cohort, self.today))


class CountHeads(OfSession):
    form_class = forms.HeadsForm
    heading, button = "Who came to the briefing?", "Save"
    success_message = "The numbers are saved."

    @property
    def lead(self):
        return f"{day(self.session.held_on)}. By head: nobody is named. Up to {self.cohort.maximum} people in all."

    def get_initial(self):
        return {one.category: one.heads for one in self.session.head_counts.all()}

    def perform(self, form):
        return actions.count_heads(session=self.session, heads=form.heads(), today=self.today, by=self.request.user)

    def get_success_url(self):
        return reverse("training:heads-from", args=[self.session.pk]) if self.result else self.back_url()


class HeadsFrom(OfSession):
    """One place at a time: the page stays until whoever counted has named those that are known."""

    form_class = forms.HeadsFromForm
    template_name = "training/heads_from.html"
    heading, button = "Where did they come from?", "Save"
    success_message = "It is saved."

    @property
    def lead(self):
        return f"{day(self.session.held_on)}. By head: nobody is named. It counts in who is trained to refer."

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "area_id": self.acting.service_area_id}

    def get_context_data(self, **kwargs):
        named = list(
            self.session.came_from.select_related("organisation", "local_area").order_by(
                "organisation__name", "unit", "local_area__name"
            )
        )
        counted = actions.heads_of(self.session)
        left = counted - sum(one.heads for one in named)
        return super().get_context_data(session=self.session, named=named, counted=counted, left=left, **kwargs)

    def perform(self, form):
        return actions.record_heads_from(session=self.session, by=self.request.user, **form.cleaned_data)

    def get_success_url(self):
        return reverse("training:heads-from", args=[self.session.pk]) if self.result else self.back_url()
