"""Who may do what with a practitioner, and what stands against giving one a case."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from rj_service.accounts.roles import Role
from rj_service.ui.dates import born_by
from volunteers.choices import (
    ADULT,
    APPLICATION_TRANSITIONS,
    DBS_ENOUGH,
    FROM_AN_ORGANISATION,
    POLICE_VETTING_ENOUGH,
    REFERENCES_NEEDED,
    STOOD_DOWN,
    TRANSITIONS,
    ApplicationStatus,
    ApprovalOf,
    Level,
    PractitionerStatus,
    SafeguardKind,
)
from volunteers.models import Application, Campaign, CampaignApproval, ExpenseClaim, Practitioner
from volunteers.readiness import readiness_of


def can_manage(user, practitioner: Practitioner) -> bool:
    """Never oneself: a coordinator who facilitates has their checks, status and level recorded by somebody else."""
    return practitioner.learner.user_id != user.pk and user.may("volunteers.manage", practitioner.service_area_id)


def can_record_supervision(user, practitioner: Practitioner) -> bool:
    """A case supervisor records what they held, never their own."""
    if practitioner.learner.user_id == user.pk:
        return False
    in_area = user.acting is not None and user.acting.service_area_id == practitioner.service_area_id
    return can_manage(user, practitioner) or (in_area and user.acting_role == Role.CASE_SUPERVISOR)


def can_record_development(user, practitioner: Practitioner) -> bool:
    """Their own, or those of the area for who manages it."""
    return can_manage(user, practitioner) or practitioner.learner.user_id == user.pk


def can_read_portfolio(user, practitioner: Practitioner) -> bool:
    return practitioner.learner.user_id == user.pk or user.may("volunteers.view", practitioner.service_area_id)


def can_set_availability(user, practitioner: Practitioner) -> bool:
    """Their own, or those of the area for who manages it."""
    return can_manage(user, practitioner) or practitioner.learner.user_id == user.pk


def can_claim(user, practitioner: Practitioner) -> bool:
    """Their own expenses and hours."""
    return practitioner.learner.user_id == user.pk and user.may("volunteers.view_own", practitioner.service_area_id)


def can_pay(user, area_id) -> bool:
    return user.may("volunteers.pay", area_id)


def can_decide_claim(user, claim: ExpenseClaim) -> bool:
    """Somebody else than whoever claims it."""
    who = claim.practitioner
    return who.learner.user_id != user.pk and can_pay(user, who.service_area_id)


def may_stand_down_to(practitioner: Practitioner) -> list[str]:
    """On leave, suspended; what they are already, too, once it was looked at again."""
    return [kind for kind in STOOD_DOWN if kind == practitioner.status or can_move_to(practitioner, kind)]


def can_put_right(claim: ExpenseClaim) -> bool:
    """Whoever claimed it: not once they have left."""
    return claim.practitioner.status != PractitionerStatus.LEFT


def can_move_to(practitioner: Practitioner, status: str) -> bool:
    return status in TRANSITIONS[practitioner.status]


def missing_to_move(practitioner: Any, status: str, applied: Iterable[str] = ()) -> list[str]:
    """What a step towards active asks for, of a row of `with_readiness`. `applied`: kinds of checks whose result is not there
    yet. Vetting takes months and an induction shows nobody's case: it may begin once both are applied for. A trainee has
    both cleared."""
    if status not in (PractitionerStatus.INDUCTION, PractitionerStatus.TRAINEE, PractitionerStatus.ACTIVE):
        return []
    lines = {line.label: line for line in readiness_of(practitioner).lines}
    waits = set(applied) if status == PractitionerStatus.INDUCTION else set()
    wanted = {"DBS": DBS_ENOUGH, "Police vetting": POLICE_VETTING_ENOUGH}
    missing = [
        f"{lines[label].words}, and not applied for" if status == PractitionerStatus.INDUCTION else lines[label].words
        for label, enough in wanted.items()
        if lines[label].state == "stop" and not waits & set(enough)
    ]
    if status == PractitionerStatus.ACTIVE and lines["Facilitator training"].state == "stop":
        missing.append(lines["Facilitator training"].words)
    return [*missing, *(line.words for line in readiness_of(practitioner).lines if line.label == "Safeguards")]


def can_recruit(user, area_id) -> bool:
    return user.may("volunteers.manage", area_id)


def can_record_safeguard(user, about: Application | Practitioner, kind: str) -> bool:
    """The sign-off is a service manager’s own; a parent's agreement is written down by whoever recruits."""
    permission = "volunteers.safeguard" if kind == SafeguardKind.SIGN_OFF else "volunteers.manage"
    return user.may(permission, about.service_area_id)


def missing_papers(campaign: Campaign) -> list[str]:
    papers = {"Write the person specification": "person_specification", "Write the job description": "job_description"}
    return [words for words, name in papers.items() if not getattr(campaign, name).strip()]


def missing_to_advertise(campaign: Campaign, approvals: Iterable[CampaignApproval]) -> list[str]:
    """Papers and both approvals come first (seed 003 paragraph 6.3)."""
    given = {one.of for one in approvals if one.ended_at is None}
    asked = [f"{of.label} has not approved its papers" for of in ApprovalOf if of not in given]
    return [*missing_papers(campaign), *asked]


def composition_faults(lines: Iterable[tuple[int, bool]], size: int, fewest_volunteers: int) -> list[str]:
    """Of (number, is volunteer): the places come to the size, with enough volunteers (seed 001 paragraph 1.5: ten, four)."""
    lines = list(lines)
    places, volunteers = sum(number for number, _ in lines), sum(number for number, is_one in lines if is_one)
    faults = []
    if places != size:
        faults.append(f"These are {places} places, and the team has {size}")
    if volunteers < fewest_volunteers:
        faults.append(f"These are {volunteers} volunteers, and at least {fewest_volunteers} are wanted")
    return faults


def is_minor(born: date | None, today: date) -> bool:
    return born is not None and born > born_by(today, ADULT)


def missing_to_take_on(application: Application, today: date) -> list[str]:
    """What is still asked for, whatever the stage. Reads its references and safeguards."""
    missing = []
    if ApplicationStatus.TAKEN_ON not in APPLICATION_TRANSITIONS[application.status]:
        missing.append("The interview has not been held")
    good = sum(1 for one in application.references.all() if one.is_satisfactory)
    if good < REFERENCES_NEEDED:
        missing.append(f"{good} of {REFERENCES_NEEDED} satisfactory references")
    if application.date_of_birth is None:
        missing.append("The date of birth is not known")
    if application.kind in FROM_AN_ORGANISATION and application.organisation_id is None:
        missing.append("The organisation that they come from is not known")
    if is_minor(application.date_of_birth, today):
        missing += _missing_safeguards(one.kind for one in application.safeguards.all())
    return missing


def _missing_safeguards(given: Iterable[str]) -> list[str]:
    recorded = set(given)
    return [f"Under 18: {kind.label.lower()} is not recorded" for kind in SafeguardKind if kind not in recorded]


def blocks_to_assign(row: Any, *, needs_advanced: bool = False, as_lead: bool = True) -> list[str]:
    """What stands against giving a case to a row of `with_readiness`, each a sentence; empty where nothing does.

    `needs_advanced` is a sensitive or complex case. Nobody under 18 leads or takes one (domain 2.16.6). A conflict of
    interest is not known here: the caller adds it.
    """
    blocks = readiness_of(row).blocks
    if not row.is_adult and (as_lead or needs_advanced):
        blocks.append("Under 18: cannot lead a case or take a sensitive one")
    if needs_advanced and as_lead and row.level != Level.ADVANCED:
        blocks.append(f"{Level(row.level).label} level: this case needs an Advanced lead")
    return blocks


def blocks_to_visit(row: Any) -> list[str]:
    """What stands against sending a row of `with_readiness` on a visit."""
    blocks = [] if readiness_of(row).may_open_cases else ["Not vetted, or not active today"]
    return blocks if row.is_adult else [*blocks, "Under 18: does not visit"]
