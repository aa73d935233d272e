"""Contact details, drafts and raw rows at rest: encrypted with keys apart from SECRET_KEY, found by keyed hash only."""

import hashlib
import hmac
from functools import lru_cache

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.core.exceptions import FieldError
from django.db import models


@lru_cache(maxsize=8)
def _box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def box() -> MultiFernet:
    """The service's box: the newest key closes, every key in FIELD_KEYS opens."""
    return _box(tuple(settings.FIELD_KEYS))


def lookup_key(kind: str, value: str) -> bytes:
    """Keyed hash of an already normalised value. `kind` keeps a phone from matching an email with the same characters."""
    return hmac.new(settings.LOOKUP_KEY.encode(), f"{kind}\0{value}".encode(), hashlib.sha256).digest()


class Opened(str):
    """Decrypted text that remembers its token, so that saving an unchanged row writes the same bytes and no history."""

    token: bytes


class EncryptedText(models.Field):
    """Text stored as a Fernet token in a bytea column. Every look-up but `isnull` is refused."""

    def __init__(self, *args, max_length: int | None = None, **kwargs):
        super().__init__(*args, max_length=max_length, **kwargs)  # type: ignore[misc]

    def get_internal_type(self) -> str:
        return "BinaryField"

    def db_type(self, connection) -> str:
        return "bytea"

    def get_default(self):
        return models.Field.get_default(self)

    def from_db_value(self, value, expression, connection):
        if value is None:
            return None
        token = bytes(value)
        opened = Opened(box().decrypt(token).decode())
        opened.token = token
        return opened

    def get_prep_value(self, value):
        if value is None or isinstance(value, bytes | memoryview):
            return value
        if isinstance(value, Opened):
            return value.token
        return box().encrypt(str(value).encode())

    def get_db_prep_value(self, value, connection, prepared=False):
        value = value if prepared else self.get_prep_value(value)
        return value if value is None else connection.Database.Binary(bytes(value))

    def value_to_string(self, obj):
        raise TypeError(f"{self.name} is encrypted and is not dumped in clear")

    def get_lookup(self, lookup_name):
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is encrypted: search by its lookup key instead")
        return super().get_lookup(lookup_name)

    def formfield(self, **kwargs):
        from django import forms

        return super().formfield(**{"form_class": forms.CharField, "max_length": self.max_length, **kwargs})
