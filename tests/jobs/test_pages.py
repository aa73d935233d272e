import pytest

from rj_service.accounts.models import AccountMail
from rj_service.audit.models import DomainEvent
from rj_service.lists.models import ExportRun
from rj_service.notifications.models import Notification
from rj_service.operations import faults
from tests.factories import UserFactory

STATES = ["queued", "running", "done", "failed"]


@pytest.fixture
def failed(cast):
    return AccountMail.objects.create(
        kind="changed", user=cast["coordinator"], state="failed", attempts=5, last_error="ConnectionRefusedError"
    )


@pytest.mark.parametrize("state", [*STATES, "nonsense", ""])
def test_jobs_by_state(cast, failed, signed_in, state):
    page = signed_in(cast["admin"]).get("/jobs/", {"state": state}).content.decode()
    assert ("The server it connects to did not answer" in page) == (state in ("failed", "nonsense", ""))
    assert "Castle" not in page and "ConnectionRefusedError" not in page


@pytest.mark.parametrize(
    ("state", "fault", "words"),
    [
        ("failed", "SMTPRecipientsRefused", "The mail server refused the mail"),
        ("queued", "OperationalError", "The database did not answer, or took too long"),
        ("failed", "KeyError", "A fault in the service that nobody foresaw"),
        ("failed", "", "It was stopped each time before its end: the worker ended, or it took longer than it may"),
        ("running", "", ""),
    ],
)
def test_a_fault_is_said_in_words(state, fault, words):
    assert faults.in_words(AccountMail(state=state, last_error=fault)) == words


def test_jobs_say_who_asked(cast, failed, signed_in):
    marsh = cast["other_coordinator"]
    asked = AccountMail.objects.create(kind="changed", user=cast["opcc"], state="failed", asked_by_id=marsh.pk)
    admin = signed_in(cast["admin"])
    for page in (admin.get("/jobs/"), admin.get(f"/jobs/{asked.pk}/")):
        assert "Owen Marsh, " in page.content.decode()
    manager = signed_in(cast["manager"])
    assert "Somebody of another area, " in manager.get(f"/jobs/{asked.pk}/").content.decode()
    assert "The service itself, " in admin.get(f"/jobs/{failed.pk}/").content.decode()


def test_all_that_failed_of_a_kind_is_tried_again_at_once(cast, failed, signed_in):
    second = AccountMail.objects.create(kind="changed", user=cast["opcc"], state="failed")
    done = AccountMail.objects.create(kind="changed", user=cast["opcc"], state="done")
    other = Notification.objects.create(user=cast["opcc"], kind="assigned", state="failed")
    client = signed_in(cast["admin"])
    assert "Try all 2 again" in client.get("/jobs/").content.decode()
    answer = client.post("/jobs/another-try/", {"kind": "accounts.accountmail"}, follow=True).content.decode()
    assert "2 jobs are queued again" in answer and "Try it again" in answer
    assert set(AccountMail.objects.filter(state="queued").values_list("pk", flat=True)) == {failed.pk, second.pk}
    for untouched in (done, other):
        kept = untouched.state
        untouched.refresh_from_db()
        assert untouched.state == kept
    assert DomainEvent.objects.filter(verb="operations.job_tried_again").count() == 2
    client.post("/jobs/another-try/", {"kind": "accounts.user"})
    assert DomainEvent.objects.filter(verb="operations.job_tried_again").count() == 2


def test_a_manager_tries_again_what_is_of_their_own_area(cast, other_area, area, signed_in):
    here, there = (
        ExportRun.objects.create(service_area=one, membership=cast["manager"].memberships.get(), state="failed")
        for one in (area, other_area)
    )
    client = signed_in(cast["manager"])
    assert "1 job has failed" in client.get("/").content.decode()
    client.post("/jobs/another-try/", {"kind": "lists.exportrun"})
    here.refresh_from_db()
    there.refresh_from_db()
    assert (here.state, there.state) == ("queued", "failed")
    assert "has failed" not in client.get("/").content.decode()


def test_failed_jobs_stand_on_the_homes_of_who_may_try_them_again(cast, failed, signed_in):
    homes = {name: signed_in(cast[name]).get("/").content.decode() for name in ("manager", "coordinator", "admin")}
    assert "1 job has failed" in homes["manager"] and "/jobs/" in homes["manager"]
    assert "1 job has failed" not in homes["coordinator"]
    assert "Failed jobs" in homes["admin"]


def test_try_again(cast, failed, signed_in):
    client = signed_in(cast["admin"])
    assert client.post(f"/jobs/{failed.pk}/another-try/").status_code == 302
    failed.refresh_from_db()
    assert (failed.state, failed.attempts) == ("queued", 0)
    client.post(f"/jobs/{failed.pk}/another-try/")
    assert DomainEvent.objects.filter(verb="operations.job_tried_again").count() == 1


def test_a_job_is_there_for_whoever_asked_and_whoever_sees_the_queue(cast, signed_in):
    job = AccountMail.objects.create(
        kind="changed", user=cast["practitioner"], asked_by_id=cast["coordinator"].pk, progress_done=1, progress_total=4
    )
    expected = {"coordinator": 200, "admin": 200, "manager": 200}
    for name, user in cast.items():
        client = signed_in(user)
        assert client.get(f"/jobs/{job.pk}/").status_code == expected.get(name, 404), name
        assert client.post(f"/jobs/{job.pk}/another-try/").status_code == (302 if name in expected else 404), name
    fragment = signed_in(cast["coordinator"]).get(f"/jobs/{job.pk}/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment and "1 of 4" in fragment and "Wren" not in fragment


@pytest.mark.parametrize("address", ["/health/live/", "/health/ready/"])
def test_health_for_machines_needs_no_sign_in_and_tells_nothing(db, client, address):
    assert client.get(address).status_code == 200


def test_health_for_people(cast, signed_in):
    assert signed_in(cast["coordinator"]).get("/health/").status_code == 403
    page = signed_in(cast["admin"]).get("/health/").content.decode()
    assert "Database" in page and "Audit trail" in page and "None has failed" in page


def test_what_nobody_tries_again_is_a_light(failed, cast, signed_in):
    page = signed_in(cast["admin"]).get("/health/").content.decode()
    assert "1 job has failed" in page and "None has failed" not in page


@pytest.mark.parametrize("address", ["/help/", "/accessibility/", "/privacy/"])
def test_plain_pages_are_for_everybody(cast, client, signed_in, address):
    assert client.get(address).status_code == 200
    assert signed_in(cast["opcc"]).get(address).status_code == 200


def test_notifications_are_ones_own(cast, signed_in):
    own = Notification.objects.create(user=cast["coordinator"], kind="assigned", url="/help/")
    other = Notification.objects.create(user=UserFactory(), kind="assigned")
    client = signed_in(cast["coordinator"])
    assert client.get("/notifications/").content.decode().count("You have a new case.") >= 1
    assert client.post(f"/notifications/{own.pk}/reading/")["Location"] == "/help/"
    assert client.post(f"/notifications/{other.pk}/reading/").status_code == 404
    own.refresh_from_db()
    other.refresh_from_db()
    assert own.read_at is not None and other.read_at is None
    assert client.post("/notifications/all-read/").status_code == 302
