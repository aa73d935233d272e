"""Tags and filters that every template has without loading them (a builtin in the settings)."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms, template
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from rj_service.ui import controls, references

register = template.Library()

ICONS = {
    "stop": "M4.7 0h6.6L16 4.7v6.6L11.3 16H4.7L0 11.3V4.7zM4.2 5.6L6.6 8l-2.4 2.4 1.4 1.4L8 9.4l2.4 2.4 1.4-1.4L9.4 "
    "8l2.4-2.4-1.4-1.4L8 6.6 5.6 4.2z",
    "soon": "M8 .5L16 15H0zM7 6l.3 4.5h1.4L9 6zm0 5.7v1.8h2v-1.8z",
    "wait": "M8 0a8 8 0 100 16A8 8 0 008 0zm0 2a6 6 0 110 12A6 6 0 018 2zM7 4v4.6l3.2 2.2 1-1.5L8.8 7.6V4z",
    "ok": "M8 0a8 8 0 100 16A8 8 0 008 0zm-1.3 11.8L3 8.1l1.4-1.4 2.3 2.3 4.9-4.9L13 5.5z",
    "lock": "M8 0a4 4 0 00-4 4v3H2v9h12V7h-2V4a4 4 0 00-4-4zm-2 7V4a2 2 0 114 0v3zm1 3h2v3H7z",
}
STATES = ("stop", "soon", "wait", "ok")
SIDES = {
    "harmed": ("H", "Harmed side"),
    "responsible": ("R", "Responsible side"),
    "both": ("B", "Both sides"),
    "neither": ("N", "Neither side"),
}
TAG_COLOURS = ("grey", "blue", "yellow", "green", "purple")
COUNTED_UP_TO = 1000


@register.simple_tag
def icon(name: str) -> SafeString:
    return format_html(
        '<svg class="rj-icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false"><path d="{}"/></svg>',
        ICONS[name],
    )


@register.simple_tag
def state(kind: str, words: object) -> SafeString:
    if kind not in STATES:
        raise ValueError(f"no such state: {kind}")
    return format_html('<span class="rj-state rj-state--{}">{}{}</span>', kind, icon(kind), words)


@register.simple_tag
def side_chip(side: str, words: object = "") -> SafeString:
    letter, name = SIDES[side]
    return format_html('<span class="rj-chip rj-chip--{}" data-letter="{}">{}</span>', side, letter, words or name)


@register.simple_tag
def side_name(side: str, name: object) -> SafeString:
    """A name in a list: the chip keeps its letter, the side's words are there for those who listen."""
    letter, words = SIDES[side]
    return format_html(
        '<span class="rj-chip rj-chip--{} rj-chip--name" data-letter="{}">'
        '<span class="govuk-visually-hidden">{}: </span><span class="rj-chip__name">{}</span></span>',
        side,
        letter,
        words,
        name,
    )


@register.simple_tag
def tag(words: object, colour: str = "blue") -> SafeString:
    """The status of a record. There is no red: a person's "no" is not an error."""
    if colour not in TAG_COLOURS:
        raise ValueError(f"no such tag colour: {colour}")
    if colour == "blue":
        return format_html('<strong class="govuk-tag">{}</strong>', words)
    return format_html('<strong class="govuk-tag govuk-tag--{}">{}</strong>', colour, words)


def _local(moment: dt.date | dt.datetime) -> dt.date | dt.datetime:
    return timezone.localtime(moment) if isinstance(moment, dt.datetime) and timezone.is_aware(moment) else moment


@register.filter
def day(moment: dt.date | dt.datetime | None) -> str:
    """24 November 2026"""
    if not moment:
        return ""
    local = _local(moment)
    return f"{local.day} {local:%B %Y}"


@register.filter
def table_day(moment: dt.date | dt.datetime | None) -> str:
    """Tue 24 Nov, with the year if it is not this one"""
    if not moment:
        return ""
    local = _local(moment)
    year = "" if local.year == timezone.localdate().year else f" {local.year}"
    return f"{local:%a} {local.day} {local:%b}{year}"


@register.filter
def month(moment: dt.date | None) -> str:
    """November 2026"""
    return f"{_local(moment):%B %Y}" if moment else ""


@register.filter
def clock(moment: dt.time | dt.datetime | None) -> str:
    """2:00pm, midday, midnight"""
    if moment is None or moment == "":
        return ""
    local = _local(moment) if isinstance(moment, dt.datetime) else moment
    if (local.hour, local.minute) in {(0, 0), (12, 0)}:  # type: ignore[union-attr]
        return "midday" if local.hour else "midnight"  # type: ignore[union-attr]
    hour = local.hour % 12 or 12  # type: ignore[union-attr]
    return f"{hour}:{local.minute:02d}{'am' if local.hour < 12 else 'pm'}"  # type: ignore[union-attr]


@register.filter
def when(moment: dt.datetime | None) -> str:
    """24 November 2026, 2:00pm"""
    return f"{day(moment)}, {clock(moment)}" if moment else ""


@register.filter
def reference(stored: object) -> str:
    return references.spoken(str(stored or ""))


@register.filter
def money(amount: Decimal | int | None) -> str:
    return "" if amount is None else f"£{amount:,.2f}"


@register.filter
def capped(count: int | None) -> str:
    """A count that was stopped early says so: "more than 1,000"."""
    if count is None:
        return ""
    return f"more than {COUNTED_UP_TO:,}" if count > COUNTED_UP_TO else f"{count:,}"


@register.filter
def thousands(count: int | None) -> str:
    return "" if count is None else f"{count:,}"


@register.filter
def plural(count: int, words: str) -> str:
    """`{{ n|plural:"thing,things" }}` is "1 thing" or "2 things"."""
    one, many = words.split(",")
    return f"{count:,} {one if count == 1 else many}"


@register.simple_tag
def error_summary(*given: Any) -> SafeString:
    """The box on top of a page with every error of the given forms, each linked to the box where it is put right."""
    errors = [error for form in given for error in controls.errors_of(form)]
    return render_to_string("ui/_error_summary.html", {"errors": errors}) if errors else SafeString()


@register.filter
def control_kind(field: forms.BoundField) -> str:
    return controls.kind_of(field)


@register.simple_tag
def control(field: forms.BoundField) -> SafeString:
    return controls.rendered(field)


@register.filter
def top_fields(form: forms.BaseForm) -> Iterator[forms.BoundField]:
    return controls.top_fields(form)


@register.filter
def revealed_by(field: forms.BoundField, value: object) -> list[forms.BoundField]:
    return controls.revealed_by(field, value)


@register.filter
def option_hint(field: forms.BoundField, value: object) -> str:
    return controls.option_hint(field, value)


@register.filter
def is_heading(field: forms.BoundField) -> bool:
    return controls.is_heading(field)


@register.filter
def says_optional(field: forms.BoundField) -> bool:
    return controls.says_optional(field)


@register.filter
def described_by(field: forms.BoundField) -> str:
    return controls.described_by(field)


@register.filter
def date_parts(field: forms.BoundField) -> list[dict[str, Any]]:
    return controls.date_parts(field)
