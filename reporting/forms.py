"""What people choose and type about packs."""

from datetime import date
from typing import Any

from django import forms

from reporting.choices import Audience
from reporting.periods import first_of, month_from
from rj_service.ui.forms import GovukForm, WordsField
from rj_service.ui.templatetags.ui import month as month_in_words

MONTHS_OFFERED = 24


class DraftForm(GovukForm):
    """The month and the audience of a pack. Only months that have ended are offered."""

    month = forms.ChoiceField(label="Month")
    audience = forms.ChoiceField(
        label="Who is it for?",
        choices=Audience.choices,
        widget=forms.RadioSelect,
        initial=Audience.INTERNAL,
    )
    option_hints = {
        "audience": {
            Audience.INTERNAL: "Exact figures, for the service",
            Audience.COMMISSIONER: "A fixed menu of tables for the Commissioner’s office and steering group",
            Audience.PUBLIC: "Rounded tables of a quarter. March, June, September and December only",
        }
    }

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        months = [first_of(today, -back) for back in range(1, MONTHS_OFFERED + 1)]
        self.offer("month", [(f"{month:%Y-%m}", month_in_words(month)) for month in months])

    def clean_month(self) -> date:
        return month_from(self.cleaned_data["month"])


class CommentaryForm(GovukForm):
    words = WordsField(
        label="Commentary",
        required=False,
        rows=12,
        max_length=20_000,
        help_text="What moved the figures, and what you do about it. Name nobody: this is printed with the pack.",
    )
