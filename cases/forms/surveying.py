"""How it went, in the words of domain 2.7: one set of questions for both sides, then those of one side."""

from django import forms

from cases.choices import Satisfaction, Side
from cases.models import SurveyInvitation
from referrals.choices import Channel
from rj_service.ui.forms import DateField, GovukForm, WordsField

AGREE = [
    ("", "Choose"),
    ("agree_strongly", "Agree strongly"),
    ("agree", "Agree"),
    ("neither", "Neither agree nor disagree"),
    ("disagree", "Disagree"),
    ("disagree_strongly", "Disagree strongly"),
    ("not_said", "Prefer not to say"),
]
_BOTH = {
    "informed": "I was told what would happen before it began",
    "prepared": "I was well prepared",
    "safe": "I felt safe",
    "fair": "The people who ran it were fair",
    "listened": "I could say what I wanted",
    "recommend": "I would recommend it",
}
QUESTIONS: dict[str, dict[str, str]] = {
    Side.HARMED: {
        **_BOTH,
        "answered": "My questions were answered",
        "informed_more": "I feel better informed and more able to act",
        "cope": "I am better able to cope",
        "safer": "I feel safer",
    },
    Side.RESPONSIBLE: {
        **_BOTH,
        "responsibility": "I feel more responsible for what happened",
        "impact": "I understand the effect of what happened",
        "motivated": "I want to change",
    },
    Side.NEITHER: _BOTH,
}


class SurveyInvitationForm(GovukForm):
    """`channels`: those that are safe and agreed."""

    channel = forms.ChoiceField(label="How they are asked", choices=Channel, widget=forms.RadioSelect)
    interval = forms.ChoiceField(
        label="When they are asked", choices=SurveyInvitation.Interval, widget=forms.RadioSelect
    )

    option_hints = {"channel": {Channel.PHONE: "You ask, and type the answers on the next page."}}

    def __init__(self, *args, channels=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.offer("channel", [one for one in Channel.choices if one[0] in channels])


class _Survey(GovukForm):
    overall = forms.ChoiceField(label="Overall, how satisfied are you?", choices=Satisfaction, widget=forms.RadioSelect)
    words = WordsField(label="Anything else you want to say", required=False, max_length=4000)

    def __init__(self, *args, side: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.questions = QUESTIONS[side]
        for name, label in self.questions.items():
            self.fields[name] = forms.ChoiceField(label=label, choices=AGREE, required=False)
        self.order_fields([*self.first, "overall", *self.questions, "words"])

    first: tuple[str, ...] = ()

    @property
    def answers(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in self.questions if self.cleaned_data[name]}


class PublicSurveyForm(_Survey):
    @property
    def not_marked_optional(self):
        return tuple(self.questions)


class SurveyAnswersForm(_Survey):
    """On paper or by telephone, typed by staff."""

    received_on = DateField(label="Day the answers came", past=True)
    first = ("received_on",)

    @property
    def not_marked_optional(self):
        return tuple(self.questions)
