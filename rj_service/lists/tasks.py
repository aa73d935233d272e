from celery import shared_task

from rj_service.accounts.acting import acting_as
from rj_service.jobs.tasks import leased_task
from rj_service.lists.actions import finish_file, make_file
from rj_service.lists.models import ExportRun
from rj_service.lists.searching import forget_old_searches


@leased_task(ExportRun, lease=60, time_limit=900)
def make_list_file(lease) -> None:
    """In the role in which it was asked for; nothing is made once that role or the account has ended."""
    run = lease.row
    user = run.membership.user
    user.acting = next((one.as_acting() for one in user.current_memberships() if one.pk == run.membership_id), None)
    made = None
    if user.is_active and user.acting is not None:
        with acting_as(user):
            made = make_file(run, user)
    with acting_as(user, areas=[run.service_area_id] if run.service_area_id else []), lease.finish() as row:
        finish_file(run=row, made=made, by=user)


@shared_task(ignore_result=True)
def forget_searches() -> None:
    """Words that were searched for."""
    forget_old_searches()
