"""Files of a case: on a side, taken in as they are safe, gone for good when removed."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases import actions
from cases.models import Assignment, CaseDocument
from rj_service.accounts.acting import acting_as
from rj_service.accounts.errors import NotAllowed, StaleState
from rj_service.audit.models import AccessLog, DomainEvent
from rj_service.documents.actions import path_of
from tests.cases.ready.test_pages_acts import post
from tests.documents.pictures import picture
from tests.typed import typed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.FILES_DIR = tmp_path


@pytest.fixture
def keep(ready):
    def make(side: str = "harmed", **changed) -> CaseDocument:
        given = {"kind": "letter", "words": f"A letter of {side}", "content": b"Dear all", "by": ready.by} | changed
        return actions.keep_document(case=ready.case, side=side, today=ready.today, **given)

    return make


@pytest.fixture
def of_one_side(ready, cast, signed_in):
    """The phone of a practitioner who works with the harmed side alone."""
    Assignment.objects.filter(case=ready.case, practitioner__learner__user=cast["practitioner"]).update(sides="harmed")
    return signed_in(cast["practitioner"])


def test_a_file_is_added_by_its_page_and_comes_back_without_its_name(ready, cast, signed_in):
    desk = signed_in(cast["coordinator"])
    sent = SimpleUploadedFile("Liam Hart, 5 Mill Road.jpg", picture("JPEG", words="5 Mill Road"))
    said = {"side": "responsible", "kind": "agreement", "words": "Signed agreement", **typed(dated=ready.today)}
    post(desk, "add-document", ready.case.pk, file=sent, **said)
    kept = CaseDocument.objects.get()
    assert kept.dated == ready.today and kept.file.is_encrypted
    answer = desk.get(reverse("cases:document-file", args=[ready.case.pk, kept.pk]))
    body = b"".join(answer.streaming_content)
    assert body.startswith(b"\xff\xd8\xff") and b"Mill" not in body
    assert answer["Content-Disposition"] == f'attachment; filename="case-{ready.case.reference}-agreement.jpg"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert AccessLog.objects.filter(kind="download", page="cases:document-file", actor_id=ready.by.pk).exists()


def test_what_is_wrong_is_said_and_what_was_typed_stays(ready, cast, signed_in):
    page = post(
        signed_in(cast["coordinator"]),
        "add-document",
        ready.case.pk,
        expected=422,
        file=SimpleUploadedFile("page.pdf", b"<html><script>"),
        side="harmed",
        kind="letter",
        words="What Maureen wrote",
    ).content.decode()
    assert "must be a PDF, Word" in page and "What Maureen wrote" in page
    assert not CaseDocument.objects.exists()


def parts_of(client, case) -> set[str]:
    """What stands between the page's parts, with their counts."""
    page = client.get(reverse("cases:desk", args=[case.pk])).content.decode()
    return {words.strip() for words in re.findall(r'moj-sub-navigation__link"[^>]*>([^<]*)<', page)}


def test_the_desk_counts_notes_and_documents_as_its_reader_finds_them(ready, keep, cast, signed_in, of_one_side):
    desk = signed_in(cast["coordinator"])
    assert {"Notes (0)", "Documents (0)"} <= parts_of(desk, ready.case)
    with CaptureQueriesContext(connection) as before:
        desk.get(reverse("cases:desk", args=[ready.case.pk]))
    for side in ("harmed", "responsible", "neither", "responsible"):
        keep(side)
    known = {"words": "Said so", "version": 0, "by": ready.by, "today": ready.today}
    signed = actions.sign_note(participant=ready.responsible, **known)
    actions.sign_note(participant=ready.responsible, adds_to=signed, **known)  # stands with it
    actions.sign_note(participant=ready.harmed, **known)
    actions.save_note(participant=ready.harmed, **known)
    actions.remove_document(document=keep("harmed"), reason="Twice", by=ready.by, today=ready.today)
    assert {"Notes (3)", "Documents (4)"} <= parts_of(desk, ready.case)
    with CaptureQueriesContext(connection) as after:
        desk.get(reverse("cases:desk", args=[ready.case.pk]))
    assert len(after) == len(before)
    # Neither the other side's, nor what is of both, nor anybody's draft.
    assert {"Notes (1)", "Documents (1)"} <= parts_of(of_one_side, ready.case)


def test_a_practitioner_of_one_side_knows_of_that_side_s_alone(ready, keep, of_one_side):
    own, other, both = keep("harmed"), keep("responsible"), keep("neither")
    page = of_one_side.get(reverse("cases:documents", args=[ready.case.pk])).content.decode()
    assert own.words in page and other.words not in page and both.words not in page
    form = of_one_side.get(reverse("cases:add-document", args=[ready.case.pk])).content.decode()
    assert 'value="harmed"' in form and 'value="responsible"' not in form
    for hidden in (other, both):
        for name in ("document-file", "remove-document"):
            assert of_one_side.get(reverse(f"cases:{name}", args=[ready.case.pk, hidden.pk])).status_code == 404


def test_who_works_with_one_side_adds_to_it_alone(ready, keep, of_one_side, cast):
    with acting_as(cast["practitioner"]) as by:
        mine = keep("harmed", by=by)
        with pytest.raises(NotAllowed):
            keep("responsible", by=by)
    theirs = keep("harmed")
    with acting_as(cast["practitioner"]) as by:
        with pytest.raises(NotAllowed):
            actions.remove_document(document=theirs, reason="Not mine", by=by, today=ready.today)
        actions.remove_document(document=mine, reason="The wrong case", by=by, today=ready.today)


def test_what_is_removed_is_gone_and_the_record_says_why(
    ready, keep, cast, signed_in, django_capture_on_commit_callbacks
):
    kept, desk = keep(), signed_in(cast["coordinator"])
    path, there = path_of(kept.file_id), reverse("cases:document-file", args=[ready.case.pk, kept.pk])
    assert path.exists()
    post(desk, "remove-document", ready.case.pk, kept.pk, expected=422, reason=" ")
    with django_capture_on_commit_callbacks(execute=True):
        post(desk, "remove-document", ready.case.pk, kept.pk, reason="It belongs to another case")
    assert not path.exists() and desk.get(there).status_code == 404
    kept.refresh_from_db()
    assert kept.removed_by == ready.by and kept.removed_reason == "It belongs to another case"
    assert DomainEvent.objects.filter(verb="cases.document_removed", object_id=ready.case.pk).exists()
    with pytest.raises(StaleState):
        actions.remove_document(document=kept, reason="Again", by=ready.by, today=ready.today)
