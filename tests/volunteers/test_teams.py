"""The virtual team: the rule of ten with at least four volunteers, two nominees a place, the reserve moves in."""

from datetime import date

import pytest
from django.urls import reverse

from rj_service.accounts.acting import acting_as
from rj_service.accounts.errors import DomainError, StaleState
from rj_service.accounts.models import Organisation
from tests.volunteers.factories import PractitionerFactory
from volunteers import actions, policy
from volunteers.choices import NomineeStatus
from volunteers.models import Application, Nominee, Team

TODAY = date(2026, 11, 23)


@pytest.fixture
def coordinator(cast):
    with acting_as(cast["coordinator"]) as user:
        yield user


@pytest.mark.parametrize(
    ("staff", "volunteers", "faults"),
    [(6, 4, 0), (7, 3, 1), (5, 4, 1), (7, 4, 1), (6, 3, 2), (0, 10, 0), (5, 5, 0)],
)
def test_ten_places_at_least_four_of_them_volunteers(staff, volunteers, faults):
    assert len(policy.composition_faults([(staff, False), (volunteers, True)], 10, 4)) == faults


@pytest.fixture
def team(area, coordinator):
    housing = Organisation.objects.get(name="Fenland Housing")
    lines = [actions.Places(housing, 1, False), actions.Places(None, 1, True)]
    return actions.compose_team(area=area, name="Stockton", lines=lines, size=2, fewest_volunteers=1, by=coordinator)


def test_a_composition_that_does_not_come_to_its_size_is_refused(area, coordinator):
    with pytest.raises(DomainError, match="These are 1 places, and the team has 10"):
        actions.compose_team(area=area, name="A", lines=[actions.Places(None, 1, True)], by=coordinator)
    assert not Team.objects.exists()


def named(place, by, **given):
    practitioner = PractitionerFactory(service_area=place.team.service_area, **given)
    return actions.nominate(place=place, who=practitioner, named_on=TODAY, today=TODAY, by=by)


def test_the_first_is_chosen_the_second_in_reserve_and_moves_in(team, coordinator):
    place = team.places.get(organisation=None)
    first, second = named(place, coordinator), named(place, coordinator)
    assert (first.status, second.status) == ("chosen", "reserve")
    with pytest.raises(StaleState, match="Two are named"):
        named(place, coordinator)
    with pytest.raises(StaleState, match="named for a place already"):
        other = team.places.exclude(pk=place.pk).get()
        other.organisation = None
        other.save()
        actions.nominate(place=other, who=first.practitioner, named_on=TODAY, today=TODAY, by=coordinator)
    assert Team.objects.with_places().get().filled == 1
    moved = actions.drop_nominee(nominee=first, reason="Moved away", today=TODAY, by=coordinator)
    assert moved == second and Nominee.objects.get(pk=second.pk).status == NomineeStatus.CHOSEN
    assert named(place, coordinator).status == "reserve"
    with pytest.raises(StaleState, match="dropped out already"):
        actions.drop_nominee(nominee=first, reason="Again", today=TODAY, by=coordinator)
    assert Team.objects.with_places().get().volunteers == 1


def test_a_reserve_who_drops_out_moves_nobody_and_the_last_leaves_the_place_short(team, coordinator):
    place = team.places.get(organisation=None)
    first, second = named(place, coordinator), named(place, coordinator)
    assert actions.drop_nominee(nominee=second, reason="No time", today=TODAY, by=coordinator) is None
    assert actions.drop_nominee(nominee=first, reason="No time", today=TODAY, by=coordinator) is None
    assert Team.objects.with_places().get().filled == 0


def test_a_place_is_for_its_organisation_and_for_who_has_not_left(team, coordinator):
    place = team.places.exclude(organisation=None).get()
    with pytest.raises(DomainError, match="does not come from Fenland Housing"):
        named(place, coordinator)
    with pytest.raises(DomainError, match="has left"):
        named(place, coordinator, status="left", organisation=place.organisation)
    assert named(place, coordinator, organisation=place.organisation).status == "chosen"


def put_forward(place, by, name="Ines", **given):
    known = {"first_name": name, "last_name": "Webb", "email": f"{name}@example.org", "received_on": TODAY}
    new = actions.NewApplication(**known | given)
    return actions.put_forward(place=place, new=new, today=TODAY, by=by)


def ends(application, by, status="withdrew"):
    common = {"application": application, "happened_on": TODAY, "today": TODAY, "by": by}
    actions.end_application(status=status, words="", **common)


@pytest.mark.parametrize(("is_volunteer", "kind"), [(False, "partner_staff"), (True, "partner_nominee")])
def test_an_organisation_names_somebody_who_is_not_here_yet(team, coordinator, is_volunteer, kind):
    """They have the place from that day, as an applicant who needs no campaign, and keep it once they are taken on."""
    place = team.places.exclude(organisation=None).get()
    type(place).objects.filter(pk=place.pk).update(is_volunteer=is_volunteer)
    place.refresh_from_db()
    first, second = put_forward(place, coordinator), put_forward(place, coordinator, "Ravi")
    assert (first.status, second.status, first.name, first.is_applicant) == ("chosen", "reserve", "Ines Webb", True)
    one = first.application
    assert (one.status, one.kind, one.organisation) == ("applied", kind, place.organisation)
    assert Team.objects.with_places().get().filled == 1
    with pytest.raises(StaleState, match="Two are named"):
        put_forward(place, coordinator, "Una")
    assert Application.objects.count() == 2, "nothing is left of who had no place"
    Application.objects.filter(pk=one.pk).update(status="references")
    one.refresh_from_db()
    who = {name: getattr(one, name) for name in ("first_name", "last_name", "kind", "email", "phone", "postcode")}
    who |= {"date_of_birth": date(1990, 1, 1), "local_area": None, "today": TODAY, "by": coordinator}
    with pytest.raises(DomainError, match="named for a place of Fenland Housing"):
        actions.change_application(application=one, **who | {"organisation": None, "kind": "community"})
    actions.change_application(application=one, organisation=place.organisation, **who)
    for _ in range(2):
        reference = actions.name_referee(application=one, name="Jo", contact="x", known_as="employer", by=coordinator)
        good = {"received_on": TODAY, "is_satisfactory": True, "today": TODAY, "by": coordinator}
        actions.record_reference(reference=reference, **good)
    practitioner = actions.take_on(application=one, today=TODAY, by=coordinator)
    first.refresh_from_db()
    assert (first.practitioner, first.status, first.is_applicant) == (practitioner, "chosen", False)
    assert practitioner.organisation == place.organisation
    with pytest.raises(DomainError, match="does not apply any more"):
        actions.nominate(place=place, who=one, named_on=TODAY, today=TODAY, by=coordinator)


@pytest.mark.parametrize("status", ["withdrew", "not_taken_on"])
def test_an_applicant_who_does_not_come_leaves_the_place_to_the_reserve(team, coordinator, status):
    place = team.places.get(organisation=None)
    first, second = put_forward(place, coordinator), put_forward(place, coordinator, "Ravi")
    ends(first.application, coordinator, status)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == ("dropped_out", "chosen")
    Application.objects.filter(pk=first.application_id).delete()
    first.refresh_from_db()
    assert first.name == "Somebody whose application was deleted"


def test_somebody_who_applies_already_can_be_named(team, area, coordinator):
    place = team.places.exclude(organisation=None).get()
    new = {"first_name": "Ines", "last_name": "Webb", "phone": "07700 900 142", "received_on": TODAY}
    receive = {"area": area, "today": TODAY, "by": coordinator}
    other = actions.receive_application(new=actions.NewApplication(**new), **receive)
    named_on = {"named_on": TODAY, "today": TODAY, "by": coordinator}
    with pytest.raises(DomainError, match="does not come from Fenland Housing"):
        actions.nominate(place=place, who=other, **named_on)
    one = actions.receive_application(new=actions.NewApplication(organisation=place.organisation, **new), **receive)
    assert actions.nominate(place=place, who=one, **named_on).status == "chosen"
    with pytest.raises(StaleState, match="named for a place already"):
        actions.nominate(place=place, who=one, **named_on)


def test_staff_stand_before_volunteers_of_each_organisation(area, cast, signed_in, coordinator):
    housing = Organisation.objects.get(name="Fenland Housing")
    lines = [actions.Places(housing, 4, True), actions.Places(None, 2, True), actions.Places(housing, 4, False)]
    made = actions.compose_team(area=area, name="Ten", lines=lines, by=coordinator)
    page = signed_in(cast["coordinator"]).get(reverse("volunteers:team", args=[made.pk]))
    shown = [(str(one.place.organisation or ""), one.place.is_volunteer) for one in page.context["filled"]]
    of_housing = [("Fenland Housing", False)] * 4 + [("Fenland Housing", True)] * 4
    assert shown == [*of_housing, *[("", True)] * 2]
    words = [one.words for one in page.context["filled"]]
    assert len(set(words)) == 10 and words[0] == f"{page.context['filled'][0].place.words}, 1 of 4"
