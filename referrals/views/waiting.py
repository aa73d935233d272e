"""Interested, no suspect identified: the living list, and what is recorded about somebody who waits."""

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from referrals import actions
from referrals.choices import ReferralStatus
from referrals.filters import InterestFilter
from referrals.forms.waiting import GoOnForm, InterestCheckForm, TriggerForm
from referrals.models import InterestTrigger, Referral, SafeContact, WatchedInterest
from referrals.views.queue import ReferralListView
from referrals.views.record import ReferralFormView
from referrals.views.watched import POLICE_TELL, Waiting, waiting_of
from rj_service.accounts.views import GuardedActionView
from rj_service.ui.references import spoken

COLUMNS = {
    "Reference": lambda row: spoken(row.referral.reference),
    "What happened": lambda row: row.what,
    "Person harmed": lambda row: row.harmed,
    "Wish": lambda row: "Shown inside" if row.referral.is_restricted else row.interest.wish,
    "Waiting since": lambda row: row.interest.since,
    "Next check": lambda row: row.interest.next_check_on,
    "Yearly review due": lambda row: row.interest.review_due_on,
    "News": lambda row: "Something changed" if row.referral.has_news else "",
    "Do not write now": lambda row: row.anniversary,
    "Taken by": lambda row: row.referral.taken_by.get_short_name() if row.referral.taken_by else "",
}


class InterestListView(ReferralListView):
    permission = "referrals.view"
    template_name = "referrals/interested.html"
    list_class = ""
    shown = "interested"
    filter_class = InterestFilter
    columns = COLUMNS

    def show(self, rows):
        return rows.for_list(self.request.user).with_news()

    def row_of(self, found: Referral) -> Waiting:
        return Waiting(found, self.today, self.request.user.pk)


class OfWaiting(ReferralFormView):
    """A form about somebody who waits; what to know before anybody speaks with them stands above it."""

    abstract = True
    template_name = "referrals/waiting_form.html"

    def get_queryset(self):
        return super().get_queryset().interested().select_related("watched_interest")

    def people_shown(self):
        return [key for key in (self.object.person_harmed_id,) if key]

    @property
    def interest(self) -> WatchedInterest:
        return self.object.watched_interest

    def get_context_data(self, **kwargs):
        waiting = waiting_of(self.object, self.request.user, timezone.localdate())
        safe = SafeContact.objects.filter(person=self.object.person_harmed_id).first()
        return super().get_context_data(**{"side": "harmed", "waiting": waiting, "safe": safe, **kwargs})


class InterestCheckView(OfWaiting):
    permission = "referrals.decide"
    form_class = InterestCheckForm
    heading = "Record a check"
    button = "Record the check"
    success_message = "The check is recorded"

    def get_initial(self):
        wishes = {True: "Y", False: "N"}.get(self.interest.wishes_contact, "")
        return {
            "checked_on": timezone.localdate(),
            "asked_by": self.request.user.get_full_name(),
            "wish": self.interest.wish,
            "wishes_contact": wishes,
        }

    def perform(self, form):
        by, today = self.request.user, timezone.localdate()
        return actions.check_interest(referral=self.object, by=by, today=today, **form.given)


class TriggerView(OfWaiting):
    permission = "referrals.manage"
    form_class = TriggerForm
    heading = "Note what has changed"
    lead = f"It makes a task for a coordinator. {POLICE_TELL}"
    button = "Note it"
    success_message = "It is noted. A task is open for it"

    def get_initial(self):
        return {"told_on": timezone.localdate()}

    def perform(self, form):
        by, today = self.request.user, timezone.localdate()
        return actions.note_trigger(referral=self.object, by=by, today=today, **form.cleaned_data)


class GoOnView(OfWaiting):
    """A suspect identified is not a person responsible, and a wish may be years old."""

    permission = "referrals.decide"
    form_class = GoOnForm
    heading = "Somebody is identified: go on"
    lead = "Ask the person again first. Then the referral goes back to triage with everything it carries."
    button = "Go on"

    def get_initial(self):
        return {"asked_by": self.request.user.get_full_name(), "wish": self.interest.wish}

    def perform(self, form):
        data = form.cleaned_data
        return actions.go_on(
            referral=self.object,
            wish_stands=data["wish_stands"] == "Y",
            checked_on=data["checked_on"],
            spoken=form.spoken,
            by=self.request.user,
            today=timezone.localdate(),
        )

    @property
    def success_message(self) -> str:
        went_on = self.result.status == ReferralStatus.RECEIVED
        return "The referral is back in triage" if went_on else "The waiting has ended"


class SettleTriggerView(GuardedActionView):
    """Looked at: nothing follows."""

    permission = "referrals.manage"
    model = Referral
    success_message = "Looked at. They go on waiting"

    def get_queryset(self):
        return Referral.objects.all().casework_for(self.request.user)

    @cached_property
    def trigger(self) -> InterestTrigger:
        own = InterestTrigger.objects.filter(pk=self.kwargs["trigger"], interest__referral=self.object)
        found = own.select_related("interest__referral").first()
        if found is None:
            raise Http404
        return found

    def perform(self):
        return actions.settle_trigger(trigger=self.trigger, by=self.request.user)

    def get_success_url(self):
        return reverse("referrals:detail", args=[self.object.pk])
