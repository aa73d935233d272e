"""What an area teaches beside Stockton: Cambridgeshire's programme (seed 003 section 8) and Durham's Level 3 (seed 002
paragraph 19). Everybody named is invented."""

from collections.abc import Iterable, Sequence
from datetime import date, time, timedelta

from rj_service.accounts.acting import acting_as
from rj_service.accounts.models import Organisation, ServiceArea, User
from training import actions as training
from training.choices import EnrolmentStatus, Reach
from training.models import Cohort, Course, Enrolment, Learner

DAY, EVENING = (time(9, 30), time(16, 30)), (time(18, 0), time(20, 0))
# Name, organisation, rank. Paragraph 8.1: the Constabulary, the commissioner's office, youth justice, the panel, probation.
PEOPLE = (
    ("Elin", "Marsh", "Neighbourhood policing", "Sergeant"),
    ("Jarek", "Wolny", "Neighbourhood policing", "Constable"),
    ("Tess", "Holborn", "Neighbourhood policing", "PCSO"),
    ("Ruth", "Ansell", "Commissioner’s office", "Policy officer"),
    ("Dominic", "Frost", "Youth Justice Service", "Case manager"),
    ("Amara", "Nwosu", "Youth Justice Service", "Case manager"),
    ("Gerald", "Pike", "Probation unit", "Offender manager"),
    ("Lowri", "Beynon", "Haven", "Volunteer"),
    ("Samir", "Haddad", "Haven", "Volunteer"),
    ("Connie", "Blythe", "Haven", "Volunteer"),
    ("Viktor", "Lund", "Fenside Homes", "Housing officer"),
    ("Moira", "Kell", "Victims’ Hub", "Victim care coordinator"),
    ("Deepa", "Rao", "Victims’ Hub", "Victim care coordinator"),
    ("Owen", "Sharpe", "Victims’ Hub", "Victim care coordinator"),
)
HUB = "Victims’ Hub"


def show_courses(*, area: ServiceArea, by: User, today: date) -> None:
    """Once: a second call changes nothing."""
    with acting_as(by):
        if Cohort.objects.filter(sessions__held_on__gt=today).exists():
            return
        training.add_usual_courses(area=area, by=by)
        courses = {course.name: course for course in Course.objects.filter(service_area=area)}
        people = _people(area, by)
        if area.slug == "durham":
            _level_three(courses, people, by, today)
        else:
            _programme(courses, people, by, today)
            _told(area, by, today)


def _people(area: ServiceArea, by: User) -> list[Learner]:
    homes = {one.name: one for one in Organisation.objects.filter(service_area=area)}
    return [
        training.register_learner(
            area=area,
            first_name=first,
            last_name=last,
            email=f"{first}.{last}@example.org".lower(),
            organisation=homes[home],
            rank=rank,
            by=by,
        )
        for first, last, home, rank in PEOPLE
    ]


def _programme(courses: dict[str, Course], people: list[Learner], by: User, today: date) -> None:
    """Four awareness days, of which one is still to come; the bespoke session of the Hub; the next practitioner course, full,
    and two more; two hours for new recruits and a briefing of the control room."""
    awareness, practitioner = courses["Awareness foundation"], courses["Three-day practitioner"]
    for name, days_ago, who in (("first", 150, people[:5]), ("second", 120, people[5:10]), ("third", 90, people[10:])):
        _held(awareness, f"{name} day", today - timedelta(days=days_ago), who, by)
    _planned(awareness, "fourth day", today + timedelta(days=40), 1, 20, (), by, today)
    hub = [one for one in people if one.organisation and one.organisation.name == HUB]
    _held(courses["Two-hour bespoke session"], HUB, today - timedelta(days=80), hub, by)
    # 12 places, 14 who ask
    full = _planned(practitioner, "winter", today + timedelta(days=30), 3, 12, people, by, today)
    training.set_quota(cohort=full, organisation=hub[0].organisation, places=3, today=today, by=by)
    for name, weeks in (("spring", 14), ("summer", 26)):
        _planned(practitioner, name, today + timedelta(weeks=weeks), 3, 12, (), by, today)
    for course, name, days_ago, heads in (
        ("New recruits", "autumn intake", 45, {"police": 24}),
        ("Briefing for officers", "control room", 70, {"police": 31}),
    ):
        held = _cohort(courses[course], name, [(today - timedelta(days=days_ago), *EVENING)], 60, by)
        training.count_heads(session=held.sessions.get(), heads=heads, today=today, by=by)
        training.complete_cohort(cohort=held, today=today, by=by)
    _planned(courses["New recruits"], "winter intake", today + timedelta(days=18), 1, 60, (), by, today)


def _level_three(courses: dict[str, Course], people: list[Learner], by: User, today: date) -> None:
    """The Facilitator Development Programme: one cohort held, whose volunteers passed, and one with places left."""
    course = courses["Facilitator Development Programme"]
    volunteers = [one for one in people if one.rank == "Volunteer"]
    held = _held(course, "Newton Aycliffe", today - timedelta(days=60), volunteers, by)
    for enrolment in Enrolment.objects.filter(cohort=held, status=EnrolmentStatus.COMPLETED):
        training.record_result(enrolment=enrolment, passed=True, decided_on=today, today=today, by=by)
    _planned(course, "Darlington", today + timedelta(days=36), 3, 12, people[:6], by, today)


def _held(course: Course, name: str, first_day: date, who: Sequence[Learner], by: User) -> Cohort:
    days = max(1, int(course.days))
    cohort = _cohort(course, name, [(first_day + timedelta(days=n), *DAY) for n in range(days)], course.maximum, by)
    last_day = first_day + timedelta(days=days - 1)
    here = [training.enrol(cohort=cohort, learner=one, today=first_day, by=by).pk for one in who]
    for session in cohort.sessions.all():
        training.record_attendance(session=session, present=here, today=last_day, by=by)
    training.complete_cohort(cohort=cohort, today=last_day, by=by)
    return cohort


def _planned(
    course: Course, name: str, first_day: date, days: int, maximum: int, who: Iterable[Learner], by: User, today: date
) -> Cohort:
    cohort = _cohort(course, name, [(first_day + timedelta(days=n), *DAY) for n in range(days)], maximum, by)
    for learner in who:
        training.enrol(cohort=cohort, learner=learner, today=today, by=by)
    return cohort


def _cohort(course: Course, name: str, sessions, maximum: int, by: User) -> Cohort:
    cohort = training.create_cohort(
        course=course,
        name=name,
        place="Headquarters, training room 1",
        trainers="Asha Lind",
        maximum=maximum,
        sessions=sessions,
        by=by,
    )
    training.confirm_sessions(cohort=cohort, by=by)
    return cohort


def _told(area: ServiceArea, by: User, today: date) -> None:
    """Frontline officers, specials and the control room; a podcast for those who were absent (paragraph 8.3)."""
    told = (
        ("Neighbourhood policing", Reach.BRIEFING, 140, 70, "Response teams"),
        ("Neighbourhood policing", Reach.GUIDE, 60, 64, "Special constables"),
        ("Neighbourhood policing", Reach.PODCAST, 30, 30, "Control room"),
        ("Fenside Homes", Reach.GUIDE, 25, 45, "Estate officers"),
    )
    for name, way, heads, days_ago, unit in told:
        organisation = Organisation.objects.get(service_area=area, name=name)
        on = today - timedelta(days=days_ago)
        given = {"organisation": organisation, "way": way, "heads": heads, "unit": unit, "happened_on": on}
        training.record_briefed(area=area, **given, today=today, by=by)
