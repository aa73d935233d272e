"""What a sensitive case asks for: a supervisor, a specialist, a sign-off; and holding a case."""

from datetime import date

from cases.models import Case
from rj_service.accounts.models import User


def set_supervisor(*, case: Case, supervisor: User | None, by: User, today: date) -> Case:
    """The supervisor holds the role of case supervisor in the area; they see the case from then on."""
    raise NotImplementedError


def hand_over(*, case: Case, coordinator: User, by: User, today: date) -> Case:
    """Another coordinator or manager of the area takes the case."""
    raise NotImplementedError


def record_specialist_consulted(*, case: Case, who: str, consulted_on: date, by: User, today: date) -> Case:
    """An IDVA, ISVA or other specialist. Can never be overridden."""
    raise NotImplementedError


def sign_off_case(*, case: Case, by: User, today: date) -> Case:
    """By the supervisor of the case or a service manager, never by its coordinator. A flag raised later asks again."""
    raise NotImplementedError


def hold_case(*, case: Case, by: User, today: date) -> Case:
    """Nothing may be arranged while on hold; arranged interventions have to be moved first."""
    raise NotImplementedError


def resume_case(*, case: Case, by: User, today: date) -> Case:
    raise NotImplementedError
