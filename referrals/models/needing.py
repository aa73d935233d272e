"""What somebody needs, by what makes them vulnerable and never by a crime (seed 002 paragraph 22)."""

import uuid
from collections.abc import Mapping

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django_scopes import ScopedManager

from referrals.choices import EnhancedGround, NeedCategory, NeedSize, NeedsQuestion, Vulnerability, YesNoNotKnown
from referrals.models.people import Person
from referrals.models.referral import Referral
from rj_service.accounts.models import User
from rj_service.audit.classification import Classified
from rj_service.audit.fields import EncryptedText
from rj_service.audit.tracking import tracked


@tracked
class NeedsAssessment(models.Model):
    """One look at a person's needs. Never changed: the next one stands beside it, and the newest counts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="needs_assessments")
    referral = models.ForeignKey(Referral, models.CASCADE, related_name="needs_assessments")
    assessed_on = models.DateField()
    assessed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())
    level = models.CharField(max_length=12, choices=Vulnerability)
    reason = models.TextField(max_length=2000)
    answers = models.CharField(max_length=300)  # NeedsQuestion:YesNoNotKnown, space separated
    needs = models.CharField(max_length=300)  # NeedCategory:NeedSize, space separated
    enhanced_grounds = models.CharField(max_length=60, blank=True)  # codes of EnhancedGround, space separated
    communication_needs = models.CharField(max_length=500, blank=True)

    objects = ScopedManager(area="person__service_area", _manager_class=models.Manager)
    classified = Classified(
        "case",
        sensitive="level reason answers needs enhanced_grounds communication_needs",
        neither="id person referral assessed_on assessed_by recorded_at",
    )

    class Meta:
        indexes = [models.Index(fields=["person", "referral", "-recorded_at"], name="needs_newest")]

    @property
    def answered(self) -> list[tuple[str, list[str]]]:
        return _by_answer(self.answers, NeedsQuestion, (YesNoNotKnown.YES, YesNoNotKnown.NOT_KNOWN, YesNoNotKnown.NO))

    @property
    def found(self) -> list[tuple[str, list[str]]]:
        return _by_answer(self.needs, NeedCategory, (NeedSize.HIGH, NeedSize.SOME, NeedSize.NONE))

    @property
    def grounds(self) -> list[str]:
        return [ground.label for ground in EnhancedGround if ground in self.enhanced_grounds.split()]


def as_codes(said: Mapping[str, str]) -> str:
    return " ".join(f"{about}:{answer}" for about, answer in said.items())


def from_codes(codes: str) -> dict[str, str]:
    return dict(pair.split(":", 1) for pair in codes.split() if ":" in pair)


def _by_answer(codes: str, questions, answers) -> list[tuple[str, list[str]]]:
    """What weighs most comes first."""
    said = from_codes(codes)
    found = [(answer.label, [one.label for one in questions if said.get(one) == answer]) for answer in answers]
    return [(label, asked) for label, asked in found if asked]


@tracked
class Conditions(models.Model):
    """Existing physical and mental conditions. For few: `Referral.objects.conditions_open_to`; opening them is recorded."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.OneToOneField(Person, models.CASCADE, related_name="conditions")
    physical = EncryptedText(null=True, blank=True, max_length=2000)
    mental = EncryptedText(null=True, blank=True, max_length=2000)
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = ScopedManager(area="person__service_area", _manager_class=models.Manager)
    classified = Classified("case", sensitive="physical mental", neither="id person recorded_at recorded_by")


@tracked
class OnwardSupport(models.Model):
    """Somebody else who can help with one need: told of, and whether it was taken up."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="onward_support")
    referral = models.ForeignKey(Referral, models.CASCADE, related_name="onward_support")
    category = models.CharField(max_length=16, choices=NeedCategory)
    organisation = models.CharField(max_length=150)
    referred_on = models.DateField()
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    taken_up = models.BooleanField(null=True, blank=True)  # null: not known yet
    ended_on = models.DateField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ScopedManager(area="person__service_area", _manager_class=models.Manager)
    classified = Classified(
        "case",
        sensitive="category organisation taken_up",
        neither="id person referral referred_on recorded_at recorded_by ended_on ended_by",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(taken_up__isnull=True, ended_on__isnull=True, ended_by__isnull=True)
                | Q(taken_up__isnull=False, ended_on__isnull=False, ended_by__isnull=False),
                name="support_ended_pair",
            ),
        ]
