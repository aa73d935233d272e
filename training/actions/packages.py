"""A contract with a provider, from the first interest to its end; its conditions, what is due, and what its clauses cost."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from rj_service.accounts.errors import DomainError, StaleState
from rj_service.accounts.models import ServiceArea, User
from rj_service.audit.actions import record
from rj_service.ui.templatetags.ui import day, money
from training import clauses, events, policy
from training.actions.locking import locked_package, require_management
from training.choices import PACKAGE_TRANSITIONS, Condition, Funding, Limb, PackageStatus
from training.models import Activity, Exposure, PackageCondition, PackageStep, Session, TrainingPackage


@dataclass(frozen=True)
class PackageTerms:
    """What a package is and what its contract says. `agreed`: conferences or activities in the first twelve months."""

    name: str
    provider: str
    contact: str = ""
    contains: str = ""
    funding: str = Funding.FREE
    value: Decimal = Decimal(0)
    cost: Decimal = Decimal(0)
    ceiling: Decimal = Decimal(3000)
    notice_days: int = 28
    agreed: int = 0
    counts_held: bool = True
    counts_indirect: bool = False


# What the signature settles: afterwards the contract stands.
SETTLED = ("ceiling", "notice_days", "agreed", "funding", "provider")


@transaction.atomic
def create_package(*, area: ServiceArea, terms: PackageTerms, by: User) -> TrainingPackage:
    require_management(by, area.pk)
    package = TrainingPackage.objects.create(service_area=area, created_by=by, **asdict(terms))
    record(events.PACKAGE_CREATED, by=by, on=package)
    return package


@transaction.atomic
def change_package(*, package: TrainingPackage, terms: PackageTerms, by: User) -> TrainingPackage:
    """Until the contract is signed everything; after it what the contract does not settle."""
    require_management(by, package.service_area_id)
    package = locked_package(package)
    _require_not_closed(package)
    given: dict[str, Any] = asdict(terms)
    if package.signed_on and any(given[name] != getattr(package, name) for name in SETTLED):
        raise DomainError(
            "The contract is signed: its provider, funding, ceiling, notice and agreed number stand as they are"
        )
    for name, value in given.items():
        setattr(package, name, value)
    package.save(update_fields=list(given))
    record(events.PACKAGE_CHANGED, by=by, on=package)
    return package


@transaction.atomic
def move_package(*, package: TrainingPackage, status: str, by: User) -> TrainingPackage:
    """One step on. Signing is `sign_contract`; what is agreed asks for all six conditions (seed 000 paragraph 2.5)."""
    require_management(by, package.service_area_id)
    package = locked_package(package)
    if status == PackageStatus.SIGNED:
        raise DomainError("Record the signature with its day", field="status")
    _move(package, status)
    if status == PackageStatus.AGREED and (missing := conditions_missing(package)):
        raise DomainError(f"{len(missing)} of {len(Condition)} conditions have no evidence yet", field="status")
    package.save(update_fields=["status"])
    record(events.PACKAGE_MOVED, by=by, on=package, detail={"status": status})
    return package


@transaction.atomic
def sign_contract(
    *, package: TrainingPackage, signed_on: date, starts_on: date, today: date, by: User
) -> TrainingPackage:
    """From here on its sessions can be confirmed, and its clauses hold. The first twelve months run from `starts_on`."""
    require_management(by, package.service_area_id)
    package = locked_package(package)
    _move(package, PackageStatus.SIGNED)
    if signed_on > today:
        raise DomainError("The day of the signature must be today or in the past", field="signed_on")
    if starts_on < signed_on:
        raise DomainError(f"The contract must begin on or after its signature, {day(signed_on)}", field="starts_on")
    package.signed_on, package.signed_by, package.starts_on = signed_on, by, starts_on
    package.year_ends_on = clauses.first_year_ends(starts_on)
    package.save(update_fields=["status", "signed_on", "signed_by", "starts_on", "year_ends_on"])
    record(events.CONTRACT_SIGNED, by=by, on=package, detail={"signed_on": str(signed_on), "starts_on": str(starts_on)})
    return package


def conditions_missing(package: TrainingPackage) -> list[str]:
    """Those of the six that nobody has shown to be met."""
    met = set(PackageCondition.objects.filter(package=package, is_met=True).values_list("kind", flat=True))
    return [str(kind) for kind in Condition if kind not in met]


@transaction.atomic
def record_condition(
    *, package: TrainingPackage, kind: str, is_met: bool, evidence: str, shown_on: date, today: date, by: User
) -> PackageCondition:
    require_management(by, package.service_area_id)
    package = locked_package(package)
    _require_not_closed(package)
    if kind not in Condition.values:
        raise DomainError("Choose a condition", field="kind")
    if shown_on > today:
        raise DomainError("The day of the evidence must be today or in the past", field="shown_on")
    given = {"is_met": is_met, "evidence": evidence, "shown_on": shown_on, "recorded_by": by, "recorded_at": Now()}
    found, _ = PackageCondition.objects.update_or_create(package=package, kind=kind, defaults=given)
    record(events.CONDITION_RECORDED, by=by, on=package, detail={"kind": kind, "is_met": is_met})
    return found


@transaction.atomic
def add_step(*, package: TrainingPackage, words: str, who: str, due_on: date, by: User) -> PackageStep:
    require_management(by, package.service_area_id)
    step = PackageStep.objects.create(package=package, words=words, who=who, due_on=due_on, created_by=by)
    record(events.STEP_ADDED, by=by, on=package, detail={"step": str(step.pk), "due_on": str(due_on)})
    return step


@transaction.atomic
def finish_step(*, step: PackageStep, by: User) -> None:
    require_management(by, step.package.service_area_id)
    if not PackageStep.objects.open().filter(pk=step.pk).update(done_at=Now(), done_by=by):
        raise StaleState("This is done already. Nothing was done twice")
    record(events.STEP_DONE, by=by, on=step.package, detail={"step": str(step.pk)})


@transaction.atomic
def record_activity(
    *, package: TrainingPackage, held_on: date, number: int, words: str, today: date, by: User
) -> Activity:
    """Conferences or activities towards the agreed number that are not cases here."""
    require_management(by, package.service_area_id)
    package = locked_package(package)
    if package.starts_on is None:
        raise DomainError("The contract has not begun: there is nothing to count towards")
    if not package.starts_on <= held_on <= today:
        raise DomainError(f"The day must be between {day(package.starts_on)} and today", field="held_on")
    given = {"held_on": held_on, "number": number, "words": words, "recorded_by": by}
    activity = Activity.objects.create(package=package, **given)
    record(events.ACTIVITY_RECORDED, by=by, on=package, detail={"number": number, "held_on": str(held_on)})
    return activity


@transaction.atomic
def record_shortfall(*, package: TrainingPackage, amount: Decimal, today: date, by: User) -> Exposure:
    """What the provider asks for because fewer were delivered than agreed, once the first year is over."""
    require_management(by, package.service_area_id)
    package = locked_package(package)
    figures = TrainingPackage.objects.with_figures().get(pk=package.pk)
    terms = policy.terms_of(package)
    if package.year_ends_on is None or today <= package.year_ends_on:
        raise DomainError("The first twelve months of the contract are not over yet")
    if not clauses.shortfall(terms, figures.delivered):
        raise DomainError("As many were delivered as were agreed: this clause asks for nothing")
    if Exposure.objects.filter(package=package, limb=Limb.SHORTFALL).exists():
        raise StaleState("This is recorded already. Nothing was done twice")
    return expose(package, Limb.SHORTFALL, amount, arose_on=package.year_ends_on, by=by)


def expose(
    package: TrainingPackage, limb: str, amount: Decimal, *, arose_on: date, by: User, session: Session | None = None
) -> Exposure:
    """Under the lock of the package: all sums together stay under the one ceiling of the contract."""
    left = clauses.most_exposed(policy.terms_of(package), policy.exposed(package))
    if not 0 <= amount <= left:
        asked = f"The contract asks for at most {money(package.ceiling)} in all. {money(left)} of it is left"
        raise DomainError(asked, field="amount", code="ceiling")
    given = {"limb": limb, "amount": amount, "arose_on": arose_on, "session": session, "recorded_by": by}
    exposure = Exposure.objects.create(package=package, **given)
    detail: Mapping[str, Any] = {"limb": str(limb), "amount": str(amount)}
    record(events.EXPOSURE_RECORDED, by=by, on=package, detail=dict(detail))
    return exposure


def _move(package: TrainingPackage, status: str) -> None:
    if status not in PACKAGE_TRANSITIONS[package.status]:
        words = PackageStatus(package.status).label.lower()
        raise StaleState(f"{package.name} stands at {words}. Look at it again", field="status")
    package.status = status


def _require_not_closed(package: TrainingPackage) -> None:
    if package.status == PackageStatus.CLOSED:
        raise DomainError("This package is closed")
