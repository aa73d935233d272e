"""Every test of this folder begins with one case that is ready: built once, and what a test does to it is taken back."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass

import pytest
from django.db import transaction
from django.utils import timezone

from rj_service.accounts.acting import acting_as
from rj_service.accounts.models import Organisation, ServiceArea, User
from tests.cases.conftest import Ready, make_one_ready
from tests.cast import make_area, make_cast, make_hub, make_other_area
from tests.volunteers.factories import ready_practitioner
from volunteers.choices import Level


@dataclass
class Beginning:
    area: ServiceArea
    other_area: ServiceArea
    hub: Organisation
    cast: dict[str, User]
    ready: Ready


@pytest.fixture(scope="package")
def built(django_db_setup, django_db_blocker) -> Iterator[Beginning]:
    with django_db_blocker.unblock(), transaction.atomic():
        area, other_area, today = make_area(), make_other_area(), timezone.localdate()
        hub = make_hub(area)
        cast = make_cast(area, other_area, hub)
        ready_practitioner(area, today, user=cast["coordinator"], level=Level.ADVANCED)
        with acting_as(cast["coordinator"]):
            ready = make_one_ready(area, cast, today)
        yield Beginning(area, other_area, hub, cast, ready)
        transaction.set_rollback(True)


@pytest.fixture
def beginning(built, db) -> Beginning:
    """Inside the savepoint of the test, with objects of its own."""
    return deepcopy(built)


@pytest.fixture
def area(beginning) -> ServiceArea:
    return beginning.area


@pytest.fixture
def other_area(beginning) -> ServiceArea:
    return beginning.other_area


@pytest.fixture
def hub(beginning) -> Organisation:
    return beginning.hub


@pytest.fixture
def cast(beginning) -> dict[str, User]:
    return beginning.cast


@pytest.fixture
def coordinator(cast) -> Iterator[User]:
    with acting_as(cast["coordinator"]) as by:
        yield by


@pytest.fixture
def ready(beginning, coordinator) -> Ready:
    return beginning.ready
