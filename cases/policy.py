"""Who may do what in a case. Visibility comes first and elsewhere (`visible_to`): a case that is not yours is not there.

A practitioner acts only on the sides that their assignment names; `today` is the day of the act.
"""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.utils import timezone

from cases.choices import AssessmentItemKind as Item
from cases.choices import AssessmentOutcome, AssignmentRole, AssignmentSides, Concern, Side
from cases.models import Assignment, Case, CaseDocument, MoveIn, Participant, Visit
from cases.querysets import assigned_today, is_practitioner
from cases.stages import PERMITTING
from referrals.choices import Approach, ConsentPurpose
from referrals.models import Consent, Referral, Task
from referrals.policy import PAUSED, STOPPED_CONTACT, UNVERIFIED, has_withdrawn, is_closed_side
from rj_service.accounts.models import User, covered_by
from rj_service.accounts.roles import Role
from rj_service.accounts.scoping import row_by_row
from rj_service.documents.moves import may_agree
from volunteers.models import Practitioner
from volunteers.readiness import readiness_of

# Whoever facilitates has places on cases instead: they are handed over.
COVERED_ROLES = frozenset([Role.COORDINATOR, Role.SERVICE_MANAGER, Role.CASE_SUPERVISOR])
EVERY_SIDE = frozenset(Side.values)
NO_SIDE = ("", Side.NEITHER)
# Done where they are done, and ended by that.
ENDS_ELSEWHERE = frozenset(
    [Task.Kind.REVIEW_CHANGE, Task.Kind.TRIGGER, Task.Kind.LATE_REQUEST, Task.Kind.OWN_PAGE, Task.Kind.TURNED_18]
)
# What whoever signs an assessment must be on the day.
NEEDED_TO_SIGN = frozenset(["Status", "DBS", "Police vetting", "Facilitator training"])


def sides_open_to(user: User, case: Case, today: date | None = None) -> frozenset[str]:
    """The sides of a visible case that the user reads and works on."""
    if user.is_system or not is_practitioner(user):
        return EVERY_SIDE
    sides = set(assigned_today(user, today).filter(case=case).values_list("sides", flat=True))
    return EVERY_SIDE if AssignmentSides.BOTH in sides else frozenset(sides)


def leads_both_sides(user: User, case: Case, today: date | None = None) -> bool:
    mine = assigned_today(user, today).filter(case=case, role=AssignmentRole.LEAD, sides=AssignmentSides.BOTH)
    return is_practitioner(user) and mine.exists()


def _on_side(user: User, permission: str, case: Case, side: str, today: date | None) -> bool:
    return user.may(permission, case.service_area_id) and side in sides_open_to(user, case, today)


def can_arrange(user: User, area_id) -> bool:
    """What two areas agree on is a service manager's to say."""
    return user.may("referrals.grant", area_id)


def can_accept(user: User, referral) -> bool:
    return user.may("cases.open", referral.service_area_id)


def can_manage(user: User, case: Case) -> bool:
    """Participants, permissions despite a bar, specialist, supervisor, hold."""
    return user.may("cases.manage", case.service_area_id)


def can_forbid(user: User, case: Case, side: str | None = None, today: date | None = None) -> bool:
    """Say that an order forbids contact with somebody of a side, or that something in the case is sensitive: whoever hears of
    it, on the spot. Only stricter; what makes it less strict is for others (domain 2.16.1)."""
    sides = sides_open_to(user, case, today)
    return user.may("cases.record_consent", case.service_area_id) and (side in sides if side else bool(sides))


def can_log_contact(user: User, case: Case, side: str, today: date | None = None) -> bool:
    return _on_side(user, "cases.log_contact", case, side, today)


def can_see_to_visit(user: User, visit: Visit) -> bool:
    """Check in, check out, say that it takes longer: whoever goes, and the coordination, who are rung."""
    return visit.is_of(user) or can_manage(user, visit.case)


def why_not_contacted(participant: Participant, referral: Referral, given: Collection[Consent]) -> str:
    """The sentence that stops every way to reach the person; empty when none does. `given`: what they agreed to, withdrawn
    too."""
    person = participant.person
    stops = (
        (is_closed_side(referral, participant.side), UNVERIFIED),
        (person.died_on, "This person has died. Nobody calls and nothing is sent."),
        (person.approach == Approach.NEVER, "They asked never to be asked again. Nobody contacts them."),
        (has_withdrawn(given, ConsentPurpose.CONTACT), STOPPED_CONTACT),
        (person.paused_at, PAUSED),
    )
    return next((words for stop, words in stops if stop), "")


def can_record_consent(user: User, case: Case, side: str, today: date | None = None) -> bool:
    return _on_side(user, "cases.record_consent", case, side, today)


def can_assess(user: User, case: Case, side: str, today: date | None = None) -> bool:
    return _on_side(user, "cases.assess", case, side, today)


def can_assign(user: User, case: Case) -> bool:
    return user.may("cases.assign", case.service_area_id)


def can_plan(user: User, case: Case, today: date | None = None) -> bool:
    """Plan, arrange, reconfirm, hold and write the agreement: the coordinator, or the lead who works with both sides."""
    return user.may("cases.plan", case.service_area_id) or leads_both_sides(user, case, today)


def can_remove_document(user: User, case: Case, document: CaseDocument) -> bool:
    return can_manage(user, case) or (user.pk == document.added_by_id and not user.is_system)


def can_keep_venues(user: User, area_id) -> bool:
    return user.may("cases.plan", area_id)


def can_survey(user: User, case: Case) -> bool:
    return user.may("cases.survey", case.service_area_id)


def can_sign_off(user: User, case: Case) -> bool:
    """A second pair of eyes: never whoever coordinates the case."""
    if user.is_system or not user.may("cases.sign_off", case.service_area_id) or user.pk == case.coordinator_id:
        return False
    return user.acting_role == Role.SERVICE_MANAGER or user.pk == case.supervisor_id


def is_sent_back(case: Case) -> bool:
    """Not signed off, and nobody has asked again since."""
    asked = Task.objects.open().filter(referral=case.referral_id, kind=Task.Kind.SIGN_OFF)
    return case.sign_off_refused_at is not None and not asked.exists()


def can_override(user: User, case: Case) -> bool:
    """Whoever may sign the case off, and does not run it themselves."""
    facilitates = Assignment.objects.in_force().filter(case=case, practitioner__learner__user=user)
    return can_sign_off(user, case) and not facilitates.exists()


def can_reopen_assessment(user: User, case: Case) -> bool:
    """A manager's word, or that of the supervisor of the case."""
    return not user.is_system and user.may("cases.sign_off", case.service_area_id)


def can_add_task(user: User, case: Case) -> bool:
    return user.may("cases.manage", case.service_area_id)


def may_read_task(user: User, task: Task) -> bool:
    """Whether what a task is about is open to whoever is to have it; a practitioner, on the sides that they work with."""
    if not is_practitioner(user):
        return Referral.objects.all().casework_for(user).filter(pk=task.referral_id).exists()
    case = Case.objects.visible_to(user).filter(referral=task.referral_id).first()
    return case is not None and (task.side in NO_SIDE or task.side in sides_open_to(user, case))


def can_do(user: User, task: Task, today: date | None = None) -> bool:
    """Of a visible task: whoever has it or stands in for them, and the coordination."""
    if task.assigned_to_id in (None, user.pk) or user.may("cases.manage", task.service_area_id):
        return True
    return covered_by(user, today or timezone.localdate()).filter(user=task.assigned_to_id).exists()


def can_take_back_done(user: User, task: Task) -> bool:
    """What ended by what happened stays ended, whoever did it: it happened."""
    return task.done_by_hand and task.done_by_id == user.pk


def can_hand_on(user: User, task: Task) -> bool:
    return user.may("cases.manage", task.service_area_id)


def can_nudge(user: User, task: Task) -> bool:
    """Whoever reads the whole case; nobody reminds themselves."""
    return user.may("cases.view", task.service_area_id) and task.assigned_to_id not in (None, user.pk)


def can_record_absence(user: User, whose: User, area_id) -> bool:
    """One's own, and for the coordination anybody's."""
    own = user == whose and user.acting_role in COVERED_ROLES
    return user.may("cases.view", area_id) and (own or user.may("cases.manage", area_id))


def can_close(user: User, case: Case) -> bool:
    return user.may("cases.close", case.service_area_id)


def signing_blocks(row: Any) -> list[str]:
    """Why a practitioner (a row of `with_readiness`) cannot sign an assessment; empty when they can."""
    lines = readiness_of(row).lines
    blocks = [line.words for line in lines if line.state == "stop" and line.label in NEEDED_TO_SIGN]
    return blocks if row.is_adult else [*blocks, "Under 18"]


def can_sign_assessments(user: User, today: date) -> bool:
    row = row_by_row(Practitioner).filter(learner__user=user).with_readiness(today).first()
    return row is not None and not signing_blocks(row)


def outcome_blocks(side: str, concerns: dict[str, str], wanted: tuple[str, ...]) -> dict[str, str]:
    """AssessmentOutcome -> why the items do not allow it, or ''. `concerns`: item -> Concern; `wanted`: the side's items."""
    blocks = dict.fromkeys(AssessmentOutcome.values, "")
    unanswered = _labels(kind for kind in wanted if kind not in concerns)
    not_mitigated = _labels(kind for kind in wanted if concerns.get(kind) == Concern.NOT_MITIGATED)
    not_known = _labels(kind for kind in wanted if concerns.get(kind) == Concern.NOT_KNOWN)
    if not_known:
        blocks[AssessmentOutcome.SUITABLE] = f'"Suitable" is not possible while something is not known: {not_known}'
    if not_mitigated:
        blocks[AssessmentOutcome.SUITABLE] = (
            f'"Suitable" is not possible while a concern is not mitigated: {not_mitigated}'
        )
    if side == Side.RESPONSIBLE and concerns.get(Item.RESPONSIBILITY) == Concern.NOT_MITIGATED:
        blocks |= {outcome: _needs(Item.RESPONSIBILITY, outcome) for outcome in PERMITTING}
    if unanswered:
        blocks |= dict.fromkeys(PERMITTING, f"Answer every item first: {unanswered}")
    return blocks


def _labels(kinds: Iterable[str]) -> str:
    return ", ".join(Item(kind).label[:1].lower() + Item(kind).label[1:] for kind in kinds)


def _needs(item: Item, outcome: str) -> str:
    return f'"{AssessmentOutcome(outcome).label}" is not possible while a concern is not mitigated: {_labels([item])}'


def can_move_in(user: User, area_id) -> bool:
    return user.may("cases.move_in", area_id)


def can_agree_to_move(user: User, move: MoveIn) -> bool:
    """A second person."""
    return may_agree(user, move.service_area_id, move.moved_by_id)
