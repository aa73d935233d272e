"""Training as Stockton took it up (seed 000): a contract with its clauses, its courses, a full cohort with a waiting list, and
who was told how to refer. The provider and everybody in it are invented."""

from datetime import date, time, timedelta
from decimal import Decimal

from rj_service.accounts.acting import acting_as
from rj_service.accounts.models import LocalArea, Organisation, ServiceArea, User
from training import actions as training
from training.choices import Condition, Reach
from training.models import Cohort, Course, Enrolment, Learner, TrainingPackage

DAY, EVENING = (time(9, 30), time(16, 30)), (time(18, 0), time(20, 0))
TEAM = (
    ("Ingrid", "Dale", "Housing officer"), ("Callum", "Reeve", "Housing officer"), ("Bryony", "Hatch", "Community safety"),
    ("Desmond", "Oyelaran", "Community safety"), ("Maeve", "Corrigan", "Constable"), ("Piotr", "Lis", "Sergeant"),
    ("Shabnam", "Aziz", "Volunteer"), ("Gwen", "Pritchard", "Volunteer"), ("Theo", "Marsden", "Volunteer"),
    ("Orla", "Quinn", "Volunteer"), ("Rafe", "Holloway", "Volunteer"), ("Sunniva", "Berg", "Volunteer"),
    ("Elias", "Thorne", "Neighbourhood warden"),
)  # fmt: skip
CONTAINS = """A community briefing for up to 150 people
One day for up to 20, then two days for up to 10 of them as conference facilitators
Two days for successful facilitators to become trainers, with other neighbourhoods
Two days of follow-up coaching, and a pack for each facilitator"""
EVIDENCE = {
    Condition.IMPACT: "Community safety assessment, pages 4 to 9",
    Condition.SUPPORT: "Letters of the neighbourhood team, the council and the housing association",
    Condition.VOLUNTEERS: "Recruitment plan agreed by the partnership",
    Condition.YOUNG: "Youth club asked; two young people are interested",
    Condition.VENUES: "Civic centre and two church halls offered, refreshments by the council",
    Condition.TARGETS: "Twelve conferences or activities in the first year",
}


def show_package(*, area: ServiceArea, by: User, today: date) -> None:
    """Once: a second call changes nothing."""
    with acting_as(by):
        if TrainingPackage.objects.exists():
            return
        courses = {one.name: one for one in training.add_usual_courses(area=area, by=by)}
        package = _package(area, by, today)
        learners = _learners(area, by)
        _one_day(courses["One-day restorative approaches"], package, learners, by, today)
        _facilitators(courses["Two-day conference facilitator"], package, learners, by, today)
        _briefing(courses["Community briefing"], package, by, today)
        _told(area, by, today)


def _package(area: ServiceArea, by: User, today: date) -> TrainingPackage:
    terms = training.PackageTerms(
        name="Neighbourhood panels: training and support",
        provider="Common Ground Training",
        contact="Martin Vale, regional director",
        contains=CONTAINS,
        value=Decimal(10_000),
        agreed=12,
        counts_held=False,
    )
    package = training.create_package(area=area, terms=terms, by=by)
    for kind, words in EVIDENCE.items():
        given = {"is_met": True, "evidence": words, "shown_on": today - timedelta(days=320), "today": today, "by": by}
        training.record_condition(package=package, kind=kind, **given)
    for status in ("applied", "agreed"):
        training.move_package(package=package, status=status, by=by)
    signed = today - timedelta(days=300)
    training.sign_contract(package=package, signed_on=signed, starts_on=signed, today=today, by=by)
    training.move_package(package=package, status="running", by=by)
    for weeks, words, number in ((20, "Panels of the neighbourhood team", 4), (6, "Circles at the school", 3)):
        held_on = today - timedelta(weeks=weeks)
        training.record_activity(package=package, held_on=held_on, number=number, words=words, today=today, by=by)
    for days, words in ((3, "Agree dates for the trainer course"), (20, "Ask for the coaching days")):
        training.add_step(
            package=package, words=words, who="Steering group", due_on=today + timedelta(days=days), by=by
        )
    return package


def _learners(area: ServiceArea, by: User) -> list[Learner]:
    homes = {
        "Housing officer": "Fenside Homes",
        "Constable": "Neighbourhood policing",
        "Sergeant": "Neighbourhood policing",
    }
    organisations = {one.name: one for one in Organisation.objects.filter(service_area=area)}
    places = list(LocalArea.objects.filter(service_area=area)[:2])
    return [
        training.register_learner(
            area=area,
            first_name=first,
            last_name=last,
            email=f"{first}.{last}@example.org".lower() if number % 4 else "",
            organisation=organisations.get(homes.get(rank, "")),
            unit="Town team" if rank in homes else "",
            rank=rank,
            local_area=places[number % 2] if len(places) > 1 else None,
            by=by,
        )
        for number, (first, last, rank) in enumerate(TEAM)
    ]


def _one_day(course: Course, package, learners: list[Learner], by: User, today: date) -> None:
    """Held and completed; one learner was ill."""
    held_on = today - timedelta(days=60)
    cohort = _cohort(course, package, "first run", [(held_on, *DAY)], 20, by)
    enrolments = [training.enrol(cohort=cohort, learner=one, today=held_on, by=by) for one in learners]
    here = [one.pk for one in enrolments[:-1]]
    training.record_attendance(session=cohort.sessions.get(), present=here, today=held_on, by=by)
    training.complete_cohort(cohort=cohort, today=today, by=by)
    for number, enrolment in enumerate(Enrolment.objects.filter(pk__in=here[:6]).order_by("number")):
        answers = training.Answers(
            course_was="very_good" if number % 3 else "good",
            trainers_were="very_good",
            venue_was="fair" if number % 2 else "good",
            feels_ready=number % 3 != 0,
            words="More time for the role play" if number == 2 else "",
        )
        training.enter_feedback(enrolment=enrolment, answers=answers, by=by)


def _facilitators(course: Course, package, learners: list[Learner], by: User, today: date) -> None:
    """Full, with two who wait; the last free day of its first session is near."""
    first = today + timedelta(days=33)
    cohort = _cohort(course, package, "first run", [(first, *DAY), (first + timedelta(days=1), *DAY)], 10, by)
    homes = Organisation.objects.filter(service_area=course.service_area, name="Fenside Homes").first()
    if homes is not None:
        training.set_quota(cohort=cohort, organisation=homes, places=2, today=today, by=by)
    for learner in learners[:12]:
        training.enrol(cohort=cohort, learner=learner, today=today, by=by)


def _briefing(course: Course, package, by: User, today: date) -> None:
    held_on = today - timedelta(days=90)
    cohort = _cohort(course, package, "civic centre", [(held_on, *EVENING)], 150, by)
    heads = {"police": 14, "professionals": 22, "residents": 37, "schools": 6, "landlords": 9}
    training.count_heads(session=cohort.sessions.get(), heads=heads, today=today, by=by)
    homes = Organisation.objects.filter(service_area=course.service_area, name="Fenside Homes").first()
    place = LocalArea.objects.filter(service_area=course.service_area).order_by("name").first()
    for organisation, number in ((homes, 9), (None, 37)):
        where = {"organisation": organisation, "local_area": place, "heads": number}
        training.record_heads_from(session=cohort.sessions.get(), **where, by=by)
    training.complete_cohort(cohort=cohort, today=today, by=by)


def _cohort(course: Course, package, name: str, sessions, maximum: int, by: User) -> Cohort:
    cohort = training.create_cohort(
        course=course,
        name=name,
        place="Civic centre, room 2",
        trainers="Martin Vale and Asha Lind",
        maximum=maximum,
        sessions=sessions,
        package=package,
        costs=training.Costs(Decimal(120), Decimal(85)),
        by=by,
    )
    training.confirm_sessions(cohort=cohort, by=by)
    return cohort


def _told(area: ServiceArea, by: User, today: date) -> None:
    told = (
        ("Neighbourhood policing", Reach.BRIEFING, 140, 70, "Response teams"),
        ("Neighbourhood policing", Reach.PODCAST, 60, 30, "Control room"),
        ("Victims’ Hub", Reach.BRIEFING, 12, 120, ""),
        ("Fenside Homes", Reach.GUIDE, 25, 45, "Estate officers"),
    )
    for name, way, heads, ago, unit in told:
        organisation = Organisation.objects.filter(service_area=area, name=name).first()
        if organisation is not None:
            on = today - timedelta(days=ago)
            given = {"organisation": organisation, "way": way, "heads": heads, "unit": unit, "happened_on": on}
            training.record_briefed(area=area, **given, today=today, by=by)
