"""What somebody brings from outside: known by its first bytes and not by its name, and a picture is made anew.

What a camera writes into a picture (where it was taken, when, by whom) does not stay. No scanner for viruses stands here:
a file is only ever downloaded, never shown inside a page.
"""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageOps

from rj_service.accounts.errors import DomainError

MOST_BYTES = 10 * 1024 * 1024
MOST_UNPACKED = 50 * 1024 * 1024
MOST_PIXELS = {"JPEG": 60_000_000, "PNG": 20_000_000}  # a JPEG is read at a smaller scale, a PNG is not
LONGEST = 3000  # pixels of a side: a page of A4 stays readable
PDF, DOCX, TEXT = (
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "text/plain",
)
ENDINGS = {PDF: "pdf", "image/jpeg": "jpg", "image/png": "png", DOCX: "docx", TEXT: "txt"}
MOST_PAGES = 6
PAGES_TAKEN = f"JPEG or PNG, up to 10 MB each, at most {MOST_PAGES} pages"
WHAT_IS_TAKEN = "PDF, Word (docx), JPEG, PNG or plain text, up to 10 MB"


@dataclass(frozen=True)
class Upload:
    content: bytes
    content_type: str


def taken_in(content: bytes) -> Upload:
    """Raises DomainError (field `file`) with what to do. Read at most `MOST_BYTES` + 1 of what was sent."""
    if not content:
        raise _refused("The file is empty")
    if len(content) > MOST_BYTES:
        raise _refused("The file must be 10 MB or smaller")
    if content.startswith(b"%PDF-"):
        return Upload(content, PDF)
    if content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        return _made_anew(content)
    if content.startswith(b"PK\x03\x04"):
        _require_docx(content)
        return Upload(content, DOCX)
    _require_text(content)
    return Upload(content, TEXT)


def pages_taken_in(pages: Sequence[bytes]) -> Upload:
    """Pictures of a paper as one PDF of our own making: what somebody else made may hold more than it shows. Each as for
    `taken_in`; raises DomainError (field `pages`)."""
    if len(pages) > MOST_PAGES:
        raise _refused(f"Choose at most {MOST_PAGES} pages", "pages")
    made = []
    for number, page in enumerate(pages, 1):
        try:
            upload = taken_in(page)
        except DomainError as error:
            raise _refused(f"Page {number}: {error.message}", "pages") from error
        if not upload.content_type.startswith("image/"):
            raise _refused(f"Page {number} must be a picture, {PAGES_TAKEN}. Photograph or scan the paper", "pages")
        made.append(Image.open(io.BytesIO(upload.content)))
    paper = io.BytesIO()
    made[0].save(paper, "PDF", save_all=True, append_images=made[1:], resolution=200, quality=85)
    return Upload(paper.getvalue(), PDF)


def _made_anew(content: bytes) -> Upload:
    try:
        with Image.open(io.BytesIO(content), formats=list(MOST_PIXELS)) as picture:
            kind = str(picture.format)
            if picture.width * picture.height > MOST_PIXELS[kind]:
                raise _refused("The picture is too large. Take it again at a lower resolution")
            picture.draft("RGB", (LONGEST, LONGEST))
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((LONGEST, LONGEST))
            plain = upright.convert("RGB")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise _refused("The picture cannot be read. Save it again, or take it again") from error
    plain.info.clear()
    made = io.BytesIO()
    plain.save(made, kind, **({"quality": 85} if kind == "JPEG" else {}))
    return Upload(made.getvalue(), f"image/{kind.lower()}")


def _require_docx(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            entries = packed.infolist()
    except (zipfile.BadZipFile, ValueError) as error:
        raise _refused(f"The file must be a {WHAT_IS_TAKEN}") from error
    names = {entry.filename for entry in entries}
    if not {"[Content_Types].xml", "word/document.xml"} <= names:
        raise _refused(f"The file must be a {WHAT_IS_TAKEN}")
    if any(name.lower().endswith(".bin") for name in names):
        raise _refused("The file holds a program (macros or something embedded). Save it as a PDF and choose that")
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise _refused("The file is too large when it is opened. Save it as a PDF and choose that")


def _require_text(content: bytes) -> None:
    """Whatever a browser or a program may take for more than words starts otherwise."""
    try:
        words = content.decode()
    except UnicodeDecodeError:
        words = "\0"
    is_plain = all(sign.isprintable() or sign in "\r\n\t\f\ufeff" for sign in words)
    if not is_plain or words.lstrip("\ufeff \r\n\t\f")[:1] in ("<", "{"):
        raise _refused(f"The file must be a {WHAT_IS_TAKEN}")


def _refused(words: str, field: str = "file") -> DomainError:
    return DomainError(words, field=field)
