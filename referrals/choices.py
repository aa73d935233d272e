"""The controlled lists of referring, and how a referral may move."""

from django.db.models import TextChoices


class Mechanism(TextChoices):
    """The report headings of seed 003 paragraph 7.3, and the person responsible as a visible fifth line."""

    VICTIMS_HUB = "victims_hub", "Victims’ Hub"
    PARTNER_AGENCY = "partner_agency", "Partner agencies"
    POLICE_OFFICER_PCSO = "police_officer_pcso", "Police officers and PCSOs"
    VICTIM_SELF = "victim_self", "Victims referring themselves"
    OFFENDER_SELF = "offender_self", "Person responsible"


# Whoever refers themselves is checked before the other side learns anything (domain 2.16.8).
SELF_REFERRED = frozenset([Mechanism.VICTIM_SELF, Mechanism.OFFENDER_SELF])


class InitiatedBy(TextChoices):
    VICTIM = "victim", "Person harmed"
    OFFENDER = "offender", "Person responsible"
    AGENCY = "agency", "Agency"


class Side(TextChoices):
    HARMED = "harmed", "Harmed side"
    RESPONSIBLE = "responsible", "Responsible side"
    NEITHER = "neither", "Neither side"


class CrimeType(TextChoices):
    """The 14 names of data.police.uk (values are its slugs), 'other words' and conflict without a crime."""

    ANTI_SOCIAL_BEHAVIOUR = "anti-social-behaviour", "Anti-social behaviour"
    BICYCLE_THEFT = "bicycle-theft", "Bicycle theft"
    BURGLARY = "burglary", "Burglary"
    CRIMINAL_DAMAGE_ARSON = "criminal-damage-arson", "Criminal damage and arson"
    DRUGS = "drugs", "Drugs"
    OTHER_CRIME = "other-crime", "Other crime"
    OTHER_THEFT = "other-theft", "Other theft"
    POSSESSION_OF_WEAPONS = "possession-of-weapons", "Possession of weapons"
    PUBLIC_ORDER = "public-order", "Public order"
    ROBBERY = "robbery", "Robbery"
    SHOPLIFTING = "shoplifting", "Shoplifting"
    THEFT_FROM_THE_PERSON = "theft-from-the-person", "Theft from the person"
    VEHICLE_CRIME = "vehicle-crime", "Vehicle crime"
    VIOLENT_CRIME = "violent-crime", "Violence and sexual offences"
    OTHER = "other", "Other"
    NOT_KNOWN = "not-known", "Not known"


class JusticeStage(TextChoices):
    NOT_KNOWN = "not_known", "Not known"
    NON_CRIME = "non_crime", "Not a crime, or community conflict"
    PRE_CHARGE = "pre_charge", "Under investigation"
    NO_FURTHER_ACTION = "no_further_action", "No further action"
    OUT_OF_COURT = "out_of_court", "Out-of-court disposal"
    PRE_SANCTION = "pre_sanction", "Before sanctions by housing or court"
    PRE_SENTENCE = "pre_sentence", "Before sentence"
    POST_SENTENCE_COMMUNITY = "post_sentence_community", "Community sentence"
    POST_SENTENCE_CUSTODY = "post_sentence_custody", "In prison"
    ON_LICENCE = "on_licence", "On licence"
    HISTORIC = "historic", "Sentence complete"


# Whatever is written may have to be disclosed; the officer in the case is asked first (domain 2.16.3).
LIVE_STAGES = frozenset([JusticeStage.PRE_CHARGE, JusticeStage.PRE_SENTENCE])


class ReferralStatus(TextChoices):
    RECEIVED = "received", "Received"
    INTERESTED = "interested", "Interested, no suspect identified"
    ON_HOLD = "on_hold", "On hold"
    ACCEPTED = "accepted", "Accepted"
    NOT_ACCEPTED = "not_accepted", "Not accepted"
    REFERRED_ELSEWHERE = "referred_elsewhere", "Referred elsewhere"
    DUPLICATE = "duplicate", "Duplicate"
    ENTERED_IN_ERROR = "entered_in_error", "Entered in error"
    PASSED_ON = "passed_on", "Passed to another area"


_S = ReferralStatus
TRANSITIONS: dict[str, frozenset[str]] = {
    _S.RECEIVED: frozenset(
        [
            _S.INTERESTED,
            _S.ON_HOLD,
            _S.ACCEPTED,
            _S.NOT_ACCEPTED,
            _S.REFERRED_ELSEWHERE,
            _S.DUPLICATE,
            _S.ENTERED_IN_ERROR,
            _S.PASSED_ON,
        ]
    ),
    # To go on it goes back to triage, and on the way the wish is checked (domain 2.16.9).
    _S.INTERESTED: frozenset(
        [
            _S.RECEIVED,
            _S.NOT_ACCEPTED,
            _S.REFERRED_ELSEWHERE,
            _S.DUPLICATE,
            _S.ENTERED_IN_ERROR,
            _S.PASSED_ON,
        ]
    ),
    _S.ON_HOLD: frozenset(
        [
            _S.RECEIVED,
            _S.INTERESTED,
            _S.ACCEPTED,
            _S.NOT_ACCEPTED,
            _S.REFERRED_ELSEWHERE,
            _S.DUPLICATE,
            _S.ENTERED_IN_ERROR,
            _S.PASSED_ON,
        ]
    ),
    _S.ACCEPTED: frozenset(),
    _S.NOT_ACCEPTED: frozenset([_S.RECEIVED]),
    _S.REFERRED_ELSEWHERE: frozenset([_S.RECEIVED]),
    _S.DUPLICATE: frozenset([_S.RECEIVED]),
    _S.ENTERED_IN_ERROR: frozenset(),
    _S.PASSED_ON: frozenset(),  # comes home when the other area sends it, by no decision here
}
TO_DECIDE = (_S.RECEIVED,)
NOT_COUNTED = (_S.DUPLICATE, _S.ENTERED_IN_ERROR, _S.PASSED_ON)


class NotAcceptedReason(TextChoices):
    """Individual reasons only: no offence type is off limits (seed 003 paragraph 4.1). Kept inside."""

    NO_CONSENT = "no_consent", "The person did not agree to be contacted"
    COULD_NOT_CONTACT = "could_not_contact", "The person could not be contacted"
    CHANGED_MIND = "changed_mind", "The person changed their mind"
    RISK = "risk", "Individual risk cannot be managed"
    LEGAL_BAR = "legal_bar", "A court order or condition forbids it"
    OUT_OF_AREA = "out_of_area", "Belongs to another area"
    YOUTH_JUSTICE = "youth_justice", "The Youth Justice Service holds it"
    DIED = "died", "The person has died"
    OTHER = "other", "Another individual reason"


class NeutralOutcome(TextChoices):
    """All that a referrer reads. It never shows who said no (domain 2.16.10)."""

    WITH_US = "with_us", "With the service"
    WAITING = "waiting", "Waiting: no suspect identified"
    TAKEN_FORWARD = "taken_forward", "Taken forward"
    COMPLETED = "completed", "Our work has ended"
    NOT_AT_PRESENT = "not_at_present", "We cannot take this forward at present"
    # Which one is not said: that somebody moved, and where to, is nobody's to read.
    PASSED_ON = "passed_on", "Another restorative justice service goes on with this"


# What a status allows to say while nothing else was told.
TOLD: dict[str, NeutralOutcome] = {
    _S.RECEIVED: NeutralOutcome.WITH_US,
    _S.INTERESTED: NeutralOutcome.WAITING,
    _S.ON_HOLD: NeutralOutcome.WITH_US,
    _S.ACCEPTED: NeutralOutcome.TAKEN_FORWARD,
    _S.NOT_ACCEPTED: NeutralOutcome.NOT_AT_PRESENT,
    _S.REFERRED_ELSEWHERE: NeutralOutcome.NOT_AT_PRESENT,
    _S.DUPLICATE: NeutralOutcome.NOT_AT_PRESENT,
    _S.ENTERED_IN_ERROR: NeutralOutcome.NOT_AT_PRESENT,
    _S.PASSED_ON: NeutralOutcome.PASSED_ON,
}


class ConsentPurpose(TextChoices):
    CONTACT = "contact", "To be contacted"
    APPROACH_OTHER_SIDE = "approach_other_side", "That we approach the other side"
    TAKE_PART = "take_part", "To take part"
    SHARE_INFORMATION = "share_information", "That we ask agencies for information"
    SURVEY = "survey", "To be asked how it went"


class ConsentMethod(TextChoices):
    WRITTEN = "written", "In writing"
    IN_PERSON = "in_person", "Spoken, in person"
    PHONE = "phone", "Spoken, by phone"
    EMAIL = "email", "By email"
    ONLINE = "online", "Online"
    OTHER = "other", "Another way"
    NOT_KNOWN = "not_known", "Not known"


class Channel(TextChoices):
    """A way to reach somebody. Safe contact says which are safe; an agreement may be given for some of them only."""

    PHONE = "phone", "Phone"
    TEXT = "text", "Text message"
    EMAIL = "email", "Email"
    LETTER = "letter", "Letter"
    IN_PERSON = "in_person", "In person"


class AgeGroup(TextChoices):
    ADULT = "adult", "18 or over"
    CHILD = "child", "Under 18"
    NOT_KNOWN = "not_known", "Not known"


class AdultBecause(TextChoices):
    """How it is known that somebody is 18 or over whose date of birth is not."""

    RECORD = "record", "The police, a court, prison or probation has it on record"
    DOCUMENT = "document", "A document shows it"
    MET = "met", "Somebody of ours met them and has no doubt"
    REFERRER = "referrer", "The Victims’ Hub or the referrer says so"
    TOLD = "told", "They told us, and nothing speaks against it"


class YesNoNotKnown(TextChoices):
    YES = "yes", "Yes"
    NO = "no", "No"
    NOT_KNOWN = "not_known", "Not known"


class ParentalKind(TextChoices):
    PARENT = "parent", "Parent"
    GUARDIAN = "guardian", "Guardian, or somebody named by a court"
    LOCAL_AUTHORITY = "local_authority", "Local authority"


class NeedsQuestion(TextChoices):
    """What makes somebody vulnerable, whatever happened to them: nothing here asks for a crime (seed 002 paragraph 22)."""

    AFRAID = "afraid", "Are they afraid of the other person, or of somebody close to them?"
    CONTROLLED = "controlled", "Does anybody control where they go, their phone or their money?"
    BEFORE = "before", "Has it happened to them before, or does it go on?"
    CLOSE = "close", "Do they depend on the other person, or live or work near them?"
    ALONE = "alone", "Have they nobody to turn to?"
    AGE_OR_HEALTH = "age_or_health", "Does age, illness or disability make it harder for them?"
    DAILY_LIFE = "daily_life", "Has it changed their days: sleep, work, going out?"
    SELF_HARM = "self_harm", "Might they harm themselves?"


class EnhancedGround(TextChoices):
    """Who has enhanced rights under the Victims' Code (domain 2.2)."""

    MOST_SERIOUS = "most_serious", "Harmed by the most serious crime"
    PERSISTENT = "persistent", "Persistently targeted"
    VULNERABLE = "vulnerable", "Vulnerable"
    INTIMIDATED = "intimidated", "Intimidated"


class NeedCategory(TextChoices):
    """The eight of the framework for commissioning support (domain 2.8)."""

    HEALTH = "health", "Mental and physical health"
    SHELTER = "shelter", "Shelter and accommodation"
    FAMILY = "family", "Family, friends and children"
    EDUCATION = "education", "Education, skills and employment"
    DRUGS_ALCOHOL = "drugs_alcohol", "Drugs and alcohol"
    FINANCE = "finance", "Finance and benefits"
    OUTLOOK = "outlook", "Outlook and attitudes"
    SOCIAL = "social", "Social interactions"


class NeedSize(TextChoices):
    NONE = "none", "None"
    SOME = "some", "Some"
    HIGH = "high", "High"


class LegalBarKind(TextChoices):
    BAIL = "bail", "Bail condition"
    RESTRAINING_ORDER = "restraining_order", "Restraining order"
    NON_MOLESTATION = "non_molestation", "Non-molestation order"
    LICENCE = "licence", "Licence condition"
    NO_CONTACT = "no_contact", "No-contact condition"
    LIVE_PROCEEDINGS = "live_proceedings", "Live proceedings"


class SensitiveKind(TextChoices):
    DOMESTIC_ABUSE = "domestic_abuse", "Domestic abuse"
    COERCIVE_CONTROL = "coercive_control", "Coercive control"
    SEXUAL_OFFENCE = "sexual_offence", "Sexual offence"
    CHILD_SEXUAL_EXPLOITATION = "child_sexual_exploitation", "Child sexual exploitation"
    STALKING = "stalking", "Stalking or harassment"
    TRAFFICKING = "trafficking", "Trafficking or modern slavery"
    HATE_CRIME = "hate_crime", "Hate crime"
    BEREAVEMENT = "bereavement", "Bereaved by homicide or a road death"
    CHILD = "child", "A child takes part"
    VULNERABLE_ADULT = "vulnerable_adult", "Vulnerable adult"
    FAMILY = "family", "Family or continuing relationship"
    ORGANISED = "organised", "Organised or gang-related"
    HIGH_RISK = "high_risk", "In prison or high risk"
    HISTORY = "history", "History between them"
    OTHER = "other", "Other"


class Vulnerability(TextChoices):
    NOT_KNOWN = "not_known", "Not known"
    LOW = "low", "Low"
    MEDIUM = "medium", "Medium"
    HIGH = "high", "High"


class Responsibility(TextChoices):
    """What the referrer told us the person responsible says. Hearsay: service-only, never an assessment."""

    NOT_KNOWN = "not_known", "Not known"
    FULL = "full", "In full"
    PARTIAL = "partial", "In part"
    NONE = "none", "Not"


class Approach(TextChoices):
    AGREED = "agreed", "Agreed to contact"
    NOT_APPROACHED = "not_approached", "Not approached"
    NEVER = "never", "Never to be asked"


class RecipientKind(TextChoices):
    """Who holds what a coordinator has to know before anybody is approached (domain 2.16.13)."""

    OFFICER = "officer", "Officer in the case"
    PROBATION = "probation", "Probation Service"
    PRISON = "prison", "Prison"
    VICTIM_LIAISON = "victim_liaison", "Victim liaison"
    YOUTH_JUSTICE = "youth_justice", "Youth Justice Service"


class AskedFor(TextChoices):
    CONTACT_DETAILS = "contact_details", "Contact details"
    RISK = "risk", "Risk to plan for"
    ORDERS = "orders", "Orders and conditions"
    LOCATION = "location", "Where the person is"


class RequestStatus(TextChoices):
    ASKED = "asked", "Asked"
    ANSWERED = "answered", "Answered"
    REFUSED = "refused", "Refused"
    NOT_NEEDED = "not_needed", "No longer needed"


REQUEST_TRANSITIONS: dict[str, frozenset[str]] = {
    RequestStatus.ASKED: frozenset([RequestStatus.ANSWERED, RequestStatus.REFUSED, RequestStatus.NOT_NEEDED]),
    RequestStatus.ANSWERED: frozenset(),
    RequestStatus.REFUSED: frozenset(),
    RequestStatus.NOT_NEEDED: frozenset(),
}


class RefusedReason(TextChoices):
    NOT_KNOWN = "not_known", "We do not know this person"
    ELSEWHERE = "elsewhere", "Another team or agency holds it"
    AGREEMENT = "agreement", "We need the person’s agreement first"
    MAY_NOT = "may_not", "We may not share it"
    OTHER = "other", "Another reason"


# Where a request begins. They name nobody: the page that the link opens says who it is about.
REQUEST_WORDS: dict[str, str] = {
    RecipientKind.OFFICER: "Tell us how far the case has got, and whether bail, an order or live proceedings forbid"
    " contact now. Say what we may not pass on.",
    RecipientKind.PROBATION: "Tell us who supervises this person, which conditions or orders bear on contact, and what"
    " risk we should plan for. Say what we may not pass on.",
    RecipientKind.PRISON: "Tell us whether this person is with you, how a visit or a call is arranged, and what risk we"
    " should plan for. Say what we may not pass on.",
    RecipientKind.VICTIM_LIAISON: "Tell us whether this person has chosen to hear from you, how they wish to be reached"
    " and what they asked not to happen. Give an address only if they agreed to that.",
    RecipientKind.YOUTH_JUSTICE: "Tell us who works with this person, who has parental responsibility, and what risk we"
    " should plan for. Say what we may not pass on.",
}
USUALLY_ASKED: dict[str, tuple[str, ...]] = {
    RecipientKind.OFFICER: (AskedFor.CONTACT_DETAILS, AskedFor.ORDERS),
    RecipientKind.PROBATION: (AskedFor.RISK, AskedFor.ORDERS),
    RecipientKind.PRISON: (AskedFor.LOCATION, AskedFor.RISK),
    RecipientKind.VICTIM_LIAISON: (AskedFor.CONTACT_DETAILS,),
    RecipientKind.YOUTH_JUSTICE: (AskedFor.CONTACT_DETAILS, AskedFor.RISK),
}


class ConcernKind(TextChoices):
    DISCLOSURE = "disclosure", "Somebody told us about harm that is not known yet"
    THREAT = "threat", "Somebody was threatened"
    CHILD = "child", "A child may be at risk"
    ADULT = "adult", "An adult may be at risk"
    OTHER = "other", "Something else about safety"


class ConcernStatus(TextChoices):
    WAITING = "waiting", "To decide"
    DECIDED = "decided", "Decided"
    CLOSED = "closed", "Closed"


CONCERN_TRANSITIONS: dict[str, frozenset[str]] = {
    ConcernStatus.WAITING: frozenset([ConcernStatus.DECIDED]),
    ConcernStatus.DECIDED: frozenset([ConcernStatus.CLOSED]),
    ConcernStatus.CLOSED: frozenset(),
}


class ConcernDecision(TextChoices):
    PASS_ON = "pass_on", "Pass it on to another agency"
    ACT = "act", "We act ourselves"
    NO_ACTION = "no_action", "Nothing more is needed"


class PassedOnTo(TextChoices):
    POLICE = "police", "Police"
    CHILDREN = "children", "Children’s services"
    ADULTS = "adults", "Adult safeguarding"
    MARAC = "marac", "MARAC, or a domestic abuse adviser"
    PROBATION = "probation", "Probation Service"
    HEALTH = "health", "Health or mental health service"
    OTHER = "other", "Another agency"


class ComplainantKind(TextChoices):
    HARMED = "harmed", "Person harmed"
    RESPONSIBLE = "responsible", "Person responsible"
    PROFESSIONAL = "professional", "Professional"
    PUBLIC = "public", "Member of the public"


class ComplaintAbout(TextChoices):
    TREATMENT = "treatment", "How somebody was treated"
    DELAY = "delay", "How long it took"
    INFORMATION = "information", "What was done with information"
    DECISION = "decision", "What was decided"
    OTHER = "other", "Something else"


class ComplaintStatus(TextChoices):
    RECEIVED = "received", "To acknowledge"
    ACKNOWLEDGED = "acknowledged", "Being looked into"
    DECIDED = "decided", "Decided, to be told"
    CLOSED = "closed", "Told and closed"


COMPLAINT_TRANSITIONS: dict[str, frozenset[str]] = {
    ComplaintStatus.RECEIVED: frozenset([ComplaintStatus.ACKNOWLEDGED]),
    ComplaintStatus.ACKNOWLEDGED: frozenset([ComplaintStatus.DECIDED]),
    ComplaintStatus.DECIDED: frozenset([ComplaintStatus.CLOSED]),
    ComplaintStatus.CLOSED: frozenset(),
}


class ComplaintOutcome(TextChoices):
    UPHELD = "upheld", "Upheld"
    PARTLY = "partly", "Upheld in part"
    NOT_UPHELD = "not_upheld", "Not upheld"


class LinkChannel(TextChoices):
    """How a person is given a link of their own. The first three only where safe contact allows them."""

    TEXT = "text", "Text message"
    EMAIL = "email", "Email"
    LETTER = "letter", "Letter"
    BY_HAND = "by_hand", "Given to them in person"


class LinkQuestion(TextChoices):
    """What a link asks for before it shows anything."""

    WORD = "word", "A word that you agreed with them"
    YEAR = "year", "The year they were born"


class LinkEnded(TextChoices):
    REVOKED = "revoked", "Ended by the service"
    REPLACED = "replaced", "Another link was given"
    STOPPED = "stopped", "They asked to stop, or agreed no longer to be contacted"
    DIED = "died", "They have died"
    OVER = "over", "The referral or its case has ended"
    GUESSED = "guessed", "Somebody tried wrong answers"
    NOT_THEM = "not_them", "Somebody else had used it"


class WishDecision(TextChoices):
    CONFIRMED = "confirmed", "They confirmed it"
    NOT_WANTED = "not_wanted", "They do not want it, or not any more"
    NOT_THEM = "not_them", "It was not them"
    REPLACED = "replaced", "They asked for something else since"


class KnownWay(TextChoices):
    """By which a person is asked whether a change is really theirs: never by the new one."""

    PHONE = "phone", "By the phone number that we had before"
    IN_PERSON = "in_person", "In person"
    LETTER = "letter", "By letter to the address that we had before"
    EMAIL = "email", "By the email address that we had before"


class CheckOf(TextChoices):
    """What is checked of a self-referral."""

    IDENTITY = "identity", "Who they are"
    INCIDENT = "incident", "What happened"
    HARMED = "harmed", "Whoever was harmed: found, and asked"


class CheckedThrough(TextChoices):
    POLICE = "police", "The police"
    VICTIMS_HUB = "victims_hub", "The Victims’ Hub"
    PROBATION = "probation", "The Probation Service"
    OTHER_AGENCY = "other_agency", "Another agency that knows them"


class RepeatedBecause(TextChoices):
    """Why a self-referral is like an earlier referral. The strongest first."""

    NAMES_SOMEBODY_HARMED = "names_somebody_harmed", "the person they name is a person harmed there"
    WRITER_IS_RESPONSIBLE = "writer_is_responsible", "the contact details belong to the person responsible there"
    SAME_CONTACT = "same_contact", "same contact details"
    SAME_NAMED = "same_named", "names the same person"


class WaitCheck(TextChoices):
    """What a check of somebody who waits for a suspect to be identified came to."""

    NOBODY_YET = "nobody_yet", "The police were asked: nobody is identified yet"
    SPOKE = "spoke", "Spoken with them: they still wish it"
    NOT_REACHED = "not_reached", "Could not reach them"
    WITHDRAWN = "withdrawn", "They no longer wish it"


class TriggerKind(TextChoices):
    """What changes something for somebody who waits. It makes a task, never a message (domain 2.16.9)."""

    IDENTIFIED = "identified", "A suspect is identified"
    CHARGED = "charged", "Somebody is charged"
    CONVICTED = "convicted", "Somebody is convicted"
    RELEASED = "released", "Somebody is released"
    REOPENED = "reopened", "The crime is investigated again"
    ASKED_AGAIN = "asked_again", "The person asked again"
    SAME_CRIME = "same_crime", "Somebody is named for the same crime"
    DAY_REACHED = "day_reached", "The day that was set has come"


class ToldBy(TextChoices):
    """Where the news of a trigger comes from."""

    POLICE = "police", "the police"
    VICTIMS_HUB = "victims_hub", "the Victims’ Hub"
    VICTIM_LIAISON = "victim_liaison", "victim liaison"
    PROBATION = "probation", "the Probation Service"
    COURT = "court", "a court"
    REFERRER = "referrer", "whoever referred them"
    PERSON = "person", "the person themselves"
    HUB_FILE = "hub_file", "the Hub’s file"
    REFERRAL = "referral", "another referral"
    CALENDAR = "calendar", "the calendar"


# Nobody types these: the service finds them by itself.
FOUND_BY_ITSELF = frozenset([TriggerKind.SAME_CRIME, TriggerKind.DAY_REACHED])
TOLD_BY_ITSELF = frozenset([ToldBy.HUB_FILE, ToldBy.REFERRAL, ToldBy.CALENDAR])


class OfferChannel(TextChoices):
    IN_PERSON = "in_person", "In person"
    PHONE = "phone", "By phone"
    LETTER = "letter", "By letter"
    EMAIL = "email", "By email"
    TEXT = "text", "By text message"
    LEAFLET = "leaflet", "With a leaflet or card"
    ONLINE = "online", "Online"
    OTHER = "other", "Another way"


class OfferAnswer(TextChoices):
    YES = "yes", "Yes"
    NO = "no", "No"
    NOT_NOW = "not_now", "Not now"
    NONE_YET = "none_yet", "No answer yet"


class HeardOf(TextChoices):
    """How somebody heard of restorative justice (seed 003 paragraphs 9.2 to 9.4)."""

    OFFICER = "officer", "A police officer or PCSO"
    VICTIMS_HUB = "victims_hub", "The Victims’ Hub"
    AGENCY = "agency", "Another agency"
    LEAFLET = "leaflet", "A leaflet or card"
    WEB = "web", "A web page"
    SOMEBODY = "somebody", "Family, friends or somebody they know"
    OTHER = "other", "Another way"
    NOT_ASKED = "not_asked", "Not asked"


class TransferBecause(TextChoices):
    HARMED_THERE = "harmed_there", "The person harmed lives there"
    RESPONSIBLE_THERE = "responsible_there", "The person responsible lives or is held there"
    HAPPENED_THERE = "happened_there", "It happened there"
    KNOWN_THERE = "known_there", "Their service works with somebody of it already"
    OTHER = "other", "Another reason"


class TransferStatus(TextChoices):
    OFFERED = "offered", "Offered"
    ACCEPTED = "accepted", "Accepted"
    REFUSED = "refused", "They said no"
    TAKEN_BACK = "taken_back", "Taken back"
    SENT_HOME = "sent_home", "Sent back"


TRANSFER_TRANSITIONS: dict[str, frozenset[str]] = {
    TransferStatus.OFFERED: frozenset([TransferStatus.ACCEPTED, TransferStatus.REFUSED, TransferStatus.TAKEN_BACK]),
    TransferStatus.ACCEPTED: frozenset([TransferStatus.SENT_HOME]),
    TransferStatus.REFUSED: frozenset(),
    TransferStatus.TAKEN_BACK: frozenset(),
    TransferStatus.SENT_HOME: frozenset(),
}


class Route(TextChoices):
    OURS = "ours", "Our service takes it forward"
    ASK_FIRST = "ask_first", "Another service is asked first"
    PARTNER = "partner", "A partner works on it and tells us"
    ELSEWHERE = "elsewhere", "It goes to another service"


class WorksWith(TextChoices):
    """Whom a service of the directory is for."""

    ADULTS = "adults", "Adults"
    YOUNG = "young", "Under 18"


# What a specialist route is looked for, and what the Probation Service is asked about first.
SPECIALIST_KINDS = (
    SensitiveKind.DOMESTIC_ABUSE,
    SensitiveKind.COERCIVE_CONTROL,
    SensitiveKind.SEXUAL_OFFENCE,
    SensitiveKind.CHILD_SEXUAL_EXPLOITATION,
    SensitiveKind.STALKING,
    SensitiveKind.TRAFFICKING,
    SensitiveKind.HATE_CRIME,
    SensitiveKind.BEREAVEMENT,
    SensitiveKind.ORGANISED,
)


class AgreementKind(TextChoices):
    SHARING = "sharing", "Information-sharing agreement"
    PROCESSING = "processing", "Data processing agreement"
    PROTOCOL = "protocol", "Joint working protocol"


class PartnerDelivered(TextChoices):
    """What a partner did itself and tells us of, for information only (seed 004 paragraph 23)."""

    MEETING = "meeting", "A meeting of both sides"
    INDIRECT = "indirect", "Letters, messages or calls between them"
    PANEL = "panel", "A panel"
    UNDER_WAY = "under_way", "Still under way"
    NOTHING = "nothing", "It came to no contact"
