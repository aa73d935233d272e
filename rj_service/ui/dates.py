"""Dates as people type them into three boxes: numbers, names of months, no leading zeros."""

import datetime as dt
from calendar import monthrange
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
FULL_MONTHS = (
    "january february march april may june july august september october november december".split()
)  # fmt: skip
PARTS = ("day", "month", "year")
YEARS_BACK, YEARS_AHEAD = 30, 10  # what a service keeps and plans: a year further away is a slip
A_LIFE = 120  # years: of births, of what was done to a child, of an order or a sentence for life


class DateWidget(forms.MultiWidget):
    is_date = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({part: forms.TextInput() for part in PARTS}, attrs)

    def decompress(self, value: Any) -> list[str]:
        if isinstance(value, str):
            value = _from_iso(value)
        return [str(value.day), str(value.month), str(value.year)] if isinstance(value, dt.date) else ["", "", ""]

    def subvalues(self, value: Any) -> list[str]:
        return list(value) if isinstance(value, list) else self.decompress(value)


def _from_iso(words: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(words)
    except ValueError:
        return None


def month_number(words: str) -> int | None:
    """1 to 12 from `3`, `03`, `Mar` or `march`; None if it is none of them."""
    plain = words.strip().rstrip(".").lower()
    if plain.isascii() and plain.isdigit():
        return int(plain) if 1 <= int(plain[:4]) <= 12 else None
    if plain == "sept":
        return 9
    if plain in FULL_MONTHS:
        return FULL_MONTHS.index(plain) + 1
    return MONTHS.index(plain) + 1 if plain in MONTHS else None


class DateField(forms.Field):
    """
    Gives a `date`. `past`: today or earlier. `future`: today or later. `back` and `ahead`: how many years from this one
    it may lie. `called` is what the sentences call it.
    """

    widget = DateWidget

    def __init__(
        self,
        *,
        past: bool = False,
        future: bool = False,
        back: int = YEARS_BACK,
        ahead: int = YEARS_AHEAD,
        called: str = "",
        **kwargs: Any,
    ) -> None:
        self.past, self.future, self.back, self.ahead, self.called = past, future, back, ahead, called
        kwargs.setdefault("help_text", "For example, 27 3 2026")
        super().__init__(**kwargs)

    def clean(self, value: Sequence[str | None] | dt.date | None) -> dt.date | None:
        if isinstance(value, dt.date):
            return value
        typed = [(part or "").strip() for part in (value or ["", "", ""])]
        if not any(typed):
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        missing = [part for part, words in zip(PARTS, typed, strict=True) if not words]
        if missing:
            raise ValidationError(f"{self._name} must include {_a(missing)}", code="incomplete")
        return self._checked(self._real(*typed))

    @property
    def _name(self) -> str:
        return self.called or str(self.label or "The date")

    def _real(self, day: str, month: str, year: str) -> dt.date:
        if not (year.isascii() and year.isdigit() and len(year) == 4):
            raise ValidationError(f"{self._name} must include a year of 4 numbers", code="year")
        number = month_number(month)
        try:
            if number is None or not day.isascii() or not day.isdigit():
                raise ValueError
            return dt.date(int(year), number, int(day[:4]))
        except ValueError:
            raise ValidationError(f"{self._name} must be a real date, like 27 3 2026", code="unreal") from None

    def _checked(self, date: dt.date) -> dt.date:
        today = timezone.localdate()
        if self.past and date > today:
            raise ValidationError(f"{self._name} must be today or in the past", code="future")
        if self.future and date < today:
            raise ValidationError(f"{self._name} must be today or later", code="past")
        first_year = today.year - (0 if self.future else self.back)
        last_year = today.year + (0 if self.past else self.ahead)
        if not first_year <= date.year <= last_year:
            raise ValidationError(f"{self._name} must have a year between {first_year} and {last_year}", code="year")
        self.run_validators(date)
        return date

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.clean(data) != (_from_iso(initial) if isinstance(initial, str) else initial)
        except ValidationError:
            return True


class BirthField(DateField):
    """When somebody was born who may be alive."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(past=True, back=A_LIFE, **kwargs)


def _a(parts: list[str]) -> str:
    return " and ".join(f"a {part}" for part in parts)


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day of a later month, else its last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def moment_of(day: dt.date) -> dt.datetime:
    """When something of a day happened, for timelines: now when it is today, else midday in local time."""
    if day == timezone.localdate():
        return timezone.now()
    return timezone.make_aware(dt.datetime.combine(day, dt.time(12)))


def born_by(today: dt.date, age: int) -> dt.date:
    """The last day of birth of those who are at least so old today. Who was born on 29 February is a year older on 1 March."""
    try:
        return today.replace(year=today.year - age)
    except ValueError:
        return dt.date(today.year - age, 2, 28)
