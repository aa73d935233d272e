"""The Hub's file: ask for an import, take its rows a group at a time, finish it.

The same reference never makes a second referral, a row seen before changes nothing, and whatever is stricter than what
we hold applies at once.
"""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import connection, transaction
from django.utils import timezone

from referrals import events, policy
from referrals.actions.amend import note_resent_row, whole_referrals
from referrals.actions.hub_rows import kind_of_organisation, new_referral_of
from referrals.actions.receive import receive_referrals
from referrals.hub_file import COLUMNS, HubRow
from referrals.models import ImportBatch, ImportRow, Referral
from rj_service.accounts.errors import NotAllowed
from rj_service.accounts.models import LocalArea, Organisation, ServiceArea, User
from rj_service.audit.actions import record
from rj_service.audit.fields import lookup_key
from rj_service.documents.actions import delete_file, store_file
from rj_service.notifications.actions import notify

GROUP = 200
REFUSED_ROWS_KEPT = timedelta(days=7)
COUNTED = ("accepted", "refused", "already_here", "changed", "warnings")
OUTSIDE_LOCAL_AREAS = "local_area_outside"


@dataclass
class Tally:
    """What became of rows. `warnings` counts accepted rows with a value kept as given; every kind stands in `kinds`."""

    accepted: int = 0
    refused: int = 0
    already_here: int = 0
    changed: int = 0
    warnings: int = 0
    kinds: Counter[str] = field(default_factory=Counter)


@transaction.atomic
def ask_for_import(*, area: ServiceArea, chunks: Iterable[bytes], file_name: str, content_type: str, by: User):
    """Keeps the upload encrypted and queues the import. The upload is deleted when the import ends."""
    if not policy.can_import(by, area.pk):
        raise NotAllowed("You cannot import a Hub file in this area.")
    upload = store_file(chunks, kind="hub_upload", content_type=content_type[:100], by=by)
    return ImportBatch.objects.enqueue(
        service_area=area,
        imported_by=by,
        asked_by_id=by.pk,
        file_name=file_name[:150],
        file_sha256=upload.sha256,
        upload=upload,
    )


@transaction.atomic
def refuse_file(*, batch: ImportBatch, sentence: str, by: User) -> None:
    """Refused whole: nothing of it is stored but the sentence."""
    batch.refused_whole = sentence[:300]
    batch.save(update_fields=["refused_whole"])
    _delete_upload(batch)
    record(events.IMPORT_REFUSED, by=by, on=batch)
    notify(by, "import_failed", on=batch)


@transaction.atomic
def import_group(*, batch: ImportBatch, rows: Sequence[HubRow], by: User, today: date) -> Tally:
    """One group of rows in one transaction, with the batch's counts and its place in the file."""
    one_import_at_a_time(batch.service_area_id)
    tally = _Group(batch, by, today).take(rows)
    kinds = Counter(batch.warnings_by_kind) + tally.kinds
    batch.warnings_by_kind = dict(kinds)
    batch.rows_done += len(rows)
    for name in COUNTED:
        setattr(batch, name, getattr(batch, name) + getattr(tally, name))
    batch.save(update_fields=[*COUNTED, "rows_done", "warnings_by_kind"])
    return tally


@transaction.atomic
def finish_import(*, batch: ImportBatch, by: User) -> None:
    """The refused rows become one encrypted file for the sender; their raw words and the upload go."""
    refused = ImportRow.objects.filter(batch=batch, outcome=ImportRow.Outcome.REFUSED)
    if refused.exists():
        batch.refused_rows = store_file(
            _refused_csv(refused),
            kind="refused_rows",
            content_type="text/csv",
            by=by,
            delete_after=timezone.now() + REFUSED_ROWS_KEPT,
        )
        batch.save(update_fields=["refused_rows"])
        refused.update(raw=None)
    _delete_upload(batch)
    record(events.IMPORTED, by=by, on=batch, detail={name: getattr(batch, name) for name in COUNTED})
    notify(by, "import_done", on=batch)


def text_cell(value: str) -> str:
    """A cell that no spreadsheet computes: whatever begins like a formula is led by an apostrophe."""
    return f"'{value}" if value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


class _Group:
    """The rows of one group, in order; new ones are held until they must be there, then written together."""

    def __init__(self, batch: ImportBatch, by: User, today: date) -> None:
        self.batch, self.by, self.today = batch, by, today
        self.area = batch.service_area
        self.tally = Tally()
        self.held: dict[str, tuple[HubRow, bytes]] = {}
        self.refused: list[ImportRow] = []
        self.local_areas = {one.name.casefold(): one for one in LocalArea.objects.filter(service_area=self.area)}
        self.organisations = {one.name.casefold(): one for one in Organisation.objects.filter(service_area=self.area)}
        self.known: dict[str, Referral] = {}
        self.seen: set[tuple[str, bytes]] = set()
        self.compared: dict[str, Referral] = {}

    def take(self, rows: Sequence[HubRow]) -> Tally:
        references = {row.reference for row in rows if row.reference}
        self._learn(references)
        hashes = [_hash_of(row) for row in rows]
        self._compare_with(
            row.reference
            for row, row_hash in zip(rows, hashes, strict=True)
            if row.reference in self.known and (row.reference, row_hash) not in self.seen
        )
        for row, row_hash in zip(rows, hashes, strict=True):
            self._one(row, row_hash)
        self._write_held()
        ImportRow.objects.bulk_create(self.refused)
        return self.tally

    def _learn(self, references: set[str]) -> None:
        # The index leaves out blank references, and so must the question: of more than 100 values the planner cannot tell.
        found = Referral.objects.filter(service_area=self.area, hub_reference__in=references).exclude(hub_reference="")
        self.known |= {referral.hub_reference: referral for referral in found.only("hub_reference")}
        rows = ImportRow.objects.filter(service_area=self.area, hub_reference__in=references, row_hash__isnull=False)
        self.seen |= {
            (reference, bytes(row_hash))
            for reference, row_hash in rows.exclude(outcome=ImportRow.Outcome.REFUSED).values_list(
                "hub_reference", "row_hash"
            )
            if row_hash is not None
        }

    def _one(self, row: HubRow, row_hash: bytes) -> None:
        if row.reference in self.held and self.held[row.reference][1] != row_hash:
            self._write_held()
        if row.reference in self.held or (row.reference in self.known and (row.reference, row_hash) in self.seen):
            self.tally.already_here += 1
        elif row.reference in self.known:
            self._resent(row, row_hash)
        elif reasons := row.refusals():
            self._refuse(row, reasons)
        else:
            self.held[row.reference] = (row, row_hash)

    def _compare_with(self, references: Iterable[str]) -> None:
        found = whole_referrals(self.known[reference].pk for reference in references)
        self.compared |= {referral.hub_reference: referral for referral in found}

    def _resent(self, row: HubRow, row_hash: bytes) -> None:
        faults = row.refusals(known=True)
        if row.reference not in self.compared:
            self._compare_with([row.reference])
        # Read again for the next row of this reference: this one may change it.
        referral = self.compared.pop(row.reference)
        changed = note_resent_row(
            referral=referral, row=row, safety_only=bool(faults), batch=self.batch, row_hash=row_hash, by=self.by
        )
        if faults:
            self._refuse(row, faults)
        elif changed:
            self.tally.changed += 1
        else:
            self.tally.already_here += 1
        self.seen.add((row.reference, row_hash))

    def _refuse(self, row: HubRow, reasons: Sequence[str]) -> None:
        self.tally.refused += 1
        self.refused.append(
            ImportRow(
                batch=self.batch,
                service_area=self.area,
                line=row.line,
                hub_reference=row.reference[:60],
                outcome=ImportRow.Outcome.REFUSED,
                reasons=list(reasons),
                raw=raw_of(row),
            )
        )

    def _write_held(self) -> None:
        if not self.held:
            return
        rows = [
            ImportRow(
                batch=self.batch,
                service_area=self.area,
                line=row.line,
                hub_reference=row.reference,
                row_hash=row_hash,
                outcome=ImportRow.Outcome.ACCEPTED,
                raw=raw_of(row),
            )
            for row, row_hash in self.held.values()
        ]
        ImportRow.objects.bulk_create(rows)
        new = [
            new_referral_of(
                row,
                local_areas=self.local_areas,
                organisation=self._organisation_of(row),
                import_row=import_row,
            )
            for (row, _), import_row in zip(self.held.values(), rows, strict=True)
        ]
        for referral in receive_referrals(area=self.area, new=new, by=self.by, today=self.today):
            self.known[referral.hub_reference] = referral
        for row, row_hash in self.held.values():
            self.seen.add((row.reference, row_hash))
            self._count_accepted(row)
        self.held.clear()

    def _count_accepted(self, row: HubRow) -> None:
        self.tally.accepted += 1
        self.tally.warnings += bool(row.value_warnings)
        kinds = {warned.kind for warned in row.warnings}
        name = row.given["local_area"].casefold()
        if self.local_areas and name not in ("", "not known") and name not in self.local_areas:
            kinds.add(OUTSIDE_LOCAL_AREAS)
        self.tally.kinds.update(kinds)

    def _organisation_of(self, row: HubRow) -> Organisation | None:
        """An organisation not yet known is added, for a coordinator to confirm."""
        name = " ".join(row.given["referring_organisation"].split())
        if not name:
            return None
        found = self.organisations.get(name.casefold())
        if found is None:
            found = Organisation.objects.create(service_area=self.area, name=name, kind=kind_of_organisation(row))
            self.organisations[name.casefold()] = found
        return found


def _hash_of(row: HubRow) -> bytes:
    return lookup_key("hub_row", row.canonical)


def raw_of(row: HubRow) -> str:
    return json.dumps({column: text for column, text in row.given.items() if text}, ensure_ascii=False)


def one_import_at_a_time(area_id) -> None:
    """Two imports of one area take turns, group by group, so that neither trips over the other's new references."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"hub import {area_id}"])


def _refused_csv(refused) -> Iterator[bytes]:
    """Line and every reason, then the row as it came, ready to correct and send again."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    text.write("\ufeff")
    writer.writerow(["line", "reasons", *COLUMNS])
    for row in refused.order_by("line", "id").iterator(chunk_size=500):
        given = json.loads(row.raw or "{}")
        writer.writerow([row.line, "; ".join(row.reasons), *(text_cell(given.get(name, "")) for name in COLUMNS)])
        yield text.getvalue().encode()
        text.seek(0)
        text.truncate()


def _delete_upload(batch: ImportBatch) -> None:
    upload = batch.upload
    if upload is not None:
        ImportBatch.objects.filter(pk=batch.pk).update(upload=None)
        batch.upload = None
        delete_file(upload)
