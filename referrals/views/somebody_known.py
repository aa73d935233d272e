"""Whom the people of a referral may be: records that look like theirs, and records that are theirs."""

from dataclasses import dataclass
from typing import ClassVar

from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import localdate

from referrals import actions, policy
from referrals.duplicates import WORDS
from referrals.filters import DuplicateFilter
from referrals.models import Merge, Person, PossibleDuplicate, Referral
from referrals.views.queue import NAME_INSIDE
from rj_service.accounts.views import GuardedActionView, GuardedListView
from rj_service.ui.paging import capped_count

WAITING_SHOWN = 25


def reasons_in_words(pair: PossibleDuplicate) -> list[str]:
    return [WORDS[reason] for reason in pair.reasons.split() if reason in WORDS]


@dataclass(frozen=True)
class SomebodyKnown:
    """Of a pair the one who is not of this referral."""

    pair: PossibleDuplicate
    name: str
    own_name: str
    reasons: list[str]

    @property
    def waits(self) -> bool:
        return self.pair.answer == PossibleDuplicate.Answer.PROPOSED


def somebody_known(referral: Referral, user) -> list[SomebodyKnown]:
    """Who may be here already, the most likely first; nobody whom the user may not see."""
    if not user.may("referrals.decide", referral.service_area_id):
        return []
    own = actions.people_of(referral)
    pairs = PossibleDuplicate.objects.all().visible_to(user).about(own)
    offered = (pairs.open() | pairs.proposed()).select_related("person", "other")
    found = []
    for pair in offered.order_by("-score", "-id"):
        mine, theirs = (pair.person, pair.other) if pair.person_id in own else (pair.other, pair.person)
        found.append(SomebodyKnown(pair, theirs.name, mine.name, reasons_in_words(pair)))
    return found


def one_person_with(referral: Referral, user) -> list[Person]:
    """The people of the referral who have another record that the user may see."""
    if not user.may("referrals.decide", referral.service_area_id):
        return []
    own = actions.people_of(referral)
    merges = Merge.objects.all().visible_to(user).confirmed().filter(Q(one__in=own) | Q(other__in=own))
    joined = {key for pair in merges.values_list("one", "other") for key in pair}
    return list(Person.objects.filter(pk__in=joined & set(own)).order_by("created_at", "pk"))


class DuplicateListView(GuardedListView):
    permission = "referrals.decide"
    model = PossibleDuplicate
    template_name = "referrals/duplicates.html"
    heading = "Possible duplicates"
    thing = "pair"
    empty = "Nobody looks like somebody else. Likely pairs stand here after an import or a new referral."
    filter_class = DuplicateFilter
    order = ("-score", "-id")
    order_words = "most likely first"
    columns: ClassVar = {
        "One": lambda row: row.name,
        "Other": lambda row: row.other_name,
        "Why": lambda row: ", ".join(row.reasons),
        "Found": lambda row: localdate(row.pair.found_at),
    }

    def narrowed(self):
        return self.get_queryset().open()

    def show(self, rows):
        return rows.for_list()

    def row_of(self, found):
        return Alike(found)

    def people_on(self, found):
        named = ((found.person_is_restricted, found.person_id), (found.other_is_restricted, found.other_id))
        return [key for is_restricted, key in named if not is_restricted]

    def get_context_data(self, **kwargs):
        crumbs = [("Referrals", reverse("referrals:list")), ("Possible duplicates", "")]
        waiting = self.waiting()
        if waiting:
            pairs = [row.pair for row in waiting]
            self.log_list(pairs, people=[key for pair in pairs for key in self.people_on(pair)], kind="list")
            kwargs["waiting_number"] = capped_count(self.get_queryset().proposed())
        return super().get_context_data(**kwargs, waiting=waiting, crumbs=crumbs)

    def waiting(self) -> list["Proposed"]:
        """Taken for one person and not confirmed yet, the longest first."""
        found = list(self.get_queryset().proposed().for_list().order_by("answered_at", "id")[:WAITING_SHOWN])
        merges = Merge.objects.all().waiting().filter(one__in=[pair.person_id for pair in found])
        of_pair = {(one.one_id, one.other_id): one for one in merges.select_related("proposed_by")}
        rows = [(pair, of_pair.get((pair.person_id, pair.other_id))) for pair in found]
        return [Proposed(pair, merge, self.request.user) for pair, merge in rows if merge]


class Alike:
    """A pair as a row. In a list, the names of a restricted referral are shown inside only."""

    def __init__(self, pair: PossibleDuplicate) -> None:
        self.pair = pair

    @property
    def name(self) -> str:
        return NAME_INSIDE if self.pair.person_is_restricted else self.pair.person.name

    @property
    def other_name(self) -> str:
        return NAME_INSIDE if self.pair.other_is_restricted else self.pair.other.name

    @property
    def reasons(self) -> list[str]:
        return reasons_in_words(self.pair)


class Proposed(Alike):
    """One that waits for a second person: by whom, and whether the reader may be the second."""

    def __init__(self, pair: PossibleDuplicate, merge: Merge, user) -> None:
        super().__init__(pair)
        self.merge, self.may_confirm = merge, policy.can_confirm_merge(user, merge)


class KeepApartView(GuardedActionView):
    permission = "referrals.decide"
    model = PossibleDuplicate
    pk_name = "pair"
    success_message = "They are not the same person. That is remembered"

    def perform(self):
        return actions.keep_apart(pair=self.object, by=self.request.user)

    def get_success_url(self):
        return reverse("referrals:duplicates")
