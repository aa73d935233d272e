"""The verbs of the audit trail, and the sentence that a timeline shows for each."""

RECEIVED = "referrals.received"
IMPORTED = "referrals.imported"
IMPORT_REFUSED = "referrals.import_refused"
TAKEN = "referrals.taken"
GIVEN = "referrals.given"
HELD_INTERESTED = "referrals.held_interested"
INTEREST_CHECKED = "referrals.interest_checked"
INTEREST_TRIGGERED = "referrals.interest_triggered"
TRIGGER_SETTLED = "referrals.trigger_settled"
DAY_SET = "referrals.watched_day_set"
WISH_CHECKED = "referrals.wish_checked"
WAIT_STOPPED = "referrals.wait_stopped"
OFFERED = "referrals.offered"
NEVER_AGAIN = "referrals.never_again"
PUT_ON_HOLD = "referrals.put_on_hold"
ACCEPTED = "referrals.accepted"
NOT_ACCEPTED = "referrals.not_accepted"
REFERRED_ELSEWHERE = "referrals.referred_elsewhere"
TRANSFER_OFFERED = "referrals.transfer_offered"
TRANSFER_REFUSED = "referrals.transfer_refused"
TRANSFER_TAKEN_BACK = "referrals.transfer_taken_back"
PASSED_ON = "referrals.passed_on"
ARRIVED = "referrals.arrived_from_area"
SENT_HOME = "referrals.sent_home"
CAME_HOME = "referrals.came_home"
PROVISION_KEPT = "referrals.provision_kept"
PROVISION_CHECKED = "referrals.provision_checked"
PROVISION_ENDED = "referrals.provision_ended"
PATHWAY_LAID = "referrals.pathway_laid"
PATHWAY_ENDED = "referrals.pathway_ended"
AGREEMENT_RECORDED = "referrals.agreement_recorded"
AGREEMENT_ENDED = "referrals.agreement_ended"
PARTNER_WORK_RECORDED = "referrals.partner_work_recorded"
PARTNER_WORK_ENDED = "referrals.partner_work_ended"
MARKED_DUPLICATE = "referrals.marked_duplicate"
MARKED_ERROR = "referrals.marked_entered_in_error"
REOPENED = "referrals.reopened"
OUTCOME_TOLD = "referrals.outcome_told"
CONSENT_RECORDED = "referrals.consent_recorded"
CONSENT_WITHDRAWN = "referrals.consent_withdrawn"
CONTACT_STRICTER = "referrals.contact_stricter"
CONTACT_CHANGED = "referrals.contact_changed"
CHANGES_PROPOSED = "referrals.changes_proposed"
CHANGE_DECIDED = "referrals.change_decided"
MESSAGE_WRITTEN = "referrals.message_written"
SENT_CHANGED = "referrals.sent_changed"
CHILDHOOD_RECORDED = "referrals.childhood_recorded"
ADULT_ESTABLISHED = "referrals.adult_established"
PARENTAL_NAMED = "referrals.parental_responsibility_named"
PARENTAL_ENDED = "referrals.parental_responsibility_ended"
PARENTAL_AGREED = "referrals.parental_agreement_recorded"
PARENTAL_WITHDRAWN = "referrals.parental_agreement_withdrawn"
TURNED_18 = "referrals.turned_18"
NEEDS_ASSESSED = "referrals.needs_assessed"
CONDITIONS_RECORDED = "referrals.conditions_recorded"
SUPPORT_OFFERED = "referrals.onward_support_offered"
SUPPORT_ENDED = "referrals.onward_support_taken_up_or_not"
BAR_RECORDED = "referrals.bar_recorded"
BAR_PERMITTED = "referrals.bar_permitted"
FLAG_RAISED = "referrals.flag_raised"
FLAG_CLEARED = "referrals.flag_cleared"
PERSON_ADDED = "referrals.person_added"
RESPONSIBLE_NAMED = "referrals.responsible_named"
HARMED_NAMED = "referrals.harmed_named"
ALSO_RESPONSIBLE = "referrals.also_responsible"
DIED = "referrals.death_recorded"
RESTRICTED = "referrals.restricted"
RESTRICTION_LIFTED = "referrals.restriction_lifted"
GRANTED = "referrals.granted"
OPENED_IN_EMERGENCY = "referrals.opened_in_emergency"
GRANT_ENDED = "referrals.grant_ended"
CONFLICT_DECLARED = "referrals.conflict_declared"
DUPLICATE_ANSWERED = "referrals.duplicate_answered"
MERGE_PROPOSED = "referrals.merge_proposed"
MERGE_TURNED_DOWN = "referrals.merge_turned_down"
MERGED = "referrals.people_merged"
UNMERGED = "referrals.people_unmerged"
INFORMATION_ASKED = "referrals.information_asked"
REQUEST_WORDS_KEPT = "referrals.request_words_kept"
INFORMATION_SENT_AGAIN = "referrals.information_sent_again"
INFORMATION_CHASED = "referrals.information_chased"
INFORMATION_ANSWERED = "referrals.information_answered"
INFORMATION_REFUSED = "referrals.information_refused"
INFORMATION_NOT_NEEDED = "referrals.information_not_needed"
APPROACH_REPEATED = "referrals.approach_repeated"
APPROACH_ELSEWHERE = "referrals.approach_elsewhere"
CHECKED = "referrals.self_referral_checked"
VERIFIED = "referrals.self_referral_verified"
NO_LONGER_VERIFIED = "referrals.self_referral_no_longer_verified"
CONCERN_RAISED = "referrals.concern_raised"
CONCERN_DECIDED = "referrals.concern_decided"
CONCERN_PASSED_ON = "referrals.concern_passed_on"
CONCERN_CLOSED = "referrals.concern_closed"
CONCERN_REMINDED = "referrals.concern_reminded"
COMPLAINT_RECEIVED = "referrals.complaint_received"
COMPLAINT_ACKNOWLEDGED = "referrals.complaint_acknowledged"
COMPLAINT_WORKER_NAMED = "referrals.complaint_worker_named"
COMPLAINT_GIVEN = "referrals.complaint_given_to_handler"
COMPLAINT_EXTENDED = "referrals.complaint_extended"
COMPLAINT_DECIDED = "referrals.complaint_decided"
COMPLAINT_CLOSED = "referrals.complaint_closed"
OWN_LINK_GIVEN = "referrals.own_link_given"
OWN_LINK_ENDED = "referrals.own_link_ended"
OWN_LINK_GUESSED = "referrals.own_link_guessed"
PAUSED = "referrals.paused"
PAUSE_ENDED = "referrals.pause_ended"
CONTACT_WISHED = "referrals.contact_wished"
CONTACT_WISH_DECIDED = "referrals.contact_wish_decided"

SENTENCES = {
    RECEIVED: "Referral received",
    IMPORTED: "Hub file imported",
    IMPORT_REFUSED: "Hub file refused",
    TAKEN: "Taken",
    GIVEN: "Given to a colleague",
    HELD_INTERESTED: "Held: interested, no suspect identified",
    INTEREST_CHECKED: "Checked while they wait",
    INTEREST_TRIGGERED: "Something changed for somebody who waits",
    TRIGGER_SETTLED: "Looked at: they go on waiting",
    DAY_SET: "A day to come back to was set",
    WISH_CHECKED: "Somebody is identified: wish and safe address were checked",
    WAIT_STOPPED: "The waiting has ended",
    OFFERED: "Restorative justice was offered",
    NEVER_AGAIN: "Asked never to be asked again",
    PUT_ON_HOLD: "Put on hold",
    ACCEPTED: "Accepted",
    NOT_ACCEPTED: "Not accepted",
    REFERRED_ELSEWHERE: "Referred elsewhere",
    TRANSFER_OFFERED: "Offered to another area",
    TRANSFER_REFUSED: "The other area said no",
    TRANSFER_TAKEN_BACK: "The offer to another area was taken back",
    PASSED_ON: "Another area took it over",
    ARRIVED: "Taken over from another area",
    SENT_HOME: "Sent back to the area it came from",
    CAME_HOME: "Came back from another area",
    PROVISION_KEPT: "Entry of the directory written",
    PROVISION_CHECKED: "Entry of the directory checked",
    PROVISION_ENDED: "Entry of the directory ended",
    PATHWAY_LAID: "Pathway laid down",
    PATHWAY_ENDED: "Pathway ended",
    AGREEMENT_RECORDED: "Agreement on sharing information recorded",
    AGREEMENT_ENDED: "Agreement on sharing information ended",
    PARTNER_WORK_RECORDED: "A partner’s own work recorded",
    PARTNER_WORK_ENDED: "A partner’s own work taken out: recorded in error",
    MARKED_DUPLICATE: "Marked as the same as another referral",
    MARKED_ERROR: "Marked as entered in error",
    REOPENED: "Opened again",
    OUTCOME_TOLD: "Outcome given to the referrer",
    CONSENT_RECORDED: "Agreement recorded",
    CONSENT_WITHDRAWN: "Agreement withdrawn",
    CONTACT_STRICTER: "Safe contact made stricter",
    CONTACT_CHANGED: "Safe contact changed",
    CHANGES_PROPOSED: "Changes sent by the referrer wait for a decision",
    CHANGE_DECIDED: "Change decided",
    MESSAGE_WRITTEN: "Message to or from the referrer",
    SENT_CHANGED: "The referrer changed what they sent",
    CHILDHOOD_RECORDED: "Age and care recorded",
    ADULT_ESTABLISHED: "Established that they are 18 or over",
    PARENTAL_NAMED: "Somebody with parental responsibility named",
    PARENTAL_ENDED: "Parental responsibility ended",
    PARENTAL_AGREED: "Agreement of somebody with parental responsibility recorded",
    PARENTAL_WITHDRAWN: "Agreement of somebody with parental responsibility withdrawn",
    TURNED_18: "Turned 18: to be asked again",
    NEEDS_ASSESSED: "Needs assessed",
    CONDITIONS_RECORDED: "Existing conditions recorded",
    SUPPORT_OFFERED: "Passed on to somebody who supports",
    SUPPORT_ENDED: "Whether support was taken up",
    BAR_RECORDED: "Legal bar recorded",
    BAR_PERMITTED: "Permission of the authority recorded",
    FLAG_RAISED: "Sensitive flag raised",
    FLAG_CLEARED: "Sensitive flag taken off",
    PERSON_ADDED: "Person added",
    RESPONSIBLE_NAMED: "Person responsible named",
    HARMED_NAMED: "Whoever was harmed was named",
    ALSO_RESPONSIBLE: "Another person responsible named",
    DIED: "Death recorded",
    RESTRICTED: "Restricted",
    RESTRICTION_LIFTED: "Restriction lifted",
    GRANTED: "Access granted",
    OPENED_IN_EMERGENCY: "Opened in an emergency",
    GRANT_ENDED: "Access ended",
    CONFLICT_DECLARED: "Conflict of interest declared",
    DUPLICATE_ANSWERED: "Possible duplicate answered",
    MERGE_PROPOSED: "Two records taken for one person: waits for a second person",
    MERGE_TURNED_DOWN: "Two records are not joined",
    MERGED: "Two records joined as one person",
    UNMERGED: "The joining of two records undone",
    INFORMATION_ASKED: "An agency was asked for information",
    REQUEST_WORDS_KEPT: "The words of requests to an agency were changed",
    INFORMATION_SENT_AGAIN: "The link to an agency was sent again",
    INFORMATION_CHASED: "An agency was reminded",
    INFORMATION_ANSWERED: "An agency answered",
    INFORMATION_REFUSED: "An agency refused to give information",
    INFORMATION_NOT_NEEDED: "Information is no longer needed of an agency",
    APPROACH_REPEATED: "Repeated approach: like an earlier referral",
    APPROACH_ELSEWHERE: "Repeated approach: known in another area",
    CHECKED: "Checked with another agency",
    VERIFIED: "Verified",
    NO_LONGER_VERIFIED: "No longer verified",
    CONCERN_RAISED: "Concern raised",
    CONCERN_DECIDED: "Concern decided",
    CONCERN_PASSED_ON: "Concern passed on",
    CONCERN_CLOSED: "Concern closed",
    CONCERN_REMINDED: "Managers reminded of a concern",
    COMPLAINT_RECEIVED: "Complaint received",
    COMPLAINT_ACKNOWLEDGED: "Complaint acknowledged",
    COMPLAINT_WORKER_NAMED: "Complaint: the worker it is about was named",
    COMPLAINT_GIVEN: "Complaint given to a handler",
    COMPLAINT_EXTENDED: "Complaint given more time",
    COMPLAINT_DECIDED: "Complaint decided",
    COMPLAINT_CLOSED: "Outcome of the complaint told",
    OWN_LINK_GIVEN: "A link of their own was given",
    OWN_LINK_ENDED: "A person’s own link ended",
    OWN_LINK_GUESSED: "Wrong answers at a person’s own link: it ended",
    PAUSED: "Contact paused",
    PAUSE_ENDED: "The pause ended",
    CONTACT_WISHED: "A change of how they are reached waits to be confirmed",
    CONTACT_WISH_DECIDED: "A change of how they are reached was decided",
}


def words_of(detail) -> str:
    """What stands below an event's sentence in a timeline: whose the day is, where it is not ours."""
    return "As the earlier system had it" if isinstance(detail, dict) and detail.get("moved_in") else ""
