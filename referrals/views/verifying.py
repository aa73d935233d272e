"""What is checked of a self-referral before the other side learns anything, and what it is like."""

from django.http import Http404
from django.utils import timezone

from referrals import forms, policy
from referrals.actions import record_check
from referrals.choices import SELF_REFERRED
from referrals.views.record import ReferralFormView, approaches_of


class VerificationView(ReferralFormView):
    permission = "referrals.manage"
    form_class = forms.VerificationForm
    template_name = "referrals/verification.html"
    heading = "Verification"
    button = "Record the check"
    success_message = "The check is recorded"

    def get_object(self):
        found = super().get_object()
        if found.mechanism not in SELF_REFERRED:
            raise Http404
        return found

    def people_shown(self):
        return [key for key in (self.object.person_harmed_id, self.object.person_responsible_id) if key]

    def get_initial(self):
        return {"checked_on": timezone.localdate()}

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"kinds": policy.checks_needed(self.object)}

    def get_success_url(self):
        return self.request.path

    def perform(self, form):
        return record_check(referral=self.object, by=self.request.user, today=timezone.localdate(), **form.cleaned_data)

    def get_context_data(self, **kwargs):
        checks = list(self.object.verification_checks.select_related("recorded_by").order_by("-recorded_at", "-id"))
        last = {check.kind: check for check in reversed(checks)}
        return super().get_context_data(
            **{
                "kinds": [(kind.label, last.get(kind.value)) for kind in policy.checks_needed(self.object)],
                "checks": checks,
                "approaches": approaches_of(self.object, self.request.user),
                **kwargs,
            }
        )
