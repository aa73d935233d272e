"""What stopped in a case, since when, and who can lift it: read on top of its desk."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cases.choices import AskedBy, InterventionStatus
from cases.models import Case, Participant, Rescheduling
from cases.stages import MAIN_ROLES
from referrals.choices import Approach, ConsentPurpose
from referrals.models import Consent, LegalBar, SafetyChange, Task
from referrals.policy import has_withdrawn
from referrals.stopped import CHANGED, changes_behind

NOBODY = "Nobody can lift this."


@dataclass(frozen=True)
class Stop:
    """`who`: who can lift it. `page`: of the case, where that is done; empty where there is none."""

    words: str
    since: date | datetime | None
    who: str
    side: str = ""
    page: str = ""


def stops_of(case: Case, people: Iterable[Participant], today: date) -> list[Stop]:
    """What stands against any of these people: of those that the reader sees."""
    main = _main(people)
    return [*_standing(case, main), *_bars(main, today)]


def stops_of_whole(case: Case, people: Iterable[Participant], today: date, tasks: Sequence[Task]) -> list[Stop]:
    """For whoever reads both sides, what changed too. `tasks`: the open ones about safety."""
    main = _main(people)
    found = [*_standing(case, main), *_bars(main, today), *_sent_back(case)]
    return [*found, *_changed(case, main, tasks, bool(found))]


def _main(people: Iterable[Participant]) -> list[Participant]:
    return [one for one in people if one.role in MAIN_ROLES and one.left_at is None]


def stopped_meetings(case: Case) -> list[Rescheduling]:
    """What was arranged and is postponed because of it."""
    moved = Rescheduling.objects.filter(
        intervention__case=case, intervention__status=InterventionStatus.POSTPONED, asked_by=AskedBy.SAFETY
    )
    newest = {one.intervention_id: one for one in moved.select_related("intervention").order_by("recorded_at")}
    return list(newest.values())


def _standing(case: Case, main: Sequence[Participant]) -> Iterator[Stop]:
    """For each person what stops everything; else what they took back."""
    given = list(Consent.objects.filter(referral=case.referral_id, person__in=[one.person_id for one in main]))
    for one in main:
        person, own = one.person, [consent for consent in given if consent.person_id == one.person_id]
        again = f"Only {person.name}, if they come to us. Nobody asks them."
        if person.died_on:
            yield Stop(f"{person.name} has died", person.died_on, NOBODY, one.side)
        elif person.approach == Approach.NEVER:
            yield Stop(f"{person.name} asked never to be asked again", None, again, one.side)
        elif taken_back := _withdrawn(own):
            label = ConsentPurpose(taken_back.purpose).label
            words = f"{person.name} withdrew: {label[:1].lower()}{label[1:]}"
            yield Stop(words, taken_back.withdrawn_at, again, one.side, "consents")
        elif person.paused_at:
            who = f"Only {person.name}, on their own page or by telling us."
            yield Stop(f"{person.name} asked for a pause", person.paused_at, who, one.side)


def _withdrawn(given: Sequence[Consent]) -> Consent | None:
    """The widest agreement that was taken back and not given again."""
    for purpose in (ConsentPurpose.CONTACT, ConsentPurpose.TAKE_PART, ConsentPurpose.APPROACH_OTHER_SIDE):
        if has_withdrawn(given, purpose):
            taken_back = [one for one in given if one.purpose == purpose and one.withdrawn_at]
            return min(taken_back, key=lambda one: one.withdrawn_at or one.recorded_at)
    return None


def _bars(main: Sequence[Participant], today: date) -> Iterator[Stop]:
    sides = {one.person_id: one.side for one in main}
    for bar in LegalBar.objects.filter(person__in=sides).standing(today).order_by("starts_on", "id"):
        who = f"{bar.authority} alone, in writing."
        yield Stop(f"{bar.get_kind_display()} forbids contact", bar.starts_on, who, sides[bar.person_id], "legal-bars")


def _sent_back(case: Case) -> Iterator[Stop]:
    if case.sign_off_refused_at is not None and case.sign_off_refused_by is not None:
        who = f"{case.sign_off_refused_by.get_full_name()}, by signing it off once what is missing is there."
        yield Stop("The case was sent back and is not signed off", case.sign_off_refused_at, who, page="sign-off")


def _changed(case: Case, main: Sequence[Participant], tasks: Sequence[Task], explained: bool) -> Iterator[Stop]:
    sides: dict[Any, str] = {one.person_id: one.side for one in main}
    for change in changes_behind(case.referral_id, tasks):
        since, is_main = change.task.created_at, change.person_id is None or change.person_id in sides
        if change.kind in CHANGED and is_main:
            if change.kind != SafetyChange.Kind.CONSENT_WITHDRAWN or not explained:
                yield Stop(change.words, since, change.who, sides.get(change.person_id, ""))
        elif not explained:
            yield Stop(change.words, since, "")
