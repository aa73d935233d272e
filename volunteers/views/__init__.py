"""Practitioners: the list, the record, one page an act, and the practitioner's own page."""

from volunteers.views.availability import AddAbsence, AddExtraTime, RemoveAbsence, SayWishes, WeeklyAvailability
from volunteers.views.checks import RecordCheck, WithdrawCheck
from volunteers.views.expenses import (
    Budget,
    ChangeClaim,
    Claim,
    ClaimRecord,
    Claims,
    DecideClaim,
    LayBudgetLine,
    MakePayment,
    MyExpenses,
    Payment,
    PaymentFile,
    PaymentPaid,
    Payments,
    Receipt,
    SetMileageRate,
    WithdrawClaim,
)
from volunteers.views.hours import LogHours, MyHours, RemoveHours
from volunteers.views.practitioners import Me, PractitionerRecord, Practitioners
from volunteers.views.registering import (
    AgreementOfAParent,
    Details,
    Register,
    SetLevel,
    SignOffUnder18,
    StandDown,
    Status,
)
from volunteers.views.supervision import RecordSupervision

__all__ = [
    "AgreementOfAParent",
    "AddAbsence",
    "AddExtraTime",
    "Budget",
    "ChangeClaim",
    "Claim",
    "ClaimRecord",
    "Claims",
    "DecideClaim",
    "Details",
    "LayBudgetLine",
    "LogHours",
    "MakePayment",
    "Me",
    "MyExpenses",
    "MyHours",
    "Payment",
    "PaymentFile",
    "PaymentPaid",
    "Payments",
    "PractitionerRecord",
    "Practitioners",
    "Receipt",
    "RecordCheck",
    "RecordSupervision",
    "Register",
    "RemoveAbsence",
    "RemoveHours",
    "SayWishes",
    "SetLevel",
    "SignOffUnder18",
    "SetMileageRate",
    "StandDown",
    "Status",
    "WeeklyAvailability",
    "WithdrawCheck",
    "WithdrawClaim",
]
