"""What an agency is asked about one side's person, and the mails whose link it answers by."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django_scopes import ScopedManager

from referrals import querysets
from referrals.choices import AskedFor, RecipientKind, RefusedReason, RequestStatus, Side
from referrals.models.people import Person
from referrals.models.referral import Referral
from rj_service.accounts.models import Organisation, ServiceArea, User
from rj_service.audit.classification import Classified
from rj_service.audit.fields import EncryptedText
from rj_service.audit.tracking import tracked
from rj_service.jobs.models import LEASED_FIELDS, LeasedRow, LeasedRowQuerySet


@tracked
class InformationRequest(models.Model):
    """The answer is hearsay and service-only: it stands here until a coordinator uses it, and changes nothing by itself."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service_area = models.ForeignKey(ServiceArea, models.PROTECT, related_name="+")
    referral = models.ForeignKey(Referral, models.CASCADE, related_name="information_requests")
    person = models.ForeignKey(Person, models.CASCADE, related_name="information_requests")
    side = models.CharField(max_length=12, choices=Side)
    recipient_kind = models.CharField(max_length=16, choices=RecipientKind)
    organisation = models.CharField(max_length=150)  # as it was called when it was asked
    agency = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    recipient_name = EncryptedText(max_length=150)
    recipient_email = EncryptedText(max_length=254)
    asked_for = models.CharField(max_length=60)  # codes of AskedFor, space separated
    words = EncryptedText(max_length=2000)
    asked_on = models.DateField()
    asked_at = models.DateTimeField(db_default=Now())
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    due_on = models.DateField()
    next_chase_on = models.DateField()
    times_chased = models.PositiveSmallIntegerField(default=0)
    chased_on = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=12, choices=RequestStatus, default=RequestStatus.ASKED)
    ended_on = models.DateField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_by_name = EncryptedText(null=True, blank=True, max_length=150)
    answer = EncryptedText(null=True, blank=True, max_length=10_000)
    refused_reason = models.CharField(max_length=12, choices=RefusedReason, blank=True)
    # Of a referral that goes between areas no page says where it is: whoever is asked may know somebody of either side.
    names_area = models.BooleanField(default=True)

    objects = ScopedManager(
        area="service_area", _manager_class=models.Manager.from_queryset(querysets.InformationRequestQuerySet)
    )
    classified = Classified(
        "case",
        personal="recipient_name recipient_email words answered_by_name answer",
        neither="id service_area referral person side recipient_kind organisation agency asked_for asked_on asked_at asked_by"
        " due_on next_chase_on times_chased chased_on status ended_on ended_by refused_reason names_area",
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["service_area", "due_on", "id"], condition=Q(status="asked"), name="request_outstanding"
            ),
            models.Index(
                fields=["service_area", "next_chase_on"], condition=Q(status="asked"), name="request_to_chase"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="asked", ended_on__isnull=True, ended_by__isnull=True)
                | (~Q(status="asked") & Q(ended_on__isnull=False, ended_by__isnull=False)),
                name="request_ended_pair",
            ),
            models.CheckConstraint(
                condition=~Q(status="refused") | ~Q(refused_reason=""), name="request_refused_for_a_reason"
            ),
        ]

    @property
    def is_open(self) -> bool:
        return self.status == RequestStatus.ASKED

    @property
    def asked_for_words(self) -> list[str]:
        return [AskedFor(code).label for code in self.asked_for.split()]


@tracked
class RequestTemplate(models.Model):
    """Where a request to one kind of agency begins in an area; without one, with the words of `choices.REQUEST_WORDS`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service_area = models.ForeignKey(ServiceArea, models.PROTECT, related_name="+")
    recipient_kind = models.CharField(max_length=16, choices=RecipientKind)
    asked_for = models.CharField(max_length=60)  # codes of AskedFor, space separated
    words = models.CharField(max_length=2000)
    kept_at = models.DateTimeField(db_default=Now())
    kept_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = ScopedManager(area="service_area", _manager_class=models.Manager)
    classified = Classified("reference", neither="id service_area recipient_kind asked_for words kept_at kept_by")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service_area", "recipient_kind"], name="request_template_once_an_area")
        ]


class RequestMail(LeasedRow):
    """One mail and the link in it. The link's secret is made when the mail is sent; only its SHA-256 is stored.

    A reminder leaves earlier links working, since the agency may open any of its mails; an answer ends them all.
    """

    service_area = models.ForeignKey(ServiceArea, models.PROTECT, related_name="+")
    request = models.ForeignKey(InformationRequest, models.CASCADE, related_name="mails")
    is_reminder = models.BooleanField(default=False)
    token_digest = models.BinaryField(null=True, blank=True, unique=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager(area="service_area", _manager_class=models.Manager.from_queryset(LeasedRowQuerySet))
    classified = Classified(
        "queue", neither=f"{LEASED_FIELDS} service_area request is_reminder token_digest expires_at"
    )

    class Meta(LeasedRow.Meta):
        verbose_name = "mail to an agency"
