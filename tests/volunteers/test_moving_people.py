"""Volunteers from spreadsheets: a dry run makes nothing, a row is never made twice, what is wrong is said."""

from datetime import date
from io import BytesIO

import pytest

from rj_service.accounts.acting import acting_as
from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from rj_service.documents.tables_out import csv_bytes
from tests.training.factories import CourseFactory
from volunteers import actions
from volunteers.models import Check, Practitioner, Registration
from volunteers.moving_in import TEMPLATES

TODAY = date(2026, 11, 23)
ANA = "Ana,Ruiz,ana@example.org,Community volunteer,active,intermediate,27/03/1990,,Peterborough"


@pytest.fixture
def manager(cast):
    with acting_as(cast["manager"]) as user:
        yield user


def tried(area, by, template, *rows):
    content = "\n".join([",".join(TEMPLATES[template].names), *rows]).encode()
    return actions.try_people(area=area, template=template, file=BytesIO(content), today=TODAY, by=by)


def moved(area, by, template, *rows):
    return actions.move_people_in(move=tried(area, by, template, *rows), today=TODAY, by=by)


def fates(move):
    return [(row["fate"], row["why"]) for row in actions.rows_of(move)]


def test_a_dry_run_makes_nothing_and_the_move_makes_it_once(area, manager):
    move = tried(area, manager, "volunteers", ANA)
    assert fates(move) == [("made", "")] and not Practitioner.objects.exists()
    actions.move_people_in(move=move, today=TODAY, by=manager)
    one = Practitioner.objects.get()
    assert (one.name, one.status, one.level, one.date_of_birth) == (
        "Ana Ruiz",
        "active",
        "intermediate",
        date(1990, 3, 27),
    )
    with pytest.raises(StaleState, match="moved in already"):
        actions.move_people_in(move=move, today=TODAY, by=manager)
    assert fates(tried(area, manager, "volunteers", ANA))[0][0] == "here"


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("Ana,Ruiz,,Community volunteer,Active,,,,", "email is empty"),
        ("Ana,Ruiz,ana@example.org,Wizard,Active,,,,", "kind: “Wizard” is none of"),
        ("Ana,Ruiz,ana@example.org,Community volunteer,Active,,31/02/1990,,", "is not a day"),
        ("Ana,Ruiz,ana@example.org,Community volunteer,Active,,01/01/2012,,", "16 or over"),
        ("Ana,Ruiz,ana@example.org,Community volunteer,Active,,,Nowhere Ltd,", "no organisation here that is called"),
        ("Ana,Ruiz,ana@example.org,Volunteer from a partner,Active,,,,", "Choose the organisation"),
    ],
)
def test_what_is_wrong_with_a_row_is_said(area, manager, row, why):
    ((fate, said),) = fates(tried(area, manager, "volunteers", row))
    assert fate == "refused" and why in said


def test_one_refused_row_keeps_the_others_out_of_nothing(area, manager):
    move = moved(area, manager, "volunteers", "Bo,Lee,,Young volunteer,Active,,,,", ANA, ANA)
    assert [fate for fate, _ in fates(move)] == ["refused", "made", "here"]
    assert (move.made, move.refused) == (1, 1) and Practitioner.objects.count() == 1


def test_checks_registrations_and_training_find_them_by_their_address(area, manager):
    CourseFactory(service_area=area, name="Conference facilitator", makes_facilitators=True, award_valid_months=None)
    late = fates(tried(area, manager, "checks", "ana@example.org,NPPV 2,cleared,V1,01/02/2026,01/02/2029"))
    assert late[0][0] == "refused"
    moved(area, manager, "volunteers", ANA)
    checks = [f"ana@example.org,{kind},cleared,V1,01/02/2026,01/02/2029" for kind in ("nppv_2", "DBS enhanced")]
    assert moved(area, manager, "checks", *checks, checks[0]).made == 2
    assert moved(area, manager, "registrations", "ana@example.org,Advanced,R1,01/02/2026,01/02/2028").made == 1
    assert moved(area, manager, "training", "ana@example.org,conference facilitator,14/06/2024").made == 1
    row = Practitioner.objects.with_readiness(TODAY).get()
    assert (row.is_vetted, row.trained, row.level, row.registered_level) == (True, True, "advanced", "advanced")
    assert Check.objects.count() == 2 and Registration.objects.count() == 1


def test_the_template_s_own_row_is_left_out(area, manager):
    for template in TEMPLATES.values():
        file = BytesIO(csv_bytes(template.rows))
        move = actions.try_people(area=area, template=template.key, file=file, today=TODAY, by=manager)
        assert fates(move) == []


def test_only_a_manager_moves_people_in(area, cast):
    with acting_as(cast["coordinator"]) as by, pytest.raises(NotAllowed):
        tried(area, by, "volunteers", ANA)


def test_a_file_without_its_columns_is_refused_whole(area, manager):
    with pytest.raises(DomainError):
        actions.try_people(area=area, template="checks", file=BytesIO(b"a,b\n1,2\n"), today=TODAY, by=manager)
