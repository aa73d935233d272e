"""Live proceedings: who is about to type is told before that it may have to be disclosed (domain 2.16.3)."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from cases.models import Case, Participant
from referrals.choices import LIVE_STAGES, LegalBarKind
from referrals.models import LegalBar

MAY_BE_DISCLOSED = (
    "There are live criminal proceedings. What you write may have to be disclosed, to the defence too: facts only, no address or"
    " phone number."
)


def has_live_proceedings(case: Case, people: Iterable[Participant], today: dt.date) -> bool:
    """By the stage of the incident, or by what is recorded about these people: the agreement of the officer in the case does not
    end them."""
    if case.referral.incident.justice_stage in LIVE_STAGES:
        return True
    recorded = LegalBar.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=today),
        kind=LegalBarKind.LIVE_PROCEEDINGS,
        person__in=[one.person_id for one in people],
        starts_on__lte=today,
    )
    return recorded.exists()


class MayBeDisclosed:
    """A form in which words about somebody are typed. Goes before `CaseForm`. It knows of the sides that its user may see."""

    case: Case
    people: list[Participant]
    today: dt.date

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        live = has_live_proceedings(self.case, self.people, self.today)
        return super().get_context_data(**{"read_first": MAY_BE_DISCLOSED if live else "", **kwargs})  # type: ignore[misc]
