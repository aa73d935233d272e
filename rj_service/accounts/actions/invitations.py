from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from rj_service.accounts import events, policy
from rj_service.accounts.actions.people import check_shape
from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from rj_service.accounts.models import AccountMail, Invitation, Membership, Organisation, ServiceArea, User
from rj_service.accounts.tokens import digest, new_token, unknown_digest
from rj_service.audit.actions import record

LASTS = timedelta(days=7)


@transaction.atomic
def invite(
    *,
    email: str,
    first_name: str,
    last_name: str,
    role: str,
    service_area: ServiceArea | None = None,
    organisation: Organisation | None = None,
    by: User,
    send: bool = True,
) -> Invitation:
    """Offer a role to an address. The link is made when its mail is sent (`send`), or by `renew_token`."""
    check_shape(role, service_area, organisation)
    if not policy.can_give(by, role=role, area_id=service_area and service_area.pk):
        raise NotAllowed("You cannot give this role.")
    if email.lower() == by.email.lower():
        raise NotAllowed("You cannot give a role to yourself.")
    same = {"email__iexact": email, "role": role, "service_area": service_area, "organisation": organisation}
    if Invitation.objects.open().filter(**same).exists():
        raise DomainError("This person has an invitation to this role already", code="taken", field="email")
    invitation = Invitation.objects.create(
        email=email.lower(),
        first_name=first_name,
        last_name=last_name,
        role=role,
        service_area=service_area,
        organisation=organisation,
        token_digest=unknown_digest(),
        invited_by=by,
        expires_at=timezone.now() + LASTS,
    )
    record(events.INVITED, by=by, on=invitation, area=service_area, detail={"role": role})
    if send:
        AccountMail.objects.enqueue(kind=AccountMail.Kind.INVITATION, invitation=invitation, asked_by_id=by.pk)
    return invitation


def renew_token(invitation: Invitation) -> str:
    """A new secret for the link; an older link stops working."""
    token = new_token()
    Invitation.objects.filter(pk=invitation.pk).update(token_digest=digest(token))
    return token


@transaction.atomic
def accept_invitation(*, token: str, password: str = "", by: User | None = None) -> User:
    """Turn an invitation into an account with its role; or into one more role of the person who is signed in (`by`)."""
    invitation = Invitation.objects.open().select_for_update(of=("self",)).filter(token_digest=digest(token)).first()
    if invitation is None:
        raise StaleState("This link has been used or has ended. Ask for a new one")
    user = User.objects.filter(email__iexact=invitation.email).first()
    if user is None:
        names = {"first_name": invitation.first_name, "last_name": invitation.last_name}
        user = User.objects.create_user(invitation.email, password, **names)
    elif by is None or by.pk != user.pk or not user.is_active:
        raise NotAllowed("Sign in as the person who was invited.")
    place = {"role": invitation.role, "service_area": invitation.service_area, "organisation": invitation.organisation}
    if not user.current_memberships().filter(**place).exists():
        today = timezone.localdate()
        Membership.objects.create(user=user, **place, started_on=today, given_by=invitation.invited_by)
    Invitation.objects.filter(pk=invitation.pk).update(
        accepted_at=Now(), accepted_by=user, token_digest=unknown_digest()
    )
    record(
        events.INVITATION_ACCEPTED,
        by=user,
        on=invitation,
        area=invitation.service_area,
        detail={"role": invitation.role},
    )
    return user


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, by: User) -> None:
    if not policy.can_withdraw(by, invitation):
        raise NotAllowed("You cannot withdraw this invitation.")
    open_ = Invitation.objects.open().filter(pk=invitation.pk)
    if not open_.update(withdrawn_at=Now(), withdrawn_by=by, token_digest=unknown_digest()):
        raise StaleState("This invitation has been used or has ended already")
    record(events.INVITATION_WITHDRAWN, by=by, on=invitation, area=invitation.service_area_id)
