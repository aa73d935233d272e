"""Practitioners: the list, the record, one page an act, and the practitioner's own page."""

from volunteers.views.availability import AddAbsence, AddExtraTime, RemoveAbsence, SayWishes, WeeklyAvailability
from volunteers.views.checks import RecordCheck, WithdrawCheck
from volunteers.views.practitioners import Me, PractitionerRecord, Practitioners
from volunteers.views.registering import Details, Register, SetLevel, Status
from volunteers.views.supervision import RecordSupervision

__all__ = [
    "AddAbsence",
    "AddExtraTime",
    "Details",
    "Me",
    "PractitionerRecord",
    "Practitioners",
    "RecordCheck",
    "RecordSupervision",
    "Register",
    "RemoveAbsence",
    "SayWishes",
    "SetLevel",
    "Status",
    "WeeklyAvailability",
    "WithdrawCheck",
]
