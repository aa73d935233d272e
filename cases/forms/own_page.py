"""What somebody types on a page of their own. Plain words, and nothing of a number or address that we have."""

from django import forms

from referrals.choices import ComplaintAbout, LinkChannel, LinkQuestion
from rj_service.ui.forms import GovukForm, PhoneField, PostcodeField, WordsField

QUIET = {"autocomplete": "off"}


class OwnLinkForm(GovukForm):
    """By whoever works with the person; `channels`: those that are safe."""

    channel = forms.ChoiceField(label="How do they get it?", choices=LinkChannel.choices, widget=forms.RadioSelect)
    question = forms.ChoiceField(
        label="What does the page ask first?", choices=LinkQuestion.choices, widget=forms.RadioSelect
    )
    word = forms.CharField(
        label="The word",
        max_length=60,
        required=False,
        help_text="One that nobody close to them would guess. It is not shown again",
        widget=forms.TextInput(QUIET),
    )

    reveals = {"question": {LinkQuestion.WORD: ("word",)}}

    def __init__(self, *args, channels=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.offer("channel", [one for one in LinkChannel.choices if one[0] in channels])


class AnswerForm(GovukForm):
    """`question` is the label: the year they were born, or the word that was agreed."""

    answer = forms.CharField(max_length=100, widget=forms.TextInput(QUIET))

    def __init__(self, *args, question: str, hint: str, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["answer"]
        field.label, field.help_text = question, hint
        field.error_messages["required"] = "Enter your answer"


class PlainForm(GovukForm):
    """A button."""


class ReachForm(GovukForm):
    may_phone = forms.BooleanField(label="You may phone me", required=False)
    may_leave_voicemail = forms.BooleanField(label="You may leave a message when I do not answer", required=False)
    may_text = forms.BooleanField(label="You may send me a text message", required=False)
    may_email = forms.BooleanField(label="You may email me", required=False)
    may_write = forms.BooleanField(label="You may write to me", required=False)
    phone = PhoneField(label="New phone number", required=False)
    email = forms.EmailField(label="New email address", max_length=254, required=False)
    address = WordsField(label="New address", max_length=500, rows=3, required=False)
    postcode = PostcodeField(label="New postcode", required=False)
    words = WordsField(
        label="Anything else we must know",
        max_length=1000,
        rows=3,
        required=False,
        help_text="For example, a time that is safe, or somebody who must not know",
    )

    parts = {
        "What is safe": "may_phone may_leave_voicemail may_text may_email may_write",
        "If something is new": "phone email address postcode words",
    }

    def sections(self):
        return [(heading, [self[name] for name in names.split()]) for heading, names in self.parts.items()]

    @property
    def given(self) -> dict:
        data = self.cleaned_data
        return {
            "allowed": {name: value for name, value in data.items() if name.startswith("may_")},
            "details": {name: str(data[name] or "") for name in ("phone", "email", "address", "postcode")},
            "words": data["words"],
        }


class OwnComplaintForm(GovukForm):
    about = forms.ChoiceField(label="What is it about?", choices=ComplaintAbout.choices, widget=forms.RadioSelect)
    is_worker = forms.BooleanField(required=False)
    names_worker = forms.CharField(
        label="Who is it about, if it is about one of us?",
        max_length=150,
        required=False,
        help_text="They do not get to see your complaint",
        widget=forms.TextInput(QUIET),
    )
    words = WordsField(label="What went wrong, in your own words", max_length=10_000, rows=8)

    def __init__(self, *args, worker_name: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        if worker_name:
            self.fields["is_worker"].label = f"It is about {worker_name}"
        else:
            del self.fields["is_worker"]
