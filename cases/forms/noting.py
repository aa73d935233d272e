"""A note."""

from cases.models.note import LONGEST_NOTE
from rj_service.ui.forms import GovukForm, WordsField


class NoteForm(GovukForm):
    words = WordsField(
        label="Note",
        help_text="Facts, not opinions. Nothing about the other side. It may be disclosed to a court.",
        required=False,
        max_length=LONGEST_NOTE,
        rows=12,
    )
    not_marked_optional = ("words",)
