"""Referrals arrive: a Hub's file, a partner's form. A coordinator decides on each."""

import re
from datetime import date

from tests.journey.people import ADA, MAUREEN, ROSE, SAM, hub_fields
from tests.journey.service import Service
from tests.referrals.hub_rows import EXPORTS, hub_csv, hub_row

ACCEPTED, REFUSED, DUPLICATES = 4, 2, 1


def send_the_hubs_file(service: Service) -> None:
    """The service manager sends the month's file. Two rows come back, each with its reason."""
    file = service.folder / "hub.csv"
    file.write_bytes(hub_csv(*rows_of_the_month(service.month)))
    manager = service["manager"]
    manager.follow("Referrals").follow("Import a Hub file").follow("Import a Hub file")
    manager.answer({"Hub file": file}).press("Import", within="form")
    manager.waits_for("Accepted").reads(f"Accepted {ACCEPTED}", f"Refused {REFUSED}", "Download the refused rows")


def send_a_real_export(service: Service) -> None:
    """A Hub worker sends the start of a month as the Hub exported it: each row is taken in or comes back."""
    rows = (EXPORTS / "2024-04-cambridgeshire-hub.csv").read_bytes().splitlines(keepends=True)[:16]
    file = service.folder / "export.csv"
    file.write_bytes(b"".join(rows))
    worker = service["hub_worker"].follow("Import a Hub file").follow("Import a Hub file")
    worker.answer({"Hub file": file}).press("Import", within="form").waits_for("Accepted")
    counts = re.findall(r"(?:Accepted|Refused|Already here) (\d+)", worker.text)
    assert sum(map(int, counts)) == len(rows) - 1


def rows_of_the_month(month: date) -> list[dict[str, str]]:
    received = {"date_received": f"{month.replace(day=12):%d/%m/%Y}", "local_area": "Huntingdonshire"}
    burglary = received | {"crime_type": "Burglary", "offence_month": f"{month:%Y-%m}"}
    nobody = {"offender_identified": "N", "contact_if_offender_identified": "Y"}
    return [
        hub_row(hub_reference="HUB-1", **burglary, **hub_fields(MAUREEN)),
        hub_row(hub_reference="HUB-2", **burglary, **hub_fields(ADA) | nobody),
        hub_row(hub_reference="HUB-3", **received, **hub_fields(ROSE)),
        hub_row(hub_reference="HUB-4", **burglary, **hub_fields(MAUREEN)),
        hub_row(hub_reference="HUB-5", **received, **hub_fields(ROSE) | {"contact_consent": "N"}),
        hub_row(hub_reference="", **received, **hub_fields(ROSE)),
    ]


def log_a_referral(service: Service) -> None:
    """A housing officer refers somebody, page by page, and reads what became of it, in one neutral line.

    It is received today: not in the month that the story is about.
    """
    partner = service["referrer"].follow("Make a referral")
    partner.answer(
        {
            "Who asked for restorative justice?": "Agency",
            "First name of the person harmed": SAM.first_name,
            "Last name of the person harmed": SAM.last_name,
            "Date of birth of the person harmed": SAM.born,
        }
    ).press("Continue")
    partner.answer({"Have the police identified somebody?": "Yes"}).press("Continue")
    partner.answer(
        {
            "How did they agree to be contacted?": "Spoken, in person",
            "It is safe to phone": True,
            "Phone number": SAM.phone,
            "Email address": SAM.email,
            "Address": SAM.address,
            "Postcode": SAM.postcode,
        }
    ).press("Continue")
    partner.answer(
        {"What happened": "Criminal damage and arson", "Where": "Kestrel Rise", "Local area": "Peterborough"}
    ).press("Continue")
    partner.answer({"Anything else": "Kestrel has moved since."}).press("Continue")
    partner.reads("Check your answers", SAM.phone, "Kestrel Rise").press("Send the referral")
    partner.reads("The referral is sent").follow("Go to the referrals").reads(SAM.name, "With the service")


def answer_the_partner(service: Service) -> None:
    """The housing officer's is not accepted; they read one neutral line."""
    reference = references_of(service["coordinator"].follow("Referrals"))[SAM.name]
    decide(
        service,
        reference,
        "Not accept",
        {"Kind of reason": "Belongs to another area", "Reason": "Kestrel has moved away"},
    )
    service["referrer"].follow("My referrals").reads("We cannot take this forward at present")


def triage(service: Service) -> None:
    """Of the Hub's one is a duplicate, one waits for a suspect to be identified, one opens a case."""
    coordinator = service["coordinator"]
    coordinator.follow("Referrals").follow("Possible duplicates").follow(MAUREEN.name)
    coordinator.answer({"Why do you take them for one person?": "The same telephone number"})
    coordinator.press("Propose: they are one person").reads("Waits for a second person")
    manager = service["manager"].open("/").follow("1 pair of records to confirm as one person").follow(MAUREEN.name)
    manager.press("Confirm: they are one person").reads("One person, 2 records")
    references = references_of(coordinator.follow("Referrals"))
    decide(
        service,
        references["HUB-4"],
        "Same as another referral",
        {"Reference of the referral that stays": references["HUB-1"]},
    )
    decide(
        service,
        references["HUB-3"],
        "Hold: interested, no suspect identified",
        {"Do they wish to hear from us if somebody is identified?": "Yes"},
    )
    coordinator.follow("Interested").reads(ADA.name, ROSE.name).follow("To decide")
    decide(service, references["HUB-1"], "Accept and open a case").reads("Accepted. The case is open.")
    service.case = coordinator.page.locator("main .rj-ref").first.inner_text()


def references_of(coordinator) -> dict[str, str]:
    """The reference of each referral in the queue, by the Hub's own or by the name of the person harmed."""
    found = {}
    for row in coordinator.page.get_by_role("row").filter(has=coordinator.page.get_by_role("rowheader")).all():
        words = row.inner_text()
        keys = [key for key in ("HUB-1", "HUB-3", "HUB-4", SAM.name) if key in words]
        found |= dict.fromkeys(keys, row.locator(".rj-ref").first.inner_text())
    return found


def decide(service: Service, reference: str, decision: str, answers: dict | None = None):
    coordinator = service["coordinator"].follow(reference).follow("Decide")
    coordinator.answer({"What happens with this referral?": decision} | (answers or {}), within="form[novalidate]")
    return coordinator.press("Decide")
