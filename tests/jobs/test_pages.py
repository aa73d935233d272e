import pytest

from rj_service.accounts.models import AccountMail
from rj_service.audit.models import DomainEvent
from rj_service.notifications.models import Notification
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
    assert ("ConnectionRefusedError" in page) == (state in ("failed", "nonsense", ""))
    assert "Castle" not in page


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
