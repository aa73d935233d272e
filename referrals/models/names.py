"""Names as PostgreSQL compares them: each an expression that an index holds."""

from django.db import models


class PlainName(models.Func):
    """Small letters and figures without accents, apostrophes and spaces: O'Brien and OBRIEN are one (`names.plain`)."""

    template = "regexp_replace(lower(normalize(%(expressions)s, NFKD)), '[^[:alnum:]]', '', 'g')"
    output_field = models.TextField()


class Sound(models.Func):
    """Double metaphone of a plain name; empty for letters outside a to z. From the extension fuzzystrmatch."""

    function = "dmetaphone"
    output_field = models.TextField()
