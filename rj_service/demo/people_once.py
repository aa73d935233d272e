"""People who are here twice: most are compared, some are one person, some are not."""

from datetime import date
from random import Random

from cases import actions as cases
from referrals import actions as referrals
from referrals.models import Merge, PossibleDuplicate
from rj_service.accounts.acting import acting_as
from rj_service.accounts.models import User

REASON = "Spoke with them: it is the same person"


def answer_some(*, by: User, second: User, today: date) -> None:
    """Of the pairs that wait, as their names decide. The second person confirms what was proposed a month before, so that the
    newest wait for somebody to try it."""
    with acting_as(second):
        for merge in Merge.objects.all().visible_to(second).waiting():
            cases.confirm_merge(merge=merge, by=second, today=today)
    for pair in PossibleDuplicate.objects.open().select_related("person", "other").order_by("-score", "id"):
        chance = Random(f"{pair.person.name} {pair.other.name} {pair.reasons}").random()
        if chance < 0.45:
            cases.propose_merge(pair=pair, reason=REASON, keep={}, by=by, today=today)
        elif chance < 0.6:
            referrals.keep_apart(pair=pair, by=by)
