"""What is typed into the register of venues."""

from django import forms

from cases.actions import NewVenue
from rj_service.ui.forms import DateField, GovukForm, PhoneField, PostcodeField, WordsField

PLAIN = forms.TextInput(attrs={"autocomplete": "off"})


class VenueForm(GovukForm):
    name = forms.CharField(label="Name", max_length=150, widget=PLAIN)
    address = forms.CharField(label="Address", max_length=300, widget=PLAIN)
    postcode = PostcodeField(label="Postcode", required=False)
    is_prison = forms.BooleanField(
        label="It is a prison", required=False, help_text="Each visit then needs the prison’s booking reference."
    )
    step_free = forms.BooleanField(label="Step-free from the street to the room", required=False)
    hearing_loop = forms.BooleanField(label="Hearing loop", required=False)
    parking = forms.BooleanField(label="Parking", required=False)
    access_note = forms.CharField(label="More about access", max_length=300, required=False, widget=PLAIN)
    entrances = WordsField(
        label="Entrances",
        required=False,
        max_length=500,
        rows=3,
        help_text="One a line, for example “Front door, Church Street”. The sides arrive by different ones.",
    )
    rooms = WordsField(label="Rooms", required=False, max_length=500, rows=3, help_text="One a line.")
    contact_name = forms.CharField(label="Who opens the doors", max_length=150, required=False, widget=PLAIN)
    contact_phone = PhoneField(label="Their phone number", required=False)

    @property
    def new(self) -> NewVenue:
        return NewVenue(**self.cleaned_data)


class VenueCheckForm(GovukForm):
    checked_on = DateField(label="Day you were there", past=True)
    is_safe = forms.TypedChoiceField(
        label="Is it safe for both sides?",
        choices=[("yes", "Yes"), ("no", "No, it must not be used")],
        coerce=lambda answer: answer == "yes",
        widget=forms.RadioSelect,
    )
    found = WordsField(
        label="What you found",
        required=False,
        max_length=500,
        rows=4,
        help_text="Ways in and out, where each side waits, who else is in the building, phone signal, first aid.",
    )
