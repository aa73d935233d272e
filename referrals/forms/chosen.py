"""What is asked before something is done with several referrals at once."""

from django import forms

from rj_service.accounts.models import User
from rj_service.ui.forms import DateField, GovukForm, WordsField


class TakeForm(GovukForm):
    """Nothing is asked."""


class GiveForm(GovukForm):
    to = forms.ModelChoiceField(
        label="To whom?", queryset=User.objects.none(), error_messages={"required": "Choose a colleague"}
    )

    def __init__(self, *args, colleagues, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = colleagues
        self.fields["to"].label_from_instance = User.get_full_name


class HoldForm(GovukForm):
    until = DateField(label="Look again on", future=True)
    note = WordsField(
        label="What we wait for",
        help_text="The referrers do not see this",
        max_length=4000,
        rows=3,
        error_messages={"required": "Say what we wait for"},
    )
