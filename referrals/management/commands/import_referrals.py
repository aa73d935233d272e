"""Import a Victims' Hub file without a worker.

    ./run manage import_referrals FILE --area SLUG [--dry-run]

The last line on standard output is `accepted N, refused N, already here N, changed N, warnings N`. Warnings count the
accepted rows that hold a value kept as given although it does not validate; every kind of warning, the columns that are
not known and the refused rows with their reasons stand on standard error. `--dry-run` does all of it and keeps nothing.
"""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from referrals.actions import ask_for_import
from referrals.models import ImportBatch, ImportRow
from referrals.tasks import import_hub_file  # noqa: F401 (registers the work of an ImportBatch)
from rj_service.accounts.acting import acting_as, system_user
from rj_service.accounts.models import ServiceArea
from rj_service.documents.actions import path_of
from rj_service.jobs.leases import work_on


class DryRun(Exception):
    """Ends the transaction of a dry run: nothing of it stays."""


class Command(BaseCommand):
    help = "Import a Victims' Hub file (CSV or XLSX) into a service area."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--area", required=True, metavar="SLUG")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and keep nothing")

    def handle(self, *args, file: Path, area: str, dry_run: bool, **options):
        found = ServiceArea.objects.filter(slug=area).first()
        if found is None:
            raise CommandError(f"There is no service area {area}. Make it with create_service_area.")
        if not file.is_file():
            raise CommandError(f"There is no file {file}.")
        if not dry_run:
            self._say(self._import(file, found), found)
            return
        try:
            with transaction.atomic():
                self._say(self._import(file, found, dry_run=True), found)
                raise DryRun
        except DryRun:
            self.stderr.write("Dry run: nothing was kept.")

    def _import(self, file: Path, area: ServiceArea, *, dry_run: bool = False) -> ImportBatch:
        by = system_user("import")
        with acting_as(by, areas=[area]), file.open("rb") as stream:
            batch = ask_for_import(
                area=area,
                chunks=iter(lambda: stream.read(64 * 1024), b""),
                file_name=file.name,
                content_type="",
                by=by,
            )
            upload = batch.upload
        if not work_on(ImportBatch, batch.pk):
            raise CommandError("A worker has begun this import already.")
        if dry_run:
            self._forget(batch, upload)
        return ImportBatch._base_manager.get(pk=batch.pk)

    def _forget(self, batch, upload):
        """A rollback brings no file back and takes none away."""
        refused = ImportBatch._base_manager.get(pk=batch.pk).refused_rows_id
        for key in (upload.pk, refused):
            if key:
                path_of(key).unlink(missing_ok=True)

    def _say(self, batch: ImportBatch, area: ServiceArea) -> None:
        if batch.refused_whole:
            raise CommandError(batch.refused_whole)
        for column in batch.unknown_columns:
            self.stderr.write(f"column not known, ignored: {column}")
        for kind, count in sorted(batch.warnings_by_kind.items()):
            self.stderr.write(f"warning {kind}: {count}")
        with acting_as(batch.imported_by, areas=[area]):
            refused = ImportRow.objects.filter(batch=batch, outcome=ImportRow.Outcome.REFUSED).order_by("line", "id")
            for row in refused.iterator(chunk_size=1000):
                self.stderr.write(f"line {row.line} {row.hub_reference or '(blank)'}: {'; '.join(row.reasons)}")
        self.stdout.write(
            f"accepted {batch.accepted}, refused {batch.refused}, already here {batch.already_here}, "
            f"changed {batch.changed}, warnings {batch.warnings}"
        )
