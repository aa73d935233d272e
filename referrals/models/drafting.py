"""A referral that is being written."""

import json
import uuid

from django.db import models
from django.db.models.functions import Now
from django_scopes import ScopedManager

from referrals import querysets
from referrals.models.referral import Incident, Referral
from rj_service.accounts.models import Organisation, ServiceArea, User
from rj_service.audit.classification import Classified
from rj_service.audit.fields import EncryptedText

Typed = dict[str, list[str]]


class ReferralDraft(models.Model):
    """The words of one person for one referral, as typed; nobody else reads them. Empty once it is sent."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service_area = models.ForeignKey(ServiceArea, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    content = EncryptedText()
    version = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(db_default=Now())
    same_incident = models.ForeignKey(Incident, models.SET_NULL, null=True, blank=True, related_name="+")
    sent_as = models.OneToOneField(Referral, models.CASCADE, null=True, blank=True, related_name="+")

    objects = ScopedManager(
        area="service_area", _manager_class=models.Manager.from_queryset(querysets.ReferralDraftQuerySet)
    )
    classified = Classified(
        "queue",
        sensitive="content",
        neither="id service_area organisation user version saved_at same_incident sent_as",
        not_in_subject_access="content",
    )

    class Meta:
        indexes = [models.Index(fields=["user", "-saved_at"], condition=models.Q(sent_as=None), name="draft_of_a_user")]

    @property
    def answers(self) -> dict[str, Typed]:
        """By question page: what was typed, by the name of the control."""
        return json.loads(self.content)
