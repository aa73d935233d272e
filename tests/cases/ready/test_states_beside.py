"""As test_states, of what hangs on a case beside its milestones: messages, promises, tasks, notes, overrides."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from cases import actions
from cases.choices import MessageStatus
from cases.models import Intervention, Message, Note, Override, ProgressPromise
from referrals.models import Task
from rj_service.accounts.acting import acting_as
from rj_service.accounts.errors import DomainError
from tests.cases.conftest import manager_of
from tests.cases.ready.test_messages import take, write
from tests.cases.ready.test_states import by, override, planned
from tests.cases.ready.test_telling import consent_to, make_promise, progress
from tests.cases.states import play_table

pytestmark = pytest.mark.django_db

# Words from one side to the other.


def _message(*steps: str) -> Callable:
    def come(ready) -> Message:
        Intervention.objects.update(model="letter_exchange", not_face_to_face_reason="wish")
        ready.schedule()
        ready.reconfirm()
        return take(ready, write(ready), *steps)

    return come


MESSAGE = {
    "change": (
        lambda r, one: actions.change_message(message=one, words="I am sorry for the gate.", shown=None, **by(r)),
        {"draft", "permitted", "read", "wished"},
    ),
    "permit": (lambda r, one: take(r, one, "permit"), {"draft"}),
    "take back": (
        lambda r, one: actions.take_back_message(message=one, **by(r)),
        {"draft", "permitted", "read", "wished"},
    ),
    "read": (lambda r, one: take(r, one, "read"), {"permitted"}),
    "say whether it is wished": (lambda r, one: take(r, one, "wish"), {"read", "wished"}),
    "carry": (lambda r, one: take(r, one, "carry"), {"wished"}, {"read": DomainError}),
    "answer": (lambda r, one: take(r, one, "answer"), {"carried"}),
}


# What is promised to whoever wants to hear.


def _promise(*steps: str) -> Callable:
    def make(ready) -> ProgressPromise:
        made = make_promise(ready)
        for step in steps:
            PROMISE[step][0](ready, made)
        return made

    return make


PROMISE = {
    "agree": (lambda r, one: consent_to(r, one), {"made", "taken back"}),
    # What somebody takes back is written down even after the end.
    "take back": (lambda r, one: actions.take_back_promise(promise=one, **by(r)), {"agreed", "ended"}),
    "tell": (
        lambda r, one: progress(r, one),
        {"agreed"},
        {status: DomainError for status in ("made", "taken back", "ended")},
    ),
    "end": (lambda r, one: actions.end_promise(promise=one, **by(r)), {"made", "agreed", "taken back"}),
}


# What is to do, what is written down, what is overridden.


def _task(ready) -> Task:
    to = ready.lead.learner.user
    return actions.add_task(case=ready.case, words="Ring her", due_on=ready.today, to=to, **by(ready))


def _done(ready) -> Task:
    return actions.finish_task(task=_task(ready), **by(ready))


TASK = {
    "finish": (lambda r, one: actions.finish_task(task=one, **by(r)), {"open"}),
    "put off": (
        lambda r, one: actions.put_off_task(task=one, until=r.today + timedelta(days=5), because="Away", **by(r)),
        {"open"},
    ),
    "give": (lambda r, one: actions.give_task(task=one, to=r.by, **by(r)), {"open"}),
    "remind": (lambda r, one: actions.nudge(task=one, **by(r)), {"open"}),
}


def _write(ready, words: str, version: int, **given) -> Note:
    return actions.save_note(participant=ready.harmed, words=words, version=version, **given, **by(ready))


def _signed_note(ready) -> Note:
    note = _write(ready, "She is calm", 0)
    return actions.sign_note(participant=ready.harmed, words=note.draft, version=note.version, **by(ready))


NOTE = {
    "go on writing": (lambda r, one: _write(r, "She is calm now", one.version), {"draft"}, {}, True),
    "sign": (
        lambda r, one: actions.sign_note(participant=r.harmed, words="She is calm", version=one.version, **by(r)),
        {"draft"},
    ),
    "throw away": (lambda r, one: actions.throw_away_draft(note=one, by=r.by), {"draft"}, {}, True),
    "add to it": (
        lambda r, one: actions.sign_note(participant=r.harmed, words="And well", version=0, adds_to=one, **by(r)),
        {"signed"},
        {"draft": DomainError},
    ),
}


def _overridden(ready) -> Override:
    override(ready, planned(ready))
    return Override.objects.get()


def _take_back(ready, override: Override) -> None:
    with acting_as(manager_of(ready.case)) as manager:
        actions.take_back_override(override=override, by=manager, today=ready.today)


def _ended_override(ready) -> Override:
    override = _overridden(ready)
    _take_back(ready, override)
    return override


OVERRIDE = {
    "take back": (_take_back, {"standing"}),
    "override again": (
        lambda r, one: override(r, Intervention.objects.get(pk=one.intervention_id)),
        {"ended"},
        {"standing": DomainError},
    ),
}

TABLES: dict[str, tuple[dict, dict]] = {
    "message": (
        {
            "draft": _message(),
            "permitted": _message("permit"),
            "read": _message("permit", "read"),
            "wished": _message("permit", "read", "wish"),
            "carried": _message("permit", "read", "wish", "carry"),
            "answered": _message("permit", "read", "wish", "carry", "answer"),
        },
        MESSAGE,
    ),
    "promise": (
        {
            "made": _promise(),
            "agreed": _promise("agree"),
            "taken back": _promise("agree", "take back"),
            "ended": _promise("agree", "end"),
        },
        PROMISE,
    ),
    "task": ({"open": _task, "done": _done}, TASK),
    "note": ({"draft": lambda r: _write(r, "She is calm", 0), "signed": _signed_note}, NOTE),
    "override": ({"standing": _overridden, "ended": _ended_override}, OVERRIDE),
}


@pytest.mark.parametrize("model", TABLES)
def test_every_status_and_every_verb(ready, model):
    play_table(ready, model, *TABLES[model])


def test_the_table_of_messages_names_every_status():
    assert set(TABLES["message"][0]) - {"wished"} == set(MessageStatus.values)
