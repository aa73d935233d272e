"""Tables for spreadsheets, which must never run what a person typed."""

import csv
import io

import pytest
from openpyxl import load_workbook

from rj_service.documents.tables_out import csv_bytes, xlsx_bytes

DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "\0=1"]


@pytest.mark.parametrize("text", DANGEROUS)
def test_csv_puts_a_quote_before_what_a_spreadsheet_would_run(text):
    written = csv_bytes([[text]]).decode("utf-8-sig")
    assert next(csv.reader(io.StringIO(written, newline="")))[0] == f"'{text}"


@pytest.mark.parametrize("value", ["Łucja", "St Ives", "a-b", 7, -3, 0.5, None])
def test_csv_leaves_the_rest_as_it_is(value):
    written = csv_bytes([[value]]).decode("utf-8-sig")
    assert written == ("" if value is None else str(value)) + "\r\n" or value is None


def test_csv_begins_with_a_mark_for_its_encoding():
    assert csv_bytes([["é"]]).startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("text", DANGEROUS[:4])
def test_xlsx_types_every_text_as_text(text):
    sheet = load_workbook(io.BytesIO(xlsx_bytes([["Month", "Referrals"], [text, 7]], title="Referrals"))).active
    assert (sheet["A2"].value, sheet["A2"].data_type) == (text, "s")
    assert (sheet["B2"].value, sheet["B2"].data_type) == (7, "n")


def test_xlsx_survives_control_characters_and_long_titles():
    book = load_workbook(io.BytesIO(xlsx_bytes([["a\x07b", True]], title="x" * 40)))
    assert book.active["A1"].value == "ab"
    assert book.active["B1"].value == "True"
    assert len(book.sheetnames[0]) == 31
