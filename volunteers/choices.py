"""Practitioners, their checks and levels: the controlled lists of domain 2.9."""

from datetime import timedelta

from django.db.models import TextChoices


class PractitionerKind(TextChoices):
    COMMUNITY = "community", "Community volunteer"
    PARTNER_NOMINEE = "partner_nominee", "Volunteer from a partner"
    PARTNER_STAFF = "partner_staff", "Partner staff"
    SPECIAL_CONSTABLE = "special_constable", "Special constable"
    YOUNG = "young", "Young volunteer, 16 to 21"
    SERVICE_STAFF = "service_staff", "Service staff"


FROM_AN_ORGANISATION = (PractitionerKind.PARTNER_NOMINEE, PractitionerKind.PARTNER_STAFF)


class PractitionerStatus(TextChoices):
    ENQUIRY = "enquiry", "Enquiry"
    VETTING = "vetting", "Vetting"
    TRAINEE = "trainee", "Trainee"
    ACTIVE = "active", "Active"
    ON_LEAVE = "on_leave", "On leave"
    SUSPENDED = "suspended", "Suspended"
    LEFT = "left", "Left"


_P = PractitionerStatus
TRANSITIONS: dict[str, frozenset[str]] = {
    _P.ENQUIRY: frozenset([_P.VETTING, _P.LEFT]),
    _P.VETTING: frozenset([_P.TRAINEE, _P.LEFT]),
    _P.TRAINEE: frozenset([_P.ACTIVE, _P.SUSPENDED, _P.LEFT]),
    _P.ACTIVE: frozenset([_P.ON_LEAVE, _P.SUSPENDED, _P.LEFT]),
    _P.ON_LEAVE: frozenset([_P.ACTIVE, _P.SUSPENDED, _P.LEFT]),
    _P.SUSPENDED: frozenset([_P.ACTIVE, _P.LEFT]),
    _P.LEFT: frozenset([_P.VETTING]),
}

# Who has left, is suspended or is not yet active opens no case, whatever an assignment says.
MAY_OPEN_CASES = (_P.ACTIVE, _P.ON_LEAVE)


class Level(TextChoices):
    """Registered practitioner levels of the Restorative Justice Council."""

    FOUNDATION = "foundation", "Foundation"
    INTERMEDIATE = "intermediate", "Intermediate"
    ADVANCED = "advanced", "Advanced"


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


SUPERVISION_EVERY = timedelta(weeks=12)  # RJC Practitioner Code
COVER_BEFORE = timedelta(days=28)  # cover is arranged this long before vetting ends (domain 2.16.12)


class Travels(TextChoices):
    DISTRICT = "district", "Only near where I live"
    LOCAL = "local", "In the local areas that I work in"
    AREA = "area", "Anywhere in the area"


class Language(TextChoices):
    """Besides English. The commonest of England and Wales in the census of 2021, and British Sign Language."""

    ARABIC = "arabic", "Arabic"
    BENGALI = "bengali", "Bengali"
    BSL = "bsl", "British Sign Language"
    CANTONESE = "cantonese", "Cantonese"
    FRENCH = "french", "French"
    GERMAN = "german", "German"
    GREEK = "greek", "Greek"
    GUJARATI = "gujarati", "Gujarati"
    HUNGARIAN = "hungarian", "Hungarian"
    ITALIAN = "italian", "Italian"
    LITHUANIAN = "lithuanian", "Lithuanian"
    MANDARIN = "mandarin", "Mandarin"
    PERSIAN = "persian", "Persian"
    POLISH = "polish", "Polish"
    PORTUGUESE = "portuguese", "Portuguese"
    PUNJABI = "punjabi", "Punjabi"
    ROMANIAN = "romanian", "Romanian"
    RUSSIAN = "russian", "Russian"
    SOMALI = "somali", "Somali"
    SPANISH = "spanish", "Spanish"
    TAMIL = "tamil", "Tamil"
    TURKISH = "turkish", "Turkish"
    UKRAINIAN = "ukrainian", "Ukrainian"
    URDU = "urdu", "Urdu"
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
