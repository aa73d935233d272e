"""Journeys: from a contract to certificates with a waiting list; the register by phone; a session cancelled 27 days before."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from rj_service.ui.templatetags.ui import day
from tests.browser import DESK, EITHER_WIDTH, PHONE
from tests.training.factories import (
    CohortFactory,
    CourseFactory,
    EnrolmentFactory,
    LearnerFactory,
    PackageFactory,
    SessionFactory,
)
from training.choices import Condition
from training.models import Attendance, Award, Enrolment, Exposure, Session, TrainingMail, TrainingPackage

pytestmark = pytest.mark.django_db(transaction=True)
TO_TAKE = 3  # screens, from the home to the register that is saved


@pytest.mark.proof
@pytest.mark.parametrize("width", [DESK, PHONE])
def test_from_a_contract_to_certificates(visitor, area, cast, width):
    """Journey 7: two places, four learners, of whom one asks on a phone; the waiting list moves up in its order, and a
    certificate is for who attended and passed."""
    LearnerFactory(service_area=area, user=cast["practitioner"], first_name="Pat", last_name="Wren")
    today = timezone.localdate()
    lead = visitor(cast["training_lead"], width).open("/").follow("Packages").follow("Record a package")
    said = {"Name of the package": "Panels", "Provider": "Common Ground", "Who pays for it?": "Free of charge"}
    lead.answer(said | {"Conferences or activities agreed for the first 12 months": 12}).press("Save this package")
    lead.follow("Move it on").answer({"Where does it stand now?": "Applied"}).press("Move it on")
    for condition in Condition:
        lead.follow(condition.label).answer({"Is this so?": "Yes", "What shows it": "Minutes"}).press(
            "Save", within="main"
        )
    lead.reads("6 of 6 shown").follow("Move it on")
    lead.answer({"Where does it stand now?": "Agreed"}).press("Move it on")
    lead.open(reverse("training:courses")).press("Add the usual courses").reads("11 courses are added")
    lead.open(reverse("training:create-cohort")).answer(
        {
            "Course": "Awareness foundation",
            "Name of the cohort": "Spring",
            "Places": 2,
            "Place": "Hall",
            "Package that it is part of": "Panels",
        }
    )
    later = today + timedelta(days=30)
    lead.answer({"Session 1: date": later, "Session 1: starts": "9:30am", "Session 1: ends": "4:30pm"})
    lead.press("Create this cohort").reads("is not signed")
    cohort = lead.page.url
    package = TrainingPackage._base_manager.get()
    lead.open(reverse("training:package", args=[package.pk])).follow("The contract is signed")
    lead.press("Record the signature").reads("Contract signed", "0 of 12")
    lead.open(cohort).follow("Confirm the sessions").press("Confirm the sessions and send the dates").reads("Confirmed")
    for name in ("Ana", "Bea", "Cy"):
        lead.open(reverse("training:create-learner")).answer({"First name": name, "Last name": "Reed"})
        lead.press("Register this learner")
        lead.open(cohort).follow("Enrol a learner").answer({"Name": f"{name.lower()} ree"}).press("Find by name")
        lead.follow(f"{name} Reed").press("Enrol this learner")
    lead.reads("Cy Reed is number 1 on the waiting list", "Tell them yourself")
    pat = visitor(cast["practitioner"], PHONE if width == DESK else DESK)
    _waits_and_moves_up(lead, pat, cohort)
    Session._base_manager.update(held_on=today)  # the day has come
    _held(lead.open(cohort))
    assert [(one.learner.first_name, one.status, one.passed) for one in _by_name()] == [
        ("Ana", "dropped_out", None),
        ("Bea", "enrolled", None),
        ("Cy", "enrolled", None),
        ("Pat", "enrolled", None),
    ]
    for name, result, read in (("Bea", "Passed", "Award given"), ("Cy", "Not passed", "Not passed")):
        lead.open(cohort).follow(f"Record the result of {name}").answer({"Result": result})
        lead.press("Record this result").reads(read)
    assert "Record the result of Pat" not in lead.page.content(), "was not there"
    award = Award._base_manager.get()
    assert award.learner.first_name == "Bea", "who attended and passed; attending alone is not enough"
    _says_how_it_was(lead, pat, cast["practitioner"], cohort)
    lead.open(cohort).follow("Complete this cohort").press("Complete this cohort", within="main").reads("Completed")
    lead.open(reverse("training:learner", args=[award.learner_id]))
    assert lead.download("Certificate").read_bytes().startswith(b"%PDF")
    stranger = visitor(None, PHONE).open(reverse("training:check-certificate"))
    stranger.answer({"Code of the certificate": award.code}).press("Check").reads("Valid", "Awareness foundation")
    assert "Reed" not in stranger.words
    for address in ("today", "awards", "trained-to-refer", "trained-by-place", "record-briefed", "learners"):
        lead.open(reverse(f"training:{address}"))


def _by_name():
    return Enrolment._base_manager.select_related("learner").order_by("learner__first_name")


def _waits_and_moves_up(lead, pat, cohort) -> None:
    """A practitioner asks on their own phone; a place more goes to who waited first, a place given up to the next."""
    pat.open(reverse("volunteers:me")).follow("Courses that you can ask for").reads("Full, 1 waiting")
    pat.press("Ask for a place").reads("You are number 2 on the waiting list")
    lead.open(cohort).follow("Change the places").answer({"Places": 3}).press("Save", within="main")
    lead.reads("Cy Reed has a place now").follow("End the enrolment of Ana")
    lead.answer({"Why did they drop out?": "Moved away"}).press("End this enrolment").reads("Pat Wren has a place now")
    pat.open(pat.page.url).reads("You have a place")


def _held(lead) -> None:
    """Two are there and one is not; one has a pack."""
    lead.follow("Take the register").answer({"Bea Reed": True, "Cy Reed": True}).press("Save the register")
    lead.reads("Attended in full", "Not here").follow("Record who was given a pack")
    lead.answer({"Bea Reed": True}).press("Save", within="main")


def _says_how_it_was(lead, pat, user, cohort) -> None:
    lead.open(cohort).follow("Feedback").reads("Nobody has answered yet").press("Ask everybody").reads(
        "0 answered, 3 asked"
    )
    own = Enrolment._base_manager.get(learner__user=user)
    pat.open(reverse("training:own-feedback", args=[own.pk])).reads("Your name is not shown with your answers")
    pat.answer({"How was the course?": "Good", "Anything else?": "More time"}).press("Send my answers")
    lead.open(lead.page.url).reads("1 answered, 3 asked", "More time")


@pytest.mark.proof
@pytest.mark.parametrize("width", [PHONE, DESK])
def test_the_register_by_phone(visitor, area, cast, width, record_property):
    """Journey 8: ten learners, from the home, with a thumb."""
    cohort = CohortFactory(service_area=area)
    SessionFactory(cohort=cohort, held_on=timezone.localdate())
    names = [f"Learner{number}" for number in range(10)]
    for name in names:
        learner = LearnerFactory(service_area=area, first_name="Ana", last_name=name)
        EnrolmentFactory(cohort=cohort, learner=learner)
    lead = visitor(cast["training_lead"], width).open("/").reads("Register owed").follow("Open")
    lead.answer({f"Ana {name}": True for name in names[:9]}).press("Save the register")
    record_property("measured", f"screens at {width}: {lead.screens} from the home to the saved register")
    assert lead.screens <= TO_TAKE
    assert Attendance._base_manager.filter(attended=True).count() == 9
    assert Attendance._base_manager.filter(attended=False).count() == 1


@pytest.mark.proof
@pytest.mark.parametrize("width", EITHER_WIDTH)
def test_a_session_is_cancelled_27_days_before(visitor, area, cast, width):
    """Journey 9: what it may cost is said before, more than the ceiling is refused, and a session stands in its place. The
    session of 28 days beside it costs nothing, and asks for no sum."""
    today, by = timezone.localdate(), cast["training_lead"]
    dates = {"signed_on": today, "starts_on": today, "year_ends_on": today + timedelta(days=364)}
    package = PackageFactory(service_area=area, status="running", signed_by=by, **dates)
    course = CourseFactory(service_area=area, name="Two-day facilitator")
    cohort = CohortFactory(service_area=area, course=course, package=package)
    for days in (27, 28):
        SessionFactory(cohort=cohort, held_on=today + timedelta(days=days))
    EnrolmentFactory(cohort=cohort, learner__email="ana@example.org")
    lead = visitor(by, width).open(reverse("training:cohort", args=[cohort.pk]))
    lead.reads(
        "Cancelling it now exposes up to £3,000", "Today is the last day on which it can be cancelled without exposure"
    )
    lead.follow("Cancel")
    lead.reads("Inside the clause", "27 days", "£3,000.00")
    why = {"Why it is cancelled": "The trainer is ill", "What the provider asks for": "3000.01"}
    lead.answer(why).press("Cancel this session", within="main", status=422).reads("at most £3,000.00 in all")
    lead.answer({"What the provider asks for": "500"}).press("Cancel this session", within="main").reads("Cancelled")
    lead.follow("Add a session, or one that makes up").answer(
        {"Date": today + timedelta(days=60), "Starts": "9:30am", "Ends": "4:30pm"}
    )
    lead.page.get_by_label("Stands in for").select_option(index=1)
    lead.press("Add this session").reads("Stands in for", "Planned")
    lead.follow(f"Cancel the session of {day(today + timedelta(days=28))}").reads("Outside the clause", "28 days")
    assert "What the provider asks for" not in lead.text
    lead.answer({"Why it is cancelled": "The hall is flooded"}).press("Cancel this session", within="main")
    lead.open(reverse("training:package", args=[package.pk])).reads("£500.00 so far, £2,500.00 left")
    exposure = Exposure._base_manager.get()
    assert (exposure.amount, exposure.session.held_on) == (500, today + timedelta(days=27))
    cancelled = Session._base_manager.filter(cancelled_on=today).order_by("held_on")
    assert [one.cancelled_because for one in cancelled] == ["The trainer is ill", "The hall is flooded"]
    assert Session._base_manager.get(cancelled_on=None).makes_up_for.held_on == today + timedelta(days=27)
    assert Enrolment._base_manager.get().status == "enrolled"
    assert TrainingMail._base_manager.count() == 2, "Ana is sent the dates each time"
