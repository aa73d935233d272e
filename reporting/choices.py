from django.db.models import TextChoices


class Audience(TextChoices):
    """Who a pack is for; what each may see is `reporting.disclosure`."""

    INTERNAL = "internal", "Internal"
    COMMISSIONER = "commissioner", "Commissioner"
    PUBLIC = "public", "Public"


class PackState(TextChoices):
    DRAFT = "draft", "Draft"
    ISSUING = "issuing", "Being issued"
    ISSUED = "issued", "Issued"
