"""The demo's facilitators: trained through courses, vetted, and two of them with something that has run out."""

from collections.abc import Iterator
from datetime import date, time, timedelta

from rj_service.accounts.models import LocalArea, Membership, ServiceArea, User
from rj_service.accounts.roles import Role
from rj_service.demo.cast import SINCE
from training import actions as training
from training.choices import CourseKind
from training.models import Course, Learner
from volunteers import actions as volunteers
from volunteers.choices import (
    CheckKind,
    CheckStatus,
    Language,
    Level,
    PractitionerKind,
    PractitionerStatus,
    Skill,
    Travels,
)
from volunteers.models import Practitioner

# The first two by the names of the usual courses (seed 003 paragraph 8.1).
AWARENESS, FACILITATOR, SENSITIVE = "Awareness foundation", "Three-day practitioner", "Sensitive and complex cases"
OTHERS = (
    ("Tom", "Adeyemi", Level.ADVANCED),
    ("Marek", "Nowak", Level.INTERMEDIATE),
    ("Hannah", "Strand", Level.INTERMEDIATE),
    ("Yusuf", "Ahmed", Level.FOUNDATION),
    ("Carys", "Evans", Level.ADVANCED),
    ("Kofi", "Lewis", Level.INTERMEDIATE),
)
RUNG = "Kofi"
HOMES = {"cambridgeshire": ("CB4", "PE28", "PE13"), "durham": ("DH1", "DL1", "DL5")}
LASTS = timedelta(days=3 * 365)  # a check, until it is renewed
_DAY = (time(9, 30), time(16, 30))


def train_practitioners(*, area: ServiceArea, cast: dict[str, User], manager: User, start: date, today: date) -> None:
    """Courses and one cohort before `start`, then a practitioner each: those of the cast, the coordinators, and others."""
    courses = _courses(area, manager)
    learners = _learners(area, cast, manager)
    places = list(LocalArea.objects.filter(service_area=area, parent=None).order_by("name"))
    for index, course in enumerate(courses):
        _hold_cohort(course, learners, manager, start - timedelta(days=80 - 20 * index))
    for number, (learner, level, kind) in enumerate(learners):
        local_areas = [places[(number + step) % len(places)] for step in range(2)]
        practitioner = _make_ready(
            learner, level, kind, local_areas, manager, start, today, lapsed=number == 4, ends_soon=number == 3
        )
        _at_home(practitioner, number, manager)


def _courses(area: ServiceArea, by: User) -> list[Course]:
    awareness = training.create_course(area=area, name=AWARENESS, kind=CourseKind.AWARENESS, days=1, maximum=20, by=by)
    facilitator = training.create_course(
        area=area,
        name=FACILITATOR,
        kind=CourseKind.PRACTITIONER,
        days=3,
        maximum=12,
        prerequisite=awareness,
        makes_facilitators=True,
        by=by,
    )
    sensitive = training.create_course(
        area=area,
        name=SENSITIVE,
        kind=CourseKind.SENSITIVE,
        days=2,
        maximum=12,
        prerequisite=facilitator,
        by=by,
    )
    return [awareness, facilitator, sensitive]


def _learners(area: ServiceArea, cast: dict[str, User], by: User) -> list[tuple[Learner, str, str]]:
    people = [(user, level, kind) for user, level, kind in _staff(area, cast)]
    learners = [
        (_learner(area, user.first_name, user.last_name, user, by), level, kind) for user, level, kind in people
    ]
    others = OTHERS if len(people) > 2 else OTHERS[4:]
    return learners + [
        (_learner(area, first, last, _account(area, first, last), by), level, PractitionerKind.COMMUNITY)
        for first, last, level in others
    ]


def _account(area: ServiceArea, first: str, last: str) -> User | None:
    """Of everybody but one, whom coordinators ring."""
    if first == RUNG:
        return None
    email = f"{first}.{last}.{area.slug}@example.org".lower()
    user = User.objects.create_user(email, None, first_name=first, last_name=last)
    Membership.objects.create(user=user, role=Role.PRACTITIONER, service_area=area, started_on=SINCE)
    return user


def _staff(area: ServiceArea, cast: dict[str, User]):
    if area.slug == "durham":
        return [(cast["other_coordinator"], Level.ADVANCED, PractitionerKind.SERVICE_STAFF)]
    return [
        (cast["coordinator"], Level.ADVANCED, PractitionerKind.SERVICE_STAFF),
        (cast["practitioner"], Level.ADVANCED, PractitionerKind.COMMUNITY),
        (cast["second_practitioner"], Level.INTERMEDIATE, PractitionerKind.SPECIAL_CONSTABLE),
    ]


def _learner(area, first, last, user, by) -> Learner:
    email = user.email if user else f"{first}.{last}@example.org".lower()
    return training.register_learner(area=area, first_name=first, last_name=last, email=email, user=user, by=by)


def _hold_cohort(course: Course, learners, by: User, first_day: date) -> None:
    sessions = [(first_day + timedelta(days=index), *_DAY) for index in range(int(course.days))]
    cohort = training.create_cohort(
        course=course,
        name=f"{first_day:%B %Y}",
        place="Parish rooms, St Ives",
        maximum=min(course.maximum, 12),
        sessions=sessions,
        by=by,
    )
    training.confirm_sessions(cohort=cohort, by=by)
    enrolments = [training.enrol(cohort=cohort, learner=learner, today=first_day, by=by) for learner, *_ in learners]
    last_day = sessions[-1][0]
    for session in cohort.sessions.all():
        training.record_attendance(session=session, present=[one.pk for one in enrolments], today=last_day, by=by)
    training.complete_cohort(cohort=cohort, today=last_day, by=by)
    for enrolment in enrolments:
        training.record_result(enrolment=enrolment, passed=True, decided_on=last_day, today=last_day, by=by)


def _make_ready(
    learner, level, kind, local_areas, by, start: date, today: date, *, lapsed: bool, ends_soon: bool
) -> Practitioner:
    practitioner = volunteers.register_practitioner(
        learner=learner, kind=kind, case_limit=60, local_areas=local_areas, by=by
    )
    volunteers.change_status(practitioner=practitioner, status=PractitionerStatus.VETTING, by=by)
    shown = "Portfolio and observed practice, seen by the case supervisor"
    volunteers.set_level(practitioner=practitioner, level=level, because=shown, today=today, by=by)
    ends = today - timedelta(days=1) if lapsed else today + timedelta(days=20 if ends_soon else 500)
    for check, until in ((CheckKind.DBS_ENHANCED, today + timedelta(days=700)), (CheckKind.NPPV_2, ends)):
        for issued_on, expires_on in _one_after_another(start - timedelta(days=30), until, today):
            volunteers.record_check(
                practitioner=practitioner,
                kind=check,
                status=CheckStatus.CLEARED,
                reference=f"REF-{learner.last_name[:3].upper()}",
                issued_on=issued_on,
                expires_on=expires_on,
                today=today,
                by=by,
            )
    for status in (PractitionerStatus.INDUCTION, PractitionerStatus.TRAINEE, PractitionerStatus.ACTIVE):
        volunteers.change_status(practitioner=practitioner, status=status, today=start, by=by)
    for weeks_back in range((today - start).days // 7 + 3, 0, -10):
        held_on = today - timedelta(weeks=weeks_back)
        volunteers.record_supervision(
            practitioner=practitioner,
            held_on=held_on,
            agreed="Preparation is going well. Write up each meeting within three days.",
            next_on=held_on + timedelta(weeks=10),
            today=today,
            by=by,
        )
    volunteers.set_availability(
        practitioner=practitioner, times=[(1, time(17, 0), time(20, 0)), (5, time(10, 0), time(14, 0))], by=by
    )
    return practitioner


def _one_after_another(first: date, last: date, today: date) -> Iterator[tuple[date, date]]:
    """First and last day of checks that are renewed in time; a Hub's file may be from years ago."""
    while (renewed := first + LASTS - timedelta(days=30)) < today and renewed < last:
        yield first, first + LASTS
        first = renewed
    yield first, last


def _at_home(practitioner: Practitioner, number: int, by: User) -> None:
    """What they said of themselves when they were rung."""
    outward_code = HOMES[practitioner.service_area.slug][number % 3]
    volunteers.say_wishes(
        practitioner=practitioner,
        travels=Travels.DISTRICT if number % 3 == 0 else Travels.AREA,
        outward_code=outward_code,
        drives=number % 2 == 0,
        languages=[Language.POLISH] if number % 4 == 0 else [],
        skills=[Skill.NEIGHBOURS, Skill.ONLINE][: number % 3],
        by=by,
    )
