"""A volunteer who is ready, and the case that they lead."""

import pytest
from django.utils import timezone

from cases import actions as cases
from rj_service.accounts.acting import acting_as
from tests.cases.conftest import open_one
from tests.volunteers.factories import ready_practitioner


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def volunteer(area, cast, today):
    return ready_practitioner(area, today, user=cast["practitioner"])


@pytest.fixture
def case(area, cast, today, volunteer):
    with acting_as(cast["coordinator"]) as by:
        case = open_one(area, by, today)
        cases.assign(
            not_asked="otherwise", case=case, practitioner=volunteer, role="lead", sides="both", by=by, today=today
        )
    return case
