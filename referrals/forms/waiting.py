"""What is asked about somebody who waits for a suspect to be identified."""

from django import forms

from referrals.actions import Spoken
from referrals.choices import (
    FOUND_BY_ITSELF,
    TOLD_BY_ITSELF,
    ConsentMethod,
    ToldBy,
    TriggerKind,
    WaitCheck,
)
from rj_service.ui.forms import DateField, GovukForm, WordsField

YES_NO = [("Y", "Yes"), ("N", "No")]
HOW = [choice for choice in ConsentMethod.choices if choice[0] != ConsentMethod.NOT_KNOWN]


class SpokenForm(GovukForm):
    """Who asked the person, how, and what they said. Under the answer that they still wish it."""

    how = forms.ChoiceField(label="How they were asked", choices=[("", "Choose"), *HOW], required=False)
    asked_by = forms.CharField(label="Who asked them", max_length=150, required=False)
    wish = WordsField(label="Their wish, in their own words", required=False, max_length=1000, rows=3)
    wishes_contact = forms.ChoiceField(
        label="Do they wish to hear from us if somebody is identified?",
        choices=[*YES_NO, ("", "Not asked")],
        required=False,
        widget=forms.RadioSelect,
    )
    address_confirmed = forms.BooleanField(
        label="They confirmed how and where they can be reached safely", required=False
    )
    options_class = "govuk-radios--small govuk-checkboxes--small"

    @property
    def spoken(self) -> Spoken:
        data = self.cleaned_data
        return Spoken(
            how=data["how"],
            asked_by=data["asked_by"],
            wish=data["wish"] if "wish" in self.changed_data else "",
            wishes_contact={"Y": True, "N": False}.get(data.get("wishes_contact", "")),
            address_confirmed=data["address_confirmed"],
        )


class InterestCheckForm(SpokenForm):
    result = forms.ChoiceField(label="What did the check come to?", choices=WaitCheck.choices, widget=forms.RadioSelect)
    checked_on = DateField(label="Day of the check", past=True)
    next_check_on = DateField(
        label="Check again on", future=True, required=False, help_text="In three months if left empty"
    )
    watched_day = DateField(
        label="Another day to come back to", future=True, required=False, help_text="For example, the day of a trial"
    )
    watched_for = forms.CharField(label="What happens on that day", max_length=150, required=False)

    field_order = ["result"]
    reveals = {
        "result": {WaitCheck.SPOKE: ("how", "asked_by", "wish", "wishes_contact", "address_confirmed")},
    }
    option_hints = {
        "result": {
            WaitCheck.SPOKE: "With the address confirmed, this is the yearly review too",
            WaitCheck.WITHDRAWN: "What they agreed to ends at once, and so does the waiting",
        }
    }

    def clean(self):
        data = super().clean()
        if data.get("result") == WaitCheck.SPOKE:
            for name, sentence in (("how", "Choose how they were asked"), ("asked_by", "Enter who asked them")):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, sentence)
        return data

    @property
    def given(self) -> dict:
        """As the action takes it: what lies under another answer is not read."""
        names = ("result", "checked_on", "next_check_on", "watched_day", "watched_for")
        data = {name: self.cleaned_data[name] for name in names}
        return data | {"spoken": self.spoken if data["result"] == WaitCheck.SPOKE else None}


class TriggerForm(GovukForm):
    kind = forms.ChoiceField(
        label="What has changed?",
        choices=[choice for choice in TriggerKind.choices if choice[0] not in FOUND_BY_ITSELF],
        widget=forms.RadioSelect,
    )
    told_by = forms.ChoiceField(
        label="Who told us?",
        choices=[
            (code, f"{words[0].upper()}{words[1:]}") for code, words in ToldBy.choices if code not in TOLD_BY_ITSELF
        ],
        widget=forms.RadioSelect,
    )
    told_on = DateField(label="Day we were told", past=True)
    words = WordsField(
        label="What was said",
        required=False,
        max_length=500,
        rows=3,
        help_text="Only the service reads this. Name nobody who is not charged",
    )
    options_class = "govuk-radios--small"


class GoOnForm(SpokenForm):
    """Every answer is needed: the referral goes back to triage only with the wish and the address checked again."""

    wish_stands = forms.ChoiceField(
        label="Do they still wish it, now that somebody is identified?", choices=YES_NO, widget=forms.RadioSelect
    )
    checked_on = DateField(label="Day they were asked", past=True)

    field_order = ["wish_stands", "wish", "address_confirmed", "checked_on", "how", "asked_by"]
    reveals = {"wish_stands": {"Y": ("wish", "address_confirmed")}}
    option_hints = {"wish_stands": {"N": "The referral ends. Nobody outside learns why"}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["wishes_contact"]
        for name, sentence in (("how", "Choose how they were asked"), ("asked_by", "Enter who asked them")):
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = sentence
