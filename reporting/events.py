"""The verbs of reporting."""

PACK_ASKED = "reporting.pack_asked"
PACK_COUNTED = "reporting.pack_counted"
COMMENTARY_WRITTEN = "reporting.commentary_written"
PACK_ISSUED = "reporting.pack_issued"

SENTENCES = {
    PACK_ASKED: "Asked for a monthly pack",
    PACK_COUNTED: "Counted a monthly pack",
    COMMENTARY_WRITTEN: "Wrote the commentary of a pack",
    PACK_ISSUED: "Issued a pack",
}
