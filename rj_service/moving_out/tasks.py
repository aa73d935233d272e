from rj_service.accounts.acting import acting_as
from rj_service.jobs.tasks import leased_task
from rj_service.moving_out.actions import finish_archive, make_archive
from rj_service.moving_out.models import Archive
from rj_service.moving_out.policy import may_read_everything


@leased_task(Archive, lease=60, time_limit=3600)
def make_archive_of_area(lease) -> None:
    """In the role in which it was asked for; nothing is made once that role or the account has ended, or they are shut out."""
    archive = lease.row
    user, areas = archive.membership.user, [archive.service_area_id]
    user.acting = next((one.as_acting() for one in user.current_memberships() if one.pk == archive.membership_id), None)
    made = None
    if (
        user.is_active
        and user.acting is not None
        and archive.agreed
        and may_read_everything(user, archive.service_area_id)
    ):
        with acting_as(user, areas=areas, one_snapshot=True):  # no row names another that came too late for its table
            made = make_archive(archive, user)
    with acting_as(user, areas=areas), lease.finish() as row:
        finish_archive(archive=row, made=made, by=user)
