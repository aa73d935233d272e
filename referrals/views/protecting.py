"""Flags, restrictions and who may see a referral all the same, conflicts of interest."""

from django.contrib.auth import get_user_model
from django.http import Http404
from django.urls import reverse

from referrals import forms
from referrals.actions import declare_conflict, end_grant, grant, lift_restriction, raise_flag, restrict
from referrals.models import Grant, Referral
from referrals.views.record import ReferralFormView
from rj_service.accounts.views import GuardedActionView
from rj_service.ui.forms import GovukForm


class FlagView(ReferralFormView):
    permission = "referrals.manage"
    form_class = forms.FlagForm
    heading = "Raise a sensitive flag"
    lead = "It raises what is required. It restricts nobody."
    button = "Raise the flag"
    success_message = "The flag is raised"

    def perform(self, form):
        return raise_flag(referral=self.object, kind=form.cleaned_data["kind"], by=self.request.user)


class RestrictView(ReferralFormView):
    permission = "referrals.restrict"
    form_class = forms.RestrictionForm
    heading = "Restrict who may see this referral"
    lead = "From now only you and those granted access see it. A service manager can grant access."
    button = "Restrict"
    success_message = "The referral is restricted"

    def perform(self, form):
        return restrict(referral=self.object, reason=form.cleaned_data["reason"], by=self.request.user)


class LiftRestrictionView(ReferralFormView):
    permission = "referrals.grant"
    form_class = GovukForm
    template_name = "referrals/confirm.html"
    heading = "Lift the restriction"
    button = "Lift the restriction"
    success_message = "The restriction is lifted"

    def get_queryset(self):
        return super().get_queryset().filter(restriction__isnull=False)

    def perform(self, form):
        lift_restriction(referral=self.object, by=self.request.user)

    def get_context_data(self, **kwargs):
        consequences = [
            "Every coordinator and service manager of the area sees this referral and its case",
            "Access that was given ends. A later restriction begins with whoever makes it",
        ]
        return super().get_context_data(
            **{"consequences": consequences, "cancel_url": self.get_success_url(), **kwargs}
        )


class EndGrantView(GuardedActionView):
    """Somebody's access to a restricted referral ends at their next request."""

    permission = "referrals.grant"
    model = Referral
    success_message = "Access has ended"

    def get_queryset(self):
        return Referral.objects.all().casework_for(self.request.user)

    def perform(self):
        given = Grant.objects.filter(referral=self.object, user=self.kwargs["user"]).in_force().select_related("user")
        found = given.first()
        if found is None:
            raise Http404
        end_grant(referral=self.object, user=found.user, by=self.request.user)

    def get_success_url(self):
        mine = self.get_queryset().filter(pk=self.object.pk).exists()
        return reverse("referrals:detail", args=[self.object.pk]) if mine else reverse("referrals:list")


class GrantView(ReferralFormView):
    permission = "referrals.grant"
    form_class = forms.GrantForm
    heading = "Give somebody access to this referral"
    button = "Give access"
    success_message = "Access is given"

    def get_form_kwargs(self):
        users = get_user_model().objects.filter(
            memberships__service_area=self.object.service_area_id, memberships__ended_on__isnull=True, is_active=True
        )
        return super().get_form_kwargs() | {"users": users.distinct().order_by("last_name")}

    def perform(self, form):
        return grant(
            referral=self.object,
            to=form.cleaned_data["user"],
            reason=form.cleaned_data["reason"],
            by=self.request.user,
        )


class ConflictView(ReferralFormView):
    permission = "referrals.declare_conflict"
    form_class = forms.ConflictForm
    heading = "Declare a conflict of interest"
    lead = "You will no longer see this referral, nor anything that comes of it."
    button = "Declare it"
    success_message = "Your conflict of interest is recorded"

    def perform(self, form):
        return declare_conflict(
            user=self.request.user, by=self.request.user, referral=self.object, reason=form.cleaned_data["reason"]
        )

    def form_valid(self, form):
        self.object  # noqa: B018 (found now: afterwards it is no longer theirs to see)
        return super().form_valid(form)

    def get_success_url(self):
        return reverse("referrals:list")

    def get_context_data(self, **kwargs):
        return super().get_context_data(**{"back_url": reverse("referrals:detail", args=[self.object.pk]), **kwargs})
