"""What is done for practitioners in the background."""

from celery import shared_task
from django.utils import timezone

from rj_service.accounts.acting import acting_as, system_user
from rj_service.accounts.rounds import in_every_area
from rj_service.jobs.tasks import FOR_A_DAY, leased_task
from volunteers import actions
from volunteers.actions import endings_to_tell, remind_of_ending
from volunteers.models import PaymentRun, RingMail


@shared_task(ignore_result=True)
def forget_ended() -> None:
    """Applications of every area whose time is over, each in a transaction of its own; and files nobody moved in."""
    today, now = timezone.localdate(), timezone.now()
    in_every_area(lambda area: [area], lambda area, by: actions.forget_old_people_moves(now=now))
    in_every_area(
        lambda area: actions.applications_to_forget(today),
        lambda application, by: actions.forget_application(application=application, today=today, by=by),
    )


@shared_task(ignore_result=True)
def remind_of_endings() -> None:
    """Checks and supervisions of every area. Missed runs catch up, repeated ones do nothing."""
    today = timezone.localdate()

    def remind(ending, by):
        practitioner, of, ends_on, days_before = ending
        remind_of_ending(practitioner=practitioner, of=of, ends_on=ends_on, days_before=days_before, by=by)

    in_every_area(lambda area: endings_to_tell(today), remind)


@leased_task(RingMail, lease=60, time_limit=120, tries=FOR_A_DAY)
def send_ring_mail(lease) -> None:
    with acting_as(system_user("scheduler"), areas=[lease.row.service_area_id]), lease.finish() as fresh:
        actions.send_ring_mail(mail_row=fresh)


@leased_task(PaymentRun, lease=60, time_limit=300)
def write_payment_file(lease) -> None:
    run, by, areas = lease.row, system_user("scheduler"), [lease.row.service_area_id]
    with acting_as(by, areas=areas):
        file = actions.write_payment_file(run, by)
    with acting_as(by, areas=areas), lease.finish() as row:
        actions.finish_payment_file(row, file, by)
