"""What a practitioner has said of how they can help: where they go, what they speak and can, what they would rather not do."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django_scopes import ScopedManager

from rj_service.accounts.models import User
from rj_service.audit.classification import Classified
from rj_service.audit.tracking import tracked
from volunteers.choices import CaseKind, Language, Skill, Travels
from volunteers.models.practitioner import Practitioner


def _codes(choices: type[models.TextChoices]) -> ArrayField:
    return ArrayField(models.CharField(max_length=20, choices=choices.choices), default=list, blank=True)


@tracked
class Wishes(models.Model):
    """One of each practitioner. `outward_code` is the first half of their postcode, and all that is kept of where they live."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practitioner = models.OneToOneField(Practitioner, models.CASCADE, related_name="wishes")
    outward_code = models.CharField(max_length=4, blank=True)
    travels = models.CharField(max_length=10, choices=Travels, default=Travels.LOCAL)
    drives = models.BooleanField(default=False)
    languages = _codes(Language)
    skills = _codes(Skill)
    rather_not = _codes(CaseKind)
    said_at = models.DateTimeField(db_default=Now())
    said_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = ScopedManager(area="practitioner__service_area", _manager_class=models.Manager)
    classified = Classified(
        "practitioner",
        personal="outward_code travels drives languages skills rather_not",
        neither="id practitioner said_at said_by",
    )
