"""A whole file of volunteers is taken back, as long as nobody has worked with what it brought. A check that was refused or
withdrawn stays, whoever brought it: it protects."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from rj_service.accounts.errors import NotAllowed
from rj_service.accounts.models import User
from rj_service.audit.actions import record
from rj_service.audit.models import DomainEvent
from rj_service.documents import moves
from rj_service.documents.moves import Step
from rj_service.notifications.actions import notify
from rj_service.ui.templatetags.ui import plural
from training import events as training
from training.models import Learner, OtherTraining
from volunteers import events
from volunteers.actions.moving_people import forget_rows, locked_move, page_of, rows_of
from volunteers.choices import CheckStatus
from volunteers.models import Check, PeopleMove, Practitioner, Registration

OF: dict[str, Any] = {
    "volunteers": Practitioner,
    "checks": Check,
    "registrations": Registration,
    "training": OtherTraining,
}
# What files do: to make somebody, and what is found by the rows that are there.
BY_FILES = (
    training.LEARNER_REGISTERED,
    events.PRACTITIONER_REGISTERED,
    training.OTHER_TRAINING_RECORDED,
    events.REGISTRATION_RECORDED,
)
OWN = ("learner", "practitioner")
NAMED = 5


def brought_by(move: PeopleMove) -> QuerySet[Any]:
    """What the file made and is there still; of checks those that protect nobody."""
    made = [row["made"] for row in rows_of(move) if row.get("made")]
    found = OF[move.template].objects.filter(pk__in=made)
    return found.filter(status__in=[CheckStatus.CLEARED, CheckStatus.APPLIED]) if move.template == "checks" else found


def why_not_undone(move: PeopleMove) -> str:
    """Whom somebody has worked with since; empty where nobody has."""
    brought = {one.pk: one for one in brought_by(move).select_related(*_names(move))}
    keys = set(brought)
    if move.template == "volunteers":
        learners = {one.learner_id: one.pk for one in brought.values()}
        touched = _events_of(move, keys | set(learners)).exclude(verb__in=BY_FILES)
        worked = {learners.get(key, key) for key in touched.values_list("object_id", flat=True)}
        worked |= _with_rows(Practitioner, keys) | {learners[key] for key in _with_rows(Learner, set(learners))}
    else:
        worked = set(_events_of(move, keys).values_list("object_id", flat=True))
    if not worked:
        return ""
    names = sorted({_name(brought[key]) for key in worked})
    more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
    have = plural(len(names), "of them has,of them have")
    named = f"{have} been worked with since: {', '.join(names[:NAMED])}{more}"
    return f"{named}. Take back the later files first, or put it right one by one"


def _names(move: PeopleMove) -> tuple[str, ...]:
    return {"volunteers": ("learner",), "training": ("learner",)}.get(move.template, ("practitioner__learner",))


def _name(one: Any) -> str:
    return one.practitioner.name if hasattr(one, "practitioner") else one.learner.name


def _events_of(move: PeopleMove, keys: set) -> QuerySet[DomainEvent]:
    """What people did with them after they moved in."""
    people = User.objects.filter(kind=User.Kind.PERSON).values("pk")
    return DomainEvent.objects.filter(at__gt=move.moved_at, object_id__in=keys, actor_id__in=people)


def _with_rows(model: Any, keys: set) -> set:
    """Whose rows there are in any table: cases, claims, checks, courses, whatever app has it."""
    found: set = set()
    for relation in model._meta.related_objects:
        rows = relation.related_model._base_manager
        if relation.name not in OWN and not hasattr(relation.related_model, "pgh_tracked_model"):
            name = relation.field.name
            found |= set(rows.filter(**{f"{name}__in": keys}).values_list(name, flat=True))
    return found


@transaction.atomic
def undo_people_move(*, move: PeopleMove, because: str, by: User) -> PeopleMove:
    """By a service manager, at once. Raises DomainError with what stands in the way; the same file can move in again."""
    move = locked_move(move, Step.MOVED)
    if not by.may(moves.MOVE, move.service_area_id):
        raise NotAllowed("Only a service manager of this area can take this back.")
    moves.undo(move, because, why_not_undone(move), by)
    brought = list(brought_by(move))
    for one in brought:
        one.delete()
        if move.template == "volunteers":
            one.learner.delete()
    PeopleMove.objects.filter(pk=move.pk).update(step=Step.UNDONE)
    forget_rows(move)
    record(events.PEOPLE_TAKEN_BACK, by=by, on=move, detail={"rows": len(brought)})
    told = {user for user in (move.tried_by, move.answered_by) if user}
    notify(list(told), "move_in_undone", on=move, url=page_of(move))
    return PeopleMove.objects.get(pk=move.pk)
