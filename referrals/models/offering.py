"""That restorative justice was offered to somebody harmed, or is to be (Victims' Code)."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django_scopes import ScopedManager

from referrals import querysets
from referrals.choices import HeardOf, OfferAnswer, OfferChannel
from referrals.models.people import Person
from referrals.models.referral import Referral
from rj_service.accounts.models import LocalArea, Organisation, ServiceArea, User
from rj_service.audit.classification import Classified
from rj_service.audit.tracking import tracked


@tracked
class Offer(models.Model):
    """To be made by a day (`due_on`), then made (`offered_on`) with its answer; or ended, where nobody is to be asked.

    `recorded_for`: the organisation whose people recorded it, who may read it again. `local_area`: the incident's, kept here
    so that the list of one local area reads as much of a large archive as of a small one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service_area = models.ForeignKey(ServiceArea, models.PROTECT, related_name="+")
    referral = models.ForeignKey(Referral, models.CASCADE, related_name="offers")
    person = models.ForeignKey(Person, models.CASCADE, related_name="offers")
    local_area = models.ForeignKey(LocalArea, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    due_on = models.DateField()
    is_again = models.BooleanField(default=False)  # put off, or not answered, the time before
    offered_on = models.DateField(null=True, blank=True)
    channel = models.CharField(max_length=12, choices=OfferChannel, blank=True)
    offered_by = models.CharField(max_length=150, blank=True)  # the organisation
    role = models.CharField(max_length=100, blank=True)
    answer = models.CharField(max_length=10, choices=OfferAnswer, blank=True)
    heard_of = models.CharField(max_length=16, choices=HeardOf, blank=True)
    told_with_referral = models.BooleanField(default=False)
    recorded_at = models.DateTimeField(null=True, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    recorded_for = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    ended_on = models.DateField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    objects = ScopedManager(area="service_area", _manager_class=models.Manager.from_queryset(querysets.OfferQuerySet))
    classified = Classified(
        "case",
        personal="answer",
        neither="id service_area referral person local_area due_on is_again offered_on channel offered_by role heard_of"
        " told_with_referral recorded_at recorded_by recorded_for ended_on ended_by created_at",
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["service_area", "due_on", "id"],
                condition=Q(offered_on__isnull=True, ended_on__isnull=True),
                name="offer_to_make",
            ),
            models.Index(
                fields=["local_area", "due_on", "id"],
                condition=Q(offered_on__isnull=True, ended_on__isnull=True),
                name="offer_to_make_there",
            ),
            models.Index(
                fields=["service_area", "offered_on"], condition=Q(offered_on__isnull=False), name="offer_made"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["referral", "person"],
                condition=Q(offered_on__isnull=True, ended_on__isnull=True),
                name="one_offer_to_make",
            ),
            models.CheckConstraint(
                condition=Q(offered_on__isnull=True, answer="") | (Q(offered_on__isnull=False) & ~Q(answer="")),
                name="offer_made_with_its_answer",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, ended_by__isnull=True)
                | Q(ended_on__isnull=False, ended_by__isnull=False),
                name="offer_ended_pair",
            ),
        ]
