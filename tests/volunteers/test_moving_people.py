"""Volunteers from spreadsheets: a dry run makes nothing, a row is never made twice, what is wrong is said."""

from datetime import date, timedelta
from io import BytesIO

import pytest

from rj_service.accounts.acting import acting_as
from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from rj_service.accounts.roles import Role
from rj_service.documents.moves import Step
from rj_service.documents.tables_out import csv_bytes
from rj_service.notifications.models import Notification
from tests.factories import LocalAreaFactory, member
from tests.training.factories import CourseFactory
from tests.volunteers.factories import stood_down
from training.actions import see_certificate
from training.models import Learner, OtherTraining
from volunteers import actions
from volunteers.models import Check, PeopleMove, Practitioner, Registration
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


def agreed(move, by, second):
    """Asked for, answered by a second person; the manager acts again after it."""
    actions.ask_to_move_people(move=move, by=by)
    with acting_as(second) as other:
        return actions.answer_people_move(move=move, agreed=True, today=TODAY, by=other)


@pytest.fixture
def move_in(area, manager, cast):
    return lambda template, *rows: agreed(tried(area, manager, template, *rows), manager, cast["coordinator"])


def fates(move):
    return [(row["fate"], row["why"]) for row in actions.rows_of(move)]


def test_a_dry_run_makes_nothing_and_the_move_makes_it_once(area, manager, cast):
    move = tried(area, manager, "volunteers", ANA)
    assert fates(move) == [("made", "")] and not Practitioner.objects.exists()
    agreed(move, manager, cast["coordinator"])
    one = Practitioner.objects.get()
    assert (one.name, one.status, one.level, one.date_of_birth) == (
        "Ana Ruiz",
        "active",
        "intermediate",
        date(1990, 3, 27),
    )
    with pytest.raises(StaleState, match="before you"):
        actions.ask_to_move_people(move=move, by=manager)
    assert fates(tried(area, manager, "volunteers", ANA))[0][0] == "here"


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("Ana,Ruiz,,Community volunteer,Active,,,,", "email is empty"),
        ("Ana,Ruiz,ana@example.org,Wizard,Active,,,,", "kind: “Wizard” is none of"),
        ("Ana,Ruiz,ana@example.org,Community volunteer,Active,,31/02/1990,,", "is not a day"),
        ("Ana,Ruiz,ana@example.org,Community volunteer,Active,,01/01/2012,,", "16 or over"),
        ('Ana,Ruiz,ana@example.org,"Young volunteer, 16 to 21",Active,,01/06/2010,,', "under 18 moves in as a trainee"),
        ("Ana,Ruiz,ana@example.org,young,Suspended,,24/11/2008,,", "moves in as a trainee"),
        ("Ana,Ruiz,ana@example.org,Community volunteer,Active,,,Nowhere Ltd,", "no organisation here that is called"),
        ("Ana,Ruiz,ana@example.org,Volunteer from a partner,Active,,,,", "Choose the organisation"),
    ],
)
def test_what_is_wrong_with_a_row_is_said(area, manager, row, why):
    ((fate, said),) = fates(tried(area, manager, "volunteers", row))
    assert fate == "refused" and why in said


def test_one_refused_row_keeps_the_others_out_of_nothing(move_in):
    move = move_in("volunteers", "Bo,Lee,,Young volunteer,Active,,,,", ANA, ANA)
    assert [fate for fate, _ in fates(move)] == ["refused", "made", "here"]
    assert (move.made, move.refused) == (1, 1) and Practitioner.objects.count() == 1


def test_checks_registrations_and_training_find_them_by_their_address(area, manager, move_in):
    CourseFactory(service_area=area, name="Conference facilitator", makes_facilitators=True, award_valid_months=None)
    late = fates(tried(area, manager, "checks", "ana@example.org,NPPV 2,cleared,V1,01/02/2026,01/02/2029"))
    assert late[0][0] == "refused"
    move_in("volunteers", ANA)
    checks = [f"ana@example.org,{kind},cleared,V1,01/02/2026,01/02/2029" for kind in ("nppv_2", "DBS enhanced")]
    assert move_in("checks", *checks, checks[0]).made == 2
    assert move_in("registrations", "ana@example.org,Advanced,R1,01/02/2026,01/02/2028").made == 1
    assert move_in("training", "ana@example.org,conference facilitator,14/06/2024,Yes").made == 1
    row = Practitioner.objects.with_readiness(TODAY).get()
    assert (row.is_vetted, row.trained, row.level, row.registered_level) == (True, True, "advanced", "advanced")
    assert Check.objects.count() == 2 and Registration.objects.count() == 1


@pytest.mark.parametrize(("seen", "trained"), [("yes", True), ("no", False), ("", False)])
def test_training_that_moved_in_counts_once_its_certificate_was_seen(area, cast, manager, move_in, seen, trained):
    CourseFactory(service_area=area, name="Conference facilitator", award_valid_months=36)
    move_in("volunteers", ANA)
    assert move_in("training", f"ana@example.org,conference facilitator,14/06/2024,{seen}").made == 1
    assert Practitioner.objects.with_readiness(TODAY).get().trained is trained
    if not trained:
        see_certificate(training=OtherTraining.objects.get(), today=TODAY, by=manager)
    assert Practitioner.objects.with_readiness(date(2027, 6, 14)).get().trained
    assert not Practitioner.objects.with_readiness(date(2027, 6, 15)).get().trained


def written(template: str) -> list[list[str]]:
    """What is here, in the columns by which it moves in."""

    def on(day: date | None) -> str:
        return f"{day:%d/%m/%Y}" if day else ""

    def of(one: Practitioner) -> list[list[str]]:
        who = one.learner
        if template == "volunteers":
            places = "; ".join(place.name for place in one.local_areas.order_by("name"))
            known = [one.get_kind_display(), one.get_status_display(), one.get_level_display(), on(one.date_of_birth)]
            organisation = one.organisation.name if one.organisation else ""
            return [[who.first_name, who.last_name, who.email, *known, organisation, places, on(one.works_since)]]
        if template == "checks":
            found = one.checks.order_by("issued_on", "kind")
            return [
                [
                    who.email,
                    a.get_kind_display(),
                    a.get_status_display(),
                    a.reference,
                    on(a.issued_on),
                    on(a.expires_on),
                ]
                for a in found
            ]
        if template == "registrations":
            found = one.registrations.order_by("registered_on")
            return [[who.email, a.get_level_display(), a.number, on(a.registered_on), on(a.expires_on)] for a in found]
        found = who.other_training.order_by("ended_on")
        return [[who.email, a.stands_for.name, on(a.ended_on), "Yes" if a.certificate_seen else "No"] for a in found]

    people = Practitioner.objects.select_related("learner", "organisation").order_by("learner__last_name")
    return [row for one in people for row in of(one)]


def test_what_moved_in_is_what_was_typed_and_moves_in_again_as_it_was(area, manager, cast):
    """Every column of every template: written from what is here, it says the same, and the same rows make the same again."""
    LocalAreaFactory(service_area=area, name="Fenland")
    CourseFactory(service_area=area, name="Conference facilitator")
    young = "Young volunteer, 16 to 21"
    files = {
        "volunteers": [
            "Bo|Lee|bo@example.org|Volunteer from a partner|Left|Advanced||Fenland Housing||02/09/2019".split("|"),
            f"Ana|Ruiz|ana@example.org|{young}|Trainee|Foundation|24/11/2008||Fenland; Peterborough|".split("|"),
        ],
        "checks": [
            ["bo@example.org", "DBS enhanced", "Cleared", "001", "01/02/2026", "01/02/2029"],
            ["ana@example.org", "Police vetting (NPPV level 2)", "Applied for", "", "", ""],
        ],
        "registrations": [["bo@example.org", "Advanced", "RJC-101", "01/02/2025", "01/02/2027"]],
        "training": [
            ["bo@example.org", "Conference facilitator", "14/06/2023", "No"],
            ["bo@example.org", "Conference facilitator", "14/06/2024", "Yes"],
        ],
    }
    for _ in range(2):
        for key, rows in files.items():
            file = BytesIO(csv_bytes([TEMPLATES[key].names, *rows]))
            move = actions.try_people(area=area, template=key, file=file, today=TODAY, by=manager)
            assert agreed(move, manager, cast["coordinator"]).made == len(rows), fates(move)
        out = {key: written(key) for key in files}
        assert out == files
        files = out
        Practitioner.objects.all().delete()
        Learner.objects.all().delete()


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


def test_a_second_person_answers_and_nobody_their_own(area, cast, manager):
    move = tried(area, manager, "volunteers", ANA)
    with acting_as(member(Role.SERVICE_MANAGER, area)) as other, pytest.raises(NotAllowed, match="tried the file out"):
        actions.ask_to_move_people(move=move, by=other)
    with acting_as(cast["manager"]) as by:
        actions.ask_to_move_people(move=move, by=by)
        assert Notification.objects.filter(kind="move_in_to_agree", user=cast["coordinator"]).exists()
        assert not Notification.objects.filter(kind="move_in_to_agree", user=cast["manager"]).exists()
        with pytest.raises(NotAllowed, match="Somebody else of this area"):
            actions.answer_people_move(move=move, agreed=True, today=TODAY, by=by)
    with acting_as(cast["supervisor"]) as by, pytest.raises(NotAllowed):
        actions.answer_people_move(move=move, agreed=True, today=TODAY, by=by)
    with acting_as(cast["coordinator"]) as by:
        found = actions.answer_people_move(move=move, agreed=False, today=TODAY, by=by)
    assert (found.step, actions.rows_of(found)) == (Step.ENDED, []) and not Practitioner._base_manager.exists()


def test_what_nobody_goes_on_with_is_forgotten(area, cast, manager):
    kept, old = tried(area, manager, "volunteers", ANA), tried(area, manager, "volunteers", ANA)
    PeopleMove.objects.filter(pk=old.pk).update(tried_at=old.tried_at - timedelta(days=15))
    assert actions.forget_old_people_moves(now=kept.tried_at) == 1
    actions.take_back_people_move(move=kept, by=manager)
    for move in (kept, old):
        move.refresh_from_db()
        assert (move.step, actions.rows_of(move)) == (Step.ENDED, [])
    with pytest.raises(StaleState):
        actions.ask_to_move_people(move=kept, by=manager)


def test_nothing_is_asked_for_where_no_row_can_move_in(area, manager):
    with pytest.raises(DomainError, match="No row can move in"):
        actions.ask_to_move_people(move=tried(area, manager, "volunteers", "Ana,Ruiz,,,,,,,"), by=manager)


def later(move):
    """What follows happens after it."""
    PeopleMove.objects.filter(pk=move.pk).update(moved_at=move.moved_at - timedelta(minutes=1))
    move.refresh_from_db()
    return move


def undo(move, by):
    return actions.undo_people_move(move=move, because="The wrong file", by=by)


CHECKS = [f"ana@example.org,{kind},cleared,V1,01/02/2026,01/02/2029" for kind in ("nppv_2", "DBS enhanced")]


def test_files_are_taken_back_the_last_one_first(area, manager, move_in):
    CourseFactory(service_area=area, name="Conference facilitator")
    people = later(move_in("volunteers", ANA))
    others = [
        move_in("checks", *CHECKS, "ana@example.org,nppv_3,refused,V2,,"),
        move_in("registrations", "ana@example.org,Advanced,R1,01/02/2026,01/02/2028"),
        move_in("training", "ana@example.org,conference facilitator,14/06/2024"),
    ]
    with pytest.raises(DomainError, match="1 of them has been worked with since: Ana Ruiz"):
        undo(people, manager)
    for move in others:
        assert undo(move, manager).step == Step.UNDONE
    assert not Registration.objects.exists() and not OtherTraining.objects.exists()
    assert set(Check.objects.values_list("kind", flat=True)) == {"nppv_2", "nppv_3"}, (
        "what was refused, and what that ended"
    )
    Check.objects.all().delete()
    assert undo(people, manager).step == Step.UNDONE
    assert not Practitioner.objects.exists() and not Learner.objects.filter(email="ana@example.org").exists()
    assert fates(tried(area, manager, "volunteers", ANA)) == [("made", "")]


@pytest.mark.parametrize("what", ["supervision", "status", "details"])
def test_whom_somebody_has_worked_with_stays(area, manager, move_in, what):
    move = later(move_in("volunteers", ANA))
    ana, common = Practitioner.objects.get(), {"today": TODAY, "by": manager}
    if what == "supervision":
        actions.record_supervision(practitioner=ana, held_on=TODAY, **common)
    elif what == "status":
        stood_down(ana, "on_leave", **common)
    else:
        given = {"case_limit": 2, "local_areas": [], "date_of_birth": ana.date_of_birth}
        given |= {"kind": ana.kind, "organisation": None}
        actions.change_details(practitioner=ana, **given, **common)
    with pytest.raises(DomainError, match="worked with since: Ana Ruiz"):
        undo(move, manager)
    assert Practitioner.objects.exists()


def test_only_a_manager_takes_it_back_and_says_why(area, cast, manager, move_in):
    move = move_in("volunteers", ANA)
    with acting_as(cast["coordinator"]) as by, pytest.raises(NotAllowed):
        undo(move, by)
    with acting_as(cast["manager"]) as by, pytest.raises(DomainError, match="Say why"):
        actions.undo_people_move(move=move, because=" ", by=by)
