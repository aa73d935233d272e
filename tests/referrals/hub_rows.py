"""Rows as the Victims' Hub sends them, every person invented."""

import csv
import io
import os
from pathlib import Path

from referrals.hub_file import COLUMNS

SHARED_DATA = Path(os.environ.get("RJ_SHARED_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))
EXPORTS = SHARED_DATA / "hub-exports"

GOOD = {
    "hub_reference": "HUB-1",
    "date_received": "05/11/2026",
    "mechanism": "victims_hub",
    "referring_organisation": "Victims' Hub",
    "referrer_name": "Christine Jones",
    "referrer_email": "referrer4@example.org",
    "initiated_by": "victim",
    "crime_reference": "35/75371/26",
    "crime_type": "Public order",
    "offence_month": "2026-10",
    "location": "On or near Crowland Way",
    "lsoa_code": "E01017975",
    "local_area": "Cambridge",
    "last_outcome": "Unable to prosecute suspect",
    "justice_stage": "not_known",
    "victim_type": "person",
    "victim_first_name": "Paul",
    "victim_last_name": "Walker",
    "victim_date_of_birth": "25/12/1984",
    "victim_phone": "+44 7700 900571",
    "victim_email": "person99682@example.org",
    "victim_address": "17 Riverside Close",
    "victim_postcode": "PE150UF",
    "safe_to_phone": "Y",
    "safe_to_leave_voicemail": "N",
    "safe_to_email": "Y",
    "safe_to_write": "Y",
    "contact_consent": "Y",
    "consent_method": "online",
    "consent_date": "05/11/2026",
    "enhanced_rights": "Y",
    "vulnerability": "medium",
    "communication_needs": "large print",
    "offender_identified": "Y",
    "offender_first_name": "Archie",
    "offender_last_name": "Green",
    "offender_date_of_birth": "21/01/2004",
    "offender_accepts_responsibility": "partial",
    "sensitive_flags": "",
    "notes": "Wants to know why.",
}


def hub_row(**changed: str) -> dict[str, str]:
    return {column: "" for column in COLUMNS} | GOOD | changed


def hub_csv(
    *rows: dict[str, str], encoding: str = "utf-8", headings: list[str] | None = None, end: str = "\n"
) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, headings or list(COLUMNS), lineterminator=end, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def hub_xlsx(*rows: dict[str, object], headings: list[str] | None = None) -> bytes:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    columns = headings or list(COLUMNS)
    sheet.append(columns)
    for row in rows:
        sheet.append([row.get(column) for column in columns])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
