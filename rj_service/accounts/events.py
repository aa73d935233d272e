"""The verbs of accounts in the audit trail, and their sentences."""

SIGNED_IN = "accounts.signed_in"
SIGNED_OUT = "accounts.signed_out"
SIGN_IN_FAILED = "accounts.sign_in_failed"
CODE_FAILED = "accounts.code_failed"
PASSWORD_CHANGED = "accounts.password_changed"  # noqa: S105 (a verb)
PASSWORD_RESET = "accounts.password_reset"  # noqa: S105 (a verb)
FACTOR_ADDED = "accounts.factor_added"
FACTOR_REMOVED = "accounts.factor_removed"
RECOVERY_CODES_MADE = "accounts.recovery_codes_made"
AREA_CREATED = "accounts.area_created"
LOCAL_AREA_ADDED = "accounts.local_area_added"
ORGANISATION_ADDED = "accounts.organisation_added"
ORGANISATION_CONFIRMED = "accounts.organisation_confirmed"
OUTWARD_CODES_SET = "accounts.outward_codes_set"
INVITED = "accounts.invited"
INVITATION_ACCEPTED = "accounts.invitation_accepted"
INVITATION_WITHDRAWN = "accounts.invitation_withdrawn"
MEMBERSHIP_GIVEN = "accounts.membership_given"
MEMBERSHIP_ENDED = "accounts.membership_ended"
USER_DISABLED = "accounts.user_disabled"
USER_DORMANT = "accounts.user_dormant"
RECOVERY_ASKED = "accounts.recovery_asked"
RECOVERY_FIRST_CHECK = "accounts.recovery_first_check"
RECOVERY_GRANTED = "accounts.recovery_granted"
RECOVERY_REFUSED = "accounts.recovery_refused"

SENTENCES = {
    SIGNED_IN: "Signed in",
    SIGNED_OUT: "Signed out",
    SIGN_IN_FAILED: "A sign-in failed",
    CODE_FAILED: "A sign-in code was wrong",
    PASSWORD_CHANGED: "Changed their password",
    PASSWORD_RESET: "Set a new password by a link",
    FACTOR_ADDED: "Set up a second factor",
    FACTOR_REMOVED: "Took off a second factor",
    RECOVERY_CODES_MADE: "Made new recovery codes",
    AREA_CREATED: "Created a service area",
    LOCAL_AREA_ADDED: "Added a local area",
    ORGANISATION_ADDED: "Added an organisation",
    ORGANISATION_CONFIRMED: "Confirmed an organisation",
    OUTWARD_CODES_SET: "Said which postcodes an area serves",
    INVITED: "Invited a person",
    INVITATION_ACCEPTED: "Accepted an invitation",
    INVITATION_WITHDRAWN: "Withdrew an invitation",
    MEMBERSHIP_GIVEN: "Gave a role",
    MEMBERSHIP_ENDED: "Ended a role",
    USER_DISABLED: "Disabled an account",
    USER_DORMANT: "An account that nobody used ended by itself",
    RECOVERY_ASKED: "Asked for a new second factor",
    RECOVERY_FIRST_CHECK: "Checked a person for recovery, first of two",
    RECOVERY_GRANTED: "Checked a person for recovery, second of two",
    RECOVERY_REFUSED: "Refused a recovery",
}
