"""Who is in a case, what they agreed to, what forbids contact, and how they can be reached."""

from typing import Any

from django.http import HttpResponse

from cases import actions, policy
from cases.forms import (
    AddParticipantForm,
    ClearFlagForm,
    ConsentForm,
    FlagForm,
    LegalBarForm,
    PermissionForm,
    WithdrawForm,
)
from cases.models import Participant
from cases.views.case_page import CaseConfirm, CaseForm, CasePage
from cases.views.side_panels import rules_before_contact, side_panels
from referrals.choices import ConsentPurpose
from referrals.models import Consent, ContactDetails, LegalBar, SensitiveFlag
from referrals.policy import is_closed_side, marked
from rj_service.ui.templatetags.ui import day


class PeopleView(CasePage):
    """Everybody by side, with what is recorded about them and the forms to record more."""

    practitioners_by = "cases.view_assigned"
    template_name = "cases/people.html"
    part = "people"

    def people_shown(self):
        return [one.person_id for one in self.people]

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        panels = side_panels(
            self.case, self.people, sides=self.sides, today=self.today, reads_needs=not self.is_practitioner
        )
        may_manage = policy.can_manage(self.request.user, self.case)
        return super().get_context_data(panels=panels, may_manage=may_manage, **kwargs)


class AddParticipantView(CaseForm):
    permission = "cases.manage"
    form_class = AddParticipantForm
    heading = "Add a person"
    button = "Add this person"
    success_message = "The person is in the case."

    def perform(self, form):
        return actions.add_new_participant(case=self.case, by=self.request.user, today=self.today, **form.cleaned_data)

    def get_back_url(self) -> str:
        return self.case_url("people")


class ParticipantLeavesView(CaseConfirm):
    permission = "cases.manage"
    form_class = WithdrawForm
    heading = "This person no longer takes part"
    button = "Record that they no longer take part"
    success_message = "The person no longer takes part. What was arranged is stopped."

    def perform(self, form):
        return actions.participant_leaves(participant=self.participant, by=self.request.user, today=self.today)

    def people_shown(self):
        return [self.participant.person_id]

    def get_side(self) -> str:
        return self.participant.side

    def get_facts(self):
        return [{"label": "Person", "value": self.participant.person.name}]

    def get_consequences(self):
        return [
            "What is recorded about the person stays",
            "A meeting or letter that is arranged with them is postponed",
        ]

    def get_back_url(self) -> str:
        return self.case_url("people")


class OfParticipant:
    """Below `/cases/<pk>/participants/<participant>/`: the person is one that this user may see."""

    participant: Participant

    def people_shown(self):
        return [self.participant.person_id]

    def get_side(self) -> str:
        return self.participant.side

    def get_back_url(self) -> str:
        return self.case_url("people")

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        return super().get_context_data(**{**kwargs, "participant": self.participant})


class RevealContactView(OfParticipant, CasePage):
    """Phone and address on a page of its own; opening it is recorded as a reveal."""

    permission = "referrals.reveal_contact"
    practitioners_by = "cases.reveal_contact"
    template_name = "cases/reveal_contact.html"

    def render_to_response(self, context, **kwargs) -> HttpResponse:
        self.read(self.case, kind="reveal", people=self.people_shown())
        response = super(CasePage, self).render_to_response(context, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        person = self.participant.person
        closed = is_closed_side(self.case.referral, self.participant.side)
        details = None if closed else ContactDetails.objects.filter(person=person).first()
        return super().get_context_data(
            details=details,
            facts=_contact_facts(details),
            safe_words=rules_before_contact(self.participant, self.case.referral, self.today),
            closed=closed,
            back_url=self.case_url("desk"),
            **kwargs,
        )


def _contact_facts(details: ContactDetails | None) -> list[dict[str, Any]]:
    if details is None:
        return []
    given = [
        ("Phone", details.phone),
        ("Email", details.email),
        ("Address", details.address),
        ("Postcode", details.postcode),
    ]
    return [{"label": label, "value": value or "Not recorded"} for label, value in given]


class ConsentsView(CasePage):
    """What each person agreed to, by purpose; the stricter wins."""

    practitioners_by = "cases.view_assigned"
    template_name = "cases/consents.html"
    part = "people"

    def people_shown(self):
        return [one.person_id for one in self.people]

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        people = [one.person_id for one in self.people]
        found: dict = {}
        for consent in (
            Consent.objects.filter(person__in=people, referral=self.case.referral_id)
            .select_related("recorded_by", "withdrawn_by")
            .order_by("-recorded_at", "id")
        ):
            found.setdefault(consent.person_id, []).append(consent)
        rows = [
            {"participant": one, "consents": marked(found.get(one.person_id, []), one.person, self.today)}
            for one in self.people
        ]
        return super().get_context_data(rows=rows, **kwargs)


class RecordConsentView(OfParticipant, CaseForm):
    permission = "cases.record_consent"
    form_class = ConsentForm
    heading = "Record what a person agreed to"
    button = "Record the agreement"
    success_message = "The agreement is recorded."

    def get_initial(self):
        asked = self.request.GET.get("purpose")
        return {"purpose": asked if asked in ConsentPurpose.values else None}

    def perform(self, form):
        return actions.record_consent(
            participant=self.participant, by=self.request.user, today=self.today, **form.cleaned_data
        )

    def get_back_url(self) -> str:
        return self.case_url("consents")


class WithdrawConsentView(OfParticipant, CaseConfirm):
    """A confirm page: what was agreed ends, and what was arranged on it stops at once."""

    permission = "cases.record_consent"
    form_class = WithdrawForm
    heading = "Withdraw consent"
    button = "Withdraw consent"
    success_message = "The consent is withdrawn. What was arranged on it is stopped."

    @property
    def consent(self) -> Consent:
        standing = Consent.objects.in_force()
        return self.child(standing, "consent", person=self.participant.person_id, referral=self.case.referral_id)

    def perform(self, form):
        return actions.withdraw_consent(
            participant=self.participant, purpose=self.consent.purpose, by=self.request.user, today=self.today
        )

    def get_facts(self):
        consent = self.consent
        return [
            {"label": "Person", "value": self.participant.person.name},
            {"label": "Agreed", "value": consent.get_purpose_display()},
            {"label": "When", "value": day(consent.given_on), "note": consent.get_method_display()},
        ]

    def get_consequences(self):
        words = ["A meeting or letter that is arranged is postponed, and its facilitators are told"]
        if self.consent.purpose == ConsentPurpose.CONTACT:
            words.insert(0, "Everything that this person agreed to in this case ends, because contact does")
        return [*words, "The other side is told only that the date has changed"]

    def get_back_url(self) -> str:
        return self.case_url("consents")


class LegalBarsView(CasePage):
    """What forbids contact, until when, and who alone may permit it."""

    practitioners_by = "cases.view_assigned"
    template_name = "cases/legal_bars.html"
    part = "people"

    def people_shown(self):
        return [one.person_id for one in self.people]

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        found: dict = {}
        for bar in LegalBar.objects.filter(person__in=[one.person_id for one in self.people]).order_by(
            "-starts_on", "id"
        ):
            bar.stands = bar.permitted_on is None and not (bar.ends_on and bar.ends_on < self.today)
            found.setdefault(bar.person_id, []).append(bar)
        rows = [{"participant": one, "bars": found.get(one.person_id, [])} for one in self.people]
        return super().get_context_data(
            rows=rows,
            may_record=self.request.user.may("cases.record_consent"),
            may_permit=self.request.user.may("cases.manage"),
            **kwargs,
        )


class LegalBarView(OfParticipant, CaseForm):
    permission = "cases.record_consent"
    form_class = LegalBarForm
    heading = "Record what forbids contact"
    lead = "The person harmed cannot waive it. What is arranged is postponed at once."
    button = "Record this"
    success_message = "The legal bar is recorded. Nothing can be arranged while it stands."

    def perform(self, form):
        starts_on, ends_on = form.cleaned_data["starts_on"], form.cleaned_data["ends_on"]
        if ends_on and ends_on < self.today:
            self.success_message = "The legal bar is recorded. It has ended, and forbids nothing now."
        elif starts_on > self.today:
            self.success_message = f"The legal bar is recorded. It forbids contact from {day(starts_on)}, not before."
        return actions.record_legal_bar(
            participant=self.participant, by=self.request.user, today=self.today, **form.cleaned_data
        )

    def get_back_url(self) -> str:
        return self.case_url("legal-bars")


class PermitLegalBarView(OfParticipant, CaseForm):
    permission = "cases.manage"
    form_class = PermissionForm
    heading = "Record the written permission"
    button = "Record the permission"
    success_message = "The permission is recorded."

    @property
    def bar(self) -> LegalBar:
        return self.child(LegalBar.objects.filter(permitted_on__isnull=True), "bar", person=self.participant.person_id)

    def get_initial(self):
        return {"authority": self.bar.authority}

    def perform(self, form):
        return actions.record_permission(
            case=self.case, bar=self.bar, by=self.request.user, today=self.today, **form.cleaned_data
        )

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        bar = self.bar
        return super().get_context_data(
            **{
                "lead": f"{bar.get_kind_display()}, set by {bar.authority}. Only that authority can permit contact.",
                **kwargs,
            }
        )

    def get_back_url(self) -> str:
        return self.case_url("legal-bars")


class ClearFlagView(CaseForm):
    """What was put on by mistake is taken off by whoever signs the case off."""

    permission = "cases.sign_off"
    form_class = ClearFlagForm
    heading = "Take a flag off"
    lead = "Only where it was put on by mistake, or was found not to be so. Less is asked for afterwards. Why stays with it."
    button = "Take it off"
    success_message = "It is taken off. The coordinator is told."

    def get_form_kwargs(self):
        flags = SensitiveFlag.objects.filter(referral=self.case.referral_id, cleared_at__isnull=True)
        return super().get_form_kwargs() | {"flags": flags}

    def perform(self, form):
        return actions.clear_flag(case=self.case, by=self.request.user, today=self.today, **form.cleaned_data)


class RaiseFlagView(CaseForm):
    """A late flag suspends everything at once."""

    permission = "cases.record_consent"
    form_class = FlagForm
    heading = "Mark the case as sensitive"
    lead = "What is arranged stops at once, until a supervisor has signed the case off again."
    button = "Mark as sensitive"
    success_message = "The case is marked as sensitive."

    def perform(self, form):
        return actions.raise_flag(case=self.case, by=self.request.user, today=self.today, **form.cleaned_data)
