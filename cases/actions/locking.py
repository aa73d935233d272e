"""Two people at one case: the case and its referral are held, so that consents, bars and flags stand still while we look."""

from datetime import date

from django.db.models import Model
from django.utils import timezone

from cases import events
from cases.actions.covering import review_cover
from cases.actions.timelines import follow
from cases.choices import ABUSE, CaseStatus, Side
from cases.models import AbuseCheck, Case, Participant, StageEntry
from cases.stages import MAIN_ROLES, facts_of, stage_of
from cases.timelines import CHANGES_WHO_COMES
from referrals.choices import ConsentPurpose, InitiatedBy
from referrals.models import Consent, SensitiveFlag
from referrals.policy import UNVERIFIED, given_as_a_child, is_begun_by_responsible, is_closed_side
from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from rj_service.accounts.models import User
from rj_service.accounts.scoping import row_by_row
from rj_service.audit.actions import record
from rj_service.ui.dates import moment_of
from rj_service.ui.templatetags.ui import day, when
from volunteers.models import Practitioner

NOT_YOURS = "This case is not open to you."
NOT_YOUR_SIDE = "This side is worked by somebody else. Ask the coordinator."
ASK_A_SPECIALIST = (
    "Domestic abuse: consult a specialist (DASH, IDVA or MARAC) and ask whether the wish is the person’s own, before anybody of"
    " the other side is approached."
)
UNDER_PRESSURE = (
    "Domestic abuse: the wish was not found to be the person’s own. Nobody of the other side is approached."
)
CLOSED = "This case is closed. Open it again first."


def locked(case: Case, by: User, today: date) -> Case:
    """The case as it stands now, held with its referral until the transaction ends. Refused when `by` may not see it.

    Read after both are held: a join that waited for a lock would still show what was there before.
    """
    both = Case.objects.select_related("referral").select_for_update(of=("self", "referral"))
    both.only("referral__reference").get(pk=case.pk)
    seen = Case.objects.visible_to(by, today).select_related("referral")
    fresh = seen.filter(pk=case.pk).first()
    if fresh is None:
        raise NotAllowed(NOT_YOURS)
    return fresh


def locked_open(case: Case, by: User, today: date) -> Case:
    fresh = locked(case, by, today)
    if fresh.status == CaseStatus.CLOSED:
        raise StaleState(CLOSED)
    return fresh


def again(row: Model):
    """The row as it stands now, held; after the case was locked."""
    return type(row).objects.select_for_update().get(pk=row.pk)  # type: ignore[attr-defined]


def hold_practitioners(practitioners) -> None:
    """After the case, in the order of their keys: two meetings or visits arranged at once see each other."""
    held = row_by_row(Practitioner).select_for_update().filter(pk__in=practitioners).order_by("pk")
    list(held.values_list("pk"))


def require_since_opened(case: Case, on: date, field: str) -> None:
    if on < case.opened_on:
        raise DomainError(f"The day must be on or after the case was opened, {day(case.opened_on)}", field=field)


def require_since_received(case: Case, on: date, field: str) -> None:
    """What was asked for another referral, or a year that was mistyped, answers nothing of this one."""
    if on < (received := case.referral.received_on):
        raise DomainError(f"The day must be on or after the referral came, {day(received)}", field=field)


def require(allowed: bool, words: str) -> None:
    if not allowed:
        raise NotAllowed(words)


def require_open_side(case: Case, side: str) -> None:
    """The other side of a self-referral is not approached before it is verified (domain 2.16.8)."""
    if is_closed_side(case.referral, side):
        raise DomainError(UNVERIFIED, code="unverified")
    if side == Side.RESPONSIBLE and case.referral.initiated_by != InitiatedBy.OFFENDER:
        _require_abuse_asked(case)


def approach_is_agreed(case: Case, side: str, today: date) -> bool:
    """Everybody who began it has agreed that the other side is approached, and counts as asked (domain 2.16.6, 2.16.7)."""
    began = Side.RESPONSIBLE if is_begun_by_responsible(case.referral) else Side.HARMED
    if side in (began, Side.NEITHER):
        return True
    main = Participant.objects.filter(case=case, side=began, role__in=MAIN_ROLES, left_at__isnull=True)
    people = {one.person_id: one.person for one in main.select_related("person")}
    given = Consent.objects.in_force().filter(
        referral=case.referral_id, purpose=ConsentPurpose.APPROACH_OTHER_SIDE, person__in=people
    )
    agreed = {one.person_id for one in given if not given_as_a_child(one, people[one.person_id], today)}
    return bool(people) and agreed == set(people)


def may_approach(case: Case, side: str) -> bool:
    """Whether `require_open_side` has nothing against it."""
    try:
        require_open_side(case, side)
    except DomainError:
        return False
    return True


def _require_abuse_asked(case: Case) -> None:
    """With domestic abuse nobody of the other side is approached before a specialist was consulted and the wish of the
    person harmed was found to be their own (domain 2.16.4)."""
    flags = SensitiveFlag.objects.filter(referral=case.referral_id, kind__in=ABUSE, cleared_at__isnull=True)
    if not flags.exists():
        return
    checks = AbuseCheck.objects.filter(participant__case=case).order_by("-recorded_at", "-id")
    own = checks.values_list("wish_is_their_own", flat=True).first()
    if own is None:
        raise DomainError(ASK_A_SPECIALIST, code="abuse")
    if not own:
        raise DomainError(UNDER_PRESSURE, code="abuse")


def already(who: User | None, did: str, at) -> StaleState:
    """'R Santos accepted this referral at 10:42am. Nothing was done twice.'"""
    name = who.get_short_name() if who else "Somebody else"
    return StaleState(f"{name} {did} on {when(at)}. Nothing was done twice.")


def restage(case: Case, by: User, today: date) -> None:
    """Rewrite the stage from the facts; every action that touches one of them (`stages.Facts`) ends with it."""
    stage = stage_of(facts_of(case))
    if stage == case.stage:
        return
    case.stage, case.stage_since = stage, moment_of(today)
    case.save(update_fields=["stage", "stage_since"])
    enter_stage(case, by)


def enter_stage(case: Case, by: User) -> None:
    StageEntry.objects.create(case=case, stage=case.stage, entered_at=case.stage_since, entered_by=by)
    detail = {"stage": case.stage}
    record(events.STAGE_ENTERED, by=by, on=case, detail=detail, occurred_at=case.stage_since)
    follow(events.STAGE_ENTERED, case, by, timezone.localdate(case.stage_since), detail)


def record_on(
    verb: str, case: Case, by: User, today: date, *, about: Participant | None = None, people=(), **detail
) -> None:
    """One domain event on the case: codes, ids and numbers only. The case's timeline follows it."""
    if about is not None:
        people = [*people, about.person_id]
        detail |= {"side": about.side, "participant": str(about.pk)}
    record(verb, by=by, on=case, detail=detail, people=people, occurred_at=moment_of(today))
    follow(verb, case, by, today, detail)
    if verb in CHANGES_WHO_COMES and "moved_in" not in detail:
        review_cover(by=by, today=today, case=case)


def in_sentence(words: str) -> str:
    """'Police vetting ended' in the middle of a sentence; 'DBS enhanced' stays as it is."""
    return words[:1].lower() + words[1:] if words[1:2].islower() else words
