import re
import uuid

from django import forms
from django.core.exceptions import ValidationError

from rj_service.ui.forms import DateField, GovukForm

ASKED_FOR = "Enter the person's number. A coordinator reads it on the People page of the case, or on the referral"
NUMBER = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")


class WhoLookedForm(GovukForm):
    person = forms.CharField(
        label="Person",
        max_length=300,
        help_text="Their number in the audit trail. A coordinator reads it on the People page of the case, or on the referral",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    first_day = DateField(label="From", called="The first day")
    last_day = DateField(label="To", called="The last day")

    def clean_person(self) -> uuid.UUID:
        found = NUMBER.findall(self.cleaned_data["person"].lower())
        if not found:
            raise ValidationError(ASKED_FOR)
        return uuid.UUID(found[-1])

    def clean(self):
        days = self.cleaned_data
        if days.get("first_day") and days.get("last_day") and days["last_day"] < days["first_day"]:
            self.add_error("last_day", "The last day must be on or after the first day")
        return days
