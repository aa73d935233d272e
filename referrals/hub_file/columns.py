"""The columns of the Hub's file and the words that may stand in them."""

COLUMNS: dict[str, int] = {  # name -> the most characters that are taken
    "hub_reference": 60,
    "date_received": 40,
    "mechanism": 60,
    "referring_organisation": 150,
    "referrer_name": 150,
    "referrer_email": 254,
    "initiated_by": 40,
    "crime_reference": 40,
    "crime_type": 100,
    "offence_month": 40,
    "location": 200,
    "lsoa_code": 40,
    "local_area": 100,
    "last_outcome": 100,
    "justice_stage": 60,
    "victim_type": 40,
    "victim_first_name": 100,
    "victim_last_name": 100,
    "victim_organisation": 200,
    "victim_date_of_birth": 40,
    "victim_phone": 40,
    "victim_email": 254,
    "victim_address": 500,
    "victim_postcode": 20,
    "safe_to_phone": 40,
    "safe_to_leave_voicemail": 40,
    "safe_to_email": 40,
    "safe_to_write": 40,
    "contact_consent": 40,
    "consent_method": 40,
    "consent_date": 40,
    "enhanced_rights": 40,
    "vulnerability": 60,
    "communication_needs": 500,
    "offender_identified": 40,
    "offender_first_name": 100,
    "offender_last_name": 100,
    "offender_date_of_birth": 40,
    "offender_accepts_responsibility": 60,
    "contact_if_offender_identified": 40,
    "sensitive_flags": 500,
    "notes": 20_000,
}
VICTIM_NAMES = ("victim_first_name", "victim_last_name", "victim_organisation")
MANDATORY = ("hub_reference", "date_received", "mechanism", "contact_consent")

MECHANISMS = frozenset({"victims_hub", "partner_agency", "police_officer_pcso", "victim_self", "offender_self"})
INITIATORS = frozenset({"victim", "offender", "agency"})
CONSENT_METHODS = frozenset({"in_person", "telephone", "written", "online", "email", "video_call"})
ACCEPTANCE = frozenset({"full", "partial", "none", "not_known"})
VULNERABILITIES = frozenset({"low", "medium", "high"})
CRIME_TYPES = {
    name.casefold(): name
    for name in (
        "Anti-social behaviour",
        "Bicycle theft",
        "Burglary",
        "Criminal damage and arson",
        "Drugs",
        "Other crime",
        "Other theft",
        "Possession of weapons",
        "Public order",
        "Robbery",
        "Shoplifting",
        "Theft from the person",
        "Vehicle crime",
        "Violence and sexual offences",
    )
}
# The Hub's words for the stage of the justice process, and ours.
JUSTICE_STAGES = frozenset(
    {
        "non_crime",
        "under_investigation",
        "investigation_no_suspect",
        "no_further_action",
        "out_of_court_disposal",
        "pre_sentence",
        "post_sentence_community",
        "post_sentence_custody",
        "on_licence",
        "sentence_complete",
        "not_known",
    }
)

# Reasons that a row comes back: the sender reads these words.
NO_REFERENCE = "no hub_reference"
DATE_NOT_A_DATE = "date_received is not a date"
DATE_IN_FUTURE = "date_received is in the future"
MECHANISM_NOT_KNOWN = "mechanism is not known"
NO_VICTIM = "no victim named"
NO_CONSENT = "no consent to contact recorded"
