"""The verbs of lists in the audit trail. Sentences for people stand beside them."""

FILE_ASKED = "lists.file_asked"
FILE_AGREED = "lists.file_agreed"
FILE_NOT_AGREED = "lists.file_not_agreed"
FILE_MADE = "lists.file_made"

SENTENCES = {
    FILE_ASKED: "Asked for a file of a list",
    FILE_AGREED: "Agreed to somebody’s file of a list",
    FILE_NOT_AGREED: "Did not agree to somebody’s file of a list",
    FILE_MADE: "A file of a list was made",
}
