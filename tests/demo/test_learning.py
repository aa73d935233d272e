"""What the demonstration shows of training, each played in an area of its own."""

from django.utils import timezone

from rj_service.accounts.acting import acting_as
from rj_service.accounts.models import ServiceArea
from rj_service.demo.cast import ORGANISATIONS
from rj_service.demo.courses import show_courses
from rj_service.demo.learning import show_package
from tests.factories import OrganisationFactory
from training.models import Award, Cohort, Enrolment, Feedback, TrainingPackage


def test_stockton_s_package_is_shown_once(cast, area):
    today = timezone.localdate()
    for _ in range(2):
        show_package(area=area, by=cast["training_lead"], today=today)
    with acting_as(cast["training_lead"]):
        package = TrainingPackage.objects.with_figures().get()
        assert (package.status, package.delivered, package.agreed) == ("running", 7, 12)
        full = Cohort.objects.with_places().get(course__kind="facilitator")
        assert (full.enrolled, full.waiting) == (10, 2)
        assert Enrolment.objects.filter(status="completed").count() == 12
        assert Feedback.objects.exclude(answered_at=None).count() == 6


def _show_twice(cast, area) -> None:
    for name, kind in ORGANISATIONS.items():
        OrganisationFactory(service_area=area, name=name, kind=kind)
    for _ in range(2):
        show_courses(area=area, by=cast["training_lead"], today=timezone.localdate())


def test_cambridgeshire_s_courses_are_cohorts(cast, area):
    """Seed 003 section 8: four awareness days, a practitioner course and more planned, the Hub's own two hours, recruits."""
    _show_twice(cast, area)
    with acting_as(cast["training_lead"]):
        cohorts = Cohort.objects.with_places()
        numbers = {kind: cohorts.filter(course__kind=kind).count() for kind in ("awareness", "practitioner", "bespoke")}
        assert numbers == {"awareness": 4, "practitioner": 3, "bespoke": 1}
        full = cohorts.get(course__kind="practitioner", name="winter")
        assert (full.enrolled, full.waiting) == (12, 2)
        assert {cohorts.filter(course__kind=kind).exists() for kind in ("recruits", "officers")} == {True}
        hub = Enrolment.objects.filter(cohort__course__kind="bespoke").values_list(
            "learner__organisation__kind", flat=True
        )
        assert set(hub) == {"victims_hub"}


def test_durham_s_volunteers_pass_the_level_3_programme(cast, area):
    ServiceArea.objects.filter(pk=area.pk).update(slug="durham")
    area.refresh_from_db()
    _show_twice(cast, area)
    with acting_as(cast["training_lead"]):
        awards = Award.objects.filter(course__kind="development")
        assert awards.count() == 3
        assert set(awards.values_list("course__awarding_body", "course__level")) == {("One Awards", "Level 3")}
