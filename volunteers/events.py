"""The verbs of the audit trail and their sentences."""

PRACTITIONER_REGISTERED = "volunteers.practitioner_registered"
STATUS_CHANGED = "volunteers.status_changed"
LEVEL_SET = "volunteers.level_set"
DETAILS_CHANGED = "volunteers.details_changed"
CHECK_RECORDED = "volunteers.check_recorded"
CHECK_WITHDRAWN = "volunteers.check_withdrawn"
SUPERVISION_RECORDED = "volunteers.supervision_recorded"
AVAILABILITY_SET = "volunteers.availability_set"
ABSENCE_SET = "volunteers.absence_set"
AVAILABILITY_REMOVED = "volunteers.availability_removed"
EXTRA_TIME_SET = "volunteers.extra_time_set"
WISHES_SAID = "volunteers.wishes_said"

SENTENCES = {
    PRACTITIONER_REGISTERED: "Registered a practitioner",
    STATUS_CHANGED: "Changed the status of a practitioner",
    LEVEL_SET: "Set the level of a practitioner",
    DETAILS_CHANGED: "Changed the case limit or the areas of a practitioner",
    CHECK_RECORDED: "Recorded a check",
    CHECK_WITHDRAWN: "Withdrew a check",
    SUPERVISION_RECORDED: "Recorded a supervision",
    AVAILABILITY_SET: "Set weekly availability",
    ABSENCE_SET: "Recorded a time away",
    AVAILABILITY_REMOVED: "Removed an availability",
    EXTRA_TIME_SET: "Recorded a time of one day",
    WISHES_SAID: "Recorded travel, languages, skills and wishes of a practitioner",
}
