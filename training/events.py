"""The verbs of the audit trail and their sentences."""

PACKAGE_CREATED = "training.package_created"
PACKAGE_CHANGED = "training.package_changed"
PACKAGE_MOVED = "training.package_moved"
CONTRACT_SIGNED = "training.contract_signed"
CONDITION_RECORDED = "training.condition_recorded"
STEP_ADDED = "training.step_added"
STEP_DONE = "training.step_done"
ACTIVITY_RECORDED = "training.activity_recorded"
EXPOSURE_RECORDED = "training.exposure_recorded"
COURSE_CREATED = "training.course_created"
COURSE_CHANGED = "training.course_changed"
COHORT_CREATED = "training.cohort_created"
COHORT_COMPLETED = "training.cohort_completed"
COHORT_REOPENED = "training.cohort_reopened"
SESSIONS_CONFIRMED = "training.sessions_confirmed"
SESSION_ADDED = "training.session_added"
SESSION_CHANGED = "training.session_changed"
SESSION_CANCELLED = "training.session_cancelled"
DATES_SENT = "training.dates_sent"
PLACES_CHANGED = "training.places_changed"
QUOTA_SET = "training.quota_set"
HEADS_COUNTED = "training.heads_counted"
HEADS_PLACED = "training.heads_placed"
LEARNER_REGISTERED = "training.learner_registered"
LEARNER_CHANGED = "training.learner_changed"
ACCOUNT_LINKED = "training.account_linked"
OTHER_TRAINING_RECORDED = "training.other_training_recorded"
CERTIFICATE_SEEN = "training.certificate_seen"
BRIEFED = "training.briefed"
ENROLLED = "training.enrolled"
WAITING = "training.waiting"
PROMOTED = "training.promoted"
PASSED_OVER = "training.passed_over"
DROPPED_OUT = "training.dropped_out"
ATTENDANCE_RECORDED = "training.attendance_recorded"
RESULT_RECORDED = "training.result_recorded"
PACKS_ISSUED = "training.packs_issued"
AWARDED = "training.awarded"
AWARD_WITHDRAWN = "training.award_withdrawn"
AWARD_REMINDED = "training.award_reminded"
FEEDBACK_ASKED = "training.feedback_asked"
FEEDBACK_GIVEN = "training.feedback_given"
MAIL_SENT = "training.mail_sent"

SENTENCES = {
    PACKAGE_CREATED: "Recorded a training package",
    PACKAGE_CHANGED: "Changed the terms of a training package",
    PACKAGE_MOVED: "Moved a training package on",
    CONTRACT_SIGNED: "Recorded the signature of a training contract",
    CONDITION_RECORDED: "Recorded a condition of a training package",
    STEP_ADDED: "Added something to do with a provider",
    STEP_DONE: "Did something with a provider",
    ACTIVITY_RECORDED: "Recorded an activity under a training contract",
    EXPOSURE_RECORDED: "Recorded what a clause of a training contract may cost",
    COURSE_CREATED: "Created a course",
    COURSE_CHANGED: "Changed a course",
    COHORT_CREATED: "Created a cohort",
    COHORT_COMPLETED: "Completed a cohort",
    COHORT_REOPENED: "Opened a completed cohort again",
    SESSIONS_CONFIRMED: "Confirmed the sessions of a cohort",
    SESSION_ADDED: "Added a session",
    SESSION_CHANGED: "Changed a planned session",
    SESSION_CANCELLED: "Cancelled a session",
    DATES_SENT: "Circulated the dates of a cohort",
    PLACES_CHANGED: "Changed the places of a cohort",
    QUOTA_SET: "Set how many places an organisation may take",
    HEADS_COUNTED: "Counted who came to a briefing",
    HEADS_PLACED: "Wrote down where people at a briefing came from",
    LEARNER_REGISTERED: "Registered a learner",
    LEARNER_CHANGED: "Changed what is known of a learner",
    ACCOUNT_LINKED: "Linked a learner to their account",
    OTHER_TRAINING_RECORDED: "Recorded training from elsewhere",
    CERTIFICATE_SEEN: "Recorded that a certificate from elsewhere was seen",
    BRIEFED: "Recorded people who were told how to refer",
    ENROLLED: "Enrolled a learner",
    WAITING: "Put a learner on the waiting list",
    PROMOTED: "Gave a learner a place from the waiting list",
    PASSED_OVER: "Passed over a learner who could not begin any more",
    DROPPED_OUT: "Recorded that a learner dropped out",
    ATTENDANCE_RECORDED: "Recorded the attendance of a session",
    RESULT_RECORDED: "Recorded a result",
    PACKS_ISSUED: "Issued packs to learners",
    AWARDED: "Gave an award",
    AWARD_WITHDRAWN: "Withdrew an award that was given in error",
    AWARD_REMINDED: "Reminded of an award that ends",
    FEEDBACK_ASKED: "Asked a learner how it went",
    FEEDBACK_GIVEN: "Recorded how a learner found a course",
    MAIL_SENT: "Sent a mail to a learner",
}
