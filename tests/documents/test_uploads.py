"""What is taken in from outside: by its first bytes, pictures made anew, nothing that may act."""

import io
import zipfile

import pytest
from PIL import Image
from pypdf import PdfReader

from rj_service.accounts.errors import DomainError
from rj_service.documents import uploads
from rj_service.documents.uploads import pages_taken_in, taken_in

from .pictures import picture


def packed(*names: str, size: int = 10) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as into:
        for name in names:
            into.writestr(name, b"0" * size)
    return made.getvalue()


DOCX = ("[Content_Types].xml", "word/document.xml")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7 and so on", uploads.PDF),
        (picture("PNG"), "image/png"),
        (picture("JPEG"), "image/jpeg"),
        (packed(*DOCX), uploads.DOCX),
        ("A statement,\r\nzażółć".encode(), uploads.TEXT),
    ],
    ids=["pdf", "png", "jpeg", "docx", "text"],
)
def test_what_is_taken(content, kind):
    upload = taken_in(content)
    assert upload.content_type == kind and kind in uploads.ENDINGS


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_what_a_camera_wrote_into_a_picture_does_not_stay(kind):
    sent = picture(kind, size=(4000, 100), words="5 Mill Road")
    assert b"5 Mill Road" in sent
    kept = taken_in(sent).content
    assert b"Mill" not in kept
    with Image.open(io.BytesIO(kept)) as made:
        assert made.format == kind and max(made.size) == uploads.LONGEST


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_picture_that_would_fill_the_memory_is_not_read(kind, monkeypatch):
    monkeypatch.setitem(uploads.MOST_PIXELS, kind, 40 * 30 - 1)
    with pytest.raises(DomainError, match="lower resolution"):
        taken_in(picture(kind))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"%PDF-" + bytes(uploads.MOST_BYTES), "10 MB or smaller"),
        (b"\x89PNG\r\n\x1a\n and no more", "cannot be read"),
        (picture("JPEG")[:200], "cannot be read"),
        (b"\xff\xd8\xff<script>alert(1)</script>", "cannot be read"),
        (packed("a.txt"), "must be a PDF"),
        (b"PK\x03\x04 nothing else", "must be a PDF"),
        (packed(*DOCX, "word/vbaProject.bin"), "holds a program"),
        (b"<!doctype html><script>", "must be a PDF"),
        (b"\n <svg onload=alert(1)>", "must be a PDF"),
        (b"{\\rtf1 an old document}", "must be a PDF"),
        (b"GIF89a\x01\x00", "must be a PDF"),
        (b"MZ\x90\x00\x03", "must be a PDF"),
        (b"words with a \x1b[31m in them", "must be a PDF"),
        ("words \u202egnp.exe".encode(), "must be a PDF"),
    ],
)
def test_what_is_refused_says_what_to_do(content, words):
    with pytest.raises(DomainError, match=words) as refused:
        taken_in(content)
    assert refused.value.field == "file"


def test_what_would_unpack_to_too_much_is_not_unpacked():
    with pytest.raises(DomainError, match="too large"):
        taken_in(packed(*DOCX, "word/media.xml", size=uploads.MOST_UNPACKED))


def test_pages_become_one_paper_of_our_own_making():
    upload = pages_taken_in([picture("JPEG", words="zqowner"), picture("PNG", words="zqowner")])
    paper = PdfReader(io.BytesIO(upload.content))
    assert (upload.content_type, len(paper.pages)) == (uploads.PDF, 2)
    assert b"zqowner" not in upload.content


@pytest.mark.parametrize(
    ("pages", "words"),
    [
        ([picture(), b"%PDF-1.7 and so on"], "Page 2 must be a picture"),
        ([b"Dear all"], "Page 1 must be a picture"),
        ([b""], "Page 1: The file is empty"),
        ([picture()] * (uploads.MOST_PAGES + 1), "at most"),
    ],
    ids=["pdf", "text", "empty", "many"],
)
def test_pages_that_are_not_taken(pages, words):
    with pytest.raises(DomainError, match=words) as refused:
        pages_taken_in(pages)
    assert refused.value.field == "pages"
