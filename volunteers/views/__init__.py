"""Practitioners: the list, the record, one page an act, and the practitioner's own page."""

from volunteers.views.availability import AddAbsence, RemoveAbsence, WeeklyAvailability
from volunteers.views.checks import RecordCheck, WithdrawCheck
from volunteers.views.practitioners import Me, PractitionerRecord, Practitioners
from volunteers.views.registering import Details, Register, SetLevel, Status
from volunteers.views.supervision import RecordSupervision

__all__ = [
    "AddAbsence",
    "Details",
    "Me",
    "PractitionerRecord",
    "Practitioners",
    "RecordCheck",
    "RecordSupervision",
    "Register",
    "RemoveAbsence",
    "SetLevel",
    "Status",
    "WeeklyAvailability",
    "WithdrawCheck",
]
