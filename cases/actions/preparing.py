"""A meeting's papers: what is printed for one side, for whoever facilitates, and to lie on the table."""

from datetime import date

from django.db import transaction

from cases import events, policy
from cases.actions.locking import NOT_YOUR_SIDE, again, locked_open, record_on, require, require_open_side
from cases.choices import OPEN_INTERVENTIONS, InterventionStatus
from cases.models import Intervention
from cases.papers.preparing import FacilitatorsPack, Preparation, facilitators_pack_for, preparation_for
from rj_service.accounts.errors import DomainError, StaleState
from rj_service.accounts.models import User

WHO_FACILITATES = "This holds both sides. Only whoever works with both of them has it."


@transaction.atomic
def print_preparation(*, intervention: Intervention, side: str, by: User, today: date) -> Preparation:
    """To be handed to that side. Refused for a side that nobody may approach yet, and while it would lead to somebody of the
    other."""
    case = locked_open(intervention.case, by, today)
    require(policy.can_log_contact(by, case, side, today), NOT_YOUR_SIDE)
    require_open_side(case, side)
    fresh = _to_come(intervention)
    preparation = preparation_for(fresh, side)
    if preparation.leads_to_somebody:
        found = " and ".join(preparation.leads_to_somebody)
        raise DomainError(f"Not printed: {found} would lead to somebody of the other side. Change the plan first.")
    record_on(
        events.PREPARATION_PRINTED, case, by, today, people=preparation.people, intervention=str(fresh.pk), side=side
    )
    return preparation


@transaction.atomic
def print_facilitators_pack(*, intervention: Intervention, by: User, today: date) -> FacilitatorsPack:
    """Of both sides: who arrives when and by which door, the room and safety plans, the script. Never to be handed out."""
    case = locked_open(intervention.case, by, today)
    require(policy.sides_open_to(by, case, today) == policy.EVERY_SIDE, WHO_FACILITATES)
    fresh = _to_come(intervention)
    pack = facilitators_pack_for(fresh)
    record_on(events.FACILITATORS_PACK_PRINTED, case, by, today, people=pack.people, intervention=str(fresh.pk))
    return pack


def _to_come(intervention: Intervention) -> Intervention:
    fresh = again(intervention)
    if fresh.status not in OPEN_INTERVENTIONS:
        raise StaleState(f"This is {InterventionStatus(fresh.status).label.lower()}: there is nothing to prepare.")
    return fresh
