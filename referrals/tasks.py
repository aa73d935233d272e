"""The import at work, a group of rows a transaction; mails and reminders to agencies; what the public form sends; what time
deletes; concerns that still wait; whoever turns 18."""

from collections.abc import Iterator
from contextlib import closing
from itertools import islice

from celery import shared_task
from django.utils import timezone

from referrals.actions import (
    address_to_acknowledge,
    ask_again_at_18,
    chase_request,
    delete_old_drafts,
    finish_import,
    import_group,
    reach_day,
    refuse_file,
    remind_of_concern,
    send_request_mail,
    turned_18,
)
from referrals.actions.imports import GROUP
from referrals.hub_file import HubRow, RefusedFile, open_hub_file
from referrals.models import Acknowledgement, Concern, ImportBatch, InformationRequest, RequestMail, WatchedInterest
from rj_service.accounts.acting import acting_as, system_user
from rj_service.accounts.rounds import in_every_area
from rj_service.documents.actions import open_file
from rj_service.jobs.tasks import FOR_A_DAY, leased_task
from rj_service.notifications.mail import send_neutral_mail

AFTERNOON = 15  # from this hour on managers are reminded of what is due the same day


@leased_task(ImportBatch, lease=60, time_limit=3600)
def import_hub_file(lease) -> None:
    batch = lease.row
    by, area = batch.imported_by, batch.service_area_id
    today = timezone.localdate()
    with closing(open_file(batch.upload)) as stream:
        try:
            file = open_hub_file(stream, today=today)
        except RefusedFile as refused:
            with acting_as(by, areas=[area]), lease.finish() as row:
                refuse_file(batch=row, sentence=str(refused), by=by)
            return
        total = file.row_count
        with acting_as(by, areas=[area]):
            ImportBatch.objects.filter(pk=batch.pk).update(unknown_columns=list(file.unknown_columns))
        for group in _groups(islice(file.rows(), batch.rows_done, None)):
            with acting_as(by, areas=[area]):
                row = lease.row
                import_group(batch=row, rows=group, by=by, today=today)
                lease.progress(row.rows_done, total)
    with acting_as(by, areas=[area]), lease.finish() as row:
        finish_import(batch=row, by=by)


@leased_task(Acknowledgement, lease=60, time_limit=120, tries=FOR_A_DAY)
def send_acknowledgement(lease) -> None:
    """The email somebody asked for on the public form, unless it is no longer safe. Sent by one worker at most."""
    row = lease.row
    with acting_as(system_user("public"), areas=[row.service_area_id]), lease.finish() as acknowledgement:
        address = address_to_acknowledge(acknowledgement)
        if address:
            send_neutral_mail(address, acknowledgement.pk)


def _groups(rows: Iterator[HubRow]) -> Iterator[list[HubRow]]:
    while group := list(islice(rows, GROUP)):
        yield group


@shared_task(ignore_result=True)
def delete_drafts() -> None:
    delete_old_drafts()


@leased_task(RequestMail, lease=60, time_limit=120, tries=FOR_A_DAY)
def send_mail_to_agency(lease) -> None:
    # The fence comes first: a mail is sent by one worker at most.
    with acting_as(system_user("scheduler"), areas=[lease.row.service_area_id]), lease.finish() as row:
        send_request_mail(mail_row=row)


@shared_task(ignore_result=True)
def chase_information_requests() -> None:
    """Every area's, each request in its own transaction. Missed runs catch up, repeated ones do nothing."""
    today = timezone.localdate()
    in_every_area(
        lambda area: InformationRequest.objects.to_chase(today).order_by("next_chase_on", "id"),
        lambda request, by: chase_request(request=request, by=by, today=today),
    )


@shared_task(ignore_result=True)
def reach_watched_days() -> None:
    """Days to come back to for somebody who waits, of every area. Missed runs catch up, repeated ones do nothing."""
    today = timezone.localdate()
    in_every_area(
        lambda area: WatchedInterest.objects.day_reached(today).select_related("referral").order_by("id"),
        lambda interest, by: reach_day(interest=interest, by=by, today=today),
    )


@shared_task(ignore_result=True)
def remind_of_concerns() -> None:
    """What no manager has decided: of the day itself in its afternoon, of earlier days each morning. Once a day each."""
    now = timezone.localtime()
    in_every_area(
        lambda area: Concern.objects.to_remind(now.date(), also_today=now.hour >= AFTERNOON).order_by("due_on", "id"),
        lambda concern, by: remind_of_concern(concern=concern, by=by, today=now.date()),
    )


@shared_task(ignore_result=True)
def ask_again_who_turned_18() -> None:
    """Whose birthday it is, in every area. Missed days catch up, repeated runs do nothing."""
    today = timezone.localdate()
    in_every_area(lambda area: turned_18(today), lambda person, by: ask_again_at_18(person=person, by=by, today=today))
