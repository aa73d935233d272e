"""Pages of practitioners: who opens which, what they say, how many statements they take."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from rj_service.accounts.acting import acting_as
from rj_service.audit.models import AccessLog
from rj_service.ui.templatetags.ui import day
from tests.training.factories import CourseFactory, LearnerFactory
from tests.volunteers.factories import AvailabilityFactory, PractitionerFactory, ready_practitioner
from volunteers.models import Availability, Check, Practitioner, Supervision


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def volunteer(area, cast, today):
    return ready_practitioner(area, today, user=cast["practitioner"])


def checks_of(practitioner):
    return Check.objects.filter(practitioner=practitioner)


OBJECT_PAGES = [
    "volunteers:detail", "volunteers:check", "volunteers:status", "volunteers:level", "volunteers:details",
    "volunteers:supervision", "volunteers:availability", "volunteers:absence",
]  # fmt: skip
EXPECTED = {
    "coordinator": [200] * 8,
    "manager": [200] * 8,
    "supervisor": [200, 403, 403, 403, 403, 200, 403, 403],
    "training_lead": [200, 403, 403, 403, 403, 403, 403, 403],
    "practitioner": [403, 403, 403, 403, 403, 403, 200, 200],
    "off_case_practitioner": [403, 403, 403, 403, 403, 403, 404, 404],
    "other_coordinator": [404] * 8,
    "hub_worker": [403, 403, 403, 403, 403, 403, 404, 404],
    "referrer": [403, 403, 403, 403, 403, 403, 404, 404],
    "opcc": [403, 403, 403, 403, 403, 403, 404, 404],
    "dpo": [403, 403, 403, 403, 403, 403, 404, 404],
    "admin": [403, 403, 403, 403, 403, 403, 404, 404],
}


@pytest.mark.parametrize("role", EXPECTED)
def test_who_opens_the_pages_of_a_practitioner(cast, signed_in, volunteer, role):
    client = signed_in(cast[role])
    found = [client.get(reverse(name, args=[volunteer.pk])).status_code for name in OBJECT_PAGES]
    assert found == EXPECTED[role]


@pytest.mark.parametrize(
    ("role", "status"),
    [("coordinator", 200), ("supervisor", 200), ("training_lead", 200), ("practitioner", 403), ("opcc", 403)],
)
def test_who_opens_the_list(cast, signed_in, volunteer, role, status):
    assert signed_in(cast[role]).get(reverse("volunteers:list")).status_code == status


def test_the_list_shows_the_area_only_and_is_logged(area, other_area, cast, signed_in, today):
    own = ready_practitioner(area, today)
    ready_practitioner(other_area, today)
    response = signed_in(cast["coordinator"]).get(reverse("volunteers:list"))
    assert [row.pk for row in response.context["page"].rows] == [own.pk]
    log = AccessLog.objects.get(kind="list", page="volunteers:list")
    assert log.ids == [own.pk]


def test_the_list_says_the_first_block_and_orders_by_what_ends_first(area, cast, signed_in, today):
    with acting_as(cast["coordinator"]):
        later, lapsed = ready_practitioner(area, today), ready_practitioner(area, today)
        checks_of(lapsed).filter(kind="nppv_2").update(expires_on=today - timedelta(days=1))
        Supervision.objects.filter(practitioner=lapsed).delete()
    response = signed_in(cast["coordinator"]).get(reverse("volunteers:list"))
    assert [row.pk for row in response.context["page"].rows] == [lapsed.pk, later.pk]
    page = response.content.decode()
    assert "Police vetting (NPPV level 2) ended on" in page
    assert ", and 1 more" in page
    assert "rj-row--stop" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["ready", "ending", "unvetted"]),
        ("?ready=yes", ["ready", "ending"]),
        ("?ready=no", ["unvetted"]),
        ("?ready=ending", ["ending"]),
        ("?status=left", ["left"]),
        ("?level=advanced", ["ready"]),
        ("?kind=young", []),
        ("?kind=nonsense", ["ready", "ending", "unvetted"]),
    ],
)
def test_filters(area, cast, signed_in, today, query, found):
    rows = {
        "ready": ready_practitioner(area, today, level="advanced"),
        "ending": ready_practitioner(area, today),
        "unvetted": PractitionerFactory(service_area=area),
        "left": ready_practitioner(area, today, status="left"),
    }
    with acting_as(cast["coordinator"]):
        checks_of(rows["ending"]).filter(kind="nppv_2").update(expires_on=today + timedelta(days=28))
    response = signed_in(cast["coordinator"]).get(reverse("volunteers:list") + query)
    assert {row.pk for row in response.context["page"].rows} == {rows[name].pk for name in found}


def counted(client, url):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_the_list_takes_the_same_statements_for_1_3_and_30(area, cast, signed_in, today):
    client, course, found = signed_in(cast["coordinator"]), CourseFactory(service_area=area), []
    client.get(reverse("volunteers:list"))  # the first request of a session reads its memberships
    for more in (1, 2, 27):
        for _ in range(more):
            ready_practitioner(area, today, course=course)
        found.append(counted(client, reverse("volunteers:list")))
    assert len(set(found)) == 1


def test_the_record_says_everything_that_is_looked_at(cast, signed_in, volunteer):
    page = signed_in(cast["coordinator"]).get(reverse("volunteers:detail", args=[volunteer.pk])).content.decode()
    for words in ("Ready to be given a case", "DBS enhanced ends on", "Facilitator training ends on", "0 open cases"):
        assert words in page
    log = AccessLog.objects.get(kind="view", page="volunteers:detail")
    assert log.object_id == volunteer.pk


def date_boxes(name, day: date | None):
    return {f"{name}_{part}": getattr(day, part) if day else "" for part in ("day", "month", "year")}


def test_record_a_check_by_its_page(cast, signed_in, volunteer, today):
    url = reverse("volunteers:check", args=[volunteer.pk])
    given = {"kind": "nppv_3", "status": "cleared", "reference": "V-1"}
    given |= date_boxes("expires_on", today + timedelta(days=900))
    client = signed_in(cast["coordinator"])
    refused = client.post(url, given | date_boxes("issued_on", today + timedelta(days=1)))
    assert refused.status_code == 422
    assert "Date issued must be today or in the past" in refused.content.decode()
    assert "V-1" in refused.content.decode()
    assert client.post(url, given | date_boxes("issued_on", today)).status_code == 302
    with acting_as(cast["coordinator"]):
        assert checks_of(volunteer).filter(kind="nppv_3", reference="V-1").exists()


def test_a_supervisor_records_a_supervision_and_a_training_lead_does_not(cast, signed_in, volunteer, today):
    url = reverse("volunteers:supervision", args=[volunteer.pk])
    given = date_boxes("held_on", today) | {"supervisor_name": "Dr Ama Osei", "agreed": "Fewer evenings until spring"}
    assert signed_in(cast["training_lead"]).post(url, given).status_code == 403
    refused = signed_in(cast["supervisor"]).post(url, given | date_boxes("next_on", today))
    assert refused.status_code == 422
    assert "Date of the next supervision must be after this one" in refused.content.decode()
    assert "Fewer evenings until spring" in refused.content.decode()
    following = today + timedelta(days=1)
    assert signed_in(cast["supervisor"]).post(url, given | date_boxes("next_on", following)).status_code == 302
    record, own = reverse("volunteers:detail", args=[volunteer.pk]), reverse("volunteers:me")
    agenda = reverse("cases:agenda", args=[volunteer.pk])
    for who, page in (("supervisor", record), ("coordinator", record), ("manager", agenda), ("practitioner", own)):
        shown = signed_in(cast[who]).get(page).content.decode()
        for words in ("Dr Ama Osei", "Fewer evenings until spring", f"The next one is on {day(following)}"):
            assert words in shown, (who, words)
    shown = signed_in(cast["training_lead"]).get(record).content.decode()
    assert "Dr Ama Osei" in shown
    assert "Fewer evenings until spring" not in shown


def test_withdraw_a_check_after_confirming(cast, signed_in, volunteer, today):
    with acting_as(cast["coordinator"]):
        check = checks_of(volunteer).get(kind="nppv_2")
    url = reverse("volunteers:withdraw-check", args=[check.pk])
    assert signed_in(cast["other_coordinator"]).get(url).status_code == 404
    client = signed_in(cast["coordinator"])
    assert "opens no case from this moment" in client.get(url).content.decode()
    assert client.post(url).status_code == 302
    with acting_as(cast["coordinator"]):
        assert not Practitioner.objects.may_open_cases(today).exists()


def test_nobody_opens_the_forms_of_their_own_checks(area, cast, signed_in, today):
    own = ready_practitioner(area, today, user=cast["coordinator"], kind="service_staff")
    client = signed_in(cast["coordinator"])
    found = {name: client.get(reverse(name, args=[own.pk])).status_code for name in OBJECT_PAGES}
    allowed = ("volunteers:detail", "volunteers:availability", "volunteers:absence")
    assert found == {name: 200 if name in allowed else 403 for name in OBJECT_PAGES}


def test_register_from_a_learner(area, cast, signed_in):
    learner = LearnerFactory(service_area=area)
    url = reverse("volunteers:register", args=[learner.pk])
    client = signed_in(cast["coordinator"])
    assert client.get(url).status_code == 200
    assert client.post(url, {"kind": "community", "case_limit": "3"}).status_code == 302
    with acting_as(cast["coordinator"]):
        assert Practitioner.objects.get(learner=learner).case_limit == 3
    assert signed_in(cast["other_coordinator"]).get(url).status_code == 404
    assert signed_in(cast["training_lead"]).get(url).status_code == 403


def test_my_own_page_shows_me_and_nobody_else(area, cast, signed_in, volunteer, today):
    other = ready_practitioner(area, today, user=cast["off_case_practitioner"])
    response = signed_in(cast["practitioner"]).get(reverse("volunteers:me"))
    assert response.context["practitioner"].pk == volunteer.pk
    page = response.content.decode()
    assert "You can be given a case" in page
    assert str(other.pk) not in page


def test_my_own_page_without_a_record_says_so(cast, signed_in):
    page = signed_in(cast["practitioner"]).get(reverse("volunteers:me")).content.decode()
    assert "You are not registered as a practitioner yet" in page


def test_my_own_page_says_what_stops_me(cast, signed_in, volunteer, today):
    with acting_as(cast["coordinator"]):
        checks_of(volunteer).filter(kind="nppv_2").update(expires_on=today - timedelta(days=1))
    page = signed_in(cast["practitioner"]).get(reverse("volunteers:me")).content.decode()
    assert "You cannot open a case today" in page
    assert "Police vetting (NPPV level 2) ended on" in page


def test_a_practitioner_saves_their_usual_times(cast, signed_in, volunteer):
    url = reverse("volunteers:availability", args=[volunteer.pk])
    client = signed_in(cast["practitioner"])
    response = client.post(url, {"day_0": ["morning", "afternoon"], "day_2": ["evening"]})
    assert response.url == reverse("volunteers:me")
    with acting_as(cast["practitioner"]):
        found = [
            (row.weekday, row.starts_at.hour, row.ends_at.hour) for row in Availability.objects.order_by("weekday")
        ]
    assert found == [(0, 9, 17), (2, 17, 21)]
    assert 'value="evening"' in client.get(url).content.decode()
    assert client.get(url).context["form"].initial["day_0"] == ["morning", "afternoon"]


def test_a_practitioner_adds_and_removes_a_time_away(cast, signed_in, volunteer, today):
    client = signed_in(cast["practitioner"])
    url = reverse("volunteers:absence", args=[volunteer.pk])
    assert client.post(url, date_boxes("away_from", today) | date_boxes("away_until", today)).status_code == 302
    with acting_as(cast["practitioner"]):
        absence = Availability.objects.get()
    remove = reverse("volunteers:remove-absence", args=[absence.pk])
    assert signed_in(cast["off_case_practitioner"]).post(remove).status_code == 404
    assert client.post(remove).url == reverse("volunteers:me")
    with acting_as(cast["practitioner"]):
        assert not Availability.objects.exists()


def test_a_weekly_time_is_not_removed_as_a_time_away(cast, signed_in, volunteer):
    weekly = AvailabilityFactory(practitioner=volunteer)
    assert (
        signed_in(cast["practitioner"]).post(reverse("volunteers:remove-absence", args=[weekly.pk])).status_code == 404
    )


def test_paging_shows_everybody_once_with_and_without_vetting(area, cast, signed_in, today):
    ready = [ready_practitioner(area, today) for _ in range(3)]
    rows = ready + [PractitionerFactory(service_area=area) for _ in range(27)]
    client, seen = signed_in(cast["coordinator"]), []
    page = client.get(reverse("volunteers:list")).context["page"]
    while True:
        seen += [row.pk for row in page.rows]
        if not page.next:
            break
        page = client.get(reverse("volunteers:list"), {"after": page.next}).context["page"]
    assert sorted(seen) == sorted(row.pk for row in rows)
    assert set(seen[:3]) == {row.pk for row in ready}
