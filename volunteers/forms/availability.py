from collections.abc import Iterable, Sequence
from datetime import time
from typing import Any

from django import forms

from rj_service.ui.forms import DateField, GovukForm
from volunteers.own_days import OwnDay

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
PARTS = {"morning": (time(9), time(12)), "afternoon": (time(12), time(17)), "evening": (time(17), time(21))}
PART_CHOICES = [
    ("morning", "Morning, 9am to 12"),
    ("afternoon", "Afternoon, 12 to 5pm"),
    ("evening", "Evening, 5 to 9pm"),
]


class AvailabilityForm(GovukForm):
    """The parts of a week, a box each; `times` joins parts that touch."""

    options_class = "govuk-checkboxes--small"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for weekday, name in enumerate(DAYS):
            self.fields[f"day_{weekday}"] = forms.MultipleChoiceField(
                label=name, choices=PART_CHOICES, required=False, widget=forms.CheckboxSelectMultiple
            )
        self.not_marked_optional = tuple(self.fields)

    def times(self) -> list[tuple[int, time, time]]:
        found: list[tuple[int, time, time]] = []
        for weekday in range(7):
            for part in (name for name in PARTS if name in self.cleaned_data[f"day_{weekday}"]):
                starts_at, ends_at = PARTS[part]
                if found and found[-1][0] == weekday and found[-1][2] == starts_at:
                    starts_at = found.pop()[1]
                found.append((weekday, starts_at, ends_at))
        return found

    @staticmethod
    def ticked(weekly: Iterable[tuple[int, time, time]]) -> dict[str, list[str]]:
        """The boxes that stored times overlap."""
        boxes: dict[str, list[str]] = {f"day_{weekday}": [] for weekday in range(7)}
        for weekday, starts_at, ends_at in weekly:
            for part, (begins, ends) in PARTS.items():
                if starts_at < ends and ends_at > begins and part not in boxes[f"day_{weekday}"]:
                    boxes[f"day_{weekday}"].append(part)
        return boxes


class AbsenceForm(GovukForm):
    """Where days of theirs fall into it, these are shown first; whoever saves it says of these very days that they know."""

    away_from = DateField(label="First day away")
    away_until = DateField(label="Last day away", future=True)
    days: Sequence[OwnDay] = ()

    def knows(self, days: Sequence[OwnDay]) -> bool:
        """Else the question stands on the page with them."""
        key = " ".join(f"{one.on.isoformat()} {one.reference}" for one in days)
        self.days = days
        self.fields["knows_days"] = forms.MultipleChoiceField(
            label="Are they away all the same?" if self.is_for_another else "Are you away all the same?",
            choices=[(key, "Yes. Whoever coordinates these cases is told, and finds somebody else")],
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )
        self.not_marked_optional = ("knows_days",)
        return key in self.data.getlist("knows_days")

    def __init__(self, *args: Any, is_for_another: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_for_another = is_for_another
