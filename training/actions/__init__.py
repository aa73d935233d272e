"""What training does: packages, courses and cohorts, places and waiting lists, registers, results and awards."""

from training.actions.awarding import award, record_result, remind_of_awards
from training.actions.cohorts import (
    Costs,
    add_session,
    cancel_session,
    change_places,
    confirm_sessions,
    count_heads,
    create_cohort,
    send_dates,
    set_quota,
    too_late,
)
from training.actions.courses import add_usual_courses, change_course, create_course
from training.actions.feedback import (
    Answers,
    answer_by_link,
    ask_for_feedback,
    feedback_by_secret,
    give_feedback,
    open_link,
)
from training.actions.learners import record_briefed, record_other_training, register_learner
from training.actions.mailing import send_training_mail
from training.actions.packages import (
    PackageTerms,
    add_step,
    change_package,
    conditions_missing,
    create_package,
    finish_step,
    move_package,
    record_activity,
    record_condition,
    record_shortfall,
    sign_contract,
)
from training.actions.places import drop_out, enrol, waiting_number
from training.actions.registers import complete_cohort, issue_packs, record_attendance, register_of

__all__ = [
    "Answers",
    "Costs",
    "PackageTerms",
    "add_session",
    "add_step",
    "add_usual_courses",
    "answer_by_link",
    "ask_for_feedback",
    "award",
    "cancel_session",
    "change_course",
    "change_package",
    "change_places",
    "complete_cohort",
    "conditions_missing",
    "confirm_sessions",
    "count_heads",
    "create_cohort",
    "create_course",
    "create_package",
    "drop_out",
    "enrol",
    "feedback_by_secret",
    "finish_step",
    "give_feedback",
    "issue_packs",
    "move_package",
    "open_link",
    "record_activity",
    "record_attendance",
    "record_briefed",
    "record_condition",
    "record_other_training",
    "record_result",
    "record_shortfall",
    "register_learner",
    "register_of",
    "remind_of_awards",
    "send_dates",
    "send_training_mail",
    "set_quota",
    "sign_contract",
    "too_late",
    "waiting_number",
]
