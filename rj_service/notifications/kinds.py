"""The sentences of notifications. They name nobody, no side, no offence."""

SENTENCES = {
    "referral_received": "A referral has arrived.",
    "referral_changed": "A referral has an update.",
    "referral_outcome": "Your referral has an update.",
    "request_answered": "An agency has answered.",
    "request_late": "An agency does not answer.",
    "safety_change": "Something stopped. Open it today.",
    "import_done": "An import has finished.",
    "import_failed": "An import did not finish.",
    "invitation": "You are asked to help with a case.",
    "invitation_answered": "An invitation was answered.",
    "assigned": "You have a new case.",
    "unassigned": "One of your cases has changed.",
    "case_update": "A case has an update.",
    "cannot_go_ahead": "A meeting cannot go ahead.",
    "sign_off_asked": "A case asks for your sign-off.",
    "pack_drafted": "A monthly pack is ready to read.",
    "pack_issued": "A monthly pack has been issued.",
    "survey_answered": "A survey was answered.",
    "training": "Your training record has an update.",
    "account": "Your account has changed.",
}
