"""Mails to learners, and awards that come into their renewal window."""

from celery import shared_task
from django.utils import timezone

from rj_service.accounts.acting import acting_as, system_user
from rj_service.accounts.rounds import in_every_area
from rj_service.jobs.tasks import FOR_A_DAY, leased_task
from training.actions import remind_of_awards, send_training_mail
from training.models import TrainingMail


@leased_task(TrainingMail, lease=60, time_limit=120, tries=FOR_A_DAY)
def send_mail(lease) -> None:
    row = lease.row
    with acting_as(system_user("scheduler"), areas=[row.service_area_id]), lease.finish() as fresh:
        send_training_mail(mail_row=fresh)


@shared_task(ignore_result=True)
def remind_of_ending_awards() -> None:
    today = timezone.localdate()
    in_every_area(lambda area: [area], lambda area, by: remind_of_awards(area=area, today=today, by=by))
