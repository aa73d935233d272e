"""Secrets of links: made when a mail is sent, known to nobody after it. Only their SHA-256 is stored."""

import hashlib
import secrets


def new_token() -> str:
    return secrets.token_urlsafe(32)


def digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def kept_of(token: str) -> str:
    """What a visitor's session keeps of a secret: whoever reads its row can open no link with it."""
    return digest(token).hex()


def digest_kept(kept: str) -> bytes:
    """The digest by which `kept_of` finds the link's row again; an empty one, which no row has, of anything else."""
    try:
        return bytes.fromhex(kept)
    except ValueError:
        return b""


def unknown_digest() -> bytes:
    """The digest of a secret that was thrown away: nothing opens it."""
    return digest(new_token())
