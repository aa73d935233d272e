"""People, and how they may safely be reached. Contact details are never on the person row."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django_scopes import ScopedManager

from referrals import querysets
from referrals.choices import AdultBecause, Approach, Channel, ConsentMethod, ConsentPurpose, LegalBarKind
from referrals.models.names import PlainName, Sound
from rj_service.accounts.models import ServiceArea, User
from rj_service.audit.classification import Classified
from rj_service.audit.fields import EncryptedText
from rj_service.audit.tracking import tracked


@tracked
class Person(models.Model):
    """A person, or an organisation harmed (`organisation_name`), in one service area."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service_area = models.ForeignKey(ServiceArea, models.PROTECT, related_name="+")
    first_name = models.CharField(max_length=100, blank=True)
    last_name = models.CharField(max_length=100, blank=True)
    organisation_name = models.CharField(max_length=200, blank=True)
    date_of_birth = models.DateField(null=True, blank=True)
    date_of_birth_as_given = models.CharField(max_length=40, blank=True)
    under_18 = models.BooleanField(
        null=True, blank=True
    )  # as they say, where no date of birth is known; null: not asked
    adult_because = models.CharField(max_length=12, choices=AdultBecause, blank=True)
    adult_on = models.DateField(null=True, blank=True)
    adult_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    vulnerability = models.CharField(max_length=12, blank=True)
    vulnerability_note = models.CharField(max_length=500, blank=True)
    communication_needs = models.CharField(max_length=500, blank=True)
    enhanced_rights = models.BooleanField(default=False)
    approach = models.CharField(max_length=16, choices=Approach, default=Approach.NOT_APPROACHED)
    died_on = models.DateField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)  # nobody contacts them until they say so
    paused_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    objects = ScopedManager(area="service_area", _manager_class=models.Manager.from_queryset(querysets.PersonQuerySet))
    classified = Classified(
        "case",
        personal="first_name last_name organisation_name date_of_birth date_of_birth_as_given under_18 adult_because"
        " adult_on died_on",
        sensitive="vulnerability vulnerability_note communication_needs enhanced_rights",
        neither="id service_area adult_by approach paused_at paused_by created_at",
    )

    class Meta:
        indexes = [
            models.Index(fields=["service_area", "last_name", "first_name"], name="person_name"),
            models.Index(fields=["service_area", "date_of_birth"], name="person_birth"),
            models.Index("service_area", PlainName("last_name"), PlainName("first_name"), name="person_plain_last"),
            models.Index("service_area", PlainName("first_name"), name="person_plain_first"),
            models.Index(
                "service_area",
                PlainName("organisation_name"),
                name="person_plain_organisation",
                condition=~Q(organisation_name=""),
            ),
            models.Index(
                "service_area",
                Sound(PlainName("last_name")),
                Sound(PlainName("first_name")),
                name="person_sound",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(first_name="", last_name="", organisation_name=""), name="person_has_a_name"
            ),
            models.CheckConstraint(
                condition=Q(paused_at__isnull=True, paused_by__isnull=True)
                | Q(paused_at__isnull=False, paused_by__isnull=False),
                name="person_paused_pair",
            ),
            models.CheckConstraint(
                condition=Q(adult_because="", adult_on__isnull=True, adult_by__isnull=True)
                | (~Q(adult_because="") & Q(adult_on__isnull=False, adult_by__isnull=False)),
                name="person_adult_signed",
            ),
        ]

    @property
    def name(self) -> str:
        return self.organisation_name or f"{self.first_name} {self.last_name}".strip()

    @property
    def is_organisation(self) -> bool:
        return bool(self.organisation_name)


@tracked
class ContactDetails(models.Model):
    """Encrypted; found by keyed hash of the normalised value only. One row a person."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.OneToOneField(Person, models.CASCADE, related_name="contact_details")
    phone = EncryptedText(null=True, blank=True, max_length=40)
    email = EncryptedText(null=True, blank=True, max_length=254)
    address = EncryptedText(null=True, blank=True, max_length=500)
    postcode = EncryptedText(null=True, blank=True, max_length=20)
    phone_key = models.BinaryField(null=True, blank=True)
    email_key = models.BinaryField(null=True, blank=True)
    postcode_key = models.BinaryField(null=True, blank=True)
    outward_key = models.BinaryField(null=True, blank=True)
    must_stay_hidden = models.BooleanField(default=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ScopedManager(area="person__service_area", _manager_class=models.Manager)
    classified = Classified(
        "case",
        personal="phone email address postcode phone_key email_key postcode_key outward_key",
        neither="id person must_stay_hidden updated_at",
        not_in_subject_access="phone_key email_key postcode_key outward_key",
    )

    class Meta:
        indexes = [
            models.Index(fields=["phone_key"], name="contact_phone"),
            models.Index(fields=["email_key"], name="contact_email"),
            models.Index(fields=["postcode_key"], name="contact_postcode"),
            models.Index(fields=["outward_key"], name="contact_outward"),
        ]


@tracked
class SafeContact(models.Model):
    """How a person may safely be reached. Nothing allowed means: through the referrer only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.OneToOneField(Person, models.CASCADE, related_name="safe_contact")
    may_phone = models.BooleanField(default=False)
    may_leave_voicemail = models.BooleanField(default=False)
    may_text = models.BooleanField(default=False)
    may_email = models.BooleanField(default=False)
    may_write = models.BooleanField(default=False)
    times = models.CharField(max_length=200, blank=True)
    must_not_know = models.CharField(max_length=300, blank=True)
    withheld_number = models.BooleanField(default=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ScopedManager(area="person__service_area", _manager_class=models.Manager)
    classified = Classified(
        "case",
        personal="times must_not_know",
        neither="id person may_phone may_leave_voicemail may_text may_email may_write withheld_number updated_at",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(may_leave_voicemail=False) | Q(may_phone=True), name="voicemail_needs_phone"
            )
        ]

    @property
    def must_not(self) -> str:
        """What they were asked, and their own words; the question stands before them because the answer is half of it."""
        words = self.must_not_know
        return f"What must not happen, and who must not know: “{words}”" if words else ""

    @property
    def through_referrer_only(self) -> bool:
        return not (self.may_phone or self.may_text or self.may_email or self.may_write)


@tracked
class Consent(models.Model):
    """One agreement of a person for a referral and purpose. Withdrawal wins, from whatever source (domain 2.16.1)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="consents")
    referral = models.ForeignKey("referrals.Referral", models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=24, choices=ConsentPurpose)
    channels = models.CharField(max_length=40, blank=True)  # codes of Channel, space separated; empty: every safe way
    method = models.CharField(max_length=12, choices=ConsentMethod)
    informed = models.BooleanField(default=True)
    given_on = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ScopedManager(
        area="person__service_area", _manager_class=models.Manager.from_queryset(querysets.ConsentQuerySet)
    )
    classified = Classified(
        "case",
        neither="id person referral purpose channels method informed given_on recorded_at recorded_by withdrawn_at"
        " withdrawn_by",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "referral", "purpose"],
                condition=Q(withdrawn_at__isnull=True),
                name="one_consent_in_force",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="consent_withdrawn_pair",
            ),
        ]

    @property
    def channel_words(self) -> list[str]:
        return [Channel(code).label for code in self.channels.split()]


@tracked
class LegalBar(models.Model):
    """A hard stop on contact. Nobody harmed can waive it; only the authority that set it can (domain 2.16.3)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="legal_bars")
    kind = models.CharField(max_length=20, choices=LegalBarKind)
    words = models.CharField(max_length=500, blank=True)
    authority = models.CharField(max_length=150)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    permitted_on = models.DateField(null=True, blank=True)
    permitted_by_authority = models.CharField(max_length=150, blank=True)
    permission_recorded_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ScopedManager(
        area="person__service_area", _manager_class=models.Manager.from_queryset(querysets.LegalBarQuerySet)
    )
    classified = Classified(
        "case",
        sensitive="kind words",
        neither="id person authority starts_on ends_on recorded_at recorded_by permitted_on permitted_by_authority"
        " permission_recorded_by",
    )
