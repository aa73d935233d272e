"""What volunteers spend for the service and get back: claims, the lines of the budget they are charged to, and payments."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now
from django_scopes import ScopedManager

from rj_service.accounts.models import ServiceArea, User
from rj_service.audit.classification import Classified
from rj_service.audit.tracking import tracked
from rj_service.documents.models import StoredFile
from rj_service.jobs.models import LEASED_FIELDS, LeasedRow
from rj_service.ui.references import new_reference
from volunteers import querysets
from volunteers.choices import ClaimKind, ClaimStatus
from volunteers.models.practitioner import Practitioner


class MileageRate(models.Model):
    """Of an area, from a day on. Before the first the rate of the settings counts. What was claimed keeps its amount."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service_area = models.ForeignKey(ServiceArea, models.PROTECT, related_name="+")
    counts_from = models.DateField()
    first_pence = models.DecimalField(max_digits=5, decimal_places=2)
    after_pence = models.DecimalField(max_digits=5, decimal_places=2)
    first_miles = models.PositiveIntegerField()
    source = models.CharField(max_length=150)
    set_at = models.DateTimeField(db_default=Now())
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = ScopedManager(
        area="service_area", _manager_class=models.Manager.from_queryset(querysets.OfPayersQuerySet)
    )
    classified = Classified(
        "reference", neither="id service_area counts_from first_pence after_pence first_miles source set_at set_by"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["service_area", "counts_from"], name="one_rate_a_day")]


@tracked
class BudgetLine(models.Model):
    """Money of one stream for one purpose in a financial year, April to March (seed 002 paragraph 20)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service_area = models.ForeignKey(ServiceArea, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=100)
    stream = models.CharField(max_length=100)
    amount = models.DecimalField(max_digits=10, decimal_places=2)
    laid_at = models.DateTimeField(db_default=Now())
    laid_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = ScopedManager(area="service_area", _manager_class=models.Manager.from_queryset(querysets.BudgetQuerySet))
    classified = Classified("reference", neither="id service_area year name stream amount laid_at laid_by")

    class Meta:
        constraints = [
            models.UniqueConstraint("service_area", "year", Lower("name"), name="budget_line_once_a_year"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="budget_line_has_money"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.years}"

    @property
    def years(self) -> str:
        return f"{self.year} to {self.year + 1}"


class PaymentRun(LeasedRow):
    """A file of approved claims for whoever pays. A claim is in one of them at most."""

    service_area = models.ForeignKey(ServiceArea, models.PROTECT, related_name="+")
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    total = models.DecimalField(max_digits=10, decimal_places=2)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    paid_on = models.DateField(null=True, blank=True)
    paid_at = models.DateTimeField(null=True, blank=True)
    paid_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ScopedManager(
        area="service_area", _manager_class=models.Manager.from_queryset(querysets.PaymentRunQuerySet)
    )
    classified = Classified(
        "practitioner",
        neither=f"{LEASED_FIELDS} service_area made_by number total file paid_on paid_at paid_by",
    )

    class Meta(LeasedRow.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(paid_on__isnull=True, paid_at__isnull=True, paid_by__isnull=True)
                | Q(paid_on__isnull=False, paid_at__isnull=False, paid_by__isnull=False),
                name="payment_paid_pair",
            )
        ]


@tracked
class ExpenseClaim(models.Model):
    """`miles` of a journey, or an `amount` with its receipt. `words` say where and what for, and name nobody."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=6, unique=True, default=new_reference, editable=False)
    practitioner = models.ForeignKey(Practitioner, models.PROTECT, related_name="claims")
    kind = models.CharField(max_length=10, choices=ClaimKind)
    status = models.CharField(max_length=10, choices=ClaimStatus, default=ClaimStatus.SUBMITTED)
    spent_on = models.DateField()
    miles = models.DecimalField(max_digits=6, decimal_places=1, null=True, blank=True)
    amount = models.DecimalField(max_digits=8, decimal_places=2)
    words = models.CharField(max_length=200)
    receipt = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    submitted_at = models.DateTimeField(db_default=Now())
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_because = models.CharField(max_length=200, blank=True)
    line = models.ForeignKey(BudgetLine, models.PROTECT, null=True, blank=True, related_name="claims")
    payment = models.ForeignKey(PaymentRun, models.PROTECT, null=True, blank=True, related_name="claims")

    objects = ScopedManager(
        area="practitioner__service_area", _manager_class=models.Manager.from_queryset(querysets.ClaimQuerySet)
    )
    classified = Classified(
        "practitioner",
        personal="words decided_because kind spent_on miles amount",
        neither="id reference practitioner status receipt submitted_at decided_at decided_by line payment",
    )

    class Meta:
        indexes = [
            models.Index(fields=["practitioner", "-spent_on", "-id"], name="claim_newest"),
            models.Index(fields=["spent_on", "id"], condition=Q(status="submitted"), name="claim_to_decide"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="claim_of_something"),
            models.CheckConstraint(
                condition=Q(kind="mileage", miles__isnull=False) | (~Q(kind="mileage") & Q(miles__isnull=True)),
                name="claim_of_miles_or_money",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by__isnull=True)
                | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="claim_decided_pair",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["approved", "in_file", "paid"])
                | Q(line__isnull=False, decided_by__isnull=False),
                name="claim_approved_is_charged",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["in_file", "paid"], payment__isnull=False)
                | (~Q(status__in=["in_file", "paid"]) & Q(payment__isnull=True)),
                name="claim_paid_by_one_payment",
            ),
        ]

    @property
    def needs_receipt(self) -> bool:
        return self.kind != ClaimKind.MILEAGE
