"""A volunteer leaves: status, assignments, role and sessions end in one step."""

from datetime import date

from django.db import transaction

from cases.actions.assigning import end_locked
from cases.actions.lending import end_loans_of
from cases.actions.opening import COORDINATORS
from cases.models import Assignment, Case
from rj_service.accounts.actions.people import end_practice
from rj_service.accounts.errors import DomainError, NotAllowed
from rj_service.accounts.models import User
from rj_service.notifications.actions import notify
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
    user = practitioner.learner.user
    if user is not None:
        end_practice(user=user, service_area=practitioner.service_area, by=by)
    return ended
