"""The assignment desk of one case in an area of many practitioners: milliseconds of the whole page, and statements.

    ./run services python benchmarks/assignment_desk.py [PRACTITIONERS]

Without a number it takes 5,000. Half of them are ready; the others lack one thing each. It works in a database of its own,
which is dropped at the end.
"""

import sys
import time
from contextlib import closing
from datetime import time as clock
from datetime import timedelta
from statistics import median

from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils import timezone

MANY, TIMES, GOAL = 5_000, 15, 300


def fill(area, by, number: int) -> None:
    """Each kind of readiness in turn; a third say when they are free, and all but one in five where they work."""
    from rj_service.accounts.models import LocalArea, User
    from tests.database import owner_connection
    from tests.training.factories import CourseFactory
    from training.models import Award, Learner
    from volunteers.models import Availability, Check, Practitioner, Supervision

    today = timezone.localdate()
    course = CourseFactory(service_area=area, makes_facilitators=True)
    places = [LocalArea.objects.create(service_area=area, name=f"District {one}") for one in range(20)]
    users = User.objects.bulk_create(User(email=f"{one}@example.org", password="!") for one in range(number))
    learners = Learner._base_manager.bulk_create(
        Learner(service_area=area, first_name="Ana", last_name=f"Number{one}", user=user)
        for one, user in enumerate(users)
    )
    levels = ("foundation", "intermediate", "advanced")
    people = Practitioner._base_manager.bulk_create(
        Practitioner(
            service_area=area,
            learner=learner,
            status="active",
            level=levels[at % 3],
            case_limit=at % 5 + 1,
            created_by=by,
        )
        for at, learner in enumerate(learners)
    )
    begun, ends = today - timedelta(days=300), today + timedelta(days=300)
    ended = today - timedelta(days=1)
    Check._base_manager.bulk_create(
        Check(
            practitioner=one,
            kind=kind,
            status="cleared",
            issued_on=begun,
            expires_on=ended if at % 8 == 1 and kind == "nppv_2" else ends,
            recorded_by=by,
        )
        for at, one in enumerate(people)
        for kind in ("dbs_enhanced", "nppv_2")
    )
    Award._base_manager.bulk_create(
        Award(learner=one, course=course, awarded_on=begun, expires_on=ends, recorded_by=by)
        for at, one in enumerate(learners)
        if at % 8 != 3
    )
    Supervision._base_manager.bulk_create(
        Supervision(practitioner=one, held_on=today - timedelta(weeks=14 if at % 8 == 5 else 2), recorded_by=by)
        for at, one in enumerate(people)
    )
    Availability._base_manager.bulk_create(
        Availability(practitioner=one, weekday=day, starts_at=clock(18), ends_at=clock(21))
        for one in people[::3]
        for day in range(5)
    )
    through = Practitioner.local_areas.through
    through.objects.bulk_create(
        through(practitioner=one, localarea=places[at % 20]) for at, one in enumerate(people) if at % 5
    )
    with closing(owner_connection()) as owner, owner.cursor() as cursor:
        cursor.execute("vacuum analyze")


def main(number: int) -> int:
    from cases.models import Case, Intervention
    from rj_service.accounts.acting import acting_as
    from rj_service.accounts.models import LocalArea
    from rj_service.accounts.roles import Role
    from tests.cases.conftest import open_one
    from tests.cast import sign_in
    from tests.database import test_database
    from tests.factories import ServiceAreaFactory, member

    settings.ALLOWED_HOSTS = ["testserver"]
    with test_database():
        area = ServiceAreaFactory(slug="large", name="Large")
        coordinator = member(Role.COORDINATOR, area)
        today = timezone.localdate()
        fill(area, coordinator, number)
        case = open_one(area, coordinator, today)
        with acting_as(coordinator):
            Case.objects.filter(pk=case.pk).update(local_area=LocalArea.objects.filter(service_area=area)[3])
            Intervention.objects.create(
                case=case,
                model="shuttle_mediation",
                planned_for=timezone.now() + timedelta(days=3),
                planned_by=coordinator,
            )
        client, address = sign_in(coordinator), reverse("cases:assignment-desk", args=[case.pk])
        client.get(address)
        caught: list[tuple[float, str]] = []

        def note(execute, sql, params, many, context):
            began = time.monotonic()
            try:
                return execute(sql, params, many, context)
            finally:
                caught.append(((time.monotonic() - began) * 1000, sql))

        with connection.execute_wrapper(note):
            client.get(address)
        took = []
        for _ in range(TIMES):
            began = time.monotonic()
            answer = client.get(address)
            took.append((time.monotonic() - began) * 1000)
            assert answer.status_code == 200
        desk = answer.context["candidates"]
        groups = ", ".join(f"{part.name} {part.number:,}" for part in desk.parts)
        print(
            f"{number:,} practitioners ({groups}): median {median(took):.0f} ms, "
            f"fastest of {TIMES} {min(took):.0f} ms, slowest {max(took):.0f} ms,"
        )
        print(f"{len(caught)} statements, {sum(one for one, _ in caught):.0f} ms of them in the database")
        if "-v" in sys.argv:
            for took_it, sql in sorted(caught, reverse=True)[:4]:
                print(f"{took_it:.0f} ms", sql)
        return int(median(took) > GOAL)


if __name__ == "__main__":
    import django
    from django.test.utils import setup_test_environment

    django.setup()
    setup_test_environment()
    sizes = [int(size.replace(",", "")) for size in sys.argv[1:] if size[0].isdigit()] or [MANY]
    sys.exit(main(*sizes))
