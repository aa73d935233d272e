"""Every block and caution of readiness, one row each, from the database to the sentence."""

from datetime import date, timedelta

import pytest
from django.db.models.functions import Now

from rj_service.accounts.acting import acting_as
from tests.training.factories import OtherTrainingFactory
from tests.volunteers.factories import (
    AvailabilityFactory,
    PractitionerFactory,
    born_17_years_before,
    ready_practitioner,
)
from training.models import Award
from training.policy import was_successful
from volunteers.models import Check, Practitioner, Safeguard, Supervision
from volunteers.policy import blocks_to_assign, blocks_to_visit
from volunteers.readiness import readiness_of

TODAY = date(2026, 11, 22)
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def acting_coordinator(cast):
    with acting_as(cast["coordinator"]) as user:
        yield user


def row_of(practitioner, today=TODAY):
    return Practitioner.objects.with_readiness(today).get(pk=practitioner.pk)


def set_status(status):
    return lambda practitioner: Practitioner.objects.filter(pk=practitioner.pk).update(status=status)


def end_checks(kind, day):
    return lambda practitioner: Check.objects.filter(practitioner=practitioner, kind=kind).update(expires_on=day)


def remove_checks(kind):
    return lambda practitioner: Check.objects.filter(practitioner=practitioner, kind=kind).delete()


def set_check_status(kind, status):
    return lambda practitioner: Check.objects.filter(practitioner=practitioner, kind=kind).update(status=status)


def end_award(day):
    return lambda practitioner: Award.objects.filter(learner=practitioner.learner).update(expires_on=day)


def remove_award(practitioner):
    Award.objects.filter(learner=practitioner.learner).delete()


def withdraw_award(practitioner):
    withdrawn = {"withdrawn_at": Now(), "withdrawn_by": practitioner.created_by, "withdrawn_because": "Not theirs"}
    Award.objects.filter(learner=practitioner.learner).update(**withdrawn)


def supervised(day):
    return lambda practitioner: Supervision.objects.filter(practitioner=practitioner).update(held_on=day)


def remove_supervision(practitioner):
    Supervision.objects.filter(practitioner=practitioner).delete()


def limit(cases):
    return lambda practitioner: Practitioner.objects.filter(pk=practitioner.pk).update(case_limit=cases)


BLOCKS = [
    (set_status("enquiry"), "Not active: enquiry", False),
    (set_status("vetting"), "Not active: vetting", False),
    (set_status("trainee"), "Not active: trainee", False),
    (set_status("on_leave"), "Not active: on leave", True),
    (set_status("suspended"), "Not active: suspended", False),
    (set_status("left"), "Not active: left", False),
    (end_checks("nppv_2", YESTERDAY), "Police vetting (NPPV level 2) ended on 21 November 2026", False),
    (end_checks("dbs_enhanced", YESTERDAY), "DBS enhanced ended on 21 November 2026", False),
    (remove_checks("nppv_2"), "Police vetting is not recorded", False),
    (remove_checks("dbs_enhanced"), "Enhanced DBS is not recorded", False),
    (set_check_status("nppv_2", "applied"), "Police vetting is not recorded", False),
    (set_check_status("nppv_2", "refused"), "Police vetting is not recorded", False),
    (set_check_status("dbs_enhanced", "withdrawn"), "Enhanced DBS is not recorded", False),
    (end_award(YESTERDAY), "Facilitator training ended on 21 November 2026", True),
    (remove_award, "Facilitator training is not recorded", True),
    (withdraw_award, "Facilitator training is not recorded", True),
    (supervised(TODAY - timedelta(days=85)), "Last supervision was 12 weeks ago, 29 August 2026", True),
    (remove_supervision, "No supervision is recorded", True),
    (limit(0), "0 open cases of a limit of 0", True),
]


@pytest.mark.parametrize(("change", "sentence", "may_open"), BLOCKS, ids=[row[1] for row in BLOCKS])
def test_each_block_stops_assigning_and_only_vetting_and_status_close_cases(
    area, acting_coordinator, change, sentence, may_open
):
    practitioner = ready_practitioner(area, TODAY)
    change(practitioner)
    row = row_of(practitioner)
    ready = readiness_of(row)
    assert ready.blocks == [sentence]
    assert blocks_to_assign(row) == [sentence]
    assert not ready.may_be_assigned
    assert not row.ready
    assert ready.may_open_cases is may_open
    assert Practitioner.objects.may_open_cases(TODAY).filter(pk=practitioner.pk).exists() is may_open


def test_somebody_with_everything_in_place_has_no_block_and_nothing_to_bear_in_mind(area, acting_coordinator):
    row = row_of(ready_practitioner(area, TODAY))
    ready = readiness_of(row)
    assert (ready.blocks, ready.cautions, ready.may_be_assigned, ready.may_open_cases) == ([], [], True, True)
    assert row.ready


LAST_DAYS = [
    end_checks("nppv_2", TODAY),
    end_checks("dbs_enhanced", TODAY),
    end_award(TODAY),
    supervised(TODAY - timedelta(weeks=12)),
]


@pytest.mark.parametrize("change", LAST_DAYS, ids=["police vetting", "dbs", "training", "supervision"])
def test_the_last_day_still_counts_and_the_next_does_not(area, acting_coordinator, change):
    practitioner = ready_practitioner(area, TODAY)
    change(practitioner)
    assert readiness_of(row_of(practitioner)).may_be_assigned
    assert readiness_of(row_of(practitioner)).cautions
    assert not readiness_of(row_of(practitioner, TODAY + timedelta(days=1))).may_be_assigned


@pytest.mark.parametrize(
    ("change", "caution"),
    [
        (end_checks("nppv_2", TODAY + timedelta(days=28)), "Police vetting (NPPV level 2) ends on 20 December 2026"),
        (end_award(TODAY + timedelta(days=1)), "Facilitator training ends on 23 November 2026"),
        (supervised(TODAY - timedelta(days=70)), "Supervision is due by 6 December 2026"),
        (limit(1), "0 open cases of a limit of 1"),
    ],
)
def test_what_is_about_to_end_is_said_before_it_does(area, acting_coordinator, change, caution):
    practitioner = ready_practitioner(area, TODAY)
    change(practitioner)
    ready = readiness_of(row_of(practitioner))
    assert ready.may_be_assigned
    assert ready.cautions == [caution]


def test_vetting_that_lasts_29_days_more_is_not_yet_mentioned(area, acting_coordinator):
    practitioner = ready_practitioner(area, TODAY)
    end_checks("nppv_2", TODAY + timedelta(days=29))(practitioner)
    assert readiness_of(row_of(practitioner)).cautions == []


@pytest.mark.parametrize("kind", ["nppv_1", "nppv_2_abbreviated", "dbs_enhanced_barred"])
def test_a_lower_level_of_police_vetting_is_not_enough(area, acting_coordinator, kind):
    practitioner = ready_practitioner(area, TODAY)
    Check.objects.filter(practitioner=practitioner, kind="nppv_2").update(kind=kind)
    assert readiness_of(row_of(practitioner)).blocks == ["Police vetting is not recorded"]


def test_a_check_without_an_end_is_in_force(area, acting_coordinator):
    practitioner = ready_practitioner(area, TODAY)
    end_checks("dbs_enhanced", None)(practitioner)
    ready = readiness_of(row_of(practitioner))
    assert ready.blocks == []
    assert "DBS enhanced, no end date" in [line.words for line in ready.lines]


def test_a_check_issued_tomorrow_does_not_count_today(area, acting_coordinator):
    practitioner = ready_practitioner(area, TODAY)
    Check.objects.filter(practitioner=practitioner, kind="nppv_2").update(issued_on=TODAY + timedelta(days=1))
    assert readiness_of(row_of(practitioner)).blocks == ["Police vetting is not recorded"]


def test_a_course_that_does_not_make_facilitators_does_not_train_one(area, acting_coordinator):
    practitioner = ready_practitioner(area, TODAY)
    course = Award.objects.get(learner=practitioner.learner).course
    course.makes_facilitators = False
    course.save(update_fields=["makes_facilitators"])
    assert readiness_of(row_of(practitioner)).blocks == ["Facilitator training is not recorded"]


def test_staff_of_the_service_need_the_training_too(area, acting_coordinator):
    practitioner = PractitionerFactory(service_area=area, kind="service_staff")
    assert "Facilitator training is not recorded" in readiness_of(row_of(practitioner)).blocks


LEADING = {"needs_advanced": False, "as_lead": True}
BESIDE = {"needs_advanced": False, "as_lead": False}
LEADING_SENSITIVE = {"needs_advanced": True, "as_lead": True}
BESIDE_SENSITIVE = {"needs_advanced": True, "as_lead": False}
YOUNG = "Under 18: cannot lead a case or take a sensitive one"


@pytest.mark.parametrize(
    ("is_adult", "level", "asked", "blocks"),
    [
        (True, "foundation", LEADING, []),
        (True, "foundation", LEADING_SENSITIVE, ["Foundation level: this case needs an Advanced lead"]),
        (True, "foundation", BESIDE_SENSITIVE, []),
        (True, "intermediate", LEADING, []),
        (True, "intermediate", LEADING_SENSITIVE, ["Intermediate level: this case needs an Advanced lead"]),
        (True, "intermediate", BESIDE_SENSITIVE, []),
        (True, "advanced", LEADING_SENSITIVE, []),
        (False, "intermediate", LEADING, [YOUNG]),
        (False, "intermediate", BESIDE, []),
        (False, "intermediate", BESIDE_SENSITIVE, [YOUNG]),
        (False, "advanced", LEADING_SENSITIVE, [YOUNG]),
    ],
)
def test_age_and_level_by_what_is_asked(area, acting_coordinator, is_adult, level, asked, blocks):
    born = None if is_adult else born_17_years_before(TODAY)
    row = row_of(ready_practitioner(area, TODAY, date_of_birth=born, level=level))
    assert blocks_to_assign(row, **asked) == blocks


PARENT = "Under 18: agreement of somebody with parental responsibility is not recorded"
MANAGER = "Under 18: safeguarding sign-off by a service manager is not recorded"


@pytest.mark.parametrize(
    ("born", "recorded", "blocks"),
    [
        (date(2008, 11, 22), [], []),  # 18 today
        (date(2008, 11, 23), [], [PARENT, MANAGER]),  # 18 tomorrow
        (date(2008, 11, 23), ["parental"], [MANAGER]),
        (date(2008, 11, 23), ["sign_off"], [PARENT]),
        (date(2008, 11, 23), ["parental", "sign_off"], []),
    ],
)
def test_nobody_under_18_is_given_a_case_before_both_safeguards(area, acting_coordinator, born, recorded, blocks):
    """Whichever way they came in: registered, moved in, or found to be younger than they were taken for."""
    practitioner = ready_practitioner(area, TODAY, kind="young", date_of_birth=born)
    Safeguard.objects.filter(practitioner=practitioner).exclude(kind__in=recorded).delete()
    row = row_of(practitioner)
    assert blocks_to_assign(row, **BESIDE) == blocks
    assert row.ready is (not blocks)


@pytest.mark.parametrize(
    ("kind", "born", "is_adult"),
    [
        ("community", date(2008, 11, 22), True),  # 18 today
        ("community", date(2008, 11, 23), False),  # 18 tomorrow
        ("young", date(2008, 11, 22), True),
        ("young", date(2008, 11, 23), False),
        ("young", None, False),
        ("community", None, True),
    ],
)
def test_nobody_under_18_visits(area, acting_coordinator, kind, born, is_adult):
    """By the date of birth, on the day itself."""
    practitioner = ready_practitioner(area, TODAY, kind=kind, date_of_birth=born)
    assert blocks_to_visit(row_of(practitioner)) == ([] if is_adult else ["Under 18: does not visit"])
    assert practitioner.is_adult_on(TODAY) is is_adult
    assert Practitioner.objects.adults(TODAY).exists() is is_adult


@pytest.mark.parametrize(("day", "is_adult"), [(date(2026, 2, 28), False), (date(2026, 3, 1), True)])
def test_whoever_was_born_on_29_february_is_18_on_1_march(area, acting_coordinator, day, is_adult):
    practitioner = ready_practitioner(area, day, date_of_birth=date(2008, 2, 29))
    assert practitioner.is_adult_on(day) is row_of(practitioner, day).is_adult is is_adult


def test_somebody_away_today_may_be_assigned_but_it_is_said(area, acting_coordinator):
    practitioner = ready_practitioner(area, TODAY)
    AvailabilityFactory(
        practitioner=practitioner, weekday=None, starts_at=None, ends_at=None, away_from=TODAY, away_until=TODAY
    )
    ready = readiness_of(row_of(practitioner))
    assert (ready.blocks, ready.cautions) == ([], ["Away until 22 November 2026"])
    assert readiness_of(row_of(practitioner, TODAY + timedelta(days=1))).cautions == []


@pytest.mark.parametrize(
    ("months", "ended_on", "award_ends", "words"),
    [
        (36, date(2023, 11, 22), None, "Facilitator training ends on 22 November 2026"),
        (36, date(2023, 11, 21), None, "Facilitator training ended on 21 November 2026"),
        (36, date(2024, 2, 29), YESTERDAY, "Facilitator training ends on 28 February 2027"),
        (36, date(2024, 2, 29), date(2028, 1, 1), "Facilitator training ends on 1 January 2028"),
        (36, date(2023, 11, 20), YESTERDAY, "Facilitator training ended on 21 November 2026"),
        (None, date(2010, 1, 1), YESTERDAY, "Facilitator training, no end date"),
    ],
)
def test_training_elsewhere_lasts_as_an_award_would(area, acting_coordinator, months, ended_on, award_ends, words):
    """For readiness as for a course that asks for it."""
    practitioner = ready_practitioner(area, TODAY)
    course = Award.objects.get().course
    type(course).objects.update(award_valid_months=months)
    end_award(award_ends)(practitioner) if award_ends else remove_award(practitioner)
    seen = {"stands_for": course, "passed": True, "certificate_seen": True}
    OtherTrainingFactory(learner=practitioner.learner, ended_on=ended_on, **seen)
    row = row_of(practitioner)
    assert [line.words for line in readiness_of(row).lines if line.label == "Facilitator training"] == [words]
    assert row.trained is was_successful(practitioner.learner, course, TODAY) is ("ended" not in words)


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_readiness_of_many_is_one_statement(area, acting_coordinator, django_assert_num_queries, rows):
    for _ in range(rows):
        ready_practitioner(area, TODAY)
    with django_assert_num_queries(1):
        found = [readiness_of(row) for row in Practitioner.objects.with_readiness(TODAY)]
    assert len(found) == rows
