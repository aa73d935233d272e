"""Words and dates for one action each."""

from volunteers.forms.availability import DAYS, AbsenceForm, AvailabilityForm
from volunteers.forms.checks import CheckForm
from volunteers.forms.practitioners import DetailsForm, LevelForm, RegisterForm, StatusForm
from volunteers.forms.supervision import SupervisionForm
from volunteers.forms.wishes import ExtraTimeForm, WishesForm

__all__ = [
    "DAYS",
    "AbsenceForm",
    "AvailabilityForm",
    "CheckForm",
    "DetailsForm",
    "ExtraTimeForm",
    "LevelForm",
    "RegisterForm",
    "StatusForm",
    "SupervisionForm",
    "WishesForm",
]
