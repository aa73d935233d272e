"""What is taught: lengths, maximum and prerequisite are data, since two-day and three-day courses both exist (seeds 000, 003)."""

import uuid

from django.db import models
from django.db.models import Q
from django_scopes import ScopedManager

from rj_service.accounts.models import ServiceArea
from rj_service.audit.classification import Classified
from training import querysets
from training.choices import CourseKind, Needs


class Course(models.Model):
    """`hours` where it is shorter than a day. `counts_heads`: a briefing, whose people are counted and not named."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service_area = models.ForeignKey(ServiceArea, models.PROTECT, related_name="+")
    name = models.CharField(max_length=150)
    kind = models.CharField(max_length=16, choices=CourseKind)
    days = models.DecimalField(max_digits=4, decimal_places=2)
    hours = models.DecimalField(max_digits=4, decimal_places=2, null=True, blank=True)
    maximum = models.PositiveSmallIntegerField()
    prerequisite = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    prerequisite_needs = models.CharField(max_length=10, choices=Needs, default=Needs.ATTENDED)
    award_valid_months = models.PositiveSmallIntegerField(null=True, blank=True)
    renewal_days = models.PositiveSmallIntegerField(default=90)
    makes_facilitators = models.BooleanField(default=False)
    trains_to_refer = models.BooleanField(default=False)
    counts_heads = models.BooleanField(default=False)
    takes_other_areas = models.BooleanField(default=False)
    cpd_hours = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    cpd_approved = models.BooleanField(default=False)  # by the RJC
    awarding_body = models.CharField(max_length=100, blank=True)
    level = models.CharField(max_length=40, blank=True)

    objects = ScopedManager(area="service_area", _manager_class=models.Manager.from_queryset(querysets.AreaQuerySet))
    classified = Classified(
        "reference",
        neither="id service_area name kind days hours maximum prerequisite prerequisite_needs award_valid_months"
        " renewal_days makes_facilitators trains_to_refer counts_heads takes_other_areas cpd_hours cpd_approved awarding_body"
        " level",
    )

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["service_area", "name"], name="course_once"),
            models.CheckConstraint(condition=Q(maximum__gte=1), name="course_takes_somebody"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def length(self) -> str:
        number, word = (self.hours, "hour") if self.hours else (self.days, "day")
        return f"{number.normalize():f} {word}{'' if number == 1 else 's'}"
