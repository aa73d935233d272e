"""All that the gate's checks read, for one intervention or for a list, in a fixed number of statements."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils import timezone

from cases.choices import ABUSE, AssignmentRole, InterpreterStatus, Model, ParticipantRole
from cases.diaries import Away, Taken, away, taken
from cases.models import (
    AbuseCheck,
    Assessment,
    Assignment,
    Attendance,
    Case,
    Custody,
    InterpreterBooking,
    Intervention,
    Override,
    PanelMember,
    Participant,
)
from cases.stages import BOTH_SIDES, MAIN_ROLES
from referrals.choices import AgeGroup
from referrals.models import (
    Childhood,
    ConflictOfInterest,
    Consent,
    LegalBar,
    ParentalAgreement,
    Referral,
    SensitiveFlag,
)
from referrals.policy import age_group
from rj_service.accounts.scoping import row_by_row
from volunteers.models import Practitioner

CALLED_OFF = (InterpreterStatus.CANCELLED, InterpreterStatus.DID_NOT_COME)


@dataclass(frozen=True)
class Facts:
    """All that the checks read, in a fixed number of statements."""

    today: date
    on: date  # the day planned, until which all that is in place has to last; today where there is none, and on the day itself
    intervention: Intervention
    case: Case
    referral: Referral
    people: dict[str, list[Participant]]  # side -> its main participants
    consents: dict[tuple, list[Consent]]  # (person, purpose) -> consents, withdrawn ones too
    assessments: dict[Any, Any]  # participant -> the signed one, a row of `with_reopening`
    bars: dict[Any, list[LegalBar]]  # person -> standing bars
    flags: list[SensitiveFlag]
    abuse: AbuseCheck | None  # the newest: whose wish it is, where there was domestic abuse
    assignments: list[Assignment]
    readiness: dict[Any, Any] = field(default_factory=dict)  # practitioner -> row of with_readiness
    conflicts: frozenset = frozenset()  # users with a declared conflict
    childhoods: dict[Any, Childhood] = field(default_factory=dict)  # of the children: person -> what was asked
    parental: dict[Any, list[ParentalAgreement]] = field(default_factory=dict)  # child -> withdrawn ones too
    supported: frozenset[str] = frozenset()  # sides on which somebody comes as a supporter
    coming: list[Attendance] = field(default_factory=list)  # those who are to come, and are still in the case
    members: list[PanelMember] = field(default_factory=list)
    stays: dict[Any, Custody] = field(default_factory=dict)  # participant -> the prison they are in
    interpreters: list[InterpreterBooking] = field(default_factory=list)  # of the case, less what was called off
    taken: dict[Any, list[Taken]] = field(default_factory=dict)  # practitioner -> meetings and visits, less this one
    away: dict[Any, list[Away]] = field(default_factory=dict)  # practitioner -> times away on that day
    overrides: dict[str, Override] = field(default_factory=dict)  # key of a check -> in force at this very time

    @property
    def kinds(self) -> frozenset[str]:
        return frozenset(flag.kind for flag in self.flags)

    @property
    def lead(self) -> Assignment | None:
        return next((a for a in self.assignments if a.role == AssignmentRole.LEAD), None)


def facts_for(intervention: Intervention, today: date, *, on_the_day: bool = False) -> Facts:
    found = _Found([intervention], today)
    return found.facts(intervention, today if on_the_day else _day_of(intervention, today))


def facts_of(interventions: list[Intervention], today: date) -> Iterator[Facts]:
    """The same number of statements for any number of interventions."""
    found = _Found(interventions, today)
    for intervention in interventions:
        yield found.facts(intervention, _day_of(intervention, today))


class _Found:
    """The rows of all cases asked about, by what they hang on."""

    def __init__(self, interventions: list[Intervention], today: date):
        self.today = today
        cases = {intervention.case_id for intervention in interventions}
        self.cases = Case.objects.select_related("referral__incident").in_bulk(cases)
        referrals = [case.referral_id for case in self.cases.values()]
        main = Participant.objects.filter(case__in=cases, role__in=MAIN_ROLES, left_at__isnull=True)
        self.main = _grouped(main.select_related("person").order_by("added_at", "id"), "case_id")
        persons = {participant.person_id for people in self.main.values() for participant in people}
        consents = Consent.objects.filter(referral__in=referrals, person__in=persons)
        self.consents = _grouped(consents.order_by("recorded_at"), "referral_id")
        signed = Assessment.objects.standing().filter(case__in=cases).with_reopening()
        self.signed = _grouped(signed, "case_id")
        self._read_children()
        self.bars = _grouped(LegalBar.objects.filter(person__in=persons).order_by("starts_on", "id"), "person_id")
        flags = SensitiveFlag.objects.filter(referral__in=referrals, cleared_at__isnull=True)
        self.flags = _grouped(flags, "referral_id")
        abused = [case.pk for case in self.cases.values() if any(f.kind in ABUSE for f in self.flags[case.referral_id])]
        asked = AbuseCheck.objects.filter(participant__case__in=abused).order_by("recorded_at", "id")
        self.abuse = {one.participant.case_id: one for one in asked.select_related("participant")} if abused else {}
        assigned = Assignment.objects.in_force().filter(case__in=cases).select_related("practitioner__learner")
        self.assignments = _grouped(assigned.order_by("started_at"), "case_id")
        self._read_arrangements(interventions)
        self._read_around(cases)
        everybody = [one.practitioner for rows in self.assignments.values() for one in rows]
        everybody += [member.practitioner for rows in self.members.values() for member in rows]
        self.readiness, self.declared = _readiness(everybody, today), _declared(everybody)

    def _read_arrangements(self, interventions: list[Intervention]) -> None:
        coming = row_by_row(Attendance).filter(intervention__in=[one.pk for one in interventions]).exclude(way="")
        coming = coming.filter(participant__left_at__isnull=True).select_related("participant__person")
        self.coming = _grouped(coming.order_by("participant__side", "participant__added_at"), "intervention_id")
        panels = [one.pk for one in interventions if one.model == Model.NJP_PANEL]
        members = row_by_row(PanelMember).filter(intervention__in=panels).order_by("named_at", "id")
        self.members = _grouped(members.select_related("practitioner__learner") if panels else [], "intervention_id")
        prefetch_related_objects(interventions, "place")
        everybody = {one.practitioner_id for rows in self.assignments.values() for one in rows}
        everybody |= {one.practitioner_id for rows in self.members.values() for one in rows}
        moments = [one.planned_for for one in interventions if one.planned_for]
        self.taken, self.away = taken(everybody, moments), _grouped(away(everybody, moments), "practitioner")
        timed = [one.pk for one in interventions if one.planned_for]
        overrides = row_by_row(Override).in_force().filter(intervention__in=timed).select_related("overridden_by")
        self.overrides = _grouped(overrides if timed else [], "intervention_id")

    def _read_around(self, cases: set) -> None:
        """Who is in prison, and who speaks through somebody."""
        stays = row_by_row(Custody).filter(case__in=cases, ended_on__isnull=True)
        self.stays = {stay.participant_id: stay for stay in stays}
        booked = row_by_row(InterpreterBooking).filter(case__in=cases).exclude(status__in=CALLED_OFF)
        booked = booked.filter(participant__left_at__isnull=True).select_related("participant__person")
        self.interpreters = _grouped(booked.order_by("needed_for", "id"), "case_id")

    def _read_children(self) -> None:
        """Asks nothing where everybody is of age."""
        main = [participant for people in self.main.values() for participant in people]
        children = [one for one in main if age_group(one.person, self.today) == AgeGroup.CHILD]
        persons = [one.person_id for one in children]
        self.childhoods = {one.person_id: one for one in Childhood.objects.filter(person__in=persons)}
        said = ParentalAgreement.objects.filter(parental__person__in=persons).select_related("parental")
        self.parental = _grouped(said.order_by("recorded_at"), "referral_id")
        supporters = Participant.objects.filter(role=ParticipantRole.SUPPORTER, left_at__isnull=True)
        self.supporters = _grouped(supporters.filter(case__in=[one.case_id for one in children]), "case_id")

    def facts(self, intervention: Intervention, on: date) -> Facts:
        case = self.cases[intervention.case_id]
        people = self.main[case.pk]
        own = {participant.person_id for participant in people}
        return Facts(
            today=self.today,
            on=on,
            intervention=intervention,
            case=case,
            referral=case.referral,
            people={side: [p for p in people if p.side == side] for side in BOTH_SIDES},
            consents=_by_purpose(self.consents[case.referral_id], own),
            assessments={assessment.participant_id: assessment for assessment in self.signed[case.pk]},
            bars={person: _standing(self.bars[person], intervention, self.today) for person in own},
            flags=self.flags[case.referral_id],
            abuse=self.abuse.get(case.pk),
            assignments=self.assignments[case.pk],
            readiness=self.readiness,
            childhoods=self.childhoods,
            parental=_by_child(self.parental[case.referral_id]),
            supported=frozenset(one.side for one in self.supporters[case.pk]),
            coming=self.coming[intervention.pk],
            members=self.members[intervention.pk],
            stays=self.stays,
            interpreters=self.interpreters[case.pk],
            taken=self._taken(intervention),
            away=self.away,
            overrides=self._overrides(intervention),
            conflicts=frozenset(
                user for user, referral, person in self.declared if referral == case.referral_id or person in own
            ),
        )

    def _taken(self, intervention: Intervention) -> dict[Any, list[Taken]]:
        return _grouped([one for one in self.taken if one.of != intervention.pk], "practitioner")

    def _overrides(self, intervention: Intervention) -> dict[str, Override]:
        standing = self.overrides[intervention.pk]
        return {one.key: one for one in standing if one.planned_for == intervention.planned_for}


def _grouped(rows, field_name: str) -> defaultdict[Any, list]:
    found = defaultdict(list)
    for row in rows:
        found[getattr(row, field_name)].append(row)
    return found


def _by_purpose(consents: list[Consent], persons: set) -> dict[tuple, list[Consent]]:
    found: dict[tuple, list[Consent]] = {}
    for consent in consents:
        if consent.person_id in persons:
            found.setdefault((consent.person_id, consent.purpose), []).append(consent)
    return found


def _by_child(said: list[ParentalAgreement]) -> dict[Any, list[ParentalAgreement]]:
    found: dict[Any, list[ParentalAgreement]] = {}
    for one in said:
        found.setdefault(one.parental.person_id, []).append(one)
    return found


def _standing(bars: list[LegalBar], intervention: Intervention, today: date) -> list[LegalBar]:
    """Standing today or on the day planned: one that begins before the meeting forbids it too."""
    return [
        bar
        for bar in bars
        if bar.permitted_on is None
        and any(
            bar.starts_on <= on and (bar.ends_on is None or bar.ends_on >= on)
            for on in (today, _day_of(intervention, today))
        )
    ]


def _day_of(intervention: Intervention, today: date) -> date:
    """What was planned for a day that is over is asked about today."""
    planned_for = intervention.planned_for
    return max(today, timezone.localdate(planned_for)) if planned_for else today


def _readiness(people: list[Practitioner], today: date) -> dict[Any, Any]:
    practitioners = row_by_row(Practitioner).filter(pk__in=[one.pk for one in people])
    return {row.pk: row for row in practitioners.with_readiness(today)}


def _declared(people: list[Practitioner]) -> list[tuple]:
    """Conflicts in force of those who run it: user, referral, person."""
    users = [one.learner.user_id for one in people]
    declared = ConflictOfInterest.objects.filter(user__in=users, lifted_at__isnull=True)
    return list(declared.values_list("user_id", "referral_id", "person_id"))
