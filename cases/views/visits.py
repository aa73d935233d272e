"""Visits: planned from a person, checked in and out on a phone, and the alarm for whoever sees to it."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from cases import actions, policy
from cases.choices import AlarmKind, InterpreterStatus, VisitPlace, VisitStatus
from cases.forms import EndAlarmForm, PlanVisitForm
from cases.models import Case, InterpreterBooking, PrisonBooking, Visit, VisitAlarm
from cases.views.case_page import NAME_INSIDE, CaseForm, CasePage, first_name_and_initial, with_marks
from cases.views.people import OfParticipant
from cases.views.side_panels import rules_before_contact
from rj_service.accounts.models import User
from rj_service.accounts.views import GuardedActionView, GuardedFormView, GuardedTemplateView, GuardedView
from rj_service.ui.paging import keyset
from rj_service.ui.references import spoken
from rj_service.ui.templatetags.ui import clock, when

WITH_PEOPLE = ("case__referral", "participant__person", "visitor__learner", "companion__learner", "checked_in_by")


class VisitsView(CasePage):
    """Of one case: every visit of the sides that this person may see, newest first."""

    practitioners_by = "cases.view_assigned"
    template_name = "cases/visits.html"
    part = "visits"

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        visits = Visit.objects.visible_to(self.request.user).filter(case=self.case).select_related(*WITH_PEOPLE)
        page = keyset(visits, order=("-planned_for", "-id"), after=self.request.GET.get("after"))
        self.shown = {row.participant.person_id for row in page.rows} | {one.person_id for one in self.people}
        return super().get_context_data(page=page, people=self.people, **kwargs)

    def people_shown(self):
        return self.shown


class PlanVisitView(OfParticipant, CaseForm):
    permission = "cases.log_contact"
    form_class = PlanVisitForm
    template_name = "cases/plan_visit.html"
    heading = "Plan a visit"
    button = "Plan this visit"
    success_message = "The visit is planned."

    def get_form_kwargs(self):
        people = actions.who_may_visit(self.case, self.participant.side, self.today)
        return super().get_form_kwargs() | {"people": people}

    def get_initial(self):
        mine = actions.who_may_visit(self.case, self.participant.side, self.today)
        own = next((one for one in mine if one.learner.user_id == self.request.user.pk), None)
        return {"visitor": str(own.pk) if own else ""}

    def perform(self, form):
        return actions.plan_visit(participant=self.participant, by=self.request.user, now=timezone.now(), **form.plan)

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        return super().get_context_data(
            safe_words=rules_before_contact(self.participant, self.case.referral, self.today),
            short_name=first_name_and_initial(self.participant.person),
            **kwargs,
        )

    def get_success_url(self) -> str:
        return reverse("cases:visit", args=[self.result.pk])


def visit_card(visit: Visit, user: User, *, hidden: bool) -> dict[str, Any]:
    """What a phone shows of one's own visit; `hidden`: names stay inside the case."""
    with_whom = visit.companion if visit.visitor.learner.user_id == user.pk else visit.visitor
    return {
        "visit": visit,
        "name": NAME_INSIDE if hidden else first_name_and_initial(visit.participant.person),
        "with_whom": with_whom.name if with_whom else "",
        "is_late": visit.status == VisitStatus.UNDER_WAY and visit.out_by < timezone.now(),
    }


def own_visits(user: User) -> QuerySet[Visit]:
    """Of whoever goes: where they are now, and what comes."""
    seen = Visit.objects.visible_to(user).of(user).filter(status__in=[VisitStatus.UNDER_WAY, VisitStatus.PLANNED])
    return seen.select_related(*WITH_PEOPLE).order_by("-status", "planned_for", "id")


class OfVisit(GuardedView):
    """A page of one visit. It is not under its case: whoever is there checks out, whatever became of their assignment."""

    abstract = True
    permission = "cases.log_contact"

    def check_permission(self) -> None:
        super().check_permission()
        self.visit  # noqa: B018 (what is not theirs is not there)

    @cached_property
    def visit(self) -> Visit:
        seen = Visit.objects.visible_to(self.request.user).select_related(*WITH_PEOPLE)
        found = seen.filter(pk=self.kwargs["visit"]).first()
        if found is None:
            raise Http404
        return found

    @cached_property
    def case(self) -> Case | None:
        """Only where this person may open it."""
        return with_marks(Case.objects.visible_to(self.request.user)).filter(pk=self.visit.case_id).first()

    @cached_property
    def alarm(self) -> VisitAlarm | None:
        standing = VisitAlarm.objects.standing().filter(visit=self.visit)
        return standing.select_related("answered_by").first()

    def people_shown(self) -> Iterable:
        return [self.visit.participant.person_id] if self.case else []

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        visit, user = self.visit, self.request.user
        concern = reverse("referrals:raise-concern-on", args=[visit.case.referral_id]) if self.case else ""
        return super().get_context_data(
            **{
                **kwargs,
                "visit": visit,
                "case": self.case,
                "reference_words": spoken(visit.case.reference),
                "raise_concern_url": concern,
                "short_name": first_name_and_initial(visit.participant.person) if self.case else "",
                "alarm": self.alarm,
                "asks_for_help": bool(self.alarm and self.alarm.kind == AlarmKind.HELP),
                "is_own": visit.is_of(user),
                "may_see_to": policy.can_see_to_visit(user, visit),
                "may_manage": policy.can_manage(user, visit.case),
                "is_late": visit.status == VisitStatus.UNDER_WAY and visit.out_by < timezone.now(),
            }
        )

    def render_to_response(self, context, **kwargs):
        self.read(self.visit.case, people=self.people_shown())
        return super().render_to_response(context, **kwargs)


class VisitView(OfVisit, GuardedTemplateView):
    """Where it stands, and what to press next."""

    template_name = "cases/visit.html"

    def _interpreting(self) -> QuerySet[InterpreterBooking]:
        booked = InterpreterBooking.objects.visible_to(self.request.user).filter(visit=self.visit)
        return booked.exclude(status=InterpreterStatus.CANCELLED).order_by("booked_at", "id")

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        visit = self.visit
        rules = rules_before_contact(visit.participant, visit.case.referral, timezone.localdate()) if self.case else []
        booking = None
        if self.case and visit.place == VisitPlace.PRISON:
            open_ones = PrisonBooking.objects.filter(custody__participant=visit.participant).open()
            booking = open_ones.order_by("asked_for").first()
        ended = VisitAlarm.objects.filter(visit=visit, ended_at__isnull=False).select_related("ended_by")
        return super().get_context_data(
            safe_words=rules,
            booking=booking,
            interpreting=self._interpreting() if self.case else [],
            extensions=actions.EXTENSIONS,
            ended_alarms=ended.order_by("-ended_at"),
            **kwargs,
        )


class VisitAction(OfVisit, GuardedActionView):
    """A button of a visit."""

    abstract = True
    model = Visit

    def get_success_url(self) -> str:
        return reverse("cases:visit", args=[self.visit.pk])


class CheckInView(VisitAction):
    def perform(self):
        visit = actions.check_in(visit=self.visit, by=self.request.user, now=timezone.now())
        self.success_message = f"Checked in. Out by {clock(visit.out_by)}."


class CheckOutView(VisitAction):
    success_message = "Checked out."

    def perform(self):
        return actions.check_out(visit=self.visit, by=self.request.user, now=timezone.now())


class ExtendVisitView(VisitAction):
    def perform(self):
        asked = self.request.POST.get("minutes", "")
        minutes = next((one for one in actions.EXTENSIONS if str(one) == asked), 0)
        visit = actions.extend_visit(visit=self.visit, minutes=minutes, by=self.request.user, now=timezone.now())
        self.success_message = f"Out by {clock(visit.out_by)} now."


class AskForHelpView(VisitAction):
    success_message = "The coordinator and the managers are told now. In danger call 999."

    def perform(self):
        return actions.ask_for_help(visit=self.visit, by=self.request.user, now=timezone.now())


class CancelVisitView(VisitAction):
    success_message = "The visit is cancelled."

    def perform(self):
        return actions.cancel_visit(visit=self.visit, by=self.request.user, now=timezone.now())


class AnswerAlarmView(VisitAction):
    permission = "cases.manage"
    success_message = "You see to it. The others know."

    def perform(self):
        return actions.answer_alarm(visit=self.visit, by=self.request.user, now=timezone.now())


class EndAlarmView(OfVisit, GuardedFormView):
    permission = "cases.manage"
    form_class = EndAlarmForm
    template_name = "cases/end_alarm.html"
    success_message = "The alarm is ended."

    def get(self, request, *args, **kwargs):
        if self.alarm is None:
            return HttpResponseRedirect(self.get_success_url())
        return super().get(request, *args, **kwargs)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"is_under_way": self.visit.status == VisitStatus.UNDER_WAY}

    def perform(self, form):
        return actions.end_alarm(
            visit=self.visit,
            found=form.cleaned_data["found"],
            is_out=form.is_out,
            by=self.request.user,
            now=timezone.now(),
        )

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        since = when(self.alarm.raised_at) if self.alarm else ""
        return super().get_context_data(
            heading="End the alarm",
            lead=f"Since {since}. Ring them, and whoever is with them. If you cannot reach them, call 999.",
            button="End the alarm",
            back_url=self.get_success_url(),
            **kwargs,
        )

    def get_success_url(self) -> str:
        return reverse("cases:visit", args=[self.visit.pk])
