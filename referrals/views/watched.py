"""Somebody who waits for a suspect to be identified, as a row of the list and on the referral's page."""

from datetime import date

from django.utils.text import Truncator

from referrals import anniversaries
from referrals.choices import ReferralStatus
from referrals.models import Referral
from referrals.views.queue import ListRow
from referrals.working_days import Clock, clock_to

POLICE_TELL = "The police tell people harmed about suspects, victim liaison about release. Nothing here tells anybody."
WISH_WORDS = 6
CHECKS_SHOWN = 10


class Waiting(ListRow):
    """What a list shows of somebody who waits."""

    @property
    def clock(self) -> Clock:
        return clock_to(self.interest.next_check_on, today=self.today)

    @property
    def row_state(self) -> str:
        return "soon" if self.referral.has_news else super().row_state

    @property
    def wish(self) -> str:
        return Truncator(self.interest.wish).words(WISH_WORDS)

    @property
    def is_review_due(self) -> bool:
        return self.interest.review_due_on <= self.today

    @property
    def anniversary(self) -> str:
        return anniversaries.near(self.incident.happened_on, self.incident.month, today=self.today)


def waiting_of(referral: Referral, user, today: date) -> dict | None:
    """What a referral's page shows of the waiting; None where nobody waits."""
    interest = getattr(referral, "watched_interest", None)
    if interest is None or referral.status != ReferralStatus.INTERESTED or interest.ended_at:
        return None
    news = list(interest.triggers.open().select_related("noted_by").order_by("told_on", "noted_at"))
    seen = Referral.objects.casework_for(user).in_bulk([one.found_in_id for one in news if one.found_in_id])
    return {
        "interest": interest,
        "clock": clock_to(interest.next_check_on, today=today),
        "review_due_on": interest.review_due_on,
        "is_review_due": interest.review_due_on <= today,
        "anniversary": anniversaries.near(referral.incident.happened_on, referral.incident.month, today=today),
        "news": [(one, seen.get(one.found_in_id)) for one in news],
        "checks": interest.checks.select_related("recorded_by").order_by("-checked_on", "-recorded_at")[:CHECKS_SHOWN],
        "tells": POLICE_TELL,
    }
