"""Two logins of one database: the application owns nothing, the owner migrates. docs/adr/0003 says why."""

from contextlib import contextmanager

from django.conf import settings
from django.db import connections


@contextmanager
def as_owner(alias: str = "default"):
    """Sign in as the owner inside the block. For migrating and for preparing the test database only."""
    connection = connections[alias]
    kept = {key: connection.settings_dict[key] for key in ("USER", "PASSWORD")}
    connection.close()
    connection.settings_dict.update(settings.RJ_OWNER)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(kept)
