"""Packs from draft to issue by page, and what the Commissioner's office then reads."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from cases.choices import Model
from referrals.actions import restrict
from referrals.choices import Mechanism
from reporting import actions
from reporting.choices import Audience, PackState
from reporting.data import WAITING_BANDS, Figures
from reporting.models import ReportRun
from reporting.periods import first_of
from reporting.tasks import make_pack
from rj_service.accounts.acting import acting_as
from rj_service.accounts.roles import Role
from rj_service.documents.actions import open_file
from rj_service.documents.models import StoredFile
from rj_service.jobs.leases import work_on
from tests.factories import member
from tests.reporting.factories import InterventionFactory, ReferralFactory

pytestmark = pytest.mark.usefixtures("files")


@pytest.fixture
def files(settings, tmp_path):
    settings.FILES_DIR = tmp_path


@pytest.fixture
def month() -> date:
    return first_of(timezone.localdate(), -1)


def drafted(area, by, month, audience=Audience.COMMISSIONER) -> ReportRun:
    with acting_as(by):
        run = actions.draft_pack(area=area, month=month, audience=audience, by=by)
    assert work_on(ReportRun, run.pk)
    run.refresh_from_db()
    return run


def issued(area, by, month, audience=Audience.COMMISSIONER) -> ReportRun:
    run = drafted(area, by, month, audience)
    with acting_as(by):
        actions.issue_pack(run=run, by=by)
    assert work_on(ReportRun, run.pk)
    run.refresh_from_db()
    assert run.pack_state == PackState.ISSUED
    return run


def text_of(response) -> str:
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def words_of(response) -> str:
    return " ".join(strip_tags(response.content.decode()).split())


@pytest.mark.django_db(transaction=True)
def test_a_coordinator_drafts_comments_and_issues(area, cast, signed_in, month):
    ReferralFactory(service_area=area, received_on=month)
    client = signed_in(cast["coordinator"])
    asked = client.post("/reports/new/", {"month": f"{month:%Y-%m}", "audience": "commissioner"})
    address = asked.url
    assert "Waiting to start" in text_of(client.get(address))
    run = ReportRun.objects.get()
    assert work_on(ReportRun, run.pk)
    assert "Draft, counted as at" in text_of(client.get(address))
    client.post(f"{address}commentary/", {"words": "Two partners began to refer."})
    assert "Two partners began to refer." in text_of(client.get(address))
    assert "They never change" in text_of(client.get(f"{address}issue/"))
    assert client.post(f"{address}issue/").status_code == 302
    assert work_on(ReportRun, run.pk)
    page = text_of(client.get(address))
    assert "These figures are frozen and do not change." in page
    document = client.get(f"{address}pdf/")
    assert b"".join(document.streaming_content).startswith(b"%PDF")
    assert client.post(f"{address}issue/").status_code == 422


@pytest.mark.django_db(transaction=True)
def test_the_commissioner_reads_issued_packs_alone(area, other_area, cast, signed_in, month):
    ReferralFactory(service_area=area, received_on=month)
    client = signed_in(cast["opcc"])
    assert "No pack has been issued yet." in text_of(client.get("/reports/figures/"))
    draft = drafted(area, cast["coordinator"], month)
    internal = issued(area, cast["coordinator"], month, Audience.INTERNAL)
    elsewhere = issued(other_area, cast["other_coordinator"], month)
    assert "No pack has been issued yet." in text_of(client.get("/reports/figures/"))
    for run in (draft, internal, elsewhere):
        assert client.get(f"/reports/issued/{run.pk}/").status_code == 404
        assert client.get(f"/reports/issued/{run.pk}/pdf/").status_code == 404
        assert client.get(f"/reports/issued/{run.pk}/tables/referrals_received.csv").status_code == 404
        assert client.get(f"/reports/packs/{run.pk}/").status_code in (403, 404)
    with acting_as(cast["coordinator"]):
        actions.issue_pack(run=draft, by=cast["coordinator"])
    assert work_on(ReportRun, draft.pk)
    page = text_of(client.get("/reports/figures/"))
    assert "Not for publication." in page
    assert "How they reached us" in page
    assert "/referrals/" not in page and "/cases/" not in page
    assert client.get("/reports/issued/").status_code == 200
    assert client.get(f"/reports/issued/{draft.pk}/").status_code == 200
    for asked, words in (("1999-01", "January 1999"), ("soon", "that month")):
        answer = client.get(f"/reports/figures/?month={asked}")
        assert answer.status_code == 404
        assert f"No pack has been issued for {words}. These months have one: {draft.month:%B %Y}" in words_of(answer)


@pytest.mark.django_db(transaction=True)
def test_an_issued_pack_never_changes_and_late_data_restate(area, cast, signed_in, month):
    coordinator = cast["coordinator"]
    ReferralFactory(service_area=area, received_on=month)
    first = issued(area, coordinator, month)
    with open_file(first.pdf) as file:
        before = file.read()
    case = InterventionFactory(case__service_area=area, case__received_on=month, held_on=month).case
    assert case.referral.received_on == month
    client = signed_in(coordinator)
    page = text_of(client.get(f"/reports/packs/{first.pk}/"))
    assert "Data that came late would change these figures" in page
    address = client.post(f"/reports/packs/{first.pk}/restatement/").url
    second = ReportRun.objects.get(version=2)
    assert str(second.pk) in address
    assert work_on(ReportRun, second.pk)
    with acting_as(coordinator):
        actions.issue_pack(run=second, by=coordinator)
    assert work_on(ReportRun, second.pk)
    kept = ReportRun.objects.get(pk=first.pk)
    assert (kept.figures, kept.pdf_sha256, kept.as_at) == (first.figures, first.pdf_sha256, first.as_at)
    with open_file(kept.pdf) as file:
        assert file.read() == before
    page = text_of(signed_in(cast["opcc"]).get("/reports/figures/"))
    assert "has been restated:</strong> 2 referrals, was 1 when issued before." in page
    both = text_of(signed_in(cast["opcc"]).get(f"/reports/issued/{second.pk}/"))
    assert "What this restatement changed" in both


@pytest.mark.django_db(transaction=True)
def test_frozen_lines_keep_their_order(area, cast, month):
    run = drafted(area, cast["coordinator"], month)
    kept = Figures.from_json(ReportRun.objects.get(pk=run.pk).figures).measures
    assert list(kept["referrals_by_mechanism"]["cells"]) == [*Mechanism.values, "Not known"]
    assert list(kept["interventions_by_model"]["cells"])[0] == Model.FACE_TO_FACE_CONFERENCE
    assert list(kept["waiting_stock"]["cells"]) == [label for label, _, _ in WAITING_BANDS]


@pytest.mark.django_db(transaction=True)
def test_tables_come_as_csv_and_xlsx(area, cast, signed_in, month):
    ReferralFactory(service_area=area, received_on=month)
    run = issued(area, cast["coordinator"], month)
    client = signed_in(cast["opcc"])
    table = client.get(f"/reports/issued/{run.pk}/tables/referrals_by_mechanism.csv")
    assert "Victims’ Hub,1\r\n" in table.content.decode("utf-8-sig")
    assert client.get(f"/reports/issued/{run.pk}/tables/referrals_by_mechanism.xlsx").content.startswith(b"PK")
    for wrong in ("referrals_by_mechanism.exe", "nothing.csv"):
        assert client.get(f"/reports/issued/{run.pk}/tables/{wrong}").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_areas_stand_side_by_side_for_the_national_analyst(area, other_area, cast, signed_in, month):
    ReferralFactory(service_area=area, received_on=month)
    issued(area, cast["coordinator"], month)
    analyst = signed_in(member(Role.NATIONAL_ANALYST, None))
    page = text_of(analyst.get("/reports/national/"))
    assert area.name in page
    assert f"<li>{other_area.name}</li>" in page
    assert analyst.get("/reports/figures/").url == "/reports/national/"
    assert signed_in(cast["opcc"]).get("/reports/national/").status_code == 403


def test_definitions_say_what_each_figure_counts(cast, signed_in):
    page = text_of(signed_in(cast["opcc"]).get("/reports/definitions/"))
    assert "Letters never sent do not count" in page or "letters never sent do not count" in page


def test_a_month_that_has_not_ended_is_not_offered(cast, signed_in):
    this_month = timezone.localdate()
    response = signed_in(cast["coordinator"]).post(
        "/reports/new/", {"month": f"{this_month:%Y-%m}", "audience": "internal"}
    )
    assert response.status_code == 422


def test_a_hub_worker_reads_no_report(cast, signed_in):
    client = signed_in(cast["hub_worker"])
    for address in ("", "new/", "figures/", "issued/", "definitions/", "national/"):
        assert client.get(f"/reports/{address}").status_code == 403


def test_the_task_has_its_name():
    assert make_pack.name == "reporting.tasks.make_pack"


@pytest.mark.parametrize(("who", "address"), [("coordinator", "/reports/"), ("opcc", "/reports/issued/")])
def test_lists_ask_the_same_of_the_database_at_any_length(area, cast, signed_in, month, who, address):
    client, coordinator = signed_in(cast[who]), cast["coordinator"]
    client.get(address)  # the first request of a session asks more
    asked = []
    for number in (1, 2, 27):
        for back in range(number):
            file = StoredFile(kind="pack", content_type="application/pdf", size=1, sha256="0" * 64)
            file.created_by = coordinator
            file.save(force_insert=True)
            ReportRun.objects.create(
                service_area=area,
                month=first_of(month, -back - 100 * number),
                audience=Audience.COMMISSIONER,
                pack_state=PackState.ISSUED,
                figures={},
                as_at=timezone.now(),
                issued_at=timezone.now(),
                issued_by=coordinator,
                pdf=file,
                pdf_sha256=file.sha256,
            )
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        asked.append(len(queries))
    assert len(set(asked)) == 1, asked


@pytest.mark.parametrize(
    ("key", "asked", "blank", "filled"),
    [
        (
            "referrals_by_local_area",
            "place",
            ["", "  ", "Not known", " not  KNOWN"],
            ["Peterborough", "Not known road"],
        ),
        ("referrals_by_crime_type", "crime_type", ["", "treason"], ["burglary"]),
        ("referrals_by_mechanism", "mechanism", [""], ["victims_hub"]),
    ],
)
def test_what_is_not_known_is_listed_as_it_is_counted(area, cast, signed_in, month, acting, key, asked, blank, filled):
    client, coordinator = signed_in(cast["coordinator"]), cast["coordinator"]
    missing = [ReferralFactory(service_area=area, received_on=month, **{asked: value}) for value in blank]
    for value in filled:
        ReferralFactory(service_area=area, received_on=month, **{asked: value})
    run = drafted(area, coordinator, month, Audience.INTERNAL)
    counted = Figures.from_json(run.figures, run.definitions).measures[key]
    assert counted["cells"]["Not known"] == len(blank)
    address = reverse("reporting:not-known", args=[run.pk, key])
    assert address in text_of(client.get(reverse("reporting:pack", args=[run.pk])))
    shown = client.get(address).context
    assert ({row.pk for row in shown["rows"]}, shown["others"]) == ({one.pk for one in missing}, 0)
    with acting(cast["manager"]) as by:
        restrict(referral=missing[0], reason="A colleague's neighbour", by=by)
    shown = client.get(address).context
    assert ({row.pk for row in shown["rows"]}, shown["others"]) == ({one.pk for one in missing[1:]}, 1)


@pytest.mark.parametrize("key", ["referrals_received", "interventions_by_model", "nonsense"])
def test_nothing_else_is_listed(area, cast, signed_in, month, key):
    run = drafted(area, cast["coordinator"], month)
    answer = signed_in(cast["coordinator"]).get(reverse("reporting:not-known", args=[run.pk, key]))
    assert answer.status_code == 404
