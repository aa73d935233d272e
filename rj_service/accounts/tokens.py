"""Secrets of links: made when a mail is sent, known to nobody after it. Only their SHA-256 is stored."""

import hashlib
import secrets


def new_token() -> str:
    return secrets.token_urlsafe(32)


def digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def unknown_digest() -> bytes:
    """The digest of a secret that was thrown away: nothing opens it."""
    return digest(new_token())
