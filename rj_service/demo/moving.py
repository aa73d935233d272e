"""Files of an earlier system, tried out and waiting for whoever plays the manager: one row of each fate."""

from datetime import date, timedelta

from cases import actions as cases
from cases.models import MoveIn
from cases.moving_in import BAR, CASES, CONTACT, TEMPLATES, WAITING
from referrals.models import Person
from rj_service.accounts.acting import acting_as
from rj_service.accounts.models import ServiceArea, User
from rj_service.documents.tables_out import csv_bytes
from rj_service.jobs.leases import see_through

FROM = "Spreadsheets of the pilot"


def try_files_out(*, area: ServiceArea, manager: User, coordinator: User, today: date) -> None:
    """Once: a second call changes nothing."""
    with acting_as(manager) as by:
        if MoveIn.objects.exists():
            return
        files = {
            template: cases.Upload(f"{template}.csv", [_csv(template, rows)])
            for template, rows in _rows(coordinator, today).items()
        }
        move = cases.try_move_in(area=area, from_system=FROM, files=files, by=by)
    see_through(move)


def _rows(coordinator: User, today: date) -> dict[str, list[dict[str, str]]]:
    def ago(days: int) -> str:
        return f"{today - timedelta(days=days):%d/%m/%Y}"

    arrived = {"mechanism": "victims_hub", "contact_consent": "Y", "safe_to_phone": "Y"}
    waits = arrived | {"offender_identified": "N", "contact_if_offender_identified": "Y"}
    return {
        WAITING: [
            waits | _named("victim", "Winifred", "Garside") | {"reference": "PILOT-1", "date_received": ago(400)},
            waits | _named("victim", "Desmond", "Achebe") | {"reference": "PILOT-2", "date_received": ago(210)},
            waits | _known() | {"reference": "PILOT-3", "date_received": ago(120)},
            waits | _named("victim", "Petra", "Lund") | {"reference": "PILOT-4", "date_received": "31/02/2026"},
        ],
        CASES: [
            arrived
            | _named("victim", "Joan", "Tattersall")
            | _named("offender", "Craig", "Moffat")
            | {
                "reference": "PILOT-5",
                "date_received": ago(190),
                "date_opened": ago(160),
                "consent_date": ago(190),
                "stage": "Preparing",
                "victim_assessment": "Suitable",
                "victim_assessed_on": ago(90),
                "coordinator_email": coordinator.email,
            }
        ],
        CONTACT: [
            {"reference": "PILOT-5", "side": "harmed", "date": ago(150), "method": "phone", "result": "spoke"},
            {"reference": "PILOT-5", "side": "responsible", "date": ago(140), "method": "visit", "result": "spoke"},
        ],
        BAR: [{"reference": "PILOT-5", "side": "responsible", "kind": "licence", "authority": "Probation Service"}],
    }


def _named(role: str, first: str, last: str) -> dict[str, str]:
    return {f"{role}_first_name": first, f"{role}_last_name": last}


def _known() -> dict[str, str]:
    """Somebody who is here, as another system would have written them."""
    known = (
        Person.objects.filter(date_of_birth__isnull=False, organisation_name="").order_by("created_at", "id").first()
    )
    if known is None:
        return _named("victim", "Aled", "Price")
    born = {"victim_date_of_birth": f"{known.date_of_birth:%d/%m/%Y}"}
    return _named("victim", known.first_name, known.last_name.upper()) | born


def _csv(template: str, rows: list[dict[str, str]]) -> bytes:
    names = TEMPLATES[template].names
    return csv_bytes([names, *([row.get(name, "") for name in names] for row in rows)])
