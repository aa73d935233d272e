"""The verbs of moving out in the audit trail. Sentences for people stand beside them."""

ASKED = "moving_out.asked"
AGREED = "moving_out.agreed"
NOT_AGREED = "moving_out.not_agreed"
TAKEN_BACK = "moving_out.taken_back"
MADE = "moving_out.made"

SENTENCES = {
    ASKED: "Asked for an archive of the area",
    AGREED: "Agreed to an archive of the area",
    NOT_AGREED: "Did not agree to an archive of the area",
    TAKEN_BACK: "Took back an archive of the area",
    MADE: "An archive of the area was made",
}
