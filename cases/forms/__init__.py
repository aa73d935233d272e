from cases.forms.absences import AbsenceForm
from cases.forms.agreeing import (
    AgreementForm,
    CommitmentForm,
    Commitments,
    CommitmentStatusForm,
    EvidenceForm,
    PaymentForm,
    ReviewForm,
    VaryForm,
)
from cases.forms.assessing import (
    AbuseCheckForm,
    AskedAloneForm,
    AssessmentItemForm,
    ConditionMetForm,
    OverallForm,
    RefuseSignOffForm,
    SignForm,
)
from cases.forms.assigning import (
    AnswerForm,
    AssignForm,
    EndAssignmentForm,
    InviteForm,
    SpecialistForm,
    SupervisorForm,
)
from cases.forms.carrying import (
    MessageAnswerForm,
    MessageCarryForm,
    MessageForm,
    MessagePermissionForm,
    MessageReadingForm,
    MessageWishForm,
    MessageWordsForm,
)
from cases.forms.closing import CloseForm, HandOverForm, ReopenForm
from cases.forms.contacting import ChoosePersonForm, ContactForm
from cases.forms.documents import DocumentForm, RemoveDocumentForm
from cases.forms.handing_over import HandOverAllForm, WhoseForm
from cases.forms.intervening import (
    DidNotHappenForm,
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
from cases.forms.tasking import FinishTaskForm, GiveTaskForm, PutOffTaskForm, TaskForm
from cases.forms.telling import (
    HearingForm,
    NameForm,
    PromiseConsentForm,
    PromiseForm,
    SignatureForm,
    ToldForm,
)
from cases.forms.venues import VenueCheckForm, VenueForm
from cases.forms.visiting import EndAlarmForm, PlanVisitForm
from cases.forms.who_comes import PanelForm, RemoteForm, WhoComesForm

__all__ = [
    "RemoteForm",
    "MessageAnswerForm",
    "MessageCarryForm",
    "MessageForm",
    "MessagePermissionForm",
    "MessageReadingForm",
    "MessageWishForm",
    "MessageWordsForm",
    "AbsenceForm",
    "AbuseCheckForm",
    "AskedAloneForm",
    "ConditionMetForm",
    "RefuseSignOffForm",
    "HearingForm",
    "NameForm",
    "PromiseConsentForm",
    "PromiseForm",
    "SignatureForm",
    "ToldForm",
    "AddParticipantForm",
    "AgreementForm",
    "AnswerForm",
    "AssessmentItemForm",
    "AssignForm",
    "ChoosePersonForm",
    "CloseForm",
    "CommitmentForm",
    "Commitments",
    "CommitmentStatusForm",
    "ConsentForm",
    "ContactForm",
    "EndAlarmForm",
    "DocumentForm",
    "DidNotHappenForm",
    "EndAssignmentForm",
    "EvidenceForm",
    "FinishTaskForm",
    "FlagForm",
    "GiveTaskForm",
    "HandOverAllForm",
    "HandOverForm",
    "HeldForm",
    "IdentifyForm",
    "InviteForm",
    "LegalBarForm",
    "MergeForm",
    "MoveInForm",
    "MoveForm",
    "OverallForm",
    "PaymentForm",
    "PanelForm",
    "PermissionForm",
    "PlanForm",
    "PlanVisitForm",
    "PublicSurveyForm",
    "RemoveDocumentForm",
    "PutOffTaskForm",
    "ReopenForm",
    "ReviewForm",
    "ScheduleForm",
    "SignForm",
    "SpecialistForm",
    "SupervisorForm",
    "SurveyAnswersForm",
    "SurveyInvitationForm",
    "VaryForm",
    "VenueCheckForm",
    "VenueForm",
    "WhoComesForm",
    "TaskForm",
    "WhoseForm",
    "WithdrawForm",
]
