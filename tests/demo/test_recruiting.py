"""The demonstration's recruitment: applicants at every stage, and a team whose nominees are practitioners and applicants."""

import pytest
from django.utils import timezone

from rj_service.demo.recruiting import recruit
from tests.factories import LocalAreaFactory
from volunteers.models import Application, Nominee

pytestmark = pytest.mark.django_db


def test_recruitment_is_shown_once(cast, area):
    today = timezone.localdate()
    for name in ("Ely", "Fenland", "Huntingdon"):
        LocalAreaFactory(service_area=area, name=name)
    for _ in range(2):
        recruit(area=area, coordinator=cast["coordinator"], manager=cast["manager"], today=today)
    nominees = Nominee._base_manager.all()
    assert nominees.filter(practitioner=None, status="reserve").count() == 2
    assert nominees.filter(status="chosen", practitioner__isnull=False).count() == 9
    assert Application._base_manager.values("status").distinct().count() >= 6
