"""A link of a person's own, without an account; and what they wish to change of how they are reached."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django_scopes import ScopedManager

from referrals import querysets
from referrals.choices import LinkChannel, LinkEnded, LinkQuestion, Side, WishDecision
from referrals.models.people import Person
from referrals.models.referral import Referral
from rj_service.accounts.models import ServiceArea, User
from rj_service.audit.classification import Classified
from rj_service.audit.fields import EncryptedText
from rj_service.audit.tracking import tracked


@tracked
class OwnLink(models.Model):
    """Only the SHA-256 of its secret is stored, and of the answer it asks for first a keyed hash of this link alone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service_area = models.ForeignKey(ServiceArea, models.PROTECT, related_name="+")
    referral = models.ForeignKey(Referral, models.CASCADE, related_name="own_links")
    person = models.ForeignKey(Person, models.CASCADE, related_name="own_links")
    side = models.CharField(max_length=12, choices=Side)
    channel = models.CharField(max_length=10, choices=LinkChannel)
    question = models.CharField(max_length=6, choices=LinkQuestion)
    answer_key = models.BinaryField()
    token_digest = models.BinaryField(null=True, blank=True, unique=True)
    expires_at = models.DateTimeField()
    given_at = models.DateTimeField(db_default=Now())
    given_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(null=True, blank=True)
    wrong_tries = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ended_because = models.CharField(max_length=12, choices=LinkEnded, blank=True)

    objects = ScopedManager(area="service_area", _manager_class=models.Manager.from_queryset(querysets.OwnLinkQuerySet))
    classified = Classified(
        "case",
        personal="answer_key",
        neither="id service_area referral person side channel question token_digest expires_at given_at given_by"
        " opened_at wrong_tries ended_at ended_by ended_because",
        not_in_subject_access="answer_key token_digest",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "referral"], condition=Q(ended_at__isnull=True), name="own_link_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, token_digest__isnull=False)
                | Q(ended_at__isnull=False, ended_by__isnull=False, token_digest__isnull=True),
                name="own_link_ended_pair",
            ),
        ]


@tracked
class ContactWish(models.Model):
    """What would make it easier to reach somebody, or reach them elsewhere: nothing of it counts before a worker has asked
    them by a way that was known before. Whoever holds the phone may have typed it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service_area = models.ForeignKey(ServiceArea, models.PROTECT, related_name="+")
    referral = models.ForeignKey(Referral, models.CASCADE, related_name="contact_wishes")
    person = models.ForeignKey(Person, models.CASCADE, related_name="contact_wishes")
    side = models.CharField(max_length=12, choices=Side)
    looser = models.CharField(max_length=100, blank=True)  # names of SafeContact's fields, space separated
    phone = EncryptedText(null=True, blank=True, max_length=40)
    email = EncryptedText(null=True, blank=True, max_length=254)
    address = EncryptedText(null=True, blank=True, max_length=500)
    postcode = EncryptedText(null=True, blank=True, max_length=20)
    words = EncryptedText(null=True, blank=True, max_length=1000)
    asked_at = models.DateTimeField(db_default=Now())
    decision = models.CharField(max_length=12, choices=WishDecision, blank=True)
    asked_by_way = models.CharField(max_length=10, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ScopedManager(
        area="service_area", _manager_class=models.Manager.from_queryset(querysets.ContactWishQuerySet)
    )
    classified = Classified(
        "case",
        personal="phone email address postcode words",
        neither="id service_area referral person side looser asked_at decision asked_by_way decided_at decided_by",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "referral"], condition=Q(decided_at__isnull=True), name="contact_wish_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by__isnull=True, decision="")
                | (Q(decided_at__isnull=False, decided_by__isnull=False) & ~Q(decision="")),
                name="contact_wish_decided_pair",
            ),
        ]
