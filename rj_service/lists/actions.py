"""Filters kept by a name; files of lists: asked for, agreed to, made, gone after some days."""

import io
from collections.abc import Iterable, Iterator
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from rj_service.accounts.acting import membership_of
from rj_service.accounts.errors import DomainError, NotAllowed
from rj_service.accounts.models import User
from rj_service.accounts.roles import Role
from rj_service.accounts.views import GuardedListView
from rj_service.audit.actions import record
from rj_service.documents.actions import store_file
from rj_service.documents.models import StoredFile
from rj_service.documents.tables_out import csv_bytes, xlsx_bytes
from rj_service.lists import events
from rj_service.lists.agreeing import NEVER, answer, take_back, unanswered
from rj_service.lists.models import ExportRun, Format, SavedFilters
from rj_service.lists.opening import coded, coded_to_save, open_list
from rj_service.notifications.actions import notify, notify_role
from rj_service.ui.paging import capped_count

MOST_SAVED = 20  # of one list
CONTENT_TYPES = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@transaction.atomic
def save_filters(*, view: GuardedListView, name: str, by: User) -> SavedFilters:
    """Of the list as it stands. A name that is there already is given to these filters."""
    query = coded_to_save(view)
    if not query:
        raise DomainError("Choose a filter first")
    own = SavedFilters.objects.visible_to(by).filter(list=view.list_name)
    if own.count() >= MOST_SAVED and not own.filter(name=name).exists():
        raise DomainError(f"You keep {MOST_SAVED} of this list already. Delete one first")
    saved, _ = SavedFilters.objects.update_or_create(
        membership=membership_of(by), list=view.list_name, name=name, defaults={"query": query}
    )
    return saved


@transaction.atomic
def delete_filters(*, filters: SavedFilters, by: User) -> None:
    SavedFilters.objects.visible_to(by).filter(pk=filters.pk).delete()


@transaction.atomic
def ask_for_file(*, view: GuardedListView, file_format: str, reason: str, by: User) -> ExportRun:
    """A worker makes it. More rows about people than the setting wait for a second person (ASVS 2.3.5).

    Raises DomainError for a list without columns, one longer than a file may be, and while another is being made.
    """
    if not view.columns:
        raise DomainError(f"This list has no file. {view.no_file}")
    if ExportRun.objects.filter(asked_by_id=by.pk).unfinished().exists():
        raise DomainError("Your last file is not made yet. Wait for it, or take it back")
    if capped_count(view.found, cap=settings.RJ_FILE_ROWS) > settings.RJ_FILE_ROWS:
        raise DomainError(f"A file holds up to {settings.RJ_FILE_ROWS:,} rows. Choose filters first")
    own = membership_of(by)
    about_people = view.names_people() or view.model.classified.about_people  # type: ignore[attr-defined]
    many = bool(own.service_area_id and about_people) and (
        capped_count(view.found, cap=settings.RJ_FILE_ROWS_ALONE) > settings.RJ_FILE_ROWS_ALONE
    )
    run = ExportRun.objects.enqueue(
        service_area_id=own.service_area_id,
        membership=own,
        asked_by_id=by.pk,
        list=view.list_name,
        query=coded(view),
        format=file_format,
        reason=reason,
        needs_agreement=many,
        **({"run_after": NEVER} if many else {}),
    )
    record(events.FILE_ASKED, by=by, on=run, detail={"list": run.list, "waits": many})
    if many:
        notify_role(Role.SERVICE_MANAGER, run.service_area_id, "file_to_agree", on=run, url=_page(run))
    return run


@transaction.atomic
def answer_file(*, run: ExportRun, agreed: bool, by: User) -> ExportRun:
    """The second person's answer. Nobody agrees to their own."""
    fresh = unanswered(run)
    if fresh.membership.user_id == by.pk or not by.may("lists.agree"):
        raise NotAllowed("Somebody else who may agree to files answers this.")
    answer(fresh, agreed=agreed, by=by)
    record(events.FILE_AGREED if agreed else events.FILE_NOT_AGREED, by=by, on=fresh)
    notify(fresh.membership.user, "file_answered", on=fresh, url=_page(fresh))
    return fresh


@transaction.atomic
def take_back_file(*, run: ExportRun, by: User) -> None:
    take_back(unanswered(run), by=by)


def make_file(run: ExportRun, by: User) -> tuple[StoredFile, int] | None:
    """As `by` sees the list now; the file and its rows. None when they may not open it any more."""
    view = open_list(run.list, run.query, by)
    if view is None:
        return None
    made = _Counted(view.rows_of_file())
    heading = list(view.columns)
    chunks = _csv(heading, made) if run.format == Format.CSV else _xlsx(heading, made)
    stored = store_file(
        chunks,
        kind="list",
        content_type=CONTENT_TYPES[Format(run.format)],
        by=by,
        delete_after=timezone.now() + timedelta(days=settings.RJ_FILE_DAYS),
    )
    return stored, made.number


def finish_file(*, run: ExportRun, made: tuple[StoredFile, int] | None, by: User) -> None:
    """In the worker's last transaction."""
    if made is not None:
        run.file, run.rows = made
        run.save(update_fields=["file", "rows"])
        record(events.FILE_MADE, by=by, on=run, detail={"list": run.list, "rows": run.rows})
    notify(by, "file_made", on=run, url=_page(run))


def _page(run: ExportRun) -> str:
    return reverse("lists:file", args=[run.pk])


class _Counted:
    """The rows of some pages, one after the other, and how many there were."""

    def __init__(self, pages: Iterable[list[list]]) -> None:
        self.pages, self.number = pages, 0

    def __iter__(self) -> Iterator[list]:
        for page in self.pages:
            self.number += len(page)
            yield from page


def _csv(heading: list[str], rows: Iterable[list]) -> Iterator[bytes]:
    yield csv_bytes([heading])
    for row in rows:
        yield csv_bytes([row], is_start=False)


def _xlsx(heading: list[str], rows: Iterable[list]) -> Iterator[bytes]:
    book = io.BytesIO(xlsx_bytes(_with(heading, rows), title="List"))
    while piece := book.read(64 * 1024):
        yield piece


def _with(heading: list[str], rows: Iterable[list]) -> Iterator[list]:
    yield heading
    yield from rows
