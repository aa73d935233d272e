"""The five templates: their columns, what may stand in each, and one invented example row."""

from collections.abc import Iterable

from cases.choices import AssignmentSides, ContactMethod, ContactResult
from referrals.choices import AdultBecause, LegalBarKind
from referrals.hub_file import COLUMNS as HUB_COLUMNS
from rj_service.documents.templates_in import Column, Template

WAITING, CASES, CONTACTS, BARS, STOPS = "waiting", "cases", "contacts", "bars", "stops"
EXAMPLE = "EXAMPLE"


def is_example(reference: str) -> bool:
    return reference.upper().startswith(EXAMPLE)


def _hub(name: str, words: str, example: str = "", is_mandatory: bool = False) -> Column:
    return Column(name, words, example, is_mandatory, HUB_COLUMNS[name])


def _codes(values: Iterable[str]) -> str:
    return "One of: " + ", ".join(values)


_DAY = "A day: 31/12/2025 or 2025-12-31"
_YES_NO = "Y or N; blank means N"
_REFERENCE = Column(
    "reference",
    "Your own reference. Once in all your files; the other files find the row by it",
    f"{EXAMPLE}-1",
    True,
    60,
)
_SIDE = Column("side", "harmed or responsible: whom the row is about", "harmed", True, 40)

_WHAT_HAPPENED = (
    _hub("crime_reference", "The police's reference, as you have it", "35/12345/25"),
    _hub("crime_type", "A name of data.police.uk, as Burglary; others are kept as 'other' with your words", "Burglary"),
    _hub("offence_month", "2025-10 or 10/2025", "2025-10"),
    _hub("location", "Where it happened", "Mill Road"),
    _hub("lsoa_code", "Area code of the place"),
    _hub("local_area", "District, as your service calls it", "Cambridge"),
    _hub("last_outcome", "What the police last said of the crime", "Under investigation"),
    _hub("justice_stage", "For example under_investigation, pre_sentence, post_sentence_custody, non_crime"),
)
_HARMED = (
    _hub("victim_type", "person or organisation; blank means person", "person"),
    _hub("victim_first_name", "First name of the person harmed", "Josie"),
    _hub("victim_last_name", "Last name of the person harmed", "Harrow"),
    _hub("victim_organisation", "Name of an organisation harmed"),
    _hub("victim_date_of_birth", _DAY, "14/03/1987"),
    _hub("victim_phone", "As it is dialled", "07700 900123"),
    _hub("victim_email", "Email address", "josie@example.org"),
    _hub("victim_address", "Address", "4 Mill Lane"),
    _hub("victim_postcode", "Postcode", "CB1 1AA"),
    Column("victim_must_stay_hidden", "Y when nobody may learn where they live. Anything but N counts as Y", "N"),
)
_REACHED = (
    _hub("safe_to_phone", _YES_NO, "Y"),
    _hub("safe_to_leave_voicemail", "Y or N; needs safe_to_phone as well", "N"),
    _hub("safe_to_email", _YES_NO, "Y"),
    _hub("safe_to_write", _YES_NO, "N"),
    Column("safe_times", "When they may be reached", "After 6pm", longest=200),
    Column("must_not_know", "Who must not learn of it", "Her brother", longest=300),
)
_NEEDS = (
    _hub("enhanced_rights", _YES_NO, "N"),
    _hub("vulnerability", "low, medium or high", "low"),
    _hub("communication_needs", "In plain words", "Large print"),
)
_ADULT = "Where no date of birth is known, how you know that they are 18 or over. " + _codes(AdultBecause.values)


def _adult(who: str) -> tuple[Column, Column]:
    return (
        Column(f"{who}_adult_because", f"{_ADULT}. Blank: not known, and asked here", longest=40),
        Column(f"{who}_adult_on", f"When it was established. {_DAY}. Blank: the day they move in"),
    )


_RESPONSIBLE = (
    _hub("offender_first_name", "First name of the person responsible, or of the suspect"),
    _hub("offender_last_name", "Last name"),
    _hub("offender_date_of_birth", _DAY),
    _hub("offender_accepts_responsibility", "full, partial, none or not_known, as you were told"),
)
# Beside the first: how they are reached is written down here, and until then nobody reaches them.
FURTHER = ("second", "third", "fourth")
_FURTHER = tuple(
    Column(f"{which}_{what}", words)
    for which in FURTHER
    for what, words in (
        ("first_name", f"First name of a {which} person responsible. Blank: there is none"),
        ("last_name", "Last name"),
        ("date_of_birth", _DAY),
    )
)
_ARRIVED = (
    _REFERENCE,
    _hub("hub_reference", "The Victims' Hub's reference, so that its next file finds the referral"),
    _hub("date_received", f"When your service received it. {_DAY}", "05/11/2025", True),
    _hub(
        "mechanism",
        "victims_hub, partner_agency, police_officer_pcso, victim_self or offender_self",
        "victims_hub",
        True,
    ),
    _hub("referring_organisation", "Who referred them", "Victims' Hub"),
    _hub("initiated_by", "victim, offender or agency; blank means victim", "victim"),
)
_SENSITIVE = (
    _hub("sensitive_flags", "; between them: domestic_abuse; sexual_offence; hate_crime; stalking; child"),
    _hub("notes", "What your workers must know. Read by this service only", "Prefers to speak in the evening."),
)

WAITING_PEOPLE = Template(
    WAITING,
    "People waiting",
    "One row for each person harmed who waits: for a decision, or for a suspect to be identified",
    (
        *_ARRIVED,
        *_WHAT_HAPPENED,
        *_HARMED,
        *_adult("victim"),
        *_REACHED,
        _hub(
            "contact_consent", "Y: whoever was referred agreed to be contacted. A row without it is refused", "Y", True
        ),
        _hub("consent_method", "in_person, telephone, written, online, email or video_call", "telephone"),
        _hub("consent_date", _DAY, "05/11/2025"),
        *_NEEDS,
        _hub("offender_identified", "N: waits until somebody is identified. Blank or Y: waits for a decision", "N"),
        *_RESPONSIBLE,
        *_FURTHER,
        *_adult("offender"),
        _hub("contact_if_offender_identified", "Y or N: do they wish to hear; blank: not asked", "Y"),
        Column("wish", "What they wish, in their own words", "To ask why it was our shop.", longest=1000),
        Column("wish_confirmed_on", f"When wish and address were last confirmed. {_DAY}", "12/05/2026"),
        Column("next_check_on", "When to look again: a day, past or to come", "12/08/2026"),
        Column("worker_email", "Email of the coordinator who has them, as they sign in here", longest=254),
        *_SENSITIVE,
    ),
)
OPEN_CASES = Template(
    CASES,
    "Open cases",
    "One row for each case that is open, with both sides",
    (
        *_ARRIVED,
        Column("date_opened", f"When your service opened the case. {_DAY}", "20/11/2025", True),
        *_WHAT_HAPPENED,
        *_HARMED,
        *_adult("victim"),
        *_REACHED,
        _hub("contact_consent", "Y: the person harmed agreed to be contacted", "Y", True),
        _hub("consent_method", "in_person, telephone, written, online, email or video_call", "telephone"),
        _hub("consent_date", _DAY, "05/11/2025"),
        Column("approach_consent_date", "When the person harmed agreed that you approach the other side", "20/11/2025"),
        Column("share_consent_date", "When the person harmed agreed that you ask agencies", "20/11/2025"),
        *_NEEDS,
        *(
            Column(one.name, one.words, example, longest=one.longest)
            for one, example in zip(_RESPONSIBLE, ("Karl", "Brand", "02/05/1999", "full"), strict=True)
        ),
        *_FURTHER,
        *_adult("offender"),
        Column("offender_phone", "As it is dialled", "07700 900456", longest=40),
        Column("offender_email", "Email address", longest=254),
        Column("offender_address", "Address", longest=500),
        Column("offender_postcode", "Postcode", longest=20),
        Column("offender_safe_to_phone", _YES_NO, "Y"),
        Column("offender_safe_to_leave_voicemail", "Y or N; needs offender_safe_to_phone as well"),
        Column("offender_safe_to_email", _YES_NO),
        Column("offender_safe_to_write", _YES_NO),
        Column("offender_contact_consent", "Y: the person responsible agreed to be contacted", "Y"),
        Column("offender_consent_method", "As consent_method", "in_person"),
        Column("offender_consent_date", _DAY, "02/12/2025"),
        Column("coordinator_email", "Email of the coordinator, as they sign in here. Blank: you", longest=254),
        Column("facilitator_email", "Email of the lead facilitator, as they sign in here", longest=254),
        Column("facilitator_sides", _codes(AssignmentSides.values), "both", longest=40),
        Column("stage", "Where the case stood, in your words. Shown; the stage here begins anew", "Preparing"),
        Column("stage_since", _DAY, "14/02/2026"),
        *(
            Column(f"{who}_{what}", words, example, longest=longest)
            for who in ("victim", "offender")
            for what, words, example, longest in (
                ("assessment", "What the assessment came to, in your words. Shown; opens nothing", "Suitable", 500),
                ("assessed_on", _DAY, "10/01/2026", 40),
                ("assessed_by", "Who signed it", "J Smith", 150),
                ("take_part_on", "When they agreed to take part. Shown; asked again here", "", 40),
            )
        ),
        *_SENSITIVE,
    ),
)
CONTACT_HISTORY = Template(
    CONTACTS,
    "Contact history",
    "One row for each contact or attempt that matters, about a row of the first two files",
    (
        _REFERENCE,
        _SIDE,
        Column("date", _DAY, "03/12/2025", True),
        Column("method", _codes(ContactMethod.values), "phone", True),
        Column("result", _codes(ContactResult.values), "spoke", True),
        Column("note", "What was said", "Wishes to hear more in January.", longest=4000),
    ),
)
LEGAL_BARS = Template(
    BARS,
    "Legal bars",
    "One row for each order or condition that forbids contact",
    (
        _REFERENCE,
        _SIDE,
        Column("kind", _codes(LegalBarKind.values) + ". Anything else counts as no_contact", "bail", longest=500),
        Column(
            "authority", "Who set it: a court, the police, the Probation Service", "Cambridge Magistrates", longest=150
        ),
        Column("starts_on", f"{_DAY}. Blank: from today", "01/02/2026"),
        Column("ends_on", f"{_DAY}. Blank: until it is lifted"),
        Column("words", "What it forbids", "No contact with the person harmed.", longest=500),
    ),
)
STOPS_TEMPLATE = Template(
    STOPS,
    "Withdrawals and never contact",
    "One row for each person who withdrew, asked never to be asked again, or has died",
    (
        Column(
            "reference",
            "The reference of their row in the first two files; blank if they are in neither",
            f"{EXAMPLE}-2",
            False,
            60,
        ),
        Column("side", "harmed or responsible; blank means harmed", "harmed", longest=40),
        Column("what", "withdrew, never or died", "never", True, 40),
        Column("date", _DAY, "30/06/2025"),
        Column("first_name", "Without a reference: who they are", "Edwin"),
        Column("last_name", "", "Sample"),
        Column("date_of_birth", _DAY, "08/08/1961"),
        Column("phone", "", "07700 900789", longest=40),
        Column("email", "", longest=254),
        Column("postcode", "", "CB2 2BB", longest=20),
    ),
)
TEMPLATES = {one.key: one for one in (WAITING_PEOPLE, OPEN_CASES, CONTACT_HISTORY, LEGAL_BARS, STOPS_TEMPLATE)}
