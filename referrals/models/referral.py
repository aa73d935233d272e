"""The referral, what happened, and what waits."""

import uuid
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django_scopes import ScopedManager

from referrals import querysets
from referrals.choices import (
    SELF_REFERRED,
    TOLD,
    CrimeType,
    InitiatedBy,
    JusticeStage,
    Mechanism,
    NeutralOutcome,
    NotAcceptedReason,
    ReferralStatus,
    Responsibility,
    SensitiveKind,
    Side,
)
from referrals.models.people import Person
from rj_service.accounts.models import LocalArea, Organisation, ServiceArea, User
from rj_service.audit.classification import Classified
from rj_service.audit.fields import EncryptedText
from rj_service.audit.tracking import tracked
from rj_service.ui.references import new_reference

REVIEW_AFTER = timedelta(days=365)  # wish and address of somebody who waits (domain 2.16.9)


@tracked
class Incident(models.Model):
    """A crime or none. Many referrals may point at one; the crime reference is never unique (domain 2.13)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service_area = models.ForeignKey(ServiceArea, models.PROTECT, related_name="+")
    crime_reference = models.CharField(max_length=40, blank=True)
    crime_type = models.CharField(max_length=24, choices=CrimeType, default=CrimeType.NOT_KNOWN)
    crime_type_as_given = models.CharField(max_length=100, blank=True)
    month = models.DateField(null=True, blank=True)  # the first of the month
    happened_on = models.DateField(null=True, blank=True)
    location = models.CharField(max_length=200, blank=True)
    lsoa_code = models.CharField(max_length=12, blank=True)
    local_area_name = models.CharField(max_length=100, blank=True)
    local_area = models.ForeignKey(LocalArea, models.PROTECT, null=True, blank=True, related_name="+")
    last_outcome = models.CharField(max_length=100, blank=True)
    justice_stage = models.CharField(max_length=24, choices=JusticeStage, default=JusticeStage.NOT_KNOWN)
    is_repeat = models.BooleanField(default=False)
    court = models.CharField(max_length=100, blank=True)
    hearing_on = models.DateField(null=True, blank=True)
    needed_by = models.DateField(null=True, blank=True)  # when a court or a landlord must know

    objects = ScopedManager(area="service_area", _manager_class=models.Manager)
    classified = Classified(
        "case",
        personal="crime_reference location",
        neither="id service_area crime_type crime_type_as_given month happened_on lsoa_code local_area_name local_area"
        " last_outcome justice_stage is_repeat court hearing_on needed_by",
    )

    class Meta:
        indexes = [models.Index(fields=["service_area", "crime_reference"], name="incident_crime_reference")]

    @property
    def first_day(self) -> date | None:
        """The earliest day on which it can have happened; None where nobody said."""
        return self.happened_on or self.month


@tracked
class Referral(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=6, unique=True, default=new_reference, editable=False)
    service_area = models.ForeignKey(ServiceArea, models.PROTECT, related_name="+")
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="referrals")
    person_harmed = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="referrals_as_harmed")
    person_responsible = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="referrals_as_responsible"
    )
    responsibility_told = models.CharField(max_length=10, choices=Responsibility, default=Responsibility.NOT_KNOWN)
    mechanism = models.CharField(max_length=20, choices=Mechanism)
    initiated_by = models.CharField(max_length=10, choices=InitiatedBy, default=InitiatedBy.VICTIM)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    referrer_name = models.CharField(max_length=150, blank=True)
    referrer_email = EncryptedText(null=True, blank=True, max_length=254)
    hub_reference = models.CharField(max_length=60, blank=True)
    received_on = models.DateField()
    # Passed on by another area: received there first, so that every clock goes on, and in our figures from this day.
    counted_from = models.DateField(null=True, blank=True)
    entered_at = models.DateTimeField(db_default=Now())
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    status = models.CharField(max_length=20, choices=ReferralStatus, default=ReferralStatus.RECEIVED)
    status_at = models.DateTimeField(db_default=Now())
    taken_at = models.DateTimeField(null=True, blank=True)
    taken_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    not_accepted_reason = models.CharField(max_length=20, choices=NotAcceptedReason, blank=True)
    decision_note = models.TextField(max_length=4000, blank=True)
    referred_to = models.ForeignKey("referrals.Provision", models.PROTECT, null=True, blank=True, related_name="+")
    hold_until = models.DateField(null=True, blank=True)
    duplicate_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="duplicates")
    verified_at = models.DateTimeField(null=True, blank=True)  # of a self-referral
    verified_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField(max_length=16, choices=NeutralOutcome, blank=True)
    outcome_told_at = models.DateTimeField(null=True, blank=True)
    outcome_told_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    notes = models.TextField(max_length=20_000, blank=True)
    partner_delivered = models.BooleanField(default=False)
    import_row = models.OneToOneField(
        "referrals.ImportRow", models.SET_NULL, null=True, blank=True, related_name="referral"
    )
    # Received by the service before it worked here: in no figure of what was received, in every one of what is done since.
    moved_in_on = models.DateField(null=True, blank=True)
    earlier_reference = models.CharField(max_length=60, blank=True)

    objects = ScopedManager(
        area="service_area", _manager_class=models.Manager.from_queryset(querysets.ReferralQuerySet)
    )
    classified = Classified(
        "case",
        personal="referrer_name referrer_email notes decision_note",
        sensitive="responsibility_told",
        neither="id reference service_area incident person_harmed person_responsible mechanism initiated_by"
        " organisation hub_reference received_on counted_from entered_at entered_by status status_at taken_at taken_by"
        " decided_at decided_by"
        " not_accepted_reason referred_to hold_until duplicate_of verified_at verified_by outcome outcome_told_at outcome_told_by"
        " partner_delivered import_row moved_in_on earlier_reference",
    )

    class Meta:
        indexes = [
            models.Index(fields=["service_area", "status", "received_on", "id"], name="referral_queue"),
            models.Index(fields=["service_area", "-received_on", "-id"], name="referral_newest"),
            models.Index(fields=["service_area", "mechanism", "received_on", "id"], name="referral_mechanism"),
            models.Index(fields=["service_area", "status", "mechanism", "received_on", "id"], name="referral_queue_by"),
            models.Index(fields=["service_area", "taken_by", "received_on", "id"], name="referral_taken"),
            models.Index(fields=["organisation", "-received_on", "-id"], name="referral_organisation"),
            models.Index(
                "service_area",
                F("decided_at").desc(nulls_last=True),
                F("id").desc(),
                condition=Q(decided_at__isnull=False),
                name="referral_decided",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["service_area", "hub_reference"],
                condition=~Q(hub_reference=""),
                name="hub_reference_once_an_area",
            ),
            models.UniqueConstraint(
                fields=["service_area", "earlier_reference"],
                condition=~Q(earlier_reference=""),
                name="earlier_reference_once_an_area",
            ),
            models.CheckConstraint(
                condition=Q(person_harmed__isnull=False) | Q(person_responsible__isnull=False),
                name="referral_is_about_somebody",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by__isnull=True)
                | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="referral_decided_pair",
            ),
            models.CheckConstraint(
                condition=Q(verified_at__isnull=True, verified_by__isnull=True)
                | Q(verified_at__isnull=False, verified_by__isnull=False),
                name="referral_verified_pair",
            ),
            models.CheckConstraint(
                condition=Q(taken_at__isnull=True, taken_by__isnull=True)
                | Q(taken_at__isnull=False, taken_by__isnull=False),
                name="referral_taken_pair",
            ),
            models.CheckConstraint(
                condition=Q(status="duplicate", duplicate_of__isnull=False) | ~Q(status="duplicate"),
                name="duplicate_names_the_other",
            ),
            models.CheckConstraint(
                condition=~Q(status="not_accepted") | ~Q(not_accepted_reason=""), name="not_accepted_has_a_reason"
            ),
        ]

    @property
    def neutral_outcome(self) -> NeutralOutcome:
        """The one sentence that the referrer reads: what they were told, else what the status allows to say."""
        return NeutralOutcome(self.outcome or TOLD[self.status])

    @property
    def was_decided_before_it_moved_in(self) -> bool:
        """Of its day alone: nobody knows the time, and whoever moved it in did not decide it."""
        if self.moved_in_on is None or self.decided_at is None:
            return False
        return timezone.localdate(self.decided_at) < self.moved_in_on

    def less_conflicting(self, users: Iterable[User]) -> list[User]:
        """Of the users those who have no conflict of interest with it or with anybody in it, its case included."""
        shut_out = querysets.users_in_conflict(self)
        return [user for user in users if user.pk not in shut_out]

    def side_of(self, person_id: uuid.UUID) -> Side:
        """Of somebody whom it is about."""
        return Side.HARMED if person_id == self.person_harmed_id else Side.RESPONSIBLE

    def called_in_addresses(self, person_id: uuid.UUID) -> Any:
        """Somebody of it: by their side; whoever is responsible beside the first, by their own number."""
        side = self.side_of(person_id)
        return side if person_id in (self.person_harmed_id, self.person_responsible_id) else person_id

    @property
    def is_unverified(self) -> bool:
        """They referred themselves, and nobody has confirmed who they are and what happened."""
        return self.mechanism in SELF_REFERRED and self.verified_at is None


@tracked
class WatchedInterest(models.Model):
    """'Tell me if somebody is identified' (seed 003 paragraph 4.2). A trigger makes a task, never a message."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    referral = models.OneToOneField(Referral, models.CASCADE, related_name="watched_interest")
    wishes_contact = models.BooleanField(null=True, blank=True)  # null: never asked
    wish = models.CharField(max_length=1000, blank=True)  # in their own words
    since = models.DateField()
    next_check_on = models.DateField()
    confirmed_on = models.DateField()  # when wish and safe address were last confirmed; once a year (domain 2.16.9)
    watched_day = models.DateField(null=True, blank=True)  # a trial, a release: a trigger when it comes
    watched_for = models.CharField(max_length=150, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ScopedManager(
        area="referral__service_area", _manager_class=models.Manager.from_queryset(querysets.WatchedInterestQuerySet)
    )
    classified = Classified(
        "case",
        personal="wishes_contact wish watched_for",
        neither="id referral since next_check_on confirmed_on watched_day ended_at ended_by",
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["next_check_on", "referral"], condition=Q(ended_at__isnull=True), name="interest_next_check"
            ),
            models.Index(
                fields=["confirmed_on", "referral"], condition=Q(ended_at__isnull=True), name="interest_confirmed"
            ),
            models.Index(
                fields=["watched_day"],
                condition=Q(ended_at__isnull=True, watched_day__isnull=False),
                name="interest_watched_day",
            ),
        ]

    @property
    def review_due_on(self) -> date:
        return self.confirmed_on + REVIEW_AFTER


@tracked
class SensitiveFlag(models.Model):
    """Raises what is required; restricts nobody (domain 2.3)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    referral = models.ForeignKey(Referral, models.CASCADE, related_name="sensitive_flags")
    kind = models.CharField(max_length=32, choices=SensitiveKind)
    words = models.CharField(max_length=100, blank=True)
    raised_at = models.DateTimeField(db_default=Now())
    raised_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    cleared_at = models.DateTimeField(null=True, blank=True)
    cleared_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    cleared_because = models.CharField(max_length=300, blank=True)

    objects = ScopedManager(area="referral__service_area", _manager_class=models.Manager)
    classified = Classified(
        "case",
        sensitive="kind words cleared_because",
        neither="id referral raised_at raised_by cleared_at cleared_by",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["referral", "kind", "words"], condition=Q(cleared_at__isnull=True), name="flag_once"
            )
        ]


@tracked
class PossibleDuplicate(models.Model):
    """Two rows that look like one person: for a coordinator, never merged by an import."""

    class Answer(models.TextChoices):
        OPEN = "open", "Not decided"
        PROPOSED = "proposed", "Waits for a second person"
        SAME = "same", "Same person"
        DIFFERENT = "different", "Not the same"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service_area = models.ForeignKey(ServiceArea, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.CASCADE, related_name="possible_duplicates")
    other = models.ForeignKey(Person, models.CASCADE, related_name="+")
    reasons = models.CharField(max_length=200)  # codes of referrals.duplicates, space separated
    score = models.PositiveSmallIntegerField(default=0)
    found_at = models.DateTimeField(db_default=Now())
    answer = models.CharField(max_length=10, choices=Answer, default=Answer.OPEN)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ScopedManager(
        area="service_area", _manager_class=models.Manager.from_queryset(querysets.PossibleDuplicateQuerySet)
    )
    classified = Classified(
        "case", neither="id service_area person other reasons score found_at answer answered_at answered_by"
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["service_area", "-score", "-id"], condition=Q(answer="open"), name="pair_open_strongest"
            )
        ]
        constraints = [models.UniqueConstraint(fields=["person", "other"], name="pair_flagged_once")]
