"""People, their roles and invitations."""

from typing import ClassVar

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Prefetch
from django.http import Http404
from django.urls import reverse
from django.utils.timezone import localdate

from rj_service.accounts import actions, policy
from rj_service.accounts.filters import PeopleFilter
from rj_service.accounts.forms.people import InviteForm, RoleForm
from rj_service.accounts.models import Invitation, Membership, RecoveryRequest, User, UserQuerySet
from rj_service.accounts.second_factor import FACTORS
from rj_service.accounts.views.guarded import (
    GuardedActionView,
    GuardedDetailView,
    GuardedFormView,
)
from rj_service.accounts.views.lists import GuardedListView

MEMBERSHIPS = Prefetch(
    "memberships",
    Membership.objects.filter(ended_on__isnull=True).select_related("service_area", "organisation", "user"),
    to_attr="open_memberships",
)


def with_factor(people: UserQuerySet) -> UserQuerySet:
    return people.annotate(has_factor=Exists(Authenticator.objects.filter(user=OuterRef("pk"), type__in=FACTORS)))


class PeopleView(GuardedListView):
    permission = "accounts.manage"
    template_name = "accounts/people.html"
    model = User
    heading = "People"
    thing = "person"
    empty = "Nobody has an account here yet."
    filter_class = PeopleFilter
    order = ("last_name", "first_name", "id")
    order_words = "by last name"
    columns: ClassVar = {
        "Last name": lambda person: person.last_name,
        "First name": lambda person: person.first_name,
        "Roles and areas": lambda person: "; ".join(one.words for one in person.open_memberships),
        "Last signed in": lambda person: localdate(person.last_login) if person.last_login else "Never",
        "Second factor": lambda person: "Set up" if person.has_factor else "Not set up",
        "State": lambda person: "Active" if person.is_active else "Disabled",
    }

    def get_queryset(self):
        return with_factor(super().get_queryset())

    def show(self, rows):
        return rows.prefetch_related(MEMBERSHIPS)

    def get_context_data(self, **kwargs):
        user = self.request.user
        waiting = Invitation.objects.open().visible_to(user).select_related("service_area").order_by("-invited_at")
        return super().get_context_data(
            invitations=[(one, policy.can_withdraw(user, one)) for one in waiting[:50]],
            recoveries=RecoveryRequest.objects.open().visible_to(user).count() if user.may("accounts.recover") else 0,
            **kwargs,
        )


class PersonView(GuardedDetailView):
    permission = "accounts.manage"
    template_name = "accounts/person.html"
    model = User

    def get_queryset(self):
        return with_factor(super().get_queryset())

    def get_context_data(self, **kwargs):
        by = self.request.user
        memberships = list(
            self.object.memberships.select_related("service_area", "organisation", "user").order_by("-started_on")
        )
        current = [membership for membership in memberships if membership.ended_on is None]
        return super().get_context_data(
            roles=[
                (membership, membership in current and policy.can_end(by, membership)) for membership in memberships
            ],
            can_give=by.pk != self.object.pk and bool(policy.roles_to_give(by)) and self.object.is_active,
            can_disable=self.object.is_active and policy.can_disable(by, self.object, current),
            **kwargs,
        )


class _OfPerson:
    """A form about the person of the address; somebody out of sight is a 404."""

    @property
    def person(self) -> User:
        if not hasattr(self, "_person"):
            self._person = User.objects.visible_to(self.request.user).filter(pk=self.kwargs["pk"]).first()
        if self._person is None:
            raise Http404
        return self._person

    def get_success_url(self) -> str:
        return reverse("accounts:person", args=[self.person.pk])


class GiveRoleView(_OfPerson, GuardedFormView):
    permission = "accounts.manage"
    template_name = "accounts/role.html"
    form_class = RoleForm
    success_message = "The role is given. It counts from now on"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"by": self.request.user}

    def get_context_data(self, **kwargs):
        return super().get_context_data(person=self.person, cancel_url=self.get_success_url(), **kwargs)

    def perform(self, form):
        return actions.give_membership(user=self.person, **form.cleaned_data, by=self.request.user)


class EndRoleView(GuardedActionView):
    permission = "accounts.manage"
    model = Membership
    success_message = "The role has ended"

    def get_queryset(self):
        visible = User.objects.visible_to(self.request.user)
        return Membership.objects.filter(user__in=visible).select_related("user")

    def perform(self):
        actions.end_membership(membership=self.object, by=self.request.user)

    def get_success_url(self):
        return reverse("accounts:person", args=[self.object.user_id])


class DisableView(_OfPerson, GuardedActionView):
    permission = "accounts.manage"
    model = User
    success_message = "The account is disabled. Its roles and sessions have ended"

    def perform(self):
        actions.disable_user(user=self.person, by=self.request.user)


class InviteView(GuardedFormView):
    permission = "accounts.manage"
    template_name = "accounts/invite.html"
    form_class = InviteForm
    success_message = "The invitation is on its way"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"by": self.request.user}

    def perform(self, form):
        return actions.invite(**form.cleaned_data, by=self.request.user)

    def get_success_url(self):
        return reverse("accounts:people")


class WithdrawInvitationView(GuardedActionView):
    permission = "accounts.manage"
    model = Invitation
    success_message = "The invitation is withdrawn. Its link no longer works"

    def perform(self):
        actions.withdraw_invitation(invitation=self.object, by=self.request.user)

    def get_success_url(self):
        return reverse("accounts:people")
