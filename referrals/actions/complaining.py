"""A complaint: received, acknowledged, given to somebody who had no part in it, answered, learnt from (domain 2.16.5)."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from referrals import events, policy
from referrals.actions.locking import require
from referrals.actions.telling import at_work
from referrals.choices import (
    COMPLAINT_TRANSITIONS,
    ComplainantKind,
    ComplaintAbout,
    ComplaintOutcome,
    ComplaintStatus,
)
from referrals.models import ComplainedAbout, Complaint, Person, Referral
from referrals.working_days import add_working_days
from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from rj_service.accounts.models import Membership, ServiceArea, User
from rj_service.accounts.roles import Role
from rj_service.audit.actions import record
from rj_service.notifications.actions import notify
from rj_service.ui.dates import months_after
from rj_service.ui.templatetags.ui import day

MANAGERS = "Only a service manager of this area can do this."
ITS_HANDLER = "Only whoever handles this complaint can decide it."
LONGEST_MORE_TIME = 3  # months; then whoever complains hears why once more
HANDLERS = (Role.COORDINATOR, Role.CASE_SUPERVISOR, Role.SERVICE_MANAGER)


@transaction.atomic
def receive_complaint(
    *,
    area: ServiceArea,
    made_by: str,
    about: str,
    words: str,
    by: User,
    today: date,
    received_on: date | None = None,
    name: str = "",
    reach: str = "",
    referral: Referral | None = None,
    person: Person | None = None,
    names_worker: str = "",
    workers: Sequence[User] = (),
) -> Complaint:
    """By whatever way it came. Everybody of the area whom `names_worker` may mean is shut out of it, with `workers`."""
    require(policy.can_record_complaint(by, area.pk), "Tell a service manager of the area.")
    received_on = received_on or today
    if made_by not in ComplainantKind.values:
        raise DomainError("Choose who complains", field="made_by")
    if about not in ComplaintAbout.values:
        raise DomainError("Choose what it is about", field="about")
    if not words.strip():
        raise DomainError("Enter what the complaint is", field="words")
    if received_on > today:
        raise DomainError("The day it came must be today or in the past", field="received_on")
    complaint = Complaint.objects.create(
        service_area=area,
        referral=referral,
        person=person,
        made_by=made_by,
        name=name.strip() or None,
        reach=reach.strip() or None,
        about=about,
        words=words.strip(),
        received_on=received_on,
        recorded_by=by,
        acknowledge_by=add_working_days(received_on, settings.RJ_COMPLAINT_ACKNOWLEDGE_DAYS),
        due_on=add_working_days(received_on, settings.RJ_COMPLAINT_ANSWER_DAYS),
    )
    record(events.COMPLAINT_RECEIVED, by=by, on=complaint, detail={"about": about, "made_by": made_by})
    _shut_out(complaint, [*workers, *called(names_worker, at_work(area.pk))], by)
    _notify(complaint, "complaint_received")
    return complaint


def called(words: str, users: Iterable[User]) -> list[User]:
    """Everybody whose first or last name stands in the words: rather one too many shut out than the one complained about."""
    typed = set("".join(letter if letter.isalnum() else " " for letter in words.casefold()).split())
    return [
        user
        for user in users
        if any(part in typed for name in (user.first_name, user.last_name) for part in name.casefold().split())
    ]


@transaction.atomic
def name_worker(*, complaint: Complaint, worker: User, by: User) -> None:
    """From now on it is not there for them, even where they handled it."""
    fresh = _locked(complaint, by)
    require(policy.can_safeguard(by, fresh.service_area_id), MANAGERS)
    if worker.pk not in {user.pk for user in at_work(fresh.service_area_id)}:
        raise DomainError("This person does not work in the area", field="worker")
    _shut_out(fresh, [worker], by)
    if fresh.handler_id == worker.pk:
        fresh.handler = None
        fresh.save(update_fields=["handler"])


@transaction.atomic
def acknowledge_complaint(*, complaint: Complaint, acknowledged_on: date, by: User, today: date) -> Complaint:
    """The complainant was told that it is here, and until when it is answered."""
    fresh = _locked(complaint, by)
    require(policy.can_see_to_complaint(by, fresh), MANAGERS)
    _require_move(fresh, ComplaintStatus.ACKNOWLEDGED)
    _require_day(acknowledged_on, fresh.received_on, today, "acknowledged_on")
    given: dict[str, Any] = {"acknowledged_on": acknowledged_on, "acknowledged_by": by}
    return _save(fresh, events.COMPLAINT_ACKNOWLEDGED, by, status=ComplaintStatus.ACKNOWLEDGED, **given)


@transaction.atomic
def give_complaint(*, complaint: Complaint, handler: User, by: User, today: date) -> Complaint:
    """To somebody of the area who worked on nothing of it and whom it is not about."""
    fresh = _locked(complaint, by)
    require(policy.can_safeguard(by, fresh.service_area_id), MANAGERS)
    if fresh.status in (ComplaintStatus.DECIDED, ComplaintStatus.CLOSED):
        raise StaleState("This complaint is decided already.")
    if handler.pk not in {user.pk for user in handlers_for(fresh)}:
        raise DomainError("They worked on this, or it is about them. Choose somebody else", field="handler")
    _save(fresh, events.COMPLAINT_GIVEN, by, detail={"to": str(handler.pk)}, handler=handler)
    if handler.pk != by.pk:
        notify(handler, "complaint_given", on=fresh, url=_address(fresh))
    return fresh


@transaction.atomic
def extend_complaint(*, complaint: Complaint, due_on: date, words: str, by: User, today: date) -> Complaint:
    """`words`: why, as the complainant is told today."""
    fresh = _locked(complaint, by)
    require(policy.can_see_to_complaint(by, fresh), MANAGERS)
    _require_open(fresh)
    if due_on <= fresh.due_on:
        raise DomainError(f"The new day must be after {day(fresh.due_on)}", field="due_on")
    if due_on > (last := months_after(max(today, fresh.due_on), LONGEST_MORE_TIME)):
        raise DomainError(f"The new day must be on or before {day(last)}", field="due_on")
    if not words.strip():
        raise DomainError("Enter the reason that you told whoever complains", field="words")
    given: dict[str, Any] = {"extension_words": words.strip(), "extended_on": today, "extended_by": by}
    return _save(fresh, events.COMPLAINT_EXTENDED, by, detail={"until": due_on.isoformat()}, due_on=due_on, **given)


@transaction.atomic
def decide_complaint(
    *, complaint: Complaint, outcome: str, answer: str, learning: str, by: User, today: date
) -> Complaint:
    """By its handler, who must still be independent. `answer` is what the complainant is told."""
    fresh = _locked(complaint, by)
    require(policy.can_answer_complaint(by, fresh), ITS_HANDLER)
    _require_move(fresh, ComplaintStatus.DECIDED)
    if by.pk in workers_of(fresh.referral):
        raise NotAllowed("You have worked on this since. Somebody else has to decide it.")
    if outcome not in ComplaintOutcome.values:
        raise DomainError("Choose the outcome", field="outcome")
    for words, name, sentence in (
        (answer, "answer", "Enter the answer to whoever complains"),
        (learning, "learning", "Enter what the service learns from it"),
    ):
        if not words.strip():
            raise DomainError(sentence, field=name)
    given: dict[str, Any] = {"outcome": outcome, "answer": answer.strip(), "learning": learning.strip()}
    given |= {"status": ComplaintStatus.DECIDED, "decided_on": today, "decided_by": by}
    _save(fresh, events.COMPLAINT_DECIDED, by, detail={"outcome": outcome}, **given)
    _notify(fresh, "complaint_decided", but=by)
    return fresh


@transaction.atomic
def tell_complaint_outcome(*, complaint: Complaint, told_on: date, by: User, today: date) -> Complaint:
    fresh = _locked(complaint, by)
    require(policy.can_see_to_complaint(by, fresh), MANAGERS)
    _require_move(fresh, ComplaintStatus.CLOSED)
    _require_day(told_on, fresh.decided_on or fresh.received_on, today, "told_on")
    return _save(fresh, events.COMPLAINT_CLOSED, by, status=ComplaintStatus.CLOSED, told_on=told_on, told_by=by)


def workers_of(referral: Referral | None) -> set[UUID | None]:
    """Everybody who has worked on it or on its case; nobody where there is none."""
    if referral is None:
        return set()
    found = {referral.taken_by_id, referral.decided_by_id}
    case: Any = getattr(referral, "case", None)  # of the app above
    if case is not None:
        found |= {case.opened_by_id, case.coordinator_id, case.supervisor_id, case.signed_off_by_id}
        found |= set(case.assignments.values_list("practitioner__learner__user", flat=True))
        found |= set(case.contacts.values_list("recorded_by", flat=True))
    return found - {None}


def handlers_for(complaint: Complaint) -> list[User]:
    """Who may be given it: of the area, not shut out, independent of what it is about."""
    about = set(ComplainedAbout.objects.filter(complaint=complaint).values_list("worker", flat=True))
    barred = about | workers_of(complaint.referral)
    found = [user for user in at_work(complaint.service_area_id, role__in=HANDLERS) if user.pk not in barred]
    return complaint.referral.less_conflicting(found) if complaint.referral else found


def _locked(complaint: Complaint, by: User) -> Complaint:
    """As it stands now, held until the transaction ends."""
    Complaint.objects.select_for_update().values_list("pk").get(pk=complaint.pk)
    seen = Complaint.objects.all().visible_to(by).filter(pk=complaint.pk)
    fresh = seen.select_related("referral").first()
    if fresh is None:
        raise NotAllowed(MANAGERS)
    return fresh


def _save(complaint: Complaint, verb: str, by: User, *, detail: dict | None = None, **fields) -> Complaint:
    for name, value in fields.items():
        setattr(complaint, name, value)
    complaint.save(update_fields=list(fields))
    record(verb, by=by, on=complaint, detail=detail)
    return complaint


def _shut_out(complaint: Complaint, workers: Iterable[User], by: User) -> None:
    for worker in {user.pk: user for user in workers}.values():
        _, made = ComplainedAbout.objects.get_or_create(complaint=complaint, worker=worker, defaults={"named_by": by})
        if made:
            record(events.COMPLAINT_WORKER_NAMED, by=by, on=complaint, detail={"worker": str(worker.pk)})


def _notify(complaint: Complaint, kind: str, *, but: User | None = None) -> None:
    """Every manager who may read it; where there is none, the data protection officers, who see that one is found."""
    about = set(ComplainedAbout.objects.filter(complaint=complaint).values_list("worker", flat=True))
    managers = [
        user
        for user in at_work(complaint.service_area_id, role=Role.SERVICE_MANAGER)
        if user.pk not in about and user != but
    ]
    if complaint.referral is not None:
        managers = complaint.referral.less_conflicting(managers)
    if managers or but is not None:
        notify(managers, kind, on=complaint, url=_address(complaint))
    else:
        officers = Membership.objects.current(timezone.localdate()).filter(role=Role.DATA_PROTECTION_OFFICER)
        own = officers.filter(Q(service_area=complaint.service_area_id) | Q(service_area=None))
        notify([one.user for one in own.select_related("user")], "complaint_without_reader", on=complaint)


def _address(complaint: Complaint) -> str:
    return reverse("referrals:complaint", args=[complaint.pk])


def _require_move(complaint: Complaint, status: str) -> None:
    if status not in COMPLAINT_TRANSITIONS[complaint.status]:
        now = complaint.get_status_display().lower()
        raise StaleState(f"This complaint stands at “{now}”. Nothing was done twice.")


def _require_open(complaint: Complaint) -> None:
    if complaint.status in (ComplaintStatus.DECIDED, ComplaintStatus.CLOSED):
        raise StaleState("This complaint is decided already.")


def _require_day(given: date, first: date, today: date, name: str) -> None:
    if not first <= given <= today:
        raise DomainError(f"The day must be between {day(first)} and today", field=name)
