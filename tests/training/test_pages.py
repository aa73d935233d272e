"""Pages of training: who opens which, what they do, how many statements they take."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from rj_service.accounts.acting import acting_as
from rj_service.audit.models import AccessLog
from tests.training.factories import (
    AttendanceFactory,
    AwardFactory,
    CohortFactory,
    CourseFactory,
    EnrolmentFactory,
    LearnerFactory,
    PackageFactory,
    SessionFactory,
)
from tests.typed import typed
from training.models import Award, Cohort, Course, Enrolment, Learner

LISTS = ["training:list", "training:courses", "training:learners", "training:awards", "training:packages"]
HOW_TO_REFER = ["training:trained-to-refer", "training:trained-by-place"]


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def cohort(area, today):
    cohort = CohortFactory(service_area=area, maximum=2)
    SessionFactory(cohort=cohort, held_on=today - timedelta(days=1))
    return cohort


@pytest.fixture
def enrolment(cohort):
    return EnrolmentFactory(cohort=cohort)


@pytest.fixture
def lead(cast, signed_in):
    return signed_in(cast["training_lead"])


SEES = ("coordinator", "manager", "training_lead")


@pytest.mark.parametrize(
    "role", [*SEES, "supervisor", "practitioner", "hub_worker", "referrer", "opcc", "dpo", "admin"]
)
@pytest.mark.parametrize(
    "name", [*LISTS, "training:create-cohort", "training:create-course", "training:create-learner"]
)
def test_who_opens_the_lists_and_forms(cast, signed_in, role, name):
    assert signed_in(cast[role]).get(reverse(name)).status_code == (200 if role in SEES else 403)


@pytest.mark.parametrize(
    ("role", "status"), [("training_lead", 200), ("other_coordinator", 404), ("practitioner", 403)]
)
def test_who_opens_the_pages_of_a_cohort(cast, signed_in, cohort, enrolment, role, status):
    client = signed_in(cast[role])
    addresses = [
        reverse("training:cohort", args=[cohort.pk]),
        reverse("training:enrol", args=[cohort.pk]),
        reverse("training:complete", args=[cohort.pk]),
        reverse("training:register", args=[enrolment.cohort.sessions.model._base_manager.get(cohort=cohort).pk]),
        reverse("training:drop-out", args=[enrolment.pk]),
        reverse("training:result", args=[enrolment.pk]),
        reverse("training:learner", args=[enrolment.learner_id]),
    ]
    assert [client.get(address).status_code for address in addresses] == [status] * len(addresses)


def test_lists_show_the_area_only(area, other_area, lead, cohort):
    CohortFactory(service_area=other_area)
    LearnerFactory(service_area=other_area)
    own = LearnerFactory(service_area=area)
    assert [row.pk for row in lead.get(reverse("training:list")).context["page"].rows] == [cohort.pk]
    assert [row.pk for row in lead.get(reverse("training:learners")).context["page"].rows] == [own.pk]
    assert [row.pk for row in lead.get(reverse("training:courses")).context["page"].rows] == [cohort.course_id]


@pytest.mark.parametrize("name", [*LISTS, *HOW_TO_REFER])
def test_lists_take_the_same_statements_for_1_3_and_30(area, lead, today, name):
    found = []
    lead.get(reverse(name))  # the first request of a session reads its memberships
    for more in (1, 2, 27):
        for _ in range(more):
            cohort = CohortFactory(service_area=area)
            SessionFactory(cohort=cohort, held_on=today)
            enrolment = EnrolmentFactory(cohort=cohort)
            AwardFactory(learner=enrolment.learner, course=cohort.course)
        with CaptureQueriesContext(connection) as captured:
            assert lead.get(reverse(name)).status_code == 200
        found.append(len(captured))
    assert len(set(found)) == 1


def test_the_cohort_takes_the_same_statements_for_1_3_and_30(area, lead, today):
    cohort, found = CohortFactory(service_area=area, maximum=40), []
    session = SessionFactory(cohort=cohort, held_on=today)
    lead.get(reverse("training:list"))
    for more in (1, 2, 27):
        for _ in range(more):
            AttendanceFactory(session=session, enrolment=EnrolmentFactory(cohort=cohort))
            EnrolmentFactory(cohort=cohort, status="waiting")
        with CaptureQueriesContext(connection) as captured:
            assert lead.get(reverse("training:cohort", args=[cohort.pk])).status_code == 200
        found.append(len(captured))
    assert len(set(found)) == 1


def test_enrol_until_it_is_full_and_say_the_number(area, lead, cohort):
    for words in ("has a place", "has a place", "is number 1 on the waiting list", "is number 2 on the waiting list"):
        learner = LearnerFactory(service_area=area)
        url = reverse("training:enrol-learner", args=[cohort.pk, learner.pk])
        foretold = lead.get(url).content.decode()
        assert ("They have a place." in foretold) == ("has a place" in words)
        assert words.replace("is number", "they are number") in foretold or "has a place" in words
        assert f"{learner.name} {words}." in lead.post(url, follow=True).content.decode()


def test_who_cannot_begin_is_told_why_before_anything_is_asked(area, lead):
    course = CourseFactory(service_area=area, prerequisite=CourseFactory(service_area=area, name="One-day awareness"))
    learner = LearnerFactory(service_area=area)
    url = reverse("training:enrol-learner", args=[CohortFactory(service_area=area, course=course).pk, learner.pk])
    page = lead.get(url).content.decode()
    assert "has not attended One-day awareness in full" in page and "Enrol this learner</button>" not in page
    answer = lead.post(url)
    assert answer.status_code == 422 and not Enrolment._base_manager.exists()
    assert "has not attended One-day awareness in full" in answer.content.decode()


def test_the_same_course_twice_asks_why_and_only_then(area, lead, cohort, enrolment):
    again = CohortFactory(service_area=area, course=cohort.course)
    url = reverse("training:enrol-learner", args=[again.pk, enrolment.learner_id])
    assert "is booked on another" in lead.get(url).content.decode()
    assert lead.post(url).status_code == 422
    assert lead.post(url, {"again_because": "The first was cut short"}).status_code == 302
    other = reverse("training:enrol-learner", args=[again.pk, LearnerFactory(service_area=area).pk])
    assert "Why do they do it again?" not in lead.get(other).content.decode()
    assert "is in this cohort already" in lead.get(url).content.decode()


def test_somebody_new_is_registered_and_enrolled_from_the_cohort(area, lead, cohort):
    assert lead.get(reverse("training:enrol", args=[cohort.pk])).status_code == 200
    new = {"first_name": "Ana", "last_name": "Reed"}
    answer = lead.post(reverse("training:enrol-new", args=[cohort.pk]), new)
    assert answer["Location"] == reverse("training:enrol-learner", args=[cohort.pk, Learner._base_manager.get().pk])
    assert lead.post(answer["Location"]).status_code == 302
    listed = lead.get(reverse("training:enrol", args=[cohort.pk])).content.decode()
    assert "Has a place" in listed and answer["Location"] not in listed


NAMES = [("Seán", "O’Brien"), ("Ana", "Reed-Cole"), ("Mary Ann", "van der Berg"), ("Zoë", "Reed")]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("sean", {"Seán O’Brien"}),
        ("OBRIEN", {"Seán O’Brien"}),
        ("o'brien s", {"Seán O’Brien"}),
        ("reed", {"Ana Reed-Cole", "Zoë Reed"}),
        ("reed ana", {"Ana Reed-Cole"}),
        ("van der", {"Mary Ann van der Berg"}),
        ("zo", {"Zoë Reed"}),
        ("nobody", set()),
        ("%%an", {"Seán O’Brien", "Ana Reed-Cole", "Mary Ann van der Berg"}),
    ],
)
def test_learners_are_found_by_a_part_of_their_name(area, lead, words, found):
    everybody = {LearnerFactory(service_area=area, first_name=one, last_name=two).name for one, two in NAMES}
    answer = lead.post(reverse("training:learners"), {"words": words})
    assert answer.status_code == 302 and words not in answer["Location"]
    page = lead.get(answer["Location"])
    assert {one.name for one in page.context["rows"]} == found
    assert ("Nobody here has this name" in page.content.decode()) == (not found)
    assert not found or AccessLog.objects.latest("id").kind == "search"
    narrowed = lead.get(f"{answer['Location']}&state=awarded").context
    assert narrowed["rows"] == [] and narrowed["chosen"][0]["label"] == f"Name: {words}"
    assert {one.name for one in lead.get(reverse("training:learners")).context["rows"]} == everybody


def test_a_name_is_searched_by_its_writer_alone_and_kept_in_no_saved_filter(area, lead, cast, signed_in):
    LearnerFactory(service_area=area, last_name="Reed")
    LearnerFactory(service_area=area, last_name="Pryor")
    found = lead.post(reverse("training:learners"), {"words": "reed"})["Location"]
    page = lead.get(f"{found}&state=none")
    assert len(page.context["rows"]) == 1 and f"/file/?{found.partition('?')[2]}" in page.content.decode()
    assert 'save-filters/?state=none"' in page.content.decode()
    colleague = signed_in(cast["manager"]).get(found)
    assert len(colleague.context["rows"]) == 2 and "is forgotten after a day" in colleague.content.decode()
    for too_little in ("", "r", "'"):
        answer = lead.post(reverse("training:learners"), {"words": too_little})
        assert answer.status_code == 422 and "There is a problem" in answer.content.decode()


def test_the_journey_from_register_to_award(cast, lead, cohort, enrolment, today):
    session = cohort.sessions.model._base_manager.get(cohort=cohort)
    answer = lead.post(reverse("training:register", args=[session.pk]), {"present": [enrolment.pk]}, follow=True)
    assert "Attended in full" in answer.content.decode()
    assert lead.post(reverse("training:complete", args=[cohort.pk])).status_code == 302
    day = typed(decided_on=today)
    answer = lead.post(reverse("training:result", args=[enrolment.pk]), {"result": "passed"} | day, follow=True)
    assert "Award given" in answer.content.decode()
    with acting_as(cast["training_lead"]):
        assert Award.objects.get().learner_id == enrolment.learner_id
        assert Enrolment.objects.get().status == "completed"
    again = lead.post(reverse("training:result", args=[enrolment.pk]), {"result": "passed"} | day)
    assert again.status_code == 422
    assert "Nothing was done twice" in again.content.decode()


def test_a_completed_cohort_is_opened_again_for_whoever_missed_a_session(lead, cohort, enrolment):
    full, waiting = EnrolmentFactory(cohort=cohort), EnrolmentFactory(cohort=cohort, status="waiting")
    session = cohort.sessions.model._base_manager.get(cohort=cohort)
    page, url = reverse("training:cohort", args=[cohort.pk]), reverse("training:reopen", args=[cohort.pk])
    lead.post(reverse("training:register", args=[session.pk]), {"present": [full.pk]})
    assert url not in lead.get(page).content.decode()
    lead.post(reverse("training:complete", args=[cohort.pk]))
    assert url in lead.get(page).content.decode()
    form = lead.get(url).content.decode()
    assert enrolment.learner.name in form
    assert str(full.pk) not in form and str(waiting.pk) not in form
    nobody = lead.post(url, {"enrolments": []})
    assert (nobody.status_code, "Choose at least one learner who will" in nobody.content.decode()) == (422, True)
    assert "The cohort is open again" in lead.post(url, {"enrolments": [enrolment.pk]}, follow=True).content.decode()
    found = dict(Enrolment._base_manager.values_list("pk", "status"))
    assert found == {enrolment.pk: "enrolled", full.pk: "completed", waiting.pk: "dropped_out"}


def test_ending_an_enrolment_says_who_has_the_place_now(area, lead):
    cohort = CohortFactory(service_area=area, maximum=1)
    first, second = EnrolmentFactory(cohort=cohort), EnrolmentFactory(cohort=cohort, status="waiting")
    answer = lead.post(reverse("training:drop-out", args=[first.pk]), {"reason": "Moved away"}, follow=True)
    words = f"{first.learner.name} is taken off. {second.learner.name} has a place now."
    assert words in answer.content.decode()


def test_a_register_that_is_not_complete_is_said(lead, cohort, enrolment):
    answer = lead.post(reverse("training:complete", args=[cohort.pk]))
    assert answer.status_code == 422
    assert "is not complete" in answer.content.decode()


def test_create_a_course_a_cohort_and_a_learner(cast, lead):
    given = {"name": "Two-day facilitator", "kind": "facilitator", "days": "2", "maximum": "10"}
    assert lead.post(reverse("training:create-course"), given | {"makes_facilitators": "on"}).status_code == 302
    with acting_as(cast["training_lead"]):
        course = Course.objects.get()
    given = {
        "course": course.pk,
        "name": "Spring 2027",
        "maximum": "10",
        "starts_at_1": "9:30am",
        "ends_at_1": "4:30pm",
    }
    given |= {"held_on_1_day": "6", "held_on_1_month": "3", "held_on_1_year": "2027"}
    half = lead.post(reverse("training:create-cohort"), given | {"starts_at_2": "9:30am"})
    assert half.status_code == 422
    assert "Session 2 needs a date, a start and an end" in half.content.decode()
    assert lead.post(reverse("training:create-cohort"), given).status_code == 302
    learner = {"first_name": "Ana", "last_name": "Ruiz", "email": "ana@example.org"}
    assert lead.post(reverse("training:create-learner"), learner).status_code == 302
    with acting_as(cast["training_lead"]):
        assert Cohort.objects.get().sessions.count() == 1
        assert Learner.objects.get().name == "Ana Ruiz"


def test_filters_of_cohorts_and_learners(area, cast, lead, cohort, enrolment):
    awarded = AwardFactory(learner=LearnerFactory(service_area=area), course=cohort.course).learner
    done = CohortFactory(service_area=area, completed_at=timezone.now(), completed_by=cast["training_lead"])
    cohorts = {
        "": {cohort.pk},
        "?state=completed": {done.pk},
        "?state=all": {cohort.pk, done.pk},
        "?kind=trainer": set(),
    }
    for query, found in cohorts.items():
        page = lead.get(reverse("training:list") + query).context["page"]
        assert {row.pk for row in page.rows} == found
    learners = {"?state=enrolled": {enrolment.learner_id}, "?state=awarded": {awarded.pk}}
    for query, found in learners.items():
        page = lead.get(reverse("training:learners") + query).context["page"]
        assert {row.pk for row in page.rows} == found


@pytest.mark.parametrize(
    ("address", "label"), [("training:list", "Courses and cohorts"), ("training:learners", "Learners")]
)
def test_the_navigation_marks_one_place(lead, address, label):
    items = lead.get(reverse(address)).context["navigation"]
    assert [item["label"] for item in items if item["current"]] == [label]


def test_an_award_given_in_error_is_withdrawn_from_the_learner_s_page(area, lead, client, today):
    enrolment = EnrolmentFactory(cohort__service_area=area, passed=True)
    award = AwardFactory(
        learner=enrolment.learner, course=enrolment.cohort.course, enrolment=enrolment, awarded_on=today
    )
    own, withdraw = (
        reverse(f"training:{name}", args=[pk])
        for name, pk in (("learner", award.learner_id), ("withdraw-award", award.pk))
    )
    assert withdraw in lead.get(own).content.decode()
    assert lead.post(withdraw, {"reason": ""}).status_code == 422
    page = lead.post(withdraw, {"reason": "The result was another’s"}, follow=True).content.decode()
    assert "The award is withdrawn." in page
    assert "The result was another’s" in page
    for gone in (withdraw, reverse("training:certificate", args=[award.pk])):
        assert gone not in page
        assert lead.get(gone).status_code == 404
    assert "Withdrawn" in lead.get(reverse("training:awards") + "?state=withdrawn").content.decode()
    assert lead.get(reverse("training:awards") + "?state=current").context["page"].rows == []
    checked = client.post(reverse("training:check-certificate"), {"code": award.code}).content.decode()
    assert "Withdrawn: not valid" in checked
    assert "another’s" not in checked
    assert "Award given" not in lead.get(reverse("training:cohort", args=[enrolment.cohort_id])).content.decode()


@pytest.mark.parametrize(("days", "asks"), [(27, True), (28, False)])
def test_a_sum_is_asked_for_inside_the_clause_alone(cast, lead, area, today, days, asks):
    dates = {"signed_on": today, "starts_on": today, "year_ends_on": today + timedelta(days=364)}
    package = PackageFactory(service_area=area, status="running", signed_by=cast["training_lead"], **dates)
    cohort = CohortFactory(service_area=area, package=package)
    session = SessionFactory(cohort=cohort, held_on=today + timedelta(days=days))
    page = lead.get(reverse("training:cancel-session", args=[session.pk])).content.decode()
    assert ("What the provider asks for" in page) == asks
    assert ("Inside the clause" in page) == asks and ("Outside the clause" in page) != asks
