"""A service moves in with 30 open cases and 60 waiting people from spreadsheets; the first files are wrong in places."""

import zipfile

import pytest
from django.core import mail
from django.urls import reverse
from playwright.sync_api import expect

from cases import actions
from cases.models import Case, MoveIn
from cases.moving_in import BAR, CASES, CONTACT, STOP, TEMPLATES, WAITING
from cases.tasks import move_in  # noqa: F401 (registers the work of a MoveIn)
from referrals.models import Referral
from rj_service.jobs.leases import work_on
from rj_service.moving_out import tasks  # noqa: F401 (registers the work of an Archive)
from rj_service.moving_out.actions import ask_for_archive
from rj_service.moving_out.models import Archive
from tests.browser import screens
from tests.volunteers.factories import ready_practitioner

from .earlier_system import as_csv, as_xlsx, case_rows, row, waiting_rows

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.proof]
SCREENS = {"manager": 12, "coordinator": 3}  # to the answer that moves them in, one wrong try included


def upload(page, folder, files: dict[str, bytes]) -> None:
    for template, content in files.items():
        path = folder / f"{template}.{'xlsx' if content.startswith(b'PK') else 'csv'}"
        path.write_bytes(content)
        page.get_by_label(TEMPLATES[template].title).set_input_files(path)


def work(page) -> None:
    """What the worker does, then another look."""
    move = MoveIn._base_manager.latest("created_at")
    assert work_on(MoveIn, move.pk)
    page.reload()


def test_thirty_cases_and_sixty_people_move_in(
    signed_in_page, cast, area, settings, tmp_path, assert_sound, record_property, today
):
    settings.FILES_DIR = tmp_path / "files"
    ready_practitioner(area, today, user=cast["practitioner"], case_limit=40)
    facilitator = {"facilitator_email": cast["practitioner"].email, "facilitator_sides": "both"}
    cases, waiting = case_rows(30, **facilitator, coordinator_email=cast["coordinator"].email), waiting_rows(60)
    contacts = [row(CONTACT, reference=f"C-{n:03}", note=f"Call {n}") for n in range(1, 31)]
    bars = [row(BAR, reference=f"C-{n:03}") for n in (1, 2)]
    stops = [
        row(STOP, reference="W-004"),
        row(STOP, reference="", what="never", first_name="Edwin", last_name="Sample"),
    ]
    wrong = {
        WAITING: as_csv(WAITING, *waiting, row(WAITING, reference="W-061", contact_consent="N")),
        CASES: as_xlsx(CASES, *cases, row(CASES, reference="C-031", date_opened="33/01/2026")),
        CONTACT: as_csv(CONTACT, *contacts),
        BAR: as_csv(BAR, *bars, row(BAR, reference="C-900")),
        STOP: as_csv(STOP, *stops),
    }
    page = signed_in_page(cast["manager"])
    met = screens(page)
    page.goto("/")
    page.get_by_role("link", name="Referrals", exact=True).click()
    page.get_by_role("button", name="Import a Hub file").click()
    page.get_by_role("button", name="Move in from an earlier system").click()
    page.get_by_role("button", name="Try your files out").click()
    page.get_by_label("What is the earlier system called?").fill("Spreadsheets until 2026")
    upload(page, tmp_path, wrong)
    page.get_by_role("button", name="Try them out").click()
    expect(page.get_by_text("Waiting to start").first).to_be_visible()
    work(page)
    expect(page.get_by_role("heading", name="It cannot move in yet")).to_be_visible()
    expect(page.get_by_text("Bars or withdrawals without anybody: 1")).to_be_visible()
    expect(page.get_by_role("cell", name="there is no person or case with this reference")).to_be_visible()
    expect(page.get_by_role("button", name="Ask a second person to agree")).to_have_count(0)
    blocked = page.url
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("Nothing moves in. What was read is forgotten.")).to_be_visible()
    assert Referral._base_manager.count() == 0

    page.get_by_role("button", name="Try your files out").click()
    page.get_by_label("What is the earlier system called?").fill("Spreadsheets until 2026")
    upload(page, tmp_path, wrong | {BAR: as_csv(BAR, *bars)})
    page.get_by_role("button", name="Try them out").click()
    work(page)
    page.get_by_role("button", name="Ask a second person to agree").click()
    expect(page.get_by_text("Waits for a second person").first).to_be_visible()
    assert Referral._base_manager.count() == 0, "nothing is made before somebody agrees"
    asked = page.url

    by_the_manager = len(met)
    signed_in_page(cast["coordinator"])
    page.goto("/notifications/")
    page.get_by_role("button", name="Somebody asks you to agree to a move").click()
    page.get_by_role("button", name="Agree, move them in").click()
    expect(page.get_by_text("Waiting to start").first).to_be_visible()
    counted = {"manager": by_the_manager, "coordinator": len(met) - by_the_manager}
    work(page)
    expect(page.get_by_role("heading", name="What became of the rows")).to_be_visible()
    for template, made, refused in ((WAITING, 60, 1), (CASES, 30, 1), (CONTACT, 30, 0), (BAR, 2, 0), (STOP, 2, 0)):
        line = page.get_by_role("row", name=TEMPLATES[template].title).first
        assert [line.get_by_role("cell").nth(place).inner_text() for place in (0, 2)] == [str(made), str(refused)]
    assert Case._base_manager.filter(status="open").count() == 30
    assert Referral._base_manager.filter(status="interested").count() == 30
    assert mail.outbox == []

    moved = Referral._base_manager.get(earlier_reference="C-001")
    for address in (asked, blocked):
        assert_sound(page, address)
    assert_sound(page, reverse("cases:from-earlier-system", args=[moved.pk]))
    expect(page.get_by_text("Call 1", exact=True)).to_be_visible()
    assert_sound(page, reverse("cases:contacts", args=[moved.case.pk]))
    expect(page.get_by_text("From the earlier system")).to_be_visible()
    assert_sound(page, reverse("cases:desk", args=[moved.case.pk]))
    signed_in_page(cast["manager"])
    for name in ("cases:move-ins", "cases:try-move-in", "moving_out:archives", "moving_out:ask"):
        assert_sound(page, reverse(name))
    record_property("measured", f"screens: {counted}")
    assert all(counted[name] <= most for name, most in SCREENS.items()), met


def test_the_pages_of_moving_in_and_out_while_they_wait(
    signed_in_page, cast, area, settings, tmp_path, acting, assert_sound, today
):
    settings.FILES_DIR = tmp_path / "files"
    files = {WAITING: as_csv(WAITING, *waiting_rows(2)), STOP: as_csv(STOP, row(STOP, reference="W-900"))}
    with acting(cast["manager"]) as by:
        uploads = {key: actions.Upload(f"{key}.csv", [content]) for key, content in files.items()}
        move = actions.try_move_in(area=area, from_system="Spreadsheets", files=uploads, by=by)
        archive = ask_for_archive(area=area, reason="We move to another system", by=by)
    work_on(MoveIn, move.pk)
    page = signed_in_page(cast["manager"])
    assert_sound(page, reverse("cases:move-in", args=[move.pk]))
    with acting(cast["manager"]) as by:
        actions.take_back_move_in(move=move, by=by)
        uploads = {WAITING: actions.Upload("waiting.csv", [files[WAITING]])}
        move = actions.try_move_in(area=area, from_system="Spreadsheets", files=uploads, by=by)
    work_on(MoveIn, move.pk)
    with acting(cast["manager"]) as by:
        actions.ask_to_move_in(move=move, by=by)
    signed_in_page(cast["coordinator"])
    assert_sound(page, reverse("cases:move-in", args=[move.pk]))
    signed_in_page(cast["dpo"])
    assert_sound(page, reverse("moving_out:archive", args=[archive.pk]))
    page.get_by_role("button", name="Agree, make the archive").click()
    expect(page.get_by_text("Waiting to start").first).to_be_visible()
    assert work_on(Archive, archive.pk)
    signed_in_page(cast["manager"])
    assert_sound(page, reverse("moving_out:archive", args=[archive.pk]))
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the archive").click()
    assert zipfile.is_zipfile(download.value.path())
