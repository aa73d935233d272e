"""Files of an earlier system, every person invented."""

from datetime import date, timedelta

from cases.moving_in import CASES, TEMPLATES, WAITING
from cases.moving_in.templates import BARS, CONTACTS, STOPS
from rj_service.documents.tables_out import book_bytes, csv_bytes

FIRST = "Ada Bram Cleo Dov Elin Farid Gwen Hugo Iris Jonas Kira Lars Mona Nils Orla Piotr".split()
LAST = "Abbot Barrow Calder Dunmore Eastman Farrow Gilpin Hartley Ingram Jessop Kendal Lorimer Marlow Norcott".split()
WHOLE = {
    WAITING: {
        "reference": "PC-1",
        "date_received": "05/11/2025",
        "mechanism": "victims_hub",
        "victim_first_name": "Josie",
        "victim_last_name": "Harrow",
        "contact_consent": "Y",
    },
    CASES: {
        "reference": "PC-2",
        "date_received": "05/11/2025",
        "date_opened": "20/11/2025",
        "mechanism": "partner_agency",
        "victim_first_name": "Edith",
        "victim_last_name": "Calder",
        "contact_consent": "Y",
        "consent_date": "05/11/2025",
        "safe_to_phone": "Y",
        "safe_to_email": "Y",
        "victim_phone": "07700 900123",
        "offender_first_name": "Karl",
        "offender_last_name": "Brand",
        "offender_phone": "07700 900456",
        "offender_contact_consent": "Y",
        "offender_consent_date": "02/12/2025",
        "offender_safe_to_phone": "Y",
    },
    CONTACTS: {"reference": "PC-2", "side": "harmed", "date": "03/12/2025", "method": "phone", "result": "spoke"},
    BARS: {
        "reference": "PC-2",
        "side": "responsible",
        "kind": "bail",
        "authority": "Police",
        "starts_on": "01/02/2026",
    },
    STOPS: {"reference": "PC-1", "what": "withdrew", "date": "30/06/2026"},
}


def row(template: str, **changed: str) -> dict[str, str]:
    return WHOLE[template] | changed


def _table(template: str, rows) -> list[list[str]]:
    names = TEMPLATES[template].names
    assert not set().union(*rows) - set(names), "a column that the template does not have"
    return [list(names), *([one.get(name, "") for name in names] for one in rows)]


def as_csv(template: str, *rows: dict[str, str]) -> bytes:
    return csv_bytes(_table(template, rows))


def as_xlsx(template: str, *rows: dict[str, str]) -> bytes:
    return book_bytes({"Rows": _table(template, rows)})


def people(number: int, start: int = 0):
    """Names, contact details and days of birth of people who are not alike."""
    for n in range(start, start + number):
        yield {
            "first_name": FIRST[n % len(FIRST)],
            "last_name": LAST[(n * 5 + n // len(FIRST)) % len(LAST)],
            "date_of_birth": f"{date(1960, 1, 1) + timedelta(days=997 * n % 15000):%d/%m/%Y}",
            "phone": f"07700 900{100 + n % 800}",
        }


def waiting_rows(number: int) -> list[dict[str, str]]:
    return [
        row(
            WAITING,
            reference=f"W-{n:03}",
            offender_identified="N" if n % 2 else "Y",
            safe_to_phone="Y",
            **{f"victim_{name}": words for name, words in one.items()},
        )
        for n, one in enumerate(people(number), start=1)
    ]


def case_rows(number: int, **changed: str) -> list[dict[str, str]]:
    harmed, responsible = people(number, start=300), people(number, start=500)
    return [
        row(
            CASES,
            reference=f"C-{n:03}",
            **{f"victim_{name}": words for name, words in one.items()},
            **{f"offender_{name}": words for name, words in other.items()},
            **changed,
        )
        for n, (one, other) in enumerate(zip(harmed, responsible, strict=True), start=1)
    ]
