"""Lists of casework: as many statements for 30 rows as for one, names where they may stand, every read written down."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cases import actions
from cases.choices import Side
from cases.models import Case
from rj_service.accounts.acting import acting_as
from rj_service.audit.models import AccessLog
from tests.cases.conftest import side_of
from tests.volunteers.factories import ready_practitioner

pytestmark = pytest.mark.django_db

LISTS = ["", "?show=mine", "?show=no-lead", "?show=cannot", "?show=closed", "?stage=initial_contact&crime=burglary"]


def statements(client, url: str) -> int:
    client.get(url)  # the first request of a session writes more
    with CaptureQueriesContext(connection) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


def log_one(case, by, today) -> None:
    actions.log_contact(
        participant=side_of(case, Side.HARMED),
        method="phone",
        result="no_answer",
        occurred_at=today,
        by=by,
        today=today,
    )


@pytest.fixture
def grow(open_case, cast, area, today):
    """`grow(30)`: so many open cases, each led by the practitioner of the cast."""
    lead = ready_practitioner(area, today, user=cast["practitioner"], case_limit=100)
    cases: list = []

    def make(number: int):
        while len(cases) < number:
            case = open_case()
            with acting_as(cast["coordinator"]) as by:
                actions.assign(
                    not_asked="otherwise", case=case, practitioner=lead, role="lead", sides="both", by=by, today=today
                )
                actions.plan_intervention(case=case, model="face_to_face_conference", by=by, today=today)
            cases.append(case)
        return cases

    return make


@pytest.mark.proof
def test_the_list_asks_as_much_of_five_rows_as_of_one(grow, cast, signed_in):
    client = signed_in(cast["coordinator"])
    counts = []
    for number in (1, 5):  # thirty on every page: tests/access/test_statements.py, in the proof
        grow(number)
        counts.append([statements(client, reverse("cases:list") + shown) for shown in LISTS])
    assert counts[0] == counts[1]


@pytest.mark.proof
def test_a_practitioners_pages_ask_as_much_of_five_cases_as_of_one(grow, cast, signed_in):
    client = signed_in(cast["practitioner"])
    counts = []
    for number in (1, 5):  # thirty on every page: tests/access/test_statements.py, in the proof
        grow(number)
        counts.append([statements(client, reverse(f"cases:{name}")) for name in ("mine", "my-work")])
    assert counts[0] == counts[1]


def test_a_case_in_which_nobody_was_in_touch_is_found(open_case, cast, signed_in, today):
    quiet, rung, new = open_case(), open_case(), open_case()
    before = today - timedelta(days=settings.RJ_QUIET_DAYS + 1)
    Case._base_manager.filter(pk__in=[quiet.pk, rung.pk]).update(opened_on=before)
    with acting_as(cast["coordinator"]) as by:
        for case, at in ((quiet, timezone.now() - timedelta(days=settings.RJ_QUIET_DAYS + 1)), (rung, timezone.now())):
            actions.log_contact(
                participant=side_of(case, Side.HARMED), method="phone", result="no_answer", occurred_at=at, by=by,
                today=today,
            )  # fmt: skip
    shown = signed_in(cast["coordinator"]).get(reverse("cases:list") + "?show=quiet").context["page"]
    assert [row.pk for row in shown.rows] == [quiet.pk] and new.opened_on == today


def test_names_of_a_sensitive_case_stay_inside(open_case, cast, signed_in, today):
    case, client = open_case(), signed_in(cast["coordinator"])
    assert "Maureen Okafor" in client.get(reverse("cases:list")).content.decode()
    with acting_as(cast["coordinator"]) as by:
        actions.raise_flag(case=case, kind="stalking", by=by, today=today)
    page = client.get(reverse("cases:list")).content.decode()
    assert "Maureen" not in page
    assert "Name shown inside" in page


def test_a_list_writes_down_whom_it_showed(open_case, cast, signed_in):
    case = open_case()
    signed_in(cast["coordinator"]).get(reverse("cases:list"))
    row = AccessLog.objects.filter(page="cases:list").latest("id")
    with acting_as(cast["coordinator"]):
        assert set(row.people) == {side_of(case, side).person_id for side in (Side.HARMED, Side.RESPONSIBLE)}
    assert row.ids == [case.pk]


def test_saved_states(open_case, cast, signed_in, today):
    case, client = open_case(), signed_in(cast["coordinator"])
    reference = f"{case.reference[:4]}-{case.reference[4:]}"
    assert [
        reference in client.get(reverse("cases:list") + f"?show={shown}").content.decode()
        for shown in ("mine", "no-lead", "cannot", "open", "closed")
    ] == [True, True, False, True, False]
    with acting_as(cast["coordinator"]) as by:
        actions.close_case(case=case, reason="proceedings", closed_on=today, by=by, today=today)
    assert [
        reference in client.get(reverse("cases:list") + f"?show={shown}").content.decode()
        for shown in ("mine", "open", "closed")
    ] == [False, False, True]


def test_the_archive_is_not_narrowed_by_a_stage(open_case, cast, signed_in, today):
    with acting_as(cast["coordinator"]) as by:
        actions.close_case(case=open_case(), reason="proceedings", closed_on=today, by=by, today=today)
    client = signed_in(cast["coordinator"])
    answer = client.get(reverse("cases:list"), {"show": "closed", "stage": "initial_contact"})
    assert answer.context["total"] == 1 and "stage" not in answer.context["filter_form"].fields
    assert "stage" in client.get(reverse("cases:list")).context["filter_form"].fields


def test_another_areas_coordinator_sees_an_empty_list(open_case, cast, signed_in):
    open_case()
    page = signed_in(cast["other_coordinator"]).get(reverse("cases:list")).content.decode()
    assert "No case is open." in page
    assert "Okafor" not in page


@pytest.mark.parametrize(("days", "is_quiet"), [(settings.RJ_QUIET_DAYS, False), (settings.RJ_QUIET_DAYS + 1, True)])
def test_my_work_says_where_nobody_was_in_touch_lately(open_case, cast, area, signed_in, today, days, is_quiet):
    case = open_case()
    lead = ready_practitioner(area, today, user=cast["practitioner"])
    with acting_as(cast["coordinator"]) as by:
        actions.assign(
            not_asked="otherwise", case=case, practitioner=lead, role="lead", sides="both", by=by, today=today
        )
    Case._base_manager.filter(pk=case.pk).update(opened_on=today - timedelta(days=days))
    for name in ("mine", "my-work"):
        page = signed_in(cast["practitioner"]).get(reverse(f"cases:{name}")).content.decode()
        assert "Nothing planned" in page
        assert ("nobody in touch lately" in page) is is_quiet, name
