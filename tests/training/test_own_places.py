"""A practitioner asks for a place, waits, and gives it up."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from rj_service.notifications.models import Notification
from tests.training.factories import AwardFactory, CohortFactory, EnrolmentFactory, LearnerFactory, SessionFactory
from training.models import Enrolment


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def learner(area, cast):
    return LearnerFactory(service_area=area, user=cast["practitioner"])


@pytest.fixture
def cohort(area, today):
    cohort = CohortFactory(service_area=area, maximum=1)
    SessionFactory(cohort=cohort, held_on=today + timedelta(days=1))
    return cohort


@pytest.fixture
def own(cast, signed_in):
    return signed_in(cast["practitioner"])


def offered(client) -> list:
    return [row.pk for row in client.get(reverse("training:offered")).context["page"].rows]


def test_a_place_is_asked_for_and_given_up_and_the_first_who_waits_has_it(cast, own, learner, cohort):
    ask = reverse("training:ask-for-place", args=[cohort.pk])
    assert "You have a place" in own.post(ask, follow=True).content.decode()
    assert "Nothing was done twice" in own.post(ask, follow=True).content.decode()
    waiting = EnrolmentFactory(cohort=cohort, status="waiting", number=2)
    mine = Enrolment._base_manager.get(learner=learner)
    give_up = reverse("training:give-up", args=[mine.pk])
    assert own.post(give_up, {}).status_code == 422
    assert own.post(give_up, {"reason": "I am away"}).url == reverse("training:offered")
    waiting.refresh_from_db()
    assert waiting.status == "enrolled"
    assert Notification.objects.filter(user=cast["training_lead"], kind="training_due").count() == 1
    assert "number 1 on the waiting list" in own.post(ask, follow=True).content.decode()


@pytest.mark.parametrize(
    ("days", "planned", "is_offered"), [(1, False, True), (0, False, False), (-1, False, False), (9, True, False)]
)
def test_offered_is_what_is_confirmed_and_to_come(area, own, learner, today, days, planned, is_offered):
    cohort = CohortFactory(service_area=area)
    confirmation = {"confirmed_at": None, "confirmed_by": None} if planned else {}
    SessionFactory(cohort=cohort, held_on=today + timedelta(days=days), **confirmation)
    assert offered(own) == ([cohort.pk] if is_offered else [])
    answer = own.post(reverse("training:ask-for-place", args=[cohort.pk]))
    assert answer.status_code == (302 if is_offered else 404)


def test_another_area_s_course_is_not_offered(other_area, own, learner, today):
    cohort = CohortFactory(service_area=other_area)
    SessionFactory(cohort=cohort, held_on=today + timedelta(days=9))
    assert offered(own) == []
    assert own.post(reverse("training:ask-for-place", args=[cohort.pk])).status_code == 404


def test_the_same_course_again_is_for_the_lead_to_decide(own, learner, cohort):
    AwardFactory(learner=learner, course=cohort.course, expires_on=None)
    page = own.post(reverse("training:ask-for-place", args=[cohort.pk]), follow=True).content.decode()
    assert "holds the award" in page
    assert not Enrolment._base_manager.exists()


def test_a_place_is_not_given_up_once_the_course_has_begun(own, learner, cohort, today):
    mine = EnrolmentFactory(cohort=cohort, learner=learner)
    cohort.sessions.model._base_manager.update(held_on=today)
    answer = own.post(reverse("training:give-up", args=[mine.pk]), {"reason": "Away"})
    assert (answer.status_code, "has begun" in answer.content.decode()) == (422, True)
