"""THE gate: nothing is carried between the sides before every check is in place (domain 2.16.2). Nobody overrides more of it than
`Overridable` names."""

from collections.abc import Iterable, Iterator
from datetime import date

from cases.choices import (
    ABUSE,
    DIRECT_MODELS,
    INDIRECT_ONLY_MODELS,
    AssessmentOutcome,
    CaseStatus,
    Model,
    NotFaceToFaceReason,
    ReopenedBecause,
    Side,
)
from cases.gate.arrangements import arrangements
from cases.gate.check import BOTH, COORDINATOR, FACILITATOR, Check, check
from cases.gate.facts import Facts, facts_for, facts_of
from cases.gate.staff import facilitators, sensitive
from cases.models import Assessment, Intervention, Participant
from cases.stages import BOTH_SIDES
from referrals.ages import eighteen_on
from referrals.choices import (
    SELF_REFERRED,
    AgeGroup,
    Approach,
    ConsentMethod,
    ConsentPurpose,
    CrimeType,
    InitiatedBy,
    SensitiveKind,
)
from referrals.policy import age_group, age_to_establish, bar_in_words, given_as_a_child, parental_block
from rj_service.accounts.errors import DomainError
from rj_service.ui.templatetags.ui import day

# Panels never with these, nor with an assault with injury, which police.uk's one crime type does not tell apart (2.16.19).
NEVER_A_PANEL = frozenset([SensitiveKind.DOMESTIC_ABUSE, SensitiveKind.COERCIVE_CONTROL, SensitiveKind.HATE_CRIME])


class GateClosed(DomainError):
    """Carries every check; the message names the first that is missing."""

    def __init__(self, checks: Iterable[Check], model: str):
        self.checks = tuple(checks)
        self.missing = tuple(check for check in self.checks if check.is_missing)
        what = Model(model).label
        super().__init__(f"{what}: this cannot go ahead. {self.missing[0].reason}", code="gate_closed")


def is_open(checks: Iterable[Check]) -> bool:
    return not any(check.is_missing for check in checks)


def needs_of(checks: Iterable[Check]) -> tuple[Check, ...]:
    """What is missing, each thing once: where nobody has signed an assessment, two checks of a side fail."""
    needs: dict[tuple[str, str], Check] = {}
    for one in checks:
        if one.is_missing:
            needs.setdefault((one.side, one.reason), one)
    return tuple(needs.values())


def checks_for(intervention: Intervention, today: date, *, on_the_day: bool = False) -> list[Check]:
    """Every check of an intervention as it stands on a day, and until the day planned; `on_the_day`: of something held,
    reconfirmed, its arrangements behind it. Always the same checks in the same order for the same model and flags. An action
    asks with the case and its referral locked."""
    return list(_checks(facts_for(intervention, today, on_the_day=on_the_day), on_the_day))


def checks_for_each(interventions: list[Intervention], today: date) -> list[list[Check]]:
    """For a list: the checks of each, in its order, in the number of statements of one."""
    return [list(_checks(facts, on_the_day=False)) for facts in facts_of(interventions, today)]


def _checks(facts: Facts, on_the_day: bool) -> Iterator[Check]:
    yield _case_open(facts)
    if facts.referral.mechanism in SELF_REFERRED:
        yield _verified(facts)
    for side in BOTH_SIDES:
        yield from _side(facts, side)
    yield from _approach(facts)
    if facts.intervention.model == Model.NJP_PANEL:
        yield _panel(facts)
    yield from facilitators(facts)
    if facts.flags:
        yield from sensitive(facts)
    if facts.kinds & ABUSE:
        yield _abuse(facts)
    if facts.intervention.model not in DIRECT_MODELS:
        yield _not_face_to_face(facts)
    if on_the_day:
        yield _reconfirmed(facts)
    else:
        yield from arrangements(facts)


def _abuse(facts: Facts) -> Check:
    """Whoever began the referral: whether the wish is the person's own is asked first (domain 2.16.4)."""
    missing = "" if facts.abuse else "Nobody has asked whether the wish is their own, with a specialist consulted."
    if facts.abuse and not facts.abuse.wish_is_their_own:
        missing = "The wish was found not to be their own."
    in_place = f"Asked on {day(facts.abuse.done_on)}" if facts.abuse else ""
    title = "The wish of whoever was harmed is their own"
    return check("abuse", title, Side.HARMED, missing, in_place, FACILITATOR, "cases:assessments")


def _case_open(facts: Facts) -> Check:
    case = facts.case
    missing = "" if case.status == CaseStatus.OPEN else f"The case is {CaseStatus(case.status).label.lower()}."
    return check("case_open", "The case is open", BOTH, missing, "Open", COORDINATOR, "cases:detail")


def _verified(facts: Facts) -> Check:
    missing = "Nobody has confirmed who referred themselves and what happened." if facts.referral.is_unverified else ""
    in_place = day(facts.referral.verified_at)
    return check("verified", "The self-referral is verified", BOTH, missing, in_place, COORDINATOR, "cases:detail")


# Of each side: one check is in place when it is for every main participant of the side.
def _side(facts: Facts, side: str) -> Iterator[Check]:
    for key, title, rule, who_can in (
        ("present", "Somebody on this side", lambda facts, p: ("", p.person.name), COORDINATOR),
        ("alive", "Nobody on this side has died", _alive, ""),
        ("contact", "Contact not withdrawn", _contact, FACILITATOR),
        ("take_part", "Agreed in writing to take part", _take_part, FACILITATOR),
        ("child", "An adult, or a child with all that a child needs", _child, COORDINATOR),
        ("assessment", "Assessment signed and current", _assessment, "A trained practitioner who has met the person"),
        ("outcome", "The assessment permits this", _outcome, "A trained practitioner who has met the person"),
        ("legal_bar", "No order or condition forbids it", _legal_bar, "Only the authority that set it"),
    ):
        verdicts = [rule(facts, participant) for participant in facts.people[side]]
        missing = " ".join(missing for missing, _ in verdicts if missing)
        in_place = "; ".join(dict.fromkeys(words for _, words in verdicts))
        if not verdicts:
            missing = f"Nobody is named on the {Side(side).label.lower()} yet."
        yield check(key, title, side, missing, in_place, who_can, "cases:side")


def _alive(facts: Facts, p: Participant) -> tuple[str, str]:
    died_on = p.person.died_on
    return (f"{p.person.name} died on {day(died_on)}." if died_on else ""), "As far as is known"


def _contact(facts: Facts, p: Participant) -> tuple[str, str]:
    if p.person.approach == Approach.NEVER:
        return f"{p.person.name} asked never to be asked.", ""
    if p.person.paused_at:
        return f"{p.person.name} asked for a pause.", ""
    given = facts.consents.get((p.person_id, ConsentPurpose.CONTACT), [])
    if given and all(consent.withdrawn_at for consent in given):
        return f"{p.person.name} withdrew their agreement to be contacted.", ""
    return "", "Not withdrawn"


def _take_part(facts: Facts, p: Participant) -> tuple[str, str]:
    given = facts.consents.get((p.person_id, ConsentPurpose.TAKE_PART), [])
    standing = [consent for consent in given if consent.withdrawn_at is None]
    if given and not standing:
        return f"{p.person.name} withdrew their agreement to take part.", ""
    if standing and all(given_as_a_child(consent, p.person, facts.today) for consent in standing):
        return f"{p.person.name} has turned 18. They have not been asked again whether they take part.", ""
    standing = [consent for consent in standing if not given_as_a_child(consent, p.person, facts.today)]
    if not standing:
        return f"{p.person.name} has not agreed to take part.", ""
    if all(given_as_a_child(consent, p.person, facts.on) for consent in standing):
        return _turns_18(facts, p), ""
    written = [c for c in standing if c.method == ConsentMethod.WRITTEN and c.informed]
    if not written:
        return f"{p.person.name} has agreed, but not in writing.", ""
    given_on = written[-1].given_on
    return "", day(given_on) if given_on else "In writing"


def _turns_18(facts: Facts, p: Participant) -> str:
    """Between today and the day planned. Nobody can say beforehand what they will say themselves: it stays a plan until then."""
    birthday = day(eighteen_on(p.person.date_of_birth)) if p.person.date_of_birth else ""
    planned = "the day planned" if birthday == day(facts.on) else f"before {day(facts.on)}"
    ends = f"{p.person.name} turns 18 on {birthday}, {planned}. What they agreed to as a child ends then."
    return f"{ends} Choose an earlier day, or keep this as a plan, ask them again on {birthday} or after, and arrange it then."


def _child(facts: Facts, p: Participant) -> tuple[str, str]:
    """Beside the child's own agreement (domain 2.16.6)."""
    group = age_group(p.person, facts.today)
    if group == AgeGroup.NOT_KNOWN:
        return age_to_establish(p.person), ""
    if group == AgeGroup.ADULT:
        return "", "An organisation" if p.person.is_organisation else "18 or over"
    alone = "" if p.side in facts.supported else f"{p.person.name} is under 18 and has no supporter."
    agreed = _parental(facts, p, ConsentPurpose.TAKE_PART, in_writing=True)
    asked = _services(facts, p)
    return " ".join(
        filter(None, [agreed, asked, alone])
    ), "Under 18: agreed with parental responsibility, and a supporter"


def _services(facts: Facts, p: Participant) -> str:
    """Whether anybody of these works with them is asked, and what was answered is written down; 'nobody' is an answer."""
    known = facts.childhoods.get(p.person_id)
    answers = {
        "the Youth Justice Service": known.youth_justice if known else "",
        "children’s services": known.childrens_services if known else "",
    }
    missing = [who for who, answer in answers.items() if not answer]
    return f"Nobody has asked whether {' or '.join(missing)} work with {p.person.name}." if missing else ""


def _parental(facts: Facts, p: Participant, purpose: str, *, in_writing: bool = False) -> str:
    return parental_block(
        p.person,
        childhood=facts.childhoods.get(p.person_id),
        said=facts.parental.get(p.person_id, []),
        purpose=purpose,
        today=facts.today,
        in_writing=in_writing,
    )


def _assessment(facts: Facts, p: Participant) -> tuple[str, str]:
    assessment = facts.assessments.get(p.pk)
    if assessment is None:
        return f"{p.person.name} has no signed assessment.", ""
    if assessment.reopened_because:
        on, because = day(assessment.reopened_on), ReopenedBecause(assessment.reopened_because).label
        return f"{p.person.name}’s assessment was re-opened on {on}: {because[:1].lower()}{because[1:]}.", ""
    until = assessment.good_until
    if until is None or until < facts.today:
        return f"{p.person.name}’s assessment ended on {day(until)}.", ""
    if until < facts.on:
        return f"{p.person.name}’s assessment ends on {day(until)}, before {day(facts.on)}.", ""
    return "", f"Good until {day(assessment.good_until)}"


def _outcome(facts: Facts, p: Participant) -> tuple[str, str]:
    assessment = facts.assessments.get(p.pk)
    if assessment is None:
        return f"{p.person.name} has no signed assessment.", ""
    outcome = AssessmentOutcome(assessment.outcome)
    if outcome == AssessmentOutcome.WITH_CONDITIONS and not conditions_met(assessment, facts.today):
        return f"{p.person.name}: suitable with conditions, and not every condition is met.", ""
    if not permits(outcome, facts.intervention.model):
        return f"{p.person.name}: {outcome.label.lower()}. That does not permit this.", ""
    return "", outcome.label


def conditions_met(assessment: Assessment, today: date) -> bool:
    return assessment.conditions_met_on is not None and assessment.conditions_met_on <= today


def permits(outcome: str, model: str) -> bool:
    """Domain 2.16.19, less the flags and the conditions."""
    if outcome == AssessmentOutcome.INDIRECT_ONLY:
        return model in INDIRECT_ONLY_MODELS
    return outcome in (AssessmentOutcome.SUITABLE, AssessmentOutcome.WITH_CONDITIONS)


def _legal_bar(facts: Facts, p: Participant) -> tuple[str, str]:
    return " ".join(bar_in_words(bar) for bar in facts.bars.get(p.person_id, [])), "None standing"


def _approach(facts: Facts) -> Iterator[Check]:
    """A consent of its own, of the side that began it; with domestic abuse the person harmed must wish it in any case."""
    first = Side.RESPONSIBLE if facts.referral.initiated_by == InitiatedBy.OFFENDER else Side.HARMED
    sides = [first] if first == Side.HARMED or not facts.kinds & ABUSE else [Side.HARMED, first]
    purpose = ConsentPurpose.APPROACH_OTHER_SIDE
    for side in sides:
        people = facts.people[side]
        without = [p.person.name for p in people if not _in_force(facts, p, purpose, facts.today)]
        missing = f"{', '.join(without)} has not agreed that we approach the other side." if without else ""
        missing = missing or " ".join(_turns_18(facts, p) for p in people if not _in_force(facts, p, purpose, facts.on))
        missing = missing or " ".join(filter(None, (_parental(facts, p, purpose) for p in people)))
        if not people:
            missing = f"Nobody is named on the {Side(side).label.lower()} yet."
        title = "Agreed that we approach the other side"
        yield check("approach", title, side, missing, "Agreed", FACILITATOR, "cases:side")


def _in_force(facts: Facts, p: Participant, purpose: str, on: date) -> bool:
    given = facts.consents.get((p.person_id, purpose), [])
    return any(one.withdrawn_at is None and not given_as_a_child(one, p.person, on) for one in given)


def _panel(facts: Facts) -> Check:
    barred = facts.kinds & NEVER_A_PANEL
    missing = ""
    if barred:
        missing = (
            f"A panel is never used with {', '.join(sorted(SensitiveKind(kind).label.lower() for kind in barred))}."
        )
    elif facts.referral.incident.crime_type == CrimeType.VIOLENT_CRIME:
        missing = "A panel is never used where somebody may have been injured."
    return check("panel", "A panel is right for this", BOTH, missing, "Yes", "Plan another model", "cases:plan")


def _not_face_to_face(facts: Facts) -> Check:
    reason = facts.intervention.not_face_to_face_reason
    missing = "" if reason else "Say why it is not face to face: wish, safety or other."
    in_place = NotFaceToFaceReason(reason).label if reason else ""
    return check("not_face_to_face", "Why not face to face", BOTH, missing, in_place, FACILITATOR, "cases:plan")


def _reconfirmed(facts: Facts) -> Check:
    done = facts.intervention.reconfirmed_on == facts.today
    missing = "" if done else "It has not been reconfirmed with everybody on the day."
    in_place = day(facts.intervention.reconfirmed_on) if done else ""
    return check("reconfirmed", "Reconfirmed on the day", BOTH, missing, in_place, FACILITATOR, "cases:reconfirm")
