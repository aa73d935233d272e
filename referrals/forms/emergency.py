"""What is said before something is opened in an emergency."""

from rj_service.ui.forms import GovukForm, ReasonField, ReferenceField


class EmergencyForm(GovukForm):
    reference = ReferenceField(label="Reference of the referral or case", help_text="For example, 7K4M-R9")
    reason = ReasonField(
        why="it cannot wait",
        label="Why it cannot wait",
        max_length=300,
        help_text="The service manager and the data protection officer read this. Leave out names.",
    )
