"""What the service answers for: the month's pack to the Commissioner's office, and who looked at whom."""

import hashlib
from pathlib import Path

from django.core.management import call_command
from django.utils import timezone
from pypdf import PdfReader

from reporting.choices import Audience, PackState
from reporting.data import Figures
from reporting.models import ReportRun
from reporting.tabulating import sections
from rj_service.accounts.acting import acting_as
from rj_service.accounts.models import AccountMail
from rj_service.notifications.models import Notification
from rj_service.ui.templatetags.ui import month as month_in_words
from tests.accounts.conftest import code_of, secret_on
from tests.factories import PASSWORD
from tests.journey.arriving import ACCEPTED, DUPLICATES
from tests.journey.people import named_in
from tests.journey.service import Service
from tests.worker import wait_until

REVIEWER = "colin.reeve@example.org"
COMMENTARY = "The Hub’s first file brought most of them."
RECEIVED = ACCEPTED - DUPLICATES


def invite_the_reviewer(service: Service) -> None:
    """The administrator invites a reviewer, who follows the mailed link, chooses a password and sets up a phone."""
    administrator = service["admin"].follow("People").follow("Invite a person")
    administrator.answer(
        {
            "First name": "Colin",
            "Last name": "Reeve",
            "Work email address": REVIEWER,
            "Role": "OPCC reviewer",
            "Service area": service.area.name,
        }
    ).press("Send the invitation")
    reviewer = service.visitor("reviewer").open(service.link_mailed_to(REVIEWER))
    reviewer.answer({"Password": PASSWORD}).press("Save the password").reads("Your account is ready")
    reviewer.answer({"Email address": REVIEWER, "Password": PASSWORD}).press("Sign in")
    reviewer.reads("Set up the app on your phone")
    reviewer.answer({"Code that the app shows": code_of(secret_on(reviewer.page.content().encode()))})
    reviewer.press("Finish setting up").reads("Your recovery codes")


def prepare_the_pack(service: Service) -> None:
    """The coordinator has the month counted, and says in words what moved the figures."""
    coordinator = service["coordinator"].follow("Reports").follow("Prepare a pack")
    coordinator.answer({"Month": month_in_words(service.month), "Who is it for?": "Commissioner"})
    coordinator.press("Count the figures").waits_for("Write the commentary")
    coordinator.follow("Write the commentary").answer({"Commentary": COMMENTARY})
    coordinator.press("Save the commentary").reads("The commentary is saved")


def issue_the_pack(service: Service) -> ReportRun:
    """The service manager issues it; a worker makes the document, and from then on nothing in it changes."""
    manager = service["manager"].follow("Reports").follow(month_in_words(service.month)).follow("Issue the pack")
    manager.reads(f"Referrals received {RECEIVED}", "Commentary Written")
    manager.press("Issue the pack").waits_for("The pack as PDF").reads("These figures are frozen and do not change")
    with acting_as(service.staff["manager"]):
        return ReportRun.objects.get(month=service.month, pack_state=PackState.ISSUED)


def read_the_pack(service: Service, run: ReportRun) -> Path:
    """The reviewer reads the published tables, takes the PDF along, and finds every other door shut."""
    reviewer = service.visitors["reviewer"].open("/").reads(month_in_words(service.month))
    reviewer.reads(*(" ".join(row) for _, rows in tables_of(run) for row in rows))
    reviewer.follow("Definitions").follow("Issued packs").follow(month_in_words(service.month))
    for shut in ("/referrals/", "/cases/", "/reports/", "/audit/"):
        reviewer.open(shut, status=403)
    return reviewer.open("/").follow("Issued packs").download("PDF,")


def compare(service: Service, run: ReportRun, pdf: Path) -> None:
    """Figure by figure: what the journey did, what was frozen, what the document says."""
    measures = run.figures["measures"]
    assert measures["referrals_received"]["value"] == RECEIVED
    assert counted(measures["referrals_by_mechanism"]) == {"victims_hub": RECEIVED}
    assert counted(measures["referrals_by_crime_type"]) == {"Burglary": 2, "Public order": 1}
    assert counted(measures["referrals_by_local_area"]) == {"Huntingdonshire": 3}
    assert measures["awaiting_offender_identification"]["value"] == 2
    assert (measures["conversion"]["numerator"], measures["conversion"]["denominator"]) == (1, RECEIVED)

    assert hashlib.sha256(pdf.read_bytes()).hexdigest() == run.pdf_sha256
    words = words_of(pdf)
    assert COMMENTARY in words
    for title, rows in tables_of(run):
        found = words.index(title)
        for row in rows:
            found = words.index(" ".join(row), found)  # in the order of the frozen figures


def counted(measure: dict) -> dict[str, int]:
    return {cell: count for cell, count in measure["cells"].items() if count}


def tables_of(run: ReportRun) -> list[tuple[str, list[list[str]]]]:
    """The title and the rows of every table of the frozen figures."""
    found = sections(Figures.from_json(run.figures))
    return [(one.measure.title, [[str(cell) for cell in row if cell != ""] for row in one.rows]) for one in found]


def words_of(pdf: Path) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(pdf).pages).split())


def nobody_is_named(service: Service, issued: Path) -> None:
    """Staff read the names all along; no mail and no pack of any audience, in any format, holds one."""
    for role in ("coordinator", "practitioner", "referrer"):
        assert named_in(service.visitors[role].words), role
    waiting = {"state__in": ["queued", "running"]}
    wait_until(lambda: not any(mails.objects.filter(**waiting).exists() for mails in (Notification, AccountMail)))
    sent = Notification.objects.count() + AccountMail.objects.count()
    assert len(service.mails) >= sent > 0  # what somebody was told of a case that they have left is deleted
    assert not any(named_in(mail) for mail in service.mails)
    assert named_in(words_of(issued)) == []
    for audience in Audience.values:
        for kind in ("json", "csv", "pdf") if service.look.thorough else ("json", "csv"):
            made = service.folder / f"{audience}.{kind}"
            month = f"{service.month:%Y-%m}"
            call_command("monthly_pack", service.area.slug, month, audience=audience, format=kind, output=str(made))
            words = words_of(made) if kind == "pdf" else made.read_text()
            assert words and named_in(words) == [], made.name


def ask_who_looked(service: Service) -> None:
    """The data protection officer asks who was shown the person harmed, and reads whoever was, and nobody else."""
    today = timezone.localdate()
    officer = service["dpo"].follow("Who looked")
    officer.answer({"Reference of the referral or case": service.case, "From": today, "To": today})
    officer.press("Show who looked").reads("Dana Castle, RJ coordinator", "Pat Wren, Practitioner")
    assert not named_in(officer.words) and "Colin Reeve" not in officer.words and "Rita Lane" not in officer.words
