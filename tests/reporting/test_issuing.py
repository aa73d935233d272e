"""A pack from its draft to its issue: frozen once, restated later, made once whatever happens to the worker."""

import hashlib
import io
import uuid
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import InternalError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from pypdf import PdfReader

from cases.choices import Side
from referrals.models import Referral
from reporting import actions, data, measures, packs, tasks
from reporting.choices import Audience, PackState
from reporting.measures import Measure
from reporting.models import PublishedFigure, ReportRun
from reporting.periods import first_of
from reporting.tabulating import sections
from rj_service.accounts.acting import acting_as
from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from rj_service.audit.models import DomainEvent
from rj_service.documents.actions import open_file
from rj_service.documents.models import StoredFile
from rj_service.jobs.leases import claim, work_on
from rj_service.jobs.models import LEASED_FIELDS
from rj_service.jobs.tasks import sweep
from rj_service.notifications.models import Notification
from tests.reporting.factories import CaseFactory, InterventionFactory, ReferralFactory, answered
from tests.worker import wait_until


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"


@pytest.fixture
def month() -> date:
    """The last one that has ended."""
    return first_of(timezone.localdate(), -1)


@pytest.fixture
def draft(area, cast, month):
    """`draft()`: a counted draft of the month for the commissioner."""

    def make(audience: str = Audience.COMMISSIONER) -> ReportRun:
        with acting_as(cast["coordinator"]) as by:
            run = actions.draft_pack(area=area, month=month, audience=audience, by=by)
        work_on(ReportRun, run.pk)
        return fresh(run)

    return make


@pytest.fixture
def issued(draft, cast):
    def make(audience: str = Audience.COMMISSIONER) -> ReportRun:
        run = draft(audience)
        issue(run, cast["coordinator"])
        assert work_on(ReportRun, run.pk)
        return fresh(run)

    return make


def fresh(run: ReportRun) -> ReportRun:
    return ReportRun.objects.get(pk=run.pk)


def issue(run: ReportRun, user) -> None:
    with acting_as(user) as by:
        actions.issue_pack(run=run, by=by)


def test_the_database_keeps_an_issued_pack_as_it_is(draft, issued, other_area, cast):
    """Every column of the pack; what the queue writes is not the pack's."""
    run = issued()
    another = {
        "id": uuid.uuid4(),
        "service_area": other_area,
        "month": run.month - timedelta(days=31),
        "audience": Audience.INTERNAL,
        "version": 7,
        "pack_state": PackState.DRAFT,
        "as_at": run.as_at + timedelta(seconds=1),
        "figures": {},
        "definitions": [],
        "commentary": "Later",
        "commentary_at": timezone.now(),
        "commentary_by": cast["manager"],
        "pdf": None,
        "pdf_sha256": "0" * 64,
        "issued_at": timezone.now(),
        "issued_by": cast["manager"],
    }
    assert {field.name for field in ReportRun._meta.concrete_fields} - (set(LEASED_FIELDS.split()) - {"id"}) == set(
        another
    )
    for changed in another.items():
        with pytest.raises(InternalError, match="Cannot update rows"), transaction.atomic():
            ReportRun.objects.filter(pk=run.pk).update(**dict([changed]))
            pytest.fail(f"{changed[0]} was changed")
    with pytest.raises(InternalError, match="Cannot delete rows"), transaction.atomic():
        ReportRun.objects.filter(pk=run.pk)._raw_delete("default")
    assert ReportRun.objects.filter(pk=run.pk).update(attempts=2) == 1
    open_one = draft()
    assert ReportRun.objects.filter(pk=open_one.pk).update(commentary="Not issued yet") == 1


def test_an_issued_pack_is_read_by_the_definitions_of_its_day(issued, cast, signed_in, monkeypatch):
    run = issued()
    kept = measures.BY_KEY["referrals_received"]
    sentence, later = (
        "Referrals as they are counted from next year.",
        Measure("noise", "Noise", "All of it.", "one", "day"),
    )
    today = [replace(one, sentence=sentence) if one is kept else one for one in measures.MEASURES]
    changed = {
        one.key: one for one in [*today, later] if one.key != "partner_delivered"
    }  # one changed, one came, one went
    for module in (measures, data):
        monkeypatch.setattr(module, "BY_KEY", changed)
    figures = data.Figures.from_json(run.figures, run.definitions)
    assert figures.defined["referrals_received"] == kept
    page = signed_in(cast["coordinator"]).get(reverse("reporting:pack", args=[run.pk])).content.decode()
    for words in (page, packs.html_of(figures, audience=run.audience)):
        assert escape(kept.sentence) in words and sentence not in words
    assert packs.headlines(figures)


def test_a_pack_from_before_a_measure_was_there_goes_without_it(issued, cast, signed_in):
    run = issued(Audience.INTERNAL)
    earlier = run.figures | {
        "measures": {key: run.figures["measures"][key] for key in ("referrals_received", "waiting_stock")}
    }
    earlier["order"] = {"waiting_stock": run.figures["order"]["waiting_stock"]}
    figures = data.Figures.from_json(earlier, None)
    assert packs.headlines(figures) == [] and sections(figures) == []
    assert packs.html_of(figures, audience=Audience.INTERNAL)


def document(run: ReportRun) -> bytes:
    with open_file(run.pdf) as stored:
        return stored.read()


def words_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def test_a_draft_is_counted_and_may_be_counted_again(draft, area, month):
    run = draft()
    assert (run.state, run.pack_state, run.version) == ("done", PackState.DRAFT, 1)
    assert run.figures["measures"]["referrals_received"] == {"value": 0}
    ReferralFactory(service_area=area, received_on=month)
    again = draft()
    assert again.pk == run.pk
    assert again.figures["measures"]["referrals_received"] == {"value": 1}
    assert again.as_at > run.as_at


def test_an_issued_pack_is_frozen(issued, area, cast, month):
    case = CaseFactory(service_area=area, received_on=month)
    InterventionFactory(case=case, held_on=month)
    answered(case, Side.HARMED, month + timedelta(days=9))
    run = issued()
    assert run.pack_state == PackState.ISSUED
    assert run.issued_by == cast["coordinator"]
    figures, definitions, pdf = run.figures, run.definitions, document(run)
    ReferralFactory(service_area=area, received_on=month)
    with acting_as(cast["coordinator"]) as by:
        with pytest.raises(NotAllowed):
            actions.write_commentary(run=run, words="Too late", by=by)
    assert not work_on(ReportRun, run.pk)
    kept = fresh(run)
    assert (kept.figures, kept.definitions, kept.commentary) == (figures, definitions, "")
    assert document(kept) == pdf


def test_the_digest_is_that_of_the_stored_bytes(issued):
    run = issued()
    assert run.pdf_sha256 == run.pdf.sha256 == hashlib.sha256(document(run)).hexdigest()
    told = DomainEvent.objects.get(verb="reporting.pack_issued", object_id=run.pk)
    assert told.detail["sha256"] == run.pdf_sha256


def test_the_document_says_what_was_frozen(draft, area, cast, month):
    for day in (month, month, month + timedelta(days=20)):
        ReferralFactory(service_area=area, received_on=day)
    InterventionFactory(case=CaseFactory(service_area=area, received_on=month), held_on=month)
    run = draft()
    with acting_as(cast["coordinator"]) as by:
        actions.write_commentary(run=run, words="A quiet month <b>& a busy one</b>.", by=by)
    issue(run, cast["coordinator"])
    work_on(ReportRun, run.pk)
    run = fresh(run)
    pdf, measures = document(run), run.figures["measures"]
    words = words_of(pdf)
    for expected in (
        f"Cambridgeshire RJ, {month:%B %Y}",
        "OFFICIAL-SENSITIVE. For the Commissioner’s office and steering group. Not for publication.",
        "Issued",
        "A quiet month <b>& a busy one</b>.",
        "4 referrals received",
        "1 interventions held",
    ):
        assert expected in words
    for key in ("referrals_by_local_area", "interventions_by_model"):
        assert f"All {sum(measures[key]['cells'].values())}" in words
    assert measures["referrals_by_month"]["cells"][f"{month:%Y-%m}"] == 4
    assert f"{month:%B %Y} 4" in words
    reader = PdfReader(io.BytesIO(pdf))
    assert reader.metadata.title == f"Restorative justice performance, Cambridgeshire RJ, {month:%B %Y}"
    assert reader.trailer["/Root"]["/Lang"].lower() == "en-gb"
    assert "/StructTreeRoot" in reader.trailer["/Root"]


def test_the_five_sections_stand_in_their_order(issued):
    words = words_of(document(issued()))
    order = [
        "1. Referrals received",
        "2. How they reached us",
        "3. Led to a restorative intervention",
        "4. Model of intervention",
        "5. Service user satisfaction",
        "6. Referrals by crime type",
        "7. Referrals by local area",
        "8. Waiting for a suspect to be identified",
        "commentary",
    ]
    positions = [words.index(title) for title in order]
    assert positions == sorted(positions)


def test_a_later_pack_of_the_month_is_a_restatement_beside_the_first(issued, area, month):
    first = issued()
    ReferralFactory(service_area=area, received_on=month)
    second = issued()
    assert (first.version, second.version) == (1, 2)
    assert fresh(first).figures["measures"]["referrals_received"] == {"value": 0}
    assert second.figures["measures"]["referrals_received"] == {"value": 1}
    assert "Restatement 2." in words_of(document(second))


def test_a_pack_is_issued_once(draft, cast):
    run = draft()
    issue(run, cast["coordinator"])
    with pytest.raises(StaleState, match="Nothing was done twice"):
        issue(run, cast["manager"])
    work_on(ReportRun, run.pk)
    with pytest.raises(StaleState):
        issue(run, cast["manager"])
    assert StoredFile.objects.count() == 1


def test_a_pack_that_is_being_counted_is_not_issued(area, cast, month):
    with acting_as(cast["coordinator"]) as by:
        run = actions.draft_pack(area=area, month=month, audience=Audience.INTERNAL, by=by)
    with pytest.raises(DomainError, match="still being counted"):
        issue(run, cast["coordinator"])


@pytest.mark.parametrize(
    "who", ["other_coordinator", "supervisor", "hub_worker", "practitioner", "opcc", "dpo", "admin", "training_lead"]
)
def test_only_coordination_of_the_area_prepares_and_issues(draft, area, cast, month, who):
    run = draft()
    with acting_as(cast[who]) as by:
        with pytest.raises(NotAllowed):
            actions.draft_pack(area=area, month=month, audience=Audience.INTERNAL, by=by)
        with pytest.raises(NotAllowed):
            actions.write_commentary(run=run, words="Mine", by=by)
        with pytest.raises(NotAllowed):
            actions.issue_pack(run=run, by=by)


def test_a_month_that_has_not_ended_has_no_pack(area, cast):
    with acting_as(cast["coordinator"]) as by, pytest.raises(DomainError, match="has not ended yet"):
        actions.draft_pack(area=area, month=timezone.localdate(), audience=Audience.INTERNAL, by=by)


SEEN = {
    "coordinator": {"internal", "commissioner"},
    "manager": {"internal", "commissioner"},
    "opcc": {"commissioner"},
    "other_coordinator": set(),
    "supervisor": set(),
    "hub_worker": set(),
    "referrer": set(),
    "practitioner": set(),
    "training_lead": set(),
    "dpo": set(),
    "admin": set(),
}


def test_who_sees_which_issued_pack(issued, cast):
    issued(Audience.INTERNAL)
    issued(Audience.COMMISSIONER)
    found = {}
    for who in SEEN:
        with acting_as(cast[who]) as user:
            found[who] = set(ReportRun.objects.all().visible_to(user).values_list("audience", flat=True))
    assert found == SEEN


def test_a_reviewer_sees_no_draft_and_nothing_being_issued(draft, cast):
    run = draft()

    def seen() -> bool:
        with acting_as(cast["opcc"]) as user:
            return ReportRun.objects.all().visible_to(user).exists()

    assert not seen()
    issue(run, cast["coordinator"])
    assert not seen()
    work_on(ReportRun, run.pk)
    assert seen()


def test_issuing_publishes_the_commissioners_cells_and_tells_the_readers(issued, area, cast, month):
    ReferralFactory(service_area=area, received_on=month)
    run = issued()
    published = {(row.measure, row.cell): row.value for row in PublishedFigure.objects.filter(run=run)}
    assert published[("referrals_received", "")] == 1
    assert published[("referrals_by_mechanism", "victims_hub")] == 1
    assert published[("referrals_by_mechanism", "offender_self")] == 0
    assert published[("satisfaction", "harmed")] is None
    assert Notification.objects.filter(user=cast["opcc"], kind="pack_issued").count() == 1


def test_an_internal_pack_publishes_nothing(issued, cast):
    issued(Audience.INTERNAL)
    assert not PublishedFigure.objects.exists()
    assert not Notification.objects.filter(user=cast["opcc"]).exists()


def test_whoever_was_superseded_issues_nothing(draft, cast):
    run = draft()
    issue(run, cast["coordinator"])
    slow = claim(ReportRun, run.pk, seconds=0)  # its lease has ended when it is done
    assert work_on(ReportRun, run.pk)
    kept = fresh(run)
    with pytest.raises(Exception, match=str(run.pk)), slow.finish() as row:
        actions.complete_issue(row, b"%PDF-late")
    assert fresh(run).pdf_sha256 == kept.pdf_sha256


@pytest.mark.proof  # the suite kills a worker in tests/jobs/test_leases.py
def test_a_worker_killed_in_the_middle_makes_the_pack_once(worker, draft, area, cast, month):
    ReferralFactory(service_area=area, received_on=month)
    run = draft()
    issue(run, cast["coordinator"])
    wait_until(lambda: fresh(run).state == "running" and fresh(run).pack_state == PackState.ISSUING, every=0.01)
    worker.kill()
    interrupted = fresh(run)
    assert (interrupted.state, interrupted.pack_state) == ("running", PackState.ISSUING)
    ReportRun.objects.filter(pk=run.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    worker.start()
    sweep()
    sweep()
    wait_until(lambda: fresh(run).pack_state == PackState.ISSUED, within=40)
    wait_until(lambda: fresh(run).state == "done")
    done = fresh(run)
    assert done.token == interrupted.token + 1
    assert hashlib.sha256(document(done)).hexdigest() == done.pdf_sha256
    assert DomainEvent.objects.filter(verb="reporting.pack_issued", object_id=run.pk).count() == 1
    assert StoredFile.objects.filter(kind="pack").count() == 1
    assert Notification.objects.filter(user=cast["opcc"], kind="pack_issued").count() == 1


@pytest.fixture
def on_day(monkeypatch):
    """`on_day(date)`: the beat ticks on that day, London time."""

    def set_day(day: date) -> None:
        monkeypatch.setattr(tasks.timezone, "localdate", lambda *args: day)

    return set_day


@pytest.mark.parametrize(
    ("day", "prepared"),
    [
        (date(2026, 8, 1), False),  # a Saturday
        (date(2026, 8, 2), False),
        (date(2026, 8, 3), True),
        (date(2027, 1, 1), False),  # a bank holiday on a Friday
        (date(2027, 1, 3), False),
        (date(2027, 1, 4), True),
        (date(2026, 10, 1), True),
        (date(2026, 10, 27), True),  # missed all month, made now
    ],
)
def test_packs_are_drafted_from_the_first_working_day(area, other_area, on_day, day, prepared):
    on_day(day)
    tasks.prepare_monthly_packs()
    runs = ReportRun.objects.filter(month=first_of(day, -1))
    assert runs.count() == (4 if prepared else 0)  # two areas, two audiences
    assert not ReportRun.objects.exclude(pack_state=PackState.DRAFT).exists()


def test_months_that_were_missed_whole_are_drafted_too(area, on_day):
    for day in (date(2026, 5, 5), date(2026, 9, 1)):
        on_day(day)
        tasks.prepare_monthly_packs()
    drafted = ReportRun.objects.filter(service_area=area, audience="internal").order_by("month")
    assert [month.month for month in drafted.values_list("month", flat=True)] == [4, 5, 6, 7, 8]
    on_day(date(2026, 10, 1) - timedelta(days=1))
    ReportRun.objects.filter(month=date(2026, 7, 1)).delete()
    tasks.prepare_monthly_packs()
    assert drafted.filter(month=date(2026, 7, 1)).exists() and not drafted.filter(month=date(2026, 9, 1)).exists()


def test_a_second_tick_makes_no_second_draft(area, on_day, issued):
    on_day(date(2026, 10, 1))
    tasks.prepare_monthly_packs()
    made = set(ReportRun.objects.values_list("pk", flat=True))
    tasks.prepare_monthly_packs()
    on_day(date(2026, 10, 2))
    tasks.prepare_monthly_packs()
    assert set(ReportRun.objects.values_list("pk", flat=True)) == made


def test_an_issued_month_is_not_drafted_again(area, issued, month):
    run = issued()
    tasks.prepare_monthly_packs()
    same = ReportRun.objects.filter(service_area=area, month=month, audience=run.audience)
    assert list(same.values_list("pk", flat=True)) == [run.pk]


def test_no_pack_holds_a_persons_name(issued, area, month):
    ReferralFactory(service_area=area, received_on=month, person_harmed__last_name="Quillfeather")
    run = issued()
    with acting_as(run.issued_by):
        assert Referral.objects.filter(person_harmed__last_name="Quillfeather").exists()
    assert "Quillfeather" not in str(run.figures) + words_of(document(run))
