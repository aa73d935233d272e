"""A file of a case: on which side, what it is."""

from django import forms

from cases.choices import DocumentKind, Side
from rj_service.documents.uploads import ENDINGS, WHAT_IS_TAKEN
from rj_service.ui.forms import DateField, GovukForm

SIDES = {
    Side.HARMED: "The harmed side",
    Side.RESPONSIBLE: "The responsible side",
    Side.NEITHER: "Neither: for those alone who may see both",
}


class DocumentForm(GovukForm):
    file = forms.FileField(
        label="The file",
        help_text=f"{WHAT_IS_TAKEN}. Its name is not kept.",
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(f".{ending}" for ending in ENDINGS.values())}),
        error_messages={"required": "Choose a file"},
    )
    side = forms.ChoiceField(
        label="Whose is it?",
        help_text="Whoever works with the other side alone never sees that it is there.",
        widget=forms.RadioSelect,
    )
    kind = forms.ChoiceField(label="What is it?", choices=DocumentKind, widget=forms.RadioSelect)
    words = forms.CharField(
        label="In a few words",
        max_length=200,
        help_text="For example, “Consent to take part, signed”",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    dated = DateField(label="Day it bears", past=True, required=False)

    def __init__(self, *args, sides: frozenset[str], **kwargs):
        super().__init__(*args, **kwargs)
        self.offer("side", [(side, words) for side, words in SIDES.items() if side in sides])


class RemoveDocumentForm(GovukForm):
    reason = forms.CharField(
        label="Why it is removed",
        max_length=200,
        help_text="For example, “It belongs to another case”. Name nobody.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
