"""The same for somebody who did harm and wants to put it right. It asks for what the police or probation can find the matter
by, and takes neither a last name nor any place of whoever was harmed: there is nothing to compare, and nothing to give away.
"""

import datetime as dt
from typing import Any

from django import forms

from referrals.actions import NewPerson, NewReferral
from referrals.choices import ConsentMethod, InitiatedBy, Mechanism, SensitiveKind
from referrals.views.contact_us.questions import (
    AREA,
    NO_STORY,
    OR_NOT_SURE,
    Asks,
    MonthField,
    NameForm,
    QuietLine,
    ReachForm,
    in_their_words,
    raised,
    when_and_where,
    whoever_writes,
)
from rj_service.ui.forms import GovukForm, WordsField
from rj_service.ui.steps import Cleaned, Step, Steps

NOBODY = "Do not write who was harmed, nor where they live, work or go."


class OwnNameForm(NameForm):
    """Who writes is checked, and by a first name alone nobody can be."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["last_name"].required = True
        self.fields["last_name"].error_messages["required"] = "Enter your last name"
        self.fields["first_name"].help_text = ""


class PartForm(GovukForm):
    what = WordsField(
        label="What did you do, in your own words?",
        help_text=f"A few words are enough. {NOBODY}",
        max_length=4000,
        rows=8,
        error_messages={"required": "Say in a few words what you did"},
    )
    wish = WordsField(label="What would you like to do about it?", max_length=1000, rows=3, required=False)
    heading = "what"


class MatterForm(GovukForm):
    month = MonthField(
        label="Month and year",
        help_text="For example, March 2026",
        required=False,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", **NO_STORY}),
    )
    where = QuietLine(label="In which town did it happen?", max_length=100)
    crime_reference = QuietLine(label="Crime number, or the number of your case at court", max_length=40)
    worker = QuietLine(
        label="Who works with you?",
        help_text="For example: a probation officer, a prison, a youth justice worker. Their name and where they work",
        max_length=200,
    )
    first_name_harmed = QuietLine(
        label="First name of whoever was harmed",
        help_text="Only if more than one person was. No last name",
        max_length=50,
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not any(data.get(name) for name in ("crime_reference", "worker", "where")) and not self.errors:
            self.add_error("crime_reference", "Enter the number, or who works with you, or the town")
        return data

    def clean_first_name_harmed(self) -> str:
        typed = self.cleaned_data["first_name_harmed"]
        if len(typed.split()) > 1:
            raise forms.ValidationError("Enter one first name only, or leave it empty")
        return typed


class OwnSafetyForm(GovukForm):
    order = forms.ChoiceField(
        label="Has a court or the police told you to stay away from anybody?",
        help_text="For example a restraining order, bail, or a condition of a licence",
        choices=OR_NOT_SURE,
        widget=forms.RadioSelect,
        required=False,
    )
    in_touch = forms.ChoiceField(
        label="Are you in touch with whoever was harmed?", choices=OR_NOT_SURE, widget=forms.RadioSelect, required=False
    )
    asked_to = forms.ChoiceField(
        label="Did somebody tell you to fill this in?", choices=OR_NOT_SURE, widget=forms.RadioSelect, required=False
    )
    safety = WordsField(
        label="Anything else that we must know", help_text=NOBODY, max_length=1000, rows=4, required=False
    )


STEPS = Steps(
    [
        Step("reach", "How to reach you", ReachForm),
        Step("name", "Who you are", OwnNameForm),
        AREA,
        Step("what", "What you did", PartForm),
        Step("matter", "How we find the matter", MatterForm),
        Step("safety", "Safety", OwnSafetyForm),
    ]
)
HEADINGS = {
    "name": ("Who are you?", "We check with the police or probation who you are."),
    "matter": (
        "By what can we find the matter?",
        "You can leave out what you do not know. We do not ask for the last name or the address of whoever was harmed.",
    ),
    "safety": ("Is there anything that we must know first?", "You can leave out what you would rather not say."),
}


def new_referral(cleaned: Cleaned, *, today: dt.date) -> NewReferral:
    """Nobody harmed is named by it: the service finds out through the police, victim liaison or the Hub."""
    return NewReferral(
        received_on=today,
        mechanism=Mechanism.OFFENDER_SELF,
        initiated_by=InitiatedBy.OFFENDER,
        harmed=NewPerson(),
        responsible=whoever_writes(cleaned),
        incident=when_and_where(cleaned["matter"]),
        consent_method=ConsentMethod.ONLINE,
        consented_on=today,
        flags=raised(cleaned, {"in_touch": (SensitiveKind.OTHER, "Says that they are in touch with who was harmed")}),
        notes=_said(cleaned),
    )


def _said(cleaned: Cleaned) -> str:
    part, matter, safety = cleaned["what"], cleaned["matter"], cleaned["safety"]
    answers = dict(OR_NOT_SURE)
    return in_their_words(
        [
            ("What they did", part["what"]),
            ("What they would like to do", part["wish"]),
            ("Who works with them", matter["worker"]),
            ("First name of whoever was harmed", matter["first_name_harmed"]),
            ("Told to stay away from somebody", answers.get(safety["order"], "")),
            ("In touch with whoever was harmed", answers.get(safety["in_touch"], "")),
            ("Somebody told them to fill this in", answers.get(safety["asked_to"], "")),
            ("What we must know", safety["safety"]),
        ]
    )


OF_WHOEVER_IS_RESPONSIBLE = Asks("contact_us", "unsent_part", "your-part", "your-part", STEPS, HEADINGS, new_referral)
