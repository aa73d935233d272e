from django import forms

from rj_service.ui.forms import GovukForm


class ArchiveForm(GovukForm):
    reason = forms.CharField(
        label="What is it for?", help_text="Kept with the archive’s record. Name nobody.", max_length=200
    )
