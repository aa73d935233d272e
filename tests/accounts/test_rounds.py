"""What is done by the clock in every area: one thing that fails holds up no other, in its area or the next."""

import logging

import pytest
from django.db import connection

from rj_service.accounts.acting import acting_as
from rj_service.accounts.models import ServiceArea
from rj_service.accounts.rounds import in_every_area
from rj_service.notifications.models import Notification

pytestmark = pytest.mark.django_db


def names(area) -> list[str]:
    return [f"{area.slug} {number}" for number in range(3)]


@pytest.mark.parametrize("poisoned", ["statement", "code"])
def test_one_that_fails_holds_up_no_other(area, other_area, caplog, poisoned):
    done = []

    def act(name, by):
        ServiceArea.objects.filter(slug=name.split()[0]).update(duty_phone=name)
        if name.endswith("1"):
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 / 0") if poisoned == "statement" else int("Maureen rang")
        done.append(name)

    with caplog.at_level(logging.ERROR):
        in_every_area(names, act)
    assert set(done) == {f"{one.slug} {number}" for one in (area, other_area) for number in (0, 2)}
    assert set(ServiceArea.objects.values_list("duty_phone", flat=True)) == {f"{area.slug} 2", f"{other_area.slug} 2"}
    assert len(caplog.records) == 2 and "Maureen" not in caplog.text
    assert {"DataError", "ValueError"} & set(caplog.text.replace("(", " ").replace(")", " ").split())


def test_an_area_whose_work_cannot_be_read_holds_up_no_other(area, other_area):
    done = []

    def due(one):
        if one == area:
            raise LookupError
        return names(one)

    in_every_area(due, lambda name, by: done.append(name))
    assert done == names(other_area)


def test_each_is_done_in_the_scope_of_its_area(area, other_area, cast):
    seen = {}

    def act(one, by):
        assert by.is_system
        seen[one] = set(ServiceArea.objects.filter(pk=one.pk).values_list("pk", flat=True))

    in_every_area(lambda one: [one], act)
    assert set(seen) == {area, other_area}
    with acting_as(cast["coordinator"]):
        assert not Notification.objects.exists()
