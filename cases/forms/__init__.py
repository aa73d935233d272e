from cases.forms.assessing import AssessmentItemForm, OverallForm, SignForm
from cases.forms.assigning import (
    AnswerForm,
    AssignForm,
    EndAssignmentForm,
    InviteForm,
    SpecialistForm,
    SupervisorForm,
)
from cases.forms.closing import CloseForm, HandOverForm, ReopenForm
from cases.forms.contacting import ChoosePersonForm, ContactForm
from cases.forms.intervening import (
    AgreementForm,
    CommitmentForm,
    CommitmentStatusForm,
    HeldForm,
    MoveForm,
    PlanForm,
    ScheduleForm,
)
from cases.forms.merging import MergeForm
from cases.forms.moving_in import MoveInForm
from cases.forms.people import (
    AddParticipantForm,
    ConsentForm,
    FlagForm,
    IdentifyForm,
    LegalBarForm,
    PermissionForm,
    WithdrawForm,
)
from cases.forms.surveying import PublicSurveyForm, SurveyAnswersForm, SurveyInvitationForm

__all__ = [
    "AddParticipantForm",
    "AgreementForm",
    "AnswerForm",
    "AssessmentItemForm",
    "AssignForm",
    "ChoosePersonForm",
    "CloseForm",
    "CommitmentForm",
    "CommitmentStatusForm",
    "ConsentForm",
    "ContactForm",
    "EndAssignmentForm",
    "FlagForm",
    "HandOverForm",
    "HeldForm",
    "IdentifyForm",
    "InviteForm",
    "LegalBarForm",
    "MergeForm",
    "MoveInForm",
    "MoveForm",
    "OverallForm",
    "PermissionForm",
    "PlanForm",
    "PublicSurveyForm",
    "ReopenForm",
    "ScheduleForm",
    "SignForm",
    "SpecialistForm",
    "SupervisorForm",
    "SurveyAnswersForm",
    "SurveyInvitationForm",
    "WithdrawForm",
]
