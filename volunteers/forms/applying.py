"""The questions of the public form, one thing a page, and the application that the answers make."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from rj_service.accounts.acting import acting_as, system_user
from rj_service.accounts.models import LocalArea, OutwardCode, ServiceArea
from rj_service.ui.dates import born_by
from rj_service.ui.forms import BirthField, GovukForm, PhoneField, PostcodeField, WordsField
from rj_service.ui.steps import Cleaned, Step, Steps
from volunteers.actions import NewApplication, NewReference
from volunteers.choices import ADULT, YOUNGEST, PractitionerKind
from volunteers.models import Campaign

NONE, ANYWHERE = "none", "anywhere"
FROM = [
    ("self", "For myself"),
    ("partner", "Through where I work or already volunteer"),
    ("special", "I am a special constable"),
]


class BornForm(GovukForm):
    date_of_birth = BirthField(
        label="What is your date of birth?",
        help_text="Volunteers are 16 or over. At 16 and 17 you work beside adults, with the agreement of a parent or carer.",
    )
    heading = "date_of_birth"

    def clean_date_of_birth(self) -> dt.date:
        born, today = self.cleaned_data["date_of_birth"], timezone.localdate()
        if born > born_by(today, YOUNGEST):
            raise ValidationError("You can volunteer from your 16th birthday. Come back then: we would like that")
        if born.year < today.year - 110:
            raise ValidationError("Enter your date of birth, like 27 3 2001")
        return born


class ApplicantForm(GovukForm):
    first_name = forms.CharField(
        label="First name",
        max_length=80,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20", "autocomplete": "given-name"}),
    )
    last_name = forms.CharField(
        label="Last name",
        max_length=80,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20", "autocomplete": "family-name"}),
    )


class ApplicantReachForm(GovukForm):
    email = forms.EmailField(
        label="Email address", max_length=254, required=False, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    phone = PhoneField(
        label="Phone number",
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "class": "govuk-input--width-20", "autocomplete": "tel"}),
    )
    postcode = PostcodeField(
        label="Postcode",
        help_text="So that the team near you reads this",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "autocomplete": "postal-code"}),
    )
    not_marked_optional = ("email", "phone")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not (data.get("email") or data.get("phone")) and not {"email", "phone"} & set(self.errors):
            self.add_error("email", "Enter an email address or a phone number")
        return data


class ApplicantAreaForm(GovukForm):
    area = forms.ChoiceField(
        label="Where would you like to help?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the place"},
    )
    heading = "area"

    def __init__(self, *args: Any, areas: list[ServiceArea], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("area", [(str(area.pk), area.name) for area in areas])


class OpportunityForm(GovukForm):
    campaign = forms.ChoiceField(
        label="Which opportunity is it?", widget=forms.RadioSelect, error_messages={"required": "Choose one"}
    )
    heading = "campaign"

    def __init__(self, *args: Any, campaigns: list[Campaign], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(str(one.pk), one.title) for one in campaigns]
        offered.append((NONE, "None of these: keep my name for the next one"))
        self.offer("campaign", offered)


class WhereForm(GovukForm):
    local_area = forms.ChoiceField(
        label="Where in the area would you like to help?",
        required=False,
        initial=ANYWHERE,
        widget=forms.RadioSelect,
    )
    heading = "local_area"

    def __init__(self, *args: Any, places: list[LocalArea], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("local_area", [*((str(one.pk), one.name) for one in places), (ANYWHERE, "Anywhere")])

    def clean_local_area(self) -> str:
        return self.cleaned_data["local_area"] or ANYWHERE


class AboutForm(GovukForm):
    comes_from = forms.ChoiceField(label="How do you apply?", choices=FROM, widget=forms.RadioSelect)
    why = WordsField(label="Why would you like to do this?", max_length=3000, rows=5)
    brings = WordsField(
        label="What would you bring to it?",
        help_text="For example: languages, work with people, time at weekends. No qualifications are needed.",
        max_length=3000,
        rows=4,
        required=False,
    )
    experienced = forms.BooleanField(
        label="I have taken part in restorative justice myself, and you may know it", required=False
    )


class AdjustmentsForm(GovukForm):
    adjustments = WordsField(
        label="Is there anything we can do to make this easier for you?",
        help_text="For example: a building without steps, papers in large print, an interview by phone.",
        max_length=1000,
        rows=3,
        required=False,
    )
    heard_from = forms.CharField(label="How did you hear of us?", max_length=100, required=False)


class RefereesForm(GovukForm):
    first_name = forms.CharField(label="First referee: name", max_length=120)
    first_contact = forms.CharField(label="First referee: email address or phone number", max_length=254)
    first_known = forms.CharField(label="First referee: how they know you", max_length=150)
    second_name = forms.CharField(label="Second referee: name", max_length=120)
    second_contact = forms.CharField(label="Second referee: email address or phone number", max_length=254)
    second_known = forms.CharField(label="Second referee: how they know you", max_length=150)

    def given(self) -> tuple[NewReference, ...]:
        return referees(self.cleaned_data)


class ParentForm(GovukForm):
    parent = forms.CharField(
        label="Their name, and who they are to you", max_length=120, help_text="For example: Maria Lane, mother"
    )
    parent_contact = forms.CharField(label="Their email address or phone number", max_length=254)


class AgreeForm(GovukForm):
    agrees = forms.BooleanField(label="I agree to this")


def campaigns_of(area: ServiceArea | None) -> list[Campaign]:
    if area is None:
        return []
    with acting_as(system_user("public"), areas=[area]):
        return list(Campaign.objects.advertised(timezone.localdate()).order_by("title", "id"))


def _possible(before: Cleaned) -> tuple[list[ServiceArea], bool]:
    """The areas that may serve a postcode, and whether that is settled; every area where none says so."""
    outward = before["reach"]["postcode"].split()[0] if "reach" in before else ""
    codes = list(OutwardCode.objects.filter(code=outward).select_related("service_area"))
    if codes:
        return [one.service_area for one in codes], len(codes) == 1 and not codes[0].is_shared
    areas = list(ServiceArea.objects.all())
    return areas, len(areas) == 1


def area_of(cleaned: Cleaned) -> ServiceArea | None:
    """None before it is known."""
    if "area" in cleaned:
        return ServiceArea.objects.filter(pk=cleaned["area"]["area"]).first()
    areas, settled = _possible(cleaned)
    return areas[0] if "reach" in cleaned and settled else None


def is_minor(before: Cleaned) -> bool:
    return "born" in before and before["born"]["date_of_birth"] > born_by(timezone.localdate(), ADULT)


def applies(before: Cleaned) -> bool:
    """To something that is advertised: an enquiry is not asked for referees."""
    return before.get("opportunity", {}).get("campaign", NONE) != NONE


def _places(before: Cleaned) -> list[LocalArea]:
    area = area_of(before)
    return list(LocalArea.objects.filter(service_area=area)) if area else []


STEPS = Steps(
    [
        Step("born", "Your age", BornForm),
        Step("name", "Your name", ApplicantForm),
        Step("reach", "How to reach you", ApplicantReachForm),
        Step(
            "area",
            "Your area",
            ApplicantAreaForm,
            when=lambda before: "reach" in before and not _possible(before)[1],
            given=lambda before: {"areas": _possible(before)[0]},
        ),
        Step(
            "opportunity",
            "The opportunity",
            OpportunityForm,
            when=lambda before: bool(campaigns_of(area_of(before))),
            given=lambda before: {"campaigns": campaigns_of(area_of(before))},
        ),
        Step(
            "where",
            "Where you would help",
            WhereForm,
            when=lambda before: bool(_places(before)),
            given=lambda before: {"places": _places(before)},
        ),
        Step("about", "About you", AboutForm),
        Step("parent", "A parent or carer", ParentForm, when=is_minor),
        Step("referees", "Two referees", RefereesForm, when=applies),
        Step("help", "What would help you", AdjustmentsForm),
        Step("agree", "What we do with this", AgreeForm),
    ]
)
HEADINGS = {
    "name": ("What is your name?", ""),
    "reach": ("How can we reach you?", "An email address or a phone number. We write or call only about this."),
    "about": ("About you", ""),
    "parent": (
        "Who is your parent or carer?",
        "You are under 18. We ask somebody with parental responsibility whether they agree before you begin.",
    ),
    "referees": (
        "Who can tell us about you?",
        "Two people who know you and are not related to you: an employer, a teacher, somebody you volunteer with. We ask "
        "them after the interview.",
    ),
    "help": ("What would make this easier for you?", "You can leave this empty. It plays no part in the choice."),
    "agree": ("What we do with what you wrote", ""),
}


def referees(given: dict[str, Any]) -> tuple[NewReference, ...]:
    return tuple(
        NewReference(given[f"{which}_name"], given[f"{which}_contact"], given[f"{which}_known"])
        for which in ("first", "second")
    )


def new_application(cleaned: Cleaned, *, area: ServiceArea, today: dt.date) -> NewApplication:
    about, helps = cleaned["about"], cleaned["help"]
    place = cleaned.get("where", {}).get("local_area", ANYWHERE)
    chosen = cleaned.get("opportunity", {}).get("campaign", NONE)
    campaign = next((one for one in campaigns_of(area) if str(one.pk) == chosen), None)
    parent = cleaned.get("parent")
    said = about["brings"]
    if parent:
        said = f"{said}\n\nParent or carer: {parent['parent']}, {parent['parent_contact']}".strip()
    return NewApplication(
        **cleaned["name"],
        **cleaned["reach"],
        date_of_birth=cleaned["born"]["date_of_birth"],
        campaign=campaign,
        kind=_kind(about),
        local_area=LocalArea.objects.filter(pk=place, service_area=area).first() if place != ANYWHERE else None,
        why=about["why"],
        brings=said,
        adjustments=helps["adjustments"],
        heard_from=helps["heard_from"],
        received_on=today,
        agreed_on=today,
        references=referees(cleaned["referees"]) if "referees" in cleaned else (),
    )


def _kind(about: dict[str, Any]) -> str:
    if about["comes_from"] == "partner":
        return PractitionerKind.PARTNER_NOMINEE
    if about["comes_from"] == "special":
        return PractitionerKind.SPECIAL_CONSTABLE
    return PractitionerKind.EXPERIENCED if about["experienced"] else PractitionerKind.COMMUNITY
