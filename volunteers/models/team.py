"""The virtual team (seed 001 paragraph 1.5): places by organisation, filled by nominees of whom one is chosen."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django_scopes import ScopedManager

from rj_service.accounts.models import LocalArea, Organisation, ServiceArea, User
from rj_service.audit.classification import Classified
from rj_service.audit.tracking import tracked
from volunteers import querysets
from volunteers.choices import NomineeStatus
from volunteers.models.application import Application
from volunteers.models.practitioner import Practitioner


class Team(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service_area = models.ForeignKey(ServiceArea, models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)
    local_area = models.ForeignKey(LocalArea, models.PROTECT, null=True, blank=True, related_name="+")
    size = models.PositiveSmallIntegerField(default=10)
    fewest_volunteers = models.PositiveSmallIntegerField(default=4)
    created_at = models.DateTimeField(db_default=Now())
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = ScopedManager(area="service_area", _manager_class=models.Manager.from_queryset(querysets.TeamQuerySet))
    classified = Classified(
        "practitioner",
        neither="id service_area name local_area size fewest_volunteers created_at created_by",
    )

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["service_area", "name"], name="team_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def filled_words(self) -> str:
        """Of a row of `with_places`."""
        return f"{self.filled} of {self.size}"  # type: ignore[attr-defined]


class TeamPlace(models.Model):
    """One place; of an organisation, or of the community where it names none."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, models.CASCADE, related_name="places")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    is_volunteer = models.BooleanField(default=False)
    number = models.PositiveSmallIntegerField()  # of the organisation's own places, in order

    objects = ScopedManager(
        area="team__service_area", _manager_class=models.Manager.from_queryset(querysets.OfTeamQuerySet)
    )
    classified = Classified("practitioner", neither="id team organisation is_volunteer number")

    @property
    def words(self) -> str:
        who = self.organisation.name if self.organisation else "Community"
        return f"{who}, {'volunteer' if self.is_volunteer else 'member of staff'}"


@tracked
class Nominee(models.Model):
    """One of the two whom an organisation names for a place (seed 001 paragraph 1.8): one is chosen, one is in reserve. Named
    before they are a practitioner they are an applicant; of one who did not become a volunteer nothing is left but the row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    place = models.ForeignKey(TeamPlace, models.CASCADE, related_name="nominees")
    practitioner = models.ForeignKey(Practitioner, models.PROTECT, null=True, blank=True, related_name="nominations")
    application = models.ForeignKey(Application, models.SET_NULL, null=True, blank=True, related_name="nominations")
    status = models.CharField(max_length=12, choices=NomineeStatus, default=NomineeStatus.RESERVE)
    reason = models.CharField(max_length=200, blank=True)
    named_on = models.DateField()
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ended_on = models.DateField(null=True, blank=True)

    objects = ScopedManager(
        area="place__team__service_area", _manager_class=models.Manager.from_queryset(querysets.NomineeQuerySet)
    )
    classified = Classified(
        "practitioner",
        personal="status reason",
        neither="id place practitioner application named_on recorded_at recorded_by ended_on",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place"], condition=Q(status="chosen"), name="one_chosen_a_place"),
            models.UniqueConstraint(fields=["place"], condition=Q(status="reserve"), name="one_reserve_a_place"),
            models.UniqueConstraint(
                fields=["practitioner"], condition=Q(status__in=["chosen", "reserve"]), name="nominee_for_one_place"
            ),
            models.UniqueConstraint(
                fields=["application"], condition=Q(status__in=["chosen", "reserve"]), name="applicant_for_one_place"
            ),
            models.CheckConstraint(
                condition=Q(status="dropped_out") | Q(practitioner__isnull=False) | Q(application__isnull=False),
                name="nominee_is_somebody",
            ),
        ]

    @property
    def name(self) -> str:
        who = self.practitioner or self.application
        return who.name if who else "Somebody whose application was deleted"

    @property
    def is_applicant(self) -> bool:
        return self.practitioner_id is None and self.application_id is not None
