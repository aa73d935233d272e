"""Those who wait for a suspect to be identified, and offers."""

from django.db import models
from django.db.models import Count, Exists, ExpressionWrapper, F, OuterRef, Q, Subquery
from django.db.models.functions import TruncMonth

from referrals.choices import NOT_COUNTED, Approach, ReferralStatus
from referrals.querysets.by_name import model
from rj_service.accounts.roles import Role
from rj_service.accounts.scoping import row_by_row


def whether(*either, **condition) -> ExpressionWrapper:
    return ExpressionWrapper(Q(*either, **condition), models.BooleanField())


class WatchedInterestQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(ended_at__isnull=True, referral__status=ReferralStatus.INTERESTED)

    def day_reached(self, today):
        return self.standing().filter(watched_day__lte=today)


class InterestTriggerQuerySet(models.QuerySet):
    def open(self):
        return self.filter(settled_at__isnull=True)


class OfferQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Coordination's; of referrers what their own organisation recorded, for nothing outside shows who said no."""
        return self._of(model("Referral").objects.all(), user)

    def worth_making_by(self, user):
        """Visible to the user and to be made, less those of referrals that opened a case, are not counted or went elsewhere,
        and less people who have died or asked never to be asked, wherever that was learnt."""
        done = (ReferralStatus.ACCEPTED, ReferralStatus.REFERRED_ELSEWHERE, *NOT_COUNTED)
        may_be_asked = self.to_make().filter(person__died_on__isnull=True).exclude(person__approach=Approach.NEVER)
        return may_be_asked._of(model("Referral").objects.exclude(status__in=done), user)

    def _of(self, referrals, user):
        acting = user.acting
        if acting is not None and acting.role in (Role.HUB_WORKER, Role.PARTNER_REFERRER):
            return self.filter(referral__in=referrals.visible_to(user), recorded_for=acting.organisation_id)
        return self.filter(referral__in=referrals.casework_for(user))

    def to_make(self):
        return self.filter(offered_on__isnull=True, ended_on__isnull=True)

    def for_referrer(self, user):
        """What a row shows to whoever sent the referral: what they recorded the last time, and nothing that we did."""
        before = row_by_row(model("Offer")).filter(
            referral=OuterRef("referral"),
            person=OuterRef("person"),
            recorded_for=user.acting.organisation_id,
            offered_on__isnull=False,
        )
        before = before.order_by("-offered_on", "-recorded_at")
        return self.select_related("referral__sent", "referral__import_row", "referral__organisation").annotate(
            last_on=Subquery(before.values("offered_on")[:1]), last_answer=Subquery(before.values("answer")[:1])
        )

    def made(self):
        return self.filter(offered_on__isnull=False)

    def late(self, today):
        return self.filter(due_on__lt=today)

    def for_list(self):
        """What a row shows, in one statement: the person, the referral, and what was answered the last time."""
        restricted = row_by_row(model("Restriction")).filter(referral=OuterRef("referral"))
        before = (
            row_by_row(model("Offer"))
            .filter(referral=OuterRef("referral"), person=OuterRef("person"), offered_on__isnull=False)
            .order_by("-offered_on", "-recorded_at")
        )
        return self.select_related("person", "referral__incident", "referral__organisation").annotate(
            is_restricted=Exists(restricted),
            last_on=Subquery(before.values("offered_on")[:1]),
            last_answer=Subquery(before.values("answer")[:1]),
        )

    def by_month(self):
        """How many were made, by the month of the offer and the answer: rows of `month`, `reply` (OfferAnswer), `number`."""
        return (
            self.made()
            .order_by()
            .values(month=TruncMonth("offered_on"), reply=F("answer"))
            .annotate(number=Count("pk"))
            .order_by("month", "reply")
        )
