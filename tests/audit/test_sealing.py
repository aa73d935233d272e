"""The sealer and the verifier, against an owner who may write anything."""

import json
import random

import psycopg2
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from rj_service.audit.actions import record, record_access
from rj_service.audit.models import DomainEvent
from rj_service.audit.sealing import faults, heads, seal_trail
from tests.database import owner_connection
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.alone]
BLOCKS, ROWS = 6, 12
TABLES = {"event": "audit_domainevent", "access": "audit_accesslog"}


@pytest.fixture
def sealed():
    """Six blocks of twelve rows in each trail."""
    user = UserFactory()
    for block in range(BLOCKS):
        with transaction.atomic():
            for turn in range(ROWS):
                record("accounts.tested", by=user, on=user, detail={"block": block, "turn": turn})
                record_access("view", by=user, on=user, people=[user.pk], page=f"page-{block}-{turn}")
        assert seal_trail() == 2 * ROWS
    assert faults() == []
    return heads()


@pytest.fixture
def owner():
    own = owner_connection()
    yield own
    own.close()


def rows(cursor, table) -> list[int]:
    cursor.execute(f"SELECT id FROM {table} ORDER BY id")
    return [key for (key,) in cursor.fetchall()]


def any_row(cursor, table, draw) -> int:
    return draw.choice(rows(cursor, table))


def edit(cursor, table, draw):
    column, value = draw.choice(
        [
            ("actor_role", "'coordinator'"),
            ("actor_id", "gen_random_uuid()"),
            ("at", "at - interval '1 second'"),
            ("people", "array[gen_random_uuid()]"),
            ("object_id", "NULL"),
            ("service_area_id", "gen_random_uuid()"),
            ("xid", "'7'"),
        ]
    )
    cursor.execute(f"UPDATE {table} SET {column} = {value} WHERE id = %s", [any_row(cursor, table, draw)])


def delete(cursor, table, draw):
    cursor.execute(f"DELETE FROM {table} WHERE id = %s", [any_row(cursor, table, draw)])


def swap(cursor, table, draw):
    first, second = draw.sample(rows(cursor, table), 2)
    cursor.execute(f"UPDATE {table} SET id = CASE id WHEN {first} THEN -1 ELSE -2 END WHERE id IN ({first}, {second})")
    cursor.execute(f"UPDATE {table} SET id = CASE id WHEN -1 THEN {second} ELSE {first} END WHERE id < 0")


def move(cursor, table, draw):
    row, block = draw.choice(rows(cursor, table)[:ROWS]), draw.randint(2, BLOCKS)
    cursor.execute(f"UPDATE {table} SET block = {block} WHERE id = {row}")


def unseal(cursor, table, draw):
    cursor.execute(f"UPDATE {table} SET block = NULL WHERE id = %s", [any_row(cursor, table, draw)])


def forge(cursor, table, draw):
    names = [name for name in columns(cursor, table) if name != "id"]
    chosen = ", ".join(names)
    cursor.execute(
        f"INSERT INTO {table} (id, {chosen}) SELECT 900000, {chosen} FROM {table} WHERE id = %s",
        [any_row(cursor, table, draw)],
    )


def columns(cursor, table):
    cursor.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s", [table])
    return [name for (name,) in cursor.fetchall()]


def cut_middle(cursor, table, draw):
    trail, block = trail_of(table), draw.randint(1, BLOCKS - 1)
    cursor.execute(f"DELETE FROM {table} WHERE block = {block}")
    cursor.execute("DELETE FROM audit_seal WHERE trail = %s AND block = %s", [trail, block])


def cut_tail(cursor, table, draw):
    trail, block = trail_of(table), draw.randint(1, BLOCKS)
    cursor.execute(f"DELETE FROM {table} WHERE block >= {block}")
    cursor.execute("DELETE FROM audit_seal WHERE trail = %s AND block >= %s", [trail, block])


def rewrite_and_seal_again(cursor, table, draw):
    """The most an owner can do: change the past and compute every later digest anew."""
    trail, block = trail_of(table), draw.randint(1, BLOCKS)
    edit(cursor, table, random.Random(block))
    cursor.execute(
        f"UPDATE {table} SET actor_role = 'x' WHERE id = (SELECT min(id) FROM {table} WHERE block = {block})"
    )
    cursor.execute("DELETE FROM audit_seal WHERE trail = %s", [trail])
    cursor.execute(f"UPDATE {table} SET block = NULL")
    cursor.execute("SELECT rj_seal(%s)", [trail])


def change_digest(cursor, table, draw):
    cursor.execute(
        "UPDATE audit_seal SET digest = sha256(digest) WHERE trail = %s AND block = %s",
        [trail_of(table), draw.randint(1, BLOCKS)],
    )


def trail_of(table):
    return next(trail for trail, name in TABLES.items() if name == table)


TAMPERINGS = [edit, delete, swap, move, unseal, forge, cut_middle, cut_tail, rewrite_and_seal_again, change_digest]


@pytest.mark.parametrize("tried", [len(TAMPERINGS), pytest.param(50, marks=pytest.mark.proof)])
def test_every_tampering_is_found(sealed, owner, tried):
    owner.autocommit = False
    missed = []
    for number in range(tried):
        draw = random.Random(number)
        tamper = TAMPERINGS[number % len(TAMPERINGS)]
        table = draw.choice(list(TABLES.values()))
        with owner.cursor() as cursor:
            tamper(cursor, table, draw)
            cursor.execute("SELECT count(*) FROM rj_verify(%s)", [trail_of(table)])
            broken = cursor.fetchone()[0]
            cursor.execute(
                "SELECT count(*) FROM audit_seal WHERE encode(digest, 'hex') = %s", [sealed[trail_of(table)]]
            )
            head_gone = cursor.fetchone()[0] == 0
        owner.rollback()
        if not (broken or head_gone):
            missed.append((number, tamper.__name__, table))
    assert missed == []
    assert faults(heads=sealed) == []


def test_without_the_exported_head_a_cut_tail_does_not_show(sealed, owner):
    """The control: this is why the head is kept elsewhere."""
    with owner.cursor() as cursor:
        cut_tail(cursor, "audit_domainevent", random.Random(1))
    assert faults() == []
    assert [fault.what for fault in faults(heads=sealed)] == ["the exported head is gone"]


def test_the_command_says_so_by_its_exit_code(sealed, owner, tmp_path, capsys):
    kept = tmp_path / "heads.json"
    kept.write_text(json.dumps(sealed))
    call_command("verify_audit", heads=str(kept))
    assert "every seal holds" in capsys.readouterr().out
    with owner.cursor() as cursor:
        cursor.execute("DELETE FROM audit_accesslog WHERE id = %s", [rows(cursor, "audit_accesslog")[2 * ROWS]])
    with pytest.raises(SystemExit) as ended:
        call_command("verify_audit", heads=str(kept))
    assert ended.value.code == 1
    assert "access block 3: its rows are not what was sealed" in capsys.readouterr().out


def test_heads_and_seals_by_command(sealed, capsys):
    call_command("audit_heads")
    assert json.loads(capsys.readouterr().out) == sealed
    record("accounts.tested", by=None)
    call_command("seal_audit")
    assert capsys.readouterr().out.strip() == "sealed 1"


def test_an_open_writer_leaves_no_gap(sealed):
    """A row that commits late is sealed late: neither it nor what follows it is passed over."""
    parameters = connection.get_connection_params()
    keys = {"host", "port", "dbname", "user", "password"} & parameters.keys()
    slow = psycopg2.connect(**{key: parameters[key] for key in keys})
    try:
        with slow.cursor() as cursor:
            cursor.execute(
                "INSERT INTO audit_domainevent (verb, detail, people, actor_role, object_label)"
                " VALUES ('accounts.slow', '{}', '{}', '', '')"
            )
            record("accounts.quick", by=None)
            assert seal_trail() == 0
            slow.commit()
    finally:
        slow.close()
    assert seal_trail() == 2
    assert faults(heads=sealed) == []
    assert DomainEvent.objects.filter(block__isnull=True).count() == 0


def test_sealing_twice_at_once_seals_once(sealed):
    import threading

    record("accounts.tested", by=None)
    found = []

    def seal():
        try:
            found.append(seal_trail())
        finally:
            connection.close()

    threads = [threading.Thread(target=seal) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(found) == 1
    assert faults() == []


def test_the_sealer_is_the_owners_and_the_application_may_only_call_it():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.rolname, p.prosecdef FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner"
            " WHERE p.proname IN ('rj_seal', 'rj_verify')"
        )
        assert set(cursor.fetchall()) == {(settings.RJ_OWNER["USER"], True)}
