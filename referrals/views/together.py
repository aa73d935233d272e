"""Several people responsible for one incident. Another person harmed has a referral of their own."""

from referrals.actions import add_responsible
from referrals.choices import Side
from referrals.forms.together import AddResponsibleForm
from referrals.views.record import ReferralFormView


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
