"""HTML to PDF/UA. The only module that knows WeasyPrint, whose default fetcher would read any file of the machine."""

import re
from functools import cache
from mimetypes import guess_type
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders

from rj_service.accounts.errors import DomainError

# A 1 MB narrative takes 17 seconds (measured); nothing of ours comes near this.
MOST_CHARACTERS = 2_000_000
# A second of processor (measured), which a web process has for nobody else.
MOST_WHILE_SOMEBODY_WAITS = 100_000
# An address that cannot exist: what begins with it is read from our static files, never from a network.
BASE_URL = "https://static.invalid/"
_HAS_LANGUAGE = re.compile(r"<html[^>]*\slang=\"[a-z-]{2,}\"", re.I)


@cache
def _refusing_fetcher():
    """Fetches our own static files and data: addresses. Everything else is refused, redirects and attachments too."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class RefusingFetcher(URLFetcher):
        def fetch(self, url: str, headers=None):
            parts = urlsplit(url)
            if parts.scheme == "data":
                return super().fetch(url, headers)
            if not url.startswith(BASE_URL) or not parts.path.startswith(settings.STATIC_URL):
                raise ValueError("refused")
            name = unquote(parts.path.removeprefix(settings.STATIC_URL))
            found = finders.find(name)
            if found is None:
                raise ValueError("no such static file")
            content_type = guess_type(name)[0] or "application/octet-stream"
            return URLFetcherResponse(url, Path(found).read_bytes(), {"Content-Type": content_type})

    return RefusingFetcher(allowed_protocols={"data"}, allow_redirects=False)


def render_pdf(html: str) -> bytes:
    """A tagged PDF/UA-1 document. Raises ValueError for a page without title or language, or one that is too long."""
    if len(html) > MOST_CHARACTERS:
        raise ValueError("the document is too long to print")
    if not _HAS_LANGUAGE.search(html):
        raise ValueError("the document names no language")
    if not re.search(r"<title>\s*[^\s<]", html):
        raise ValueError("the document has no title")
    # Loaded when first needed: it takes most of a second, and only workers and one command print.
    from weasyprint import HTML

    return HTML(string=html, base_url=BASE_URL, url_fetcher=_refusing_fetcher()).write_pdf(pdf_variant="pdf/ua-1")


def render_paper(html: str) -> bytes:
    """A short paper, made while somebody waits for it and kept nowhere (ADR 14). Raises DomainError for a long one."""
    if len(html) > MOST_WHILE_SOMEBODY_WAITS:
        raise DomainError("This is too long to print. Shorten what is written in it, then print it again.")
    return render_pdf(html)
