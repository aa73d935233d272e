from cases.models.agreement import Agreement, Commitment, Evidence, Payment, Signature
from cases.models.assessment import AbuseCheck, Assessment, AssessmentCondition, AssessmentItem, Reopening
from cases.models.case import Assignment, Case, Closure, Invitation, Participant, StageEntry
from cases.models.contact import Contact
from cases.models.custody import Custody, PrisonBooking
from cases.models.debrief import Debrief
from cases.models.document import CaseDocument
from cases.models.interpreting import InterpreterBooking
from cases.models.intervention import Attendance, Intervention, Override, PanelMember, Rescheduling
from cases.models.lending import Arrangement, Loan
from cases.models.message import Message
from cases.models.moving import MoveIn, MoveInFile, MoveInRow
from cases.models.note import Note
from cases.models.promise import HearingChoice, ProgressPromise, PromiseConsent, Telling
from cases.models.survey import SurveyInvitation, SurveyResponse
from cases.models.venue import Venue
from cases.models.visit import Visit, VisitAlarm

__all__ = [
    "AbuseCheck",
    "Agreement",
    "Assessment",
    "AssessmentCondition",
    "AssessmentItem",
    "Arrangement",
    "Assignment",
    "Attendance",
    "Case",
    "CaseDocument",
    "Closure",
    "Commitment",
    "Debrief",
    "Contact",
    "Evidence",
    "HearingChoice",
    "Custody",
    "InterpreterBooking",
    "Intervention",
    "Loan",
    "Invitation",
    "Message",
    "MoveIn",
    "MoveInFile",
    "MoveInRow",
    "Override",
    "PanelMember",
    "Participant",
    "Payment",
    "Reopening",
    "Rescheduling",
    "ProgressPromise",
    "PromiseConsent",
    "Signature",
    "Note",
    "PrisonBooking",
    "StageEntry",
    "SurveyInvitation",
    "SurveyResponse",
    "Venue",
    "Visit",
    "VisitAlarm",
    "Telling",
]
