"""Hub files of invented people, in the form that a Victims' Hub sends: the demo's input where no real export is given.

The shares of crime types, places and outcomes follow the recorded crimes of one force (data.police.uk, Open Government
Licence v3); every person, house and number is invented: Ofcom's reserved ranges and example.org.
"""

import csv
import io
from datetime import date, timedelta
from random import Random

COLUMNS = (
    "hub_reference date_received mechanism referring_organisation referrer_name referrer_email initiated_by crime_reference"
    " crime_type offence_month location local_area last_outcome justice_stage victim_type victim_first_name"
    " victim_last_name victim_organisation victim_date_of_birth victim_phone victim_email victim_address victim_postcode"
    " safe_to_phone safe_to_leave_voicemail safe_to_email safe_to_write contact_consent consent_method consent_date"
    " enhanced_rights vulnerability communication_needs offender_identified offender_first_name offender_last_name"
    " offender_date_of_birth offender_accepts_responsibility contact_if_offender_identified sensitive_flags notes"
).split()

CRIME_TYPES = {
    "Violence and sexual offences": 29,
    "Anti-social behaviour": 16,
    "Criminal damage and arson": 11,
    "Vehicle crime": 8,
    "Other theft": 8,
    "Shoplifting": 8,
    "Burglary": 7,
    "Public order": 6,
    "Bicycle theft": 5,
    "Drugs": 3,
    "Other crime": 2,
    "Possession of weapons": 1,
    "Theft from the person": 1,
    "Robbery": 1,
}
NO_SUSPECT = "Investigation complete; no suspect identified"
OUTCOMES = {
    "Unable to prosecute suspect": 24,
    "Under investigation": 10,
    "Awaiting court outcome": 6,
    "Local resolution": 5,
    "Offender given a caution": 4,
    "Offender given community sentence": 3,
    "Offender sent to prison": 3,
    "Offender fined": 2,
    "": 4,
}
MECHANISMS = {"victims_hub": 46, "partner_agency": 24, "police_officer_pcso": 19, "victim_self": 9, "offender_self": 2}
FIRST = (
    "Aisha Alan Amelia Ana Asha Ben Carys Chloe Daniel Dariusz Dev Elena Ffion Fiona Gareth Grace Hannah Helen Ibrahim Ivy"
    " Jakub Jean Joanne Kofi Laura Leah Liam Marek Maureen Mei Nadia Niamh Omar Owen Paul Priya Rosa Sam Sean Tom Wendy Yusuf"
).split()
LAST = (
    "Adeyemi Ahmed Baker Bellamy Brand Chen Clarke Cole Davies Evans Fox Grant Green Hart Hughes Jones Kaur Khan Kowalski"
    " Lewis Mensah Moore Morris Murray Nowak Okafor Patel Pryor Rees Roberts Ruiz Santos Shah Shaw Singh Strand Taylor"
    " Walker Walsh Whitlock Wright Young"
).split()
STREETS = (
    "Elm Road,Riverside Close,Priory Road,Station Street,Mill Lane,Fen View,Church Walk,High Street,Orchard Way".split(
        ","
    )
)
NEEDS = ("", "", "", "", "", "", "large print", "Polish interpreter", "hearing loop", "needs a ground-floor room")
NOTES = ("", "", "Would like an apology.", "Wants to know why it happened.", "Still worried about leaving the house.")
SHORT = {"Ben": "Benjamin", "Daniel": "Danny", "Helen": "Nell", "Joanne": "Jo", "Sam": "Samuel", "Tom": "Thomas"}
HERE_AGAIN = 0.03  # of the rows of a month: harmed once more, by another crime
ORGANISATIONS = {
    "victims_hub": "Victims’ Hub",
    "partner_agency": "Fenside Homes",
    "police_officer_pcso": "Neighbourhood policing",
}


def _pick(rng: Random, shares: dict[str, int]) -> str:
    return rng.choices(list(shares), list(shares.values()))[0]


def _yes(rng: Random, share: float) -> str:
    return "Y" if rng.random() < share else "N"


def _born(rng: Random, received: date, youngest: int, oldest: int) -> str:
    return (
        f"{date(received.year - rng.randrange(youngest, oldest), rng.randrange(1, 13), rng.randrange(1, 29)):%d/%m/%Y}"
    )


def _phone(rng: Random) -> str:
    return f"07700 900{rng.randrange(1000):03d}" if rng.random() < 0.8 else f"01632 960{rng.randrange(1000):03d}"


def row(rng: Random, *, slug: str, number: int, month: date, places: list[str], postcodes: str) -> dict[str, str]:
    """One row of the Hub's file, every value text."""
    received = month + timedelta(days=rng.randrange(28))
    mechanism = _pick(rng, MECHANISMS)
    suspect = rng.random() > 0.47 or mechanism == "offender_self"
    crime_type = _pick(rng, CRIME_TYPES)
    first, last, organisation = rng.choice(FIRST), rng.choice(LAST), ORGANISATIONS.get(mechanism, "")
    is_shop = crime_type == "Shoplifting" and rng.random() < 0.7
    values = {
        "hub_reference": f"DEMO-{slug[:3].upper()}-{month:%Y%m}-{number:04d}",
        "date_received": f"{received:%d/%m/%Y}",
        "mechanism": mechanism,
        "referring_organisation": organisation,
        "referrer_name": f"{rng.choice(FIRST)} {rng.choice(LAST)}" if organisation else "",
        "referrer_email": f"referrer{rng.randrange(40)}@example.org" if organisation else "",
        "initiated_by": "offender" if mechanism == "offender_self" else "victim",
        "crime_reference": f"35/{rng.randrange(10000, 99999)}/{received:%y}" if rng.random() < 0.9 else "",
        "crime_type": crime_type,
        "offence_month": f"{month - timedelta(days=rng.choice((1, 20, 45, 80))):%Y-%m}",
        "location": f"On or near {rng.choice(STREETS)}",
        "local_area": rng.choice(places) if rng.random() < 0.97 else "",
        "last_outcome": _pick(rng, OUTCOMES) if suspect else NO_SUSPECT,
        "victim_type": "organisation" if is_shop else "person",
        "victim_first_name": "" if is_shop else first,
        "victim_last_name": "" if is_shop else last,
        "victim_organisation": f"{rng.choice(LAST)} Stores" if is_shop else "",
        "victim_date_of_birth": _born(rng, received, 19, 80) if rng.random() < 0.6 and not is_shop else "",
        "victim_phone": _phone(rng) if rng.random() < 0.85 else "",
        "victim_email": f"person{rng.randrange(100000)}@example.org" if rng.random() < 0.6 else "",
        "victim_address": f"{rng.randrange(1, 120)} {rng.choice(STREETS)}" if rng.random() < 0.7 else "",
        "victim_postcode": f"{postcodes}{rng.randrange(1, 9)} {rng.randrange(1, 9)}{rng.choice('ABDEFGH')}{rng.choice('ABDEFGH')}",
        "safe_to_phone": _yes(rng, 0.8),
        "safe_to_email": _yes(rng, 0.55),
        "safe_to_write": _yes(rng, 0.6),
        "contact_consent": "Y",
        "consent_method": rng.choice(("phone", "in_person", "written", "online")),
        "consent_date": f"{received:%d/%m/%Y}" if number % 6 else "",  # not said: they are to be told
        "enhanced_rights": _yes(rng, 0.25),
        "vulnerability": rng.choice(("low", "low", "medium", "medium", "high", "")),
        "communication_needs": rng.choice(NEEDS),
        "offender_identified": "Y" if suspect else "N",
        "contact_if_offender_identified": "" if suspect else _yes(rng, 0.8),
        "sensitive_flags": "domestic_abuse" if rng.random() < 0.03 else "hate_crime" if rng.random() < 0.02 else "",
        "notes": rng.choice(NOTES),
    }
    values["safe_to_leave_voicemail"] = _yes(rng, 0.4) if values["safe_to_phone"] == "Y" else "N"
    if suspect:
        values |= {
            "offender_first_name": rng.choice(FIRST),
            "offender_last_name": rng.choice(LAST),
            "offender_date_of_birth": _born(rng, received, 18, 50),
            "offender_accepts_responsibility": rng.choice(("full", "partial", "partial", "none", "")),
        }
    return values


def received_on(values: dict[str, str]) -> date:
    day, month, year = values["date_received"].split("/")
    return date(int(year), int(month), int(day))


def _here_again(values: dict[str, str], before: dict[str, str]) -> dict[str, str]:
    """Now and then the person of the row before, under another form of the name. By chances of its own."""
    chance = Random(f"{values['hub_reference']} again").random()  # noqa: S311
    if chance >= HERE_AGAIN or not (before.get("victim_date_of_birth") and values["victim_type"] == "person"):
        return values
    same = {name: before[name] for name in ("victim_last_name", "victim_date_of_birth", "victim_phone")}
    first = before["victim_first_name"]
    return values | same | {"victim_first_name": SHORT.get(first, first)}


def hub_file(
    *, slug: str, month: date, size: int, places: list[str], postcodes: str, until: date | None = None
) -> bytes:
    """A month's file for an area: the same bytes for the same arguments. Rows after `until` have not been received yet."""
    rng = Random(f"{slug} {month:%Y-%m}")  # noqa: S311 (invented people, not secrets)
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="")
    writer.writeheader()
    before: dict[str, str] = {}
    for number in range(size + rng.randrange(-size // 6, size // 6 + 1)):
        values = row(rng, slug=slug, number=number, month=month, places=places, postcodes=postcodes)
        values = _here_again(values, before)
        before = values
        if until is None or received_on(values) <= until:
            writer.writerow(values)
    return text.getvalue().encode()
