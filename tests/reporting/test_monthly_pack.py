"""`monthly_pack` on the Hub's real files, every count as expected; and what it prints in each form."""

import csv
import io
import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from pypdf import PdfReader

from referrals.choices import Mechanism
from referrals.models import Referral
from reporting.models import PublishedFigure, ReportRun
from rj_service.documents.models import StoredFile
from tests.referrals.conftest import OF_THE_IMPORT, contents
from tests.referrals.hub_rows import EXPORTS
from tests.reporting.factories import CaseFactory, InterventionFactory, ReferralFactory

EXPECTED = EXPORTS / "expected-cambridgeshire.json"
TABLES = {
    "referrals_by_mechanism": "by_mechanism",
    "referrals_by_crime_type": "by_crime_type",
    "referrals_by_local_area": "by_local_area",
}


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"


@pytest.fixture
def printed(tmp_path):
    """`printed(area, month, ...)`: the bytes that the command writes."""

    def run(area, month: str, *options: str) -> bytes:
        target = tmp_path / "pack"
        call_command("monthly_pack", area.slug, month, *options, "--output", str(target))
        return target.read_bytes()

    return run


def non_zero(measure: dict) -> dict:
    return {cell: count for cell, count in measure["cells"].items() if count}


@pytest.mark.skipif(not EXPECTED.exists(), reason=f"the Hub's files are not at {EXPORTS}; RJ_SHARED_DATA says where")
def test_nine_real_months_come_out_as_expected(area, printed, capsys):
    expected = json.loads(EXPECTED.read_text())["clean"]
    for month in sorted(expected):
        call_command("import_referrals", str(EXPORTS / f"{month}-cambridgeshire-hub.csv"), "--area", area.slug)
        imported = capsys.readouterr().out
        assert f"accepted {expected[month]['referrals']}, refused 0, already here 0, changed 0, warnings 0" in imported
    assert Referral._base_manager.count() == 1770
    assert Referral._base_manager.filter(watched_interest__isnull=False, status="interested").count() == sum(
        counts["offender_not_identified"] for counts in expected.values()
    )
    for month, counts in expected.items():
        found = json.loads(printed(area, month))["measures"]
        assert found["referrals_received"]["value"] == counts["referrals"], month
        assert found["awaiting_offender_identification"]["value"] == counts["offender_not_identified"], month
        for measure, table in TABLES.items():
            assert non_zero(found[measure]) == counts[table], (month, table)
    before = contents()
    for month, counts in expected.items():
        call_command("import_referrals", str(EXPORTS / f"{month}-cambridgeshire-hub.csv"), "--area", area.slug)
        again = f"accepted 0, refused 0, already here {counts['referrals']}, changed 0, warnings 0"
        assert again in capsys.readouterr().out
    after = contents()
    assert {table for table in after if after[table] != before[table]} <= OF_THE_IMPORT


def test_json_has_the_promised_measures(area, printed):
    InterventionFactory(case=CaseFactory(service_area=area))
    found = json.loads(printed(area, "2026-10"))
    assert set(found) == {"area", "month", "as_at", "measures"}
    assert (found["area"], found["month"]) == ("cambridgeshire", "2026-10")
    assert found["as_at"]
    measures = found["measures"]
    assert measures["conversion"] == {"numerator": 1, "denominator": 1, "value": 1}
    assert set(measures["referrals_by_mechanism"]["cells"]) == {*Mechanism.values, "Not known"}
    assert measures["interventions_by_model"]["cells"]["face_to_face_conference"] == 1
    assert {"numerator", "denominator", "value"} <= set(measures["satisfaction"])
    assert {"conversion_matured", "referrals_by_crime_type", "referrals_by_local_area"} <= set(measures)
    assert measures["awaiting_offender_identification"] == {"value": 0}


def test_the_commissioner_reads_no_table_of_the_inside(area, printed):
    inside, commissioner = (
        json.loads(printed(area, "2026-10", "--audience", audience))["measures"]
        for audience in ("internal", "commissioner")
    )
    assert set(commissioner) <= set(inside)
    for measure in commissioner.values():
        for value in measure.get("cells", {}).values():
            assert isinstance(value, int)  # one way only: no cell holds a table


def test_csv_opens_in_a_spreadsheet(area, printed):
    ReferralFactory(service_area=area, place="=cmd|calc")
    text = printed(area, "2026-10", "--format", "csv").decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0] == ["measure", "cell", "value"]
    assert ["referrals_received", "all", "1"] in rows
    assert ["referrals_by_mechanism", "Victims’ Hub", "1"] in rows
    assert ["referrals_by_local_area", "'=cmd|calc", "1"] in rows


def test_pdf_says_it_is_a_draft_and_whose_it_is(area, printed):
    reader = PdfReader(io.BytesIO(printed(area, "2026-10", "--format", "pdf", "--audience", "commissioner")))
    text = "\n".join(page.extract_text() for page in reader.pages)
    assert "Draft, not issued." in text
    assert "Not for publication" in text
    assert "no data" in text


def test_the_command_issues_and_keeps_nothing(area, printed):
    for options in ([], ["--format", "pdf"], ["--audience", "commissioner"]):
        printed(area, "2026-10", *options)
    for model in (ReportRun, PublishedFigure, StoredFile):
        assert not model._base_manager.exists()


@pytest.mark.parametrize(
    ("slug", "month", "options", "words"),
    [
        ("nowhere", "2026-10", [], "There is no service area nowhere."),
        ("cambridgeshire", "October", [], "October is not a month like 2026-10."),
        ("cambridgeshire", "2026-13", [], "2026-13 is not a month like 2026-10."),
        ("cambridgeshire", "2026-10", ["--audience", "public"], "quarters that end in March"),
    ],
)
def test_what_cannot_be_printed_is_said_in_a_sentence(area, slug, month, options, words):
    with pytest.raises(CommandError, match=words):
        call_command("monthly_pack", slug, month, *options)


def test_the_public_reads_rounded_cells_only(area, printed):
    for number, mechanism in ((3, Mechanism.VICTIM_SELF), (8, Mechanism.VICTIMS_HUB)):
        for _ in range(number):
            ReferralFactory(service_area=area, mechanism=mechanism, received_on=date(2026, 9, 30))
    measures = json.loads(printed(area, "2026-09", "--audience", "public"))["measures"]
    assert set(measures) == {"referrals_received", "referrals_by_mechanism"}
    assert measures["referrals_received"] == {"value": 10}
    assert measures["referrals_by_mechanism"]["cells"] == {
        "victims_hub": 10,
        "partner_agency": "fewer than 5",
        "police_officer_pcso": "fewer than 5",
        "victim_self": "fewer than 5",
        "offender_self": "fewer than 5",
        "Not known": "fewer than 5",
    }
