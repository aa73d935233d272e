"""One side of a case as a page shows it, built from what belongs to that side alone: nothing is hidden afterwards."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils import timezone

from cases.choices import AssessmentItemKind, AssessmentOutcome, Concern, ParticipantRole, Side
from cases.models import Assessment, Case, Contact, Custody, InterpreterBooking, Participant
from cases.policy import why_not_contacted
from referrals.ages import age_on, eighteen_on
from referrals.choices import AgeGroup, ConsentPurpose, Vulnerability, YesNoNotKnown
from referrals.models import (
    Childhood,
    Consent,
    LegalBar,
    ParentalAgreement,
    ParentalResponsibility,
    Person,
    Referral,
    SafeContact,
)
from referrals.policy import (
    age_group,
    age_to_establish,
    bar_in_words,
    given_as_a_child,
    parental_block,
)
from rj_service.ui.templatetags.ui import day, when

MAIN_ROLES = (ParticipantRole.PERSON_HARMED, ParticipantRole.PERSON_RESPONSIBLE)
ROLE_ORDER = {role: place for place, role in enumerate(ParticipantRole.values)}
PERMITTING = (AssessmentOutcome.SUITABLE, AssessmentOutcome.WITH_CONDITIONS, AssessmentOutcome.INDIRECT_ONLY)
ASKED_OF = {
    Side.HARMED: (AssessmentItemKind.FEAR, "Fear, control, orders"),
    Side.RESPONSIBLE: (AssessmentItemKind.RESPONSIBILITY, "Takes responsibility"),
}
CONCERN_STATES = {
    Concern.NONE: "ok",
    Concern.MITIGATED: "ok",
    Concern.NOT_MITIGATED: "stop",
    Concern.NOT_KNOWN: "soon",
}
NOBODY = {
    Side.HARMED: "Nobody on the harmed side yet",
    Side.RESPONSIBLE: "Nobody on the responsible side yet",
    Side.NEITHER: "Nobody",
}


@dataclass
class PersonBlock:
    participant: Participant
    name: str
    about: str
    safe_words: list[str]
    facts: list[dict[str, Any]]
    is_main: bool
    who: Any  # what the referral's addresses call them


@dataclass
class SidePanel:
    side: str
    label: str
    people: list[PersonBlock] = field(default_factory=list)

    @property
    def nobody(self) -> str:
        return NOBODY[Side(self.side)]


def rules_before_contact(participant: Participant, referral: Referral, today: dt.date) -> list[str]:
    """What is read before a number is dialled, wherever contact is made."""
    person = participant.person
    safe = SafeContact.objects.filter(person=person).first()
    given = list(Consent.objects.filter(person=person, referral=referral))
    bars = list(LegalBar.objects.filter(person=person).standing(today).order_by("starts_on", "id"))
    is_child = age_group(person, today) == AgeGroup.CHILD
    rules = rules_of(participant, referral, safe=safe, given=given, bars=bars, is_child=is_child)
    coming = InterpreterBooking.objects.filter(participant=participant).to_come(timezone.now()).order_by("needed_for")
    return rules + [f"Interpreter: {_interpreter_words(one)}" for one in coming[:1]]


def _interpreter_words(booking: InterpreterBooking) -> str:
    state = booking.get_status_display().lower()
    return f"{booking.language_in_words}, {state} for {when(booking.needed_for)}"


def rules_of(
    participant: Participant,
    referral: Referral,
    *,
    safe: SafeContact | None,
    given: Collection[Consent],
    bars: Sequence[LegalBar],
    is_child: bool,
) -> list[str]:
    """What stops contact stands alone; then the ways that are safe. `given`: what the person agreed to, withdrawn too."""
    if stop := why_not_contacted(participant, referral, given):
        return [stop.rstrip(".")]
    rules = ["Under 18: speak first with somebody who has parental responsibility"] if is_child else []
    rules += [bar_in_words(bar).rstrip(".") for bar in bars]
    return rules + safe_contact_words(safe)


def safe_contact_words(safe: SafeContact | None) -> list[str]:
    """The ways that are safe; the strictest reading where nothing is recorded."""
    if safe is None or safe.through_referrer_only:
        return ["Through the referrer only"]
    words = [safe.times] if safe.times else []
    if safe.may_phone:
        words += ["Hide your number: dial 141 first"] if safe.withheld_number else []
        words += [] if safe.may_leave_voicemail else ["Leave no voicemail"]
    else:
        words.append("Do not call")
    channels = (("text message", safe.may_text), ("email", safe.may_email), ("letter", safe.may_write))
    allowed = [name for name, may in channels if may]
    words.append(f"May also be reached by {' and '.join(allowed)}" if allowed else "No email, no letters")
    return [*words, safe.must_not] if safe.must_not else words


def side_panels(
    case: Case,
    participants: Sequence[Participant],
    *,
    sides: Iterable[str],
    today: dt.date,
    reads_needs: bool,
) -> list[SidePanel]:
    """Harmed before responsible; "neither" only where somebody is on it. The same number of statements for any number of
    people. `reads_needs`: more than the communication needs, which whoever visits reads."""
    told = _Told(case, participants, today, reads_needs)
    panels = [
        SidePanel(side, Side(side).label) for side in (Side.HARMED, Side.RESPONSIBLE, Side.NEITHER) if side in sides
    ]
    for panel in panels:
        on_side = [one for one in participants if one.side == panel.side]
        panel.people = [told.block(one) for one in sorted(on_side, key=lambda one: ROLE_ORDER[one.role])]
    return [panel for panel in panels if panel.people or panel.side != Side.NEITHER]


class _Told:
    """What is recorded about some participants, read once."""

    def __init__(self, case: Case, participants: Sequence[Participant], today: dt.date, reads_needs: bool):
        self.case, self.today, self.reads_needs = case, today, reads_needs
        people = [one.person_id for one in participants]
        ids = [one.pk for one in participants]
        self.consents: dict = defaultdict(dict)
        self.given: dict = defaultdict(list)
        for consent in Consent.objects.filter(person__in=people, referral=case.referral_id).order_by("recorded_at"):
            self.consents[consent.person_id][consent.purpose] = consent
            self.given[consent.person_id].append(consent)
        self.bars: dict = defaultdict(list)
        for bar in LegalBar.objects.filter(person__in=people).standing(today).order_by("starts_on", "id"):
            self.bars[bar.person_id].append(bar)
        self.safe = {safe.person_id: safe for safe in SafeContact.objects.filter(person__in=people)}
        self.assessments: dict = defaultdict(list)
        rows = Assessment.objects.filter(participant__in=ids, superseded_at__isnull=True)
        rows = rows.select_related("signed_by__learner").prefetch_related("items", "reopenings")
        for assessment in rows.order_by("signed_at"):
            self.assessments[assessment.participant_id].append(assessment)
        stays = Custody.objects.filter(participant__in=ids).standing()
        self.prisons = {one.participant_id: one for one in stays}
        coming = InterpreterBooking.objects.filter(participant__in=ids).to_come(timezone.now())
        self.interpreters = {one.participant_id: one for one in coming.order_by("-needed_for")}
        self._read_children(case, [one.person for one in participants])
        last = Contact.objects.filter(participant__in=ids).order_by("participant", "-occurred_at", "-id")
        self.last = {one.participant_id: one for one in last.distinct("participant").select_related("recorded_by")}

    def _read_children(self, case: Case, people: Sequence[Person]) -> None:
        """Asks nothing where everybody is of age."""
        children = [one.pk for one in people if age_group(one, self.today) == AgeGroup.CHILD]
        self.childhoods = {one.person_id: one for one in Childhood.objects.filter(person__in=children)}
        said = ParentalAgreement.objects.filter(parental__person__in=children, referral=case.referral_id)
        self.parental = list(said.select_related("parental").order_by("recorded_at"))
        self.holders: dict = defaultdict(list)
        holders = ParentalResponsibility.objects.filter(person__in=children, ended_at__isnull=True)
        for one in holders.exclude(involved=YesNoNotKnown.YES).order_by("recorded_at", "id"):
            self.holders[one.person_id].append(one)

    def block(self, participant: Participant) -> PersonBlock:
        person = participant.person
        is_main = participant.role in MAIN_ROLES
        born = person.date_of_birth
        about = [participant.get_role_display(), str(age_on(born, self.today)) if born else ""]
        return PersonBlock(
            participant=participant,
            name=person.name,
            about=", ".join(word for word in about if word) + ".",
            safe_words=rules_of(
                participant,
                self.case.referral,
                safe=self.safe.get(person.pk),
                given=self.given[person.pk],
                bars=self.bars[person.pk],
                is_child=age_group(person, self.today) == AgeGroup.CHILD,
            ),
            facts=self._main_facts(participant) if is_main else self._short_facts(participant),
            is_main=is_main,
            who=self.case.referral.called_in_addresses(person.pk),
        )

    def _short_facts(self, participant: Participant) -> list[dict[str, Any]]:
        return [self._consent("Agreed to take part", participant, ConsentPurpose.TAKE_PART), *self._needs(participant)]

    def _main_facts(self, participant: Participant) -> list[dict[str, Any]]:
        facts = [self._consent("Agreed to contact", participant, ConsentPurpose.CONTACT)]
        if participant.side == Side.HARMED:
            facts.append(
                self._consent("We may approach the other side", participant, ConsentPurpose.APPROACH_OTHER_SIDE)
            )
        return [
            *facts,
            self._consent("Agreed to take part", participant, ConsentPurpose.TAKE_PART),
            *self._child(participant),
            self._assessment(participant),
            *self._item(participant),
            self._bars(participant),
            *self._vulnerability(participant),
            *self._needs(participant),
            *self._prison_and_interpreter(participant),
            self._last_contact(participant),
        ]

    def _consent(self, label: str, participant: Participant, purpose: str) -> dict[str, Any]:
        consent = self.consents[participant.person_id].get(purpose)
        if consent is None:
            return {"label": label, "value": "Not recorded", "state": "soon"}
        if consent.withdrawn_at:
            return {"label": label, "value": "Withdrawn", "state": "stop", "note": day(consent.withdrawn_at)}
        if given_as_a_child(consent, participant.person, self.today):
            return {
                "label": label,
                "value": "Ask again",
                "state": "stop",
                "note": "They said yes when they were under 18",
            }
        note = consent.get_method_display() + (f", {day(consent.given_on)}" if consent.given_on else "")
        return {"label": label, "value": "Yes", "state": "ok", "note": note}

    def _child(self, participant: Participant) -> list[dict[str, Any]]:
        """Of an adult nothing is said."""
        person = participant.person
        group = age_group(person, self.today)
        if group == AgeGroup.ADULT:
            return []
        if group == AgeGroup.NOT_KNOWN:
            note = age_to_establish(person)
            return [{"label": "Under 18?", "value": "Not established", "state": "soon", "note": note}]
        block = parental_block(
            person,
            childhood=self.childhoods.get(person.pk),
            said=[one for one in self.parental if one.parental.person_id == person.pk],
            purpose=ConsentPurpose.TAKE_PART,
            today=self.today,
            in_writing=True,
        )
        names = [f"{one.name}, {one.get_kind_display().lower()}" for one in self.holders[person.pk]]
        note = "; ".join(names)
        if person.date_of_birth:
            note += f". They turn 18 on {day(eighteen_on(person.date_of_birth))}"
        value = "Nobody has agreed for them yet" if block else "Agreed with parental responsibility"
        return [{"label": "Under 18", "value": value, "state": "stop" if block else "ok", "note": note.strip(". ")}]

    def _assessment(self, participant: Participant) -> dict[str, Any]:
        rows = self.assessments[participant.pk]
        signed = next((row for row in rows if row.signed_at), None)
        if signed is None:
            started = any(not row.signed_at for row in rows)
            return {"label": "Assessment", "value": "Not signed yet" if started else "Not started", "state": "soon"}
        reopening = next((one for one in signed.reopenings.all() if one.ended_at is None), None)
        if reopening is not None:
            note = f"{day(reopening.reopened_on)}. {reopening.get_because_display()}"
            return {"label": "Assessment", "value": "Re-opened: does not count", "state": "stop", "note": note}
        ended = signed.good_until is not None and signed.good_until < self.today
        note = f"{signed.signed_by.name}, {day(signed.signed_on)}. "
        note += f"Ended {day(signed.good_until)}" if ended else f"Reconfirm by {day(signed.good_until)}"
        state = "ok" if signed.outcome in PERMITTING and not ended else "stop"
        return {"label": "Assessment", "value": signed.get_outcome_display(), "state": state, "note": note}

    def _item(self, participant: Participant) -> list[dict[str, Any]]:
        """What is asked of this side only: fear, asked alone; responsibility."""
        kind, label = ASKED_OF[Side(participant.side)] if participant.side in ASKED_OF else ("", "")
        signed = next((row for row in self.assessments[participant.pk] if row.signed_at), None)
        if not kind or signed is None:
            return []
        item = next((one for one in signed.items.all() if one.kind == kind), None)
        if item is None:
            return []
        value = item.get_responsibility_display() or item.get_concern_display()
        return [{"label": label, "value": value, "state": CONCERN_STATES[Concern(item.concern)]}]

    def _bars(self, participant: Participant) -> dict[str, Any]:
        bars = self.bars[participant.person_id]
        if not bars:
            return {"label": "Legal bars", "value": "None recorded", "state": "ok"}
        first = bars[0]
        more = f" And {len(bars) - 1} more." if len(bars) > 1 else ""
        note = f"{bar_in_words(first)}{more}"
        return {"label": "Legal bars", "value": first.get_kind_display(), "state": "stop", "note": note}

    def _vulnerability(self, participant: Participant) -> list[dict[str, Any]]:
        person = participant.person
        if not self.reads_needs or person.is_organisation or not person.vulnerability:
            return []
        level = dict(Vulnerability.choices).get(person.vulnerability, person.vulnerability)
        return [{"label": "Vulnerability", "value": level, "note": "Enhanced rights" if person.enhanced_rights else ""}]

    def _needs(self, participant: Participant) -> list[dict[str, Any]]:
        needs = participant.person.communication_needs
        return [{"label": "Needs", "value": needs or "None recorded"}]

    def _prison_and_interpreter(self, participant: Participant) -> list[dict[str, Any]]:
        """Only where there is one."""
        args = [self.case.pk, participant.pk]
        stay, booking = self.prisons.get(participant.pk), self.interpreters.get(participant.pk)
        facts: list[dict[str, Any]] = []
        if stay:
            note = f"Release on {day(stay.release_on)}" if stay.release_on else ""
            link = {"change_url": reverse("cases:custody", args=args), "change_words": "Visits there"}
            facts.append({"label": "In prison", "value": stay.prison, "note": note, **link})
        if booking:
            link = {"change_url": reverse("cases:interpreters", args=args), "change_words": "Interpreters"}
            facts.append({"label": "Interpreter", "value": _interpreter_words(booking), **link})
        return facts

    def _last_contact(self, participant: Participant) -> dict[str, Any]:
        last = self.last.get(participant.pk)
        if last is None:
            return {"label": "Last contact", "value": "None yet"}
        value = f"{last.get_result_display()}, {last.get_method_display().lower()}"
        value += f", {last.minutes} minutes" if last.minutes else ""
        note = f"{day(last.occurred_at)}, {last.recorded_by.get_short_name()}"
        return {"label": "Last contact", "value": value, "note": note}
