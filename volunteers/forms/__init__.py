"""Words and dates for one action each."""

from volunteers.forms.availability import DAYS, AbsenceForm, AvailabilityForm
from volunteers.forms.checks import CheckForm
from volunteers.forms.practitioners import DetailsForm, LevelForm, RegisterForm, StatusForm
from volunteers.forms.supervision import SupervisionForm

__all__ = [
    "DAYS",
    "AbsenceForm",
    "AvailabilityForm",
    "CheckForm",
    "DetailsForm",
    "LevelForm",
    "RegisterForm",
    "StatusForm",
    "SupervisionForm",
]
