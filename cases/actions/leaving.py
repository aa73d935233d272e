"""A volunteer leaves: status, assignments, role and sessions end in one step."""

from datetime import date

from django.db import transaction
from django.db.models import Q

from cases.actions.assigning import end_locked
from cases.actions.inviting import end_invitation
from cases.actions.lending import end_loans_of
from cases.actions.opening import COORDINATORS
from cases.choices import VisitStatus
from cases.models import Assignment, Case, Invitation, Visit
from referrals.models import Task
from rj_service.accounts.actions.people import end_practice
from rj_service.accounts.errors import DomainError, NotAllowed
from rj_service.accounts.models import User
from rj_service.notifications.actions import notify
from rj_service.ui.templatetags.ui import when
from volunteers import policy as practitioner_policy
from volunteers.actions import change_status
from volunteers.choices import PractitionerStatus
from volunteers.models import Practitioner


def works_on(practitioner: Practitioner, by: User) -> list[Assignment]:
    """Of the cases that `by` may read."""
    seen = Assignment.objects.in_force().filter(practitioner=practitioner, case__in=Case.objects.visible_to(by).open())
    return list(seen.select_related("case__referral__incident").order_by("case__opened_on", "pk"))


@transaction.atomic
def record_leaver(*, practitioner: Practitioner, reason: str, today: date, by: User) -> int:
    """Returns how many cases they worked on, those of other areas too. A case that is shut to `by` is ended all the same: its
    coordinator hears of it, and has the task to find another lead where they led it."""
    if not practitioner_policy.can_manage(by, practitioner):
        raise NotAllowed(COORDINATORS)
    if not reason.strip():
        raise DomainError("Say why they leave", field="reason")
    change_status(practitioner=practitioner, status=PractitionerStatus.LEFT, today=today, by=by)
    ended = end_loans_of(practitioner, by, today)
    for assignment in Assignment.objects.in_force().filter(practitioner=practitioner).select_related("case"):
        case = Case.objects.select_for_update().select_related("referral", "coordinator").get(pk=assignment.case_id)
        end_locked(case, assignment, reason.strip(), by, today)
        if case.coordinator != by:
            notify(case.coordinator, "safety_change", on=case)
        ended += 1
    _end_what_they_were_asked(practitioner, by, today)
    _ask_who_goes(practitioner, by, today)
    user = practitioner.learner.user
    if user is not None:
        end_practice(user=user, service_area=practitioner.service_area, by=by)
    return ended


def _end_what_they_were_asked(practitioner: Practitioner, by: User, today: date) -> None:
    """A yes of theirs keeps a place no longer."""
    for invitation in Invitation.objects.filter(practitioner=practitioner).open():
        case = Case.objects.select_for_update().select_related("coordinator").get(pk=invitation.case_id)
        end_invitation(invitation, case, by, today)
        if case.coordinator != by:
            notify(case.coordinator, "invitation_answered", on=case)


def _ask_who_goes(practitioner: Practitioner, by: User, today: date) -> None:
    """Somebody expects a visit: it is not taken away from them, and the coordinator says who goes."""
    theirs = Visit.objects.filter(Q(visitor=practitioner) | Q(companion=practitioner), status=VisitStatus.PLANNED)
    for visit in theirs.select_related("case__referral", "case__coordinator"):
        Task.objects.create(
            service_area_id=visit.case.service_area_id,
            referral=visit.case.referral,
            kind=Task.Kind.OTHER,
            side=visit.side,
            words=f"{practitioner.name} has left: the visit of {when(visit.planned_for)} needs somebody else, or an end.",
            due_on=today,
            assigned_to=visit.case.coordinator,
            created_by=by,
        )
