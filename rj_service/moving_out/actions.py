"""An area goes out whole: one person asks, another agrees, a worker writes the archive, time deletes it."""

from datetime import timedelta

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from rj_service.accounts.acting import membership_of
from rj_service.accounts.errors import DomainError, NotAllowed
from rj_service.accounts.models import ServiceArea, User
from rj_service.accounts.roles import Role
from rj_service.audit.actions import record, record_access
from rj_service.documents.actions import store_file
from rj_service.documents.models import StoredFile
from rj_service.lists.agreeing import NEVER, answer, take_back, unanswered
from rj_service.moving_out import events
from rj_service.moving_out.archive import Manifest, archive_of
from rj_service.moving_out.models import Archive
from rj_service.moving_out.policy import may_read_everything
from rj_service.notifications.actions import notify, notify_role


@transaction.atomic
def ask_for_archive(*, area: ServiceArea, reason: str, by: User) -> Archive:
    """Made only when a second person agrees: another manager, or the data protection officer."""
    if not by.may("moving_out.ask", area.pk):
        raise NotAllowed("Only a service manager of this area can ask for its archive.")
    ServiceArea.objects.select_for_update().get(pk=area.pk)
    if Archive.objects.filter(service_area=area).unfinished().exists():
        raise DomainError("An archive is asked for already. Wait for it, or take it back")
    archive = Archive.objects.enqueue(
        service_area=area, membership=membership_of(by), asked_by_id=by.pk, reason=reason, run_after=NEVER
    )
    record(events.ASKED, by=by, on=archive)
    for role in (Role.SERVICE_MANAGER, Role.DATA_PROTECTION_OFFICER):
        notify_role(role, area, "archive_to_agree", on=archive, url=_page(archive))
    return archive


@transaction.atomic
def answer_archive(*, archive: Archive, agreed: bool, by: User) -> Archive:
    """Nobody agrees to their own. That somebody is shut out of anything is said to whoever answers, never to them."""
    fresh = unanswered(archive)
    if fresh.membership.user_id == by.pk or not by.may("moving_out.agree", fresh.service_area_id):
        raise NotAllowed("Another manager or the data protection officer answers this.")
    asker = fresh.membership.user
    if agreed and not may_read_everything(asker, fresh.service_area_id):
        raise DomainError(
            f"{asker.get_short_name()} may not read everything that this area keeps. Do not agree: somebody who may must ask"
        )
    answer(fresh, agreed=agreed, by=by)
    record(events.AGREED if agreed else events.NOT_AGREED, by=by, on=fresh)
    notify(fresh.membership.user, "archive_answered", on=fresh, url=_page(fresh))
    return fresh


@transaction.atomic
def take_back_archive(*, archive: Archive, by: User) -> None:
    fresh = unanswered(archive)
    take_back(fresh, by=by)
    record(events.TAKEN_BACK, by=by, on=fresh)


def make_archive(archive: Archive, by: User) -> tuple[StoredFile, Manifest]:
    manifest = Manifest(archive.service_area)
    kept = timezone.now() + timedelta(days=settings.RJ_ARCHIVE_DAYS)
    chunks = archive_of(archive.service_area, manifest)
    stored = store_file(chunks, kind="archive", content_type="application/zip", by=by, delete_after=kept)
    return stored, manifest


def finish_archive(*, archive: Archive, made: tuple[StoredFile, Manifest] | None, by: User) -> None:
    """In the worker's last transaction. Everybody's record counts as exported: who looked at whom is asked of that log."""
    if made is not None:
        archive.file, manifest = made
        archive.tables, archive.rows, archive.files = manifest.tables, manifest.rows, manifest.files
        archive.save(update_fields=["file", "tables", "rows", "files"])
        record(events.MADE, by=by, on=archive, detail={"tables": archive.tables, "rows": archive.rows})
        log_reading(archive, by, "export")
    notify(by, "archive_made", on=archive, url=_page(archive))


def log_reading(archive: Archive, by: User, kind: str) -> None:
    # Looked up by name: `referrals` stands above.
    people = apps.get_model("referrals", "Person")._base_manager.filter(service_area=archive.service_area_id)
    record_access(
        kind,
        by=by,
        on=archive,
        page="moving_out:download",
        people=list(people.values_list("pk", flat=True)),
        area=archive.service_area_id,
    )


def _page(archive: Archive) -> str:
    return reverse("moving_out:archive", args=[archive.pk])
