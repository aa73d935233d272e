"""The test database: migrated by the owner, used as the application, emptied between transactional tests."""

import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg2
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from rj_service.audit.roles import as_owner

NEVER_TOUCHED = {"django_migrations", "django_content_type", "auth_permission"}
_PARTS = ("migrations/*.py", "models.py", "models/*.py", "apps.py")
MADE_FROM = (
    *(f"{app}/{part}" for app in ("[!.]*", "rj_service/*") for part in _PARTS),
    "rj_service/audit/*.py",
    "rj_service/settings/*.py",
    "uv.lock",
)


def owner_connection(database: str | None = None):
    """A connection of the database's owner: it does not see what an open test has not committed."""
    parameters = connection.get_connection_params()
    keys = {"host", "port"} & parameters.keys()
    owner = psycopg2.connect(
        **{key: parameters[key] for key in keys},
        dbname=database or connection.settings_dict["NAME"],
        user=settings.RJ_OWNER["USER"],
        password=settings.RJ_OWNER["PASSWORD"] or None,
    )
    owner.autocommit = True
    return owner


@contextmanager
def test_database() -> Iterator[None]:
    """Inside the block the default connection is the application's, on a database of this process's own.

    It is a copy of a migrated one, which is made anew whenever a migration, a model or the lock changes.
    """
    ordinary = settings.DATABASES["default"]["NAME"]
    name = connection.creation._get_test_db_name()
    owner = owner_connection(ordinary)
    with owner.cursor() as cursor:
        make_migrated(name, cursor)
    with connected_to(name):
        yield
    # A thread of the live server may still hold its connection: it goes with this process, the database with the next run.
    with owner.cursor() as cursor, suppress(psycopg2.errors.ObjectInUse):
        cursor.execute(f'drop database if exists "{name}"')
    owner.close()


def make_migrated(name: str, cursor) -> None:
    """A database of this name, empty but for what the migrations leave; `cursor` is the owner's."""
    cursor.execute("select pg_advisory_lock(hashtext('test template'))")
    template = _template(cursor)
    cursor.execute(f'drop database if exists "{name}"')
    cursor.execute(f'create database "{name}" template "{template}"')
    cursor.execute("select pg_advisory_unlock(hashtext('test template'))")
    # What `./run` does to its own database at the start. A new one is open to everybody.
    cursor.execute(f'revoke all on database "{name}" from public')
    cursor.execute(f'grant connect on database "{name}" to "{settings.RJ_APP_ROLE}", rj_backup')


@contextmanager
def connected_to(name: str) -> Iterator[None]:
    """The default connection is of that database inside the block."""
    kept = connection.settings_dict["NAME"]
    _connect_to(name)
    try:
        yield
    finally:
        _connect_to(kept)


def _connect_to(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name


def _template(cursor) -> str:
    digest = hashlib.sha256()
    for path in sorted(path for pattern in MADE_FROM for path in settings.BASE_DIR.glob(pattern)):
        digest.update(str(path.relative_to(settings.BASE_DIR)).encode() + path.read_bytes())
    name = f"template_{digest.hexdigest()[:16]}"
    cursor.execute("select datname from pg_database where starts_with(datname, 'template_')")
    present = {found for (found,) in cursor.fetchall()}
    if name in present:
        return name
    for older in present:
        cursor.execute(f'drop database "{older}"')
    cursor.execute('drop database if exists "unfinished"')
    cursor.execute('create database "unfinished"')
    with connected_to("unfinished"), as_owner():
        call_command("migrate", verbosity=0, interactive=False)
    cursor.execute(f'alter database "unfinished" rename to "{name}"')
    return name


class Emptier:
    """Brings every table back to what the migrations left, over one connection of the owner.

    TRUNCATE fires no row trigger, and the application may not do it: append-only tables are no exception.
    """

    def __init__(self) -> None:
        self.owner = owner_connection()
        self.cursor = self.owner.cursor()
        self.cursor.execute("set lock_timeout = '15s'; set client_min_messages = warning")
        self.cursor.execute("select tablename from pg_tables where schemaname = 'public' order by 1")
        self.tables = [name for (name,) in self.cursor.fetchall() if name not in NEVER_TOUCHED]
        self.seeded = {table: self._copy_out(table) for table in self._dirty(self.tables)}
        self.prints = {table: self._print(table) for table in self.seeded}

    def close(self) -> None:
        self.owner.close()

    def empty(self) -> None:
        dirty = self._dirty([table for table in self.tables if table not in self.seeded])
        dirty += [table for table in self.seeded if self._print(table) != self.prints[table]]
        if not dirty:
            return
        names = ", ".join(f'"{table}"' for table in dirty)
        self.cursor.execute(f"truncate {names} restart identity cascade")
        emptied = [table for table in self.seeded if self._print(table) != self.prints[table]]
        if emptied:
            self._restore(emptied)

    def _dirty(self, tables: list[str]) -> list[str]:
        if not tables:
            return []
        probes = (f"select '{table}' where exists (select 1 from \"{table}\")" for table in tables)
        self.cursor.execute(" union all ".join(probes))
        return [name for (name,) in self.cursor.fetchall()]

    def _print(self, table: str) -> tuple:
        self.cursor.execute(f'select count(*), max(xmin::text::bigint) from "{table}"')
        return self.cursor.fetchone()

    def _copy_out(self, table: str) -> str:
        rows = io.StringIO()
        self.cursor.copy_expert(f'copy "{table}" to stdout', rows)
        return rows.getvalue()

    def _restore(self, tables: list[str]) -> None:
        # Foreign keys are checked at commit, so the order of tables does not matter.
        self.cursor.execute("begin")
        for table in tables:
            self.cursor.execute(f'alter table "{table}" disable trigger user')
            self.cursor.copy_expert(f'copy "{table}" from stdin', io.StringIO(self.seeded[table]))
            self.cursor.execute(f'alter table "{table}" enable trigger user')
        self.cursor.execute("commit")
        self.prints |= {table: self._print(table) for table in tables}
