"""A referral is carried whole from one area into another, and home again. Rows are copied, so that each area keeps its own;
what a person holds in their hand, a link of their own, moves with the work.
"""

import copy
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.utils import timezone

from referrals.actions.ending_requests import LATE_FOR_A_TASK
from referrals.actions.telling import people_of
from referrals.actions.triggering import raise_trigger
from referrals.choices import ReferralStatus, RequestStatus, TransferStatus
from referrals.models import (
    AlsoResponsible,
    Carried,
    Childhood,
    Conditions,
    ConflictOfInterest,
    Consent,
    ContactDetails,
    ContactWish,
    Counterpart,
    Grant,
    InformationRequest,
    InterestCheck,
    InterestTrigger,
    LegalBar,
    MessageReading,
    NeedsAssessment,
    Offer,
    OnwardSupport,
    OwnLink,
    ParentalAgreement,
    ParentalResponsibility,
    Person,
    Referral,
    ReferralMessage,
    RequestMail,
    Restriction,
    SafeContact,
    SafetyChange,
    SensitiveFlag,
    Task,
    Transfer,
    VerificationCheck,
    WatchedInterest,
)
from rj_service.accounts.models import LocalArea, Organisation, ServiceArea, User
from rj_service.accounts.scoping import row_by_row
from rj_service.ui.references import new_reference

# What a coordinator may have learnt anew of somebody while another area worked with them.
_LEARNT: dict[type[models.Model], str] = {
    Person: "first_name last_name organisation_name date_of_birth date_of_birth_as_given under_18 adult_because adult_on"
    " adult_by_id vulnerability vulnerability_note"
    " communication_needs enhanced_rights approach died_on paused_at paused_by_id",
    ContactDetails: "phone email address postcode phone_key email_key postcode_key outward_key must_stay_hidden",
    SafeContact: "may_phone may_leave_voicemail may_text may_email may_write times must_not_know withheld_number",
}


def copied(row: Any, **changed: Any) -> Any:
    """One more row like it, in place of which nothing moves."""
    new = copy.copy(row)
    new._state = models.base.ModelState()
    new.pk = uuid4()
    for name, value in changed.items():
        setattr(new, name, value)
    new.save(force_insert=True)
    return new


# -- there --------------------------------------------------------------------------------------------------------------
def carry_there(transfer: Transfer, source: Referral, *, by: User, today: date) -> Referral:
    """What the other area makes of a locked referral: it begins at triage, or waits for a suspect as it did."""
    area = transfer.to_area
    people = {key: _person_there(transfer, person, area) for key, person in _people(source).items()}
    arrived = copied(
        source,
        reference=_free_reference(),
        service_area=area,
        incident=_incident_there(source, area),
        person_harmed=people[source.person_harmed_id] if source.person_harmed_id else None,
        person_responsible=people[source.person_responsible_id] if source.person_responsible_id else None,
        organisation=None,
        referrer_name=source.referrer_name or (source.organisation.name if source.organisation else ""),
        hub_reference="",
        counted_from=today,
        entered_at=timezone.now(),
        entered_by=by,
        status=source.status if source.status == ReferralStatus.INTERESTED else ReferralStatus.RECEIVED,
        status_at=timezone.now(),
        taken_at=None,
        taken_by=None,
        decided_at=None,
        decided_by=None,
        decision_note="",
        referred_to=None,
        hold_until=None,
        outcome="",
        outcome_told_at=None,
        outcome_told_by=None,
        import_row=None,
        moved_in_on=None,
        earlier_reference="",
    )
    for also in AlsoResponsible.objects.filter(referral=source):
        copied(also, referral=arrived, person=people[also.person_id])
    _agreements(source, arrived, people)
    for model in (SensitiveFlag, VerificationCheck):
        for row in model.objects.filter(referral=source, **({"cleared_at": None} if model is SensitiveFlag else {})):
            copied(row, referral=arrived)
    _about_people(source, arrived, people)
    _shut_out(source, arrived, to=by)
    if source.status == ReferralStatus.INTERESTED:
        _wait(source, arrived, by=by, today=today)
    _move_links(source, arrived, people)
    _requests(source, arrived, people, by=by, today=today)
    for message in ReferralMessage.objects.filter(referral=source):
        _message_there(message, arrived)
    return arrived


def _about_people(source: Referral, target: Referral, people: Mapping[UUID, Person]) -> None:
    """What was found out and offered in this referral, and who agreed beside a child."""
    for model in (NeedsAssessment, OnwardSupport):
        for row in model.objects.filter(referral=source, person__in=people):
            copied(row, referral=target, person=people[row.person_id])
    for key, there in people.items():
        _parents(key, source, there, target)
    for offer in Offer.objects.filter(referral=source, person__in=people):
        _offer(offer, target, people)


def _people(referral: Referral) -> dict[UUID, Person]:
    return Person.objects.select_for_update().order_by("pk").in_bulk(people_of(referral))


def _free_reference() -> str:
    while Referral._base_manager.filter(reference=(found := new_reference())).exists():
        pass
    return found


def _incident_there(source: Referral, area: ServiceArea):
    """Where it happened is no local area of theirs unless they have one of that name: it stands with the place."""
    incident = source.incident
    theirs = LocalArea.objects.called(incident.local_area_name, area)
    place = incident.location if theirs else ", ".join(filter(None, [incident.location, incident.local_area_name]))
    named = {"local_area": theirs, "local_area_name": theirs.name if theirs else "", "location": place[:200]}
    return copied(incident, service_area=area, **named)


def _person_there(transfer: Transfer, person: Person, area: ServiceArea) -> Person:
    there = copied(person, service_area=area)
    Counterpart.objects.create(transfer=transfer, here=person, there=there)
    for model in (ContactDetails, SafeContact):
        copied(model.objects.get(person=person), person=there)  # type: ignore[attr-defined]
    _of_the_person(person, there)
    for brought in Carried.objects.in_force().filter(target=person, what=Carried.What.VALUE):
        copied(brought, service_area=area, source=person, target=there)  # given back there with it
    for bar in LegalBar.objects.filter(person=person):
        _known_in_both(person, bar, there, copied(bar, person=there), Carried.What.BAR)
    for conflict in ConflictOfInterest.objects.filter(person=person, lifted_at__isnull=True):
        copy_ = copied(conflict, service_area=area, person=there, reason="")
        _known_in_both(person, conflict, there, copy_, Carried.What.CONFLICT)
    return there


def _of_the_person(source: Person, target: Person) -> None:
    """Whether they are in care, and what they live with: one row a person, the newest."""
    for model in (Childhood, Conditions):
        row = model.objects.filter(person=source).first()  # type: ignore[attr-defined]
        if row is not None:
            model.objects.filter(person=target).delete()  # type: ignore[attr-defined]
            copied(row, person=target)


def _parents(source: UUID, of: Referral, target: Person, to: Referral) -> None:
    """Whoever has parental responsibility, with what they agreed to and took back."""
    for parental in ParentalResponsibility.objects.filter(person=source, ended_at__isnull=True):
        same = copied(parental, person=target)
        for agreement in ParentalAgreement.objects.filter(parental=parental, referral=of):
            copied(agreement, parental=same, referral=to)


def _known_in_both(one: Person, row: models.Model, other: Person, same: models.Model, what: str) -> None:
    """Brought whole already: what is carried between the two records later leaves it out."""
    Carried.objects.create(
        service_area_id=other.service_area_id, source=one, target=other, what=what, from_row=row.pk, to_row=same.pk
    )


def _agreements(source: Referral, target: Referral, people: Mapping[UUID, Person]) -> None:
    """What is agreed to, and what was withdrawn, which each of the two records knows from now on."""
    for consent in Consent.objects.filter(referral=source, person__in=people).select_related("person"):
        there = people[consent.person_id]
        same = copied(consent, referral=target, person=there)
        if consent.withdrawn_at is not None:
            _known_in_both(consent.person, consent, there, same, Carried.What.WITHDRAWAL)
            _known_in_both(there, same, consent.person, consent, Carried.What.WITHDRAWAL)


def _shut_out(source: Referral, target: Referral, *, to: User) -> None:
    """Whoever knows somebody of it; and a restriction, in which whoever takes it over has access."""
    for conflict in ConflictOfInterest.objects.filter(referral=source, lifted_at__isnull=True):
        _conflict_there(conflict, target)
    restriction = Restriction.objects.filter(referral=source).first()
    if restriction and not Restriction.objects.filter(referral=target).exists():
        copied(restriction, referral=target, restricted_by=to, restricted_at=timezone.now())
        given = {"reason": "took it over from another area", "granted_by": to, "ends_at": None}
        Grant.objects.update_or_create(referral=target, user=to, defaults=given)


def _conflict_there(conflict: ConflictOfInterest, target: Referral) -> bool:
    """Without its reason, which was told to one service. Whether it is new there."""
    standing = row_by_row(ConflictOfInterest).filter(referral=target, user=conflict.user_id, lifted_at__isnull=True)
    if standing.exists():
        return False
    copied(conflict, service_area_id=target.service_area_id, referral=target, reason="")
    return True


def _requests(source: Referral, target: Referral, people: Mapping[UUID, Person], *, by: User, today: date) -> None:
    """What agencies said is copied to the record of the same person on the same side, and nowhere else. What they still owe
    moves with the links that they hold: their answer reaches whoever works with it."""
    named = people_of(target)
    known = set(InformationRequest.objects.filter(referral=target).values_list("asked_at", flat=True))
    for request in InformationRequest.objects.filter(referral=source, person__in=people).order_by("id"):
        there = people[request.person_id]
        theirs = Organisation.objects.filter(service_area=target.service_area_id, name__iexact=request.organisation)
        to = {
            "service_area_id": target.service_area_id,
            "referral_id": target.pk,
            "person_id": there.pk,
            "agency_id": theirs.values_list("pk", flat=True).first(),
        }
        if there.pk not in named or target.side_of(there.pk) != request.side:
            continue
        if request.status != RequestStatus.ASKED:
            if request.asked_at not in known:
                copied(request, **to)
            continue
        InformationRequest.objects.filter(pk=request.pk).update(names_area=False, **to)
        RequestMail.objects.filter(request=request.pk).update(service_area_id=target.service_area_id)
        if request.times_chased >= LATE_FOR_A_TASK:
            _see_to(request, target, by=by, today=today)


def _see_to(late: InformationRequest, target: Referral, *, by: User, today: date) -> None:
    task = {"service_area_id": target.service_area_id, "referral": target, "kind": Task.Kind.LATE_REQUEST}
    if not Task.objects.open().filter(**task).exists():
        Task.objects.create(side=late.side, due_on=today, created_by=by, **task)


def _message_there(message: ReferralMessage, target: Referral) -> ReferralMessage:
    same = copied(message, service_area_id=target.service_area_id, referral=target)
    MessageReading.objects.bulk_create(
        [MessageReading(message=same, user=one.user, read_at=one.read_at) for one in message.readings.all()]
    )
    return same


def _wait(source: Referral, target: Referral, *, by: User, today: date) -> None:
    """The wait goes on from the day it began, with what was asked meanwhile and the news nobody has looked at yet."""
    interest = WatchedInterest.objects.get(referral=source)
    known = WatchedInterest.objects.filter(referral=target).first()
    if known is None:
        same, checks = copied(interest, referral=target), InterestCheck.objects.filter(interest=interest)
    else:
        same, checks = (
            copy.copy(interest),
            InterestCheck.objects.filter(interest=interest, recorded_at__gt=known.ended_at),
        )
        same.pk, same.referral = known.pk, target
        same.save(force_update=True)
    for check in checks:
        copied(check, interest=same)
    for news in InterestTrigger.objects.open().filter(interest=interest):
        told = {"kind": news.kind, "told_by": news.told_by, "told_on": news.told_on, "words": news.words}
        raise_trigger(same, by=by, today=today, **told)


def _move_links(source: Referral, target: Referral, people: Mapping[UUID, Person]) -> None:
    """Who holds a link stops, pauses or changes how they are reached with whoever works with them now."""
    for here, there in people.items():
        to = {"service_area": target.service_area_id, "referral": target, "person": there}
        OwnLink.objects.not_ended().filter(referral=source, person=here).update(**to)
        ContactWish.objects.open().filter(referral=source, person=here).update(**to)


def end_tasks(referral: Referral, *, by: User) -> None:
    Task.objects.open().filter(referral=referral).update(done_at=timezone.now(), done_by=by)


# -- meanwhile ----------------------------------------------------------------------------------------------------------
def carry_message(message: ReferralMessage) -> list[Referral]:
    """Whoever sent a referral goes on writing where they sent it; those who work with it now read that too. Gives the
    referrals that it reached."""
    reached: list[Referral] = []
    passed = row_by_row(Transfer).filter(status=TransferStatus.ACCEPTED).select_related("arrived")
    while gone := passed.filter(referral=reached[-1] if reached else message.referral_id).first():
        _message_there(message, gone.arrived)
        reached.append(gone.arrived)
    return reached


def sent_first(referral: Referral) -> Referral | None:
    """The record on which the organisation that sent it reads and writes: of one that was passed on, where it was sent."""
    found, passed = referral, row_by_row(Transfer).filter(status=TransferStatus.ACCEPTED)
    while found.organisation_id is None and (came := passed.filter(arrived=found).first()):
        found = came.referral
    return found if found.organisation_id is not None else None


def carry_reply(message: ReferralMessage, home: Referral) -> ReferralMessage:
    """What whoever has it now writes stands where the organisation reads. With both areas in reach."""
    return _message_there(message, home)


def carry_conflict(conflict: ConflictOfInterest, referral: Referral, *, by: User) -> None:
    """Whoever knows somebody of a referral is shut out of it in every area that it came from or went to."""
    for other in _same_referral(referral):
        if _conflict_there(conflict, other):
            SafetyChange.objects.enqueue(
                service_area_id=other.service_area_id,
                kind=SafetyChange.Kind.CONFLICT_DECLARED,
                person=None,
                referral=other,
                asked_by_id=by.pk,
            )


def _same_referral(referral: Referral) -> list[Referral]:
    found, waiting, passed = {referral.pk}, {referral.pk}, row_by_row(Transfer).exclude(arrived=None)
    while waiting:
        pairs = passed.filter(Q(referral__in=waiting) | Q(arrived__in=waiting)).values_list("referral", "arrived")
        waiting = {key for pair in pairs for key in pair} - found
        found |= waiting
    return list(row_by_row(Referral).filter(pk__in=found - {referral.pk}))


# -- and home -----------------------------------------------------------------------------------------------------------
def carry_home(transfer: Transfer, back: Referral, home: Referral, *, by: User, today: date) -> None:
    """To the same record: what the other area learnt stands there now, beside all that was there before."""
    people = {one.there_id: one.here for one in Counterpart.objects.filter(transfer=transfer).select_related("here")}
    there = _people(back)
    for key, person in there.items():
        if key in people:
            _learn(person, people[key])
            _of_the_person(person, people[key])
            now = {"ended_at": timezone.now(), "ended_by": by}
            ParentalResponsibility.objects.filter(person=people[key], ended_at__isnull=True).update(**now)
        else:
            people[key] = _somebody_new(transfer, person, back, home, by)
    _agreed_since(back, home, people)
    _flags_since(back, home)
    since = transfer.answered_at
    for key, here in people.items():
        _parents(key, back, here, home)
    for model in (NeedsAssessment, OnwardSupport):
        for row in model.objects.filter(referral=back, person__in=people, recorded_at__gt=since):
            copied(row, referral=home, person=people[row.person_id])
    for check in VerificationCheck.objects.filter(referral=back, recorded_at__gt=since):
        copied(check, referral=home)
    home.verified_at, home.verified_by = back.verified_at, back.verified_by
    home.save(update_fields=["verified_at", "verified_by"])
    _offers_since(back, home, people, since, by=by, today=today)
    _shut_out(back, home, to=transfer.offered_by)
    if back.status == ReferralStatus.INTERESTED:
        _wait(back, home, by=by, today=today)
    _move_links(back, home, people)
    _requests(back, home, people, by=by, today=today)


def _learn(source: Person, target: Person) -> None:
    """What they changed since it came to them. What became stricter here meanwhile was brought there when it was said."""
    for model, names in _LEARNT.items():
        key = "pk" if model is Person else "person"
        rows = model.objects  # type: ignore[attr-defined]
        row = rows.get(**{key: source.pk})
        history = apps.get_model("referrals", f"{model.__name__}Event").objects.filter(pgh_obj_id=row.pk)
        came = history.order_by("pgh_id").first()
        changed = {name: getattr(row, name) for name in names.split() if getattr(row, name) != getattr(came, name)}
        rows.filter(**{key: target.pk}).update(**changed)
    for brought in Carried.objects.in_force().filter(source=source, target=target, what=Carried.What.BAR):
        bar = LegalBar.objects.filter(pk=brought.from_row).values("kind", "words", "authority").first()
        if bar:
            LegalBar.objects.filter(pk=brought.to_row).update(**bar)


def _somebody_new(transfer: Transfer, person: Person, back: Referral, home: Referral, by: User) -> Person:
    here = copied(person, service_area_id=home.service_area_id)
    Counterpart.objects.create(transfer=transfer, here=here, there=person)
    for model in (ContactDetails, SafeContact):
        copied(model.objects.get(person=person), person=here)  # type: ignore[attr-defined]
    _of_the_person(person, here)
    for bar in LegalBar.objects.filter(person=person):
        _known_in_both(person, bar, here, copied(bar, person=here), Carried.What.BAR)
    if back.person_responsible_id == person.pk and home.person_responsible_id is None:
        home.person_responsible, home.responsibility_told = here, back.responsibility_told
        home.save(update_fields=["person_responsible", "responsibility_told"])
    elif back.person_harmed_id == person.pk and home.person_harmed_id is None:
        home.person_harmed = here
        home.save(update_fields=["person_harmed"])
    else:
        told = AlsoResponsible.objects.filter(referral=back, person=person).first()
        words = {"responsibility_told": told.responsibility_told} if told else {}
        AlsoResponsible.objects.create(referral=home, person=here, added_by=by, **words)
    return here


def _agreed_since(back: Referral, home: Referral, people: Mapping[UUID, Person]) -> None:
    for consent in Consent.objects.in_force().filter(referral=back, person__in=people):
        same = {"referral": home, "person": people[consent.person_id]}
        if not Consent.objects.in_force().filter(purpose=consent.purpose, **same).exists():
            copied(consent, **same)


def _flags_since(back: Referral, home: Referral) -> None:
    standing = set(_flags(home).values_list("kind", "words"))
    for flag in _flags(back):
        if (flag.kind, flag.words) not in standing:
            copied(flag, referral=home)


def _flags(referral: Referral):
    return SensitiveFlag.objects.filter(referral=referral, cleared_at__isnull=True)


def _offers_since(
    back: Referral, home: Referral, people: Mapping[UUID, Person], since, *, by: User, today: date
) -> None:
    Offer.objects.to_make().filter(referral=home).update(ended_on=today, ended_by=by)
    offers = Offer.objects.filter(referral=back, person__in=people)
    for offer in _union(offers.to_make(), offers.made().filter(recorded_at__gt=since)):
        _offer(offer, home, people)


def _offer(offer: Offer, target: Referral, people: Mapping[UUID, Person]) -> None:
    to = {"service_area_id": target.service_area_id, "local_area": target.incident.local_area}
    copied(offer, referral=target, person=people[offer.person_id], recorded_for=None, **to)


def _union(*found: Iterable[Offer]) -> list[Offer]:
    return [one for rows in found for one in rows]
