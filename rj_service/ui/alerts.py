"""What a page says after an act: one sentence, and where it can still be undone."""

from django.contrib import messages
from django.http import HttpRequest


def done(request: HttpRequest, words: str, *, undo_url: str = "") -> None:
    """No names: the words travel in a cookie."""
    messages.success(request, words, extra_tags=undo_url)


def beware(request: HttpRequest, words: str) -> None:
    messages.warning(request, words)
