"""People who are here twice: most are compared, some are one person, some are not."""

from datetime import date
from random import Random

from cases import actions as cases
from referrals import actions as referrals
from referrals.models import PossibleDuplicate
from rj_service.accounts.models import User


def answer_some(*, by: User, today: date) -> None:
    """Of the pairs that wait, as their referrals' references decide; the rest wait on, for somebody to try it."""
    for pair in PossibleDuplicate.objects.open().select_related("person", "other").order_by("-score", "id"):
        chance = Random(f"{pair.person.name} {pair.other.name} {pair.reasons}").random()
        if chance < 0.45:
            cases.merge_people(pair=pair, keep={}, by=by, today=today)
        elif chance < 0.6:
            referrals.keep_apart(pair=pair, by=by)
