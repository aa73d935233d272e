"""The demonstration's recruitment: campaigns where the seeds put them, applicants at every stage, and Stockton's team of ten."""

import pytest
from django.db.models import Sum
from django.utils import timezone

from rj_service.accounts.models import LocalArea, Organisation, ServiceArea
from rj_service.demo.cast import ORGANISATIONS
from rj_service.demo.recruiting import PILOTS, recruit
from rj_service.demo.team import show_team
from tests.factories import LocalAreaFactory, OrganisationFactory
from volunteers.models import Application, Campaign, Nominee, Team, TeamPlace

pytestmark = pytest.mark.django_db


def _recruit_twice(cast, area, slug: str, *places: str) -> None:
    ServiceArea.objects.filter(pk=area.pk).update(slug=slug)
    area.refresh_from_db()
    LocalArea.objects.filter(service_area=area).delete()
    for name in places:
        LocalAreaFactory(service_area=area, name=name)
    for _ in range(2):
        recruit(area=area, coordinator=cast["coordinator"], manager=cast["manager"], today=timezone.localdate())


def test_up_to_80_are_looked_for_across_durham_and_darlington_in_three_pilot_areas_of_durham(cast, area):
    _recruit_twice(cast, area, "durham", "County Durham", "Darlington")
    campaigns = Campaign._base_manager.all()
    assert campaigns.aggregate(all=Sum("target"))["all"] == 80
    where = {place.name: place for one in campaigns for place in one.local_areas.all()}
    assert set(where) == {*PILOTS, "Darlington"}
    assert {name for name, place in where.items() if place.is_pilot} == set(PILOTS)
    assert {where[name].parent.name for name in PILOTS} == {"County Durham"}
    assert Application._base_manager.values("status").distinct().count() >= 6


def test_cambridge_looks_for_volunteers_with_its_resolution_panel(cast, area):
    _recruit_twice(cast, area, "cambridgeshire", "Cambridge", "Fenland", "Peterborough")
    partners = {one.title: list(one.partners.values_list("kind", flat=True)) for one in Campaign._base_manager.all()}
    assert partners == {
        "Community facilitators, Cambridge": [Organisation.Kind.PANEL],
        "Community facilitators, Peterborough": [],
    }


def test_stockton_has_a_team_of_ten_with_four_volunteers_nearly_filled(cast, area):
    for name, kind in ORGANISATIONS.items():
        OrganisationFactory(service_area=area, name=name, kind=kind)
    for _ in range(2):
        show_team(area=area, by=cast["manager"], today=timezone.localdate())
    team = Team._base_manager.get()
    places = TeamPlace._base_manager.filter(team=team)
    assert (places.count(), places.filter(is_volunteer=True).count()) == (10, 4)
    nominees = Nominee._base_manager.all()
    assert nominees.filter(practitioner=None, status="reserve").count() == 2
    assert nominees.filter(status="chosen", practitioner__isnull=False).count() == 9
