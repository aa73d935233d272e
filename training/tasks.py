"""Mails to learners, and awards that come into their renewal window."""

from celery import shared_task
from django.utils import timezone

from rj_service.accounts.acting import acting_as, system_user
from rj_service.accounts.models import ServiceArea
from rj_service.jobs.tasks import leased_task
from training.actions import remind_of_awards, send_training_mail
from training.models import TrainingMail


@leased_task(TrainingMail, lease=60, time_limit=120)
def send_mail(lease) -> None:
    row = lease.row
    with acting_as(system_user("scheduler"), areas=[row.service_area_id]), lease.finish() as fresh:
        send_training_mail(mail_row=fresh)


@shared_task(ignore_result=True)
def remind_of_ending_awards() -> None:
    by = system_user("scheduler")
    for area in ServiceArea.objects.all():
        with acting_as(by, areas=[area.pk]):
            remind_of_awards(area=area, today=timezone.localdate(), by=by)
