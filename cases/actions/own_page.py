"""What a person asks for on their own page that touches their case: stopping, at once; and who their worker is."""

from datetime import date

from django.db import transaction

from cases import policy
from cases.actions.locking import NOT_YOUR_SIDE, locked, locked_open, require
from cases.actions.safety import withdraw_consent
from cases.choices import AssignmentRole, AssignmentSides
from cases.models import Assignment, Case, Participant
from referrals import actions as referrals
from referrals.models import OwnLink
from rj_service.accounts.models import User


@transaction.atomic
def give_own_link(
    *, participant: Participant, channel: str, question: str, word: str, by: User, today: date
) -> tuple[OwnLink, str]:
    """By whoever works with the person. The link and its secret, given once."""
    case = locked_open(participant.case, by, today)
    require(policy.can_record_consent(by, case, participant.side, today), NOT_YOUR_SIDE)
    return referrals.give_own_link(
        referral=case.referral,
        person=participant.person,
        channel=channel,
        question=question,
        word=word,
        by=by,
        today=today,
        works_with_them=True,
    )


@transaction.atomic
def revoke_own_link(*, participant: Participant, by: User, today: date) -> None:
    case = locked(participant.case, by, today)
    require(policy.can_record_consent(by, case, participant.side, today), NOT_YOUR_SIDE)
    link = OwnLink.objects.not_ended().filter(referral=case.referral, person=participant.person)
    if found := link.select_related("referral").first():
        referrals.revoke_own_link(link=found, by=by, works_with_them=True)


def stop_by_link(*, link: OwnLink, by: User, today: date) -> None:
    """Everything that they agreed to ends, and what was arranged stops in the same transaction; so does the link."""
    open_cases = Case.objects.open().filter(referral=link.referral_id)
    participant = Participant.objects.filter(case__in=open_cases, person=link.person_id, left_at__isnull=True).first()
    if participant is not None:
        ended = withdraw_consent(participant=participant, by=by, today=today)
    else:
        ended = referrals.withdraw_consent(person=link.person, referral=link.referral, by=by)
    if not ended or referrals.is_link_open(link):
        referrals.stop_without_agreement(link=link, by=by)


def worker_of(link: OwnLink) -> User | None:
    """Of their own side: a facilitator, the lead first, else the coordinator."""
    case = Case.objects.filter(referral=link.referral_id).select_related("coordinator").first()
    if case is None:
        return link.referral.taken_by
    assigned = Assignment.objects.in_force().filter(case=case, sides__in=[link.side, AssignmentSides.BOTH])
    found = list(assigned.select_related("practitioner__learner__user").order_by("started_at", "id"))
    lead = next((one for one in found if one.role == AssignmentRole.LEAD), next(iter(found), None))
    return (lead.practitioner.learner.user if lead else None) or case.coordinator
