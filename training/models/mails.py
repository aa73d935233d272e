"""Mail to learners without an account: the dates of their course, or a link to say how it went."""

from django.db import models
from django_scopes import ScopedManager

from rj_service.accounts.models import ServiceArea
from rj_service.audit.classification import Classified
from rj_service.jobs.models import LEASED_FIELDS, LeasedRow, LeasedRowQuerySet
from training.models.enrolments import Enrolment


class TrainingMail(LeasedRow):
    """One mail. What it says is asked when it is sent, so that it is never of a place that was given up meanwhile."""

    class Kind(models.TextChoices):
        DATES = "dates", "The dates of the course"
        FEEDBACK = "feedback", "How was it?"

    service_area = models.ForeignKey(ServiceArea, models.PROTECT, related_name="+")
    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="mails")
    kind = models.CharField(max_length=10, choices=Kind)

    objects = ScopedManager(area="service_area", _manager_class=models.Manager.from_queryset(LeasedRowQuerySet))
    classified = Classified("queue", neither=f"{LEASED_FIELDS} service_area enrolment kind")

    class Meta(LeasedRow.Meta):
        verbose_name = "mail to a learner"
