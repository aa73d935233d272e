"""The verbs of the audit trail, and the sentence that a timeline shows for each."""

OPENED = "cases.opened"
STAGE_ENTERED = "cases.stage_entered"
PARTICIPANT_ADDED = "cases.participant_added"
PARTICIPANT_LEFT = "cases.participant_left"
RESPONSIBLE_IDENTIFIED = "cases.responsible_identified"
DEATH_RECORDED = "cases.death_recorded"
CONTACT_LOGGED = "cases.contact_logged"
CONTACT_TAKEN_BACK = "cases.contact_taken_back"
NOTE_SIGNED = "cases.note_signed"
NOTE_ADDED_TO = "cases.note_added_to"
VISIT_PLANNED = "cases.visit_planned"
VISIT_BEGUN = "cases.visit_begun"
VISIT_EXTENDED = "cases.visit_extended"
VISIT_OVER = "cases.visit_over"
VISIT_CANCELLED = "cases.visit_cancelled"
VISIT_ALARMED = "cases.visit_alarmed"
VISIT_ALARM_ESCALATED = "cases.visit_alarm_escalated"
VISIT_ALARM_ANSWERED = "cases.visit_alarm_answered"
VISIT_ALARM_ENDED = "cases.visit_alarm_ended"
CUSTODY_RECORDED = "cases.custody_recorded"
CUSTODY_TRANSFERRED = "cases.custody_transferred"
CUSTODY_ENDED = "cases.custody_ended"
BOOKING_ASKED = "cases.prison_visit_asked"
BOOKING_ANSWERED = "cases.prison_visit_answered"
INTERPRETER_ASKED = "cases.interpreter_asked"
INTERPRETER_CHANGED = "cases.interpreter_changed"
ASSESSMENT_PLANNED = "cases.assessment_planned"
ASSESSMENT_STARTED = "cases.assessment_started"
ASSESSMENT_SAVED = "cases.assessment_saved"
ASSESSMENT_SIGNED = "cases.assessment_signed"
ASSESSMENT_RECONFIRMED = "cases.assessment_reconfirmed"
ASSESSMENT_SUPERSEDED = "cases.assessment_superseded"
ASSESSMENT_REOPENED = "cases.assessment_reopened"
CONDITIONS_MET = "cases.conditions_met"
ABUSE_CHECKED = "cases.abuse_checked"
INVITED = "cases.practitioner_invited"
INVITATION_ANSWERED = "cases.invitation_answered"
INVITATION_WITHDRAWN = "cases.invitation_withdrawn"
NAMES_SHOWN = "cases.names_shown"
KNOWS_NOBODY = "cases.knows_nobody"
ASSIGNED = "cases.assigned"
UNASSIGNED = "cases.assignment_ended"
SUPERVISOR_SET = "cases.supervisor_set"
HANDED_OVER = "cases.handed_over"
SPECIALIST_CONSULTED = "cases.specialist_consulted"
SIGNED_OFF = "cases.signed_off"
SIGN_OFF_REFUSED = "cases.sign_off_refused"
SIGN_OFF_ASKED = "cases.sign_off_asked"
HELD_BACK = "cases.put_on_hold"
RESUMED = "cases.resumed"
PLANNED = "cases.intervention_planned"
PLAN_CHANGED = "cases.plan_changed"
SCHEDULED = "cases.intervention_scheduled"
ASKED_AGAIN = "cases.asked_again"
RECONFIRMED = "cases.intervention_reconfirmed"
HELD = "cases.intervention_held"
DEBRIEFED = "cases.debriefed"
POSTPONED = "cases.intervention_postponed"
CANCELLED = "cases.intervention_cancelled"
DID_NOT_HAPPEN = "cases.intervention_did_not_happen"
MOVED_TO_MEETING = "cases.intervention_moved"
MESSAGE_WRITTEN = "cases.message_written"
MESSAGE_CHANGED = "cases.message_changed"
MESSAGE_PERMITTED = "cases.message_permitted"
MESSAGE_TAKEN_BACK = "cases.message_taken_back"
MESSAGE_READ = "cases.message_read"
MESSAGE_WISHED = "cases.message_wished"
MESSAGE_CARRIED = "cases.message_carried"
MESSAGE_ANSWERED = "cases.message_answered"
WHO_COMES = "cases.who_comes"
PANEL_NAMED = "cases.panel_named"
VENUE_KEPT = "cases.venue_kept"
VENUE_CHECKED = "cases.venue_checked"
VENUE_ENDED = "cases.venue_ended"
STOPPED = "cases.intervention_stopped"
OVERRIDDEN = "cases.check_overridden"
OVERRIDE_ENDED = "cases.override_ended"
AGREEMENT_RECORDED = "cases.agreement_recorded"
NO_AGREEMENT = "cases.no_agreement"
AGREEMENT_REVISED = "cases.agreement_revised"
COMMITMENT_CHANGED = "cases.commitment_changed"
COMMITMENT_VARIED = "cases.commitment_varied"
EVIDENCE_KEPT = "cases.evidence_kept"
PAYMENT_RECORDED = "cases.payment_recorded"
PAYMENT_TAKEN_BACK = "cases.payment_taken_back"
NAME_AGREED = "cases.name_agreed"
AGREEMENT_PRINTED = "cases.agreement_printed"
AGREEMENT_SIGNED = "cases.agreement_signed"
PREPARATION_PRINTED = "cases.preparation_printed"
FACILITATORS_PACK_PRINTED = "cases.facilitators_pack_printed"
HEARING_CHOSEN = "cases.hearing_chosen"
TO_BE_TOLD = "cases.to_be_told"
TOLD = "cases.told"
PROMISE_MADE = "cases.promise_made"
PROMISE_AGREED = "cases.promise_agreed"
PROMISE_TAKEN_BACK = "cases.promise_taken_back"
PROMISE_ENDED = "cases.promise_ended"
PROGRESS_TOLD = "cases.progress_told"
SURVEY_ASKED = "cases.survey_asked"
SURVEY_ANSWERED = "cases.survey_answered"
MOVE_TRIED = "cases.move_tried"
MOVE_ASKED = "cases.move_asked"
MOVE_AGREED = "cases.move_agreed"
MOVE_NOT_AGREED = "cases.move_not_agreed"
MOVED_IN = "cases.moved_in"
MOVE_UNDONE = "cases.move_undone"
ARRANGEMENT_PROPOSED = "cases.arrangement_proposed"
ARRANGEMENT_AGREED = "cases.arrangement_agreed"
ARRANGEMENT_ENDED = "cases.arrangement_ended"
LOAN_ASKED = "cases.loan_asked"
LOAN_NAMED = "cases.loan_named"
LOAN_REFUSED = "cases.loan_refused"
LOAN_TAKEN_BACK = "cases.loan_taken_back"
LOAN_BEGUN = "cases.loan_begun"
LOAN_ENDED = "cases.loan_ended"
DOCUMENT_KEPT = "cases.document_kept"
DOCUMENT_REMOVED = "cases.document_removed"
TASK_ADDED = "cases.task_added"
TASK_DONE = "cases.task_done"
TASK_OPEN_AGAIN = "cases.task_open_again"
TASK_PUT_OFF = "cases.task_put_off"
TASK_GIVEN = "cases.task_given"
TASK_NUDGED = "cases.task_nudged"
ABSENCE_RECORDED = "cases.absence_recorded"
ABSENCE_ENDED = "cases.absence_ended"
CLOSED = "cases.closed"
REOPENED = "cases.reopened"

SENTENCES = {
    OPENED: "Case opened",
    STAGE_ENTERED: "Stage changed",
    PARTICIPANT_ADDED: "Participant added",
    PARTICIPANT_LEFT: "Participant left",
    RESPONSIBLE_IDENTIFIED: "Person responsible identified",
    DEATH_RECORDED: "Death recorded: letters, surveys and calls are stopped",
    CONTACT_LOGGED: "Contact logged",
    CONTACT_TAKEN_BACK: "A contact that was just logged was taken back by whoever logged it",
    NOTE_SIGNED: "Note signed",
    NOTE_ADDED_TO: "Addition to a note signed",
    VISIT_PLANNED: "Visit planned",
    VISIT_BEGUN: "Checked in to a visit",
    VISIT_EXTENDED: "Visit takes longer",
    VISIT_OVER: "Checked out of a visit",
    VISIT_CANCELLED: "Visit cancelled",
    VISIT_ALARMED: "Alarm: a visit is overdue, or somebody there asks for help",
    VISIT_ALARM_ESCALATED: "Nobody answered the alarm: everybody who coordinates or manages was told",
    VISIT_ALARM_ANSWERED: "Somebody sees to the alarm",
    VISIT_ALARM_ENDED: "The alarm ended",
    CUSTODY_RECORDED: "Prison recorded",
    CUSTODY_TRANSFERRED: "Moved to another prison: what was booked with the old one ended",
    CUSTODY_ENDED: "Released: nobody was messaged",
    BOOKING_ASKED: "A visit was asked of the prison",
    BOOKING_ANSWERED: "A visit asked of the prison changed",
    INTERPRETER_ASKED: "Interpreter asked for",
    INTERPRETER_CHANGED: "Interpreter changed",
    ASSESSMENT_PLANNED: "Assessment planned",
    ASSESSMENT_STARTED: "Assessment started",
    ASSESSMENT_SAVED: "Assessment saved",
    ASSESSMENT_SIGNED: "Assessment signed",
    ASSESSMENT_RECONFIRMED: "Assessment reconfirmed",
    ASSESSMENT_SUPERSEDED: "Assessment no longer relied on",
    ASSESSMENT_REOPENED: "Assessment re-opened: it does not count until it is looked at again",
    CONDITIONS_MET: "Condition met",
    ABUSE_CHECKED: "Specialist on domestic abuse consulted, and asked whether the wish is their own",
    INVITED: "Practitioner asked",
    INVITATION_ANSWERED: "Invitation answered",
    INVITATION_WITHDRAWN: "Invitation withdrawn",
    NAMES_SHOWN: "Names shown to somebody who said yes, to ask whether they know anybody",
    KNOWS_NOBODY: "Somebody asked to help knows nobody in the case",
    ASSIGNED: "Practitioner assigned",
    UNASSIGNED: "Assignment ended",
    SUPERVISOR_SET: "Supervisor chosen",
    HANDED_OVER: "Handed over to another coordinator",
    SPECIALIST_CONSULTED: "Specialist consulted",
    SIGNED_OFF: "Signed off",
    SIGN_OFF_REFUSED: "Not signed off",
    SIGN_OFF_ASKED: "Asked again to sign off",
    HELD_BACK: "Put on hold",
    RESUMED: "Taken off hold",
    PLANNED: "Intervention planned",
    PLAN_CHANGED: "Plan changed",
    SCHEDULED: "Intervention arranged",
    ASKED_AGAIN: "Asked again on the day, and said yes",
    RECONFIRMED: "Reconfirmed on the day",
    HELD: "Intervention held",
    DEBRIEFED: "A facilitator wrote how they are",
    POSTPONED: "Intervention postponed",
    CANCELLED: "Intervention cancelled",
    DID_NOT_HAPPEN: "Intervention did not happen",
    MOVED_TO_MEETING: "Moved from indirect to direct",
    MESSAGE_WRITTEN: "Message or letter drafted",
    MESSAGE_CHANGED: "Message or letter changed: its author is asked again",
    MESSAGE_PERMITTED: "Message or letter permitted by its author",
    MESSAGE_TAKEN_BACK: "Message or letter taken back by its author",
    MESSAGE_READ: "Message or letter read for safety",
    MESSAGE_WISHED: "Asked whether they wish to have a message or letter",
    MESSAGE_CARRIED: "Message or letter carried",
    MESSAGE_ANSWERED: "What became of a message or letter",
    WHO_COMES: "Who comes was written down",
    PANEL_NAMED: "Panel members named",
    VENUE_KEPT: "Venue kept",
    VENUE_CHECKED: "Venue checked for safety",
    VENUE_ENDED: "Venue used no more",
    STOPPED: "Stopped for safety",
    OVERRIDDEN: "A check of the arrangements overridden",
    OVERRIDE_ENDED: "An override counts no more",
    AGREEMENT_RECORDED: "Outcome agreement recorded",
    NO_AGREEMENT: "No agreement was made",
    AGREEMENT_REVISED: "Outcome agreement revised",
    COMMITMENT_CHANGED: "Commitment updated",
    COMMITMENT_VARIED: "Commitment changed by agreement",
    EVIDENCE_KEPT: "Evidence on a commitment kept",
    PAYMENT_RECORDED: "Payment recorded",
    PAYMENT_TAKEN_BACK: "Payment taken back as recorded in error",
    DOCUMENT_KEPT: "Document added",
    DOCUMENT_REMOVED: "Document removed",
    NAME_AGREED: "How somebody is named to the other side recorded",
    AGREEMENT_PRINTED: "Outcome agreement printed for one side",
    AGREEMENT_SIGNED: "Outcome agreement signed",
    PREPARATION_PRINTED: "Preparation for a meeting printed for one side",
    FACILITATORS_PACK_PRINTED: "Preparation for a meeting printed for whoever facilitates",
    HEARING_CHOSEN: "Whether somebody wants to hear how it is kept recorded",
    TO_BE_TOLD: "The person harmed is to be told how a commitment was kept",
    TOLD: "The person harmed was told how a commitment was kept",
    PROMISE_MADE: "Progress promised to the person harmed",
    PROMISE_AGREED: "Agreed that progress is told",
    PROMISE_TAKEN_BACK: "No longer agrees that progress is told",
    PROMISE_ENDED: "A promise of progress ended",
    PROGRESS_TOLD: "The person harmed was told of progress",
    SURVEY_ASKED: "Asked how it went",
    SURVEY_ANSWERED: "Survey answered",
    MOVE_TRIED: "Files of an earlier system were tried out",
    MOVE_ASKED: "Asked to move in from an earlier system",
    MOVE_AGREED: "Agreed to a move from an earlier system",
    MOVE_NOT_AGREED: "Did not agree to a move from an earlier system",
    MOVED_IN: "Moved in from an earlier system",
    MOVE_UNDONE: "A move from an earlier system was taken back",
    ARRANGEMENT_PROPOSED: "Arrangement with another area proposed",
    ARRANGEMENT_AGREED: "Arrangement with another area agreed",
    ARRANGEMENT_ENDED: "Arrangement with another area ended",
    LOAN_ASKED: "Another area was asked for a facilitator",
    LOAN_NAMED: "Another area named a facilitator",
    LOAN_REFUSED: "Another area lends nobody",
    LOAN_TAKEN_BACK: "The asking for a facilitator was taken back",
    LOAN_BEGUN: "A facilitator of another area began",
    LOAN_ENDED: "A facilitator of another area ended",
    TASK_ADDED: "Task written",
    TASK_DONE: "Task done",
    TASK_OPEN_AGAIN: "Task not done after all",
    TASK_PUT_OFF: "Task put off",
    TASK_GIVEN: "Task given to somebody",
    TASK_NUDGED: "Somebody reminded of a task",
    ABSENCE_RECORDED: "Absence and cover recorded",
    ABSENCE_ENDED: "Absence ended",
    CLOSED: "Case closed",
    REOPENED: "Case opened again",
}
