"""What casework does in the background."""

from django.utils import timezone

from cases.actions import apply_safety_change
from referrals.models import SafetyChange
from rj_service.accounts.acting import acting_as, system_user
from rj_service.jobs.tasks import leased_task


@leased_task(SafetyChange, lease=60, time_limit=120)
def act_on_safety_change(lease) -> None:
    scheduler = system_user("scheduler")
    with acting_as(scheduler, areas=[lease.row.service_area_id]), lease.finish() as change:
        apply_safety_change(change=change, by=scheduler, today=timezone.localdate())
