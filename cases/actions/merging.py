"""Two records are one person, where cases are touched: what is arranged stops, and stages are looked at again."""

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from django.db import transaction

from cases.actions.locking import restage
from cases.actions.reopening import reopen_assessments
from cases.actions.stopping import stop_what_the_gate_forbids
from cases.choices import ReopenedBecause
from cases.models import Case, Participant
from referrals import actions as referrals
from referrals.models import Carried, Merge, Person, PossibleDuplicate, Referral
from rj_service.accounts.errors import DomainError
from rj_service.accounts.models import User


@transaction.atomic
def propose_merge(*, pair: PossibleDuplicate, reason: str, keep: Mapping[str, str], by: User, today: date) -> Merge:
    """As `referrals.actions.propose_merge`: what forbids a meeting stops it now. Raises DomainError for two people of one
    case."""
    own, theirs = referrals.records_of(pair.person_id), referrals.records_of(pair.other_id)
    cases = _held(own | theirs)
    if meet_in_a_case(own, theirs):
        raise DomainError(referrals.TWO_SIDES)
    merge = referrals.propose_merge(pair=pair, reason=reason, keep=keep, by=by, today=today)
    _reopen(own | theirs, cases, by, today)
    _look_again(cases, by, today)
    return merge


@transaction.atomic
def confirm_merge(*, merge: Merge, by: User, today: date) -> Merge:
    """The second person's word. A case may have come to name both since it was proposed."""
    own, theirs = (referrals.records_of(key, without=merge) for key in (merge.one_id, merge.other_id))
    cases = _held(own | theirs)
    if meet_in_a_case(own - theirs, theirs - own):
        raise DomainError(referrals.TWO_SIDES)
    confirmed = referrals.confirm_merge(merge=merge, by=by)
    _look_again(cases, by, today)
    return confirmed


@transaction.atomic
def undo_merge(*, merge: Merge, by: User, today: date) -> list[Carried]:
    """What could not be given back, as `referrals.actions.undo_merge` tells it. Meetings that were stopped stay so."""
    cases = _held(referrals.records_of(merge.one_id))
    kept = referrals.undo_merge(merge=merge, by=by)
    _look_again(cases, by, today)
    return kept


def _reopen(people: Collection[UUID], cases: Collection[UUID], by: User, today: date) -> None:
    """Whoever assessed one record knew nothing of what is in the other."""
    for person in Person.objects.filter(pk__in=people).order_by("pk"):
        for case in Case.objects.open().filter(pk__in=cases).select_related("referral").order_by("pk"):
            reopen_assessments(case, ReopenedBecause.NEWS, by, today, of=person)


def meet_in_a_case(one: Collection[UUID], other: Collection[UUID]) -> bool:
    """Two people of one case are two people, whichever side they stand on."""
    of_one = Participant.objects.filter(person__in=one).values("case")
    return Participant.objects.filter(person__in=other, case__in=of_one).exists()


def _held(people: Collection[UUID]) -> list[UUID]:
    """Their cases and referrals, locked in the order of their keys: a case with its referral, as whoever works on it does."""
    in_cases = Participant.objects.filter(person__in=people).values("case")
    both = Case.objects.filter(pk__in=in_cases).select_related("referral").order_by("pk")
    cases = [one.pk for one in both.select_for_update(of=("self", "referral")).only("referral__reference")]
    named_in = referrals.about(people).values("pk")
    list(Referral.objects.filter(pk__in=named_in).order_by("pk").select_for_update().values_list("pk"))
    return cases


def _look_again(cases: Collection[UUID], by: User, today: date) -> None:
    for case in Case.objects.open().filter(pk__in=cases).select_related("referral").order_by("pk"):
        stop_what_the_gate_forbids(case, "Something changed that the gate looks at", by, today)
        restage(case, by, today)
