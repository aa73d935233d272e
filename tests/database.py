"""The test database: made by the owner, used as the application, emptied between transactional tests."""

import io

import psycopg2
from django.conf import settings
from django.db import connection

NEVER_TOUCHED = {"django_migrations", "django_content_type", "auth_permission"}


def owner_connection():
    """A connection of the database's owner: it does not see what an open test has not committed."""
    parameters = connection.get_connection_params()
    keys = {"host", "port", "dbname"} & parameters.keys()
    owner = psycopg2.connect(
        **{key: parameters[key] for key in keys},
        user=settings.RJ_OWNER["USER"],
        password=settings.RJ_OWNER["PASSWORD"] or None,
    )
    owner.autocommit = True
    return owner


def close_to_public() -> None:
    """What `./run` does to its own database at the start. A new one is open to everybody."""
    name = connection.settings_dict["NAME"]
    application = settings.RJ_APP_ROLE
    with connection.cursor() as cursor:
        cursor.execute(f'revoke all on database "{name}" from public')
        cursor.execute(f'grant connect on database "{name}" to "{application}", rj_backup')


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
