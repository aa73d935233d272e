"""Who may give which role, and who may check whom. Nobody gives a role to themselves, whatever they hold."""

from rj_service.accounts.models import Invitation, Membership, RecoveryRequest, User
from rj_service.accounts.roles import Role

# A service manager staffs their own area. A system administrator appoints those who answer for an area or see no
# casework: never a role that works on cases itself.
MAY_GIVE: dict[str, frozenset[str]] = {
    Role.SERVICE_MANAGER: frozenset(
        [
            Role.COORDINATOR,
            Role.CASE_SUPERVISOR,
            Role.HUB_WORKER,
            Role.PARTNER_REFERRER,
            Role.PRACTITIONER,
            Role.TRAINING_LEAD,
        ]
    ),
    Role.SYSTEM_ADMINISTRATOR: frozenset(
        [
            Role.SERVICE_MANAGER,
            Role.DATA_PROTECTION_OFFICER,
            Role.OPCC_REVIEWER,
            Role.STEERING_GROUP,
            Role.NATIONAL_ANALYST,
            Role.SYSTEM_ADMINISTRATOR,
        ]
    ),
}
WITHOUT_AREA = frozenset([Role.NATIONAL_ANALYST, Role.SYSTEM_ADMINISTRATOR])
WITH_ORGANISATION = frozenset([Role.HUB_WORKER, Role.PARTNER_REFERRER])


def roles_to_give(by: User) -> frozenset[str]:
    if by.is_system:
        return frozenset(Role.values)
    if not by.may("accounts.manage"):
        return frozenset()
    return MAY_GIVE.get(by.acting_role, frozenset())


def can_give(by: User, *, role: str, area_id) -> bool:
    """The role is this person's to give, in the area that they work in (no area: any)."""
    if role not in roles_to_give(by):
        return False
    own = by.acting.service_area_id if by.acting else None
    return own is None or own == area_id


def can_give_to(by: User, user: User, *, role: str, area_id) -> bool:
    return user.pk != by.pk and can_give(by, role=role, area_id=area_id)


def can_withdraw(by: User, invitation: Invitation) -> bool:
    return can_give(by, role=invitation.role, area_id=invitation.service_area_id)


def can_end(by: User, membership: Membership) -> bool:
    return can_give_to(by, membership.user, role=membership.role, area_id=membership.service_area_id)


def can_disable(by: User, user: User, memberships: list[Membership]) -> bool:
    """Only if every role that ends with the account is theirs to end."""
    manages = by.is_system or by.may("accounts.manage")
    return user.pk != by.pk and manages and all(can_end(by, membership) for membership in memberships)


def can_manage_area(by: User, area_id) -> bool:
    return by.is_system or by.may("accounts.manage", area_id)


def can_create_area(by: User) -> bool:
    return by.is_system or (by.may("accounts.manage") and by.acting is not None and by.acting.service_area_id is None)


def can_check(by: User, request: RecoveryRequest) -> bool:
    """Two different people check, and neither is the person themselves."""
    return by.may("accounts.recover") and by.pk not in (request.user_id, request.first_checked_by_id)
