"""Concerns: raised from any page by anybody, and for the managers alone from then on."""

from functools import cached_property
from typing import Any, ClassVar

from django.contrib import messages
from django.urls import reverse
from django.utils import timezone

from referrals import actions
from referrals.choices import ConcernDecision, ConcernStatus
from referrals.filters import ConcernFilter
from referrals.forms.concerns import (
    ConcernAnywhereForm,
    ConcernClosingForm,
    ConcernDecisionForm,
    ConcernForm,
    PassedOnForm,
)
from referrals.models import Concern, Referral
from referrals.querysets import known_to, referral_called
from referrals.views.about_one import AboutOneView
from referrals.views.queue import NAME_INSIDE
from referrals.working_days import Clock, clock_to
from rj_service.accounts.errors import DomainError
from rj_service.accounts.views import GuardedDetailView, GuardedFormView, GuardedListView
from rj_service.accounts.views.guarded import ObjectMixin
from rj_service.ui.paging import capped_count
from rj_service.ui.references import spoken
from rj_service.ui.templatetags.ui import day, when

NOT_OPEN = "No referral or case of this reference is open to you. Leave it empty if you are not sure"
OWN_SHOWN = 5
TAGS = {ConcernStatus.WAITING: "yellow", ConcernStatus.DECIDED: "blue"}


class Raised:
    """A concern as a row of a page: never a word of it."""

    def __init__(self, concern: Concern, today) -> None:
        self.concern, self.today = concern, today

    @property
    def clock(self) -> Clock | None:
        is_waiting = self.concern.status == ConcernStatus.WAITING
        return clock_to(self.concern.due_on, today=self.today) if is_waiting else None

    @property
    def clock_words(self) -> str:
        if self.clock is None:
            return ""
        return "Decision due today" if self.clock.days_left == 0 else self.clock.words

    @property
    def state(self) -> str:
        return "wait" if self.clock and self.clock.days_left > 0 else "stop"

    @property
    def row_state(self) -> str:
        return self.state if self.clock else ""

    @property
    def tag_colour(self) -> str:
        return TAGS.get(ConcernStatus(self.concern.status), "grey")


class RaiseConcernView(GuardedFormView):
    """The footer of every page leads here. Below the form what one raised oneself: that it was received and decided."""

    permission = "referrals.raise_concern"
    form_class: type[ConcernForm] = ConcernAnywhereForm
    template_name = "referrals/raise_concern.html"

    def perform(self, form) -> Concern:
        data = form.cleaned_data
        reference, referral = data.pop("reference"), None
        if reference:
            referral = referral_called(reference, self.request.user)
            if referral is None:
                raise DomainError(NOT_OPEN, field="reference")
        return self.raise_it(referral=referral, **data)

    def raise_it(self, **given) -> Concern:
        return actions.raise_concern(
            area=self.request.acting_area, by=self.request.user, today=timezone.localdate(), **given
        )

    def get_success_url(self) -> str:
        return self.request.path

    def form_valid(self, form):
        response = super().form_valid(form)
        if response.status_code == 302:
            messages.success(self.request, said(self.result))
        return response

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        own = Concern.objects.raised_by(self.request.user).order_by("-raised_at", "-id")[:OWN_SHOWN]
        return super().get_context_data(own=own, heading="Raise a concern", **kwargs)


def said(concern: Concern) -> str:
    when = "today" if concern.due_on == concern.raised_on else f"by {day(concern.due_on)}"
    return f"Your concern is with the service managers. They decide {when}."


class RaiseConcernOnView(ObjectMixin, RaiseConcernView):
    """From the page of a referral or of its case: whoever may open the one or the other."""

    permission = "referrals.raise_concern"
    model = Referral
    form_class = ConcernForm

    def get_queryset(self):
        return known_to(self.request.user).select_related("case")

    def get(self, request, *args, **kwargs):
        self.read(self.object)
        return super().get(request, *args, **kwargs)

    def perform(self, form) -> Concern:
        return self.raise_it(referral=self.object, **form.cleaned_data)

    @property
    def case(self):
        """Of the app above; None where there is none, or none that whoever raises it opens."""
        opens_cases = self.request.user.may("cases.view") or self.request.user.may("cases.view_assigned")
        return getattr(self.object, "case", None) if opens_cases else None

    def get_success_url(self) -> str:
        if self.case:
            return reverse("cases:desk", args=[self.case.pk])
        own = self.request.user.may("referrals.view_own")
        return reverse("referrals:own" if own else "referrals:detail", args=[self.object.pk])

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        record = self.case or self.object
        caption = f"{'Case' if self.case else 'Referral'} {spoken(record.reference)}"
        return super().get_context_data(
            **{"caption": caption, "back_url": self.get_success_url(), "raise_concern_url": self.request.path, **kwargs}
        )


class ConcernListView(GuardedListView):
    permission = "referrals.safeguard"
    model = Concern
    template_name = "referrals/concerns.html"
    heading = "Concerns"
    thing = "concern"
    empty = "Nobody has raised a concern yet. Anybody of the service can, from the foot of every page."
    filter_class = ConcernFilter
    order = ("-raised_at", "-id")
    order_words = "newest first"
    columns: ClassVar = {
        "Concern": lambda row: spoken(row.concern.reference),
        "About": lambda row: row.concern.get_kind_display(),
        "Danger now, when it was raised": lambda row: "Yes" if row.concern.is_danger_now else "",
        "Raised": lambda row: when(row.concern.raised_at),
        "Raised by": lambda row: row.concern.raised_by.get_short_name(),
        "State": lambda row: row.concern.get_status_display(),
        "Clock": lambda row: row.clock_words,
        "Decision": lambda row: row.concern.get_decision_display(),
    }

    def show(self, rows):
        return rows.select_related("raised_by")

    def row_of(self, found):
        return Raised(found, self.today)

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        waiting = capped_count(self.get_queryset().waiting())
        return super().get_context_data(**kwargs, waiting=waiting, crumbs=[("Concerns", "")])


class ConcernView(GuardedDetailView):
    permission = "referrals.safeguard"
    model = Concern
    pk_name = "concern"
    template_name = "referrals/concern.html"

    def get_queryset(self):
        return super().get_queryset().select_related("referral", "raised_by", "decided_by", "closed_by")

    @cached_property
    def referral(self) -> Referral | None:
        """A restricted one may be closed to the manager who decides on the concern."""
        seen = Referral.objects.all().casework_for(self.request.user)
        return seen.filter(pk=self.object.referral_id).select_related("case").first()

    @property
    def is_closed(self) -> bool:
        return self.object.referral_id is not None and self.referral is None

    def people_shown(self):
        found = self.referral
        return [key for key in (found.person_harmed_id, found.person_responsible_id) if key] if found else []

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        concern = self.object
        told = list(concern.passed_on.select_related("recorded_by").order_by("passed_on", "recorded_at", "id"))
        if self.is_closed:
            covered = actions.covered_for(concern.referral)
            concern.words, concern.outcome = covered(concern.words), covered(concern.outcome)
            concern.decision_words = covered(concern.decision_words)
            for one in told:
                one.words = covered(one.words)
            kwargs |= {"inside": NAME_INSIDE, "granted": actions.who_may_open(concern.referral)}
        return super().get_context_data(
            **kwargs,
            row=Raised(concern, timezone.localdate()),
            passed_on=told,
            referral=self.referral,
            crumbs=[("Concerns", reverse("referrals:concerns")), (spoken(concern.reference), "")],
        )


class OfConcern(AboutOneView):
    abstract = True
    permission = "referrals.safeguard"
    model = Concern
    pk_name = "concern"


class DecideConcernView(OfConcern):
    permission = "referrals.safeguard"
    form_class = ConcernDecisionForm
    heading = "Decide on this concern"
    button = "Decide"
    success_message = "The decision is recorded"

    def perform(self, form):
        return self.act(actions.decide_concern, **form.cleaned_data)

    def get_success_url(self) -> str:
        if self.result.decision == ConcernDecision.PASS_ON:
            return reverse("referrals:pass-concern-on", args=[self.object.pk])
        return self.own_page


class PassConcernOnView(OfConcern):
    permission = "referrals.safeguard"
    form_class = PassedOnForm
    heading = "Whom you told"
    button = "Record it"
    success_message = "It is recorded that you told them"

    def get_initial(self):
        return {"passed_on": timezone.localdate()}

    def perform(self, form):
        return self.act(actions.pass_concern_on, **form.cleaned_data)


class CloseConcernView(OfConcern):
    permission = "referrals.safeguard"
    form_class = ConcernClosingForm
    heading = "Close this concern"
    button = "Close the concern"
    success_message = "The concern is closed"

    def perform(self, form):
        return self.act(actions.close_concern, **form.cleaned_data)
