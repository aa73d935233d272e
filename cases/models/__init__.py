from cases.models.agreement import Agreement, Commitment
from cases.models.assessment import Assessment, AssessmentItem
from cases.models.case import Assignment, Case, Closure, Contact, Invitation, Participant, StageEntry
from cases.models.intervention import Attendance, Intervention
from cases.models.moving import MoveIn, MoveInFile, MoveInRow
from cases.models.survey import SurveyInvitation, SurveyResponse

__all__ = [
    "Agreement",
    "Assessment",
    "AssessmentItem",
    "Assignment",
    "Attendance",
    "Case",
    "Closure",
    "Commitment",
    "Contact",
    "Intervention",
    "Invitation",
    "MoveIn",
    "MoveInFile",
    "MoveInRow",
    "Participant",
    "StageEntry",
    "SurveyInvitation",
    "SurveyResponse",
]
