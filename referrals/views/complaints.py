"""Complaints: recorded by whoever hears them, then for the managers and the handler alone."""

from datetime import date
from typing import Any, ClassVar

from django.contrib import messages
from django.urls import reverse
from django.utils import timezone

from referrals import actions, policy
from referrals.choices import ComplaintStatus
from referrals.filters import ComplaintFilter
from referrals.forms.complaints import (
    AcknowledgementForm,
    ColleagueForm,
    ComplaintDecisionForm,
    ComplaintForm,
    ExtensionForm,
    OutcomeToldForm,
)
from referrals.models import Complaint, Referral
from referrals.querysets import referral_called
from referrals.views.about_one import AboutOneView
from referrals.views.concerns import NOT_OPEN
from referrals.working_days import Clock, clock_to
from rj_service.accounts.errors import DomainError
from rj_service.accounts.models import User
from rj_service.accounts.views import GuardedDetailView, GuardedFormView, GuardedListView
from rj_service.ui.references import spoken

TAGS = {
    ComplaintStatus.RECEIVED: "yellow",
    ComplaintStatus.ACKNOWLEDGED: "blue",
    ComplaintStatus.DECIDED: "yellow",
}
ACKNOWLEDGE, ANSWER, TELL = "Acknowledge", "Answer", "Tell"


class Complained:
    """A complaint as a row of a page: what is due next, and never a word of it."""

    def __init__(self, complaint: Complaint, today: date) -> None:
        self.complaint, self.today = complaint, today

    @property
    def next(self) -> str:
        steps = {
            ComplaintStatus.RECEIVED: ACKNOWLEDGE,
            ComplaintStatus.ACKNOWLEDGED: ANSWER,
            ComplaintStatus.DECIDED: TELL,
        }
        return steps.get(ComplaintStatus(self.complaint.status), "")

    @property
    def due_on(self) -> date:
        return self.complaint.acknowledge_by if self.next == ACKNOWLEDGE else self.complaint.due_on

    @property
    def clock(self) -> Clock | None:
        return clock_to(self.due_on, today=self.today) if self.next else None

    @property
    def row_state(self) -> str:
        return self.clock.state if self.clock and self.clock.state != "wait" else ""

    @property
    def tag_colour(self) -> str:
        return TAGS.get(ComplaintStatus(self.complaint.status), "grey")


class ComplaintListView(GuardedListView):
    permission = "referrals.handle_complaint"
    model = Complaint
    template_name = "referrals/complaints.html"
    heading = "Complaints"
    thing = "complaint"
    filter_class = ComplaintFilter
    order = ("due_on", "id")
    order_words = "answer due first"
    columns: ClassVar = {
        "Complaint": lambda row: spoken(row.complaint.reference),
        "About": lambda row: row.complaint.get_about_display(),
        "Made by": lambda row: row.complaint.get_made_by_display(),
        "Received": lambda row: row.complaint.received_on,
        "Handler": lambda row: row.complaint.handler.get_short_name() if row.complaint.handler else "",
        "State": lambda row: row.complaint.get_status_display(),
        "Next": lambda row: row.next,
        "By": lambda row: row.due_on if row.next else None,
        "Clock": lambda row: row.clock.words if row.clock else "",
        "Outcome": lambda row: row.complaint.get_outcome_display(),
    }

    @property
    def may_safeguard(self) -> bool:
        return self.request.user.may("referrals.safeguard")

    @property
    def empty(self) -> str:
        if self.may_safeguard:
            return "No complaint is open. Complaints come by a person’s own link, or are recorded here."
        return "You handle no complaint. Those that a service manager gives you appear here."

    def narrowed(self):
        return self.get_queryset() if self.request.GET.get("status") else self.get_queryset().open()

    def show(self, rows):
        return rows.select_related("handler")

    def row_of(self, found):
        return Complained(found, self.today)

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        return super().get_context_data(**kwargs, may_safeguard=self.may_safeguard, crumbs=[("Complaints", "")])


class RecordComplaintView(GuardedFormView):
    permission = "referrals.handle_complaint"
    form_class = ComplaintForm
    template_name = "ui/question.html"

    def get_initial(self):
        return {"received_on": timezone.localdate()}

    def perform(self, form) -> Complaint:
        data = form.cleaned_data
        reference, referral = data.pop("reference"), None
        if reference:
            referral = referral_called(reference, self.request.user)
            if referral is None:
                raise DomainError(NOT_OPEN, field="reference")
        return actions.receive_complaint(
            area=self.request.acting_area,
            referral=referral,
            by=self.request.user,
            today=timezone.localdate(),
            **data,
        )

    def form_valid(self, form):
        response = super().form_valid(form)
        if response.status_code == 302:
            words = f"The complaint is with the service managers. Its reference is {spoken(self.result.reference)}."
            messages.success(self.request, words)
        return response

    def get_success_url(self) -> str:
        return reverse("referrals:complaints")

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        return super().get_context_data(
            heading="Record a complaint",
            lead="It goes to the service managers. You see it again only if you handle it.",
            button="Record the complaint",
            back_url=reverse("referrals:complaints"),
            **kwargs,
        )


class ComplaintView(GuardedDetailView):
    permission = "referrals.handle_complaint"
    model = Complaint
    pk_name = "complaint"
    template_name = "referrals/complaint.html"

    def get_queryset(self):
        names = ("handler", "recorded_by", "acknowledged_by", "extended_by", "decided_by", "told_by", "person")
        return super().get_queryset().select_related("referral", *names)

    def people_shown(self):
        return [self.object.person_id] if self.object.person_id else []

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        complaint, user = self.object, self.request.user
        seen = Referral.objects.all().casework_for(user)
        is_decided = complaint.status in (ComplaintStatus.DECIDED, ComplaintStatus.CLOSED)
        may_safeguard = policy.can_safeguard(user, complaint.service_area_id)
        return super().get_context_data(
            **kwargs,
            row=Complained(complaint, timezone.localdate()),
            referral=seen.filter(pk=complaint.referral_id).select_related("case").first(),
            workers=[one.worker for one in complaint.complained_about.select_related("worker").order_by("named_at")],
            may_safeguard=may_safeguard,
            may_give=may_safeguard and not is_decided,
            may_extend=not is_decided,
            may_acknowledge=complaint.status == ComplaintStatus.RECEIVED,
            may_decide=complaint.status == ComplaintStatus.ACKNOWLEDGED
            and policy.can_answer_complaint(user, complaint),
            may_tell=complaint.status == ComplaintStatus.DECIDED,
            crumbs=[("Complaints", reverse("referrals:complaints")), (spoken(complaint.reference), "")],
        )


class OfComplaint(AboutOneView):
    abstract = True
    model = Complaint
    pk_name = "complaint"


class AcknowledgeComplaintView(OfComplaint):
    permission = "referrals.handle_complaint"
    form_class = AcknowledgementForm
    heading = "Acknowledge this complaint"
    lead = "Tell them that it is here, who looks into it, and the day by which they get an answer."
    button = "Record the acknowledgement"
    success_message = "The acknowledgement is recorded"

    def get_initial(self):
        return {"acknowledged_on": timezone.localdate()}

    def perform(self, form):
        return self.act(actions.acknowledge_complaint, **form.cleaned_data)


class GiveComplaintView(OfComplaint):
    permission = "referrals.safeguard"
    form_class = ColleagueForm
    heading = "Who looks into it"
    lead = "Only people who have not worked on it, and whom it is not about."
    button = "Give it to them"
    success_message = "The complaint is given to its handler"

    def get_form_kwargs(self):
        found = [user.pk for user in actions.handlers_for(self.object)]
        colleagues = User.objects.filter(pk__in=found).order_by("last_name", "first_name")
        return super().get_form_kwargs() | {"colleagues": colleagues, "question": "Who looks into this complaint?"}

    def perform(self, form):
        return self.act(actions.give_complaint, handler=form.cleaned_data["user"])


class NameWorkerView(OfComplaint):
    permission = "referrals.safeguard"
    form_class = ColleagueForm
    heading = "Name the worker it is about"
    lead = "From now on this complaint is not there for them."
    button = "Name this worker"
    success_message = "The worker is named and shut out"

    def get_form_kwargs(self):
        here = actions.at_work(self.object.service_area_id)
        colleagues = User.objects.filter(pk__in=[user.pk for user in here]).order_by("last_name", "first_name")
        return super().get_form_kwargs() | {"colleagues": colleagues, "question": "Which of us is it about?"}

    def perform(self, form):
        return actions.name_worker(complaint=self.object, worker=form.cleaned_data["user"], by=self.request.user)

    def get_success_url(self) -> str:
        mine = self.get_queryset().filter(pk=self.object.pk).exists()
        return self.own_page if mine else reverse("referrals:complaints")


class ExtendComplaintView(OfComplaint):
    permission = "referrals.handle_complaint"
    form_class = ExtensionForm
    heading = "Give it more time"
    lead = "Tell whoever complains first: the reason, and the new day."
    button = "Give it more time"
    success_message = "The complaint has more time"

    def perform(self, form):
        return self.act(actions.extend_complaint, **form.cleaned_data)


class DecideComplaintView(OfComplaint):
    permission = "referrals.handle_complaint"
    form_class = ComplaintDecisionForm
    heading = "Decide this complaint"
    button = "Decide"
    success_message = "The complaint is decided. Tell whoever complained"

    def perform(self, form):
        return self.act(actions.decide_complaint, **form.cleaned_data)


class TellOutcomeView(OfComplaint):
    permission = "referrals.handle_complaint"
    form_class = OutcomeToldForm
    heading = "Record that they were told"
    button = "Record it"
    success_message = "The complaint is closed"

    def get_initial(self):
        return {"told_on": timezone.localdate()}

    def perform(self, form):
        return self.act(actions.tell_complaint_outcome, **form.cleaned_data)
