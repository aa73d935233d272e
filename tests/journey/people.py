"""The people of the journey, all invented. Everything personal about them says "kestrel" or is one of `NUMBERS`."""

import re
from dataclasses import dataclass
from datetime import date

CANARY = "kestrel"


@dataclass(frozen=True)
class Known:
    first_name: str
    last_name: str
    born: date
    phone: str = ""
    address: str = ""
    postcode: str = ""

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def email(self) -> str:
        return f"{self.first_name}@example.org".lower()


MAUREEN = Known("Maureen-Kestrel", "Kestrel-Okafor", date(1959, 3, 4), "07700 900142", "2 Kestrel Fen Road", "PE28 5AB")
LIAM = Known("Liam-Kestrel", "Kestrel-Hart", date(2001, 11, 23))
ADA = Known("Ada-Kestrel", "Kestrel-Pryor", date(1987, 6, 17), "07700 900317", "9 Kestrel Lane", "CB1 2QA")
ROSE = Known("Rose-Kestrel", "Kestrel-Ngata", date(1972, 9, 28), "07700 900528", "31 Kestrel Court", "PE13 3QE")
SAM = Known("Sam-Kestrel", "Kestrel-Whitlow", date(1994, 1, 13), "07700 900733", "5 Kestrel Mews", "PE30 2DF")
NIECE = Known("Grace-Kestrel", "Kestrel-Obi", date(1990, 2, 2))
EVERYBODY = (MAUREEN, LIAM, ADA, ROSE, SAM)
NUMBERS = tuple(
    number
    for known in EVERYBODY
    for number in (known.phone.replace(" ", "")[1:], known.postcode.replace(" ", ""), f"{known.born:%d/%m/%Y}")
    + (f"{known.born:%Y-%m-%d}", f"{known.born.day}{known.born:%B%Y}")
    if number
)


def named_in(words: str) -> list[str]:
    """What these words give away about anybody of the journey."""
    closed_up = re.sub(r"\s", "", words).casefold()
    return [canary for canary in (CANARY, *NUMBERS) if canary.casefold() in closed_up]


def hub_fields(known: Known) -> dict[str, str]:
    """The person harmed and whoever sends them, as columns of the Hub's file."""
    return {
        "referrer_name": "Christine Kestrel-Jones",
        "referrer_email": "christine.kestrel@example.org",
        "crime_reference": "35/KESTREL/26",
        "location": "On or near Kestrel Way",
        "victim_first_name": known.first_name,
        "victim_last_name": known.last_name,
        "victim_date_of_birth": f"{known.born:%d/%m/%Y}",
        "victim_phone": known.phone,
        "victim_email": known.email,
        "victim_address": known.address,
        "victim_postcode": known.postcode,
        "communication_needs": "Kestrel: a hearing loop",
        "notes": "Kestrel wants to know why.",
        "offender_first_name": "",
        "offender_last_name": "",
        "offender_date_of_birth": "",
    }
