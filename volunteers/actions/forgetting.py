"""What somebody wrote who did not become a volunteer goes by itself, its history with it, as the public form promises."""

from datetime import date, timedelta

from django.conf import settings
from django.db import connection, transaction

from rj_service.accounts.errors import NotAllowed, StaleState
from rj_service.accounts.models import User
from rj_service.audit.actions import record
from rj_service.ui.dates import months_after
from volunteers import events
from volunteers.choices import APPLICATION_ENDS
from volunteers.models import Application


def forgotten_on(application: Application) -> date | None:
    """The day on which it goes; None for one that goes on or became a practitioner."""
    if application.status not in APPLICATION_ENDS:
        return None
    return months_after(application.since, settings.RJ_APPLICATION_MONTHS)


def applications_to_forget(today: date) -> list[Application]:
    """Their day has come. Months differ by three days at most: what is near is looked at one by one."""
    near = months_after(today, -settings.RJ_APPLICATION_MONTHS) + timedelta(days=3)
    ended = Application.objects.filter(status__in=APPLICATION_ENDS, since__lte=near)
    return [one for one in ended.order_by("since", "pk") if (day := forgotten_on(one)) and day <= today]


@transaction.atomic
def forget_application(*, application: Application, today: date, by: User) -> None:
    """By the scheduler alone. That there was one stays in the trail, without a name."""
    if not by.is_system:
        raise NotAllowed("Applications that have ended are deleted by themselves.")
    application = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    day = forgotten_on(application)
    if day is None or day > today:
        raise StaleState("This application is not to be deleted yet")
    key, area, status = application.pk, application.service_area_id, application.status
    record(events.APPLICATION_FORGOTTEN, by=by, on=application, area=area, detail={"status": status})
    application.delete()
    with connection.cursor() as cursor:
        cursor.execute("SELECT rj_forget_application(%s)", [key])
