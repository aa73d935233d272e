"""What somebody harmed is told, and the agreement on paper. Nothing on these pages sends anything."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponseRedirect

from cases import actions
from cases.choices import ParticipantRole, Side
from cases.forms import HearingForm, NameForm, PromiseConsentForm, PromiseForm, SignatureForm, ToldForm
from cases.models import Agreement, Participant, ProgressPromise, PromiseConsent, Telling
from cases.papers.agreement import pdf_of
from cases.views.case_page import EVERY_SIDE, CaseAction, CaseForm, CasePage
from cases.views.interventions import PlannersOnly
from cases.views.people import OfParticipant
from cases.views.side_panels import rules_before_contact
from rj_service.accounts.errors import DomainError, NotAllowed
from rj_service.documents.downloads import printed


class OfAgreement:
    permission = "cases.log_contact"

    @cached_property
    def agreement(self) -> Agreement:
        return self.child(Agreement.objects.select_related("case__service_area"), "agreement")

    def get_back_url(self) -> str:
        return self.case_url("agreement")


class AgreementPaperView(OfAgreement, CasePage):
    """What one side reads and signs, as a PDF whose name says nothing."""

    permission = "cases.log_contact"

    def get(self, request, *args, **kwargs):
        side = self.kwargs["side"]
        if self.sides != EVERY_SIDE:
            raise PermissionDenied  # it holds what every side promised
        if side not in (Side.HARMED, Side.RESPONSIBLE):
            raise Http404
        try:
            with transaction.atomic():  # what cannot be printed was not
                paper = actions.print_agreement(agreement=self.agreement, side=side, by=request.user, today=self.today)
                pdf = pdf_of(paper)
        except NotAllowed:
            raise
        except DomainError as error:
            messages.error(request, error.message)
            return HttpResponseRedirect(self.get_back_url())
        self.read(self.case, kind="print", people=[one.person_id for one in self.people if one.side == side])
        return printed(pdf, "outcome-agreement.pdf")


class RecordSignatureView(OfAgreement, CaseForm):
    permission = "cases.log_contact"
    form_class = SignatureForm
    heading = "Record a signature"
    button = "Save"
    success_message = "The signature is recorded."

    @cached_property
    def signers(self):
        return self.participants.filter(pk__in=[one.pk for one in actions.signers_of(self.agreement)])

    def people_shown(self):
        return [one.person_id for one in self.signers]

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"signers": self.signers}

    def get_initial(self):
        return {"signed_on": self.today}

    def perform(self, form):
        return actions.record_signature(
            agreement=self.agreement, by=self.request.user, today=self.today, **form.cleaned_data
        )


class AgreeNameView(OfParticipant, CaseForm):
    permission = "cases.log_contact"
    form_class = NameForm
    heading = "How they are named to the other side"
    button = "Save"
    success_message = "Saved."

    def get_initial(self):
        return {"shown_as": self.participant.shown_as}

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        return super().get_context_data(**{"lead": self.participant.person.name, **kwargs})

    def perform(self, form):
        return actions.agree_name(
            participant=self.participant, by=self.request.user, today=self.today, **form.cleaned_data
        )


class ToldView(CasePage):
    """What is still to be told, what was promised, and what was told."""

    permission = "cases.log_contact"
    template_name = "cases/told.html"
    part = "agreement"

    @cached_property
    def harmed(self) -> list[Participant]:
        return [one for one in self.people if one.role == ParticipantRole.PERSON_HARMED]

    def check_permission(self) -> None:
        super().check_permission()
        if Side.HARMED not in self.sides:
            raise Http404

    def people_shown(self):
        return [one.person_id for one in self.harmed]

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        tellings = list(
            Telling.objects.visible_to(self.request.user)
            .filter(participant__case=self.case)
            .select_related("participant__person", "commitment", "promise", "told_by")
            .order_by("due_on", "made_at", "id")
        )
        wants = actions.who_wants_to_hear(self.harmed)
        return super().get_context_data(
            waiting=[one for one in tellings if one.told_on is None and one.ended_at is None],
            told=[one for one in reversed(tellings) if one.told_on is not None],
            promises=self._promises(),
            hearing=[{"participant": one, "wants": one.pk in wants} for one in self.harmed],
            may_plan=self.may_plan,
            both=Side.RESPONSIBLE in self.sides,
            back_url=self.case_url("agreement"),
            **kwargs,
        )

    def _promises(self) -> list[ProgressPromise]:
        seen = ProgressPromise.objects.visible_to(self.request.user).filter(case=self.case)
        agreed = PromiseConsent.objects.filter(promise=OuterRef("pk"), withdrawn_at__isnull=True)
        rows = list(
            seen.annotate(is_agreed=Exists(agreed))
            .select_related("case", "hears__person", "about__person")
            .order_by("ended_at", "next_on", "id")
        )
        blocks = actions.promises_blocks(self.case, rows)
        for one in rows:
            one.blocks = [] if one.ended_at else blocks[one.pk]
            one.is_due = not one.ended_at and one.next_on <= self.today
        return rows


class OfTold:
    def get_back_url(self) -> str:
        return self.case_url("told")

    def get_success_url(self) -> str:
        return self.case_url("told")


class ChooseHearingView(OfTold, OfParticipant, CaseForm):
    permission = "cases.log_contact"
    form_class = HearingForm
    heading = "Whether they want to hear how it is kept"
    button = "Save"
    success_message = "Saved."

    @cached_property
    def participant(self) -> Participant:
        return self.child(self.participants.filter(role=ParticipantRole.PERSON_HARMED), "participant")

    def get_initial(self):
        return {"said_on": self.today}

    def perform(self, form):
        given = form.cleaned_data
        return actions.choose_hearing(
            participant=self.participant,
            wants_to_hear=given["wants"] == "yes",
            said_on=given["said_on"],
            method=given["method"],
            by=self.request.user,
            today=self.today,
        )


class TellingForm(OfTold, CaseForm):
    """The safe-contact rules stand above the form: they are read before anybody is told."""

    abstract = True
    form_class = ToldForm
    template_name = "cases/tell.html"
    button = "Save"
    success_message = "Saved. It is written down that they were told."
    says_what = False

    @property
    def listener(self) -> Participant:
        raise NotImplementedError

    def people_shown(self):
        return [self.listener.person_id]

    def get_side(self) -> str:
        return self.listener.side

    def get_form_kwargs(self):
        ways = actions.ways_to_tell(self.listener, self.today)
        return super().get_form_kwargs() | {"ways": ways, "says_what": self.says_what}

    def get_initial(self):
        return {"told_on": self.today}

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        rules = rules_before_contact(self.listener, self.case.referral, self.today)
        return super().get_context_data(**{"safe_words": rules, **kwargs, "participant": self.listener})


class RecordToldView(TellingForm):
    permission = "cases.log_contact"
    heading = "Tell the person harmed how it was kept"

    @cached_property
    def telling(self) -> Telling:
        seen = Telling.objects.visible_to(self.request.user).filter(commitment__isnull=False)
        return self.child(
            seen.select_related("participant__person", "participant__case__referral", "commitment"),
            "telling",
            participant__case=self.case,
        )

    @property
    def listener(self) -> Participant:
        return self.telling.participant

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        telling = self.telling
        kind = telling.commitment.get_kind_display() if telling.commitment else ""
        lead = f"{kind}: {telling.get_status_display().lower()}"
        return super().get_context_data(**{"lead": lead, **kwargs})

    def perform(self, form):
        return actions.record_told(telling=self.telling, by=self.request.user, today=self.today, **form.cleaned_data)


class OfPromise(OfTold):
    @cached_property
    def promise(self) -> ProgressPromise:
        seen = ProgressPromise.objects.visible_to(self.request.user)
        return self.child(
            seen.select_related("case__referral", "hears__person", "hears__case__referral", "about__person"), "promise"
        )


class TellProgressView(OfPromise, TellingForm):
    permission = "cases.log_contact"
    heading = "Tell the person harmed how they get on"
    says_what = True

    @property
    def listener(self) -> Participant:
        return self.promise.hears

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        lead = self.promise.words or self.promise.get_kind_display()
        return super().get_context_data(**{"lead": lead, "blocks": actions.promise_blocks(self.promise), **kwargs})

    def perform(self, form):
        return actions.tell_progress(promise=self.promise, by=self.request.user, today=self.today, **form.cleaned_data)


class MakePromiseView(PlannersOnly, OfTold, OfParticipant, CaseForm):
    """What somebody harmed wants to hear. The person it is about is asked before anything is told."""

    form_class = PromiseForm
    heading = "What they want to hear"
    lead = "Nothing is told before the person responsible agrees to exactly this."
    button = "Save"
    success_message = "Saved. Ask the person responsible whether they agree."

    @cached_property
    def participant(self) -> Participant:
        return self.child(self.participants.filter(role=ParticipantRole.PERSON_HARMED), "participant")

    @cached_property
    def parties(self):
        return self.participants.filter(role=ParticipantRole.PERSON_RESPONSIBLE, left_at__isnull=True)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"parties": self.parties}

    def get_initial(self):
        return {"next_on": self.today}

    def perform(self, form):
        given = {"about": self.parties.first()} | form.cleaned_data
        if given["about"] is None:
            raise DomainError("Nobody responsible is named in this case")
        return actions.make_promise(hears=self.participant, by=self.request.user, today=self.today, **given)


class OfOther(OfPromise):
    """By whoever works with the side of the person it is about."""

    def check_permission(self) -> None:
        super().check_permission()
        if self.promise.about.side not in self.sides:
            raise PermissionDenied


class AgreeToPromiseView(OfOther, CaseForm):
    permission = "cases.record_consent"
    form_class = PromiseConsentForm
    heading = "They agree that this is told"
    button = "Save"
    success_message = "Saved."

    def people_shown(self):
        return [self.promise.about.person_id]

    def get_side(self) -> str:
        return self.promise.about.side

    def get_initial(self):
        return {"given_on": self.today}

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        promise = self.promise
        what = promise.words or promise.get_kind_display()
        how = f"{promise.get_often_display().lower()}, {promise.get_channel_display().lower()}"
        return super().get_context_data(**{"lead": f"{promise.about.person.name}: {what} ({how})", **kwargs})

    def perform(self, form):
        return actions.agree_to_promise(
            promise=self.promise, by=self.request.user, today=self.today, **form.cleaned_data
        )


class TakeBackPromiseView(OfOther, CaseAction):
    permission = "cases.record_consent"
    success_message = "They no longer agree. Nothing of it is told from now on."

    def perform(self):
        return actions.take_back_promise(promise=self.promise, by=self.request.user, today=self.today)


class EndPromiseView(OfPromise, CaseAction):
    permission = "cases.log_contact"
    success_message = "The promise has ended."

    def perform(self):
        return actions.end_promise(promise=self.promise, by=self.request.user, today=self.today)
