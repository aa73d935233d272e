"""What is typed about a person's own link, and about what they asked for on its page."""

from django import forms

from referrals.choices import KnownWay, LinkChannel, LinkQuestion, WishDecision
from rj_service.ui.forms import GovukForm

ANSWERS = (WishDecision.CONFIRMED, WishDecision.NOT_WANTED, WishDecision.NOT_THEM)


class OwnLinkForm(GovukForm):
    channel = forms.ChoiceField(label="How do they get it?", choices=LinkChannel.choices, widget=forms.RadioSelect)
    question = forms.ChoiceField(
        label="What does the page ask first?", choices=LinkQuestion.choices, widget=forms.RadioSelect
    )
    word = forms.CharField(
        label="The word",
        max_length=60,
        required=False,
        help_text="One that nobody close to them would guess. It is not shown again",
        widget=forms.TextInput({"autocomplete": "off"}),
    )

    reveals = {"question": {LinkQuestion.WORD: ("word",)}}
    option_hints = {
        "question": {LinkQuestion.YEAR: "Only where nobody who may hold their phone would know it."},
    }

    def __init__(self, *args, channels=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.offer("channel", [one for one in LinkChannel.choices if one[0] in channels])


class ContactWishForm(GovukForm):
    decision = forms.ChoiceField(
        label="What did they say?", choices=[(one, one.label) for one in ANSWERS], widget=forms.RadioSelect
    )
    way = forms.ChoiceField(label="How did you ask them?", choices=KnownWay.choices, widget=forms.RadioSelect)

    option_hints = {"decision": {WishDecision.NOT_THEM: "Their link ends: somebody else has it."}}
