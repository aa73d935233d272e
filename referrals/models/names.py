"""Names as PostgreSQL compares them: each an expression that an index holds."""

from django.db import models

from rj_service.lists.names import Plain


class PlainName(Plain):
    """In an index, by this name (`duplicates.names.plain` says the same of words here)."""


class Sound(models.Func):
    """Double metaphone of a plain name; empty for letters outside a to z. From the extension fuzzystrmatch."""

    function = "dmetaphone"
    output_field = models.TextField()
