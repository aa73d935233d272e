"""The files that a service moves in with, and what its earlier system is called."""

from django import forms

from cases.moving_in import TEMPLATES
from rj_service.documents.tables_in import MAX_BYTES
from rj_service.ui.forms import GovukForm, ReasonField


class MoveInForm(GovukForm):
    from_system = forms.CharField(
        label="What is the earlier system called?", help_text="For example: Spreadsheets until 2026", max_length=150
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for template in TEMPLATES.values():
            self.fields[template.key] = forms.FileField(
                label=template.title, help_text="CSV or XLSX, up to 50 MB", required=False
            )

    def clean(self):
        cleaned = super().clean()
        files = {key: upload for key in TEMPLATES if (upload := cleaned.get(key))}
        for key, upload in files.items():
            if upload.size > MAX_BYTES:
                self.add_error(key, "The file must be 50 MB or smaller")
        if not files and not self.errors:
            self.add_error(next(iter(TEMPLATES)), "Choose at least one file")
        return cleaned | {"files": files}


class UndoMoveInForm(GovukForm):
    because = ReasonField(why="this move is taken back", label="Why it is taken back", max_length=300)
