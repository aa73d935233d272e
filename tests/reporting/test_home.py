"""Each role's first page: what needs the person, from what they may see."""

import re
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases.choices import InterventionStatus
from referrals.choices import ReferralStatus
from referrals.models import Restriction, SensitiveFlag, Task
from reporting.views.home import ELSEWHERE, address
from rj_service.audit.actions import record
from tests.factories import UserFactory
from tests.reporting.factories import CaseFactory, InterventionFactory, ReferralFactory
from tests.volunteers.factories import PractitionerFactory, SupervisionFactory


def home(client) -> str:
    response = client.get("/")
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def task(referral, by, **fields) -> Task:
    given = {"kind": Task.Kind.OTHER, "words": "Book an interpreter", "due_on": timezone.localdate()} | fields
    row = Task(service_area=referral.service_area, referral=referral, created_by=by, **given)
    row.save(force_insert=True)
    return row


def arranged(case, days: int):
    return InterventionFactory(
        case=case,
        status=InterventionStatus.SCHEDULED,
        model_delivered="",
        held_on=None,
        held_recorded_by=None,
        held_recorded_at=None,
        planned_for=timezone.now() + timedelta(days=days),
    )


def test_a_quiet_day_says_so(cast, signed_in):
    page = home(signed_in(cast["coordinator"]))
    assert "Nothing needs you today." in page
    assert "No meeting is arranged for the next 7 days." in page


def test_what_needs_a_coordinator_stands_first(area, cast, signed_in):
    coordinator, today = cast["coordinator"], timezone.localdate()
    late = ReferralFactory(service_area=area, received_on=today - timedelta(days=21))
    ReferralFactory(
        service_area=area, received_on=today, status=ReferralStatus.ON_HOLD, hold_until=today - timedelta(1)
    )
    case = CaseFactory(service_area=area)
    task(case.referral, coordinator, kind=Task.Kind.SAFETY, words="Agreement withdrawn")
    task(late, coordinator, due_on=today - timedelta(days=7))
    arranged(case, days=-2)
    arranged(case, days=3)
    page = home(signed_in(coordinator))
    assert "5 things need you today." in page
    order = ("Stopped", "Not ready yet", "No outcome yet", "Past its time", "No answer yet")
    positions = [page.index(words) for words in order]
    assert positions == sorted(positions)
    assert "1 referral has waited more than 2 working days" in page
    assert "1 with no lead facilitator" in page
    assert "Book an interpreter" in page and "late" in page


@pytest.mark.parametrize(("days", "words"), [(1, "Cannot go ahead"), (5, "Not ready yet")])
def test_a_meeting_says_whether_it_can_go_ahead(area, cast, signed_in, days, words):
    arranged(CaseFactory(service_area=area), days=days)
    page = home(signed_in(cast["coordinator"]))
    assert words in page
    assert "There is no lead facilitator." in page
    assert re.search(r"Harmed side: \d missing\. Responsible side: \d missing\.", page)
    assert "things missing" in page


def test_what_is_shut_to_a_coordinator_is_not_counted(area, other_area, cast, signed_in):
    today = timezone.localdate()
    restricted = ReferralFactory(service_area=area, received_on=today - timedelta(days=21))
    Restriction(referral=restricted, restricted_by=cast["manager"], reason="A colleague").save(force_insert=True)
    ReferralFactory(service_area=other_area, received_on=today - timedelta(days=21))
    task(restricted, cast["manager"], kind=Task.Kind.SAFETY)
    assert "Nothing needs you today." in home(signed_in(cast["coordinator"]))


def test_what_others_did_since_the_last_visit(area, other_area, cast, signed_in):
    coordinator, manager = cast["coordinator"], cast["manager"]

    def come_back():
        client = signed_in(coordinator)
        session = client.session
        session["began"] = time.time()
        session.save()
        return client

    assert "This is your first visit." in home(come_back())
    seen, restricted = CaseFactory(service_area=area), CaseFactory(service_area=area)
    elsewhere = CaseFactory(service_area=other_area)
    Restriction(referral=restricted.referral, restricted_by=manager, reason="A colleague").save(force_insert=True)
    assert "Nobody has changed anything since then." in home(come_back())
    for case in (seen, restricted, elsewhere):
        record("cases.survey_answered", by=manager, on=case)
    record("cases.intervention_held", by=coordinator, on=seen)
    page = home(come_back())
    assert page.count("Survey answered") == 1
    assert "by Grace Holt" in page
    assert "Intervention held" not in page  # what one did oneself is no news
    assert restricted.reference not in page


def test_a_supervisor_reads_what_waits_for_a_sign_off(area, cast, signed_in):
    supervisor = cast["supervisor"]
    case = CaseFactory(service_area=area, supervisor=supervisor)
    SensitiveFlag(referral=case.referral, kind="stalking", raised_by=cast["coordinator"]).save(force_insert=True)
    CaseFactory(service_area=area)
    page = home(signed_in(supervisor))
    assert "1 case waits for your sign-off." in page
    assert "Not signed off" in page


@pytest.mark.parametrize("who", ["opcc", "practitioner", "hub_worker", "referrer", "training_lead"])
def test_the_other_roles_land_on_their_own_pages(cast, signed_in, who):
    user = cast[who]
    name = ELSEWHERE[user.memberships.get().role]
    response = signed_in(user).get("/")
    if address(name):
        assert (response.status_code, response.url) == (302, address(name))
    else:
        assert response.status_code == 200


@pytest.mark.parametrize("who", ["dpo", "admin"])
def test_oversight_counts_and_shows_no_case(area, cast, signed_in, who):
    case = CaseFactory(service_area=area)
    page = home(signed_in(cast[who]))
    assert "Casework is not open to this role." in page
    assert case.reference not in page


def test_an_account_without_a_role_is_told_so(db, signed_in):
    assert "it has no role here today" in home(signed_in(UserFactory()))


@pytest.mark.proof
def test_the_number_of_queries_does_not_grow_with_the_rows(area, cast, signed_in):
    client, today, coordinator = signed_in(cast["coordinator"]), timezone.localdate(), cast["coordinator"]
    client.get("/")

    def more(number: int) -> int:
        for _ in range(number):
            case = CaseFactory(service_area=area)
            task(case.referral, coordinator, kind=Task.Kind.SAFETY)
            task(case.referral, coordinator)
            arranged(case, days=2)
            arranged(case, days=-2)
            ReferralFactory(service_area=area, received_on=today - timedelta(days=30))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            home(client)
        return len(queries)

    assert more(1) == more(2) == more(9)


@pytest.mark.parametrize(
    ("weeks_and_days", "said"),
    [
        ((10, -1), None),
        ((10, 0), "Due by"),
        ((12, 0), "Due by"),
        ((12, 1), "Past 12 weeks"),
        (None, "no supervision yet"),
    ],
)
def test_a_supervisor_reads_whose_supervision_is_due(area, cast, signed_in, weeks_and_days, said):
    """From 14 days before: 10 weeks after the last one."""
    today = timezone.localdate()
    olu = PractitionerFactory(service_area=area, learner__first_name="Olu", learner__last_name="Ash")
    if weeks_and_days:
        weeks, days = weeks_and_days
        SupervisionFactory(practitioner=olu, held_on=today - timedelta(weeks=weeks, days=days))
    page = home(signed_in(cast["supervisor"]))
    assert ("Olu Ash" in page) is bool(said) and (said is None or said in page)
    assert "Olu Ash" not in home(signed_in(cast["coordinator"]))
