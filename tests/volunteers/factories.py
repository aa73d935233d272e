"""Practitioners for tests: ready unless told otherwise."""

from datetime import date, time, timedelta

import factory

from rj_service.accounts.models import User
from rj_service.ui.dates import born_by
from tests.factories import RowFactory, ServiceAreaFactory, UserFactory
from tests.training.factories import AwardFactory, LearnerFactory
from volunteers import actions, models
from volunteers.choices import CheckKind, CheckStatus, Level, PractitionerKind, PractitionerStatus, SafeguardKind


class PractitionerFactory(RowFactory):
    class Meta:
        model = models.Practitioner

    service_area = factory.SubFactory(ServiceAreaFactory)
    learner = factory.SubFactory(LearnerFactory, service_area=factory.SelfAttribute("..service_area"))
    kind = PractitionerKind.COMMUNITY
    status = PractitionerStatus.ACTIVE
    level = Level.INTERMEDIATE
    created_by = factory.SubFactory(UserFactory)


class CheckFactory(RowFactory):
    class Meta:
        model = models.Check

    practitioner = factory.SubFactory(PractitionerFactory)
    kind = CheckKind.DBS_ENHANCED
    status = CheckStatus.CLEARED
    issued_on = date(2025, 1, 6)
    expires_on = date(2028, 1, 5)
    recorded_by = factory.SelfAttribute("practitioner.created_by")


class SupervisionFactory(RowFactory):
    class Meta:
        model = models.Supervision

    practitioner = factory.SubFactory(PractitionerFactory)
    held_on = date(2026, 11, 2)
    recorded_by = factory.SelfAttribute("practitioner.created_by")


class SafeguardFactory(RowFactory):
    class Meta:
        model = models.Safeguard

    practitioner = factory.SubFactory(PractitionerFactory)
    service_area = factory.SelfAttribute("practitioner.service_area")
    given_on = date(2026, 1, 5)
    recorded_by = factory.SelfAttribute("practitioner.created_by")


class AvailabilityFactory(RowFactory):
    class Meta:
        model = models.Availability

    practitioner = factory.SubFactory(PractitionerFactory)
    weekday = 1
    starts_at = time(18)
    ends_at = time(21)


def born_17_years_before(day: date) -> date:
    return born_by(day, 17)


def stood_down(practitioner, kind: str, *, by, today: date, **changed) -> models.StandDown:
    """On leave or suspended from today, by the act itself."""
    given = {"because": "Asked for it", "first_day": today, "review_on": today + timedelta(days=30)} | changed
    return actions.stand_down(practitioner=practitioner, kind=kind, today=today, by=by, **given)


def ready_practitioner(area, today: date, *, user: User | None = None, course=None, **fields) -> models.Practitioner:
    """Active, vetted, trained and supervised on `today`, with nothing about to end."""
    names = {"user": user, "first_name": user.first_name, "last_name": user.last_name} if user else {}
    learner = LearnerFactory(service_area=area, **names)
    practitioner = PractitionerFactory(service_area=area, learner=learner, **fields)
    dates = {"issued_on": today - timedelta(days=300), "expires_on": today + timedelta(days=300)}
    for kind in (CheckKind.DBS_ENHANCED, CheckKind.NPPV_2):
        CheckFactory(practitioner=practitioner, kind=kind, **dates)
    award = {"course": course} if course else {}
    AwardFactory(
        learner=learner,
        awarded_on=today - timedelta(days=300),
        expires_on=today + timedelta(days=300),
        recorded_by=practitioner.created_by,
        **award,
    )
    SupervisionFactory(practitioner=practitioner, held_on=today - timedelta(days=14))
    if not practitioner.is_adult_on(today):
        for kind in SafeguardKind:
            SafeguardFactory(practitioner=practitioner, kind=kind, given_on=today - timedelta(days=300))
    return practitioner
