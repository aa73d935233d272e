"""Words and dates for one action each."""

from training.forms.cohorts import (
    CancelForm,
    CohortForm,
    CourseForm,
    HeadsForm,
    PlacesForm,
    QuotaForm,
    SessionForm,
)
from training.forms.learners import (
    BriefedForm,
    CodeForm,
    DropOutForm,
    EnrolForm,
    FeedbackForm,
    LearnerForm,
    OtherTrainingForm,
    PacksForm,
    RegisterForm,
    ResultForm,
)
from training.forms.packages import (
    ActivityForm,
    ConditionForm,
    MovePackageForm,
    PackageForm,
    ShortfallForm,
    SignatureForm,
    StepForm,
)

__all__ = [
    "ActivityForm",
    "BriefedForm",
    "CancelForm",
    "CodeForm",
    "CohortForm",
    "ConditionForm",
    "CourseForm",
    "DropOutForm",
    "EnrolForm",
    "FeedbackForm",
    "HeadsForm",
    "LearnerForm",
    "MovePackageForm",
    "OtherTrainingForm",
    "PackageForm",
    "PacksForm",
    "PlacesForm",
    "QuotaForm",
    "RegisterForm",
    "ResultForm",
    "SessionForm",
    "ShortfallForm",
    "SignatureForm",
    "StepForm",
]
