"""Contracts as their pages show them: where each clause stands, before it passes and not after."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from training import clauses, policy
from training.clauses import Standing
from training.models import Session, TrainingPackage


@dataclass(frozen=True)
class PackageRow:
    """`package` with its figures (`with_figures`)."""

    package: TrainingPackage
    today: date

    @property
    def pk(self):
        return self.package.pk

    @cached_property
    def year(self) -> Standing | None:
        terms = policy.terms_of(self.package)
        return clauses.standing_of_year(terms, delivered=self.package.delivered, today=self.today)

    @property
    def row_state(self) -> str:
        return self.year.state if self.year else ""

    @property
    def left(self):
        return clauses.most_exposed(policy.terms_of(self.package), self.package.exposed)


@dataclass(frozen=True)
class SessionRow:
    """A session, what its contract says of cancelling it now, and until when that is free."""

    session: Session
    today: date

    @property
    def is_planned(self) -> bool:
        return self.session.confirmed_at is None and self.session.cancelled_on is None

    @cached_property
    def clause(self) -> Standing | None:
        one = self.session
        is_over = one.cancelled_on or one.held_on < self.today or getattr(one, "is_taken", False)
        if is_over or not policy.is_under_contract(one):
            return None
        terms = policy.terms_of(one.cohort.package)
        return clauses.standing_of_session(terms, held_on=one.held_on, today=self.today)

    @property
    def free_until(self) -> date | None:
        package = self.session.cohort.package
        return clauses.last_free_day(self.session.held_on, package.notice_days) if package else None
