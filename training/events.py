"""The verbs of the audit trail and their sentences."""

COURSE_CREATED = "training.course_created"
COHORT_CREATED = "training.cohort_created"
COHORT_COMPLETED = "training.cohort_completed"
LEARNER_REGISTERED = "training.learner_registered"
ENROLLED = "training.enrolled"
WAITING = "training.waiting"
PROMOTED = "training.promoted"
DROPPED_OUT = "training.dropped_out"
ATTENDANCE_RECORDED = "training.attendance_recorded"
RESULT_RECORDED = "training.result_recorded"
AWARDED = "training.awarded"

SENTENCES = {
    COURSE_CREATED: "Created a course",
    COHORT_CREATED: "Created a cohort",
    COHORT_COMPLETED: "Completed a cohort",
    LEARNER_REGISTERED: "Registered a learner",
    ENROLLED: "Enrolled a learner",
    WAITING: "Put a learner on the waiting list",
    PROMOTED: "Gave a learner a place from the waiting list",
    DROPPED_OUT: "Recorded that a learner dropped out",
    ATTENDANCE_RECORDED: "Recorded the attendance of a session",
    RESULT_RECORDED: "Recorded a result",
    AWARDED: "Gave an award",
}
