"""What is done with practitioners, from registration to leaving."""

from volunteers.actions.availability import (
    WeeklyTime,
    add_absence,
    add_extra_time,
    remove_absence,
    set_availability,
)
from volunteers.actions.checking import record_check, withdraw_check
from volunteers.actions.registering import change_details, change_status, register_practitioner, set_level
from volunteers.actions.supervising import record_supervision
from volunteers.actions.wishes import say_wishes

__all__ = [
    "WeeklyTime",
    "add_absence",
    "add_extra_time",
    "change_details",
    "change_status",
    "record_check",
    "record_supervision",
    "register_practitioner",
    "remove_absence",
    "say_wishes",
    "set_availability",
    "set_level",
    "withdraw_check",
]
