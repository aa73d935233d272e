from django.utils import timezone

from volunteers import actions, forms, policy
from volunteers.views.practitioner import OfPractitioner


class RecordSupervision(OfPractitioner):
    permission = "volunteers.view"
    form_class = forms.SupervisionForm
    may = staticmethod(policy.can_record_supervision)
    heading, button = "Record a supervision", "Record this supervision"
    lead = "At least one each 12 weeks."
    success_message = "The supervision is recorded."

    def get_initial(self):
        return {"held_on": timezone.localdate(), "supervisor_name": self.request.user.get_full_name()}

    def perform(self, form):
        today = timezone.localdate()
        return actions.record_supervision(
            practitioner=self.practitioner, today=today, by=self.request.user, **form.cleaned_data
        )
