"""A service moves in: the files are tried out, a second person agrees, and a worker moves the rows in.

Nothing moves in while a bar or a withdrawal has nobody: whoever it protects might be among those who would.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from cases import events, policy
from cases.actions.judging_rows import Judge
from cases.actions.locking import require
from cases.models import MoveIn, MoveInFile, MoveInRow
from cases.moving_in import SAFETY, TEMPLATES, MovedRow, parse
from rj_service.accounts.errors import DomainError, NotAllowed
from rj_service.accounts.models import Membership, ServiceArea, User
from rj_service.audit.actions import record
from rj_service.documents import moves
from rj_service.documents.actions import delete_file, open_file, store_file
from rj_service.documents.models import StoredFile
from rj_service.documents.tables_in import RefusedFile, TableFile, open_table
from rj_service.documents.tables_out import csv_bytes
from rj_service.notifications.actions import notify
from rj_service.ui.references import spoken

Fate, Step = MoveInRow.Fate, MoveIn.Step
MANAGERS = "Only a service manager of this area can move its earlier system in."
GROUP = 200
KEPT_UNASKED = timedelta(days=14)
TAKEN_BACK = (Step.TRYING, Step.TRIED, Step.ASKED)
OPEN_STEPS = (*TAKEN_BACK, Step.MOVING, Step.UNDOING)


@dataclass(frozen=True)
class Upload:
    name: str
    chunks: Iterable[bytes]
    content_type: str = ""


@transaction.atomic
def try_move_in(*, area: ServiceArea, from_system: str, files: Mapping[str, Upload], by: User) -> MoveIn:
    """`files` by template. A worker says what would become of every row; nothing is made."""
    require(policy.can_move_in(by, area.pk), MANAGERS)
    ServiceArea.objects.select_for_update().get(pk=area.pk)
    if not files:
        raise DomainError("Choose at least one file")
    if MoveIn.objects.filter(service_area=area, step__in=OPEN_STEPS).exists():
        raise DomainError("A move is under way. Finish it, or take it back first")
    move = MoveIn.objects.enqueue(
        service_area=area, moved_by=by, asked_by_id=by.pk, from_system=from_system.strip()[:150]
    )
    for template, upload in files.items():
        stored = store_file(upload.chunks, kind="move_in", content_type=upload.content_type[:100], by=by)
        MoveInFile.objects.create(
            move_in=move, template=template, file_name=upload.name[:150], sha256=stored.sha256, upload=stored
        )
    record(events.MOVE_TRIED, by=by, on=move, detail={"files": sorted(files)})
    return move


def who_asked(move: MoveIn) -> User | None:
    """For the step that the worker is to do, in the role in which it was asked for; None once that has ended."""
    user = move.undone_by if move.step == Step.UNDOING and move.undone_by else move.moved_by
    today = timezone.localdate()
    members = Membership.objects.current(today).filter(user=user, service_area=move.service_area_id)
    own = next((one for one in members if "cases.move_in" in one.permissions), None)
    if not user.is_active or own is None:
        return None
    user.acting = own.as_acting()
    return user


def read_files(*, move: MoveIn, by: User, today: date) -> Iterator[tuple[int, int]]:
    """Tries every file out from the start. Between two steps nothing is held; each gives rows read, and rows in all."""
    MoveInRow.objects.filter(move_in=move).delete()
    files = {file.template: file for file in MoveInFile.objects.filter(move_in=move).select_related("upload")}
    with ExitStack() as opened:
        tables = {key: _opened(files[key], opened) for key in TEMPLATES if key in files}
        readable = {key: table for key, table in tables.items() if table is not None}
        total, read, judge = sum(table.row_count for table in readable.values()), 0, Judge(move, by, today)
        for template, table in readable.items():
            for rows in _groups(template, table, today):
                MoveInRow.objects.bulk_create(judge.group(rows))
                read += len(rows)
                yield read, total


def _opened(file: MoveInFile, opened: ExitStack) -> TableFile | None:
    if file.upload is None:
        return None
    template, stream = TEMPLATES[file.template], opened.enter_context(open_file(file.upload))
    try:
        table = open_table(stream, known=template.names, mandatory=template.mandatory)
    except RefusedFile as refused:
        MoveInFile.objects.filter(pk=file.pk).update(refused_whole=str(refused)[:300])
        return None
    MoveInFile.objects.filter(pk=file.pk).update(unknown_columns=list(table.unknown_columns), refused_whole="")
    return table


def _groups(template: str, table: TableFile, today: date) -> Iterator[list[MovedRow]]:
    records = table.records()
    while group := list(islice(records, GROUP)):
        yield [parse(template, line, cells, today=today, misfit=misfit) for line, cells, misfit in group]


@transaction.atomic
def finish_trying(*, move: MoveIn, by: User) -> None:
    """In the worker's last transaction. The uploads go: the rows are kept, encrypted."""
    move.step = Step.TRIED
    move.fates = _fates_file(move, by)
    move.save(update_fields=["step", "fates"])
    _delete_uploads(move)
    notify(by, "move_in_tried", on=move, url=_page(move))


def why_not_yet(move: MoveIn) -> list[str]:
    """What must be put right before the move may be asked for; empty when nothing is."""
    files = MoveInFile.objects.filter(move_in=move).exclude(refused_whole="")
    found = [f"{TEMPLATES[one.template].title}: the file was refused. {one.refused_whole}" for one in files]
    rows = MoveInRow.objects.filter(move_in=move)
    lost = rows.filter(template__in=SAFETY, fate=Fate.REFUSED).count()
    if lost:
        found.append(f"Bars or withdrawals without anybody: {lost}. Whoever they protect may be among the others.")
    if not rows.filter(fate__in=[Fate.MAKE, Fate.ALIKE, Fate.HERE]).exists():
        found.append("No row can move in.")
    return found


@transaction.atomic
def ask_to_move_in(*, move: MoveIn, by: User) -> MoveIn:
    fresh = locked_move(move, Step.TRIED)
    if fresh.moved_by_id != by.pk or not policy.can_move_in(by, fresh.service_area_id):
        raise NotAllowed("Whoever tried the files out asks to move them in.")
    if missing := why_not_yet(fresh):
        raise DomainError(missing[0])
    moves.ask(fresh)
    record(events.MOVE_ASKED, by=by, on=fresh)
    notify(
        moves.who_may_agree(fresh.service_area_id, fresh.moved_by_id), "move_in_to_agree", on=fresh, url=_page(fresh)
    )
    return fresh


@transaction.atomic
def answer_move_in(*, move: MoveIn, agreed: bool, by: User) -> MoveIn:
    """The second person's answer."""
    fresh = locked_move(move, Step.ASKED)
    moves.require_second(by, fresh.service_area_id, fresh.moved_by_id)
    moves.answer(fresh, agreed, by)
    if agreed:
        MoveIn.objects.requeue(fresh)
    else:
        _forget_rows(fresh)
    record(events.MOVE_AGREED if agreed else events.MOVE_NOT_AGREED, by=by, on=fresh)
    notify(fresh.moved_by, "move_in_answered", on=fresh, url=_page(fresh))
    return fresh


@transaction.atomic
def take_back_move_in(*, move: MoveIn, by: User) -> None:
    """Nothing is made of it; its rows are forgotten."""
    fresh = locked_move(move, *TAKEN_BACK)
    require(policy.can_move_in(by, fresh.service_area_id), MANAGERS)
    _end(fresh)


@transaction.atomic
def finish_moving(*, move: MoveIn, by: User) -> None:
    """In the worker's last transaction. What did not become a record here is forgotten."""
    move.step = Step.MOVED
    MoveInRow.objects.filter(move_in=move, became="").update(became=F("fate"))
    _delete_file(move.fates)
    move.fates = _fates_file(move, by)
    move.save(update_fields=["step", "fates"])
    MoveInRow.objects.filter(move_in=move).exclude(became=Fate.MAKE).update(raw=None)
    made = MoveInRow.objects.filter(move_in=move, became=Fate.MAKE)
    record(events.MOVED_IN, by=by, on=move, detail={"rows": made.count()})
    notify([by, *([move.answered_by] if move.answered_by else [])], "move_in_done", on=move, url=_page(move))


@transaction.atomic
def end_without_asker(*, move: MoveIn) -> None:
    """Whoever asked may not move the service in any more. What is being taken back waits for another manager."""
    if move.step == Step.UNDOING:
        MoveIn.objects.filter(pk=move.pk).update(step=Step.MOVED)
    else:
        _end(move)


def forget_old_moves(*, now: datetime) -> int:
    """Tried out and not gone on with. Returns how many."""
    old = MoveIn.objects.filter(step__in=[Step.TRIED, Step.ASKED], created_at__lt=now - KEPT_UNASKED)
    for move in old:
        with transaction.atomic():
            _end(move)
    return len(old)


def locked_move(move: MoveIn, *steps: str) -> MoveIn:
    fresh = MoveIn.objects.select_for_update(of=("self",)).select_related("moved_by").get(pk=move.pk)
    moves.require_step(fresh, *(steps if fresh.is_over else ()))
    return fresh


def _end(move: MoveIn) -> None:
    MoveIn.objects.filter(pk=move.pk).update(step=Step.ENDED)
    _forget_rows(move)
    _delete_uploads(move)
    _delete_file(move.fates)


def _forget_rows(move: MoveIn) -> None:
    MoveInRow.objects.filter(move_in=move).update(raw=None)


def _delete_uploads(move: MoveIn) -> None:
    for file in MoveInFile.objects.filter(move_in=move, upload__isnull=False).select_related("upload"):
        MoveInFile.objects.filter(pk=file.pk).update(upload=None)
        _delete_file(file.upload)


def _delete_file(file: StoredFile | None) -> None:
    if file is not None:
        delete_file(file)


def _fates_file(move: MoveIn, by: User) -> StoredFile:
    """Every row's line, reference and fate: nothing of what stood in it."""
    days = timedelta(days=settings.RJ_FILE_DAYS)
    return store_file(
        _fates(move), kind="move_in_fates", content_type="text/csv", by=by, delete_after=timezone.now() + days
    )


def _fates(move: MoveIn) -> Iterable[bytes]:
    yield csv_bytes([["file", "line", "reference", "what becomes of it", "referral", "why, or what is kept as given"]])
    rows = MoveInRow.objects.filter(move_in=move).in_order().select_related("alike", "referral")
    for row in rows.iterator(chunk_size=500):
        about = row.referral or row.alike
        cells = [
            TEMPLATES[row.template].title,
            row.line,
            row.reference,
            row.outcome,
            spoken(about.reference) if about else "",
            "; ".join([*row.reasons, *row.warnings]),
        ]
        yield csv_bytes([cells], is_start=False)


def _page(move: MoveIn) -> str:
    return reverse("cases:move-in", args=[move.pk])
