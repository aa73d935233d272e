"""The demonstration, loaded by its command into a database of its own: the tests' own settings do not have it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import psycopg2.extras
import pytest
from django.conf import settings
from django.db import connection

from rj_service.demo.cast import AREAS
from rj_service.demo.generated import hub_file
from rj_service.demo.stories import STORIES
from tests.database import make_migrated, owner_connection
from tests.referrals.hub_rows import EXPORTS

MONTHS = (date(2026, 2, 1), date(2026, 3, 1))


class Demonstration:
    """A database with the demonstration in it; `one` and `all` read it as its owner."""

    def __init__(self, name: str):
        self.name = name

    def manage(self, *arguments: str) -> str:
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "rj_service.settings.development",
            "PGDATABASE": self.name,
        }
        done = subprocess.run(
            [sys.executable, settings.BASE_DIR / "manage.py", *arguments],
            env=environment,
            capture_output=True,
            text=True,
            timeout=1200,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def all(self, statement: str) -> list[dict]:
        owner = owner_connection(self.name)
        with owner.cursor(cursor_factory=psycopg2.extras.RealDictCursor) as cursor:
            cursor.execute(statement)
            rows = cursor.fetchall()
        owner.close()
        return rows

    def one(self, statement: str):
        (row,) = self.all(statement)
        (value,) = row.values()
        return value


@pytest.fixture
def demonstrations(db) -> Iterator[Callable[[str], Demonstration]]:
    owner = owner_connection()
    made: list[str] = []

    def make(name: str) -> Demonstration:
        new = Demonstration(f"{connection.settings_dict['NAME']}_{name}")
        with owner.cursor() as cursor:
            make_migrated(new.name, cursor)
        made.append(new.name)
        new.manage("migrate", "demo", "--verbosity", "0")
        return new

    yield make
    with owner.cursor() as cursor:
        for name in made:
            cursor.execute(f'drop database "{name}" with (force)')
    owner.close()


@pytest.fixture
def demonstration(demonstrations) -> Demonstration:
    return demonstrations("demo")


def hub_files_of(months: tuple[date, ...], size: int, folder: Path) -> Path:
    """The Hub files of those months of one area, in that folder."""
    area = AREAS[0]
    for month in months:
        content = hub_file(slug=area.slug, month=month, size=size, places=list(area.places), postcodes=area.postcodes)
        (folder / f"{month:%Y-%m}-{area.slug}-hub.csv").write_bytes(content)
    return folder


def rows_in(folder: Path) -> int:
    return sum(len(path.read_bytes().splitlines()) - 1 for path in folder.glob("*-hub.csv"))


def test_a_month_of_hub_files_is_played_once(demonstration, tmp_path):
    files = hub_files_of(MONTHS[1:], 9, tmp_path)
    assert demonstration.manage("load_demo", "--hub-files", str(files)) == "The demonstration is here.\n"

    of_the_hub = "select count(*) from referrals_referral where import_row_id is not null"
    assert demonstration.one(of_the_hub) == rows_in(files)
    assert demonstration.one("select count(*) from cases_case") > 0
    decided = demonstration.all(
        "select received_on, taken_at, decided_at from referrals_referral where taken_at is not null"
    )
    assert decided
    for row in decided:
        assert row["received_on"] < row["taken_at"].date() <= date.today()
        assert row["decided_at"] is None or row["taken_at"] <= row["decided_at"]
    packs = demonstration.all("select month, audience, pack_state, pdf_sha256 from reporting_reportrun order by month")
    assert [(pack["month"], pack["audience"]) for pack in packs] == [(MONTHS[1], "commissioner")]
    assert all(pack["pack_state"] == "issued" and pack["pdf_sha256"] for pack in packs)

    concerns = demonstration.all("select status, count(*) from referrals_concern group by status")
    assert {row["status"]: row["count"] for row in concerns} == {"waiting": 1, "decided": 1, "closed": 1}
    late = "status = 'acknowledged' and due_on < current_date"
    assert demonstration.one(f"select count(*) from referrals_complaint where {late}") == 1
    assert demonstration.one("select count(*) from referrals_complaint") == 4

    fates = demonstration.all("select fate, count(*) from cases_moveinrow group by fate")
    assert {row["fate"]: row["count"] for row in fates} == {"make": 6, "alike": 1, "refused": 1}
    assert demonstration.one("select count(*) from referrals_needsassessment") > 0
    assert demonstration.one("select count(*) from referrals_repeatedapproach") > 0

    assert demonstration.one("select count(*) from referrals_transfer where status = 'offered'") == 1
    assert demonstration.one("select count(*) from cases_arrangement where agreed_at is not null") == 1
    for kept in ("provision", "pathway", "sharingagreement", "partnerwork"):
        assert demonstration.one(f"select count(*) from referrals_{kept}") > 1

    assert demonstration.one("select count(*) from volunteers_standdown where ended_on is null") == 1
    before = demonstration.one("select count(*) from audit_domainevent")
    assert demonstration.manage("load_demo", "--hub-files", str(files)) == "The demonstration is here already.\n"
    assert demonstration.one("select count(*) from audit_domainevent") == before
    campaigns = "select count(*) from volunteers_campaign where service_area_id = (select id from accounts_servicearea"
    assert demonstration.one(f"{campaigns} where slug = 'cambridgeshire')") == 2
    in_stockton = "join accounts_servicearea area on area.id = service_area_id where area.slug = 'cleveland'"
    assert demonstration.one(f"select size from volunteers_team {in_stockton}") == 10
    assert demonstration.one(f"select status from training_trainingpackage {in_stockton}") == "running"


ALIKE = {
    "referrals": "select hub_reference, status, outcome, mechanism, received_on from referrals_referral",
    "cases": "select status, stage, opened_on, crime_type from cases_case",
    "assessments": "select side, outcome, signed_at is null from cases_assessment",
    "interventions": "select model, model_delivered, status, held_on from cases_intervention",
    "surveys": "select side, overall, received_on from cases_surveyresponse",
    "closures": "select reason, closed_on from cases_closure",
    "practitioners": "select kind, level, status from volunteers_practitioner",
    "enrolments": "select status, count(*) from training_enrolment group by 1",
    "events": "select verb, count(*) from audit_domainevent group by 1",
}


@pytest.mark.proof
def test_two_loads_are_the_same(demonstrations, tmp_path):
    """Row by row but for what is drawn anew: keys and spoken references."""
    files = hub_files_of(MONTHS, 30, tmp_path)
    pair = [demonstrations(name) for name in ("first", "second")]
    for one in pair:
        one.manage("load_demo", "--hub-files", str(files))
    for what, statement in ALIKE.items():
        first, second = (sorted(map(str, one.all(statement))) for one in pair)
        assert first, what
        assert first == second, what
    packs = [one.manage("monthly_pack", "cambridgeshire", f"{MONTHS[0]:%Y-%m}", "--format", "json") for one in pair]
    assert json.loads(packs[0])["measures"] == json.loads(packs[1])["measures"]


@pytest.mark.proof
@pytest.mark.skipif(not EXPORTS.is_dir(), reason="the recorded crimes of Cambridgeshire are not beside the project")
def test_every_clean_row_of_the_nine_months_is_imported_and_forty_a_month_are_worked_on(demonstration):
    demonstration.manage("load_demo", "--hub-files", str(EXPORTS))
    expected = json.loads((EXPORTS / "expected-cambridgeshire.json").read_text())
    for month, figures in expected["clean"].items():
        measures = json.loads(demonstration.manage("monthly_pack", "cambridgeshire", month, "--format", "json"))[
            "measures"
        ]
        assert measures["referrals_received"]["value"] == figures["referrals"]
        crimes = measures["referrals_by_crime_type"]["cells"]
        assert {label: count for label, count in crimes.items() if count} == figures["by_crime_type"]
    worked_on = demonstration.all(
        """
        select date_trunc('month', received_on)::date as month, count(*) filter (where taken_at is not null) as taken,
               count(*) filter (where events.checked) as checked
          from referrals_referral
          left join lateral (
               select true as checked from audit_domainevent
                where object_id = referrals_referral.id and verb = 'referrals.interest_checked' limit 1) events on true
         where import_row_id is not null
         group by 1
        """
    )
    assert len(worked_on) == len(expected["clean"])
    newest = max(row["month"] for row in worked_on)
    for row in worked_on:
        told = len(STORIES) if row["month"] == newest else 0  # the stories take the newest that still wait
        assert row["taken"] > 0
        assert row["taken"] + row["checked"] <= AREAS[0].monthly + told


@pytest.mark.proof
@pytest.mark.longest
def test_two_years_are_of_the_size_of_a_service_and_the_same_every_time(demonstration):
    demonstration.manage("load_demo")
    sizes = demonstration.all(
        """
        select area.slug, count(*)::float / count(distinct date_trunc('month', received_on)) as monthly,
               count(distinct date_trunc('month', received_on)) as months
          from referrals_referral join accounts_servicearea area on area.id = service_area_id
         where received_on < date_trunc('month', current_date) group by 1
        """
    )
    for area in AREAS:
        (size,) = [row for row in sizes if row["slug"] == area.slug]
        assert size["months"] == 24
        assert area.monthly * 0.9 < size["monthly"] < area.monthly * 1.1
    for clock in ("taken_at", "decided_at", "outcome_told_at"):
        assert demonstration.one(f"select count(*) from referrals_referral where {clock}::date < received_on") == 0
        assert demonstration.one(f"select count(*) from referrals_referral where {clock} > now()") == 0
