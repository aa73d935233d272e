"""Who is away, from when to when, and who covers."""

from typing import cast

from django import forms

from cases.forms.assigning import ColleagueChoice
from rj_service.accounts.models import User
from rj_service.ui.forms import DateField, GovukForm


class AbsenceForm(GovukForm):
    """`users`: whose absence may be recorded; without a choice it is one's own. `covers`: who may stand in."""

    user = ColleagueChoice(queryset=User.objects.none(), label="Who is away?", empty_label="Choose")
    away_from = DateField(label="First day away")
    away_until = DateField(label="Last day away", future=True)
    covered_by = ColleagueChoice(
        queryset=User.objects.none(),
        label="Who covers?",
        empty_label="Choose",
        help_text="Somebody of the same role. A restricted case opens to them only if a service manager gives access.",
    )

    def __init__(self, *args, users, covers, **kwargs):
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["covered_by"]).queryset = covers
        if users is None:
            del self.fields["user"]
        else:
            cast(forms.ModelChoiceField, self.fields["user"]).queryset = users
