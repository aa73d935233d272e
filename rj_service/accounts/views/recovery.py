"""A lost phone: ask without signing in; two people check."""

from allauth.core.internal.ratelimit import consume_or_429
from django.shortcuts import render
from django.urls import reverse
from django.views.generic import FormView

from rj_service.accounts import actions, policy
from rj_service.accounts.actions.recovery import METHODS
from rj_service.accounts.filters import RecoveryFilter
from rj_service.accounts.forms.people import CheckForm, RecoveryForm
from rj_service.accounts.models import RecoveryRequest
from rj_service.accounts.views.guarded import (
    GuardedActionView,
    GuardedFormView,
    ObjectMixin,
)
from rj_service.accounts.views.lists import GuardedListView


class RecoveryView(FormView):
    """Public, and the same words whether or not the address has an account."""

    http_method_names = ["get", "post", "head", "options"]
    template_name = "accounts/recovery.html"
    form_class = RecoveryForm

    def post(self, request, *args, **kwargs):
        refused = consume_or_429(request, app="allauth.account", action="reset_password_from_key")
        return refused or super().post(request, *args, **kwargs)

    def form_valid(self, form):
        actions.ask_recovery(email=form.cleaned_data["email"])
        return render(self.request, "accounts/recovery_asked.html")

    def form_invalid(self, form):
        response = super().form_invalid(form)
        response.status_code = 422
        return response


class RecoveriesView(GuardedListView):
    permission = "accounts.recover"
    template_name = "accounts/recoveries.html"
    model = RecoveryRequest
    heading = "Lost phones"
    thing = "request"
    empty = "Nobody is waiting."
    filter_class = RecoveryFilter
    order = ("asked_at", "id")
    order_words = "longest waiting first"
    no_file = "Who cannot sign in now is for the two people who check, and for nobody after them"

    def narrowed(self):
        return self.get_queryset().open()

    def show(self, rows):
        return rows.select_related("user", "first_checked_by")

    def complete(self, rows):
        for row in rows:
            row.can_check = policy.can_check(self.request.user, row)


class CheckIdentityView(ObjectMixin, GuardedFormView):
    permission = "accounts.recover"
    template_name = "accounts/check_identity.html"
    form_class = CheckForm
    model = RecoveryRequest

    def get_queryset(self):
        return super().get_queryset().open().select_related("user", "first_checked_by")

    def get_context_data(self, **kwargs):
        first = METHODS.get(self.object.first_method, "")
        back = reverse("accounts:recoveries")
        return super().get_context_data(object=self.object, first_method=first, cancel_url=back, **kwargs)

    def perform(self, form):
        return actions.check_identity(request=self.object, method=form.cleaned_data["method"], by=self.request.user)

    @property
    def success_message(self):
        if self.result:
            return "Both checks are made. A link is on its way to the person"
        return "Waiting for a second person. Anybody here who recovers accounts may confirm, not you"

    def get_success_url(self):
        return reverse("accounts:recoveries")


class RefuseRecoveryView(GuardedActionView):
    permission = "accounts.recover"
    model = RecoveryRequest
    success_message = "The request is refused"

    def perform(self):
        actions.refuse_recovery(request=self.object, by=self.request.user)

    def get_success_url(self):
        return reverse("accounts:recoveries")
