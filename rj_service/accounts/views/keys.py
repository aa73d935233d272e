"""Taking off a security key: never the last second factor."""

from allauth.mfa.webauthn.views import RemoveWebAuthnView
from django.shortcuts import redirect

from rj_service.accounts.second_factor import has_another


class RemoveKeyView(RemoveWebAuthnView):
    def form_valid(self, form):
        if not has_another(self.get_object()):
            return redirect("mfa_list_webauthn")
        return super().form_valid(form)
