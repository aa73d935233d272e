"""What agencies were asked: on a referral, and across the area with the longest late first."""

from functools import cached_property
from typing import ClassVar

from django.http import Http404
from django.urls import reverse, reverse_lazy
from django.utils import timezone

from referrals import forms, policy
from referrals.actions import (
    Recipient,
    ask_agency,
    due_day,
    end_needless_request,
    keep_request_words,
    note_agency_answer,
    send_request_again,
    why_nobody_is_asked,
)
from referrals.choices import REQUEST_WORDS, USUALLY_ASKED, AskedFor, ConsentPurpose, RecipientKind, Side
from referrals.filters import RequestFilter
from referrals.models import Consent, InformationRequest, RequestTemplate
from referrals.views.about_person import PersonPage
from referrals.views.asked import Asked
from referrals.views.record import PersonFormView, ReferralFormView
from referrals.views.ways import KIND_OF, warning_about_agency
from referrals.working_days import working_days_between
from rj_service.accounts.models import Organisation
from rj_service.accounts.views import (
    GuardedActionView,
    GuardedDetailView,
    GuardedFormView,
    GuardedListView,
    GuardedTemplateView,
)
from rj_service.ui.references import spoken

CRUMBS = [("Referrals", reverse_lazy("referrals:list"))]


class RequestListView(GuardedListView):
    permission = "referrals.manage"
    model = InformationRequest
    template_name = "referrals/requests.html"
    heading = "Information asked of agencies"
    thing = "request"
    empty = "No agency owes an answer. Ask one from the page of a referral; it is reminded by itself."
    filter_class = RequestFilter
    order = ("due_on", "id")
    order_words = "longest late first"
    columns: ClassVar = {
        "Agency": lambda row: row.request.organisation,
        "Kind": lambda row: row.request.get_recipient_kind_display(),
        "Referral": lambda row: spoken(row.request.referral.reference),
        "About": lambda row: Side(row.request.side).label,
        "Asked for": lambda row: ", ".join(row.request.asked_for_words),
        "Asked": lambda row: row.request.asked_on,
        "Due": lambda row: row.request.due_on,
        "Clock": lambda row: row.clock.words,
        "Reminded": lambda row: row.request.times_chased,
    }

    def narrowed(self):
        return self.get_queryset().outstanding()

    def show(self, rows):
        return rows.select_related("referral")

    def row_of(self, found):
        return Asked(found, self.today)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **kwargs,
            agencies=[_in_words(found, self.today) for found in self.narrowed().by_agency(self.today)],
            may_keep_words=self.request.user.may("referrals.keep_words"),
            crumbs=CRUMBS + [("Information asked of agencies", "")],
        )


def _in_words(found: dict, today) -> dict:
    kind = RecipientKind(found["recipient_kind"])
    return {
        "label": found["called"] or kind.label,
        "kind": kind.label if found["called"] else "Not in the list of agencies",
        "number": found["number"],
        "late": found["late"],
        "age": working_days_between(found["middle"], today),
        "url": f"?agency={kind}&organisation={found['agency'] or 'null'}",
    }


class WhomToAskView(PersonPage):
    """Each kind of agency begins with its own words."""

    permission = "referrals.manage"
    template_name = "referrals/whom_to_ask.html"

    def get_context_data(self, **kwargs):
        agreed = Consent.objects.in_force().filter(referral=self.object, purpose=ConsentPurpose.SHARE_INFORMATION)
        agreed = agreed.filter(person=self.person)
        return super().get_context_data(
            **kwargs,
            caption=f"Referral {spoken(self.object.reference)}",
            why_not=why_nobody_is_asked(self.object, self.person),
            has_agreed=agreed.exists(),
            kinds=[(kind.label, self.address("ask-agency", kind)) for kind in RecipientKind],
            back_url=reverse("referrals:detail", args=[self.object.pk]),
        )


def begins_with(kind: RecipientKind) -> dict:
    """Where a request begins: with the words of the area, else with ours."""
    kept = RequestTemplate.objects.filter(recipient_kind=kind).select_related("kept_by").first()
    if kept is not None:
        return {"words": kept.words, "asked_for": kept.asked_for.split(), "kept": kept}
    return {"words": REQUEST_WORDS[kind], "asked_for": list(USUALLY_ASKED[kind]), "kept": None}


class RequestWordsView(GuardedTemplateView):
    """What a manager keeps of how agencies are asked: a card for each kind."""

    permission = "referrals.keep_words"
    template_name = "referrals/request_words.html"

    def get_context_data(self, **kwargs):
        kinds = [(kind, begins_with(kind)) for kind in RecipientKind]
        return super().get_context_data(
            **kwargs,
            kinds=[(kind, words, [AskedFor(code).label for code in words["asked_for"]]) for kind, words in kinds],
            crumbs=[
                *CRUMBS,
                ("Information asked of agencies", reverse("referrals:requests")),
                ("Words of requests", ""),
            ],
        )


class KeepRequestWordsView(GuardedFormView):
    permission = "referrals.keep_words"
    form_class = forms.RequestWordsForm
    template_name = "ui/question.html"
    success_message = "Requests begin with these words from now on"

    @cached_property
    def kind(self) -> RecipientKind:
        if self.kwargs["agency"] not in RecipientKind.values:
            raise Http404
        return RecipientKind(self.kwargs["agency"])

    def get_initial(self):
        return begins_with(self.kind)

    def perform(self, form):
        area = self.request.acting_area
        return keep_request_words(area=area, kind=self.kind, by=self.request.user, **form.cleaned_data)

    def get_success_url(self):
        return reverse("referrals:request-words")

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **{
                "heading": f"Words of requests: {self.kind.label}",
                "lead": "Whoever asks can still change them. What was asked before keeps its words.",
                "button": "Keep these words",
                "back_url": self.get_success_url(),
                **kwargs,
            }
        )


class AskAgencyView(PersonFormView):
    permission = "referrals.manage"
    form_class = forms.AskAgencyForm
    template_name = "referrals/ask_agency.html"
    button = "Send the request"
    success_message = "The agency is asked. It is reminded by itself"

    @property
    def agency(self) -> RecipientKind:
        if self.kwargs["agency"] not in RecipientKind.values:
            raise Http404
        return RecipientKind(self.kwargs["agency"])

    @property
    def heading(self) -> str:
        return f"Ask for information: {self.agency.label}"

    def get_form_kwargs(self):
        here = Organisation.objects.filter(service_area=self.object.service_area_id, kind=KIND_OF[self.agency])
        return super().get_form_kwargs() | {"agencies": here}

    def get_initial(self):
        return {**begins_with(self.agency), "due_on": due_day(timezone.localdate())}

    def perform(self, form):
        data = form.cleaned_data
        return ask_agency(
            referral=self.object,
            person=self.person,
            recipient=Recipient(self.agency, data["organisation"], data["name"], data["email"], data["agency"]),
            asked_for=data["asked_for"],
            words=data["words"],
            due_on=data["due_on"],
            by=self.request.user,
            today=timezone.localdate(),
        )

    def get_success_url(self):
        return reverse("referrals:detail", args=[self.object.pk])

    def get_context_data(self, **kwargs):
        lead = f"About {self.person.name}. A mail with a link goes out; it names nobody."
        back_url = self.address("whom-to-ask")
        warning = warning_about_agency(self.agency, timezone.localdate())
        return super().get_context_data(**{"lead": lead, "back_url": back_url, "warning": warning, **kwargs})


class RequestView(GuardedDetailView):
    permission = "referrals.manage"
    model = InformationRequest
    pk_name = "asked"
    template_name = "referrals/request.html"

    def get_queryset(self):
        own = super().get_queryset().filter(referral=self.kwargs["pk"])
        return own.select_related("referral", "person", "asked_by", "ended_by")

    def people_shown(self):
        return [self.object.person_id]

    def get_context_data(self, **kwargs):
        referral = self.object.referral
        own_page = reverse("referrals:detail", args=[referral.pk])
        return super().get_context_data(
            **kwargs,
            row=Asked(self.object, timezone.localdate()),
            referral=referral,
            can_manage=policy.can_manage(self.request.user, referral) and self.object.is_open,
            crumbs=[
                ("Referrals", reverse("referrals:list")),
                (spoken(referral.reference), own_page),
                ("Information asked", ""),
            ],
        )


class OfRequest(ReferralFormView):
    """A form about one request of the referral."""

    abstract = True

    @cached_property
    def asked(self) -> InformationRequest:
        found = InformationRequest.objects.filter(referral=self.object, pk=self.kwargs["asked"]).first()
        if found is None:
            raise Http404
        return found

    def people_shown(self):
        return [self.asked.person_id]

    def get_success_url(self):
        return reverse("referrals:request", args=[self.object.pk, self.asked.pk])

    def get_context_data(self, **kwargs):
        return super().get_context_data(**{"side": self.asked.side, **kwargs})


class SendAgainView(OfRequest):
    permission = "referrals.manage"
    form_class = forms.RecipientForm
    heading = "Send the link again"
    lead = "A new link goes out. Links that were sent before stop working."
    button = "Send the link"
    success_message = "The link is sent again"

    def get_initial(self):
        return {"name": self.asked.recipient_name, "email": self.asked.recipient_email}

    def perform(self, form):
        return send_request_again(request=self.asked, by=self.request.user, **form.cleaned_data)


class NoteAnswerView(OfRequest):
    permission = "referrals.manage"
    form_class = forms.NotedAnswerForm
    heading = "Note an answer"
    lead = "What the agency told you by phone or on paper. Its link stops working."
    button = "Save the answer"
    success_message = "The answer is noted"

    def perform(self, form):
        return note_agency_answer(request=self.asked, by=self.request.user, today=timezone.localdate(), **form.given)


class EndRequestView(GuardedActionView):
    permission = "referrals.manage"
    model = InformationRequest
    pk_name = "asked"
    success_message = "The agency is asked no longer"

    def get_queryset(self):
        return super().get_queryset().filter(referral=self.kwargs["pk"])

    def perform(self):
        return end_needless_request(request=self.object, by=self.request.user, today=timezone.localdate())

    def get_success_url(self):
        return reverse("referrals:request", args=[self.object.referral_id, self.object.pk])
