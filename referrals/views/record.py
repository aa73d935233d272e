"""A referral's own page, and what is recorded about it."""

from functools import cached_property

from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone

from referrals import events, forms, policy
from referrals.actions import (
    change_safe_contact,
    readers_of,
    record_consent,
    record_legal_bar,
    take_referral,
    why_not_reached,
    withdraw_consent,
)
from referrals.choices import SELF_REFERRED, Channel, ConsentPurpose, RepeatedBecause, Side
from referrals.models import (
    AlsoResponsible,
    ApproachElsewhere,
    Complaint,
    Concern,
    ContactDetails,
    Grant,
    Referral,
    RepeatedApproach,
    SafeContact,
    Task,
)
from referrals.stopped import changes_behind
from referrals.views.about_person import OfPerson, PersonPage, Recorded
from referrals.views.asked import requests_of
from referrals.views.between_areas import passed_between
from referrals.views.complaints import Complained
from referrals.views.concerns import Raised
from referrals.views.messages import conversation
from referrals.views.offered import offers_of
from referrals.views.queue import Row
from referrals.views.somebody_known import SomebodyKnown, one_person_with, somebody_known
from referrals.views.watched import waiting_of
from referrals.views.ways import ways_of
from rj_service.accounts.views import GuardedActionView, GuardedDetailView, GuardedFormView
from rj_service.accounts.views.guarded import ObjectMixin
from rj_service.audit.models import DomainEvent
from rj_service.ui.references import spoken
from rj_service.ui.templatetags.ui import day

APPROACHED = {
    RepeatedBecause.WRITER_IS_RESPONSIBLE: "with the contact details of the person responsible here",
    RepeatedBecause.SAME_CONTACT: "with the contact details of whoever wrote here",
    RepeatedBecause.NAMES_SOMEBODY_HARMED: "about somebody of the same name as the person harmed here",
}


class ReferralView(GuardedDetailView):
    permission = "referrals.view"
    model = Referral
    template_name = "referrals/detail.html"

    def get_queryset(self):
        return (
            Referral.objects.all()
            .casework_for(self.request.user)
            .for_list(self.request.user)
            .defer(None)
            .select_related(
                "watched_interest__ended_by", "decided_by", "duplicate_of", "restriction", "referred_to__organisation"
            )
        )

    @cached_property
    def known(self) -> list[SomebodyKnown]:
        return somebody_known(self.object, self.request.user)

    def people_shown(self):
        main = [key for key in (self.object.person_harmed_id, self.object.person_responsible_id) if key]
        alike = [key for one in self.known for key in (one.pair.person_id, one.pair.other_id)]
        return {*main, *(one.person_id for one in self.also), *alike}

    @cached_property
    def also(self) -> list[AlsoResponsible]:
        return list(self.object.also_responsible.all())

    def is_talked_about(self) -> bool:
        referral = self.object
        return bool(referral.organisation_id) or referral.messages.exists() or bool(readers_of(referral))

    def routed(self, today) -> dict:
        responsible = [self.object.person_responsible, *(one.person for one in self.also)]
        kinds = self.object.sensitive_flags.filter(cleared_at__isnull=True).values_list("kind", flat=True)
        return ways_of(self.object, kinds=kinds, responsible=responsible, today=today)

    def get_context_data(self, **kwargs):
        referral, user = self.object, self.request.user
        today = timezone.localdate()
        sides, beside = self.people(today)
        return super().get_context_data(
            **kwargs,
            row=Row(referral, today, user.pk),
            sides=sides,
            flags=referral.sensitive_flags.filter(cleared_at__isnull=True),
            changes=referral.proposed_changes.filter(decided_at__isnull=True)
            .select_related("proposed_by")
            .order_by("id"),
            entries=timeline_of(referral),
            requests=requests_of(referral, today) if policy.can_manage(user, referral) else (),
            can_decide=policy.can_decide(user, referral),
            can_take=policy.can_take(user, referral) and referral.taken_by_id is None,
            can_manage=policy.can_manage(user, referral),
            can_reveal=policy.can_reveal_contact(user, referral),
            can_restrict=policy.can_restrict(user, referral) and not referral.is_restricted,
            can_grant=policy.can_grant(user, referral) and referral.is_restricted,
            grants=Grant.objects.filter(referral=referral).in_force().select_related("user").order_by("granted_at"),
            beside=beside,
            can_name_harmed=policy.can_name_harmed(user, referral),
            can_add_responsible=policy.can_add_responsible(user, referral),
            offers=offers_of(referral, user),
            waiting=waiting_of(referral, user, today),
            can_reopen=policy.can_reopen(user, referral),
            told=referral.neutral_outcome.label,
            talk=conversation(referral, user) if self.is_talked_about() else None,
            is_self_referral=referral.mechanism in SELF_REFERRED and policy.can_manage(user, referral),
            approaches=approaches_of(referral, user),
            raise_concern_url=reverse("referrals:raise-concern-on", args=[referral.pk]),
            **voices_about(referral, user, today),
            somebody_known=self.known,
            one_person_with=one_person_with(referral, user),
            between=passed_between(referral, user),
            stopped=self.stopped(),
            routed=self.routed(today) if policy.can_decide(user, referral) else None,
            crumbs=[("Referrals", reverse("referrals:list")), (spoken(referral.reference), "")],
        )

    def stopped(self) -> list[dict]:
        """What changed for safety and nobody has seen to: with the side of whoever it is about."""
        referral = self.object
        tasks = Task.objects.visible_to(self.request.user).open().filter(referral=referral, kind=Task.Kind.SAFETY)
        sides = {one.person_id: Side.RESPONSIBLE for one in self.also}
        sides |= {referral.person_responsible_id: Side.RESPONSIBLE, referral.person_harmed_id: Side.HARMED}
        found = changes_behind(referral.pk, list(tasks.order_by("created_at", "id")))
        return [{"change": one, "side": sides.get(one.person_id, "") if one.person_id else ""} for one in found]

    def people(self, today) -> tuple[list[dict], list[dict]]:
        """By side, and whoever is responsible beside the first."""
        referral = self.object
        on_side = {Side.HARMED: referral.person_harmed, Side.RESPONSIBLE: referral.person_responsible}
        everybody = [*filter(None, on_side.values()), *(one.person for one in self.also)]
        recorded = Recorded(referral, everybody, today)
        told = referral.get_responsibility_told_display()
        sides = [
            recorded.about(person, side, told) if person else {"side": side, "person": None}
            for side, person in on_side.items()
        ]
        beside = [
            recorded.about(one.person, Side.RESPONSIBLE, one.get_responsibility_told_display()) for one in self.also
        ]
        return sides, beside


def timeline_of(referral: Referral, limit: int = 20) -> list[dict]:
    found = list(DomainEvent.objects.about(referral).order_by("-id")[:limit])
    names = get_user_model().objects.in_bulk({event.actor_id for event in found if event.actor_id})
    return [
        {
            "title": events.SENTENCES.get(event.verb, event.verb),
            "by": names[event.actor_id].get_short_name() if event.actor_id in names else "",
            "at": event.occurred_at or event.at,
            "words": events.words_of(event.detail),
        }
        for event in found
    ]


def approaches_of(referral: Referral, user) -> dict | None:
    """Earlier referrals that this one is like and that the user may read, each with its reasons in words; and what this
    area may know of approaches to another one. None where there is nothing."""
    words = dict(RepeatedBecause.choices)
    found = RepeatedApproach.objects.filter(referral=referral).visible_to(user).select_related("earlier")
    here = [
        (one.earlier, [words[reason] for reason in one.reasons.split() if reason in words])
        for one in found.order_by("-earlier__received_on", "id")
    ]
    elsewhere = ApproachElsewhere.objects.filter(referral=referral).visible_to(user).select_related("wrote_to")
    told = [(one, [APPROACHED[reason] for reason in one.reasons.split()]) for one in elsewhere.order_by("-found_at")]
    return {"here": here, "elsewhere": told} if here or told else None


def voices_about(referral: Referral, user, today) -> dict[str, list]:
    """Concerns and complaints, for the managers; to everybody else there are none."""
    if not policy.can_safeguard(user, referral.service_area_id):
        return {}
    concerns = Concern.objects.filter(referral=referral).visible_to(user).order_by("-raised_at", "-id")
    complaints = Complaint.objects.filter(referral=referral).visible_to(user).order_by("due_on", "id")
    return {
        "concerns": [Raised(one, today) for one in concerns],
        "complaints": [Complained(one, today) for one in complaints],
    }


class ReferralFormView(ObjectMixin, GuardedFormView):
    """A form about one referral that the user may read whole; back to it afterwards."""

    abstract = True
    model = Referral
    template_name = "referrals/question.html"
    heading = ""
    button = "Save"

    def get_queryset(self):
        return (
            Referral.objects.all()
            .casework_for(self.request.user)
            .select_related("incident", "person_harmed", "person_responsible")
        )

    def get(self, request, *args, **kwargs):
        self.read(self.object, people=self.people_shown())
        return super().get(request, *args, **kwargs)

    def get_success_url(self):
        return reverse("referrals:detail", args=[self.object.pk])

    def get_context_data(self, **kwargs):
        kwargs.setdefault("heading", self.heading)
        return super().get_context_data(
            **{
                "object": self.object,
                "caption": f"Referral {spoken(self.object.reference)}",
                "button": self.button,
                "back_url": self.get_success_url(),
                "lead": getattr(self, "lead", ""),
                "side": "",
                "raise_concern_url": reverse("referrals:raise-concern-on", args=[self.object.pk]),
                **kwargs,
            }
        )


class PersonFormView(OfPerson, ReferralFormView):
    """The same about the person of the address."""

    abstract = True


class TakeView(GuardedActionView):
    permission = "referrals.decide"
    model = Referral
    success_message = "You have taken this referral"

    def get_queryset(self):
        return Referral.objects.all().casework_for(self.request.user)

    def perform(self):
        return take_referral(referral=self.object, by=self.request.user, today=timezone.localdate())

    def get_success_url(self):
        return reverse("referrals:detail", args=[self.object.pk])


class ContactView(PersonPage):
    """The number, one recorded step further on; the rule is read before it."""

    permission = "referrals.reveal_contact"
    template_name = "referrals/contact.html"

    def get(self, request, *args, **kwargs):
        self.read(self.object, kind="reveal", people=self.people_shown())
        return super(GuardedDetailView, self).get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        person, side, today = self.person, self.side, timezone.localdate()
        safe = SafeContact.objects.filter(person=person).first()
        details = ContactDetails.objects.filter(person=person).first()
        about = {"person": person, "referral": self.object, "side": side, "today": today}
        blocks = why_not_reached(purpose=ConsentPurpose.CONTACT, **about)
        if policy.is_closed_side(self.object, side):
            details = None
        channels = [
            (Channel.PHONE, details.phone if details else ""),
            (Channel.TEXT, details.phone if details else ""),
            (Channel.EMAIL, details.email if details else ""),
            (Channel.LETTER, address_of(details)),
        ]
        shown = {
            "safe": safe,
            "channels": [(channel.label, value, blocks[channel]) for channel, value in channels],
            "back_url": reverse("referrals:detail", args=[self.object.pk]),
        }
        return super().get_context_data(**kwargs | shown)


def address_of(details: ContactDetails | None) -> str:
    if details is None or details.must_stay_hidden:
        return "Must stay hidden" if details else ""
    return ", ".join(part for part in (details.address, details.postcode) if part)


class ConsentView(PersonFormView):
    permission = "referrals.manage"
    form_class = forms.ConsentForm
    heading = "Record what the person agreed to"
    button = "Record"
    success_message = "The agreement is recorded"

    def perform(self, form):
        return record_consent(
            person=self.person,
            referral=self.object,
            by=self.request.user,
            today=timezone.localdate(),
            **form.cleaned_data,
        )


class WithdrawalView(PersonFormView):
    permission = "referrals.view"
    form_class = forms.WithdrawalForm
    heading = "Record a withdrawal"
    lead = "It counts at once: everything planned that rests on it stops."
    button = "Record the withdrawal"
    success_message = "The withdrawal counts from now"

    def perform(self, form):
        return withdraw_consent(
            person=self.person,
            referral=self.object,
            by=self.request.user,
            purpose=form.cleaned_data["purpose"] or None,
        )


class SafeContactView(PersonFormView):
    permission = "referrals.manage"
    form_class = forms.SafeContactForm
    heading = "How the person may safely be reached"
    lead = "Nothing ticked means: through the referrer only. Loosen only what the person has told you themselves."
    success_message = "Safe contact is changed"

    def get_initial(self):
        safe = SafeContact.objects.filter(person=self.person).first()
        return {name: getattr(safe, name) for name in forms.SafeContactForm.base_fields} if safe else {}

    def perform(self, form):
        return change_safe_contact(
            person=self.person, referral=self.object, allowed=form.cleaned_data, by=self.request.user
        )


class LegalBarView(PersonFormView):
    permission = "referrals.manage"
    form_class = forms.LegalBarForm
    heading = "Record what forbids contact"
    lead = "Nobody harmed can waive it. Only written permission of the authority that set it lifts it."
    button = "Record"
    success_message = "Contact is barred from now"

    def perform(self, form):
        starts_on, ends_on = form.cleaned_data["starts_on"], form.cleaned_data["ends_on"]
        if ends_on and ends_on < timezone.localdate():
            self.success_message = "It is recorded. It has ended, and forbids nothing now"
        elif starts_on > timezone.localdate():
            self.success_message = f"It is recorded. Contact is barred from {day(starts_on)}, not before"
        return record_legal_bar(person=self.person, referral=self.object, by=self.request.user, **form.cleaned_data)
