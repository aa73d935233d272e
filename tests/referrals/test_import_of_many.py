"""The import as a process of its own, with many rows: counts to the row, flat memory, kill -9."""

import csv
import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from benchmarks.import_rows import HOSTEL, REFUSED, Importing, write_hub_file
from referrals.models import Consent, ImportBatch, ImportRow, PossibleDuplicate, Referral
from rj_service.audit.models import DomainEvent
from rj_service.jobs.leases import work_on
from tests.database import owner_connection

from .conftest import OF_THE_IMPORT, contents
from .hub_rows import hub_csv, hub_row

pytestmark = pytest.mark.django_db(transaction=True)


def said(*, accepted: int = 0, refused: int = 0, already_here: int = 0) -> str:
    return f"accepted {accepted}, refused {refused}, already here {already_here}, changed 0, warnings"


def whole_referrals(accepted: int) -> bool:
    """As many of everything that an accepted row must leave."""
    received = DomainEvent.objects.filter(verb="referrals.received").count()
    consents = Consent._base_manager.count()
    rows = ImportRow._base_manager.filter(outcome="accepted").count()
    return [Referral._base_manager.count(), received, consents, rows] == [accepted] * 4


@pytest.mark.parametrize(
    "rows", [600, pytest.param(10_000, marks=pytest.mark.proof)], ids=lambda rows: f"{rows:,} rows"
)
def test_an_import_killed_in_the_middle_is_whole_and_goes_on(area, cast, import_file, tmp_path, rows):
    refused = rows // REFUSED
    path = write_hub_file(tmp_path / "hub.csv", rows)
    Importing(path, area.slug).kill_when(lambda: ImportBatch._base_manager.filter(rows_done__gte=rows // 3).exists())
    killed = ImportBatch._base_manager.get()
    assert killed.state == "running" and rows // 3 <= killed.rows_done < rows
    assert whole_referrals(killed.accepted)

    missing = rows - refused - killed.accepted
    again = import_file(path.read_bytes())
    assert (again.accepted, again.refused, again.already_here) == (missing, refused, killed.accepted)
    assert whole_referrals(rows - refused)

    ImportBatch._base_manager.filter(pk=killed.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert work_on(ImportBatch, killed.pk)
    done = ImportBatch._base_manager.get(pk=killed.pk)
    assert (done.accepted, done.refused, done.already_here) == (killed.accepted, refused, missing)
    assert whole_referrals(rows - refused)


@pytest.mark.proof
@pytest.mark.longest
def test_100_000_rows_need_no_more_memory_than_10_000_and_change_nothing_when_sent_again(
    area, other_area, cast, signed_in, import_file, tmp_path, record_property
):
    peaks = []
    for rows, into in ((10_000, other_area), (100_000, area)):
        path = write_hub_file(tmp_path / f"{rows}.csv", rows)
        refused = rows // REFUSED
        first = Importing(path, into.slug).measured("sent", rows)
        record_property("measured", first.line)
        assert first.said.startswith(said(accepted=rows - refused, refused=refused))
        before = contents()
        again = Importing(path, into.slug).measured("sent again", rows)
        record_property("measured", again.line)
        assert again.said.startswith(said(already_here=rows - refused, refused=refused))
        after = contents()
        assert {name for name in after if after[name] != before[name]} <= OF_THE_IMPORT
        peaks.append(first.peak_mb)
    assert peaks[1] < 1.2 * peaks[0]

    with owner_connection() as owner, owner.cursor() as cursor:
        cursor.execute("analyze")
    _reads_no_whole_table(import_file)
    _finds_one_person_among_all(import_file, path)
    batch = ImportBatch._base_manager.filter(service_area=area, refused=5_000).first()
    download = signed_in(cast["coordinator"]).get(f"/referrals/imports/{batch.pk}/refused-rows/")
    assert b"".join(download.streaming_content).count(b"no consent to contact recorded") == 5_000


def _reads_no_whole_table(import_file) -> None:
    """Of people who share their number with nobody: where many do, reading the table may be the quicker way."""
    rows = [hub_row(hub_reference=f"HUB-{number}", victim_phone="") for number in range(150)]
    with CaptureQueriesContext(connection) as asked:
        import_file(hub_csv(*rows))
    questions = [one["sql"][one["sql"].index("SELECT") :] for one in asked if 'FROM "referrals_' in one["sql"]]
    assert len(questions) > 8
    of_room = apps.get_app_config("referrals").get_models()
    small = {"referrals_importbatch"} | {one._meta.db_table for one in of_room if not one._base_manager.exists()}
    with connection.cursor() as cursor:
        for question in questions:
            cursor.execute(f"explain {question}")
            plan = "\n".join(line for (line,) in cursor.fetchall())
            read_whole = set(re.findall(r"Seq Scan on (referrals_\w+)", plan)) - small
            assert not read_whole, f"{question[:300]}\n{plan[:3000]}"


def _finds_one_person_among_all(import_file, path) -> None:
    """Whose telephone a thousand share."""
    with path.open(encoding="utf-8") as source:
        taken = (row for row in csv.DictReader(source) if row["contact_consent"] == "Y")
        person = next(row for row in taken if row["victim_phone"] == HOSTEL and row["victim_date_of_birth"])
    given = ("victim_first_name", "victim_last_name", "victim_date_of_birth", "victim_phone")
    import_file(hub_csv(hub_row(hub_reference="AGAIN", **{name: person[name] for name in given})))
    newest = Referral._base_manager.get(hub_reference="AGAIN").person_harmed_id
    pairs = PossibleDuplicate._base_manager.filter(Q(person=newest) | Q(other=newest))
    assert "same_phone" in " ".join(pairs.values_list("reasons", flat=True))
