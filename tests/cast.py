"""The cast: one person in every role, in two areas."""

import time
from collections.abc import Callable

import pytest
from django.test import Client

from rj_service.accounts.acting import acting_as
from rj_service.accounts.models import Membership, Organisation, ServiceArea, User
from rj_service.accounts.roles import Role
from tests.factories import LocalAreaFactory, MembershipFactory, OrganisationFactory, ServiceAreaFactory, UserFactory


def make_area() -> ServiceArea:
    own = ServiceAreaFactory(
        slug="cambridgeshire", name="Cambridgeshire RJ", police_force="Cambridgeshire Constabulary"
    )
    LocalAreaFactory(service_area=own, name="Peterborough")
    return own


def make_other_area() -> ServiceArea:
    return ServiceAreaFactory(slug="norfolk", name="Norfolk RJ", police_force="Norfolk Constabulary")


def make_hub(area: ServiceArea) -> Organisation:
    return OrganisationFactory(service_area=area, name="Cambridgeshire Victims’ Hub", kind="victims_hub")


def make_cast(area: ServiceArea, other_area: ServiceArea, hub: Organisation) -> dict[str, User]:
    partner = OrganisationFactory(service_area=area, name="Fenland Housing", kind="housing")
    memberships = {
        "coordinator": _member(Role.COORDINATOR, area, "Dana Castle"),
        "other_coordinator": _member(Role.COORDINATOR, other_area, "Owen Marsh"),
        "supervisor": _member(Role.CASE_SUPERVISOR, area, "Sunita Rao"),
        "manager": _member(Role.SERVICE_MANAGER, area, "Grace Holt"),
        "hub_worker": _member(Role.HUB_WORKER, area, "Hugh Bell", hub),
        "referrer": _member(Role.PARTNER_REFERRER, area, "Rita Lane", partner),
        "practitioner": _member(Role.PRACTITIONER, area, "Pat Wren"),
        "off_case_practitioner": _member(Role.PRACTITIONER, area, "Olu Ash"),
        "training_lead": _member(Role.TRAINING_LEAD, area, "Tess Moor"),
        "opcc": _member(Role.OPCC_REVIEWER, area, "Colin Peel"),
        "dpo": _member(Role.DATA_PROTECTION_OFFICER, area, "Dora Price"),
        "admin": _member(Role.SYSTEM_ADMINISTRATOR, None, "Adam Stone"),
    }
    # At once: nearly every test begins with all of them.
    User.objects.bulk_create([one.user for one in memberships.values()])
    Membership.objects.bulk_create(memberships.values())
    return {who: one.user for who, one in memberships.items()}


def _member(role: Role, area: ServiceArea | None, name: str, organisation: Organisation | None = None) -> Membership:
    first_name, last_name = name.split()
    user = UserFactory.build(first_name=first_name, last_name=last_name)
    return MembershipFactory.build(user=user, role=role, service_area=area, organisation=organisation)


def sign_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session["account_authentication_methods_user"] = str(user.pk)
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time(), "email": user.email},
        {"method": "mfa", "at": time.time(), "type": "totp"},
    ]
    session.save()
    return client


@pytest.fixture
def area(db) -> ServiceArea:
    return make_area()


@pytest.fixture
def other_area(db) -> ServiceArea:
    return make_other_area()


@pytest.fixture
def hub(area) -> Organisation:
    return make_hub(area)


@pytest.fixture
def cast(area, other_area, hub) -> dict[str, User]:
    return make_cast(area, other_area, hub)


@pytest.fixture
def signed_in(db) -> Callable[[User], Client]:
    """`signed_in(user)`: a client of that person with the second factor done."""
    return sign_in


@pytest.fixture
def acting(db):
    """`with acting(user):` reads and writes as that person."""
    return acting_as
