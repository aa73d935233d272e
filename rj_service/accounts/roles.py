"""Roles are lists of permissions in code: a service manager can read this page, and a test plays it."""

from django.db import models


class Role(models.TextChoices):
    COORDINATOR = "coordinator", "RJ coordinator"
    CASE_SUPERVISOR = "case_supervisor", "Case supervisor"
    SERVICE_MANAGER = "service_manager", "Service manager"
    HUB_WORKER = "hub_worker", "Victims’ Hub worker"
    PARTNER_REFERRER = "partner_referrer", "Partner referrer"
    PRACTITIONER = "practitioner", "Practitioner"
    TRAINING_LEAD = "training_lead", "Training lead"
    OPCC_REVIEWER = "opcc_reviewer", "OPCC reviewer"
    STEERING_GROUP = "steering_group", "Steering group"
    NATIONAL_ANALYST = "national_analyst", "National analyst"
    DATA_PROTECTION_OFFICER = "data_protection_officer", "Data protection officer"
    SYSTEM_ADMINISTRATOR = "system_administrator", "System administrator"


# Permissions are read as app.verb. A permission opens a page; which rows it shows is `visible_to`.
_CASEWORK = frozenset(
    "referrals.view referrals.view_conditions referrals.search referrals.reveal_contact referrals.raise_concern"
    " referrals.handle_complaint cases.view cases.log_contact cases.assess cases.record_consent".split()
)
_COORDINATION = _CASEWORK | frozenset(
    "referrals.decide referrals.create referrals.import referrals.manage referrals.restrict referrals.declare_conflict"
    " referrals.emergency"
    " cases.open cases.manage cases.assign cases.plan cases.close cases.survey cases.agree_move_in"
    " volunteers.view volunteers.manage training.view training.manage"
    " reporting.view reporting.view_published reporting.prepare reporting.issue".split()
)
_REFERRER = frozenset("referrals.create referrals.view_own referrals.search referrals.raise_concern".split())
_COMMISSIONER = frozenset(["reporting.view_published"])

PERMISSIONS: dict[str, frozenset[str]] = {
    Role.COORDINATOR: _COORDINATION,
    Role.CASE_SUPERVISOR: _CASEWORK
    | frozenset("cases.sign_off volunteers.view referrals.declare_conflict referrals.emergency".split()),
    Role.SERVICE_MANAGER: _COORDINATION
    | frozenset(
        "accounts.manage accounts.recover referrals.grant referrals.safeguard referrals.keep_words cases.sign_off"
        " volunteers.safeguard volunteers.pay operations.view_jobs lists.agree cases.move_in moving_out.ask"
        " moving_out.agree".split()
    ),
    Role.HUB_WORKER: _REFERRER | frozenset(["referrals.import"]),
    Role.PARTNER_REFERRER: _REFERRER,
    Role.PRACTITIONER: frozenset(
        "cases.view_assigned cases.log_contact cases.assess cases.record_consent cases.reveal_contact"
        " referrals.declare_conflict referrals.raise_concern volunteers.view_own training.view_own".split()
    ),
    Role.TRAINING_LEAD: frozenset("training.view training.manage volunteers.view referrals.raise_concern".split()),
    Role.OPCC_REVIEWER: _COMMISSIONER,
    Role.STEERING_GROUP: _COMMISSIONER,
    Role.NATIONAL_ANALYST: _COMMISSIONER | frozenset(["reporting.view_national"]),
    Role.DATA_PROTECTION_OFFICER: frozenset(
        "operations.view_audit operations.verify_audit accounts.recover moving_out.agree".split()
    ),
    Role.SYSTEM_ADMINISTRATOR: frozenset(
        "accounts.manage accounts.recover operations.view_health operations.view_jobs".split()
    ),
}

# Nobody with these roles reads a person's record: signing in still asks for a second factor.
WITHOUT_CASEWORK = frozenset(
    [Role.OPCC_REVIEWER, Role.STEERING_GROUP, Role.NATIONAL_ANALYST, Role.SYSTEM_ADMINISTRATOR]
)
EVERY_PERMISSION = frozenset().union(*PERMISSIONS.values())


def permissions_of(role: str) -> frozenset[str]:
    return PERMISSIONS.get(role, frozenset())
