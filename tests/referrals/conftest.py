from datetime import date

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from referrals import actions
from referrals.actions import NewPerson, NewReferral, ask_for_import, receive_referral
from referrals.models import ImportBatch
from referrals.tasks import import_hub_file  # noqa: F401 (registers the work of an ImportBatch)
from rj_service.accounts.acting import acting_as
from rj_service.jobs.leases import work_on

HARMED = NewPerson(
    first_name="Grace",
    last_name="Bellamy",
    phone="07700 900101",
    email="grace@example.org",
    address="4 Mill Lane",
    postcode="CB1 1AA",
    may_phone=True,
    may_leave_voicemail=True,
    may_email=True,
)
RESPONSIBLE = NewPerson(first_name="Kyle", last_name="Brand", date_of_birth=date(1999, 5, 2))

# What an import adds although it changes nothing: its own record, its refused rows, the audit trail and its notice.
OF_THE_IMPORT = {
    "referrals.importbatch",
    "referrals.importrow",
    "audit.domainevent",
    "audit.accesslog",
    "documents.storedfile",
    "notifications.notification",
}


def row_counts() -> dict[str, int]:
    return {
        model._meta.label_lower: model._base_manager.count()
        for model in apps.get_models()
        if model._meta.managed and not model._meta.proxy
    }


def contents() -> dict[str, str]:
    """What each table holds, as one digest: the same number of rows with another word in one of them is another."""
    digest = "select coalesce(md5(string_agg(md5(t::text), '' order by md5(t::text))), '') from {} t"
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_models():
            if model._meta.managed and not model._meta.proxy:
                cursor.execute(digest.format(connection.ops.quote_name(model._meta.db_table)))
                found[model._meta.label_lower] = cursor.fetchone()[0]
    return found


@pytest.fixture
def refer(area, cast):
    """`refer(last_name="Pryor")`: a referral as a coordinator logs it; `harmed`, `responsible` and the rest may be given."""

    def make(*, by=None, harmed=HARMED, responsible=RESPONSIBLE, **changed):
        fields = {"received_on": timezone.localdate(), "mechanism": "victims_hub", "consent_method": "phone"} | changed
        by = by or cast["coordinator"]
        with acting_as(by):
            return receive_referral(
                area=area,
                new=NewReferral(harmed=harmed, responsible=responsible, **fields),
                by=by,
                today=timezone.localdate(),
            )

    return make


@pytest.fixture
def offer(cast, other_area):
    def make(
        referral,
        *,
        by=None,
        to_area=other_area,
        because="harmed_there",
        words="She moved to your county in May and asks for a letter.",
        **given,
    ):
        by = by or cast["coordinator"]
        with acting_as(by):
            return actions.offer_transfer(
                referral=referral,
                to_area=to_area,
                because=because,
                words=words,
                by=by,
                today=timezone.localdate(),
                **given,
            )

    return make


@pytest.fixture
def accept(cast):
    def make(transfer):
        with acting_as(cast["other_coordinator"]) as by:
            return actions.accept_transfer(transfer=transfer, by=by, today=timezone.localdate())

    return make


@pytest.fixture
def send_home(cast):
    def make(arrived):
        with acting_as(cast["other_coordinator"]) as by:
            return actions.send_home(referral=arrived, words="She moved back", by=by, today=timezone.localdate())

    return make


@pytest.fixture
def import_file(area, cast):
    """`import_file(content)`: an import from asking to its end, by a coordinator; gives the batch as it stands."""

    def run(content: bytes, *, by=None, name: str = "hub.csv") -> ImportBatch:
        by = by or cast["coordinator"]
        with acting_as(by):
            batch = ask_for_import(area=area, chunks=[content], file_name=name, content_type="text/csv", by=by)
        assert work_on(ImportBatch, batch.pk)
        return ImportBatch._base_manager.get(pk=batch.pk)

    return run


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.FILES_DIR = tmp_path


def counts(batch: ImportBatch) -> dict[str, int]:
    return {name: getattr(batch, name) for name in ("accepted", "refused", "already_here", "changed", "warnings")}
