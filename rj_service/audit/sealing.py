"""Seal the audit trail after the fact, and verify it.

Rows are inserted plainly; once a minute an owner's function takes those whose transaction can no longer be open,
puts them into a block and writes SHA-256(previous digest || rows in order of id). A chain inside the request would hold
a lock to the commit and serialise the whole service.
"""

from dataclasses import dataclass

from django.db import connection


def seal_trail() -> int:
    """Seal what is settled; returns how many rows were sealed. Safe to call from anywhere at once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rj_seal('event') + rj_seal('access')")
        return cursor.fetchone()[0]


@dataclass(frozen=True)
class Fault:
    trail: str
    block: int
    what: str


def faults(*, heads: dict[str, str] | None = None) -> list[Fault]:
    """Blocks whose rows no longer give their digest. `heads` are exported head digests (hex): only they show a cut tail."""
    found = []
    with connection.cursor() as cursor:
        for trail in ("event", "access"):
            cursor.execute("SELECT block, what FROM rj_verify(%s)", [trail])
            found += [Fault(trail, block, what) for block, what in cursor.fetchall()]
            expected = (heads or {}).get(trail)
            if expected:
                cursor.execute(
                    "SELECT 1 FROM audit_seal WHERE trail = %s AND digest = decode(%s, 'hex')", [trail, expected]
                )
                if cursor.fetchone() is None:
                    found.append(Fault(trail, -1, "the exported head is gone"))
    return found


def heads() -> dict[str, str]:
    """The newest digest of each trail in hex, to be kept outside this database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT ON (trail) trail, encode(digest, 'hex') FROM audit_seal ORDER BY trail, block DESC"
        )
        return dict(cursor.fetchall())
