"""Who plays in one area, and the days of one referral."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from cases.models import Case, Participant, Venue
from referrals.models import Referral
from rj_service.accounts.models import User
from volunteers.models import Practitioner

LONDON = ZoneInfo("Europe/London")


class TooSoon(Exception):
    """The next step lies after today: here the story stands still."""


@dataclass
class Company:
    """Who plays in one area."""

    coordinators: list[User]
    assessor: User
    practitioners: list[Practitioner]
    today: date
    referrers: dict[UUID, User] = field(default_factory=dict)  # by organisation
    venues: list[Venue] = field(default_factory=list)


class Life:
    """The days of one referral, and once a case is open who is in it."""

    case: Case
    harmed: Participant | None
    responsible: Participant | None

    def __init__(self, referral: Referral, company: Company):
        self.referral, self.company = referral, company
        self.rng = Random(referral.hub_reference)
        self.by = self.rng.choice(company.coordinators)
        self.day = referral.received_on

    def later(self, fewest: int, most: int) -> date:
        """Move on by some days; the story ends where today is reached."""
        day = self.day + timedelta(days=self.rng.randint(fewest, most))
        day += timedelta(days=(7 - day.weekday()) if day.weekday() > 4 else 0)
        if day > self.company.today:
            raise TooSoon
        self.day = day
        return day

    def at(self, hour: int, minute: int = 0) -> datetime:
        return datetime.combine(self.day, time(hour, minute), LONDON)

    def pick(self, shares: dict) -> str:
        return self.rng.choices(list(shares), list(shares.values()))[0]

    def candidates(self) -> list[Practitioner]:
        return self.rng.sample(self.company.practitioners, len(self.company.practitioners))
