"""What people meet while a part of the service is away: pages go on, what they send is saved, and is done once later."""

import signal
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from referrals.models import ImportBatch
from reporting import actions as packs
from reporting.choices import Audience
from reporting.models import ReportRun
from reporting.periods import first_of
from rj_service.accounts.acting import acting_as
from rj_service.accounts.models import AccountMail, Invitation
from rj_service.jobs import hints
from rj_service.jobs.tasks import sweep
from tests.access.world import build_world
from tests.accounts.conftest import code_of, with_factor
from tests.database import owner_connection
from tests.factories import PASSWORD
from tests.site import Site, Visitor
from tests.worker import wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.proof]


@pytest.fixture
def site(broker, transactional_db, tmp_path):
    own = Site(broker.url, tmp_path)
    own.start()
    yield own
    own.stop()


def sign_in(site: Site, user) -> Visitor:
    visitor = Visitor(site)
    with_factor(user)
    visitor.submit("/accounts/login/", {"login": user.email, "password": PASSWORD})
    home = visitor.submit("/accounts/2fa/authenticate/", {"code": code_of()})
    assert (home.status, "Sign out" in home.text) == (200, True), home.text[-2000:]
    return visitor


@pytest.mark.parametrize("fault", ["gone", "hung"])
def test_without_valkey_pages_go_on_and_what_is_sent_is_done_once_later(
    site, worker, cast, area, other_area, hub, fault
):
    world = build_world(area, other_area, cast, hub)
    known = set(AccountMail.objects.values_list("pk", flat=True))
    manager = sign_in(site, cast["manager"])
    worker.broker.stop(signal.SIGKILL) if fault == "gone" else worker.broker.hang()
    began = time.monotonic()
    coordinator = sign_in(site, cast["coordinator"])
    case = coordinator.get(f"/cases/{world.ids['case']}/")
    assert case.status == 200 and world.canaries.within(case.text)

    invited = {
        "first_name": "Ana",
        "last_name": "Ruiz",
        "email": "ana@example.org",
        "role": "practitioner",
        "service_area": str(area.pk),
    }
    answers = [
        manager.submit("/people/invite/", invited),
        coordinator.submit(
            "/reports/new/",
            {"month": f"{first_of(timezone.localdate(), -3):%Y-%m}", "audience": "commissioner"},
        ),
        coordinator.submit("/referrals/imports/new/", {}, files={"file": ("hub.csv", b"hub_reference\nA1\n")}),
    ]
    took = time.monotonic() - began
    assert [answer.status for answer in answers] == [200, 200, 200], [answer.text[-1500:] for answer in answers]
    assert took < 30, took
    rows = [
        AccountMail.objects.exclude(pk__in=known).get(),
        ReportRun.objects.get(month=first_of(timezone.localdate(), -3)),
        ImportBatch._base_manager.exclude(pk=world.ids["batch"]).get(),
    ]
    assert [row.state for row in rows] == ["queued"] * 3

    worker.broker.start() if fault == "gone" else worker.broker.resume()
    wait_until(lambda: _swept(rows), within=90, every=1)
    assert [(row.state, row.attempts) for row in rows] == [("done", 1)] * 3
    assert Invitation.objects.filter(email="ana@example.org").count() == 1


def _swept(rows) -> bool:
    hints._closed_until = 0.0
    sweep()
    for row in rows:
        row.refresh_from_db()
    return all(row.is_over for row in rows)


@pytest.fixture
def in_the_middle(worker, area, cast):
    """A pack whose worker has claimed it and now waits for a table that we hold; `()` lets it go on."""
    owner = owner_connection()
    owner.autocommit = False
    owner.cursor().execute("lock table referrals_referral in access exclusive mode")
    with acting_as(cast["coordinator"]) as by:
        month = first_of(timezone.localdate(), -1)
        run = packs.draft_pack(area=area, month=month, audience=Audience.COMMISSIONER, by=by)
    counting = "select count(*) from pg_locks where relation = 'referrals_referral'::regclass and not granted"
    wait_until(lambda: _number(owner, counting), within=30)
    yield run, owner.rollback
    owner.close()


def _number(owner, question: str) -> int:
    cursor = owner.cursor()
    cursor.execute(question)
    return cursor.fetchone()[0]


def test_kill_9_in_the_middle_of_a_pack_counts_it_once_more_and_once(worker, in_the_middle):
    run, let_go = in_the_middle
    worker.kill()
    let_go()
    run.refresh_from_db()
    assert (run.state, run.figures) == ("running", None)
    ReportRun.objects.filter(pk=run.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    worker.start()
    wait_until(lambda: _swept([run]), within=60, every=1)
    assert (run.state, run.attempts, run.token) == ("done", 2, 2)
    assert run.figures
    assert ReportRun.objects.count() == 1


def test_a_worker_asked_to_stop_finishes_what_it_began(worker, in_the_middle):
    run, let_go = in_the_middle
    worker.process.send_signal(signal.SIGTERM)
    wait_until(lambda: "Warm shutdown" in worker.log.read_text(), within=20)
    let_go()
    assert worker.process.wait(30) == 0
    run.refresh_from_db()
    assert (run.state, run.attempts) == ("done", 1)
