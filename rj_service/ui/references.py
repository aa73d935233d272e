"""References that can be read aloud without doubt: no letter or digit that sounds or looks like another."""

import secrets

ALPHABET = "ACDEFGHJKMNPQRTWXY34679"
LENGTH = 6


def new_reference() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def spoken(reference: str) -> str:
    """`7K4MR9` as people see it: `7K4M-R9`. Anything else comes back as it is."""
    return f"{reference[:4]}-{reference[4:]}" if len(reference) == LENGTH else reference


def as_stored(typed: str) -> str | None:
    """What somebody typed, as stored; None if it cannot be a reference."""
    plain = "".join(character for character in typed.upper() if not character.isspace() and character != "-")
    return plain if len(plain) == LENGTH and set(plain) <= set(ALPHABET) else None
