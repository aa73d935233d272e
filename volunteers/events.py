"""The verbs of the audit trail and their sentences."""

PRACTITIONER_REGISTERED = "volunteers.practitioner_registered"
STATUS_CHANGED = "volunteers.status_changed"
STAND_DOWN_REVIEWED = "volunteers.stand_down_reviewed"
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
CAMPAIGN_BEGUN = "volunteers.campaign_begun"
CAMPAIGN_CHANGED = "volunteers.campaign_changed"
CAMPAIGN_APPROVED = "volunteers.campaign_approved"
CAMPAIGN_ADVERTISED = "volunteers.campaign_advertised"
CAMPAIGN_CLOSED = "volunteers.campaign_closed"
APPLICATION_RECEIVED = "volunteers.application_received"
APPLICATION_CHANGED = "volunteers.application_changed"
APPLICATION_MOVED = "volunteers.application_moved"
APPLICATION_ENDED = "volunteers.application_ended"
REFEREE_NAMED = "volunteers.referee_named"
REFERENCE_RECEIVED = "volunteers.reference_received"
SAFEGUARD_RECORDED = "volunteers.safeguard_recorded"
APPLICATION_FORGOTTEN = "volunteers.application_forgotten"
TAKEN_ON = "volunteers.taken_on"
ENDING_REMINDED = "volunteers.ending_reminded"
REGISTRATION_RECORDED = "volunteers.registration_recorded"
DEVELOPMENT_RECORDED = "volunteers.development_recorded"
OBSERVATION_RECORDED = "volunteers.observation_recorded"
TEAM_COMPOSED = "volunteers.team_composed"
NOMINATED = "volunteers.nominated"
NOMINEE_DROPPED = "volunteers.nominee_dropped"
RESERVE_MOVED_IN = "volunteers.reserve_moved_in"
MESSAGE_SENT = "volunteers.message_sent"
EXPENSE_CLAIMED = "volunteers.expense_claimed"
EXPENSE_WITHDRAWN = "volunteers.expense_withdrawn"
EXPENSE_APPROVED = "volunteers.expense_approved"
EXPENSE_SENT_BACK = "volunteers.expense_sent_back"
EXPENSE_AS_IT_STANDS = "volunteers.expense_as_it_stands"
EXPENSE_REFUSED = "volunteers.expense_refused"
BUDGET_LINE_LAID = "volunteers.budget_line_laid"
MILEAGE_RATE_SET = "volunteers.mileage_rate_set"
PAYMENT_MADE = "volunteers.payment_made"
PAYMENT_FILE_WRITTEN = "volunteers.payment_file_written"
PAYMENT_PAID = "volunteers.payment_paid"
HOURS_LOGGED = "volunteers.hours_logged"
HOURS_REMOVED = "volunteers.hours_removed"
PEOPLE_TRIED = "volunteers.people_tried"
PEOPLE_ASKED = "volunteers.people_asked"
PEOPLE_NOT_AGREED = "volunteers.people_not_agreed"
PEOPLE_TAKEN_BACK = "volunteers.people_taken_back"
PEOPLE_MOVED = "volunteers.people_moved"

SENTENCES = {
    PRACTITIONER_REGISTERED: "Registered a practitioner",
    STATUS_CHANGED: "Changed the status of a practitioner",
    STAND_DOWN_REVIEWED: "Looked again at a leave or suspension",
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
    CAMPAIGN_BEGUN: "Began a recruitment campaign",
    CAMPAIGN_CHANGED: "Changed a recruitment campaign",
    CAMPAIGN_APPROVED: "Recorded an approval of a campaign’s papers",
    CAMPAIGN_ADVERTISED: "Advertised a campaign",
    CAMPAIGN_CLOSED: "Closed a campaign",
    APPLICATION_RECEIVED: "Received an application",
    APPLICATION_CHANGED: "Changed an application",
    APPLICATION_MOVED: "Moved an application on",
    APPLICATION_ENDED: "Ended an application",
    REFEREE_NAMED: "Named somebody to ask for a reference",
    REFERENCE_RECEIVED: "Recorded a reference",
    SAFEGUARD_RECORDED: "Recorded a safeguard for a volunteer under 18",
    APPLICATION_FORGOTTEN: "Deleted an application that had ended",
    TAKEN_ON: "Took on an applicant",
    ENDING_REMINDED: "Reminded of something of a practitioner that ends",
    REGISTRATION_RECORDED: "Recorded a registration with the RJC",
    DEVELOPMENT_RECORDED: "Recorded professional development",
    OBSERVATION_RECORDED: "Recorded an observed practice",
    TEAM_COMPOSED: "Composed a team",
    NOMINATED: "Named somebody for a place of a team",
    NOMINEE_DROPPED: "Recorded that a nominee dropped out",
    RESERVE_MOVED_IN: "Moved in from the reserve",
    MESSAGE_SENT: "Wrote to volunteers",
    EXPENSE_CLAIMED: "Claimed an expense",
    EXPENSE_WITHDRAWN: "Withdrew an expense claim",
    EXPENSE_APPROVED: "Approved an expense claim",
    EXPENSE_SENT_BACK: "Sent back an expense claim",
    EXPENSE_AS_IT_STANDS: "Gave back for a decision what somebody who left cannot put right",
    EXPENSE_REFUSED: "Did not approve an expense claim",
    BUDGET_LINE_LAID: "Laid a line of the budget",
    MILEAGE_RATE_SET: "Set what a mile is paid",
    PAYMENT_MADE: "Made a payment of expenses",
    PAYMENT_FILE_WRITTEN: "Wrote the file of a payment",
    PAYMENT_PAID: "Recorded that a payment was paid",
    HOURS_LOGGED: "Logged hours",
    HOURS_REMOVED: "Removed hours",
    PEOPLE_TRIED: "Tried out a file of volunteers",
    PEOPLE_ASKED: "Asked a second person to agree to a file of volunteers",
    PEOPLE_NOT_AGREED: "Did not agree to a file of volunteers",
    PEOPLE_TAKEN_BACK: "Took back a file of volunteers",
    PEOPLE_MOVED: "Moved volunteers in from a file",
}
