"""Tagged documents, and a renderer that fetches nothing but our own static files."""

import io
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from pypdf import PdfReader
from pypdf.generic import StreamObject

from rj_service.accounts.errors import DomainError
from rj_service.documents.pdf import MOST_CHARACTERS, MOST_WHILE_SOMEBODY_WAITS, render_paper, render_pdf

STYLES = '<link rel="stylesheet" href="/static/pack.css">'
SECRET = "the inside of a private file"
PAGE = '<!DOCTYPE html><html lang="en-GB"><head><title>A pack</title>{head}</head><body><h1>A pack</h1>{body}</body></html>'


def rendered(*, head: str = "", body: str = "<p>Words</p>") -> bytes:
    return render_pdf(PAGE.format(head=head, body=body))


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def everything_in(reader: PdfReader) -> bytes:
    """Every stream of the document, unpacked."""
    objects = (reader.get_object(number) for number in range(1, reader.trailer["/Size"]))
    return b"".join(found.get_data() for found in objects if isinstance(found, StreamObject))


@pytest.fixture
def private_file(tmp_path):
    path = tmp_path / "private.txt"
    path.write_text(SECRET)
    return path


@pytest.fixture
def listener():
    """A web server of the test's own, and what it was asked for."""
    asked: list[str] = []

    class Remembering(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Remembering)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_document_is_tagged_titled_and_says_its_language():
    reader = PdfReader(io.BytesIO(rendered()))
    catalogue = reader.trailer["/Root"]
    assert reader.metadata.title == "A pack"
    assert catalogue["/Lang"].lower() == "en-gb"
    assert catalogue["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in catalogue
    assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid" in catalogue["/Metadata"].get_data()


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ('<link rel="attachment" href="file://{path}">', ""),
        ("", '<a rel="attachment" href="file://{path}">file</a>'),
        ('<link rel="stylesheet" href="file://{path}">', ""),
        ('<style>@import url("file://{path}");</style>', ""),
        ("", '<img src="file://{path}" alt="">'),
        ("", '<object data="file://{path}"></object>'),
        ("", '<img src="/static/../../../../../../../..{path}" alt="">'),
        ("", '<img src="/static/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e{path}" alt="">'),
    ],
)
def test_no_file_of_the_machine_gets_into_a_document(private_file, head, body):
    pdf = rendered(head=head.format(path=private_file), body=body.format(path=private_file))
    reader = PdfReader(io.BytesIO(pdf))
    assert SECRET not in text_of(pdf)
    assert not reader.attachments
    assert SECRET.encode() not in everything_in(reader)


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ('<link rel="stylesheet" href="{url}/a.css">', ""),
        ('<style>@import url("{url}/b.css");</style>', ""),
        ('<style>body {{ background: url("{url}/c.png"); }}</style>', ""),
        ('<style>@font-face {{ font-family: X; src: url("{url}/d.woff2"); }} body {{ font-family: X; }}</style>', ""),
        ("", '<img src="{url}/e.png" alt="">'),
        ("", '<svg><image href="{url}/f.png" width="9" height="9"/></svg>'),
        ('<link rel="attachment" href="{url}/g">', ""),
        ('<base href="{url}/">', '<img src="h.png" alt="">'),
    ],
)
def test_nothing_is_fetched_from_a_network(listener, head, body):
    url, asked = listener
    rendered(head=head.replace("{url}", url).replace("{{", "{").replace("}}", "}"), body=body.format(url=url))
    assert asked == []


def test_our_own_style_sheet_is_read():
    pages = [PdfReader(io.BytesIO(rendered(head=head))).pages[0] for head in ("", STYLES)]
    assert "Page 1 of 1" not in pages[0].extract_text()
    assert "Page 1 of 1" in pages[1].extract_text()


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<html><head><title>T</title></head></html>", "language"),
        ('<html lang="en"><head><title> </title></head></html>', "title"),
        ('<html lang="en"><head></head></html>', "title"),
        (PAGE.format(head="", body="x" * MOST_CHARACTERS), "too long"),
    ],
)
def test_a_page_that_would_make_a_poor_document_is_refused(html, words):
    with pytest.raises(ValueError, match=words):
        render_pdf(html)


def test_a_paper_that_somebody_waits_for_is_short():
    frame = PAGE.format(head="", body="")
    longest = "x" * (MOST_WHILE_SOMEBODY_WAITS - len(frame))
    assert render_paper(PAGE.format(head="", body=longest)).startswith(b"%PDF")
    with pytest.raises(DomainError, match="too long to print"):
        render_paper(PAGE.format(head="", body=longest + "x"))
