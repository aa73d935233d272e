"""What the demonstration shows of training, played in an area of its own."""

from django.utils import timezone

from rj_service.accounts.acting import acting_as
from rj_service.demo.learning import show_training
from training.models import Cohort, Enrolment, Feedback, TrainingPackage


def test_training_is_shown_once(cast, area):
    today = timezone.localdate()
    for _ in range(2):
        show_training(area=area, by=cast["training_lead"], today=today)
    with acting_as(cast["training_lead"]):
        package = TrainingPackage.objects.with_figures().get()
        assert (package.status, package.delivered, package.agreed) == ("running", 7, 12)
        full = Cohort.objects.with_places().get(course__kind="facilitator")
        assert (full.enrolled, full.waiting) == (10, 2)
        assert Enrolment.objects.filter(status="completed").count() == 12
        assert Feedback.objects.exclude(answered_at=None).count() == 6
