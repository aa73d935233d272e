"""The questions of the public form, how to reach somebody safely first, and the referral that the answers make."""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from referrals.actions import NewPerson, NewReferral
from referrals.choices import ConsentMethod, Mechanism, SensitiveKind
from rj_service.accounts.models import OutwardCode, ServiceArea
from rj_service.public_forms.pages import PublicForm
from rj_service.ui.dates import month_number
from rj_service.ui.forms import A_LIFE, DateField, GovukForm, PhoneField, PostcodeField, WordsField
from rj_service.ui.steps import Cleaned, Step, Steps
from rj_service.ui.templatetags.ui import month

PHONE, TEXT, EMAIL, LETTER = "phone", "text", "email", "letter"
ELSEWHERE = "none"
YES_NO = [("yes", "Yes"), ("no", "No")]
OR_NOT_SURE = [*YES_NO, ("not_sure", "I am not sure")]
Flag = tuple[str, str]  # kind and words
NO_STORY = {"autocomplete": "off", "spellcheck": "false"}


class QuietLine(forms.CharField):
    """One line that may stay empty, and that no browser keeps."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, widget=forms.TextInput(attrs=NO_STORY), **kwargs)


class ReachForm(GovukForm):
    ways = forms.MultipleChoiceField(
        label="How can we reach you safely?",
        help_text="Choose every way that is safe. We will not use any other.",
        choices=[(PHONE, "Phone call"), (TEXT, "Text message"), (EMAIL, "Email"), (LETTER, "Letter")],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one way that is safe"},
    )
    email = forms.EmailField(
        label="Email address", max_length=254, required=False, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    acknowledge = forms.BooleanField(
        label="Send me one short email now. It says only that you have my message", required=False
    )
    address = WordsField(label="Address to write to, with the postcode", required=False, max_length=500, rows=3)
    phone = PhoneField(
        label="Phone number, if you chose a call or a text message",
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "class": "govuk-input--width-20", "autocomplete": "tel"}),
    )
    leave_message = forms.ChoiceField(
        label="If you do not answer, may we leave a message?",
        help_text="A message says only that somebody called and will try again.",
        choices=YES_NO,
        widget=forms.RadioSelect,
        required=False,
    )
    times = QuietLine(label="When is it safe?", help_text="For example: “weekdays after 4pm”", max_length=200)
    must_not = WordsField(
        label="What must not happen, and who must not know?",
        help_text="For example: “never call when my brother is home”",
        max_length=300,
        required=False,
        rows=3,
    )

    heading = "ways"
    reveals = {"ways": {EMAIL: ("email", "acknowledge"), LETTER: ("address",)}}
    not_marked_optional = ("phone", "leave_message")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        ways = data.get("ways", [])
        for way, name, sentence in (
            ({PHONE, TEXT}, "phone", "Enter the phone number that is safe"),
            ({PHONE}, "leave_message", "Choose whether we may leave a message"),
            ({EMAIL}, "email", "Enter the email address that is safe"),
            ({LETTER}, "address", "Enter the address that is safe to write to"),
        ):
            if way & set(ways) and not data.get(name) and name not in self.errors:
                self.add_error(name, sentence)
        return data


class NameForm(GovukForm):
    first_name = forms.CharField(
        label="First name",
        help_text="Or what you would like us to call you",
        max_length=100,
        widget=forms.TextInput(
            attrs={"class": "govuk-input--width-20", "autocomplete": "given-name", "spellcheck": "false"}
        ),
        error_messages={"required": "Enter a name that we may call you by"},
    )
    last_name = forms.CharField(
        label="Last name",
        max_length=100,
        required=False,
        widget=forms.TextInput(
            attrs={"class": "govuk-input--width-20", "autocomplete": "family-name", "spellcheck": "false"}
        ),
    )
    is_adult = forms.ChoiceField(label="Are you 18 or over?", choices=YES_NO, widget=forms.RadioSelect)
    postcode = PostcodeField(
        label="Postcode",
        required=False,
        help_text="Only so that the right team reads this. Leave it empty if you would rather not say.",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "autocomplete": "postal-code"}),
        error_messages={"invalid": "Enter a full postcode, like CB1 1AA, or leave it empty"},
    )
    hidden = forms.BooleanField(label="Nobody may learn where I live", required=False)
    options_class = "govuk-radios--inline"


class AreaForm(GovukForm):
    area = forms.ChoiceField(
        label="Where do you live, or where did it happen?",
        help_text="So that the right team reads this.",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the place"},
    )
    heading = "area"

    def __init__(self, *args: Any, areas: list[ServiceArea], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("area", [*((str(area.pk), area.name) for area in areas), (ELSEWHERE, "None of these")])


class WhatForm(GovukForm):
    what = WordsField(
        label="What happened, in your own words?",
        help_text="A few words are enough. You do not have to say everything now.",
        max_length=4000,
        rows=8,
        error_messages={"required": "Say in a few words what happened"},
    )
    wish = WordsField(label="What would you like to come of it?", max_length=1000, rows=3, required=False)
    heading = "what"


class WhoForm(GovukForm):
    who_first_name = QuietLine(label="Their first name", max_length=100)
    who_last_name = QuietLine(label="Their last name", max_length=100)
    knows = WordsField(
        label="How do you know them?",
        help_text="For example: a neighbour, somebody in the family, a stranger",
        max_length=500,
        rows=3,
        required=False,
    )


class MonthField(forms.Field):
    """Gives the first day of a month, from 'March 2026' or '3 2026'."""

    def to_python(self, value: Any) -> dt.date | None:
        typed = str(value or "").strip()
        if not typed:
            return None
        found = re.fullmatch(r"([A-Za-z]{3,9}\.?|[0-9]{1,2})[\s/.,-]+([0-9]{4})", typed)
        words, year = found.groups() if found else ("", "0")
        number = month_number(words)
        if number is None or not int(year):
            raise ValidationError("Enter a month and a year, like March 2026", code="invalid")
        first = dt.date(int(year), number, 1)
        today = timezone.localdate()
        if first > today:
            raise ValidationError("The month must be this one or in the past", code="future")
        if first.year < today.year - A_LIFE:
            raise ValidationError(f"The month must be of {today.year - A_LIFE} or later", code="year")
        return first

    def in_words(self, value: dt.date) -> str:
        return month(value)


class WhenForm(GovukForm):
    precision = forms.ChoiceField(
        label="When did it happen?",
        choices=[("day", "On one day"), ("month", "I know the month"), ("about", "Roughly, or more than once")],
        widget=forms.RadioSelect,
        required=False,
    )
    happened_on = DateField(label="The day", past=True, back=A_LIFE, required=False)
    month = MonthField(
        label="Month and year",
        help_text="For example, March 2026",
        required=False,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", **NO_STORY}),
    )
    about = QuietLine(label="When, in your own words", max_length=200)
    where = QuietLine(label="Where did it happen?", help_text="A town or a street is enough", max_length=200)
    police = forms.ChoiceField(
        label="Do the police know about it?",
        help_text="You do not need to have told them.",
        choices=OR_NOT_SURE,
        widget=forms.RadioSelect,
        required=False,
    )
    crime_reference = QuietLine(label="Crime number, if you have it", max_length=40)

    reveals = {
        "precision": {"day": ("happened_on",), "month": ("month",), "about": ("about",)},
        "police": {"yes": ("crime_reference",)},
    }


class SafetyForm(GovukForm):
    afraid = forms.ChoiceField(
        label="Are you afraid of the person who did this, or of somebody close to them?",
        choices=OR_NOT_SURE,
        widget=forms.RadioSelect,
        required=False,
    )
    control = forms.ChoiceField(
        label="Does anybody check where you go, whom you talk to, your phone or your money?",
        choices=OR_NOT_SURE,
        widget=forms.RadioSelect,
        required=False,
    )
    order = forms.ChoiceField(
        label="Has a court or the police told anybody to stay away from anybody?",
        help_text="For example a restraining order, or bail",
        choices=OR_NOT_SURE,
        widget=forms.RadioSelect,
        required=False,
    )
    asked_to = forms.ChoiceField(
        label="Did somebody tell you to fill this in?", choices=OR_NOT_SURE, widget=forms.RadioSelect, required=False
    )
    safety = WordsField(
        label="Anything else that we must know to keep you safe", max_length=1000, rows=4, required=False
    )


def possible_areas(postcode: str) -> tuple[list[ServiceArea], bool]:
    """The areas that may serve a postcode, and whether that is settled. None: every area says which codes it serves, and
    this is none of theirs."""
    outward = postcode.split()[0] if postcode else ""
    codes = OutwardCode.objects.filter(code=outward).select_related("service_area").order_by("service_area__name")
    serving = list(codes) if outward else []
    if serving:
        return [code.service_area for code in serving], len(serving) == 1 and not serving[0].is_shared
    return list(ServiceArea.objects.without_outward_codes() if outward else ServiceArea.objects.all()), False


def _areas(before: Cleaned) -> tuple[list[ServiceArea], bool]:
    return possible_areas(before.get("name", {}).get("postcode", ""))


AREA = Step(
    "area",
    "Your area",
    AreaForm,
    when=lambda before: "name" in before and not _areas(before)[1],
    given=lambda before: {"areas": _areas(before)[0]},
)
STEPS = Steps(
    [
        Step("reach", "How to reach you", ReachForm),
        Step("name", "Who you are", NameForm),
        AREA,
        Step("what", "What happened", WhatForm),
        Step("who", "Who did it, if you know", WhoForm),
        Step("when", "When and where", WhenForm),
        Step("safety", "Your safety", SafetyForm),
    ]
)
HEADINGS = {
    "name": ("What may we call you?", ""),
    "who": (
        "Do you know who did it?",
        "You can leave this empty. We tell them nothing, and ask them nothing, unless you agree.",
    ),
    "when": ("When and where did it happen?", "You can leave out what you do not know."),
    "safety": (
        "Does anything make you feel unsafe?",
        "You can leave out what you would rather not say. Are you alone, and is it safe to answer this?",
    ),
}


def area_of(cleaned: Cleaned) -> ServiceArea | None:
    """None: another service's."""
    if "area" in cleaned:
        chosen = cleaned["area"]["area"]
        return None if chosen == ELSEWHERE else ServiceArea.objects.get(pk=chosen)
    return _areas(cleaned)[0][0]


def whoever_writes(cleaned: Cleaned) -> NewPerson:
    """With the ways to reach them that they said are safe."""
    reach, name = cleaned["reach"], cleaned["name"]
    ways = reach["ways"]
    return NewPerson(
        first_name=name["first_name"],
        last_name=name["last_name"],
        under_18=name["is_adult"] == "no",
        phone=reach["phone"] if {PHONE, TEXT} & set(ways) else "",
        email=reach.get("email", ""),
        address=reach.get("address", ""),
        postcode=name["postcode"],
        must_stay_hidden=name["hidden"],
        may_phone=PHONE in ways,
        may_leave_voicemail=reach["leave_message"] == "yes",
        may_text=TEXT in ways,
        may_email=EMAIL in ways,
        may_write=LETTER in ways,
        safe_times=reach["times"],
        must_not_know=reach["must_not"],
    )


def when_and_where(when: dict[str, Any]) -> dict[str, Any]:
    happened_on = when.get("happened_on")
    return {
        "happened_on": happened_on,
        "month": happened_on.replace(day=1) if happened_on else when.get("month"),
        "location": when["where"],
        "crime_reference": when.get("crime_reference", ""),
    }


def in_their_words(said: Iterable[tuple[str, str]]) -> str:
    return "\n\n".join(f"{label}: {words}" for label, words in said if words)


ASKED_OF_ALL = {
    "order": (SensitiveKind.OTHER, "Says that an order or a condition is in force"),
    "asked_to": (SensitiveKind.OTHER, "Says that somebody told them to ask"),
}


def raised(cleaned: Cleaned, own: Mapping[str, Flag]) -> list[Flag]:
    """What they say raises what is required until somebody has talked with them. `own`: by the questions of one form."""
    safety = cleaned["safety"]
    child = [(SensitiveKind.CHILD, "")] if cleaned["name"]["is_adult"] == "no" else []
    return [*child, *(flag for asked, flag in {**own, **ASKED_OF_ALL}.items() if safety[asked] == "yes")]


def new_referral(cleaned: Cleaned, *, today: dt.date) -> NewReferral:
    who = cleaned["who"]
    return NewReferral(
        received_on=today,
        mechanism=Mechanism.VICTIM_SELF,
        harmed=whoever_writes(cleaned),
        responsible=NewPerson(first_name=who["who_first_name"], last_name=who["who_last_name"]),
        incident=when_and_where(cleaned["when"]),
        consent_method=ConsentMethod.ONLINE,
        consented_on=today,
        flags=raised(
            cleaned,
            {
                "control": (SensitiveKind.COERCIVE_CONTROL, ""),
                "afraid": (SensitiveKind.OTHER, "Says that they are afraid"),
            },
        ),
        notes=_in_their_words(cleaned),
    )


def _in_their_words(cleaned: Cleaned) -> str:
    what, safety, when = cleaned["what"], cleaned["safety"], cleaned["when"]
    answers = dict(OR_NOT_SURE)
    said = [
        ("What happened", what["what"]),
        ("What they would like", what["wish"]),
        ("How they know the person", cleaned["who"]["knows"]),
        ("When", when.get("about", "")),
        ("The police know", answers.get(when["police"], "")),
        *(
            (label, answers.get(safety[key], ""))
            for key, label in (
                ("afraid", "Afraid of the person or somebody close to them"),
                ("control", "Somebody checks where they go, their phone or money"),
                ("order", "Somebody was told to stay away"),
                ("asked_to", "Somebody told them to fill this in"),
            )
        ),
        ("For their safety", safety["safety"]),
    ]
    return in_their_words(said)


@dataclass(frozen=True)
class Asks(PublicForm):
    """`make`: the referral that its answers are."""

    make: Callable[..., NewReferral]

    @property
    def numbered(self) -> tuple[str, ...]:
        return tuple(step.key for step in self.steps if step is not AREA)


OF_WHOEVER_WAS_HARMED = Asks("contact_us", "unsent", "contact-us", "public-start", STEPS, HEADINGS, new_referral)
