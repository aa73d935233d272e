"""Accepting an invitation, by its one-use link."""

from urllib.parse import urlencode

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView

from rj_service.accounts import actions
from rj_service.accounts.errors import DomainError
from rj_service.accounts.forms.people import ChoosePasswordForm
from rj_service.accounts.models import Invitation, User
from rj_service.accounts.tokens import digest
from rj_service.ui.views import link_ended


@method_decorator(sensitive_post_parameters("password"), name="dispatch")
class InvitationView(FormView):
    """Somebody new chooses a password; somebody with an account signs in first and then takes the role."""

    http_method_names = ["get", "post", "head", "options"]
    template_name = "accounts/invitation.html"

    def dispatch(self, request, *args, **kwargs):
        found = Invitation.objects.open().filter(token_digest=digest(kwargs["token"])).first()
        if found is None:
            return link_ended(request)
        self.invitation = found
        self.person = User.objects.filter(email__iexact=found.email).first()
        if self.person is not None and request.user != self.person:
            return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode({'next': request.path})}")
        return super().dispatch(request, *args, **kwargs)

    def get_form_class(self):
        return Form if self.person else ChoosePasswordForm

    def get_form_kwargs(self):
        if self.person:
            return super().get_form_kwargs()
        invited = self.invitation
        new = User(email=invited.email, first_name=invited.first_name, last_name=invited.last_name)
        return super().get_form_kwargs() | {"person": new}

    def get_context_data(self, **kwargs):
        return super().get_context_data(invitation=self.invitation, person=self.person, **kwargs)

    def form_valid(self, form):
        password = form.cleaned_data.get("password", "")
        try:
            actions.accept_invitation(token=self.kwargs["token"], password=password, by=self.person)
        except DomainError as error:
            form.add_error(None, error.message)
            return self.form_invalid(form)
        messages.success(self.request, "The role is yours" if self.person else "Your account is ready. Sign in")
        return HttpResponseRedirect("/" if self.person else reverse("account_login"))

    def form_invalid(self, form):
        response = super().form_invalid(form)
        response.status_code = 422
        return response
