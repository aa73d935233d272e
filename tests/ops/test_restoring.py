"""A backup is worth what its restore is: the steps of docs/operations.md, one after the other."""

import json
import re

import psycopg2
import pytest
from cryptography.fernet import Fernet
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from referrals.models import ContactDetails
from rj_service.audit.actions import record
from rj_service.audit.sealing import faults
from rj_service.dev.checks import production_secrets
from rj_service.documents.actions import open_file, path_of, store_file
from rj_service.operations.checks import lights
from tests.database import connected_to, owner_connection
from tests.factories import ServiceAreaFactory, UserFactory
from tests.ops.compose import Compose
from tests.reporting.factories import PersonFactory

PHONE = "07700 900123"


@pytest.fixture
def kept(transactional_db, settings, tmp_path):
    """A little of everything that a backup is for, one act of it sealed and one not."""
    settings.FILES_DIR = tmp_path / "files"
    user = UserFactory()
    person = PersonFactory(service_area=ServiceAreaFactory())
    ContactDetails._base_manager.create(person=person, phone=PHONE)
    file = store_file([b"minutes of a meeting"], kind="report", content_type="text/plain", by=user)
    with transaction.atomic():
        record("accounts.tested", by=user, on=user)
    call_command("seal_audit")
    with transaction.atomic():
        record("accounts.tested", by=user, on=user)
    return file


def said(capsys) -> str:
    return capsys.readouterr().out.strip()


@pytest.mark.alone
def test_what_the_dump_held_unsealed_is_sealed_after_the_restore(kept, owner_cursor, capsys):
    """A restored database counts transactions from the start: what waited for a higher number would wait for years."""
    later = "update audit_domainevent set xid = '9000000000', at = at - interval '1 day' where block is null"
    owner_cursor.execute(later)
    call_command("seal_audit")
    assert _trail_light() == "stop"
    call_command("seal_audit", "--restored")
    assert "taken over 1\nsealed 1" in said(capsys)
    assert _trail_light() == "ok"
    assert faults() == []


def _trail_light() -> str:
    return next(light.state for light in lights() if light.name == "Audit trail")


def test_verify_restored_says_which_column_and_which_file(kept, settings, capsys):
    call_command("verify_restored")
    assert said(capsys) == "every column opens, every file is there"
    path_of(kept.pk).write_bytes(b"cut short")
    with pytest.raises(SystemExit):
        call_command("verify_restored")
    assert said(capsys) == f"file {kept.pk}: not there, not what was stored, or closed with another key"
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(SystemExit):
        call_command("verify_restored")
    lines = said(capsys)
    assert "referrals_contactdetails.phone: no key in FIELD_KEYS opens it" in lines
    assert PHONE not in lines


def _counts(cursor) -> dict[str, int]:
    cursor.execute("select tablename from pg_tables where schemaname = 'public'")
    tables = [name for (name,) in cursor.fetchall()]
    found = {}
    for table in tables:
        cursor.execute(f'select count(*) from "{table}"')
        found[table] = cursor.fetchone()[0]
    return found


GRANTS = """
select table_name, grantee, privilege_type from information_schema.role_table_grants
    where table_schema = 'public' and grantee <> 'rj_owner'
union all select p.oid::regprocedure::text, r.rolname, 'definer ' || p.prosecdef from pg_proc p
    join pg_roles r on has_function_privilege(r.oid, p.oid, 'execute')
    where p.pronamespace = 'public'::regnamespace and r.rolname in ('rj_app', 'rj_backup')
"""


@pytest.fixture
def elsewhere(transactional_db, owner_cursor):
    """A database as the compose file's first start makes it."""
    name = f"{connection.settings_dict['NAME']}_restored"
    owner_cursor.execute(f'drop database if exists "{name}"')
    owner_cursor.execute(f'create database "{name}"')
    owner_cursor.execute(f'revoke all on database "{name}" from public')
    owner_cursor.execute(f'grant connect on database "{name}" to rj_app, rj_backup')
    yield name
    owner_cursor.execute(f'drop database "{name}" with (force)')


@pytest.fixture
def typed() -> tuple[list[str], list[str]]:
    """The lines of the handbook: what makes a backup, and what restores it."""
    handbook = (settings.BASE_DIR / "docs" / "operations.md").read_text()
    [chapter] = re.findall(r"^## Backup and restore\n(.*?)^## ", handbook, re.M | re.S)
    making, restoring = chapter.split("To restore,")
    found = tuple(re.findall(r"^ *(docker compose .+)$", half, re.M) for half in (making, restoring))
    assert [len(lines) for lines in found] == [4, 7]
    return found


@pytest.mark.proof
@pytest.mark.alone
def test_a_backup_comes_back(kept, elsewhere, typed, owner_cursor, settings, tmp_path, capsys):
    """Every line of the handbook, in its order and as it stands there, in the environment that its service has."""
    secrets = production_secrets() | {"FIELD_KEYS": ",".join(settings.FIELD_KEYS)}
    making, restoring = typed
    here = Compose(tmp_path, connection.settings_dict["NAME"], secrets=secrets)
    for line in making:
        here.type(line, outside=tmp_path)
    assert json.loads((tmp_path / "heads.json").read_text())["event"]
    before = _counts(owner_cursor)
    owner_cursor.execute(GRANTS)
    grants = set(owner_cursor.fetchall())

    new = tmp_path / "new"
    new.mkdir()
    there = Compose(new, elsewhere, secrets=secrets)
    assert restoring[0] == "docker compose up -d --wait database"  # what `elsewhere` stands for
    for line in restoring[1:]:
        there.type(line, outside=tmp_path)
        if line.endswith(" migrate"):
            restored = owner_connection(elsewhere)
            with restored.cursor() as cursor:
                assert _counts(cursor) == before
                cursor.execute(GRANTS)
                assert set(cursor.fetchall()) == grants
            restored.close()

    settings.FILES_DIR = new / "files"
    with connected_to(elsewhere):
        assert ContactDetails._base_manager.get().phone == PHONE
        with open_file(kept) as minutes:
            assert minutes.read() == b"minutes of a meeting"
        with connection.cursor() as cursor, pytest.raises(psycopg2.errors.InsufficientPrivilege):
            cursor.connection.cursor().execute("delete from audit_domainevent")
    assert before["audit_domainevent"] >= 2 and before["referrals_contactdetails"] == 1


@pytest.mark.proof
def test_the_backup_writes_nothing(transactional_db):
    host = connection.get_connection_params()["host"]
    backup = psycopg2.connect(host=host, dbname=connection.settings_dict["NAME"], user="rj_backup")
    for statement in ("delete from referrals_person", "create table public.taken (n int)", "select rj_seal('event')"):
        with backup.cursor() as cursor, pytest.raises(psycopg2.errors.InsufficientPrivilege):
            cursor.execute(statement)
        backup.rollback()
    backup.close()
