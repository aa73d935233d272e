"""Entries for a calendar (RFC 5545). What stands in them is the caller's, who names nobody."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID


@dataclass(frozen=True)
class Entry:
    """`moved`: how often it changed, so that a calendar takes the newest."""

    pk: UUID
    title: str
    begins: datetime
    ends: datetime
    written_at: datetime | None
    place: str = ""
    moved: int = 0
    is_cancelled: bool = False


def calendar_of(entries: Iterable[Entry]) -> str:
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Restorative justice casework//EN",
        "METHOD:PUBLISH",
        *(line for entry in entries for line in _lines(entry)),
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _lines(entry: Entry) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{entry.pk}",
        f"SEQUENCE:{entry.moved}",
        f"DTSTAMP:{_utc(entry.written_at)}",
        f"DTSTART:{_utc(entry.begins)}",
        f"DTEND:{_utc(entry.ends)}",
        f"SUMMARY:{_escaped(entry.title)}",
        *([f"LOCATION:{_escaped(entry.place)}"] if entry.place else []),
        *(["STATUS:CANCELLED"] if entry.is_cancelled else []),
        "CLASS:PRIVATE",
        "END:VEVENT",
    ]


def _utc(moment: datetime | None) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ") if moment else ""


def _escaped(words: str) -> str:
    for mark in "\\;,":
        words = words.replace(mark, f"\\{mark}")
    return words.replace("\n", "\\n")


def _folded(line: str) -> str:
    """No line is longer than 75 bytes; a fold never splits a letter."""
    parts, now = [], ""
    for letter in line:
        if len((now + letter).encode()) > 74:
            parts.append(now)
            now = ""
        now += letter
    return "\r\n ".join([*parts, now])
