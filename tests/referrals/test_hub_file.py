import io
import json
import tracemalloc
import zipfile
from collections import Counter
from datetime import date

import pytest

from referrals.hub_file import MAX_BYTES, HubRow, RefusedFile, open_hub_file

from .hub_rows import EXPORTS, hub_csv, hub_row, hub_xlsx

TODAY = date(2026, 11, 22)
needs_exports = pytest.mark.skipif(not EXPORTS.exists(), reason=f"the real exports are not at {EXPORTS}")


def read(content: bytes) -> list[HubRow]:
    return list(open_hub_file(io.BytesIO(content), today=TODAY).rows())


def one(**changed: str) -> HubRow:
    (row,) = read(hub_csv(hub_row(**changed)))
    return row


def test_a_good_row_is_read_whole():
    row = one()
    assert row.refusals() == ()
    assert row.warnings == ()
    assert (row.reference, row.received_on, row.mechanism) == ("HUB-1", date(2026, 11, 5), "victims_hub")
    assert (row.crime_type, row.offence_month) == ("Public order", date(2026, 10, 1))
    assert (row.safe.phone, row.safe.voicemail, row.safe.email, row.safe.write) == (True, False, True, True)
    assert row.harmed_born_on == date(1984, 12, 25)
    assert row.offender_identified
    assert row.line == 2


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"hub_reference": " "}, "no hub_reference"),
        ({"date_received": "31/02/2019"}, "date_received is not a date"),
        ({"date_received": "02/31/2019"}, "date_received is not a date"),
        ({"date_received": ""}, "date_received is not a date"),
        ({"date_received": "01/01/0019"}, "date_received is not a date"),
        ({"date_received": "23/11/2026"}, "date_received is in the future"),
        ({"mechanism": "carrier pigeon"}, "mechanism is not known"),
        ({"victim_first_name": "", "victim_last_name": ""}, "no victim named"),
        ({"contact_consent": ""}, "no consent to contact recorded"),
        ({"contact_consent": "N"}, "no consent to contact recorded"),
        ({"notes": "x" * 20_001}, "notes is longer than 20,000 characters"),
        ({"crime_reference": "x" * 41}, "crime_reference is longer than 40 characters"),
    ],
)
def test_a_row_is_refused_with_its_reason(changed, reason):
    assert one(**changed).refusals() == (reason,)


def test_every_reason_is_given():
    row = one(hub_reference="", date_received="soon", mechanism="", contact_consent="N")
    assert row.refusals() == (
        "no hub_reference",
        "date_received is not a date",
        "mechanism is not known",
        "no consent to contact recorded",
    )


def test_consent_withdrawn_is_not_a_fault_of_a_known_reference():
    row = one(contact_consent="N")
    assert row.refusals(known=True) == ()
    assert not row.consents


@pytest.mark.parametrize("text", [" Victims Hub ", "VICTIMS_HUB", "victims-hub", "victims  hub"])
def test_the_mechanism_is_read_in_any_case_and_spacing(text):
    assert one(mechanism=text).mechanism == "victims_hub"


@pytest.mark.parametrize(
    ("column", "given"),
    [
        ("victim_postcode", "ZZ99 ZZZ"),
        ("victim_phone", "ring the pub"),
        ("victim_email", "no at sign"),
        ("victim_date_of_birth", "30/02/1980"),
        ("victim_date_of_birth", "01/01/2030"),
        ("offence_month", "2027-01"),
        ("consent_date", "yesterday"),
        ("safe_to_phone", "perhaps"),
        ("lsoa_code", "Cambridge 001A"),
        ("initiated_by", "nobody"),
    ],
)
def test_a_value_that_does_not_validate_is_kept_and_flagged(column, given):
    row = one(**{column: given})
    assert row.refusals() == ()
    assert [(warned.kind, warned.given) for warned in row.value_warnings] == [(column, given)]
    assert row.given[column] == given


@pytest.mark.parametrize(
    "text", ["07700 900571", "(01632) 960868", "+44 7700 900571", "+44 (0)7700-900571", "0044 7700900571"]
)
def test_telephone_numbers_are_taken_as_people_write_them(text):
    assert one(victim_phone=text).warnings == ()


def test_blank_safe_contact_means_no_and_voicemail_needs_the_telephone():
    row = one(safe_to_phone="", safe_to_leave_voicemail="Y", safe_to_email="", safe_to_write="N")
    assert row.safe.through_referrer_only
    assert not row.safe.voicemail


def test_initiated_by_the_person_responsible_without_a_name_is_taken_with_a_warning():
    row = one(initiated_by="offender", offender_first_name="", offender_last_name="")
    assert row.refusals() == ()
    assert [warned.kind for warned in row.warnings] == ["offender_not_named"]
    assert row.value_warnings == ()


def test_crime_types_are_read_in_any_case_and_others_are_kept_in_words():
    assert one(crime_type="BICYCLE THEFT").crime_type == "Bicycle theft"
    row = one(crime_type="Neighbour dispute")
    assert (row.crime_type, row.given["crime_type"], row.warnings) == ("other", "Neighbour dispute", ())


def test_flags_are_split():
    assert one(sensitive_flags="domestic_abuse; Sexual offence;").flags == ("domestic_abuse", "sexual_offence")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_encodings(encoding):
    (row,) = read(hub_csv(hub_row(victim_first_name="Renée", victim_last_name="Nuñez"), encoding=encoding, end="\r\n"))
    assert (row.given["victim_first_name"], row.given["victim_last_name"]) == ("Renée", "Nuñez")


def test_columns_are_found_in_any_order_and_case_and_an_unknown_one_is_named():
    headings = ["Contact_Consent", "Victim Last Name", "MECHANISM", "internal flag", "date_received", "hub_reference"]
    values = {"Contact_Consent": "Y", "Victim Last Name": "Walker", "MECHANISM": "victim self", "internal flag": "x"}
    content = hub_csv(values | {"date_received": "2026-11-05", "hub_reference": "A1"}, headings=headings)
    file = open_hub_file(io.BytesIO(content), today=TODAY)
    (row,) = file.rows()
    assert row.refusals() == ()
    assert row.given["victim_last_name"] == "Walker"
    assert file.unknown_columns == ("internal flag",)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        ("hub_reference\n1\n".encode("utf-16"), "The file is in UTF-16. Save it as CSV UTF-8 and send it again."),
        (b"hub_reference\n\0\n", "The file is not CSV: it holds NUL bytes. Save it as CSV UTF-8 and send it again."),
        (
            b"hub_reference,victim_last_name\n1,Nu\x81ez\n",
            "The file is neither UTF-8 nor Windows-1252. Save it as CSV UTF-8 and send it again.",
        ),
        (b"%PDF-1.7\n", "The file is not CSV. Save the list as CSV UTF-8 or as XLSX and send it again."),
        (b"PK\x03\x04 not a zip", "The workbook cannot be opened. Save it again as XLSX or as CSV UTF-8."),
        (
            b"hub_reference,date_received,mechanism,victim_last_name\n",
            "The column contact_consent is missing.",
        ),
        (b"hello\n", "The columns hub_reference, date_received, mechanism, contact_consent are missing."),
        (
            b"hub_reference,date_received,mechanism,contact_consent\n",
            "One of the columns victim_first_name, victim_last_name, victim_organisation is needed and none is there.",
        ),
        (
            b"hub_reference,date_received,mechanism,contact_consent,victim_last_name,mechanism\n",
            "The column mechanism stands in the file twice. Leave one of them out.",
        ),
    ],
)
def test_a_file_is_refused_whole_in_one_sentence(content, sentence):
    with pytest.raises(RefusedFile) as refused:
        open_hub_file(io.BytesIO(content), today=TODAY)
    assert str(refused.value) == sentence


def test_a_file_with_an_open_quotation_mark_is_refused_before_a_row_is_read():
    content = hub_csv(hub_row()) + b'"never closed'
    with pytest.raises(RefusedFile, match="a quotation mark is not closed, or stands in the wrong place, at line 3"):
        open_hub_file(io.BytesIO(content), today=TODAY)


def test_a_file_over_50_mb_is_refused():
    class Large(io.BytesIO):
        def seek(self, offset: int, whence: int = 0) -> int:
            return MAX_BYTES + 1

    with pytest.raises(RefusedFile, match="The most that can be imported is 50 MB"):
        open_hub_file(Large(), today=TODAY)


def test_a_row_that_does_not_fit_the_columns_comes_back():
    rows = read(hub_csv(hub_row()) + b"one,two\n" + b"," * 41 + b"\n\n")
    assert [row.refusals()[0] for row in rows[1:]] == ["the row does not fit the columns"]


def test_line_numbers_are_those_of_the_row_s_first_line():
    rows = read(hub_csv(hub_row(notes='one\ntwo, and a "quote"'), hub_row(hub_reference="HUB-2")))
    assert [row.line for row in rows] == [2, 4]
    assert rows[0].given["notes"] == 'one\ntwo, and a "quote"'


def test_formulas_and_markup_stay_text():
    for text in ("=1+1", "@SUM(A1:A9)", "<script>alert(1)</script>", "+44 7700 900001"):
        assert one(notes=text).given["notes"] == text
        (row,) = read(hub_xlsx(hub_row(notes=text)))
        assert row.given["notes"] == text


def test_a_workbook_says_the_same_as_the_csv():
    typed = hub_row() | {"date_received": date(2026, 11, 5), "victim_date_of_birth": date(1984, 12, 25)}
    (row,) = read(hub_xlsx(typed))
    (csv_row,) = read(hub_csv(hub_row(date_received="2026-11-05", victim_date_of_birth="1984-12-25")))
    assert row.canonical == csv_row.canonical
    assert row.refusals() == ()


def test_a_hostile_workbook_is_refused():
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(hub_xlsx(hub_row()))) as good, zipfile.ZipFile(stream, "w") as bad:
        for part in good.infolist():
            content = good.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                content = content.replace(b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet', 1)
            bad.writestr(part.filename, content)
    with pytest.raises(RefusedFile, match="The workbook cannot be read"):
        open_hub_file(stream, today=TODAY)


def test_the_canonical_row_does_not_depend_on_the_order_of_the_columns():
    headings = sorted(hub_row())
    (row,) = read(hub_csv(hub_row(), headings=headings))
    assert row.canonical == one().canonical


@pytest.mark.proof
def test_many_rows_need_no_more_memory_than_few():
    def peak(count: int) -> int:
        content = io.BytesIO(hub_csv(*(hub_row(hub_reference=f"HUB-{number}") for number in range(count))))
        tracemalloc.start()
        for _ in open_hub_file(content, today=TODAY).rows():
            pass
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(50)
    assert peak(5_000) < peak(500) + 1_000_000


@needs_exports
@pytest.mark.parametrize(
    "month", [f"2018-{n}" for n in (10, 11, 12)] + ["2019-01", "2019-02"] + [f"2024-0{n}" for n in (1, 2, 3, 4)]
)
def test_a_clean_month_reads_as_expected(month):
    expected = json.loads((EXPORTS / "expected-cambridgeshire.json").read_text())["clean"][month]
    with (EXPORTS / f"{month}-cambridgeshire-hub.csv").open("rb") as stream:
        rows = list(open_hub_file(stream, today=TODAY).rows())
    assert not any(row.refusals() for row in rows)
    assert {
        "referrals": len(rows),
        "by_mechanism": Counter(row.mechanism for row in rows),
        "by_crime_type": Counter(row.crime_type for row in rows),
        "by_local_area": Counter(row.given["local_area"] for row in rows),
        "offender_not_identified": sum(not row.offender_identified for row in rows),
        "no_safe_channel": sum(row.safe.through_referrer_only for row in rows),
    } == expected


@needs_exports
def test_the_messy_file_comes_apart_as_expected():
    """1,792 rows: 1,659 new, 111 refused (18 without a reference), 16 word for word again, 6 again without consent."""
    expected = json.loads((EXPORTS / "expected-cambridgeshire.json").read_text())["messy"]
    seen: dict[str, set[str]] = {}
    outcome: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    refused: dict[str, str] = {}
    with (EXPORTS / "messy-cambridgeshire-hub.csv").open("rb") as stream:
        file = open_hub_file(stream, today=TODAY)
        for row in file.rows():
            if row.reference in seen:
                outcome["repeated" if row.canonical in seen[row.reference] else "withdrawn"] += 1
                assert row.consents == (row.canonical in seen[row.reference])
            elif reasons := row.refusals():
                outcome["rejected"] += 1
                refused[row.reference or "(blank)"] = "; ".join(reasons)
            else:
                seen[row.reference] = {row.canonical}
                outcome["accepted"] += 1
                outcome["accepted_with_warning"] += bool(row.value_warnings)
                kinds.update(warned.kind for warned in row.warnings)
    assert outcome == {key: value for key, value in expected.items() if key != "rejected_rows"}
    assert refused == expected["rejected_rows"]
    assert kinds == {"victim_postcode": 18, "offender_not_named": 35}
    assert file.unknown_columns == ("hub_internal_flag",)
    assert file.row_count == 1_792
