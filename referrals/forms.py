"""What people type about a referral."""

from django import forms

from referrals.choices import (
    ConsentMethod,
    ConsentPurpose,
    CrimeType,
    InitiatedBy,
    JusticeStage,
    LegalBarKind,
    Mechanism,
    NotAcceptedReason,
    SensitiveKind,
    Vulnerability,
)
from rj_service.accounts.models import LocalArea, User
from rj_service.ui.forms import DateField, GovukForm, PhoneField, PostcodeField, ReasonField, ReferenceField, WordsField

ACCEPT, INTERESTED, HOLD, ELSEWHERE, DUPLICATE, NOT_ACCEPTED, ERROR = (
    "accept",
    "interested",
    "hold",
    "elsewhere",
    "duplicate",
    "not_accept",
    "error",
)
YES_NO = [("Y", "Yes"), ("N", "No")]


class DecisionForm(GovukForm):
    """One decision; what lies under the others is not read."""

    decision = forms.ChoiceField(
        label="What happens with this referral?",
        widget=forms.RadioSelect,
        choices=[
            (ACCEPT, "Accept and open a case"),
            (INTERESTED, "Hold: interested, no suspect identified"),
            (HOLD, "Put on hold and ask the referrer"),
            (ELSEWHERE, "Refer elsewhere"),
            (DUPLICATE, "Same as another referral"),
            (NOT_ACCEPTED, "Not accept"),
            (ERROR, "Entered in error"),
        ],
    )
    wishes_contact = forms.ChoiceField(
        label="Do they wish to hear from us if somebody is identified?",
        choices=[*YES_NO, ("", "Not asked yet")],
        required=False,
        widget=forms.RadioSelect,
    )
    next_check_on = DateField(label="Check again on", future=True, required=False)
    hold_until = DateField(label="Look again on", future=True, required=False)
    hold_note = WordsField(label="What was asked, and of whom", required=False, max_length=4000, rows=3)
    elsewhere_note = WordsField(label="Where it goes, and why", required=False, max_length=4000, rows=3)
    duplicate_of = ReferenceField(
        label="Reference of the referral that stays", required=False, help_text="For example, 7K4M-R9"
    )
    not_accepted_reason = forms.ChoiceField(
        label="Kind of reason", choices=[("", "Choose"), *NotAcceptedReason.choices], required=False
    )
    decision_note = ReasonField(
        why="this referral is not accepted", seen_by="The referrer does not see this", required=False, max_length=4000
    )
    error_note = WordsField(label="What the error was", required=False, max_length=4000, rows=3)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    reveals = {
        "decision": {
            INTERESTED: ("wishes_contact", "next_check_on"),
            HOLD: ("hold_until", "hold_note"),
            ELSEWHERE: ("elsewhere_note",),
            DUPLICATE: ("duplicate_of",),
            NOT_ACCEPTED: ("not_accepted_reason", "decision_note"),
            ERROR: ("error_note",),
        }
    }
    option_hints = {
        "decision": {
            INTERESTED: "The wish is kept and checked again. It is not a refusal.",
            NOT_ACCEPTED: "The referrer reads: We cannot take this forward at present.",
        }
    }

    def clean(self):
        data = super().clean()
        needed = {
            HOLD: [("hold_until", "Enter the day to look again"), ("hold_note", "Enter what was asked")],
            ELSEWHERE: [("elsewhere_note", "Enter where it goes")],
            DUPLICATE: [("duplicate_of", "Enter the reference of the referral that stays")],
            NOT_ACCEPTED: [
                ("not_accepted_reason", "Choose the kind of reason"),
                ("decision_note", "Say why this referral is not accepted. The referrer does not see this"),
            ],
            ERROR: [("error_note", "Say what the error was")],
        }
        for name, sentence in needed.get(data.get("decision", ""), []):
            if not data.get(name) and name not in self.errors:
                self.add_error(name, sentence)
        return data


class ReferralForm(GovukForm):
    """A referral logged by hand. The person responsible, the crime number and the exact date may all be unknown."""

    received_on = DateField(label="Date received", past=True)
    mechanism = forms.ChoiceField(label="How it reached us", choices=Mechanism.choices, widget=forms.RadioSelect)
    initiated_by = forms.ChoiceField(label="Who began it", choices=InitiatedBy.choices, widget=forms.RadioSelect)
    first_name = forms.CharField(label="First name of the person harmed", max_length=100, required=False)
    last_name = forms.CharField(label="Last name of the person harmed", max_length=100, required=False)
    organisation_name = forms.CharField(label="Organisation harmed", max_length=200, required=False)
    date_of_birth = DateField(label="Date of birth of the person harmed", past=True, required=False)
    may_phone = forms.BooleanField(label="It is safe to phone", required=False)
    may_leave_voicemail = forms.BooleanField(label="It is safe to leave a voicemail", required=False)
    may_email = forms.BooleanField(label="It is safe to email", required=False)
    may_write = forms.BooleanField(label="It is safe to write", required=False)
    phone = PhoneField(label="Phone number", required=False)
    email = forms.EmailField(label="Email address", required=False)
    address = WordsField(label="Address", required=False, max_length=500, rows=3)
    postcode = PostcodeField(label="Postcode", required=False)
    consent_method = forms.ChoiceField(
        label="How the person agreed to be contacted",
        choices=[choice for choice in ConsentMethod.choices if choice[0] != ConsentMethod.NOT_KNOWN],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how the person agreed to be contacted"},
    )
    consented_on = DateField(label="Day they agreed", past=True, required=False)
    crime_type = forms.ChoiceField(label="What happened", choices=CrimeType.choices)
    crime_type_as_given = forms.CharField(label="In the referrer's words", max_length=100, required=False)
    month = DateField(label="Date of the incident", past=True, required=False)
    crime_reference = forms.CharField(label="Crime reference", max_length=40, required=False)
    location = forms.CharField(label="Where", max_length=200, required=False)
    local_area = forms.ModelChoiceField(label="Local area", queryset=LocalArea.objects.none(), required=False)
    justice_stage = forms.ChoiceField(label="Stage of the justice process", choices=JusticeStage.choices)
    suspect_identified = forms.ChoiceField(
        label="Have the police identified somebody?", choices=YES_NO, widget=forms.RadioSelect
    )
    wishes_contact = forms.ChoiceField(
        label="Do they wish to hear from us if somebody is identified?",
        choices=[*YES_NO, ("", "Not asked yet")],
        required=False,
        widget=forms.RadioSelect,
    )
    offender_first_name = forms.CharField(label="First name of the person responsible", max_length=100, required=False)
    offender_last_name = forms.CharField(label="Last name of the person responsible", max_length=100, required=False)
    offender_date_of_birth = DateField(label="Date of birth of the person responsible", past=True, required=False)
    vulnerability = forms.ChoiceField(label="Vulnerability", choices=Vulnerability.choices)
    communication_needs = forms.CharField(label="Communication needs", max_length=500, required=False)
    enhanced_rights = forms.BooleanField(label="Has enhanced rights under the Victims' Code", required=False)
    flags = forms.MultipleChoiceField(
        label="What to know before deciding",
        choices=SensitiveKind.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    notes = WordsField(label="Notes", required=False, max_length=20_000)

    reveals = {
        "suspect_identified": {
            "N": ("wishes_contact",),
            "Y": ("offender_first_name", "offender_last_name", "offender_date_of_birth"),
        }
    }
    options_class = "govuk-radios--small govuk-checkboxes--small"
    parts = {
        "How it reached us": "received_on mechanism initiated_by",
        "The person harmed": "first_name last_name organisation_name date_of_birth vulnerability communication_needs"
        " enhanced_rights",
        "How to reach them safely": "consent_method consented_on may_phone may_leave_voicemail may_email may_write phone"
        " email address postcode",
        "What happened": "crime_type crime_type_as_given month crime_reference location local_area justice_stage"
        " suspect_identified",
        "What else we should know": "flags notes",
    }

    def sections(self):
        """Each heading with the questions under it."""
        return [(heading, [self[name] for name in names.split()]) for heading, names in self.parts.items()]

    def __init__(self, *args, local_areas=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["local_area"].empty_label = "Not known"
        self.fields["local_area"].queryset = local_areas if local_areas is not None else LocalArea.objects.none()

    def clean(self):
        data = super().clean()
        harmed = any(data.get(name) for name in ("first_name", "last_name", "organisation_name"))
        responsible = any(data.get(name) for name in ("offender_first_name", "offender_last_name"))
        if not (harmed or responsible):
            self.add_error("first_name", "Enter the name of the person the referral is about")
        if data.get("may_leave_voicemail") and not data.get("may_phone"):
            self.add_error("may_leave_voicemail", "Voicemail needs the telephone as well")
        return data


class ImportForm(GovukForm):
    file = forms.FileField(
        label="Hub file", help_text="CSV or XLSX, up to 50 MB", error_messages={"required": "Choose the Hub's file"}
    )

    def clean_file(self):
        upload = self.cleaned_data["file"]
        if upload.size > 50 * 1024 * 1024:
            raise forms.ValidationError("The file must be 50 MB or smaller")
        return upload


class ConsentForm(GovukForm):
    purpose = forms.ChoiceField(label="What they agreed to", choices=ConsentPurpose.choices, widget=forms.RadioSelect)
    method = forms.ChoiceField(label="How they agreed", choices=ConsentMethod.choices, widget=forms.RadioSelect)
    given_on = DateField(label="Day they agreed", past=True)
    informed = forms.BooleanField(label="They were told what it involves", required=False)


class WithdrawalForm(GovukForm):
    purpose = forms.ChoiceField(
        label="What they no longer agree to",
        choices=[("", "Everything"), *ConsentPurpose.choices],
        widget=forms.RadioSelect,
        required=False,
    )


class SafeContactForm(GovukForm):
    may_phone = forms.BooleanField(label="It is safe to phone", required=False)
    may_leave_voicemail = forms.BooleanField(label="It is safe to leave a voicemail", required=False)
    may_email = forms.BooleanField(label="It is safe to email", required=False)
    may_write = forms.BooleanField(label="It is safe to write", required=False)


class LegalBarForm(GovukForm):
    kind = forms.ChoiceField(label="What forbids contact", choices=LegalBarKind.choices, widget=forms.RadioSelect)
    authority = forms.CharField(label="Who set it", max_length=150)
    starts_on = DateField(label="From")
    ends_on = DateField(label="Until", required=False)
    words = WordsField(label="In its own words", required=False, max_length=500, rows=3)


class FlagForm(GovukForm):
    kind = forms.ChoiceField(label="What is sensitive", choices=SensitiveKind.choices, widget=forms.RadioSelect)


class RestrictionForm(GovukForm):
    reason = ReasonField(why="this referral is restricted", max_length=300)


class GrantForm(GovukForm):
    user = forms.ModelChoiceField(label="Who may see it", queryset=User.objects.none())
    reason = ReasonField(why="they may see it", max_length=300)

    def __init__(self, *args, users=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = users if users is not None else User.objects.none()


class ConflictForm(GovukForm):
    reason = WordsField(label="Reason", required=False, max_length=300, rows=3, help_text="Nobody in a list reads this")


class InterestCheckForm(GovukForm):
    next_check_on = DateField(label="Check again on", future=True, required=False)
