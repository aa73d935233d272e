"""Tasks to tell somebody something; and what ends with the last way to reach them: those tasks, and visits."""

from datetime import date

from django.db.models.functions import Now

from cases import policy
from cases.actions.ending_visits import cancel_forbidden_visits
from cases.models import Case, Participant, Telling
from referrals.models import Consent, Task
from rj_service.accounts.models import User


def stop_reaching(case: Case, by: User, today: date) -> None:
    """In a locked case, once somebody withdrew, paused, died or left. What waits to be told waits on, without a task."""
    cancel_forbidden_visits(case, by, today)
    waiting = Task.objects.open().filter(referral=case.referral_id, kind=Task.Kind.TELL)
    if not waiting.exists():
        return
    forbidden = [one.person_id for one in _everybody(case) if not may_be_told(case, one)]
    waiting.filter(person__in=forbidden).update(done_at=Now(), done_by=by)


def may_be_told(case: Case, participant: Participant) -> bool:
    given = Consent.objects.filter(person=participant.person_id, referral=case.referral_id)
    return participant.left_at is None and not policy.why_not_contacted(participant, case.referral, list(given))


def make_task(case: Case, participant: Participant, due_on: date, by: User) -> bool:
    """One at a time for each person; none to ring somebody whom nobody may contact."""
    about = {"referral_id": case.referral_id, "kind": Task.Kind.TELL, "person_id": participant.person_id}
    if Task.objects.open().filter(**about).exists() or not may_be_told(case, participant):
        return False
    Task.objects.create(
        service_area_id=case.service_area_id,
        side=participant.side,
        due_on=due_on,
        assigned_to=case.coordinator,
        created_by=by,
        **about,
    )
    return True


def ask_again_to_tell(case: Case, by: User) -> None:
    """Once a case is open again, or somebody may be reached again: what still waits to be told."""
    waiting = Telling.objects.waiting().filter(participant__case=case).select_related("participant__person")
    for telling in waiting.order_by("due_on"):
        make_task(case, telling.participant, telling.due_on, by)


def _everybody(case: Case):
    return Participant.objects.filter(case=case).select_related("person")
