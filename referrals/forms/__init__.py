"""What people type about a referral."""

from django import forms

from referrals.choices import (
    AskedFor,
    Channel,
    CheckedThrough,
    CheckOf,
    ConsentMethod,
    ConsentPurpose,
    LegalBarKind,
    NotAcceptedReason,
    RefusedReason,
    SensitiveKind,
)
from referrals.models import Provision
from rj_service.accounts.models import Organisation, User
from rj_service.ui.forms import (
    A_LIFE,
    BirthField,
    DateField,
    EndAsked,
    GovukForm,
    PhoneField,
    PostcodeField,
    ReasonField,
    ReferenceField,
    WordsField,
)

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
    wish = WordsField(label="What do they wish, in their own words?", required=False, max_length=1000, rows=3)
    next_check_on = DateField(label="Check again on", future=True, required=False)
    hold_until = DateField(label="Look again on", future=True, required=False)
    hold_question = WordsField(label="Question to the referrer", required=False, max_length=4000, rows=3)
    hold_note = WordsField(
        label="What we wait for", required=False, max_length=4000, rows=3, help_text="The referrer does not see this"
    )
    referred_to = forms.ModelChoiceField(
        label="Who of the directory takes it",
        queryset=Provision.objects.none(),
        required=False,
        empty_label="Nobody of the directory",
    )
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
    warned_of = forms.CharField(widget=forms.HiddenInput, required=False)

    reveals = {
        "decision": {
            INTERESTED: ("wishes_contact", "wish", "next_check_on"),
            HOLD: ("hold_until", "hold_question", "hold_note"),
            ELSEWHERE: ("referred_to", "elsewhere_note"),
            DUPLICATE: ("duplicate_of",),
            NOT_ACCEPTED: ("not_accepted_reason", "decision_note"),
            ERROR: ("error_note",),
        }
    }
    option_hints = {
        "decision": {
            INTERESTED: "The wish is kept and checked again. It is not a refusal.",
            ELSEWHERE: "To another area’s service: offer it from the referral’s page.",
            NOT_ACCEPTED: "The referrer reads: We cannot take this forward at present.",
        }
    }

    def __init__(self, *args, readers=(), is_waiting=False, warning=lambda organisation: "", **kwargs):
        """`readers`: who outside the service reads a question; nobody where no organisation sent it. `is_waiting`: for a
        suspect to be identified; no case is opened before the wish is checked. `warning`: what is missing in what was
        agreed with an organisation about sharing information; said once, and it stops nothing."""
        super().__init__(*args, **kwargs)
        self.warning = warning
        current = Provision.objects.current().select_related("organisation")
        self.fields["referred_to"].queryset = current.order_by("organisation__name", "offers")
        if is_waiting:
            asked = self.fields["decision"]
            asked.choices = [choice for choice in asked.choices if choice[0] not in (ACCEPT, INTERESTED, HOLD)]
            asked.help_text = "To open a case, go on from where the referral waits: the wish is checked on the way"
        if readers:
            words = f"Read by {', '.join(readers)}. They know what they sent and nothing else."
            self.fields["hold_question"].help_text = words
        else:
            del self.fields["hold_question"]
            self.reveals = {"decision": self.reveals["decision"] | {HOLD: ("hold_until", "hold_note")}}

    def clean(self):
        data = super().clean() or {}
        needed = {
            HOLD: [("hold_until", "Enter the day to look again")],
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
        if data.get("decision") == ELSEWHERE and not (data.get("referred_to") or data.get("elsewhere_note")):
            self.add_error("elsewhere_note", "Enter where it goes")
        if data.get("decision") == ELSEWHERE and data.get("referred_to"):
            self._warn_once(data["referred_to"], data.get("warned_of", ""))
        if data.get("decision") == HOLD and not (data.get("hold_question") or data.get("hold_note")):
            self.add_error("hold_note", "Enter what we wait for, or a question to the referrer")
        return data

    def _warn_once(self, to: Provision, warned_of: str) -> None:
        words = self.warning(to.organisation)
        if words and warned_of != str(to.organisation_id):
            self.data = {**self.data.dict(), "warned_of": str(to.organisation_id)}
            self.add_error("referred_to", f"{words}. Press Decide again to refer it on all the same")


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
    channels = forms.MultipleChoiceField(
        label="By which ways?",
        choices=Channel.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="None ticked: by every way that is safe",
    )
    method = forms.ChoiceField(label="How they agreed", choices=ConsentMethod.choices, widget=forms.RadioSelect)
    given_on = DateField(label="Day they agreed", past=True)
    informed = forms.BooleanField(label="They were told what it involves", required=False)

    reveals = {"purpose": {ConsentPurpose.SURVEY: ("channels",)}}

    def clean_channels(self) -> list[str]:
        return self.cleaned_data["channels"] if self.data.get("purpose") == ConsentPurpose.SURVEY else []


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
    may_text = forms.BooleanField(label="It is safe to send a text message", required=False)
    may_email = forms.BooleanField(label="It is safe to email", required=False)
    may_write = forms.BooleanField(label="It is safe to write", required=False)


class LegalBarForm(EndAsked):
    kind = forms.ChoiceField(label="What forbids contact", choices=LegalBarKind.choices, widget=forms.RadioSelect)
    authority = forms.CharField(label="Who set it", max_length=150)
    starts_on = DateField(label="From", back=A_LIFE)
    ends_on = DateField(label="Until", ahead=A_LIFE, required=False)
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


class RecipientForm(GovukForm):
    name = forms.CharField(label="Name of whom you ask", max_length=150)
    email = forms.EmailField(label="Email address", max_length=254, help_text="The link goes to this address alone")


class AskAgencyForm(RecipientForm):
    agency = forms.ModelChoiceField(
        label="Agency",
        queryset=Organisation.objects.none(),
        required=False,
        empty_label="Not in this list",
        help_text="So that what it owes is counted. A manager adds one that is missing, under organisations and areas",
    )
    organisation = forms.CharField(
        label="Team, or the name of an agency that is not in the list",
        max_length=150,
        required=False,
        help_text="For example, HMP Fenmoor",
    )
    asked_for = forms.MultipleChoiceField(
        label="What you ask for", choices=AskedFor.choices, widget=forms.CheckboxSelectMultiple
    )
    words = WordsField(
        label="Words of the request",
        max_length=2000,
        help_text="The page says who it is about. Name nobody here, nor where anybody lives",
    )
    due_on = DateField(label="Answer by", future=True)

    field_order = ["agency", "organisation", "name", "email", "asked_for", "words", "due_on"]
    not_marked_optional = ("agency", "organisation")
    options_class = "govuk-checkboxes--small"

    def __init__(self, *args, agencies=None, **kwargs):
        super().__init__(*args, **kwargs)
        if agencies is not None:
            self.fields["agency"].queryset = agencies

    def clean(self):
        data = super().clean() or {}
        data["organisation"] = data.get("organisation") or (data["agency"].name if data.get("agency") else "")
        if not data["organisation"] and not self.errors.keys() & {"agency", "organisation"}:
            self.add_error("organisation", "Choose an agency, or enter its name")
        return data


class RequestWordsForm(GovukForm):
    asked_for = forms.MultipleChoiceField(
        label="What is usually asked for", choices=AskedFor.choices, widget=forms.CheckboxSelectMultiple
    )
    words = WordsField(
        label="Words that a request begins with",
        max_length=2000,
        help_text="The page that the link opens says who it is about. Name nobody here",
    )
    options_class = "govuk-checkboxes--small"


class AgencyAnswerForm(GovukForm):
    """What the agency itself fills in on the page of its link; staff after a call."""

    ANSWER, REFUSE = "answer", "refuse"
    given_by = forms.CharField(label="Your name and role", max_length=150)
    what = forms.ChoiceField(
        label="Can you give the information?",
        choices=[(ANSWER, "Yes"), (REFUSE, "No, or not now")],
        widget=forms.RadioSelect,
    )
    answer = WordsField(label="Your answer", required=False, max_length=10_000, rows=8)
    refused_reason = forms.ChoiceField(
        label="Why it cannot be given", choices=[("", "Choose"), *RefusedReason.choices], required=False
    )
    explanation = WordsField(label="Anything that helps us ask rightly", required=False, max_length=2000, rows=3)

    reveals = {"what": {ANSWER: ("answer",), REFUSE: ("refused_reason", "explanation")}}

    def clean(self):
        data = super().clean()
        for what, name, sentence in (
            (self.ANSWER, "answer", "Enter the answer"),
            (self.REFUSE, "refused_reason", "Choose why it cannot be given"),
        ):
            if data.get("what") == what and not data.get(name) and name not in self.errors:
                self.add_error(name, sentence)
        return data

    @property
    def given(self) -> dict[str, str]:
        """As the actions take it: what lies under the other answer is not read."""
        data = self.cleaned_data
        refused = data["what"] == self.REFUSE
        return {
            "given_by": data["given_by"],
            "answer": data["explanation" if refused else "answer"],
            "refused_reason": data["refused_reason"] if refused else "",
        }


class NotedAnswerForm(AgencyAnswerForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["given_by"].label = "Who answered, and in what role"
        self.fields["what"].label = "Did they give the information?"
        self.fields["answer"].label = "What they said"
        self.fields["explanation"].label = "What else they said"


class SearchForm(GovukForm):
    words = forms.CharField(
        label="Name, reference, phone, email or postcode",
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Enter what you look for"},
    )


class MessageForm(GovukForm):
    words = WordsField(label="Your message", max_length=4000, error_messages={"required": "Enter a message"})
    is_question = forms.BooleanField(label="It is a question: I need an answer", required=False)


def _answer(label: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=YES_NO, required=False, widget=forms.RadioSelect)


class ChangeSentForm(GovukForm):
    """By column of the Hub's file what the organisation sent, to be changed. `columns`: those that are asked here."""

    contact_consent = _answer("Do they still agree to be contacted?")
    safe_to_phone = _answer("Is it safe to phone?")
    safe_to_leave_voicemail = _answer("Is it safe to leave a voicemail?")
    safe_to_email = _answer("Is it safe to email?")
    safe_to_write = _answer("Is it safe to write?")
    victim_phone = PhoneField(label="Phone number", required=False)
    victim_email = forms.EmailField(label="Email address", required=False)
    victim_address = WordsField(label="Address", required=False, max_length=500, rows=3)
    victim_postcode = PostcodeField(label="Postcode", required=False)
    victim_first_name = forms.CharField(label="First name of the person harmed", max_length=100, required=False)
    victim_last_name = forms.CharField(label="Last name of the person harmed", max_length=100, required=False)
    victim_organisation = forms.CharField(label="Organisation harmed", max_length=200, required=False)
    victim_date_of_birth = BirthField(label="Date of birth of the person harmed", required=False)
    communication_needs = forms.CharField(label="Communication needs", max_length=500, required=False)
    offender_identified = _answer("Have the police identified somebody?")
    offender_first_name = forms.CharField(label="First name of the person responsible", max_length=100, required=False)
    offender_last_name = forms.CharField(label="Last name of the person responsible", max_length=100, required=False)
    offender_date_of_birth = BirthField(label="Date of birth of the person responsible", required=False)
    crime_reference = forms.CharField(label="Crime reference", max_length=40, required=False)
    location = forms.CharField(label="Where it happened", max_length=200, required=False)
    notes = WordsField(label="Notes", required=False, max_length=20_000)

    options_class = "govuk-radios--inline govuk-radios--small"
    parts = {
        "Is it still safe?": "contact_consent safe_to_phone safe_to_leave_voicemail safe_to_email safe_to_write",
        "How to reach the person harmed": "victim_phone victim_email victim_address victim_postcode",
        "The person harmed": "victim_first_name victim_last_name victim_organisation victim_date_of_birth"
        " communication_needs",
        "The person responsible": "offender_identified offender_first_name offender_last_name offender_date_of_birth",
        "What happened": "crime_reference location notes",
    }

    def __init__(self, *args, columns=(), was_named=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.was_named = was_named
        for name in self.fields.keys() - set(columns):
            del self.fields[name]
        self.not_marked_optional = tuple(self.fields)

    def sections(self):
        """Each heading with the questions under it."""
        asked = {
            heading: [self[name] for name in names.split() if name in self.fields]
            for heading, names in self.parts.items()
        }
        return [(heading, fields) for heading, fields in asked.items() if fields]

    @property
    def words(self) -> dict[str, str]:
        """As the Hub's file would say it."""
        return {
            name: value.isoformat() if hasattr(value, "isoformat") else str(value or "")
            for name, value in self.cleaned_data.items()
        }

    def clean(self):
        data = super().clean()
        if data.get("safe_to_leave_voicemail") == "Y" and data.get("safe_to_phone") == "N":
            self.add_error("safe_to_leave_voicemail", "Voicemail needs the telephone as well")
        names = ("victim_first_name", "victim_last_name", "victim_organisation")
        if self.was_named and not any(data.get(name) for name in names):
            self.add_error("victim_first_name", "Enter the name of the person harmed")
        return data


class VerificationForm(GovukForm):
    kind = forms.ChoiceField(label="What was checked?", choices=CheckOf.choices, widget=forms.RadioSelect)
    through = forms.ChoiceField(label="With whom?", choices=CheckedThrough.choices, widget=forms.RadioSelect)
    is_confirmed = forms.TypedChoiceField(
        label="Was it confirmed?",
        choices=YES_NO,
        coerce=lambda answer: answer == "Y",
        widget=forms.RadioSelect,
    )
    checked_on = DateField(label="Day of the check", past=True)
    words = WordsField(
        label="What was said, and by whom",
        required=False,
        max_length=500,
        rows=3,
        help_text="Only the service reads this",
    )

    def __init__(self, *args, kinds=tuple(CheckOf), **kwargs):
        super().__init__(*args, **kwargs)
        self.offer("kind", [(kind.value, kind.label) for kind in kinds])
