"""Sessions in the database, whose rows open nothing: what stands there is made from the key in the cookie, one way.

Whoever reads the table, or a backup of it, would else hold the key of everybody signed in. Views are synchronous here;
the asynchronous half of Django's store is left out and finds no session.
"""

import hashlib

from django.contrib.sessions.backends import db
from django.utils import timezone


def kept_as(session_key: str) -> str:
    """What the table holds of a key: as long as its column, 160 bits of SHA-256."""
    return hashlib.sha256(session_key.encode()).hexdigest()[:40]


class SessionStore(db.SessionStore):
    def _get_session_from_db(self):
        key, now = self.session_key or "", timezone.now()
        row = self.model.objects.filter(session_key=kept_as(key), expire_date__gt=now).first()
        if row is None:
            self._session_key = None
        return row

    def exists(self, session_key):
        return super().exists(kept_as(session_key))

    def create_model_instance(self, data):
        row = super().create_model_instance(data)
        row.session_key = kept_as(str(row.session_key))
        return row

    def delete(self, session_key=None):
        if key := session_key or self.session_key:
            super().delete(kept_as(key))
