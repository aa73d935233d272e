from django import forms

from rj_service.ui.forms import GovukForm


class LeaverForm(GovukForm):
    reason = forms.CharField(
        label="Why do they leave?", max_length=100, help_text="For colleagues. For example: moved away"
    )
