"""HTML to PDF/UA. The only module that knows WeasyPrint, whose default fetcher would read any file of the machine."""

import re
from mimetypes import guess_type
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from weasyprint import HTML
from weasyprint.urls import URLFetcher, URLFetcherResponse

# A 1 MB narrative takes 17 seconds (measured); nothing of ours comes near this.
MOST_CHARACTERS = 2_000_000
BASE_URL = "rj:///"
_HAS_LANGUAGE = re.compile(r"<html[^>]*\slang=\"[a-z-]{2,}\"", re.I)


class RefusingFetcher(URLFetcher):
    """Fetches our own static files and data: addresses. Everything else is refused, redirects and attachments too."""

    def fetch(self, url: str, headers=None):
        parts = urlsplit(url)
        if parts.scheme == "data":
            return super().fetch(url, headers)
        if parts.scheme == "rj" and parts.path.startswith(settings.STATIC_URL):
            return self._static(url, unquote(parts.path.removeprefix(settings.STATIC_URL)))
        raise ValueError("refused")

    def _static(self, url: str, name: str):
        found = finders.find(name)
        if found is None:
            raise ValueError("no such static file")
        with open(found, "rb") as file:
            content_type = guess_type(name)[0] or "application/octet-stream"
            return URLFetcherResponse(url, file.read(), {"Content-Type": content_type})


def render_pdf(html: str) -> bytes:
    """A tagged PDF/UA-1 document. Raises ValueError for a page without title or language, or one that is too long."""
    if len(html) > MOST_CHARACTERS:
        raise ValueError("the document is too long to print")
    if not _HAS_LANGUAGE.search(html):
        raise ValueError("the document names no language")
    if not re.search(r"<title>\s*\S", html):
        raise ValueError("the document has no title")
    fetcher = RefusingFetcher(allowed_protocols={"data", "rj"}, allow_redirects=False)
    return HTML(string=html, base_url=BASE_URL, url_fetcher=fetcher).write_pdf(pdf_variant="pdf/ua-1")
