from datetime import date

from celery import shared_task
from django.utils import timezone

from referrals.working_days import add_working_days, is_working_day
from reporting import actions
from reporting.choices import Audience, PackState
from reporting.models import ReportRun
from reporting.periods import first_of
from rj_service.accounts.acting import acting_as, system_user
from rj_service.accounts.models import ServiceArea
from rj_service.accounts.roles import Role
from rj_service.accounts.rounds import in_every_area
from rj_service.jobs.tasks import leased_task
from rj_service.notifications.actions import notify_role


@leased_task(ReportRun, lease=60, time_limit=300)
def make_pack(lease) -> None:
    """Counts a draft, or makes the document of a pack being issued."""
    run, by, areas = lease.row, system_user("scheduler"), [lease.row.service_area_id]
    if run.pack_state == PackState.ISSUING:
        with acting_as(by, areas=areas):
            pdf = actions.make_document(run)
            with lease.finish() as row:
                actions.complete_issue(row, pdf)
        return
    with acting_as(by, areas=areas, one_snapshot=True):  # every figure of one moment: parts add up to their total
        counted = actions.count_pack(run)
    with acting_as(by, areas=areas), lease.finish() as row:
        ReportRun.objects.filter(pk=row.pk, pack_state=PackState.DRAFT).update(**counted)
        notify_role(Role.COORDINATOR, row.service_area_id, "pack_drafted", on=row)


def _first_working_day(first: date) -> date:
    return first if is_working_day(first) else add_working_days(first, 1)


@shared_task(ignore_result=True)
def prepare_monthly_packs() -> None:
    """From the first working day on: last month's draft of every area, and those of months before it that were missed.
    Repeated runs do nothing."""
    today = timezone.localdate()
    last, with_last = first_of(today, -1), today >= _first_working_day(first_of(today))

    def missing(area: ServiceArea) -> list[tuple[ServiceArea, date, str]]:
        return [
            (area, month, audience)
            for audience in (Audience.INTERNAL, Audience.COMMISSIONER)
            for month in actions.months_to_draft(area, audience, last=last, with_last=with_last)
        ]

    in_every_area(
        missing,
        lambda one, by: actions.draft_if_missing(area=one[0], month=one[1], audience=one[2], by=by),
    )
