"""What is taught. Every course is data; the usual ones are offered to an area that begins."""

from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction

from rj_service.accounts.errors import DomainError
from rj_service.accounts.models import ServiceArea, User
from rj_service.audit.actions import record
from training import events
from training.actions.locking import require_management
from training.choices import CourseKind, Needs
from training.models import Cohort, Course

MOST_AT_A_BRIEFING, MOST_AT_ONE_DAY, MOST_FACILITATORS = 150, 20, 10


@dataclass(frozen=True)
class Usual:
    """A course as an area may begin with it; afterwards it is theirs to change. `after`: the name of the one before."""

    name: str
    kind: str
    days: Decimal
    maximum: int
    hours: Decimal | None = None
    after: str = ""
    prerequisite_needs: str = Needs.ATTENDED
    makes_facilitators: bool = False
    trains_to_refer: bool = False
    counts_heads: bool = False
    takes_other_areas: bool = False
    cpd_hours: Decimal | None = None
    cpd_approved: bool = False
    awarding_body: str = ""
    level: str = ""


ONE_DAY, TWO_DAY = "One-day restorative approaches", "Two-day conference facilitator"
# Seed 000 paragraph 2.4; seed 003 paragraphs 8.1 to 8.4; seed 002 paragraph 19.
USUAL = (
    Usual("Community briefing", CourseKind.BRIEFING, Decimal("0.25"), MOST_AT_A_BRIEFING, hours=Decimal(2),
          counts_heads=True, trains_to_refer=True),
    Usual(ONE_DAY, CourseKind.AWARENESS, Decimal(1), MOST_AT_ONE_DAY, trains_to_refer=True, cpd_hours=Decimal(6)),
    Usual(TWO_DAY, CourseKind.FACILITATOR, Decimal(2), MOST_FACILITATORS, after=ONE_DAY, makes_facilitators=True,
          cpd_hours=Decimal(12)),
    Usual("Two-day trainer", CourseKind.TRAINER, Decimal(2), MOST_FACILITATORS, after=TWO_DAY,
          prerequisite_needs=Needs.AWARDED, takes_other_areas=True, cpd_hours=Decimal(12)),
    Usual("Follow-up coaching", CourseKind.COACHING, Decimal(2), MOST_FACILITATORS, after=TWO_DAY, cpd_hours=Decimal(12)),
    Usual("Awareness foundation", CourseKind.AWARENESS, Decimal(1), MOST_AT_ONE_DAY, trains_to_refer=True,
          cpd_hours=Decimal(6)),
    Usual("Three-day practitioner", CourseKind.PRACTITIONER, Decimal(3), 12, makes_facilitators=True,
          cpd_hours=Decimal(18)),
    Usual("Two-hour bespoke session", CourseKind.BESPOKE, Decimal("0.25"), MOST_AT_ONE_DAY, hours=Decimal(2),
          trains_to_refer=True, cpd_hours=Decimal(2)),
    Usual("Facilitator Development Programme", CourseKind.DEVELOPMENT, Decimal(3), 12, makes_facilitators=True,
          awarding_body="One Awards", level="Level 3", cpd_hours=Decimal(18)),
    Usual("Briefing for officers", CourseKind.OFFICERS, Decimal("0.25"), MOST_AT_A_BRIEFING, hours=Decimal(1),
          counts_heads=True, trains_to_refer=True),
    Usual("New recruits", CourseKind.RECRUITS, Decimal("0.25"), 60, hours=Decimal(2), counts_heads=True,
          trains_to_refer=True),
)  # fmt: skip


@transaction.atomic
def create_course(*, area: ServiceArea, name: str, kind: str, days, maximum: int, by: User, **rest: Any) -> Course:
    """`rest`: the other fields of a course, by their names."""
    require_management(by, area.pk)
    _require_free_name(area, name)
    _require_own(rest.get("prerequisite"), area)
    course = Course.objects.create(service_area=area, name=name, kind=kind, days=days, maximum=maximum, **rest)
    record(events.COURSE_CREATED, by=by, on=course, detail={"kind": kind, "maximum": maximum})
    return course


@transaction.atomic
def change_course(*, course: Course, by: User, **given: Any) -> Course:
    """Cohorts that are open keep their places: the maximum cannot go below them."""
    require_management(by, course.service_area_id)
    course = Course.objects.select_for_update().get(pk=course.pk)
    if given["name"].casefold() != course.name.casefold():
        _require_free_name(course.service_area, given["name"])
    _require_own(given.get("prerequisite"), course.service_area)
    if _comes_before(course, given.get("prerequisite")):
        raise DomainError("A course cannot come before itself", field="prerequisite")
    widest = max(Cohort.objects.open().filter(course=course).values_list("maximum", flat=True), default=0)
    if given["maximum"] < widest:
        raise DomainError(f"An open cohort has {widest} places. Lower those first", field="maximum")
    for name, value in given.items():
        setattr(course, name, value)
    course.save(update_fields=list(given))
    record(events.COURSE_CHANGED, by=by, on=course, detail={"maximum": course.maximum})
    return course


@transaction.atomic
def add_usual_courses(*, area: ServiceArea, by: User) -> list[Course]:
    """Those whose names are not taken yet; a second call adds nothing."""
    require_management(by, area.pk)
    here = {course.name.casefold(): course for course in Course.objects.filter(service_area=area)}
    made = []
    for usual in USUAL:
        if usual.name.casefold() in here:
            continue
        given = asdict(usual)
        before = here.get(given.pop("after").casefold())
        course = create_course(area=area, prerequisite=before, by=by, **given)
        here[course.name.casefold()] = course
        made.append(course)
    return made


def _require_free_name(area: ServiceArea, name: str) -> None:
    if Course.objects.filter(service_area=area, name__iexact=name).exists():
        raise DomainError(f"There is a course with the name {name} already", field="name")


def _require_own(prerequisite: Course | None, area: ServiceArea) -> None:
    if prerequisite and prerequisite.service_area_id != area.pk:
        raise DomainError("Choose a course of this area", field="prerequisite")


def _comes_before(course: Course, prerequisite: Course | None) -> bool:
    while prerequisite is not None:
        if prerequisite.pk == course.pk:
            return True
        prerequisite = prerequisite.prerequisite
    return False
