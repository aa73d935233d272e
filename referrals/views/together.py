"""Who else is part of one incident: whoever was harmed, several people responsible. Another person harmed has a referral of
their own."""

from referrals.actions import add_responsible, name_harmed
from referrals.choices import Side
from referrals.forms.together import AddResponsibleForm, NameHarmedForm
from referrals.views.record import ReferralFormView


class NameHarmedView(ReferralFormView):
    permission = "referrals.manage"
    form_class = NameHarmedForm
    heading = "Name the person harmed"
    lead = "As the police, victim liaison or the Hub told you. Naming them contacts nobody, and whoever wrote learns nothing."
    button = "Name them"
    success_message = "The person harmed is named"

    def get_queryset(self):
        return super().get_queryset().filter(person_harmed=None)

    def people_shown(self):
        return ()

    def get_context_data(self, **kwargs):
        return super().get_context_data(**{"side": Side.HARMED, **kwargs})

    def perform(self, form):
        return name_harmed(referral=self.object, new=form.new, by=self.request.user)


class AddResponsibleView(ReferralFormView):
    permission = "referrals.manage"
    form_class = AddResponsibleForm
    heading = "Add a person responsible"
    lead = "Nobody is contacted by naming them. People responsible are kept apart from each other, too."
    button = "Add this person"
    success_message = "The person is added"

    def people_shown(self):
        return ()

    def get_context_data(self, **kwargs):
        return super().get_context_data(**{"side": Side.RESPONSIBLE, **kwargs})

    def perform(self, form):
        return add_responsible(
            referral=self.object,
            new=form.new,
            responsibility_told=form.cleaned_data["responsibility_told"],
            by=self.request.user,
        )
