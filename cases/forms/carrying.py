"""What is typed about a message between the sides."""

from typing import cast

from django import forms

from cases.choices import MessageAnswer, MessageFinding, MessageKind, MessageWish, PermissionMethod
from cases.forms.contacting import ParticipantChoice
from rj_service.ui.forms import DateField, GovukForm, WordsField


class MessageForm(GovukForm):
    """`authors` and `recipients`: participants. A reply has both already."""

    author = ParticipantChoice(queryset=None, label="Whose words are they?", widget=forms.RadioSelect, empty_label=None)
    recipient = ParticipantChoice(queryset=None, label="To whom?", widget=forms.RadioSelect, empty_label=None)
    kind = forms.ChoiceField(label="What is it?", choices=MessageKind, widget=forms.RadioSelect)
    words = WordsField(
        label="Their words",
        max_length=8000,
        rows=10,
        help_text="As they said or wrote them. It is a draft: nobody of the other side can read it.",
    )

    def __init__(self, *args, participants, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("author", "recipient"):
            cast(forms.ModelChoiceField, self.fields[name]).queryset = participants


class MessageWordsForm(GovukForm):
    words = WordsField(label="Their words", max_length=8000, rows=10)


class MessagePermissionForm(GovukForm):
    permitted_on = DateField(label="Day they said so", past=True)
    how = forms.ChoiceField(label="How they said so", choices=PermissionMethod, widget=forms.RadioSelect)


class MessageReadingForm(GovukForm):
    found = forms.MultipleChoiceField(
        label="Is any of this in it?",
        choices=MessageFinding,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Tick nothing if you have read all of it and found none. Anything ticked sends it back to its author.",
    )
    has_read = forms.BooleanField(label="I have read every word of it")


class MessageWishForm(GovukForm):
    wish = forms.ChoiceField(label="Do they wish to have it?", choices=MessageWish, widget=forms.RadioSelect)
    wished_on = DateField(label="Day they were asked", past=True)


class MessageCarryForm(GovukForm):
    carried_on = DateField(label="Day it was carried", past=True)


class MessageAnswerForm(GovukForm):
    answer = forms.ChoiceField(label="What became of it?", choices=MessageAnswer, widget=forms.RadioSelect)
