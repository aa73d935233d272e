"""The controlled lists of casework (domain 2.3 to 2.7), and how a case and an intervention may move."""

from django.db.models import TextChoices

from referrals.choices import SensitiveKind, Side
from volunteers.choices import Language

__all__ = ["Side"]


class CaseStatus(TextChoices):
    OPEN = "open", "Open"
    ON_HOLD = "on_hold", "On hold"
    CLOSED = "closed", "Closed"


TRANSITIONS: dict[str, frozenset[str]] = {
    CaseStatus.OPEN: frozenset([CaseStatus.ON_HOLD, CaseStatus.CLOSED]),
    CaseStatus.ON_HOLD: frozenset([CaseStatus.OPEN, CaseStatus.CLOSED]),
    CaseStatus.CLOSED: frozenset([CaseStatus.OPEN]),
}


class Stage(TextChoices):
    """Where a case stands: rewritten by one pure function inside each action (`cases.stages.stage_of`)."""

    INITIAL_CONTACT = "initial_contact", "Initial contact"
    ASSESSMENT = "assessment", "Assessment"
    PREPARING = "preparing", "Preparing"
    SCHEDULED = "scheduled", "Intervention arranged"
    FOLLOW_UP = "follow_up", "Follow-up"
    STOPPED = "stopped", "Stopped"
    CLOSED = "closed", "Closed"


class ParticipantRole(TextChoices):
    PERSON_HARMED = "person_harmed", "Person harmed"
    PERSON_RESPONSIBLE = "person_responsible", "Person responsible"
    SUPPORTER = "supporter", "Supporter"
    PROFESSIONAL = "professional", "Professional"
    COMMUNITY = "community", "Community representative"
    PANEL_MEMBER = "panel_member", "Panel member"
    INTERPRETER = "interpreter", "Interpreter"
    OBSERVER = "observer", "Observer"


class AssessmentOutcome(TextChoices):
    SUITABLE = "suitable", "Suitable"
    WITH_CONDITIONS = "with_conditions", "Suitable with conditions"
    INDIRECT_ONLY = "indirect_only", "Indirect only"
    NOT_SUITABLE = "not_suitable", "Not suitable at this time"
    DEFER = "defer", "Defer"


class Concern(TextChoices):
    """The scale of one item."""

    NONE = "none", "No concern"
    MITIGATED = "mitigated", "Concern, mitigated"
    NOT_MITIGATED = "not_mitigated", "Concern, not mitigated"
    NOT_KNOWN = "not_known", "Not known"


class AssessmentItemKind(TextChoices):
    """Items of both sides, then of one side only: `ITEMS` says which (domain 2.3, 2.16.4)."""

    ABLE = "able", "Able to take part"
    WILLING = "willing", "Willing, without pressure"
    SAFE = "safe", "Safe to take part"
    INFORMED = "informed", "Knows what it involves"
    EXPECTATIONS = "expectations", "Motivation and expectations"
    HEALTH = "health", "Physical and mental health"
    SUBSTANCES = "substances", "Drugs and alcohol"
    COMMUNICATION = "communication", "Communication and access"
    PROCEEDINGS = "proceedings", "Proceedings under way"
    POWER = "power", "Power, coercion and relationship"
    FEAR = "fear", "Fear, control and orders, asked alone"
    READINESS = "readiness", "Emotional readiness"
    SUPPORTER = "supporter", "Somebody to support them"
    SAFE_CONTACT = "safe_contact", "Ways and times of contact that are safe"
    RESPONSIBILITY = "responsibility", "Takes responsibility for the basic facts"
    REMORSE = "remorse", "Remorse, and the wish to repair the harm"
    ATTITUDE = "attitude", "Attitude to the person harmed"
    RISK = "risk", "Risk of further harm"
    EARLIER = "earlier", "Earlier offending, against this person and others"
    ORDERS = "orders", "Orders and conditions"
    LOCATION = "location", "Where they are, and whether they are to move"
    MANAGER_CONSULTED = "manager_consulted", "Offender manager consulted"


class ReopenedBecause(TextChoices):
    """Why a signed assessment has to be looked at again. What came from somebody's concern, or from another record of the
    person, is called by no other name than that there is something new: who may not know of it learns nothing."""

    FLAG = "flag", "A flag was added since"
    BAR = "bar", "An order or condition was recorded since"
    NEWS = "news", "Something new was learnt since"
    MANAGER = "manager", "A manager or the case supervisor asked for it"


class AskedHow(TextChoices):
    """How somebody was asked with nobody else there (domain 2.16.4)."""

    IN_PERSON = "in_person", "In person, with nobody else there"
    PHONE = "phone", "By phone, once they said that nobody could hear"
    VIDEO = "video", "By video, once they showed that nobody was there"


class ResponsibilityTaken(TextChoices):
    """How far somebody takes responsibility for the basic facts. Without it nothing goes on (domain 2.3)."""

    FULL = "full", "In full"
    PART = "part", "In part"
    NONE = "none", "Not taken"


ABUSE = frozenset([SensitiveKind.DOMESTIC_ABUSE, SensitiveKind.COERCIVE_CONTROL])


class AbuseCheckKind(TextChoices):
    DASH = "dash", "DASH risk assessment"
    IDVA = "idva", "Independent domestic violence adviser (IDVA)"
    MARAC = "marac", "MARAC"


_I = AssessmentItemKind
_BOTH = (
    _I.ABLE,
    _I.WILLING,
    _I.SAFE,
    _I.INFORMED,
    _I.EXPECTATIONS,
    _I.HEALTH,
    _I.SUBSTANCES,
    _I.COMMUNICATION,
    _I.PROCEEDINGS,
)
ITEMS: dict[str, tuple[AssessmentItemKind, ...]] = {
    Side.HARMED: (*_BOTH, _I.POWER, _I.FEAR, _I.READINESS, _I.SUPPORTER, _I.SAFE_CONTACT),
    Side.RESPONSIBLE: (
        *_BOTH,
        _I.RESPONSIBILITY,
        _I.REMORSE,
        _I.ATTITUDE,
        _I.RISK,
        _I.EARLIER,
        _I.ORDERS,
        _I.LOCATION,
        _I.MANAGER_CONSULTED,
    ),
}
# What of an item is kept elsewhere, where it also does something.
ITEM_HINTS: dict[str, str] = {
    _I.SUPPORTER: "Whoever comes with them is added to the case, under People.",
    _I.SAFE_CONTACT: "The ways and times themselves are kept with their safe contact. Write no number or address here.",
    _I.ORDERS: "An order or condition that forbids contact is recorded as a legal bar too: that stops contact.",
    _I.LOCATION: "In prison, in the community, about to be released or moved. Write no address here.",
}


class Model(TextChoices):
    """The nine models of domain 2.4 (seed 004 paragraph 3)."""

    FACE_TO_FACE_CONFERENCE = "face_to_face_conference", "Face-to-face conference"
    COMMUNITY_CONFERENCE = "community_conference", "Community conference"
    NJP_PANEL = "njp_panel", "Neighbourhood justice panel"
    MEDIATED_CONTACT = "mediated_contact", "Contact through a facilitator"
    SHUTTLE_MEDIATION = "shuttle_mediation", "Shuttle mediation"
    LETTER_EXCHANGE = "letter_exchange", "Exchange of letters"
    TELEPHONE = "telephone", "Telephone"
    VIDEO_CONFERENCE = "video_conference", "Video conference"
    OTHER_INDIRECT = "other_indirect", "Other indirect"


DIRECT_MODELS = frozenset([Model.FACE_TO_FACE_CONFERENCE, Model.COMMUNITY_CONFERENCE, Model.NJP_PANEL])
# What 'indirect only' permits (domain 2.16.19): letter, message, shuttle, telephone.
INDIRECT_ONLY_MODELS = frozenset(
    [Model.LETTER_EXCHANGE, Model.MEDIATED_CONTACT, Model.SHUTTLE_MEDIATION, Model.TELEPHONE, Model.OTHER_INDIRECT]
)


class NotFaceToFaceReason(TextChoices):
    """Seed 004 paragraph 4: face to face is the aim; why another model was chosen."""

    WISH = "wish", "A participant wished it"
    SAFETY = "safety", "It would not be safe"
    OTHER = "other", "Another reason"


class InterventionStatus(TextChoices):
    PLANNED = "planned", "Planned"
    SCHEDULED = "scheduled", "Arranged"
    HELD = "held", "Held"
    POSTPONED = "postponed", "Postponed"
    CANCELLED = "cancelled", "Cancelled"
    DID_NOT_HAPPEN = "did_not_happen", "Did not happen"
    MOVED = "moved", "Moved to a meeting"  # from indirect to direct: what it was planned for goes on there


OPEN_INTERVENTIONS = (
    InterventionStatus.PLANNED,
    InterventionStatus.SCHEDULED,
    InterventionStatus.POSTPONED,
    InterventionStatus.DID_NOT_HAPPEN,
)
INTERVENTION_TRANSITIONS: dict[str, frozenset[str]] = {
    InterventionStatus.PLANNED: frozenset(
        [InterventionStatus.SCHEDULED, InterventionStatus.CANCELLED, InterventionStatus.MOVED]
    ),
    InterventionStatus.SCHEDULED: frozenset(
        [
            InterventionStatus.HELD,
            InterventionStatus.POSTPONED,
            InterventionStatus.CANCELLED,
            InterventionStatus.DID_NOT_HAPPEN,
            InterventionStatus.MOVED,
        ]
    ),
    InterventionStatus.POSTPONED: frozenset(  # held: where it was stopped only after it had begun
        [
            InterventionStatus.SCHEDULED,
            InterventionStatus.CANCELLED,
            InterventionStatus.HELD,
            InterventionStatus.MOVED,
        ]
    ),
    InterventionStatus.HELD: frozenset(),
    InterventionStatus.CANCELLED: frozenset(),
    InterventionStatus.DID_NOT_HAPPEN: frozenset(
        [InterventionStatus.SCHEDULED, InterventionStatus.CANCELLED, InterventionStatus.MOVED]
    ),
    InterventionStatus.MOVED: frozenset(),
}


class Overridable(TextChoices):
    """The only checks of the gate that anybody may override (ADR 13), by their keys. Each is an arrangement of our own around
    a meeting, whose purpose can be met on the day by other means that somebody answers for.

    The place: its safety check has run out; somebody looks at it again before anybody arrives. Never one that was found not
    safe, that nobody ever looked at, or that is not booked. Arrivals: the sides would come by one door within a quarter of
    an hour; staff stand at it and lead each side apart. Never a time that nobody wrote down. The line: nobody has tested it;
    it is tried before the sides join. Never waiting rooms that are not apart. The interpreter: somebody had one before and none
    is booked for this; they manage without, or one is rung on the day.
    """

    PLACE = "place", "The safety check of the place has run out"
    APART = "apart", "The sides would meet at the door"
    REMOTE = "remote", "Nobody has tested the line"
    LANGUAGE = "language", "No interpreter is booked"


class OverriddenBecause(TextChoices):
    DONE_ON_THE_DAY = "on_the_day", "It is done on the day, before anybody arrives"
    STAFF_THERE = "staff", "Our own staff are there and see to it"
    USED_BEFORE = "used", "We used it a short while ago, and it was safe"
    NO_OTHER_WAY = "no_other", "They can manage no other place, time or line"
    OTHER = "other", "Another reason"


class Way(TextChoices):
    """How somebody takes part in a meeting."""

    IN_THE_ROOM = "room", "In the room"
    VIDEO = "video", "By video"
    PHONE = "phone", "By phone"


class Presence(TextChoices):
    """Whether somebody was there, and if not, why."""

    CAME = "came", "Came"
    LATE = "late", "Came late"
    LEFT_EARLY = "left_early", "Left early"
    ILL = "ill", "Did not come: ill"
    CHANGED_MIND = "changed_mind", "Did not come: changed their mind"
    TRANSPORT = "transport", "Did not come: transport"
    CUSTODY = "custody", "Did not come: custody did not bring them"
    NOT_TOLD = "not_told", "Did not come: was not told"
    OTHER = "other", "Did not come: another reason"


WAS_THERE = frozenset([Presence.CAME, Presence.LATE, Presence.LEFT_EARLY])


class AskedBy(TextChoices):
    """Who asked for another day. Whoever works with one side never reads it."""

    HARMED = "harmed", "The harmed side"
    RESPONSIBLE = "responsible", "The responsible side"
    FACILITATOR = "facilitator", "A facilitator"
    SERVICE = "service", "The service"
    VENUE = "venue", "The venue"
    PRISON = "prison", "The prison"
    AGENCY = "agency", "Another agency"
    SAFETY = "safety", "Stopped for safety"


# What is carried from one side to the other by us: nothing of it counts before something was.
CARRYING_MODELS = frozenset([Model.LETTER_EXCHANGE, Model.MEDIATED_CONTACT, Model.SHUTTLE_MEDIATION])


class MessageKind(TextChoices):
    LETTER = "letter", "Letter"
    SPOKEN = "spoken", "Spoken message"


class MessageStatus(TextChoices):
    DRAFT = "draft", "Draft"
    PERMITTED = "permitted", "To be read for safety"
    READ = "read", "Read, not carried yet"
    CARRIED = "carried", "Carried"
    ANSWERED = "answered", "Answered"


class PermissionMethod(TextChoices):
    """How an author permitted exactly these words."""

    READ_IT = "read_it", "Read it and signed it"
    HEARD_IT = "heard_it", "It was read to them and they said yes"
    WROTE_IT = "wrote_it", "Wrote it and asked for it to be carried"


class MessageFinding(TextChoices):
    """What may never be carried."""

    THREAT = "threat", "A threat, open or hidden"
    BLAME = "blame", "Blame of the person it is for"
    WHEREABOUTS = "where", "Where somebody lives, works or is, or how to reach them"
    ORDERS = "orders", "Something that an order or condition forbids"
    PRESSURE = "pressure", "Pressure to answer, forgive or meet"


class MessageWish(TextChoices):
    YES = "yes", "Yes"
    NOT_NOW = "not_now", "Not now"
    NO = "no", "No"


class MessageAnswer(TextChoices):
    RECEIVED = "received", "Received"
    DECLINED = "declined", "Did not want it in the end"
    RETURNED = "returned", "Came back"


class AssignmentRole(TextChoices):
    LEAD = "lead", "Lead facilitator"
    CO_FACILITATOR = "co_facilitator", "Co-facilitator"


class AssignmentSides(TextChoices):
    HARMED = "harmed", "Harmed side"
    RESPONSIBLE = "responsible", "Responsible side"
    BOTH = "both", "Both sides"


class NotAskedBecause(TextChoices):
    """Why somebody has a place without having answered, by the names, whether they know anybody (domain 2.16.12)."""

    ASKED_OTHERWISE = "otherwise", "Asked face to face or by phone, and they know nobody"
    KNOWN_FROM_WORK = "worked", "They have worked with the people of this case before"
    URGENT = "urgent", "It cannot wait: they are asked before they contact anybody"
    HANDED_OVER = "handed_over", "Handed over by whoever had the place"


# Nobody has a place for the last one any more: whoever takes one over is asked as everybody is.
NOT_ASKED_OFFERED = tuple(one for one in NotAskedBecause if one != NotAskedBecause.HANDED_OVER)


# Of Invitation.Answer. One yes takes a place; whoever says yes after it is in reserve.
INVITATION_TRANSITIONS: dict[str, frozenset[str]] = {
    "waiting": frozenset(["accepted", "reserve", "refused", "withdrawn"]),
    "reserve": frozenset(["accepted", "assigned", "withdrawn"]),
    "accepted": frozenset(["assigned", "withdrawn"]),
    "refused": frozenset(),
    "withdrawn": frozenset(),
    "assigned": frozenset(),
}


class ContactMethod(TextChoices):
    PHONE = "phone", "Phone"
    TEXT = "text", "Text message"
    EMAIL = "email", "Email"
    LETTER = "letter", "Letter"
    VISIT = "visit", "Visit"
    VIDEO = "video", "Video call"
    THROUGH_REFERRER = "through_referrer", "Through the referrer"


class ContactResult(TextChoices):
    SPOKE = "spoke", "Spoke"
    NO_ANSWER = "no_answer", "No answer"
    VOICEMAIL = "voicemail", "No answer, left a voicemail"
    SENT = "sent", "Sent"
    DID_NOT_COME = "did_not_come", "Did not come"


class VisitPlace(TextChoices):
    HOME = "home", "At home"
    VENUE = "venue", "At a venue"
    PRISON = "prison", "In prison"
    OTHER = "other", "Somewhere else"


class VisitStatus(TextChoices):
    PLANNED = "planned", "Planned"
    UNDER_WAY = "under_way", "There now"
    OVER = "over", "Over"
    CANCELLED = "cancelled", "Cancelled"


VISIT_TRANSITIONS: dict[str, frozenset[str]] = {
    VisitStatus.PLANNED: frozenset([VisitStatus.UNDER_WAY, VisitStatus.CANCELLED]),
    VisitStatus.UNDER_WAY: frozenset([VisitStatus.OVER]),
    VisitStatus.OVER: frozenset(),
    VisitStatus.CANCELLED: frozenset(),
}


class AlarmKind(TextChoices):
    NOT_IN = "not_in", "Not checked in"
    OVERDUE = "overdue", "Not checked out in time"
    HELP = "help", "Asks for help"


class DocumentKind(TextChoices):
    CONSENT = "consent", "Signed consent"
    LETTER = "letter", "Letter or statement"
    ORDER = "order", "Order or condition of a court, the police or probation"
    RISK = "risk", "Risk assessment of another agency"
    AGREEMENT = "agreement", "Signed agreement"
    PICTURE = "picture", "Picture"
    OTHER = "other", "Other"


class CustodyEnded(TextChoices):
    TRANSFER = "transfer", "Moved to another prison"
    RELEASE = "release", "Released"


class BookingStatus(TextChoices):
    """Of a visit asked of a prison."""

    ASKED = "asked", "Asked"
    BOOKED = "booked", "Booked"
    MOVED = "moved", "Moved by the prison"
    REFUSED = "refused", "Refused"
    CANCELLED = "cancelled", "Cancelled"
    ENDED = "ended", "Ended by a move or release"


_OPEN_BOOKING = frozenset(
    [
        BookingStatus.BOOKED,
        BookingStatus.MOVED,
        BookingStatus.REFUSED,
        BookingStatus.CANCELLED,
        BookingStatus.ENDED,
    ]
)
BOOKING_TRANSITIONS: dict[str, frozenset[str]] = {
    BookingStatus.ASKED: _OPEN_BOOKING,
    BookingStatus.BOOKED: _OPEN_BOOKING - {BookingStatus.BOOKED},
    BookingStatus.MOVED: _OPEN_BOOKING,
    BookingStatus.REFUSED: frozenset(),
    BookingStatus.CANCELLED: frozenset(),
    BookingStatus.ENDED: frozenset(),
}


# Of whoever needs an interpreter: one of the list, so that it can be met by whoever speaks it, or a word of their own.
OTHER_LANGUAGE = "other"
LANGUAGES = [*Language.choices, (OTHER_LANGUAGE, "Another language")]


class InterpreterGender(TextChoices):
    NONE = "none", "No wish"
    WOMAN = "woman", "A woman"
    MAN = "man", "A man"


class InterpreterKnows(TextChoices):
    NOBODY = "nobody", "Nobody"
    FAMILY = "family", "Is of the family"
    FRIEND = "friend", "A friend or neighbour"
    OTHER = "other", "Knows somebody otherwise"


class InterpreterStatus(TextChoices):
    ASKED = "asked", "Asked"
    CONFIRMED = "confirmed", "Confirmed"
    CAME = "came", "Came"
    DID_NOT_COME = "did_not_come", "Did not come"
    CANCELLED = "cancelled", "Cancelled"


INTERPRETER_TRANSITIONS: dict[str, frozenset[str]] = {
    InterpreterStatus.ASKED: frozenset([InterpreterStatus.CONFIRMED, InterpreterStatus.CANCELLED]),
    InterpreterStatus.CONFIRMED: frozenset(
        [InterpreterStatus.CAME, InterpreterStatus.DID_NOT_COME, InterpreterStatus.CANCELLED]
    ),
    InterpreterStatus.CAME: frozenset(),
    InterpreterStatus.DID_NOT_COME: frozenset(),
    InterpreterStatus.CANCELLED: frozenset(),
}


class CommitmentKind(TextChoices):
    """Domain 2.6."""

    VERBAL_APOLOGY = "verbal_apology", "Spoken apology"
    WRITTEN_APOLOGY = "written_apology", "Written apology"
    EXPLANATION = "explanation", "Explanation or answers"
    COMPENSATION = "compensation", "Compensation or cost of repair"
    DIRECT_REPARATION = "direct_reparation", "Reparation to the person harmed"
    UNPAID_WORK = "unpaid_work", "Unpaid work for charity or community"
    REPAIR = "repair", "Repair, replace or clean up"
    RETURN_PROPERTY = "return_property", "Return of property"
    TREATMENT = "treatment", "Drug or alcohol treatment"
    EDUCATION = "education", "Education, training or work"
    PROGRESS_UPDATES = "progress_updates", "Progress updates to the person harmed"
    BOUNDARIES = "boundaries", "Agreed behaviour or contact boundaries"
    BEHAVIOUR_CONTRACT = "behaviour_contract", "Behaviour contract"
    NO_CONTACT = "no_contact", "No further contact"
    SUPPORT = "support", "Referral to support"
    OTHER = "other", "Other"


class CommitmentStatus(TextChoices):
    AGREED = "agreed", "Agreed"
    IN_PROGRESS = "in_progress", "In progress"
    COMPLETED = "completed", "Kept in full"
    COMPLETED_LATE = "completed_late", "Kept in full, late"
    PARTLY = "partly_completed", "Kept in part"
    NOT_COMPLETED = "not_completed", "Not kept"
    VARIED = "varied", "Changed by agreement"
    WITHDRAWN = "withdrawn", "Withdrawn"


_C = CommitmentStatus
OPEN_COMMITMENTS = (_C.AGREED, _C.IN_PROGRESS)
KEPT = (_C.COMPLETED, _C.COMPLETED_LATE)
RESULTS = (*KEPT, _C.PARTLY, _C.NOT_COMPLETED)  # told to the person harmed
# A result may be put right by another; one that was not kept in full may be agreed anew.
COMMITMENT_TRANSITIONS: dict[str, frozenset[str]] = {
    _C.AGREED: frozenset([_C.IN_PROGRESS, *RESULTS, _C.VARIED, _C.WITHDRAWN]),
    _C.IN_PROGRESS: frozenset([*RESULTS, _C.VARIED, _C.WITHDRAWN]),
    _C.COMPLETED: frozenset([_C.PARTLY, _C.NOT_COMPLETED]),
    _C.COMPLETED_LATE: frozenset([_C.PARTLY, _C.NOT_COMPLETED]),
    _C.PARTLY: frozenset([*KEPT, _C.NOT_COMPLETED, _C.VARIED]),
    _C.NOT_COMPLETED: frozenset([*KEPT, _C.PARTLY, _C.VARIED]),
    _C.VARIED: frozenset(),
    _C.WITHDRAWN: frozenset(),
}


class PaymentWay(TextChoices):
    """How money came. Whose account it left is nobody's to know here."""

    CASH = "cash", "Cash, against a receipt"
    CHEQUE = "cheque", "Cheque or postal order"
    TRANSFER = "transfer", "Bank transfer, through the service"
    COURT = "court", "Through the court"
    PROBATION = "probation", "Through the Probation Service or the prison"
    OTHER = "other", "Another way"


class SigningWay(TextChoices):
    IN_PERSON = "in_person", "On paper, with one of us"
    BY_POST = "by_post", "On paper, sent back to us"
    ONLINE = "online", "Online"
    SPOKEN = "spoken", "Spoken, and written down by us"


class PromiseKind(TextChoices):
    """What somebody harmed may want to hear (seed 004 paragraph 2). Release is the Victim Contact Scheme's to tell."""

    COURSE = "course", "A course is finished"
    WORK = "work", "They are in work or training"
    TREATMENT = "treatment", "They stay in treatment"
    PAYMENTS = "payments", "Payments are made"
    UNPAID_WORK = "unpaid_work", "Unpaid work is done"
    OTHER = "other", "Something else"


class HowOften(TextChoices):
    ONCE = "once", "Once"
    MONTHLY = "monthly", "Every month"
    QUARTERLY = "quarterly", "Every three months"
    HALF_YEARLY = "half_yearly", "Every six months"


class Satisfaction(TextChoices):
    VERY_SATISFIED = "very_satisfied", "Very satisfied"
    SATISFIED = "satisfied", "Satisfied"
    NEITHER = "neither", "Neither satisfied nor dissatisfied"
    DISSATISFIED = "dissatisfied", "Dissatisfied"
    VERY_DISSATISFIED = "very_dissatisfied", "Very dissatisfied"
    NOT_SAID = "not_said", "Prefer not to say"


SATISFIED = (Satisfaction.VERY_SATISFIED, Satisfaction.SATISFIED)


class ClosureGroup(TextChoices):
    COMPLETED = "completed", "Completed"
    HARMED = "harmed", "Harmed side"
    RESPONSIBLE = "responsible", "Responsible side"
    PROCESS = "process", "Process"


class ClosureReason(TextChoices):
    """Domain 2.5. Kept inside; the outside reads one neutral sentence whatever the reason."""

    WITH_AGREEMENT = "with_agreement", "Intervention held, with an agreement"
    WITHOUT_AGREEMENT = "without_agreement", "Intervention held, without an agreement"
    INDIRECT_COMPLETED = "indirect_completed", "Indirect intervention held"
    STOPPED_PART_WAY = "stopped_part_way", "Stopped part-way"
    HARMED_CHOSE_NOT = "harmed_chose_not", "Person harmed chose not to take part"
    HARMED_NOT_REACHED = "harmed_not_reached", "Person harmed could not be contacted"
    HARMED_WITHDREW = "harmed_withdrew", "Person harmed withdrew"
    HARMED_INFORMATION_ENOUGH = "harmed_information_enough", "Person harmed was content with information"
    HARMED_NOT_SUITABLE = "harmed_not_suitable", "Person harmed: not suitable at this time"
    HARMED_DIED = "harmed_died", "Person harmed died"
    RESPONSIBLE_CHOSE_NOT = "responsible_chose_not", "Person responsible chose not to take part"
    RESPONSIBLE_NOT_REACHED = "responsible_not_reached", "Person responsible could not be contacted"
    RESPONSIBLE_DENIES = "responsible_denies", "Person responsible denies responsibility"
    RESPONSIBLE_NOT_SUITABLE = "responsible_not_suitable", "Person responsible: not suitable at this time"
    RESPONSIBLE_WITHDREW = "responsible_withdrew", "Person responsible withdrew"
    RESPONSIBLE_DIED = "responsible_died", "Person responsible died"
    PROCEEDINGS = "proceedings", "Proceedings pending"
    LEGAL_BAR = "legal_bar", "A court order or condition forbids it"
    RISK = "risk", "Risk cannot be managed"
    TRANSFERRED = "transferred", "Transferred to another area"
    YOUTH_JUSTICE = "youth_justice", "Taken on by the Youth Justice Service"
    SPECIALIST = "specialist", "Referred to a specialist service"
    DUPLICATE = "duplicate", "Duplicate of another case"
    IN_ERROR = "in_error", "Opened in error"


COMPLETED_REASONS = frozenset(
    [ClosureReason.WITH_AGREEMENT, ClosureReason.WITHOUT_AGREEMENT, ClosureReason.INDIRECT_COMPLETED]
)
UNCOUNTED_REASONS = frozenset([ClosureReason.DUPLICATE, ClosureReason.IN_ERROR])
NOT_REACHED_REASONS = frozenset([ClosureReason.HARMED_NOT_REACHED, ClosureReason.RESPONSIBLE_NOT_REACHED])


class LoanStatus(TextChoices):
    """Of a facilitator whom one area lends another for a case."""

    ASKED = "asked", "Asked"
    LENT = "lent", "Somebody is named"
    WORKING = "working", "Works on the case"
    REFUSED = "refused", "They said no"
    TAKEN_BACK = "taken_back", "Taken back"
    ENDED = "ended", "Ended"


LOAN_TRANSITIONS: dict[str, frozenset[str]] = {
    LoanStatus.ASKED: frozenset([LoanStatus.LENT, LoanStatus.REFUSED, LoanStatus.TAKEN_BACK]),
    LoanStatus.LENT: frozenset([LoanStatus.WORKING, LoanStatus.TAKEN_BACK]),
    LoanStatus.WORKING: frozenset([LoanStatus.ENDED]),
    LoanStatus.REFUSED: frozenset(),
    LoanStatus.TAKEN_BACK: frozenset(),
    LoanStatus.ENDED: frozenset(),
}


class Wellbeing(TextChoices):
    """How whoever facilitated is after a meeting."""

    WELL = "well", "Well"
    SHAKEN = "shaken", "It stays with me"
    NOT_WELL = "not_well", "Not well"
