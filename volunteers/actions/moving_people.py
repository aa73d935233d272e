"""Volunteers from spreadsheets: every row is tried with the very actions that make it, and taken back; a second person agrees, and
the rows move in."""

import json
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any, BinaryIO

from django.db import transaction
from django.db.models.functions import Now
from django.urls import reverse

from rj_service.accounts.errors import DomainError, NotAllowed
from rj_service.accounts.models import LocalArea, Organisation, ServiceArea, User
from rj_service.audit.actions import record
from rj_service.documents import moves
from rj_service.documents.moves import Step
from rj_service.documents.tables_in import RefusedFile, open_table
from rj_service.notifications.actions import notify
from training.actions import record_other_training, register_learner
from training.models import Course, OtherTraining
from volunteers import events, policy
from volunteers.actions.checking import record_check
from volunteers.actions.practising import record_registration
from volunteers.actions.registering import register_practitioner
from volunteers.choices import BEFORE_ACTIVE, CheckStatus, Level, PractitionerStatus
from volunteers.models import Check, PeopleMove, Practitioner, Registration
from volunteers.moving_in import EXAMPLE, MOST_ROWS, TEMPLATES, NotUnderstood

MADE, HERE, REFUSED = "made", "here", "refused"
KEPT_UNASKED = timedelta(days=14)


class AlreadyHere(DomainError):
    """Nothing is made twice: the whole file may be sent again."""


class _TakenBack(Exception):
    pass


@transaction.atomic
def try_people(*, area: ServiceArea, template: str, file: BinaryIO, today: date, by: User) -> PeopleMove:
    """What would become of every row. Nothing is made."""
    _require(by, area.pk)
    cells = list(_cells(template, file))
    rows = _all_of(area, template, cells, today, by, keep=False)
    move = PeopleMove.objects.create(
        service_area=area,
        template=template,
        rows=json.dumps(rows, ensure_ascii=False),
        made=sum(1 for row in rows if row["fate"] == MADE),
        refused=sum(1 for row in rows if row["fate"] == REFUSED),
        step=Step.TRIED,
        tried_by=by,
    )
    record(events.PEOPLE_TRIED, by=by, on=move, detail={"rows": len(rows), "refused": move.refused})
    return move


@transaction.atomic
def ask_to_move_people(*, move: PeopleMove, by: User) -> PeopleMove:
    move = locked_move(move, Step.TRIED)
    if move.tried_by_id != by.pk or not by.may(moves.MOVE, move.service_area_id):
        raise NotAllowed("Whoever tried the file out asks to move it in.")
    if not move.made:
        raise DomainError("No row can move in. Put the file right, and try it out again")
    moves.ask(move)
    record(events.PEOPLE_ASKED, by=by, on=move, detail={"rows": move.made})
    notify(moves.who_may_agree(move.service_area_id, move.tried_by_id), "move_in_to_agree", on=move, url=page_of(move))
    return move


@transaction.atomic
def answer_people_move(*, move: PeopleMove, agreed: bool, today: date, by: User) -> PeopleMove:
    """The second person's answer. Agreed, the rows move in with it; else they are forgotten."""
    move = locked_move(move, Step.ASKED)
    moves.require_second(by, move.service_area_id, move.tried_by_id)
    moves.answer(move, agreed, by)
    if agreed:
        _move_in(move, today, by)
    else:
        forget_rows(move)
        record(events.PEOPLE_NOT_AGREED, by=by, on=move)
    notify(move.tried_by, "move_in_answered", on=move, url=page_of(move))
    return PeopleMove.objects.get(pk=move.pk)


@transaction.atomic
def take_back_people_move(*, move: PeopleMove, by: User) -> None:
    """Before it has moved in. Its rows are forgotten."""
    move = locked_move(move, Step.TRIED, Step.ASKED)
    _require(by, move.service_area_id)
    _end(move)


def forget_old_people_moves(*, now: datetime) -> int:
    """Tried out, and not gone on with for two weeks. Returns how many."""
    old = PeopleMove.objects.filter(step__in=[Step.TRIED, Step.ASKED], tried_at__lt=now - KEPT_UNASKED)
    for move in old:
        _end(move)
    return len(old)


def _end(move: PeopleMove) -> None:
    PeopleMove.objects.filter(pk=move.pk).update(step=Step.ENDED)
    forget_rows(move)


def forget_rows(move: PeopleMove) -> None:
    PeopleMove.objects.filter(pk=move.pk).update(rows="[]")


def locked_move(move: PeopleMove, *steps: str) -> PeopleMove:
    found = PeopleMove.objects.select_for_update(of=("self",)).select_related("service_area", "tried_by")
    move = found.get(pk=move.pk)
    moves.require_step(move, *steps)
    return move


def page_of(move: PeopleMove) -> str:
    return reverse("volunteers:people-move", args=[move.pk])


def _move_in(move: PeopleMove, today: date, by: User) -> None:
    """Each row by itself: what cannot be made any more is refused and said."""
    tried = json.loads(move.rows)
    cells = [(row["line"], row["cells"]) for row in tried]
    rows = _all_of(move.service_area, move.template, cells, today, by, keep=True)
    made = sum(1 for row in rows if row["fate"] == MADE)
    PeopleMove.objects.filter(pk=move.pk).update(
        rows=json.dumps(rows, ensure_ascii=False),
        made=made,
        refused=sum(1 for row in rows if row["fate"] == REFUSED),
        step=Step.MOVED,
        moved_at=Now(),
        moved_by=by,
    )
    record(events.PEOPLE_MOVED, by=by, on=move, detail={"made": made})


def rows_of(move: PeopleMove) -> list[dict[str, Any]]:
    return json.loads(move.rows)


def _require(by: User, area_id: Any) -> None:
    if not by.may(moves.MOVE, area_id):
        raise NotAllowed("Only a service manager of this area can move volunteers in.")


def _cells(template: str, file: BinaryIO) -> Iterator[tuple[int, dict[str, str]]]:
    known = TEMPLATES[template]
    try:
        table = open_table(BytesIO(file.read()), known=known.names, mandatory=known.mandatory)
    except RefusedFile as refused:
        raise DomainError(str(refused), field="file") from None
    if table.row_count > MOST_ROWS:
        raise DomainError(f"The file has {table.row_count:,} rows. Send at most {MOST_ROWS:,} at a time", field="file")
    for line, cells, _misfit in table.records():
        typed = {name: value for name, value in cells.items() if name}
        if not any(value.casefold().startswith(EXAMPLE.casefold()) for value in typed.values()):
            yield line, typed


def _all_of(area, template: str, cells: list, today: date, by: User, *, keep: bool) -> list[dict[str, Any]]:
    """In one transaction, so that a row sees what an earlier one of the same file made; taken back unless it is to be kept."""
    rows: list[dict[str, Any]] = []
    try:
        with transaction.atomic():
            rows += [_one(area, template, line, typed, today, by) for line, typed in cells]
            if not keep:
                raise _TakenBack
    except _TakenBack:
        pass
    return rows


def _one(area, template: str, line: int, cells: dict[str, str], today: date, by: User) -> dict[str, Any]:
    fate, why, made = MADE, "", ""
    try:
        with transaction.atomic():
            made = str(MAKERS[template](area, TEMPLATES[template].read(cells), today, by).pk)
    except AlreadyHere as here:
        fate, why = HERE, here.message
    except (NotUnderstood, DomainError) as refused:
        fate, why = REFUSED, str(refused)
    return {"line": line, "cells": cells, "fate": fate, "why": why, "made": made}


def _volunteer(area, row: dict[str, Any], today: date, by: User) -> Practitioner:
    if Practitioner.objects.filter(service_area=area, learner__email__iexact=row["email"]).exists():
        raise AlreadyHere("A practitioner with this email address is here already")
    organisation = _called(Organisation, area, row["organisation"], "organisation")
    named = [name.strip() for name in (row["local_area"] or "").split(";")]
    places = [_called(LocalArea, area, name, "local area") for name in named if name]
    names = {name: row[name] for name in ("first_name", "last_name", "email")}
    learner = register_learner(area=area, organisation=organisation, by=by, **names)
    practitioner = register_practitioner(
        learner=learner,
        kind=row["kind"],
        date_of_birth=row["date_of_birth"],
        organisation=organisation,
        local_areas=places,
        works_since=row["works_since"],
        today=today,
        by=by,
    )
    may_move_in = (*BEFORE_ACTIVE, PractitionerStatus.LEFT)  # from suspension one comes back with nothing asked
    if row["status"] not in may_move_in and policy.is_minor(row["date_of_birth"], today):
        raise DomainError("Somebody under 18 moves in as a trainee: record their safeguards here, then move them on")
    given = {"status": row["status"], "level": row["level"] or Level.FOUNDATION}
    given["level_because"] = "As it stood in the earlier system" if row["level"] else ""
    Practitioner.objects.filter(pk=practitioner.pk).update(**given)
    return practitioner


def _called(model: Any, area, name: str | None, what: str) -> Any:
    if not name:
        return None
    found = model.objects.filter(service_area=area, name__iexact=name).first()
    if found is None:
        raise DomainError(f"There is no {what} here that is called “{name}”")
    return found


def _practitioner(area, email: str) -> Practitioner:
    found = Practitioner.objects.filter(service_area=area, learner__email__iexact=email).select_related("learner")
    one = found.first()
    if one is None:
        raise DomainError("Nobody with this email address is here. Move the volunteers in first")
    return one


def _check(area, row: dict[str, Any], today: date, by: User) -> Check:
    practitioner = _practitioner(area, row["email"])
    given = {"kind": row["check"], "status": row["result"], "reference": row["reference"] or ""}
    given |= {name: row[name] for name in ("issued_on", "expires_on")}
    if practitioner.checks.filter(kind=row["check"], issued_on=row["issued_on"]).exists():
        raise AlreadyHere("This check is here already")
    if row["result"] == CheckStatus.CLEARED and row["expires_on"] is None:
        raise DomainError("expires_on is empty: say its last day, so that its end is seen")
    return record_check(practitioner=practitioner, today=today, by=by, **given)


def _registration(area, row: dict[str, Any], today: date, by: User) -> Registration:
    practitioner = _practitioner(area, row.pop("email"))
    if practitioner.registrations.filter(registered_on=row["registered_on"], level=row["level"]).exists():
        raise AlreadyHere("This registration is here already")
    return record_registration(practitioner=practitioner, today=today, by=by, **row | {"number": row["number"] or ""})


def _training(area, row: dict[str, Any], today: date, by: User) -> OtherTraining:
    practitioner = _practitioner(area, row["email"])
    course = _called(Course, area, row["course"], "course")
    if practitioner.learner.other_training.filter(stands_for=course, ended_on=row["awarded_on"]).exists():
        raise AlreadyHere("This training is here already")
    return record_other_training(
        learner=practitioner.learner,
        name=course.name,
        provider="Earlier records",
        ended_on=row["awarded_on"],
        stands_for=course,
        passed=True,
        certificate_seen=row["certificate_seen"] == "yes",
        today=today,
        by=by,
    )


MAKERS: dict[str, Callable[..., Any]] = {
    "volunteers": _volunteer,
    "checks": _check,
    "registrations": _registration,
    "training": _training,
}
