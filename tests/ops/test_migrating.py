"""A new database is made the quick way; Django's own, slow way makes the same."""

import pytest
from django.core.management import CommandError, call_command
from django.core.management.commands import migrate
from django.db import connection

from rj_service.audit.roles import as_owner
from tests.database import connected_to, owner_connection

CATALOGUE = """
select table_name || ' ' || column_name, concat_ws(' ', ordinal_position, data_type, character_maximum_length, column_default,
       is_nullable, is_generated, generation_expression, identity_generation, collation_name)
    from information_schema.columns where table_schema = 'public'
union all select indexname, indexdef from pg_indexes where schemaname = 'public'
union all select conrelid::regclass || ' ' || conname, pg_get_constraintdef(oid)
    from pg_constraint where connamespace = 'public'::regnamespace
union all select tgrelid::regclass || ' ' || tgname, pg_get_triggerdef(oid) from pg_trigger where not tgisinternal
"""


def test_a_database_of_another_version_is_left_alone(transactional_db, owner_cursor):
    owner_cursor.execute("insert into django_migrations (app, name, applied) values ('cases', '0099_tomorrow', now())")
    try:
        with pytest.raises(
            CommandError, match=r"another version of the service: cases\.0099_tomorrow is not known here"
        ):
            call_command("migrate", verbosity=0, interactive=False)
    finally:
        owner_cursor.execute("delete from django_migrations where name = '0099_tomorrow'")


@pytest.mark.proof
def test_the_quick_migration_leaves_what_the_slow_one_does(transactional_db, owner_cursor):
    owner_cursor.execute(CATALOGUE)
    quick = dict(owner_cursor.fetchall())
    name = f"{connection.settings_dict['NAME']}_slowly"
    owner_cursor.execute(f'drop database if exists "{name}"')
    owner_cursor.execute(f'create database "{name}"')
    try:
        with connected_to(name), as_owner():
            call_command(migrate.Command(), verbosity=0, interactive=False)
        slowly = owner_connection(name)
        with slowly.cursor() as cursor:
            cursor.execute(CATALOGUE)
            assert dict(cursor.fetchall()) == quick
        slowly.close()
    finally:
        owner_cursor.execute(f'drop database "{name}" with (force)')
    assert len(quick) > 1_000
