"""Two areas help each other out with facilitators: what they arranged (seed 001 paragraph 1.9), and each loan for one case."""

import uuid
from datetime import date

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from cases import querysets
from cases.choices import AssignmentRole, AssignmentSides, LoanStatus
from cases.models.case import Assignment, Case
from rj_service.accounts.models import Membership, ServiceArea, User
from rj_service.accounts.scoping import shared_manager
from rj_service.audit.classification import Classified
from rj_service.audit.tracking import tracked
from volunteers.models import Practitioner


@tracked
class Arrangement(models.Model):
    """In force from the day it begins once a manager of each area has said yes, until its last day or until one ends it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    one = models.ForeignKey(ServiceArea, models.PROTECT, related_name="+")
    other = models.ForeignKey(ServiceArea, models.PROTECT, related_name="+")
    words = models.CharField(max_length=500)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    proposed_at = models.DateTimeField(db_default=Now())
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField(null=True, blank=True)
    agreed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = shared_manager("one", "other", manager=models.Manager.from_queryset(querysets.ArrangementQuerySet))
    classified = Classified(
        "case",
        neither="id one other words starts_on ends_on proposed_at proposed_by agreed_at agreed_by ended_at ended_by",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(one=F("other")), name="arrangement_is_between_two"),
            models.CheckConstraint(
                condition=Q(agreed_at__isnull=True, agreed_by__isnull=True)
                | Q(agreed_at__isnull=False, agreed_by__isnull=False),
                name="arrangement_agreed_pair",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="arrangement_ended_pair",
            ),
        ]

    def is_in_force(self, today: date) -> bool:
        over = self.ends_on is not None and self.ends_on < today
        return self.agreed_at is not None and self.ended_at is None and self.starts_on <= today and not over


@tracked
class Loan(models.Model):
    """One facilitator for one case and the sides named. `words` name nobody: the lending area reads them, and nothing else of
    the case. Who is lent keeps their home: checks, training and supervision are their own area's."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    arrangement = models.ForeignKey(Arrangement, models.PROTECT, related_name="loans")
    service_area = models.ForeignKey(ServiceArea, models.PROTECT, related_name="+")
    home = models.ForeignKey(ServiceArea, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.CASCADE, related_name="loans")
    role = models.CharField(max_length=16, choices=AssignmentRole)
    sides = models.CharField(max_length=12, choices=AssignmentSides)
    words = models.CharField(max_length=300)
    status = models.CharField(max_length=12, choices=LoanStatus, default=LoanStatus.ASKED)
    asked_at = models.DateTimeField(db_default=Now())
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    practitioner = models.ForeignKey(Practitioner, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    assignment = models.OneToOneField(Assignment, models.PROTECT, null=True, blank=True, related_name="loan")
    membership = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = shared_manager("service_area", "home", manager=models.Manager.from_queryset(querysets.LoanQuerySet))
    classified = Classified(
        "case",
        personal="words",
        neither="id arrangement service_area home case role sides status asked_at asked_by practitioner answered_at"
        " answered_by assignment membership ended_at ended_by",
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["asked_at", "id"], condition=Q(status__in=["asked", "lent", "working"]), name="loan_under_way"
            )
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(service_area=F("home")), name="loan_is_between_two"),
            models.CheckConstraint(
                condition=~Q(status__in=["lent", "working"]) | Q(practitioner__isnull=False), name="loan_names_somebody"
            ),
            models.CheckConstraint(
                condition=~Q(status="working") | Q(assignment__isnull=False), name="loan_works_by_an_assignment"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="loan_ended_pair",
            ),
        ]
