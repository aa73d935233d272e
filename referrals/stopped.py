"""What changed for somebody's safety, since when, and what to do about it: read on top of a referral and of its case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from referrals.models import SafetyChange, Task

_K = SafetyChange.Kind
AT_ONCE = timedelta(seconds=10)
LATER = 25  # changes that made no task of their own
UNKNOWN = "Something changed that has to be looked at"
# What changed and stands nowhere else: what to do about it, and who can. A concern, a restriction and a conflict of interest
# have their own readers.
CHANGED: dict[str, tuple[str, str]] = {
    _K.CONTACT_STRICTER: (
        "How they may be reached became stricter",
        "It counts already. Only the person loosens it: ask them by a way known before.",
    ),
    _K.FLAG_RAISED: (
        "Something sensitive was added",
        "Whoever is trained looks at the assessments again, and the case supervisor signs the case off anew.",
    ),
    _K.NO_LONGER_VERIFIED: (
        "The self-referral is not verified any more",
        "The coordinator, once the police or the Victims’ Hub confirm it. Until then the other side is shut.",
    ),
    _K.CHILD: (
        "It is known that they are under 18",
        "The coordinator: see what a child needs before anything goes on.",
    ),
    _K.TURNED_18: ("They are 18 now", "They themselves: ask them again what they agree to."),
    _K.INCIDENT_CORRECTED: ("What happened was corrected", "The coordinator: see whether the case still fits it."),
    _K.CONSENT_WITHDRAWN: ("An agreement was withdrawn", "Whoever gave it, if they give it again."),
}

# What a case says at its desk by itself, for as long as it stands.
STANDING: dict[str, tuple[str, str]] = {
    _K.BAR_RECORDED: ("An order or a condition that forbids contact was recorded", "Only the authority, in writing."),
    _K.PAUSED: ("They asked for a pause", "They themselves, on their own page or by telling us."),
    _K.DIED: ("They have died", "Nobody can lift this."),
}


@dataclass(frozen=True)
class Change:
    """What an alert was about. `kind` is empty where nothing says it but the task's own words."""

    task: Task
    words: str
    who: str = ""
    kind: str = ""
    person_id: UUID | None = None


def changes_behind(referral_id: UUID, tasks: Sequence[Task]) -> list[Change]:
    """Of each open task about safety what changed; one statement, and none where there is no task."""
    if not tasks:
        return []
    known = SafetyChange.objects.filter(referral=referral_id, kind__in=[*CHANGED, *STANDING]).order_by("-created_at")
    newest = list(known[: len(tasks) + LATER])
    return [_behind(task, newest) for task in tasks]


def _behind(task: Task, newest_first: Sequence[SafetyChange]) -> Change:
    """A change is written just before its task, in one transaction."""
    for one in newest_first:
        if AT_ONCE > task.created_at - one.created_at >= timedelta(0):
            words, who = (CHANGED | STANDING)[one.kind]
            return Change(task, words, who, one.kind, one.person_id)
    return Change(task, task.words or UNKNOWN)
