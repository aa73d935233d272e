import uuid
from datetime import date

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django_scopes import ScopedManager

from rj_service.accounts.models import LocalArea, Organisation, ServiceArea, User
from rj_service.audit.classification import Classified
from rj_service.audit.tracking import tracked
from rj_service.ui.dates import born_by
from training.models import Learner
from volunteers import querysets
from volunteers.choices import ADULT, Level, PractitionerKind, PractitionerStatus


@tracked
class Practitioner(models.Model):
    """Anybody who works with people on cases or signs an assessment; coordinators too. `learner` is the only link."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service_area = models.ForeignKey(ServiceArea, models.PROTECT, related_name="+")
    learner = models.OneToOneField(Learner, models.PROTECT, related_name="practitioner")
    kind = models.CharField(max_length=20, choices=PractitionerKind, default=PractitionerKind.COMMUNITY)
    status = models.CharField(max_length=12, choices=PractitionerStatus, default=PractitionerStatus.ENQUIRY)
    level = models.CharField(max_length=14, choices=Level, default=Level.FOUNDATION)
    level_because = models.CharField(max_length=300, blank=True)  # what shows it, where no registration does
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    date_of_birth = models.DateField(null=True, blank=True)
    case_limit = models.PositiveSmallIntegerField(default=4)
    works_since = models.DateField(
        null=True, blank=True
    )  # here or before they came here; None: since they were registered
    local_areas = models.ManyToManyField(LocalArea, blank=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = ScopedManager(
        area="service_area", _manager_class=models.Manager.from_queryset(querysets.PractitionerQuerySet)
    )
    classified = Classified(
        "practitioner",
        personal="kind status level level_because date_of_birth",
        neither="id service_area learner organisation case_limit works_since created_at created_by",
    )

    class Meta:
        indexes = [models.Index(fields=["service_area", "status", "id"], name="practitioner_status")]

    @property
    def name(self) -> str:
        return self.learner.name

    def processes_since_a_year(self) -> list[tuple[str, int]]:
        """Of a row of `with_practice`: how many of each model they worked in."""
        return querysets.processes_by_model(self.pk, self.year_ago)  # type: ignore[attr-defined]

    def registered_at(self, today: date):
        """The registration in force at this level that lasts longest, or None."""
        in_force = Q(expires_on__isnull=True) | Q(expires_on__gte=today)
        own = self.registrations.filter(in_force, level=self.level, registered_on__lte=today)
        return own.order_by(models.F("expires_on").desc(nulls_first=True)).first()

    def is_adult_on(self, day: date) -> bool:
        """By the date of birth, as `is_adult` of `with_readiness`. Of anybody but a young volunteer vetting has seen papers."""
        if self.date_of_birth is None:
            return self.kind != PractitionerKind.YOUNG
        return self.date_of_birth <= born_by(day, ADULT)
