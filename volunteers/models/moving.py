import uuid

from django.db import models
from django.db.models.functions import Now
from django_scopes import ScopedManager

from rj_service.accounts.models import ServiceArea, User
from rj_service.audit.classification import Classified
from rj_service.audit.fields import EncryptedText
from rj_service.documents.moves import MOVE_FIELDS, Move
from volunteers import querysets


class PeopleMove(Move):
    """A file of volunteers from spreadsheets: tried out, agreed to, moved in. `rows` is what becomes of each, as JSON, encrypted;
    of one that did not move in, or was taken back, they are forgotten."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service_area = models.ForeignKey(ServiceArea, models.PROTECT, related_name="+")
    template = models.CharField(max_length=16)
    rows = EncryptedText()
    made = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    tried_at = models.DateTimeField(db_default=Now())
    tried_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    moved_at = models.DateTimeField(null=True, blank=True)
    moved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ScopedManager(area="service_area", _manager_class=models.Manager.from_queryset(querysets.OfAreaQuerySet))
    classified = Classified(
        "practitioner",
        personal="rows undone_because",
        neither=f"{MOVE_FIELDS} id service_area template made refused tried_at tried_by moved_at moved_by",
    )

    class Meta:
        indexes = [models.Index(fields=["service_area", "-tried_at", "id"], name="people_move_newest")]
