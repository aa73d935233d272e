"""A volunteer's year: a debrief and a supervision, vetting that is renewed and another's that lapses, a team that is filled, and
the day somebody leaves; and a file of volunteers that moves in. One world, everybody at the width where they work."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cases import actions, tasks
from cases.models import Assignment, Intervention
from referrals.models import Task
from rj_service.accounts.acting import acting_as
from rj_service.accounts.models import Organisation
from rj_service.documents.tables_out import book_bytes
from tests.browser import DESK, PHONE
from tests.cases.conftest import open_one
from tests.volunteers.factories import PractitionerFactory, ready_practitioner
from volunteers import actions as volunteering
from volunteers.models import Check, Nominee, Practitioner, Team, TeamPlace
from volunteers.moving_in import TEMPLATES
from volunteers.tasks import remind_of_endings

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.proof]
# Pages met, from the first to the last act of each stage, forms that are sent included.
SCREENS = {"debrief": 3, "supervision": 5, "renewal": 7, "lapse": 2, "team": 17, "leaving": 6, "moving in": 10}
ANA = ("Ana", "Ruiz", "ana@example.org", "Community volunteer", "Active")
BOTH = [(DESK, PHONE), (PHONE, DESK)]


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def pat(area, cast, today) -> Practitioner:
    """Leads a case whose meeting was held today; their police vetting ends in 20 days."""
    found = ready_practitioner(area, today, user=cast["practitioner"], level="advanced")
    Check._base_manager.filter(practitioner=found, kind="nppv_2").update(expires_on=today + timedelta(days=20))
    with acting_as(cast["coordinator"]) as by:
        case = open_one(area, by, today)
        actions.assign(
            not_asked="otherwise", case=case, practitioner=found, role="lead", sides="both", by=by, today=today
        )
        actions.set_supervisor(case=case, supervisor=cast["supervisor"], by=by, today=today)
        held = {"held_on": today, "held_recorded_by": by, "held_recorded_at": timezone.now()}
        models = {"model": "conference", "model_delivered": "conference"}
        meeting = Intervention.objects.create(case=case, status="held", planned_by=by, **models, **held)
        part = {"kind": "debrief", "about": meeting.pk, "part": "lead", "assigned_to": cast["practitioner"]}
        Task.objects.create(service_area=area, referral=case.referral, due_on=today, created_by=by, **part)
    return found


@pytest.fixture
def olu(area, cast, today) -> Practitioner:
    """Leads another; their police vetting ended yesterday."""
    found = ready_practitioner(area, today, user=cast["off_case_practitioner"])
    with acting_as(cast["coordinator"]) as by:
        case = open_one(area, by, today)
        actions.assign(
            not_asked="otherwise", case=case, practitioner=found, role="lead", sides="both", by=by, today=today
        )
    Check._base_manager.filter(practitioner=found, kind="nppv_2").update(expires_on=today - timedelta(days=1))
    return found


@pytest.mark.parametrize("widths", BOTH)
def test_a_year(area, cast, pat, olu, today, visitor, record_property, tmp_path, widths):
    desk_at, phone_at = widths
    desk, phone = visitor(cast["coordinator"], desk_at), visitor(cast["practitioner"], phone_at)
    supervisor = visitor(cast["supervisor"], desk_at)
    counted = {
        "debrief": _debrief(phone),
        "supervision": _supervised(supervisor, phone, pat, today),
        "renewal": _renewed(desk, phone, pat, today),
        "lapse": _lapsed(desk, visitor(cast["off_case_practitioner"], phone_at), olu),
        "team": _team(desk, cast["coordinator"], pat, today),
        "leaving": _leaves(desk, phone, pat),
        "moving in": _move_in(visitor(cast["manager"], desk_at), desk, tmp_path),
    }
    record_property("measured", f"screens: {counted}")
    assert all(counted[stage] <= most for stage, most in SCREENS.items()), counted


def _met(*people) -> int:
    return sum(one.screens for one in people)


def _debrief(phone) -> int:
    before = _met(phone)
    phone.open(reverse("cases:my-work")).follow("Debrief").reads(
        "Your supervisor reads this", "Nobody else on the case"
    )
    phone.answer({"How are you after it?": "Not well", "I would like to talk with my supervisor": True})
    phone.answer({"What went well, and what stays with you": "It stays with me"})
    phone.press("Save").reads("Thank you. Your supervisor can read it.")
    return _met(phone) - before


def _supervised(supervisor, phone, pat, today) -> int:
    before = _met(supervisor)
    supervisor.open("/").reads("Would like to talk").follow("Agenda").reads("It stays with me", "Not well")
    supervisor.follow("Record the supervision").answer(
        {
            "Date of the supervision": today,
            "What was agreed": "A week without meetings, and we ring on Friday",
            "Date of the next one": today + timedelta(weeks=6),
        }
    )
    supervisor.press("Record this supervision").open("/")
    assert "Would like to talk" not in supervisor.text
    phone.open(reverse("volunteers:me")).reads("A week without meetings, and we ring on Friday")
    return _met(supervisor) - before


def _renewed(desk, phone, pat, today) -> int:
    remind_of_endings()
    tasks.find_cover()
    before = _met(desk, phone)
    phone.open(reverse("volunteers:me")).reads("You can be given a case", "Police vetting (NPPV level 2) ends on")
    desk.open(reverse("cases:tasks")).reads("Pat Wren: Police vetting (NPPV level 2) ends on")
    desk.open(reverse("volunteers:detail", args=[pat.pk])).follow("Record a check").answer(
        {
            "Check": "Police vetting (NPPV level 2)",
            "Result": "Cleared",
            "Reference": "V-2",
            "Date issued": today,
            "Last day in force": today + timedelta(days=1095),
        }
    )
    desk.press("Record this check")
    tasks.find_cover()
    assert "Pat Wren: Police" not in desk.open(reverse("cases:tasks")).text
    phone.open(reverse("volunteers:me")).reads("Everything is in place")
    return _met(desk, phone) - before


def _lapsed(desk, lapsed, olu) -> int:
    before = _met(desk, lapsed)
    desk.open(reverse("cases:tasks")).reads("Olu Ash: Police vetting (NPPV level 2) ended on")
    case = Assignment._base_manager.get(practitioner=olu).case_id
    lapsed.open(reverse("cases:desk", args=[case]), status=404)
    return _met(desk, lapsed) - before


def _team(desk, coordinator, pat, today) -> int:
    """Ten places, four of them volunteers; one of a partner's staff, whom it names, and two nominees for another."""
    housing = Organisation._base_manager.get(name="Fenland Housing")
    Practitioner._base_manager.filter(pk=pat.pk).update(organisation=housing)
    before = _met(desk)
    desk.open(reverse("volunteers:teams")).follow("Compose a team").answer({"Name of the team": "Stockton"})
    desk.answer({"Fenland Housing: staff": "7", "Fenland Housing: volunteers": "1", "The community: volunteers": "2"})
    desk.press("Compose this team", status=422).reads("These are 3 volunteers, and at least 4 are wanted")
    desk.answer({"The community: volunteers": "3"})
    desk.press("Compose this team", status=422).reads("These are 11 places, and the team has 10")
    desk.answer({"Fenland Housing: staff": "6"}).press("Compose this team").reads("0 of 10", "0, at least 4", "Too few")
    desk.follow("Name somebody for Fenland Housing, member of staff").answer({"Who is named?": "Pat Wren, active"})
    desk.press("Name them").reads("1 of 10")
    for name, status in (("Ines", "chosen"), ("Ravi", "in reserve")):
        desk.follow("for Fenland Housing, volunteer").follow("Put them forward by name")
        desk.answer({"First name": name, "Last name": "Webb", "Email address": f"{name}@example.org"})
        desk.press("Put them forward").reads(f"{name} Webb is {status}, and an applicant from today")
    desk.reads("2 of 10", "Applicant: application").follow("Ines Webb drops out")
    desk.answer({"Why do they drop out?": "A new post"}).press("They drop out").reads(
        "Ravi Webb moves in from the reserve"
    )
    team = Team._base_manager.get()
    named = Nominee._base_manager.filter(place__team=team).order_by("recorded_at")
    assert [(one.name, one.status, one.reason) for one in named] == [
        ("Pat Wren", "chosen", ""),
        ("Ines Webb", "dropped_out", "A new post"),
        ("Ravi Webb", "chosen", ""),
    ]
    _fill_the_others(team, coordinator, today)
    desk.open(desk.page.url).reads("All places 10 of 10", "Enough 4, at least 4", "Ines Webb dropped out")
    desk.open(reverse("volunteers:teams")).reads("10 of 10")
    return _met(desk) - before


def _fill_the_others(team, coordinator, today) -> None:
    """As the pages do it, without a screen for each."""
    with acting_as(coordinator) as by:
        free = TeamPlace.objects.filter(team=team).exclude(nominees__status="chosen")
        for place in free.select_related("team", "organisation"):
            who = PractitionerFactory(service_area=team.service_area, organisation=place.organisation)
            volunteering.nominate(place=place, who=who, named_on=today, today=today, by=by)


def _leaves(desk, phone, pat) -> int:
    before = _met(desk, phone)
    case = Assignment._base_manager.get(practitioner=pat).case
    phone.open(reverse("cases:desk", args=[case.pk]))
    desk.open(reverse("volunteers:detail", args=[pat.pk])).follow("They leave").reads("lead facilitator")
    desk.answer({"Why do they leave?": "Moved away"}).press("They leave today").reads("They have left. 1 case ended")
    desk.open(reverse("cases:tasks")).reads("Find a lead facilitator")
    phone.open(reverse("cases:desk", args=[case.pk])).reads("Sign in")
    assert not Assignment._base_manager.filter(practitioner=pat, ended_at=None).exists()
    assert Nominee._base_manager.get(practitioner=pat).status == "dropped_out"
    return _met(desk, phone) - before


def _move_in(manager, desk, folder) -> int:
    """A workbook of volunteers: tried out, agreed to by a second person, and taken back."""
    before = _met(manager, desk)
    manager.open(reverse("volunteers:list")).follow("Volunteers from spreadsheets")
    template = TEMPLATES["volunteers"]
    names = ("first_name", "last_name", "email", "kind", "status")
    people = [dict(zip(names, row, strict=True)) for row in (ANA, ("Bo", "Lee", "", "Community volunteer", "Active"))]
    file = folder / "volunteers.xlsx"
    file.write_bytes(
        book_bytes({"Rows": [template.names, *([one.get(name, "") for name in template.names] for one in people)]})
    )
    manager.answer({"What is in the file?": "Volunteers", "File": file}).press("Try it out")
    manager.reads("Nothing is made yet", "email is empty").press("Ask a second person to agree")
    manager.reads("Waits for a second person")
    desk.open(reverse("notifications:list")).press("Somebody asks you to agree to a move").reads("Ana Ruiz")
    desk.press("Agree, move them in").reads("Moved in", "D Castle agreed")
    assert Practitioner._base_manager.filter(learner__last_name="Ruiz").count() == 1
    manager.open(manager.page.url).follow("Take back everything").answer({"Why it is taken back": "The wrong file"})
    manager.press("Take it all back").reads("Taken back", "The wrong file")
    assert not Practitioner._base_manager.filter(learner__last_name="Ruiz").exists()
    return _met(manager, desk) - before
