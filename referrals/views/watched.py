"""Somebody who waits for a suspect to be identified, as a row of the list and on the referral's page."""

from dataclasses import dataclass
from datetime import date

from django.utils.text import Truncator

from referrals import anniversaries
from referrals.choices import ReferralStatus
from referrals.models import Referral
from referrals.views.queue import ListRow

POLICE_TELL = "The police tell people harmed about suspects, victim liaison about release. Nothing here tells anybody."
WISH_WORDS = 6
CHECKS_SHOWN = 10


@dataclass(frozen=True)
class Check:
    """The next check, in days and months: nobody counts working days of a wait."""

    due_on: date
    today: date

    @property
    def state(self) -> str:
        return "stop" if self.due_on < self.today else "soon" if self.due_on == self.today else "wait"

    @property
    def words(self) -> str:
        if self.state == "soon":
            return "Due today"
        span = _span(abs((self.due_on - self.today).days))
        return f"{span} overdue" if self.state == "stop" else f"In {span}"


def _span(days: int) -> str:
    number, unit = (days, "day") if days < 31 else (days // 30, "month") if days < 730 else (days // 365, "year")
    return f"{number} {unit}{'' if number == 1 else 's'}"


class Waiting(ListRow):
    """What a list shows of somebody who waits."""

    @property
    def check(self) -> "Check":
        return Check(self.interest.next_check_on, self.today)

    @property
    def row_state(self) -> str:
        return "stop" if self.check.state == "stop" else "soon" if self.referral.has_news else ""

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
        "check": Check(interest.next_check_on, today),
        "review_due_on": interest.review_due_on,
        "is_review_due": interest.review_due_on <= today,
        "anniversary": anniversaries.near(referral.incident.happened_on, referral.incident.month, today=today),
        "news": [(one, seen.get(one.found_in_id)) for one in news],
        "checks": interest.checks.select_related("recorded_by").order_by("-checked_on", "-recorded_at")[:CHECKS_SHOWN],
        "tells": POLICE_TELL,
    }
