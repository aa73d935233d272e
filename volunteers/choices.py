"""Practitioners, their checks and levels: the controlled lists of domain 2.9."""

from datetime import timedelta

from django.db.models import TextChoices


class PractitionerKind(TextChoices):
    COMMUNITY = "community", "Community volunteer"
    PARTNER_NOMINEE = "partner_nominee", "Volunteer from a partner"
    PARTNER_STAFF = "partner_staff", "Partner staff"
    SPECIAL_CONSTABLE = "special_constable", "Special constable"
    YOUNG = "young", "Young volunteer, 16 to 21"
    EXPERIENCED = "experienced", "Person with experience of the process"
    SERVICE_STAFF = "service_staff", "Service staff"


KINDS_TOGETHER: dict[str, str] = {
    PractitionerKind.COMMUNITY: "Community volunteers",
    PractitionerKind.PARTNER_NOMINEE: "Volunteers from partners",
    PractitionerKind.PARTNER_STAFF: "Partner staff",
    PractitionerKind.SPECIAL_CONSTABLE: "Special constables",
    PractitionerKind.YOUNG: "Young volunteers, 16 to 21",
    PractitionerKind.EXPERIENCED: "People with experience of the process",
    PractitionerKind.SERVICE_STAFF: "Service staff",
}
YOUNGEST, ADULT = 16, 18
PAID = (PractitionerKind.PARTNER_STAFF, PractitionerKind.SERVICE_STAFF)
FROM_AN_ORGANISATION = (PractitionerKind.PARTNER_NOMINEE, PractitionerKind.PARTNER_STAFF)


class PractitionerStatus(TextChoices):
    ENQUIRY = "enquiry", "Enquiry"
    VETTING = "vetting", "Vetting"
    INDUCTION = "induction", "Induction"
    TRAINEE = "trainee", "Trainee"
    ACTIVE = "active", "Active"
    ON_LEAVE = "on_leave", "On leave"
    SUSPENDED = "suspended", "Suspended"
    LEFT = "left", "Left"


_P = PractitionerStatus
TRANSITIONS: dict[str, frozenset[str]] = {
    _P.ENQUIRY: frozenset([_P.VETTING, _P.LEFT]),
    _P.VETTING: frozenset([_P.INDUCTION, _P.LEFT]),
    _P.INDUCTION: frozenset([_P.TRAINEE, _P.LEFT]),
    _P.TRAINEE: frozenset([_P.ACTIVE, _P.SUSPENDED, _P.LEFT]),
    _P.ACTIVE: frozenset([_P.ON_LEAVE, _P.SUSPENDED, _P.LEFT]),
    _P.ON_LEAVE: frozenset([_P.ACTIVE, _P.SUSPENDED, _P.LEFT]),
    _P.SUSPENDED: frozenset([_P.ACTIVE, _P.LEFT]),
    _P.LEFT: frozenset([_P.VETTING]),
}

BEFORE_ACTIVE = (_P.ENQUIRY, _P.VETTING, _P.INDUCTION, _P.TRAINEE)
# Who has left, is suspended or is not yet active opens no case, whatever an assignment says.
MAY_OPEN_CASES = (_P.ACTIVE, _P.ON_LEAVE)
# Stood down: with why, since when, and a day to look at it again.
STOOD_DOWN = (_P.ON_LEAVE, _P.SUSPENDED)


class CampaignStatus(TextChoices):
    DRAFT = "draft", "Being prepared"
    ADVERTISED = "advertised", "Advertised"
    CLOSED = "closed", "Closed"


_C = CampaignStatus
CAMPAIGN_TRANSITIONS: dict[str, frozenset[str]] = {
    _C.DRAFT: frozenset([_C.ADVERTISED, _C.CLOSED]),
    _C.ADVERTISED: frozenset([_C.CLOSED]),
    _C.CLOSED: frozenset([_C.ADVERTISED]),
}


class ApprovalOf(TextChoices):
    """Both are needed before an opportunity is advertised (seed 003 paragraph 6.3)."""

    HR = "hr", "Human resources"
    UNION = "union", "Unison"


class ApplicationStatus(TextChoices):
    ENQUIRY = "enquiry", "Enquiry"
    APPLIED = "applied", "Application"
    INTERVIEW = "interview", "Interview"
    REFERENCES = "references", "References"
    TAKEN_ON = "taken_on", "Taken on"
    NOT_TAKEN_ON = "not_taken_on", "Not taken on"
    WITHDREW = "withdrew", "Withdrew"


_A = ApplicationStatus
APPLICATION_ENDS = (_A.NOT_TAKEN_ON, _A.WITHDREW)
OPEN_APPLICATIONS = (_A.ENQUIRY, _A.APPLIED, _A.INTERVIEW, _A.REFERENCES)
APPLICATION_TRANSITIONS: dict[str, frozenset[str]] = {
    _A.ENQUIRY: frozenset([_A.APPLIED, *APPLICATION_ENDS]),
    _A.APPLIED: frozenset([_A.INTERVIEW, *APPLICATION_ENDS]),
    _A.INTERVIEW: frozenset([_A.REFERENCES, *APPLICATION_ENDS]),
    _A.REFERENCES: frozenset([_A.TAKEN_ON, *APPLICATION_ENDS]),
    _A.TAKEN_ON: frozenset(),
    _A.NOT_TAKEN_ON: frozenset(),
    _A.WITHDREW: frozenset(),
}
REFERENCES_NEEDED = 2


class SafeguardKind(TextChoices):
    """What a volunteer of 16 or 17 needs besides (domain 2.16 rule 6)."""

    PARENTAL = "parental", "Agreement of somebody with parental responsibility"
    SIGN_OFF = "sign_off", "Safeguarding sign-off by a service manager"


class NomineeStatus(TextChoices):
    CHOSEN = "chosen", "Chosen"
    RESERVE = "reserve", "In reserve"
    DROPPED_OUT = "dropped_out", "Dropped out"


_N = NomineeStatus
NOMINEE_TRANSITIONS: dict[str, frozenset[str]] = {
    _N.CHOSEN: frozenset([_N.DROPPED_OUT]),
    _N.RESERVE: frozenset([_N.CHOSEN, _N.DROPPED_OUT]),
    _N.DROPPED_OUT: frozenset(),
}


class Level(TextChoices):
    """Registered practitioner levels of the Restorative Justice Council."""

    FOUNDATION = "foundation", "Foundation"
    INTERMEDIATE = "intermediate", "Intermediate"
    ADVANCED = "advanced", "Advanced"


# What the Restorative Justice Council asks of each (domain 2.9), beside hours of learning, supervision and observed practice.
LEVEL_ASKS = {
    Level.FOUNDATION: "Three days of facilitation training. Works beside somebody experienced",
    Level.INTERMEDIATE: "Training in sensitive and complex cases. Leads, and works on complex cases beside an Advanced",
    Level.ADVANCED: "Leads complex cases, and supervises",
}
CPD_HOURS = {Level.FOUNDATION: 6, Level.INTERMEDIATE: 12, Level.ADVANCED: 16}  # a year, half of them approved
REGISTERED_SHARE = 60  # per cent of its practitioners, asked of a registered service
LEVEL_ORDER = {Level.FOUNDATION: 1, Level.INTERMEDIATE: 2, Level.ADVANCED: 3}


class CheckKind(TextChoices):
    DBS_BASIC = "dbs_basic", "DBS basic"
    DBS_STANDARD = "dbs_standard", "DBS standard"
    DBS_ENHANCED = "dbs_enhanced", "DBS enhanced"
    DBS_ENHANCED_BARRED = "dbs_enhanced_barred", "DBS enhanced with barred lists"
    NPPV_1 = "nppv_1", "Police vetting (NPPV level 1)"
    NPPV_2_ABBREVIATED = "nppv_2_abbreviated", "Police vetting (NPPV level 2 abbreviated)"
    NPPV_2 = "nppv_2", "Police vetting (NPPV level 2)"
    NPPV_3 = "nppv_3", "Police vetting (NPPV level 3)"


# Kent's requirement for RJ volunteers, taken as the default: enhanced DBS and NPPV level 2 (domain 2.9).
DBS_ENOUGH: tuple[CheckKind, ...] = (CheckKind.DBS_ENHANCED, CheckKind.DBS_ENHANCED_BARRED)
POLICE_VETTING_ENOUGH: tuple[CheckKind, ...] = (CheckKind.NPPV_2, CheckKind.NPPV_3)
CHECK_FAMILIES = (
    frozenset(kind for kind in CheckKind if kind.startswith("dbs")),
    frozenset(kind for kind in CheckKind if kind.startswith("nppv")),
)


class CheckStatus(TextChoices):
    APPLIED = "applied", "Applied for"
    CLEARED = "cleared", "Cleared"
    REFUSED = "refused", "Refused"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Ending(TextChoices):
    """What is said to a practitioner before it ends."""

    DBS = "dbs", "DBS"
    POLICE_VETTING = "police_vetting", "Police vetting"
    SUPERVISION = "supervision", "Supervision"
    REGISTRATION = "registration", "Registration with the RJC"
    STAND_DOWN = "stand_down", "Leave or suspension, to be looked at again"


SUPERVISION_EVERY = timedelta(weeks=12)  # RJC Practitioner Code
COVER_BEFORE = timedelta(days=28)  # cover is arranged this long before vetting ends (domain 2.16.12)


class Travels(TextChoices):
    DISTRICT = "district", "Only near where I live"
    LOCAL = "local", "In the local areas that I work in"
    AREA = "area", "Anywhere in the area"


class Language(TextChoices):
    """Besides English. The commonest main languages of England and Wales (Office for National Statistics, Census 2021, table
    TS024, main language in detail), Welsh and British Sign Language."""

    ALBANIAN = "albanian", "Albanian"
    ARABIC = "arabic", "Arabic"
    BENGALI = "bengali", "Bengali"
    BSL = "bsl", "British Sign Language"
    BULGARIAN = "bulgarian", "Bulgarian"
    CANTONESE = "cantonese", "Cantonese"
    CZECH = "czech", "Czech"
    FRENCH = "french", "French"
    GERMAN = "german", "German"
    GREEK = "greek", "Greek"
    GUJARATI = "gujarati", "Gujarati"
    HINDI = "hindi", "Hindi"
    HUNGARIAN = "hungarian", "Hungarian"
    ITALIAN = "italian", "Italian"
    KURDISH = "kurdish", "Kurdish"
    LATVIAN = "latvian", "Latvian"
    LITHUANIAN = "lithuanian", "Lithuanian"
    MALAYALAM = "malayalam", "Malayalam"
    MANDARIN = "mandarin", "Mandarin"
    NEPALI = "nepali", "Nepali"
    PASHTO = "pashto", "Pashto"
    PERSIAN = "persian", "Persian"
    POLISH = "polish", "Polish"
    PORTUGUESE = "portuguese", "Portuguese"
    PUNJABI = "punjabi", "Punjabi"
    ROMANIAN = "romanian", "Romanian"
    RUSSIAN = "russian", "Russian"
    SLOVAK = "slovak", "Slovak"
    SOMALI = "somali", "Somali"
    SPANISH = "spanish", "Spanish"
    TAGALOG = "tagalog", "Tagalog"
    TAMIL = "tamil", "Tamil"
    TELUGU = "telugu", "Telugu"
    TIGRINYA = "tigrinya", "Tigrinya"
    TURKISH = "turkish", "Turkish"
    UKRAINIAN = "ukrainian", "Ukrainian"
    URDU = "urdu", "Urdu"
    VIETNAMESE = "vietnamese", "Vietnamese"
    WELSH = "welsh", "Welsh"


class Skill(TextChoices):
    CHILDREN = "children", "Works with children and young people"
    LEARNING = "learning", "Learning disability or autism"
    MENTAL_HEALTH = "mental_health", "Mental health"
    SUBSTANCES = "substances", "Drugs or alcohol"
    ABUSE = "abuse", "Domestic abuse"
    BEREAVEMENT = "bereavement", "Bereavement"
    NEIGHBOURS = "neighbours", "Neighbour disputes and mediation"
    PRISON = "prison", "Visits to prisons"
    ONLINE = "online", "Meetings by video"


class CaseKind(TextChoices):
    """What somebody may say that they would rather not work on. A wish, never a block."""

    ABUSE = "abuse", "Domestic abuse or stalking"
    SEXUAL = "sexual", "Sexual offences"
    HATE_CRIME = "hate_crime", "Hate crime"
    BEREAVEMENT = "bereavement", "A death"
    CHILDREN = "children", "Children"
    PRISON = "prison", "Visits to prisons"


class ClaimKind(TextChoices):
    MILEAGE = "mileage", "Miles in your own car"
    TRANSPORT = "transport", "Bus, train or taxi"
    PARKING = "parking", "Parking"
    CARE = "care", "Care for a child or somebody else"
    PHONE = "phone", "Phone or post"
    OTHER = "other", "Something else"


class ClaimStatus(TextChoices):
    SUBMITTED = "submitted", "Waits for a decision"
    SENT_BACK = "sent_back", "Sent back"
    WITHDRAWN = "withdrawn", "Withdrawn"
    REFUSED = "refused", "Not paid"
    APPROVED = "approved", "Approved, not paid yet"
    IN_FILE = "in_file", "On its way to be paid"
    PAID = "paid", "Paid"


_E = ClaimStatus
CLAIM_TRANSITIONS: dict[str, frozenset[str]] = {
    _E.SUBMITTED: frozenset([_E.SENT_BACK, _E.WITHDRAWN, _E.REFUSED, _E.APPROVED]),
    _E.SENT_BACK: frozenset([_E.SUBMITTED, _E.WITHDRAWN]),
    _E.APPROVED: frozenset([_E.IN_FILE]),
    _E.IN_FILE: frozenset([_E.PAID]),
    _E.WITHDRAWN: frozenset(),
    _E.REFUSED: frozenset(),
    _E.PAID: frozenset(),
}
# Of a tax year's miles, what counts towards the first ones: everything but what was taken back or not paid.
CLAIMED = (_E.SUBMITTED, _E.SENT_BACK, _E.APPROVED, _E.IN_FILE, _E.PAID)
SPENT = (_E.APPROVED, _E.IN_FILE, _E.PAID)


class Reached(TextChoices):
    """How a message to many reaches each of them."""

    HERE = "here", "Reads it here"
    RINGS = "rings", "Has no account: asked by mail to ring us"
    NOT = "not", "Not reached: no account and no email"


class HoursKind(TextChoices):
    CASE = "case", "Work on cases"
    TRAVEL = "travel", "Travel"
    TRAINING = "training", "Training"
    SUPERVISION = "supervision", "Supervision or debrief"
    OTHER = "other", "Something else for the service"
