"""Practitioners and training at a desk's and a phone's width: accessible, and nothing scrolls sideways."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.training.factories import (
    AttendanceFactory,
    CohortFactory,
    CourseFactory,
    EnrolmentFactory,
    LearnerFactory,
    SessionFactory,
)
from tests.volunteers.factories import AvailabilityFactory, PractitionerFactory, ready_practitioner

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.proof]


@pytest.fixture
def places(area, cast):
    """Addresses by name, with enough in them to be looked at."""
    today = timezone.localdate()
    volunteer = ready_practitioner(area, today, user=cast["practitioner"], level="advanced")
    AvailabilityFactory(practitioner=volunteer)
    away = {"weekday": None, "starts_at": None, "ends_at": None}
    AvailabilityFactory(practitioner=volunteer, away_from=today, away_until=today + timedelta(days=7), **away)
    ready_practitioner(area, today - timedelta(days=400), kind="special_constable")
    PractitionerFactory(
        service_area=area,
        learner=LearnerFactory(service_area=area, first_name="Tom", last_name="Adeyemi"),
        level="foundation",
    )
    course = CourseFactory(service_area=area, name="Two-day conference facilitator")
    cohort = CohortFactory(service_area=area, course=course, maximum=2)
    sessions = [SessionFactory(cohort=cohort, held_on=today - timedelta(days=days)) for days in (8, 7, 1)]
    for number, name in enumerate(("Ruiz", "Whitlock")):
        enrolment = EnrolmentFactory(cohort=cohort, learner=LearnerFactory(service_area=area, last_name=name))
        for session in sessions[: 3 - number]:
            AttendanceFactory(session=session, enrolment=enrolment)
    EnrolmentFactory(cohort=cohort, status="waiting")
    return {
        "list": reverse("volunteers:list"),
        "detail": reverse("volunteers:detail", args=[volunteer.pk]),
        "check": reverse("volunteers:check", args=[volunteer.pk]),
        "register-practitioner": reverse("volunteers:register", args=[enrolment.learner_id]),
        "cohorts": reverse("training:list"),
        "cohort": reverse("training:cohort", args=[cohort.pk]),
        "register": reverse("training:register", args=[sessions[0].pk]),
        "new-cohort": reverse("training:create-cohort"),
        "complete": reverse("training:complete", args=[cohort.pk]),
        "result": reverse("training:result", args=[enrolment.pk]),
        "courses": reverse("training:courses"),
        "learners": reverse("training:learners"),
        "learner": reverse("training:learner", args=[volunteer.learner_id]),
        "practice": reverse("volunteers:practice"),
        "compose-team": reverse("volunteers:compose-team"),
        "write-message": reverse("volunteers:write-message"),
        "agenda": reverse("cases:agenda", args=[volunteer.pk]),
        "leaving": reverse("cases:leaving", args=[volunteer.pk]),
        "extra-time": reverse("volunteers:extra-time", args=[volunteer.pk]),
        "wishes": reverse("volunteers:wishes", args=[volunteer.pk]),
        "me": reverse("volunteers:me"),
        "availability": reverse("volunteers:availability", args=[volunteer.pk]),
        "absence": reverse("volunteers:absence", args=[volunteer.pk]),
    }


OF_THE_PRACTITIONER = ("me", "availability", "absence", "extra-time", "wishes")


@pytest.mark.parametrize("role", ["coordinator", "practitioner"])
def test_pages_are_accessible_and_fit(cast, places, signed_in_page, assert_sound, role):
    page = signed_in_page(cast[role])
    for name, address in places.items():
        if (name in OF_THE_PRACTITIONER) == (role == "practitioner"):
            assert_sound(page, address)
