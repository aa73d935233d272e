"""Who uses the service, for which area and organisation, in which role."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now
from django.utils import timezone

from rj_service.accounts.away import Absence as Absence
from rj_service.accounts.away import covered_by as covered_by
from rj_service.accounts.roles import Role, permissions_of
from rj_service.audit.classification import Classified
from rj_service.audit.fields import EncryptedText
from rj_service.audit.tracking import tracked
from rj_service.jobs.models import LEASED_FIELDS, LeasedRow, LeasedRowQuerySet


class ServiceAreaQuerySet(models.QuerySet):
    def visible_to(self, user: "User"):
        """The area of the membership worked under; every area for whoever manages accounts without one."""
        acting = user.acting
        if acting is None:
            return self.none()
        if acting.service_area_id is None:
            return self if user.may("accounts.manage") else self.none()
        return self.filter(pk=acting.service_area_id)

    def without_outward_codes(self):
        return self.filter(outward_codes__isnull=True)


class ServiceArea(models.Model):
    """A police force area with its restorative justice service."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=100)
    police_force = models.CharField(max_length=100, blank=True)
    duty_phone = models.CharField(max_length=30, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = ServiceAreaQuerySet.as_manager()
    classified = Classified("reference", neither="id slug name police_force duty_phone created_at")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class OutwardCode(models.Model):
    """The first half of a postcode, CB1, and an area that serves who lives there. On a border it has several."""

    service_area = models.ForeignKey(ServiceArea, models.CASCADE, related_name="outward_codes")
    code = models.CharField(max_length=4)
    is_shared = models.BooleanField(default=False)  # lies in part where another service works: people there are asked

    classified = Classified("reference", neither="id service_area code is_shared")

    class Meta:
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["code", "service_area"], name="outward_code_once_an_area")]

    def __str__(self) -> str:
        return f"{self.code}*" if self.is_shared else self.code


class LocalAreaQuerySet(models.QuerySet["LocalArea"]):
    def called(self, name: str, area) -> "LocalArea | None":
        """That of the service area by its name, however it is capitalised."""
        return self.filter(service_area=area, name__iexact=name).first()


class LocalArea(models.Model):
    """A local authority district, or a pilot area, inside a service area (seed 002 paragraphs 16-17, seed 004 paragraph 25)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service_area = models.ForeignKey(ServiceArea, models.CASCADE, related_name="local_areas")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")
    name = models.CharField(max_length=100)
    is_pilot = models.BooleanField(default=False)

    objects = LocalAreaQuerySet.as_manager()
    classified = Classified("reference", neither="id service_area parent name is_pilot")

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint("service_area", Lower("name"), name="local_area_once")]

    def __str__(self) -> str:
        return self.name


class Organisation(models.Model):
    """A Victims' Hub, police team or partner agency that refers to, or delivers with, one service area."""

    class Kind(models.TextChoices):
        VICTIMS_HUB = "victims_hub", "Victims’ Hub"
        POLICE = "police", "Police"
        PROBATION = "probation", "Probation Service"
        PRISON = "prison", "Prison"
        YOUTH_JUSTICE = "youth_justice", "Youth Justice Service"
        COURT = "court", "Court"
        LOCAL_AUTHORITY = "local_authority", "Local authority community safety"
        HOUSING = "housing", "Housing provider"
        FIRE = "fire", "Fire and rescue"
        EDUCATION = "education", "School or education"
        DRUG_ALCOHOL = "drug_alcohol", "Drug and alcohol team"
        HEALTH = "health", "Health"
        VOLUNTARY = "voluntary", "Voluntary sector"
        PANEL = "panel", "Neighbourhood justice or resolution panel"
        RJ_SERVICE = "rj_service", "Restorative justice service"
        OPCC = "opcc", "Office of the Police and Crime Commissioner"
        OTHER = "other", "Other"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service_area = models.ForeignKey(ServiceArea, models.CASCADE, related_name="organisations")
    name = models.CharField(max_length=150)
    kind = models.CharField(max_length=30, choices=Kind, default=Kind.OTHER)
    created_at = models.DateTimeField(db_default=Now())
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey("User", models.PROTECT, null=True, blank=True, related_name="+")

    classified = Classified("reference", neither="id service_area name kind created_at confirmed_at confirmed_by")

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint("service_area", Lower("name"), name="organisation_once"),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="organisation_confirmed_pair",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class UserQuerySet(models.QuerySet):
    def visible_to(self, user: "User"):
        """Oneself; whoever manages or recovers accounts sees the people of their area, without an area everybody."""
        people = self.filter(kind=User.Kind.PERSON)
        if not (user.may("accounts.manage") or user.may("accounts.recover")):
            return people.filter(pk=user.pk)
        area_id = user.acting.service_area_id if user.acting else None
        if area_id is None:
            return people
        here = Membership.objects.filter(user=models.OuterRef("pk"), service_area_id=area_id)
        return people.filter(models.Exists(here))

    def dormant(self, since: datetime):
        """Nobody has signed in since, less the administrator who did last: somebody must be able to invite."""
        administrators = Membership.objects.current(timezone.localdate()).filter(
            role=Role.SYSTEM_ADMINISTRATOR, user__is_active=True
        )
        newest = administrators.order_by(F("user__last_login").desc(nulls_last=True), "user").values("user")[:1]
        unused = Q(last_login__lt=since) | Q(last_login__isnull=True, created_at__lt=since)
        return self.filter(unused, kind=User.Kind.PERSON, is_active=True).exclude(pk__in=newest)

    def in_role(self, role: str):
        open_ones = Membership.objects.filter(user=models.OuterRef("pk"), ended_on__isnull=True)
        return self.filter(models.Exists(open_ones.filter(role=role)))


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, username):
        return self.get(email__iexact=username)

    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


@dataclass(frozen=True)
class Acting:
    """The membership a person works under at this moment."""

    role: str
    service_area_id: uuid.UUID | None
    organisation_id: uuid.UUID | None
    membership_id: uuid.UUID | None
    permissions: frozenset[str]


@tracked(exclude=["password", "last_login"])
class User(AbstractBaseUser):
    class Kind(models.TextChoices):
        PERSON = "person"
        SYSTEM = "system"  # the scheduler, the import, the public forms: cannot sign in

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(max_length=254, unique=True)
    first_name = models.CharField(max_length=80, blank=True)
    last_name = models.CharField(max_length=80, blank=True)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.PERSON)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now())
    # Sessions carry this number: raising it ends every session of the person at their next request.
    session_epoch = models.PositiveIntegerField(default=0)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    acting: Acting | None = None  # set by accounts.acting for the time of a request, task or command
    classified = Classified(
        "account",
        personal="email first_name last_name",
        neither="id kind is_active created_at last_login password session_epoch",
        not_in_subject_access="password session_epoch",
    )

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_once")]

    def __str__(self) -> str:
        return self.get_full_name() or "Service"

    def get_full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    def get_short_name(self) -> str:
        """D Castle: how colleagues are named in lists."""
        return f"{self.first_name[:1]} {self.last_name}".strip() or "Service"

    @property
    def acting_role(self) -> str:
        return self.acting.role if self.acting else ""

    @property
    def is_system(self) -> bool:
        return self.kind == self.Kind.SYSTEM

    def current_memberships(self, today: date | None = None) -> "MembershipQuerySet":
        return self.memberships.current(today or timezone.localdate())

    def may(self, permission: str, area_id: uuid.UUID | None = None) -> bool:
        """Whether the membership being worked under holds the permission (for the area, where one is given)."""
        if self.is_system:
            return True
        acting = self.acting
        if acting is None or not self.is_active or permission not in acting.permissions:
            return False
        return area_id is None or acting.service_area_id in (None, area_id)


class MembershipQuerySet(models.QuerySet):
    def current(self, today: date):
        return self.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=today), started_on__lte=today)


@tracked
class Membership(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=30, choices=Role)
    service_area = models.ForeignKey(ServiceArea, models.PROTECT, null=True, blank=True, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="memberships")
    started_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    given_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = MembershipQuerySet.as_manager()
    classified = Classified("account", neither="id user role service_area organisation started_on ended_on given_by")

    class Meta:
        ordering = ["service_area__name", "role"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "service_area", "organisation"],
                condition=Q(ended_on__isnull=True),
                name="membership_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=~Q(role__in=["hub_worker", "partner_referrer"]) | Q(organisation__isnull=False),
                name="referrers_belong_to_an_organisation",
            ),
            models.CheckConstraint(
                condition=Q(role__in=["national_analyst", "system_administrator", "data_protection_officer"])
                | Q(service_area__isnull=False),
                name="casework_roles_name_an_area",
            ),
        ]

    @property
    def words(self) -> str:
        role = self.get_role_display()
        return f"{role}, {self.service_area.name}" if self.service_area else role

    @property
    def permissions(self) -> frozenset[str]:
        return permissions_of(self.role)

    def as_acting(self) -> Acting:
        return Acting(self.role, self.service_area_id, self.organisation_id, self.pk, self.permissions)


class InvitationQuerySet(models.QuerySet):
    def open(self):
        return self.filter(accepted_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=Now())

    def visible_to(self, user):
        if not user.may("accounts.manage"):
            return self.none()
        area_id = user.acting.service_area_id
        return self if area_id is None else self.filter(service_area_id=area_id)


class Invitation(models.Model):
    """One membership offered to an address. The link is one-use; only its SHA-256 is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(max_length=254)
    first_name = models.CharField(max_length=80)
    last_name = models.CharField(max_length=80)
    role = models.CharField(max_length=30, choices=Role)
    service_area = models.ForeignKey(ServiceArea, models.PROTECT, null=True, blank=True, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    token_digest = models.BinaryField(unique=True)
    invited_at = models.DateTimeField(db_default=Now())
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = InvitationQuerySet.as_manager()
    classified = Classified(
        "account",
        personal="email first_name last_name",
        neither="id role service_area organisation token_digest invited_at invited_by expires_at accepted_at accepted_by"
        " withdrawn_at withdrawn_by",
        not_in_subject_access="token_digest",
    )


class RecoveryRequestQuerySet(models.QuerySet):
    def open(self):
        return self.filter(second_checked_at__isnull=True, refused_at__isnull=True)

    def visible_to(self, user):
        """Whoever recovers accounts sees the requests of people they may see, never their own."""
        if not user.may("accounts.recover"):
            return self.none()
        return self.filter(user__in=User.objects.visible_to(user)).exclude(user=user)


class RecoveryRequest(models.Model):
    """A lost phone: two people check who is asking before the second factor is taken off."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="recovery_requests")
    asked_at = models.DateTimeField(db_default=Now())
    first_checked_at = models.DateTimeField(null=True, blank=True)
    first_checked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    first_method = models.CharField(max_length=40, blank=True)
    second_checked_at = models.DateTimeField(null=True, blank=True)
    second_checked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    second_method = models.CharField(max_length=40, blank=True)
    refused_at = models.DateTimeField(null=True, blank=True)
    refused_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = RecoveryRequestQuerySet.as_manager()
    classified = Classified(
        "account",
        neither="id user asked_at first_checked_at first_checked_by first_method second_checked_at second_checked_by"
        " second_method refused_at refused_by",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(second_checked_by__isnull=True) | ~Q(second_checked_by=models.F("first_checked_by")),
                name="recovery_checked_by_two_people",
            ),
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(second_checked_at__isnull=True, refused_at__isnull=True),
                name="one_open_recovery_a_person",
            ),
        ]


class KeptForm(models.Model):
    """The words of a form whose session had ended, for the same person at the same page, for 30 minutes."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    path = models.CharField(max_length=300)
    content = EncryptedText()
    kept_at = models.DateTimeField(db_default=Now())

    classified = Classified(
        "queue", sensitive="content", neither="id user path kept_at", not_in_subject_access="content"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "path"], name="one_kept_form_a_page")]


class SentForm(models.Model):
    """One sending of one form, and where its answer led; `key` is a keyed hash of the words and opens none of them."""

    key = models.BinaryField(unique=True)
    leads_to = models.CharField(max_length=500, blank=True)
    sent_at = models.DateTimeField(db_default=Now())

    classified = Classified("queue", neither="id key leads_to sent_at")


class AccountMail(LeasedRow):
    """An invitation or recovery email to send. The link's secret is made when it is sent, and never stored."""

    class Kind(models.TextChoices):
        INVITATION = "invitation"
        RECOVERY = "recovery"
        PASSWORD = "password"  # noqa: S105 (a kind of mail)
        CHANGED = "changed"

    kind = models.CharField(max_length=20, choices=Kind)
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="+")
    invitation = models.ForeignKey(Invitation, models.CASCADE, null=True, related_name="+")

    objects = LeasedRowQuerySet.as_manager()
    classified = Classified("queue", neither=f"{LEASED_FIELDS} kind user invitation")

    class Meta(LeasedRow.Meta):
        pass
