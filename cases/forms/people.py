"""People of a case: who, what they agreed to, what forbids contact."""

from django import forms

from cases.choices import ParticipantRole, Side
from referrals.choices import Channel, ConsentMethod, ConsentPurpose, LegalBarKind, SensitiveKind
from referrals.models import SensitiveFlag
from rj_service.ui.forms import A_LIFE, DateField, EndAsked, GovukForm, WordsField

NAME = forms.TextInput(attrs={"class": "govuk-input--width-20", "spellcheck": "false", "autocomplete": "off"})
KNOWN_METHODS = [choice for choice in ConsentMethod.choices if choice[0] != ConsentMethod.NOT_KNOWN]


class AddParticipantForm(GovukForm):
    side = forms.ChoiceField(label="Which side they belong to", choices=Side, widget=forms.RadioSelect)
    role = forms.ChoiceField(label="What they do in the case", choices=ParticipantRole)
    first_name = forms.CharField(label="First name", max_length=100, required=False, widget=NAME)
    last_name = forms.CharField(label="Last name", max_length=100, required=False, widget=NAME)
    organisation_name = forms.CharField(
        label="Organisation",
        max_length=200,
        required=False,
        help_text="For an organisation that was harmed, in place of a name.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    not_marked_optional = ("first_name", "last_name")

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        if not any(cleaned.get(name) for name in ("first_name", "last_name", "organisation_name")):
            self.add_error("first_name", "Enter a name, or the name of the organisation")
        return cleaned


class ConsentForm(GovukForm):
    purpose = forms.ChoiceField(label="What they agreed to", choices=ConsentPurpose, widget=forms.RadioSelect)
    channels = forms.MultipleChoiceField(
        label="By which ways?",
        choices=Channel.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="None ticked: by every way that is safe",
    )
    method = forms.ChoiceField(label="How they said so", choices=KNOWN_METHODS, widget=forms.RadioSelect)
    given_on = DateField(label="Day they agreed", past=True)
    informed = forms.BooleanField(
        label="They were told what it involves, and that they can stop at any time", required=False
    )
    option_hints = {"method": {ConsentMethod.WRITTEN: "To take part counts only in writing."}}

    reveals = {"purpose": {ConsentPurpose.SURVEY: ("channels",)}}

    def clean_channels(self) -> list[str]:
        return self.cleaned_data["channels"] if self.data.get("purpose") == ConsentPurpose.SURVEY else []


class WithdrawForm(GovukForm):
    """The page itself is the question."""


class LegalBarForm(EndAsked):
    kind = forms.ChoiceField(label="What forbids contact", choices=LegalBarKind, widget=forms.RadioSelect)
    authority = forms.CharField(
        label="Authority that set it",
        max_length=150,
        help_text="For example, Peterborough Magistrates’ Court or the Probation Service. Only it can permit contact.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    starts_on = DateField(label="Day it starts", back=A_LIFE)
    ends_on = DateField(label="Day it ends", ahead=A_LIFE, required=False)
    words = WordsField(label="What it says", required=False, max_length=500, rows=3)


class PermissionForm(GovukForm):
    authority = forms.CharField(
        label="Authority that gave permission", max_length=150, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    permitted_on = DateField(label="Date of the written permission", past=True)


class FlagForm(GovukForm):
    kind = forms.ChoiceField(label="What makes the case sensitive", choices=SensitiveKind)
    words = forms.CharField(
        label="In a few words", max_length=100, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class ClearFlagForm(GovukForm):
    flag = forms.ModelChoiceField(
        label="What is taken off", queryset=SensitiveFlag.objects.none(), widget=forms.RadioSelect, empty_label=None
    )
    because = forms.CharField(label="Why", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args, flags, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["flag"].queryset = flags
        self.fields["flag"].label_from_instance = _flag_in_words


def _flag_in_words(flag: SensitiveFlag) -> str:
    return f"{flag.get_kind_display()}: {flag.words}" if flag.words else flag.get_kind_display()


class IdentifyForm(GovukForm):
    first_name = forms.CharField(label="First name", max_length=100, widget=NAME)
    last_name = forms.CharField(label="Last name", max_length=100, widget=NAME)
    under_18 = forms.TypedChoiceField(
        label="Are they under 18?",
        choices=[("yes", "Yes"), ("no", "No"), ("", "Not known yet")],
        coerce=lambda answer: answer == "yes",
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    not_marked_optional = ("under_18",)
