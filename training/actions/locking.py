"""Every act on a cohort locks the cohort first, so that places are counted once and given once; on a contract, the contract."""

from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from rj_service.accounts.models import User
from training import policy
from training.choices import ENROLMENT_TRANSITIONS, EnrolmentStatus
from training.models import Cohort, Enrolment, TrainingPackage


def locked(cohort: Cohort) -> Cohort:
    found = Cohort.objects.select_related("course__prerequisite", "package").select_for_update(of=("self",))
    return found.get(pk=cohort.pk)


def locked_package(package: TrainingPackage) -> TrainingPackage:
    return TrainingPackage.objects.select_for_update().get(pk=package.pk)


def require_management(by: User, area_id) -> None:
    if not policy.can_manage(by, area_id):
        raise NotAllowed("A training lead, a coordinator or a service manager can do this.")


def require_open(cohort: Cohort) -> None:
    if cohort.completed_at is not None:
        raise DomainError("This cohort is completed. Its register is closed")


def move(enrolment: Enrolment, status: str) -> None:
    if status not in ENROLMENT_TRANSITIONS[enrolment.status]:
        words = EnrolmentStatus(enrolment.status).label.lower()
        raise StaleState(f"{enrolment.learner.name} is {words} already. Nothing was done twice")
    enrolment.status = status
