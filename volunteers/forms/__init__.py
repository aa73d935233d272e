"""Words and dates for one action each."""

from volunteers.forms.availability import DAYS, AbsenceForm, AvailabilityForm
from volunteers.forms.checks import CheckForm
from volunteers.forms.expenses import (
    BudgetLineForm,
    ChangeClaimForm,
    ClaimForm,
    DecideClaimForm,
    HoursForm,
    MileageRateForm,
    PaidForm,
)
from volunteers.forms.messages import MessageForm
from volunteers.forms.moving import MovePeopleForm, UndoPeopleForm
from volunteers.forms.practice import DevelopmentForm, ObservationForm, RegistrationForm
from volunteers.forms.practitioners import (
    DetailsForm,
    LevelForm,
    RegisterForm,
    StandDownForm,
    StatusForm,
    statuses_after,
)
from volunteers.forms.recruiting import (
    ApplicantForm,
    ApplicationForm,
    ApprovalForm,
    CampaignChoiceForm,
    CampaignForm,
    EndForm,
    ParentalForm,
    RefereeForm,
    ReferenceForm,
    SignOffForm,
    StepForm,
)
from volunteers.forms.supervision import SupervisionForm
from volunteers.forms.teams import DropForm, NominateForm, PutForwardForm, TeamForm
from volunteers.forms.wishes import ExtraTimeForm, WishesForm

__all__ = [
    "AbsenceForm",
    "ApplicantForm",
    "ApplicationForm",
    "ApprovalForm",
    "AvailabilityForm",
    "BudgetLineForm",
    "CampaignChoiceForm",
    "CampaignForm",
    "ChangeClaimForm",
    "CheckForm",
    "ClaimForm",
    "DAYS",
    "DecideClaimForm",
    "DetailsForm",
    "DevelopmentForm",
    "DropForm",
    "EndForm",
    "ExtraTimeForm",
    "HoursForm",
    "LevelForm",
    "MessageForm",
    "MileageRateForm",
    "MovePeopleForm",
    "NominateForm",
    "ObservationForm",
    "PaidForm",
    "ParentalForm",
    "RefereeForm",
    "PutForwardForm",
    "ReferenceForm",
    "RegisterForm",
    "RegistrationForm",
    "SignOffForm",
    "StandDownForm",
    "StatusForm",
    "StepForm",
    "SupervisionForm",
    "TeamForm",
    "UndoPeopleForm",
    "WishesForm",
    "statuses_after",
]
