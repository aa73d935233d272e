"""Where a practitioner goes, what they speak and can, and what they would rather not do."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models.functions import Now

from rj_service.accounts.errors import DomainError
from rj_service.accounts.models import User
from rj_service.audit.actions import record
from volunteers import events
from volunteers.actions.locking import locked_for_time
from volunteers.choices import CaseKind, Language, Skill, Travels
from volunteers.models import Practitioner, Wishes


@transaction.atomic
def say_wishes(
    *,
    practitioner: Practitioner,
    travels: str,
    outward_code: str = "",
    drives: bool = False,
    languages: Sequence[str] = (),
    skills: Sequence[str] = (),
    rather_not: Sequence[str] = (),
    by: User,
) -> Wishes:
    """Replaces what was said before. `outward_code`: the first half of a postcode, like PE28."""
    practitioner = locked_for_time(practitioner, by)
    outward_code = outward_code.upper().strip()
    if outward_code and not (2 <= len(outward_code) <= 4 and outward_code.isalnum()):
        raise DomainError("Enter the first half of the postcode alone, like PE28", field="outward_code")
    if travels == Travels.DISTRICT and not outward_code:
        raise DomainError("Enter the first half of the postcode, so that near is known", field="outward_code")
    known = {"languages": (languages, Language), "skills": (skills, Skill), "rather_not": (rather_not, CaseKind)}
    for name, (given, choices) in known.items():
        if not set(given) <= set(choices.values):
            raise DomainError("Choose from the list", field=name)
    said = {
        "travels": Travels(travels),
        "outward_code": outward_code,
        "drives": drives,
        "said_by": by,
        **{name: sorted(given) for name, (given, _) in known.items()},
    }
    wishes, _ = Wishes.objects.update_or_create(practitioner=practitioner, defaults={**said, "said_at": Now()})
    record(events.WISHES_SAID, by=by, on=practitioner)
    return wishes
