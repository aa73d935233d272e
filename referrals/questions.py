"""The questions of a referral, one thing a page, and what their answers make together."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from referrals.actions import NewPerson, NewReferral
from referrals.choices import (
    ConsentMethod,
    CrimeType,
    InitiatedBy,
    JusticeStage,
    Mechanism,
    SensitiveKind,
    Vulnerability,
)
from rj_service.accounts.models import LocalArea
from rj_service.ui.forms import A_LIFE, BirthField, DateField, GovukForm, PhoneField, PostcodeField, WordsField
from rj_service.ui.steps import Step, Steps

YES_NO = [("Y", "Yes"), ("N", "No")]
PERSON = ("first_name", "last_name", "organisation_name", "date_of_birth")
NOTHING = {"first_name": "", "last_name": "", "date_of_birth": None}
WISH_HINT = "For example, to ask why, or to hear from us when somebody is found"
SECOND = ("second_first_name", "second_last_name", "second_date_of_birth")
CONTACT = ("phone", "email", "address", "postcode", "may_phone", "may_leave_voicemail", "may_email", "may_write")


class HarmedForm(GovukForm):
    """The first page: a referral begins with a name."""

    initiated_by = forms.ChoiceField(
        label="Who asked for restorative justice?", choices=InitiatedBy.choices, widget=forms.RadioSelect
    )
    first_name = forms.CharField(label="First name of the person harmed", max_length=100, required=False)
    last_name = forms.CharField(label="Last name of the person harmed", max_length=100, required=False)
    organisation_name = forms.CharField(label="Organisation harmed, if it is one", max_length=200, required=False)
    date_of_birth = BirthField(label="Date of birth of the person harmed", required=False)

    options_class = "govuk-radios--small"
    not_marked_optional = PERSON[:3]

    def clean(self):
        data = super().clean() or {}
        begun_by_responsible = data.get("initiated_by") == InitiatedBy.OFFENDER
        if not begun_by_responsible and not any(data.get(name) for name in PERSON[:3]):
            self.add_error("first_name", "Enter the name of the person or the organisation harmed")
        return data


class SecondResponsible(GovukForm):
    """Of several people responsible a second may be named; the coordinator adds more."""

    second_first_name = forms.CharField(
        label="First name of a second person responsible", max_length=100, required=False
    )
    second_last_name = forms.CharField(label="Last name of a second person responsible", max_length=100, required=False)
    second_date_of_birth = BirthField(label="Date of birth of a second person responsible", required=False)

    def clean(self):
        data = super().clean() or {}
        named = data.get("second_first_name") or data.get("second_last_name")
        if data.get("second_date_of_birth") and not named:
            self.add_error("second_last_name", "Enter the name of the second person responsible")
        return data


class ResponsibleForm(SecondResponsible):
    suspect_identified = forms.ChoiceField(
        label="Have the police identified somebody?", choices=YES_NO, widget=forms.RadioSelect
    )
    wishes_contact = forms.ChoiceField(
        label="Do they wish to hear from us if somebody is identified?",
        choices=[*YES_NO, ("", "Not asked yet")],
        required=False,
        widget=forms.RadioSelect,
    )
    wish = WordsField(
        label="What do they wish, in their own words?", required=False, max_length=1000, rows=3, help_text=WISH_HINT
    )
    offender_first_name = forms.CharField(label="First name of the person responsible", max_length=100, required=False)
    offender_last_name = forms.CharField(label="Last name of the person responsible", max_length=100, required=False)
    offender_date_of_birth = BirthField(label="Date of birth of the person responsible", required=False)

    options_class = "govuk-radios--small"
    option_hints = {"suspect_identified": {"N": "That is no reason to wait: we keep the wish and check again"}}
    reveals = {
        "suspect_identified": {
            "N": ("wishes_contact", "wish"),
            "Y": ("offender_first_name", "offender_last_name", "offender_date_of_birth", *SECOND),
        }
    }


class AskingForm(SecondResponsible):
    """Where the person responsible asked themselves, nobody has to be identified."""

    offender_first_name = forms.CharField(label="First name of the person responsible", max_length=100, required=False)
    offender_last_name = forms.CharField(label="Last name of the person responsible", max_length=100)
    offender_date_of_birth = BirthField(label="Date of birth of the person responsible", required=False)


class ContactForm(GovukForm):
    """How whoever asked may be reached. What is not ticked is never used."""

    consent_method = forms.ChoiceField(
        label="How did they agree to be contacted?",
        choices=[choice for choice in ConsentMethod.choices if choice[0] != ConsentMethod.NOT_KNOWN],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how the person agreed to be contacted"},
    )
    consented_on = DateField(label="Day they agreed", past=True, required=False)
    may_phone = forms.BooleanField(label="It is safe to phone", required=False)
    may_leave_voicemail = forms.BooleanField(label="It is safe to leave a voicemail", required=False)
    may_email = forms.BooleanField(label="It is safe to email", required=False)
    may_write = forms.BooleanField(label="It is safe to write", required=False)
    phone = PhoneField(label="Phone number", required=False)
    email = forms.EmailField(label="Email address", required=False)
    address = WordsField(label="Address", required=False, max_length=500, rows=3)
    postcode = PostcodeField(label="Postcode", required=False)

    options_class = "govuk-radios--small govuk-checkboxes--small"

    def clean(self):
        data = super().clean() or {}
        if data.get("may_leave_voicemail") and not data.get("may_phone"):
            self.add_error("may_leave_voicemail", "Voicemail needs the telephone as well")
        for allowed, needed, sentence in (
            ("may_phone", "phone", "Enter the phone number that is safe"),
            ("may_email", "email", "Enter the email address that is safe"),
            ("may_write", "address", "Enter the address that is safe to write to"),
        ):
            if data.get(allowed) and not data.get(needed) and needed not in self.errors:
                self.add_error(needed, sentence)
        return data


class IncidentForm(GovukForm):
    crime_type = forms.ChoiceField(label="What happened", choices=CrimeType.choices)
    crime_type_as_given = forms.CharField(label="In their words", max_length=100, required=False)
    happened_on = DateField(label="Date of the incident", past=True, back=A_LIFE, required=False)
    crime_reference = forms.CharField(label="Crime reference", max_length=40, required=False)
    location = forms.CharField(label="Where", max_length=200, required=False)
    local_area = forms.ModelChoiceField(label="Local area", queryset=LocalArea.objects.none(), required=False)
    is_repeat = forms.BooleanField(label="It has happened before", required=False)
    justice_stage = forms.ChoiceField(label="Stage of the justice process", choices=JusticeStage.choices)
    court = forms.CharField(
        label="Court", max_length=100, required=False, help_text="Where a sentence or an order is still to be made"
    )
    hearing_on = DateField(label="Day of the hearing", required=False)
    needed_by = DateField(
        label="Day by which the court or the landlord needs to know",
        called="The day by which they need to know",
        required=False,
    )

    options_class = "govuk-checkboxes--small"

    def __init__(self, *args, local_areas=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["local_area"].empty_label = "Not known"
        self.fields["local_area"].queryset = local_areas if local_areas is not None else LocalArea.objects.none()


class KnowForm(GovukForm):
    flags = forms.MultipleChoiceField(
        label="What to know before anybody is approached",
        choices=SensitiveKind.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    vulnerability = forms.ChoiceField(label="Vulnerability", choices=Vulnerability.choices)
    enhanced_rights = forms.BooleanField(label="Has enhanced rights under the Victims' Code", required=False)
    communication_needs = forms.CharField(label="Communication needs", max_length=500, required=False)
    notes = WordsField(label="Anything else", required=False, max_length=20_000)

    options_class = "govuk-checkboxes--small"


class ArrivalForm(GovukForm):
    """For a coordinator who writes down what reached the service."""

    received_on = DateField(label="Date received", past=True)
    mechanism = forms.ChoiceField(label="How it reached us", choices=Mechanism.choices, widget=forms.RadioSelect)

    options_class = "govuk-radios--small"


def steps_for(*, is_referrer: bool, same_incident: bool, local_areas: QuerySet[LocalArea]) -> Steps:
    """The pages for whoever writes: a referrer's organisation says how it reached us, and one incident is told once."""
    not_known = {"crime_type": CrimeType.NOT_KNOWN, "justice_stage": JusticeStage.NOT_KNOWN}
    return Steps(
        [
            Step("harmed", "Who was harmed?", HarmedForm, given=beginning(initiated_by=InitiatedBy.VICTIM)),
            Step(
                "responsible", "Who is responsible?", ResponsibleForm, when=lambda before: not _by_responsible(before)
            ),
            Step("asking", "Who is responsible?", AskingForm, when=_by_responsible),
            Step("contact", "How can they be reached safely?", ContactForm),
            Step(
                "incident",
                "What happened?",
                IncidentForm,
                when=lambda before: not same_incident,
                given=lambda before: {"initial": not_known, "local_areas": local_areas},
            ),
            Step("know", "What else should we know?", KnowForm, given=beginning(vulnerability=Vulnerability.NOT_KNOWN)),
            Step(
                "arrival",
                "How did it reach us?",
                ArrivalForm,
                when=lambda before: not is_referrer,
                given=beginning(received_on=timezone.localdate()),
            ),
        ]
    )


def beginning(**initial) -> Callable[[Mapping], dict]:
    return lambda before: {"initial": initial}


def _by_responsible(before: Mapping) -> bool:
    return before.get("harmed", {}).get("initiated_by") == InitiatedBy.OFFENDER


LEADS = {
    "responsible": "Nobody is refused because no suspect is identified, or because of the kind of offence.",
    "contact": "Whoever asked for it. What is not ticked is never used; with nothing ticked we reach them through you.",
}


def new_referral(
    data: Mapping, *, mechanism: str, received_on: date, organisation=None, referrer_name: str = "", same_incident=None
) -> NewReferral:
    """What the cleaned answers of all pages make. Whoever asked is the one whose agreement and contact details they are."""
    by_responsible = data["initiated_by"] == InitiatedBy.OFFENDER
    identified = by_responsible or data["suspect_identified"] == "Y"
    own = {name: data[name] for name in (*CONTACT, "vulnerability", "communication_needs", "enhanced_rights")}
    responsible: dict[str, Any] = (
        {name: data.get(f"offender_{name}") or NOTHING[name] for name in NOTHING} if identified else {}
    )
    return NewReferral(
        received_on=received_on,
        mechanism=mechanism,
        initiated_by=data["initiated_by"],
        harmed=NewPerson(**{name: data[name] for name in PERSON}, **({} if by_responsible else own)),
        responsible=NewPerson(**responsible, **(own if by_responsible else {})),
        also_responsible=[_second(data)] if identified else [],
        incident={} if same_incident else _incident(data),
        same_incident=same_incident,
        organisation=organisation,
        referrer_name=referrer_name,
        consent_method=data["consent_method"],
        consented_on=data["consented_on"],
        flags=[(kind, "") for kind in data["flags"]],
        notes=data["notes"],
        suspect_identified=identified,
        wishes_contact_if_identified={"Y": True, "N": False}.get(data.get("wishes_contact", "")),
        wish="" if identified else data.get("wish", ""),
    )


def _second(data: Mapping) -> NewPerson:
    named: dict[str, Any] = {name: data.get(f"second_{name}") or NOTHING[name] for name in NOTHING}
    return NewPerson(**named)


def _incident(data: Mapping) -> dict:
    happened_on, local_area = data["happened_on"], data["local_area"]
    same = ("crime_type", "crime_type_as_given", "crime_reference", "location", "is_repeat", "justice_stage")
    return {name: data[name] for name in (*same, "court", "hearing_on", "needed_by")} | {
        "happened_on": happened_on,
        "month": happened_on.replace(day=1) if happened_on else None,
        "local_area": local_area,
        "local_area_name": local_area.name if local_area else "",
    }
