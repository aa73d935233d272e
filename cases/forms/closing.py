"""How a case ends; who takes it on."""

from typing import cast

from django import forms

from cases.choices import ClosureReason
from cases.forms.assigning import ColleagueChoice
from rj_service.accounts.models import User
from rj_service.ui.forms import DateField, GovukForm, ReferenceField, WordsField

GROUPS = [
    ("An intervention was held", ["with_agreement", "without_agreement", "indirect_completed", "stopped_part_way"]),
    ("Harmed side", [reason for reason in ClosureReason.values if reason.startswith("harmed_")]),
    ("Responsible side", [reason for reason in ClosureReason.values if reason.startswith("responsible_")]),
]
_GROUPED = {reason for _, reasons in GROUPS for reason in reasons}
REASONS = [
    ("", "Choose"),
    *[(name, [(reason, ClosureReason(reason).label) for reason in reasons]) for name, reasons in GROUPS],
    ("Process", [(reason, label) for reason, label in ClosureReason.choices if reason not in _GROUPED]),
]


class CloseForm(GovukForm):
    reason = forms.ChoiceField(label="Why the case closes", choices=REASONS, help_text="Kept inside the service.")
    duplicate_of = ReferenceField(
        label="Reference of the case that stays",
        required=False,
        help_text="Only for a duplicate of another case. For example, 7K4M-R9",
    )
    closed_on = DateField(label="Day it closes", past=True)
    note = WordsField(label="Note", required=False, max_length=4000, help_text="Kept inside the service.")


class ReopenForm(GovukForm):
    """The page itself is the question."""


class HandOverForm(GovukForm):
    coordinator = ColleagueChoice(queryset=User.objects.none(), label="Who takes the case", empty_label="Choose")
    words = WordsField(
        label="What they need to know",
        help_text="It becomes their first task in the case. Everybody who reads the whole case reads it.",
        required=False,
        max_length=200,
        rows=3,
    )

    def __init__(self, *args, coordinators, **kwargs):
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["coordinator"]).queryset = coordinators
