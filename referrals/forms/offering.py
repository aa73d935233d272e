"""What is asked about an offer of restorative justice."""

from django import forms

from referrals.actions import NewOffer
from referrals.choices import HeardOf, OfferAnswer, OfferChannel
from rj_service.ui.forms import DateField, GovukForm


class OfferForm(GovukForm):
    offered_on = DateField(label="Day of the offer", past=True)
    channel = forms.ChoiceField(label="How was it offered?", choices=OfferChannel.choices, widget=forms.RadioSelect)
    offered_by = forms.CharField(label="Organisation that offered it", max_length=150)
    role = forms.CharField(
        label="In what role", max_length=100, required=False, help_text="For example, Victim Care Co-ordinator"
    )
    answer = forms.ChoiceField(label="What did they answer?", choices=OfferAnswer.choices, widget=forms.RadioSelect)
    offer_again_on = DateField(
        label="Offer it again on",
        future=True,
        required=False,
        help_text="After “not now” and “no answer yet”. If left empty: in three months, or in two weeks",
    )
    never_again = forms.BooleanField(label="They ask never to be asked again", required=False)
    heard_of = forms.ChoiceField(
        label="How did they hear of restorative justice?", choices=[("", "Choose"), *HeardOf.choices], required=False
    )

    options_class = "govuk-radios--small govuk-checkboxes--small"
    reveals = {"answer": {OfferAnswer.NO: ("never_again",)}}
    option_hints = {
        "answer": {
            OfferAnswer.YES: "It never approaches the other side",
            OfferAnswer.NO: "What they agreed to here ends at once",
        }
    }

    @property
    def new(self) -> NewOffer:
        data = self.cleaned_data
        said_no = data["answer"] == OfferAnswer.NO
        return NewOffer(**data | {"never_again": said_no and data["never_again"]})
