from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from rj_service.accounts import events, policy, sessions
from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from rj_service.accounts.models import AccountMail, Membership, Organisation, ServiceArea, User
from rj_service.accounts.roles import Role
from rj_service.audit.actions import record


def tell_of_change(user: User) -> None:
    """A mail that says that the account changed and what to do if it was somebody else."""
    AccountMail.objects.enqueue(kind=AccountMail.Kind.CHANGED, user=user)


def ask_password_link(email: str) -> None:
    """Says nothing about whether the address has an account: the mail goes out from a worker."""
    user = User.objects.filter(email__iexact=email.strip(), is_active=True, kind=User.Kind.PERSON).first()
    waiting = AccountMail.objects.filter(kind=AccountMail.Kind.PASSWORD, user=user, state="queued")
    if user is not None and not waiting.exists():
        AccountMail.objects.enqueue(kind=AccountMail.Kind.PASSWORD, user=user)


def check_shape(role: str, service_area: ServiceArea | None, organisation: Organisation | None) -> None:
    """A role names the area and the organisation that it needs, and they belong together."""
    if role in policy.WITH_ORGANISATION and organisation is None:
        raise DomainError("Choose the organisation this person works for", field="organisation")
    if service_area is None and role not in policy.WITHOUT_AREA | {Role.DATA_PROTECTION_OFFICER}:
        raise DomainError("Choose the service area", field="service_area")
    if organisation is not None and organisation.service_area_id != (service_area and service_area.pk):
        raise DomainError("Choose an organisation of this service area", field="organisation")


@transaction.atomic
def give_membership(
    *,
    user: User,
    role: str,
    service_area: ServiceArea | None = None,
    organisation: Organisation | None = None,
    started_on: date | None = None,
    by: User,
) -> Membership:
    """Give a role, from today unless told. Never to oneself, never one that is not the giver's to give."""
    check_shape(role, service_area, organisation)
    if not policy.can_give_to(by, user, role=role, area_id=service_area and service_area.pk):
        raise NotAllowed("You cannot give this role.")
    User.objects.select_for_update().get(pk=user.pk)
    given = user.current_memberships().filter(role=role, service_area=service_area, organisation=organisation)
    if given.exists():
        raise DomainError("They have this role already", code="taken", field="role")
    membership = Membership.objects.create(
        user=user,
        role=role,
        service_area=service_area,
        organisation=organisation,
        started_on=started_on or timezone.localdate(),
        given_by=by,
    )
    record(events.MEMBERSHIP_GIVEN, by=by, on=user, area=service_area, detail={"role": role})
    return membership


@transaction.atomic
def end_membership(*, membership: Membership, by: User) -> None:
    """End a role at once: the person's next request no longer has it."""
    if not policy.can_end(by, membership):
        raise NotAllowed("You cannot end this role.")
    if not _end([membership], by=by):
        raise StaleState("This role has ended already")


@transaction.atomic
def lend_membership(*, user: User, service_area: ServiceArea, by: User) -> Membership | None:
    """A practitioner of another area works here, on the case they were lent for and no other: `cases.actions.lending` answers
    for who may say so. None where they work here already."""
    User.objects.select_for_update().get(pk=user.pk)
    role = Role.PRACTITIONER
    if user.current_memberships().filter(role=role, service_area=service_area).exists():
        return None
    today = timezone.localdate()
    membership = Membership.objects.create(
        user=user, role=role, service_area=service_area, started_on=today, given_by=by
    )
    record(events.MEMBERSHIP_GIVEN, by=by, on=user, area=service_area, detail={"role": role})
    return membership


@transaction.atomic
def end_lent_membership(*, membership: Membership, by: User) -> None:
    _end([membership], by=by)


@transaction.atomic
def end_practice(*, user: User, service_area: ServiceArea, by: User) -> None:
    """A practitioner leaves an area: their role there and every session of theirs end; without another role the account ends
    with them. `cases.actions.leaving` answers for who may say so."""
    locked = User.objects.select_for_update().get(pk=user.pk)
    _end(
        list(locked.memberships.filter(role=Role.PRACTITIONER, service_area=service_area, ended_on__isnull=True)), by=by
    )
    sessions.end_all(locked)
    if locked.is_active and not locked.memberships.filter(ended_on__isnull=True).exists():
        User.objects.filter(pk=user.pk).update(is_active=False)
        record(events.USER_DISABLED, by=by, on=user)


def _end(memberships: list[Membership], *, by: User) -> int:
    today, ended = timezone.localdate(), 0
    for membership in memberships:
        open_ = Membership.objects.filter(pk=membership.pk, ended_on__isnull=True)
        if open_.update(ended_on=today):
            ended += 1
            detail = {"role": membership.role}
            record(events.MEMBERSHIP_ENDED, by=by, on=membership.user, area=membership.service_area_id, detail=detail)
    return ended


@transaction.atomic
def end_dormant_account(*, user: User, by: User, now: datetime) -> list[Membership]:
    """Whoever signed in meanwhile keeps it. Gives the roles that ended with it; none where it did not."""
    since = now - timedelta(days=settings.RJ_DORMANT_DAYS)
    User.objects.select_for_update().get(pk=user.pk)
    if not User.objects.dormant(since).filter(pk=user.pk).exists():
        return []
    held = list(user.current_memberships())
    disable_user(user=user, by=by)
    record(events.USER_DORMANT, by=by, on=user, detail={"days": settings.RJ_DORMANT_DAYS})
    return held


@transaction.atomic
def disable_user(*, user: User, by: User) -> None:
    """A leaver: the account, its roles and its sessions end in one step."""
    locked = User.objects.select_for_update().get(pk=user.pk)
    memberships = list(locked.memberships.filter(ended_on__isnull=True).select_related("user"))
    if not policy.can_disable(by, locked, memberships):
        raise NotAllowed("You cannot disable this account.")
    if not locked.is_active:
        raise StaleState("This account is disabled already")
    _end(memberships, by=by)
    User.objects.filter(pk=user.pk).update(is_active=False)
    sessions.end_all(locked)
    record(events.USER_DISABLED, by=by, on=user)
