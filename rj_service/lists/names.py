"""Names as PostgreSQL compares them."""

from django.db import models


class Plain(models.Func):
    """Small letters and figures without accents, apostrophes and spaces: O'Brien and OBRIEN are one."""

    template = "regexp_replace(lower(normalize(%(expressions)s, NFKD)), '[^[:alnum:]]', '', 'g')"
    output_field = models.TextField()
