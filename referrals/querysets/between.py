"""Other areas and agencies: directory, transfers, requests."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Aggregate, Count, Exists, F, OuterRef, Q

from referrals.choices import RequestStatus, TransferStatus
from referrals.querysets.by_name import model
from referrals.querysets.people import is_young
from referrals.querysets.shut_out import CASEWORK
from referrals.querysets.waiting import whether
from rj_service.accounts.scoping import row_by_row


class Middle(Aggregate):
    """The value in the middle; of an even number the lower of the two."""

    template = "percentile_disc(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"


class DirectoryQuerySet(models.QuerySet):
    """What the area keeps about others: read by whoever reads referrals there, kept by coordination."""

    def visible_to(self, user):
        if user.is_system:
            return self
        return self.filter(service_area=user.acting.service_area_id) if user.may("referrals.view") else self.none()

    def current(self):
        return self.filter(ended_at__isnull=True)


class ProvisionQuerySet(DirectoryQuerySet):
    def there(self, local_area):
        """In the local area, or everywhere."""
        places = model("Provision").local_areas.through.objects.filter(provision=OuterRef("pk"))
        return self.filter(~Exists(places) | Exists(places.filter(localarea=local_area)))

    def for_list(self):
        return self.select_related("organisation", "checked_by").prefetch_related("local_areas")


class SharingAgreementQuerySet(DirectoryQuerySet):
    def with_agency(self, kind):
        return self.current().filter(organisation__kind=kind)

    def with_organisation(self, organisation_id):
        return self.current().filter(organisation=organisation_id)


class TransferQuerySet(models.QuerySet):
    def visible_to(self, user):
        """To the sender whoever may read the referral. Where it is offered, coordination as long as it is, less whoever knows
        somebody of it; a restricted one the managers alone. Where it was taken over, whoever may read it there."""
        acting = user.acting
        if user.is_system:
            return self
        if acting is None or acting.role not in CASEWORK:
            return self.none()
        own = model("Referral").objects.casework_for(user)
        sent = Q(Exists(own.filter(pk=OuterRef("referral"))), from_area=acting.service_area_id)
        there = row_by_row(model("Referral")).filter(pk=OuterRef("referral")).without_conflict(user)
        if not user.may("referrals.grant"):
            there = there.filter(restriction__isnull=True)
        offered = Q(Exists(there), to_area=acting.service_area_id, status=TransferStatus.OFFERED)
        return self.filter(sent | offered | Q(Exists(own.filter(pk=OuterRef("arrived")))))

    def offered(self):
        return self.filter(status=TransferStatus.OFFERED)

    def under_way(self):
        """Offered, or with the other area."""
        return self.filter(status__in=[TransferStatus.OFFERED, TransferStatus.ACCEPTED])

    def told(self, today):
        """What the other area reads before it accepts: codes and months, and nothing of which somebody could be found."""
        flags = row_by_row(model("SensitiveFlag")).filter(referral=OuterRef("referral"), cleared_at__isnull=True)
        harmed, responsible = "referral__person_harmed", "referral__person_responsible"
        named = Q(person=OuterRef(harmed)) | Q(person=OuterRef(responsible))
        named |= Q(person__responsible_beside__referral=OuterRef("referral"))
        agreed = row_by_row(model("Consent")).in_force().filter(referral=OuterRef("referral"), purpose="contact")
        return self.select_related("from_area", "to_area", "offered_by").annotate(
            crime_type=F("referral__incident__crime_type"),
            month=F("referral__incident__month"),
            justice_stage=F("referral__incident__justice_stage"),
            needed_by=F("referral__incident__needed_by"),
            mechanism=F("referral__mechanism"),
            initiated_by=F("referral__initiated_by"),
            received_on=F("referral__received_on"),
            referral_status=F("referral__status"),
            verified_at=F("referral__verified_at"),
            names_harmed=whether(**{f"{harmed}__isnull": False}),
            names_responsible=whether(**{f"{responsible}__isnull": False}),
            harmed_is_young=is_young(harmed, today),
            responsible_is_young=is_young(responsible, today),
            flags=ArraySubquery(flags.order_by("kind").values("kind").distinct()),
            has_bar=Exists(row_by_row(model("LegalBar")).filter(named).standing(today)),
            is_agreed=Exists(agreed),
            is_restricted=whether(referral__restriction__isnull=False),
        )


class InformationRequestQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(referral__in=model("Referral").objects.casework_for(user))

    def outstanding(self):
        return self.filter(status=RequestStatus.ASKED)

    def late(self, today):
        return self.outstanding().filter(due_on__lt=today)

    def to_chase(self, today):
        return self.outstanding().filter(next_chase_on__lte=today)

    def by_agency(self, today):
        """Of each agency of the directory, and of each kind for those that are not in it: how many, how many late, and the
        day on which the middle one was asked."""
        return (
            self.order_by()
            .values("recipient_kind", "agency", called=F("agency__name"))
            .annotate(number=Count("pk"), late=Count("pk", filter=Q(due_on__lt=today)), middle=Middle("asked_on"))
            .order_by("middle", "recipient_kind", "called")
        )
