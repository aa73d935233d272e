"""Practice kept up: both sides of each border of the Practitioner Code, the share that is registered, the portfolio."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from cases.models import Assignment
from rj_service.accounts.acting import acting_as
from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from rj_service.ui.dates import months_after
from rj_service.ui.templatetags.ui import day
from tests.reporting.factories import CaseFactory, InterventionFactory
from tests.training.factories import (
    AttendanceFactory,
    CohortFactory,
    CourseFactory,
    EnrolmentFactory,
    OtherTrainingFactory,
    SessionFactory,
)
from tests.volunteers.factories import ready_practitioner
from training.models import Award, Course
from volunteers import actions
from volunteers.models import Development, Observation, Practitioner, Registration, Supervision
from volunteers.practice import practice_of

TODAY = date(2026, 11, 23)


@pytest.fixture
def coordinator(cast):
    with acting_as(cast["coordinator"]) as user:
        yield user


def lines_of(practitioner, today=TODAY):
    row = Practitioner.objects.with_readiness(today).with_practice(today).get(pk=practitioner.pk)
    return {line.label: (line.state, line.words) for line in practice_of(row).lines}


@pytest.mark.parametrize(
    ("level", "hours", "approved", "enough", "half"),
    [
        ("foundation", "5.5", "3", False, True),
        ("foundation", "6", "2.5", True, False),
        ("foundation", "6", "3", True, True),
        ("intermediate", "11.5", "6", False, True),
        ("intermediate", "12", "5.5", True, False),
        ("intermediate", "12", "6", True, True),
        ("advanced", "15.5", "8", False, True),
        ("advanced", "16", "7.5", True, False),
        ("advanced", "16", "8", True, True),
    ],
)
def test_professional_development_by_level(area, coordinator, level, hours, approved, enough, half):
    practitioner = ready_practitioner(area, TODAY, level=level)
    rest = Decimal(hours) - Decimal(approved)
    for title, number, is_approved in (("Approved", approved, True), ("Other", rest, False)):
        Development.objects.create(
            practitioner=practitioner,
            title=title,
            done_on=TODAY,
            hours=Decimal(number),
            is_approved=is_approved,
            recorded_by=coordinator,
        )
    lines = lines_of(practitioner)
    assert (lines["Professional development"][0], lines["Of it approved"][0]) == (
        "ok" if enough else "soon",
        "ok" if half else "soon",
    )


@pytest.mark.parametrize(("days", "state"), [(0, "ok"), (1, "soon")])
def test_hours_and_observations_of_more_than_a_year_ago_do_not_count(area, coordinator, days, state):
    practitioner = ready_practitioner(area, TODAY, level="foundation")
    on = date(2025, 11, 23) - timedelta(days=days)
    given = {"practitioner": practitioner, "recorded_by": coordinator}
    Development.objects.create(title="A", done_on=on, hours=6, is_approved=True, **given)
    Observation.objects.create(observed_on=on, observer_name="Sunita Rao", **given)
    lines = lines_of(practitioner)
    assert lines["Professional development"][0] == lines["Observed within a year"][0] == state


@pytest.mark.parametrize(("weeks", "days", "state"), [(12, 0, "ok"), (12, 1, "soon")])
def test_supervision_every_12_weeks(area, coordinator, weeks, days, state):
    practitioner = ready_practitioner(area, TODAY)
    Supervision.objects.update(held_on=TODAY - timedelta(weeks=weeks, days=days))
    assert lines_of(practitioner)["Supervision within 12 weeks"][0] == state


def test_no_process_but_trained_within_a_year(area, coordinator):
    practitioner = ready_practitioner(area, TODAY)
    assert lines_of(practitioner)["A process within 12 months"][0] == "ok"
    assert lines_of(practitioner, TODAY + timedelta(days=70))["A process within 12 months"] == (
        "soon",
        "No process is recorded",
    )


def registered(practitioner, by, **given):
    given = {"level": "advanced", "registered_on": TODAY, "today": TODAY} | given
    return actions.record_registration(practitioner=practitioner, by=by, **given)


def test_a_registration_sets_the_level_and_counts_for_the_share_until_it_ends(area, coordinator):
    one, _other = (ready_practitioner(area, TODAY, kind="service_staff") for _ in range(2))
    assert Practitioner.objects.registered_share(TODAY) == (0, 2)
    registered(one, coordinator, expires_on=TODAY + timedelta(days=1))
    one.refresh_from_db()
    assert one.level == "advanced"
    shares = [Practitioner.objects.registered_share(TODAY + timedelta(days=days)) for days in (0, 1, 2)]
    assert shares == [(1, 2), (1, 2), (0, 2)]
    assert lines_of(one, TODAY + timedelta(days=2))["Registered with the RJC"][0] == "soon"
    with pytest.raises(DomainError, match="on or after the day of registration"):
        registered(one, coordinator, expires_on=TODAY - timedelta(days=1))


A_YEAR_AGO = date(2025, 11, 23)


@pytest.mark.parametrize(
    ("kind", "since", "held", "counts"),
    [
        ("community", A_YEAR_AGO, True, True),
        ("community", A_YEAR_AGO + timedelta(days=1), True, False),
        ("community", A_YEAR_AGO, False, False),
        ("community", None, True, False),  # since they were registered: a day ago
        ("partner_nominee", A_YEAR_AGO, True, True),
        ("service_staff", None, False, True),
        ("partner_staff", None, False, True),
    ],
)
def test_of_volunteers_those_count_who_worked_for_a_year_and_in_a_process(area, coordinator, kind, since, held, counts):
    one = ready_practitioner(area, TODAY, kind=kind, works_since=since)
    Practitioner.objects.update(created_at=datetime(2026, 11, 22, 9, tzinfo=UTC))
    if held:
        case = CaseFactory(service_area=area)
        work = {"case": case, "practitioner": one, "role": "lead", "sides": "both", "started_by": coordinator}
        Assignment.objects.create(started_at=datetime(2026, 10, 1, tzinfo=UTC), **work)
        InterventionFactory(case=case, held_on=date(2026, 10, 20))
    assert Practitioner.objects.registered_share(TODAY) == (0, 1 if counts else 0)


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ({"registered_on": TODAY - timedelta(days=800), "expires_on": TODAY - timedelta(days=1)}, None),
        ({"registered_on": TODAY - timedelta(days=1)}, {"level": "intermediate"}),
    ],
    ids=["has ended", "is not the newest"],
)
def test_a_registration_that_does_not_count_sets_no_level(area, coordinator, older, newer):
    one = ready_practitioner(area, TODAY)
    if newer:
        registered(one, coordinator, **newer)
    one.refresh_from_db()
    before = one.level
    assert before != "advanced"
    registered(one, coordinator, **older)
    one.refresh_from_db()
    assert one.level == before


@pytest.mark.parametrize(("days", "taken"), [(0, True), (1, False)])
def test_no_registration_counts_for_the_share_for_ever(area, coordinator, days, taken):
    one, last = ready_practitioner(area, TODAY), months_after(TODAY, 120) + timedelta(days=days)
    if not taken:
        with pytest.raises(DomainError, match="within 10 years"):
            registered(one, coordinator, expires_on=last)
    else:
        assert registered(one, coordinator, expires_on=last).expires_on == last


def test_a_practitioner_records_their_own_hours_and_nobody_else_s(area, cast):
    own, other = ready_practitioner(area, TODAY, user=cast["practitioner"]), ready_practitioner(area, TODAY)
    hours = {"title": "Webinar", "done_on": TODAY, "hours": Decimal(2), "is_approved": True, "today": TODAY}
    with acting_as(cast["practitioner"]) as by:
        actions.record_development(practitioner=own, by=by, **hours)
        with pytest.raises(StaleState, match="recorded already"):
            actions.record_development(practitioner=own, by=by, **hours)
        with pytest.raises(NotAllowed):
            actions.record_development(practitioner=other, by=by, **hours)
        with pytest.raises(NotAllowed):
            actions.record_observation(practitioner=own, observed_on=TODAY, observer_name="Myself", today=TODAY, by=by)


def test_the_portfolio_is_theirs_and_names_no_case(area, cast, signed_in):
    today = timezone.localdate()
    own, other = ready_practitioner(area, today, user=cast["practitioner"]), ready_practitioner(area, today)
    with acting_as(cast["coordinator"]) as by:
        registered(own, by, registered_on=today, today=today, number="R-1207", expires_on=today + timedelta(days=700))
        course = CourseFactory(service_area=area)
        given = {"learner": own.learner, "stands_for": course, "passed": True, "provider": "Another service"}
        OtherTrainingFactory(**given, name="Moved in with it", certificate_seen=True)
        OtherTrainingFactory(**given, name="Seen by nobody", certificate_seen=False)
        OtherTrainingFactory(learner=own.learner, name="Mediation day", ended_on=today, cpd_hours=4, cpd_approved=True)
        cohort = CohortFactory(service_area=area, course=course_of(area, name="Sensitive cases"))
        session = SessionFactory(cohort=cohort, held_on=today)
        AttendanceFactory(session=session, enrolment=EnrolmentFactory(cohort=cohort, learner=own.learner))
        Development.objects.create(practitioner=own, title="A book", done_on=today, hours=2, recorded_by=by)
    client = signed_in(cast["practitioner"])
    answer = client.get(reverse("volunteers:portfolio", args=[own.pk]))
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)
    text = " ".join(text.split())  # wherever its lines broke
    assert answer["Content-Type"] == "application/pdf" and "Pat Wren" in text and "Advanced" in text
    assert "number R-1207" in text and f"until {day(today + timedelta(days=700))}" in text
    assert ("Moved in with it" in text, "Another service" in text, "Seen by nobody" in text) == (True, True, False)
    for words in (
        "Sensitive cases {}, 18 hours",
        "Mediation day {}, 4 hours, approved",
        "A book {}, 2 hours",
        "24 hours of",
    ):
        assert words.format(day(today)) in text
    assert client.get(reverse("volunteers:portfolio", args=[other.pk])).status_code == 404


def test_the_list_of_practice(area, cast, signed_in):
    for _ in range(2):
        ready_practitioner(area, timezone.localdate(), kind="service_staff")
    page = signed_in(cast["supervisor"]).get(reverse("volunteers:practice")).content.decode()
    assert "0 of 2" in page and "0 hours of 12" in page
    assert Registration._base_manager.count() == 0


def course_of(area, **given):
    return CourseFactory(service_area=area, cpd_hours=Decimal(18), **given)


@pytest.fixture
def attended(area):
    """A two-day course, its last day as given; `days` of it attended."""

    def make(practitioner, last, days=2):
        cohort = CohortFactory(service_area=area, course=course_of(area))
        enrolment = EnrolmentFactory(cohort=cohort, learner=practitioner.learner)
        for number, back in enumerate((1, 0)):
            session = SessionFactory(cohort=cohort, held_on=last - timedelta(days=back))
            AttendanceFactory(session=session, enrolment=enrolment, attended=number < days)
        return cohort

    return make


@pytest.mark.parametrize(
    ("last", "days", "words"),
    [
        (TODAY, 2, "18 hours of 12 in 12 months"),
        (TODAY, 1, "0 hours of 12 in 12 months"),
        (date(2025, 11, 23), 2, "18 hours of 12 in 12 months"),
        (date(2025, 11, 22), 2, "0 hours of 12 in 12 months"),
    ],
)
def test_a_course_attended_in_full_counts_its_hours_once(area, coordinator, attended, last, days, words):
    practitioner = ready_practitioner(area, TODAY)
    attended(practitioner, last, days)
    assert lines_of(practitioner)["Professional development"][1] == words


@pytest.mark.parametrize(
    ("ended_on", "words"),
    [(date(2025, 11, 23), "7.5 hours of 12 in 12 months"), (date(2025, 11, 22), "1 hour of 12 in 12 months")],
)
def test_training_elsewhere_counts_beside_hours_that_were_typed(area, coordinator, ended_on, words):
    practitioner = ready_practitioner(area, TODAY)
    OtherTrainingFactory(learner=practitioner.learner, ended_on=ended_on, cpd_hours=Decimal("6.5"))
    given = {"title": "Webinar", "done_on": TODAY, "hours": 1, "recorded_by": coordinator}
    Development.objects.create(practitioner=practitioner, **given)
    assert lines_of(practitioner)["Professional development"][1] == words


@pytest.mark.parametrize(
    ("course", "elsewhere", "words"),
    [
        (False, False, "0 hours of 6 hours approved by the RJC"),
        (True, False, "18 hours of 6 hours approved by the RJC"),
        (True, True, "20 hours of 6 hours approved by the RJC"),
    ],
)
def test_what_the_rjc_has_approved_is_said_by_the_course(area, coordinator, attended, course, elsewhere, words):
    practitioner = ready_practitioner(area, TODAY)
    attended(practitioner, TODAY)
    Course.objects.update(cpd_approved=course)
    given = {"ended_on": TODAY, "cpd_hours": 2, "cpd_approved": elsewhere}
    OtherTrainingFactory(learner=practitioner.learner, **given)
    assert lines_of(practitioner)["Of it approved"][1] == words


@pytest.mark.parametrize("rows", [1, 3])
def test_practice_of_many_is_one_statement(area, coordinator, attended, django_assert_num_queries, rows):
    for _ in range(rows):
        attended(ready_practitioner(area, TODAY), TODAY)
    with django_assert_num_queries(1):
        found = list(Practitioner.objects.with_readiness(TODAY).with_practice(TODAY))
    assert [one.cpd_hours for one in found] == [18] * rows


@pytest.mark.parametrize(
    ("title", "days", "refused"),
    [
        ("{}", 0, True),
        ("{}", 1, True),
        ("Second day of {}", 0, True),
        ("facilitator", 0, True),
        ("{}", 2, False),
        ("Webinar", 0, False),
    ],
)
def test_hours_that_a_course_gives_already_are_not_typed_again(area, coordinator, attended, title, days, refused):
    practitioner = ready_practitioner(area, TODAY)
    name = attended(practitioner, TODAY).course.name
    given = {"title": title.format(name).upper(), "done_on": TODAY - timedelta(days=days), "hours": Decimal(6)}
    given |= {"practitioner": practitioner, "is_approved": False, "today": TODAY, "by": coordinator}
    if refused:
        with pytest.raises(DomainError, match=f"{name} counts by itself"):
            actions.record_development(**given)
    else:
        assert actions.record_development(**given).hours == 6


def test_the_hours_of_a_course_that_somebody_left_are_theirs_to_type(area, coordinator, attended):
    practitioner = ready_practitioner(area, TODAY)
    cohort = attended(practitioner, TODAY, days=1)
    cohort.enrolments.update(status="dropped_out")
    given = {"title": cohort.course.name, "done_on": TODAY, "hours": Decimal(6), "is_approved": False}
    assert actions.record_development(practitioner=practitioner, **given, today=TODAY, by=coordinator).hours == 6


@pytest.mark.parametrize(
    ("trained", "state", "words"),
    [
        (date(2025, 11, 23), "ok", "Trained 23 November 2025"),
        (date(2025, 11, 22), "soon", "No process is recorded"),
    ],
)
def test_training_elsewhere_within_a_year_counts_for_a_process(area, coordinator, trained, state, words):
    practitioner = ready_practitioner(area, TODAY)
    Award.objects.all().delete()
    course = course_of(area)
    seen = {"passed": True, "certificate_seen": True, "stands_for": course}
    OtherTrainingFactory(learner=practitioner.learner, ended_on=trained, **seen)
    assert lines_of(practitioner)["A process within 12 months"] == (state, words)


@pytest.mark.parametrize(
    ("held", "trained", "state", "words"),
    [
        (date(2024, 1, 8), date(2026, 1, 9), "ok", "Trained 9 January 2026"),
        (date(2024, 1, 8), date(2024, 1, 9), "soon", "Last process 8 January 2024"),
        (date(2026, 1, 8), date(2024, 1, 9), "ok", "Last process 8 January 2026"),
        (date(2026, 1, 8), date(2026, 1, 9), "ok", "Last process 8 January 2026"),
    ],
)
def test_a_process_or_training_within_a_year_is_enough(area, coordinator, held, trained, state, words):
    row = Practitioner.objects.with_readiness(TODAY).with_practice(TODAY).get(pk=ready_practitioner(area, TODAY).pk)
    row.process_on, row.trained_on = held, trained
    line = practice_of(row).lines[-1]
    assert (line.state, line.words) == (state, words)
