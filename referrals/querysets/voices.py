"""Concerns, complaints, and a person's own link."""

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import Now, TruncMonth

from referrals.choices import ComplaintStatus, ConcernStatus
from referrals.querysets.by_name import model
from referrals.querysets.shut_out import known_beside, open_to
from rj_service.accounts.scoping import row_by_row


class _VoiceQuerySet(models.QuerySet):
    """Concerns and complaints: nobody's whom a conflict of interest shuts out. A restricted referral's are read by the
    managers all the same: somebody has to decide today."""

    kinds = ""
    on = ""

    def of_area(self, user):
        acting = user.acting
        if acting is None:
            return self.none()
        people = ("referral__person_harmed", "referral__person_responsible")
        no_conflict = open_to(user, referral="referral", people=people)[1]
        return self.filter(no_conflict, ~Exists(known_beside(user, "referral")), service_area=acting.service_area_id)

    def by_kind_and_month(self, since, until):
        """How many of each kind came in each month (its first day), of those that came in [since, until)."""
        came = self.filter(**{f"{self.on}__gte": since, f"{self.on}__lt": until}).order_by()
        return came.values(self.kinds, month=TruncMonth(self.on)).annotate(number=Count("pk"))


class ConcernQuerySet(_VoiceQuerySet):
    kinds, on = "kind", "raised_on"

    def visible_to(self, user):
        """The managers' of its area alone: to everybody else, whoever raised it included, it is not there."""
        if user.is_system:
            return self
        return self.of_area(user) if user.may("referrals.safeguard") else self.none()

    def raised_by(self, user):
        """What they raised themselves: they see that it was received and decided, and no word of it."""
        area = user.acting.service_area_id if user.acting else None
        return self.filter(raised_by=user, service_area=area)

    def waiting(self):
        return self.filter(status=ConcernStatus.WAITING)

    def overdue(self, today):
        return self.waiting().filter(due_on__lt=today)

    def to_remind(self, today, *, also_today=False):
        """Overdue and not reminded of today; `also_today`: what is due today as well, late in the day."""
        late = Q(due_on__lte=today) if also_today else Q(due_on__lt=today)
        return self.waiting().filter(late, Q(reminded_on=None) | Q(reminded_on__lt=today))


class ComplaintQuerySet(_VoiceQuerySet):
    kinds, on = "about", "received_on"

    def visible_to(self, user):
        """The managers' of its area and its handler's, and never a worker's whom it is about."""
        if user.is_system:
            return self
        if not user.may("referrals.handle_complaint"):
            return self.none()
        theirs = row_by_row(model("ComplainedAbout")).filter(complaint=OuterRef("pk"), worker=user)
        found = self.of_area(user).filter(~Exists(theirs))
        return found if user.may("referrals.safeguard") else found.filter(handler=user)

    def open(self):
        return self.exclude(status=ComplaintStatus.CLOSED)

    def to_acknowledge(self):
        return self.filter(status=ComplaintStatus.RECEIVED)

    def to_answer(self):
        """Neither decided nor told: what the deadline is for."""
        return self.filter(status__in=[ComplaintStatus.RECEIVED, ComplaintStatus.ACKNOWLEDGED])

    def late(self, today):
        """Past the day of the acknowledgement or of the answer."""
        not_acknowledged = Q(status=ComplaintStatus.RECEIVED, acknowledge_by__lt=today)
        return self.filter(not_acknowledged | (Q(due_on__lt=today) & ~Q(status=ComplaintStatus.CLOSED)))


class OwnLinkQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(referral__in=model("Referral").objects.casework_for(user))

    def not_ended(self):
        return self.filter(ended_at__isnull=True)

    def working(self):
        return self.not_ended().filter(expires_at__gt=Now())


class ContactWishQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(referral__in=model("Referral").objects.casework_for(user))

    def open(self):
        return self.filter(decided_at__isnull=True)
