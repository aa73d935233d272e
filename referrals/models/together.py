"""Several people responsible for one incident."""

import uuid

from django.db import models
from django.db.models.functions import Now
from django_scopes import ScopedManager

from referrals.choices import Responsibility
from referrals.models.people import Person
from referrals.models.referral import Referral
from rj_service.accounts.models import User
from rj_service.audit.classification import Classified
from rj_service.audit.tracking import tracked


@tracked
class AlsoResponsible(models.Model):
    """Somebody responsible beside the first. They are kept apart from each other too: none learns of another's answers."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    referral = models.ForeignKey(Referral, models.CASCADE, related_name="also_responsible")
    person = models.ForeignKey(Person, models.PROTECT, related_name="responsible_beside")
    responsibility_told = models.CharField(max_length=10, choices=Responsibility, default=Responsibility.NOT_KNOWN)
    added_at = models.DateTimeField(db_default=Now())
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = ScopedManager(area="referral__service_area", _manager_class=models.Manager)
    classified = Classified("case", sensitive="responsibility_told", neither="id referral person added_at added_by")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["referral", "person"], name="also_responsible_once")]
