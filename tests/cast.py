"""The cast: one person in every role, in two areas."""

import time
from collections.abc import Callable

import pytest
from django.test import Client

from rj_service.accounts.acting import acting_as
from rj_service.accounts.models import Organisation, ServiceArea, User
from rj_service.accounts.roles import Role
from tests.factories import LocalAreaFactory, OrganisationFactory, ServiceAreaFactory, member


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
    return {
        "coordinator": member(Role.COORDINATOR, area, first_name="Dana", last_name="Castle"),
        "other_coordinator": member(Role.COORDINATOR, other_area, first_name="Owen", last_name="Marsh"),
        "supervisor": member(Role.CASE_SUPERVISOR, area, first_name="Sunita", last_name="Rao"),
        "manager": member(Role.SERVICE_MANAGER, area, first_name="Grace", last_name="Holt"),
        "hub_worker": member(Role.HUB_WORKER, area, hub, first_name="Hugh", last_name="Bell"),
        "referrer": member(Role.PARTNER_REFERRER, area, partner, first_name="Rita", last_name="Lane"),
        "practitioner": member(Role.PRACTITIONER, area, first_name="Pat", last_name="Wren"),
        "off_case_practitioner": member(Role.PRACTITIONER, area, first_name="Olu", last_name="Ash"),
        "training_lead": member(Role.TRAINING_LEAD, area, first_name="Tess", last_name="Moor"),
        "opcc": member(Role.OPCC_REVIEWER, area, first_name="Colin", last_name="Peel"),
        "dpo": member(Role.DATA_PROTECTION_OFFICER, area, first_name="Dora", last_name="Price"),
        "admin": member(Role.SYSTEM_ADMINISTRATOR, None, first_name="Adam", last_name="Stone"),
    }


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
