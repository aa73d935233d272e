"""What an applicant wrote who was not taken on, or withdrew, goes on its day: the row, what hangs on it, and their history."""

from datetime import date, timedelta

import pytest
from django.db import InternalError, connection, transaction
from django.db.models import F

from rj_service.accounts.acting import acting_as, system_user
from rj_service.accounts.errors import NotAllowed, StaleState
from rj_service.audit.models import DomainEvent
from volunteers import actions, tasks
from volunteers.actions import forget_application, forgotten_on
from volunteers.models import Application

pytestmark = pytest.mark.django_db
ENDED = date(2026, 5, 23)
WORDS = "Kestrel"


@pytest.fixture
def ended(area, cast):
    def make(status="not_taken_on", on=ENDED) -> Application:
        with acting_as(cast["coordinator"]) as by:
            referees = [actions.NewReference(WORDS, "kestrel@example.org", WORDS)]
            given = {"first_name": WORDS, "last_name": WORDS, "email": "kestrel@example.org", "references": referees}
            new = actions.NewApplication(received_on=on, **given)
            application = actions.receive_application(area=area, new=new, today=on, by=by)
            safeguard = {"name": WORDS, "given_on": on, "today": on, "by": by}
            actions.record_safeguard(kind="parental", application=application, **safeguard)
            common = {"application": application, "happened_on": on, "today": on, "by": by}
            if status:
                actions.end_application(status=status, words=WORDS, **common)
        return Application._base_manager.get(pk=application.pk)

    return make


def history() -> int:
    names = ("application", "applicationstep", "reference", "safeguard")
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT count(*) FROM volunteers_{name}event" for name in names))
        return sum(count for (count,) in cursor.fetchall())


@pytest.mark.parametrize("status", ["not_taken_on", "withdrew"])
def test_it_goes_on_its_day_and_not_a_day_before(area, ended, status):
    application = ended(status)
    day = forgotten_on(application)
    assert day == date(2026, 11, 23)
    with acting_as(system_user("scheduler"), areas=[area]) as by:
        assert actions.applications_to_forget(day - timedelta(days=1)) == []
        with pytest.raises(StaleState):
            forget_application(application=application, today=day - timedelta(days=1), by=by)
        assert actions.applications_to_forget(day) == [application] and history()
        forget_application(application=application, today=day, by=by)
        assert not Application.objects.exists() and history() == 0
    event = DomainEvent.objects.get(verb="volunteers.application_forgotten")
    assert event.object_id == application.pk and WORDS not in str(event.detail)


@pytest.mark.parametrize(
    ("on", "day"), [(date(2026, 8, 31), date(2027, 2, 28)), (date(2026, 2, 28), date(2026, 8, 28))]
)
def test_months_of_other_lengths(area, ended, on, day):
    application = ended(on=on)
    assert forgotten_on(application) == day
    with acting_as(system_user("scheduler"), areas=[area]):
        assert actions.applications_to_forget(day - timedelta(days=1)) == []
        assert actions.applications_to_forget(day) == [application]


def test_what_goes_on_stays(area, cast, ended):
    application = ended(status="")
    assert forgotten_on(application) is None
    with acting_as(system_user("scheduler"), areas=[area]) as by:
        assert actions.applications_to_forget(ENDED + timedelta(days=4000)) == []
        with pytest.raises(StaleState):
            forget_application(application=application, today=ENDED + timedelta(days=4000), by=by)
    with acting_as(cast["coordinator"]) as by, pytest.raises(NotAllowed):
        forget_application(application=application, today=ENDED, by=by)


def test_the_beat_takes_those_of_every_area(ended):
    ended()
    Application._base_manager.update(since=F("since") - timedelta(days=400))
    tasks.forget_ended()
    assert not Application._base_manager.exists()
    tasks.forget_ended()


def test_no_history_of_what_is_here_or_was_never_an_application(ended):
    application = ended()
    for key in (application.pk, application.service_area_id):
        with pytest.raises(InternalError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT rj_forget_application(%s)", [key])
    assert history()
