"""What is typed about a message between the sides."""

from typing import cast

from django import forms

from cases.choices import MessageAnswer, MessageFinding, MessageKind, MessageWish, PermissionMethod
from cases.forms.contacting import ParticipantChoice
from cases.forms.shown import ShownMixin
from rj_service.documents.uploads import PAGES_TAKEN
from rj_service.ui.forms import DateField, FilesField, FilesInput, GovukForm, WordsField


def pages(label: str) -> FilesField:
    return FilesField(
        label=label,
        required=False,
        help_text=f"{PAGES_TAKEN}, in their order. Photograph or scan the paper: nothing but the picture is kept.",
        widget=FilesInput(attrs={"accept": ".jpg,.jpeg,.png", "multiple": True}),
    )


class MessageForm(GovukForm):
    """`authors` and `recipients`: participants; no recipients for whoever works with one side alone. A reply has both."""

    author = ParticipantChoice(queryset=None, label="Whose words are they?", widget=forms.RadioSelect, empty_label=None)
    recipient = ParticipantChoice(queryset=None, label="To whom?", widget=forms.RadioSelect, empty_label=None)
    kind = forms.ChoiceField(label="What is it?", choices=MessageKind, widget=forms.RadioSelect)
    words = WordsField(
        label="Their words",
        max_length=8000,
        rows=10,
        required=False,
        help_text="As they said or wrote them. It is a draft: nobody of the other side can read it.",
    )
    pages = pages("Or pictures of what they wrote")

    def __init__(self, *args, authors, recipients=None, **kwargs):
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["author"]).queryset = authors
        if recipients is None:
            del self.fields["recipient"]
        else:
            cast(forms.ModelChoiceField, self.fields["recipient"]).queryset = recipients


class MessageWordsForm(ShownMixin, GovukForm):
    words = WordsField(label="Their words", max_length=8000, rows=10, required=False)
    pages = pages("Other pictures of what they wrote")


class MessagePermissionForm(ShownMixin, GovukForm):
    permitted_on = DateField(label="Day they said so", past=True)
    how = forms.ChoiceField(label="How they said so", choices=PermissionMethod, widget=forms.RadioSelect)


class MessageReadingForm(ShownMixin, GovukForm):
    found = forms.MultipleChoiceField(
        label="Is any of this in it?",
        choices=MessageFinding,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Tick nothing if you have read all of it and found none. Anything ticked sends it back to its author.",
    )
    has_read = forms.BooleanField(label="I have read every word of it")
    has_read_scan = forms.BooleanField(
        label="I have opened the scan and read every word of it, the edges and the back too",
        help_text="No machine looks through a picture for an address, a telephone number or a letterhead.",
    )

    def __init__(self, *args, has_scan: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not has_scan:
            del self.fields["has_read_scan"]


class MessageWishForm(GovukForm):
    wish = forms.ChoiceField(label="Do they wish to have it?", choices=MessageWish, widget=forms.RadioSelect)
    wished_on = DateField(label="Day they were asked", past=True)


class MessageCarryForm(ShownMixin, GovukForm):
    carried_on = DateField(label="Day it was carried", past=True)


class MessageAnswerForm(GovukForm):
    answer = forms.ChoiceField(label="What became of it?", choices=MessageAnswer, widget=forms.RadioSelect)
