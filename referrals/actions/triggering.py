"""Something changes for somebody who waits for a suspect to be identified: a task for a coordinator, and nothing else.

The police tell people harmed about suspects, the Victim Contact Scheme about release (domain 2.16.9). Nobody is told
anything here: no mail, no notification, no letter.
"""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from referrals import events, policy
from referrals.actions.ending_waits import settle
from referrals.actions.locking import locked, require
from referrals.actions.telling import people_of
from referrals.choices import (
    FOUND_BY_ITSELF,
    SELF_REFERRED,
    TOLD_BY_ITSELF,
    ReferralStatus,
    ToldBy,
    TriggerKind,
)
from referrals.models import Incident, InterestTrigger, Referral, Task, WatchedInterest
from referrals.querysets import as_written
from rj_service.accounts.errors import DomainError, StaleState
from rj_service.accounts.models import User
from rj_service.audit.actions import record

NOT_WAITING = "This referral is no longer waiting for a suspect to be identified."
COORDINATORS = "Only a coordinator or manager of this area can record this."


@transaction.atomic
def note_trigger(
    *, referral: Referral, kind: str, told_by: str, told_on: date, by: User, today: date, words: str = ""
) -> InterestTrigger:
    """What a coordinator heard. Raises DomainError while the same kind of news is still to be looked at."""
    if kind not in TriggerKind.values or kind in FOUND_BY_ITSELF:
        raise DomainError("Choose what has changed", field="kind")
    if told_by not in ToldBy.values or told_by in TOLD_BY_ITSELF:
        raise DomainError("Choose who told us", field="told_by")
    if told_on > today:
        raise DomainError("The day we were told must be today or in the past", field="told_on")
    fresh = locked(referral)
    require(policy.can_manage(by, fresh), COORDINATORS)
    interest = standing_interest(fresh)
    trigger = raise_trigger(
        interest, kind=kind, told_by=told_by, told_on=told_on, words=words.strip(), by=by, today=today
    )
    if trigger is None:
        raise DomainError("This is noted already, and still to be looked at", field="kind")
    return trigger


@transaction.atomic
def settle_trigger(*, trigger: InterestTrigger, by: User) -> None:
    """A coordinator has looked at it: nothing follows, and the person goes on waiting."""
    referral = locked(trigger.interest.referral)
    require(policy.can_manage(by, referral), COORDINATORS)
    if not settle(InterestTrigger.objects.filter(pk=trigger.pk), by=by):
        raise StaleState("Somebody has looked at this already. Nothing was done twice.")
    record(events.TRIGGER_SETTLED, by=by, on=referral, detail={"kind": trigger.kind})


@transaction.atomic
def reach_day(*, interest: WatchedInterest, by: User, today: date) -> None:
    """The day that was set has come. Doing it twice changes nothing."""
    referral = locked(interest.referral)
    fresh = WatchedInterest.objects.select_for_update().get(pk=interest.pk)
    day, words = fresh.watched_day, fresh.watched_for
    if referral.status != ReferralStatus.INTERESTED or fresh.ended_at or day is None or day > today:
        return
    fresh.referral, fresh.watched_day, fresh.watched_for = referral, None, ""
    fresh.save(update_fields=["watched_day", "watched_for"])
    kind = TriggerKind.DAY_REACHED
    raise_trigger(fresh, kind=kind, told_by=ToldBy.CALENDAR, told_on=day, words=words, by=by, today=today)


def note_same_crime(named: Sequence[Referral], *, by: User, today: date) -> None:
    """These have just arrived. Where one of them names somebody, whoever waits because of the same crime has news.

    What people send themselves is left out: nobody has verified it (domain 2.16.8).
    """
    telling = [one for one in named if one.status == ReferralStatus.RECEIVED and one.mechanism not in SELF_REFERRED]
    by_number = {one.incident.crime_reference.casefold(): one for one in telling if one.incident.crime_reference}
    by_incident = {one.incident_id: one for one in telling}
    if not telling:
        return
    numbers = set().union(*(as_written(one.incident.crime_reference) for one in telling)) - {""}
    area = telling[0].service_area_id
    # Each by its own index: asked in one question with what follows, it reads every incident, and everybody who waits.
    numbered = Incident.objects.filter(service_area=area, crime_reference__in=numbers).values_list("pk", flat=True)
    incidents = {*by_incident, *numbered}
    waits = Referral.objects.filter(incident__in=incidents, service_area=area, status=ReferralStatus.INTERESTED)
    if not (keys := list(waits.values_list("pk", flat=True))):
        return
    waiting = WatchedInterest.objects.standing().filter(referral__in=keys)
    for interest in waiting.select_related("referral__incident").select_for_update(of=("self",)).order_by("id"):
        incident = interest.referral.incident
        found_in = by_incident.get(incident.pk) or by_number[incident.crime_reference.casefold()]
        told_by = ToldBy.HUB_FILE if found_in.import_row_id else ToldBy.REFERRAL
        raise_trigger(
            interest,
            kind=TriggerKind.SAME_CRIME,
            told_by=told_by,
            told_on=today,
            found_in=found_in,
            by=by,
            today=today,
        )


def raise_trigger(
    interest: WatchedInterest,
    *,
    kind: str,
    told_by: str,
    told_on: date,
    by: User,
    today: date,
    words: str = "",
    found_in: Referral | None = None,
) -> InterestTrigger | None:
    """None while the same kind of news is still to be looked at. Of a locked interest."""
    if InterestTrigger.objects.open().filter(interest=interest, kind=kind).exists():
        return None
    referral = interest.referral
    trigger = InterestTrigger(
        interest=interest, kind=kind, told_by=told_by, told_on=told_on, words=words, found_in=found_in, noted_by=by
    )
    trigger.task = Task.objects.create(
        service_area_id=referral.service_area_id,
        referral=referral,
        kind=Task.Kind.TRIGGER,
        words=trigger.sentence,
        due_on=today,
        assigned_to_id=referral.taken_by_id,
        created_by=by,
    )
    trigger.save()
    detail = {"kind": kind, "told_by": told_by}
    record(events.INTEREST_TRIGGERED, by=by, on=referral, detail=detail, people=people_of(referral))
    return trigger


def standing_interest(referral: Referral) -> WatchedInterest:
    """Of a locked referral; StaleState when it no longer waits."""
    found = WatchedInterest.objects.standing().select_for_update(of=("self",)).filter(referral=referral).first()
    if found is None:
        raise StaleState(NOT_WAITING)
    found.referral = referral
    return found
