"""What is done to areas, people, roles and recoveries. Every function is one transaction with its audit row."""

from rj_service.accounts.actions.areas import (
    add_local_area,
    add_organisation,
    confirm_organisation,
    create_service_area,
    set_outward_codes,
)
from rj_service.accounts.actions.invitations import accept_invitation, invite, renew_token, withdraw_invitation
from rj_service.accounts.actions.people import (
    ask_password_link,
    disable_user,
    end_dormant_account,
    end_lent_membership,
    end_membership,
    give_membership,
    lend_membership,
    tell_of_change,
)
from rj_service.accounts.actions.recovery import ask_recovery, check_identity, refuse_recovery

__all__ = [
    "accept_invitation",
    "add_local_area",
    "add_organisation",
    "ask_password_link",
    "ask_recovery",
    "check_identity",
    "confirm_organisation",
    "create_service_area",
    "disable_user",
    "end_dormant_account",
    "end_membership",
    "end_lent_membership",
    "give_membership",
    "lend_membership",
    "invite",
    "refuse_recovery",
    "renew_token",
    "set_outward_codes",
    "tell_of_change",
    "withdraw_invitation",
]
