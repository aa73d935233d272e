"""Whom the people of a referral may be: records that look like theirs, and records that are theirs."""

from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse

from referrals import actions
from referrals.duplicates import WORDS
from referrals.models import Merge, Person, PossibleDuplicate, Referral
from rj_service.accounts.views import GuardedActionView, GuardedListView
from rj_service.ui.paging import capped_count, keyset


def reasons_in_words(pair: PossibleDuplicate) -> list[str]:
    return [WORDS[reason] for reason in pair.reasons.split() if reason in WORDS]


@dataclass(frozen=True)
class SomebodyKnown:
    """Of a pair the one who is not of this referral."""

    pair: PossibleDuplicate
    name: str
    own_name: str
    reasons: list[str]


def somebody_known(referral: Referral, user) -> list[SomebodyKnown]:
    """Who may be here already, the most likely first; nobody whom the user may not see."""
    if not user.may("referrals.decide", referral.service_area_id):
        return []
    own = actions.people_of(referral)
    pairs = PossibleDuplicate.objects.all().visible_to(user).open().about(own).select_related("person", "other")
    found = []
    for pair in pairs.order_by("-score", "-id"):
        mine, theirs = (pair.person, pair.other) if pair.person_id in own else (pair.other, pair.person)
        found.append(SomebodyKnown(pair, theirs.name, mine.name, reasons_in_words(pair)))
    return found


def one_person_with(referral: Referral, user) -> list[Person]:
    """The people of the referral who have another record that the user may see."""
    if not user.may("referrals.decide", referral.service_area_id):
        return []
    own = actions.people_of(referral)
    merges = Merge.objects.all().visible_to(user).in_force().filter(Q(one__in=own) | Q(other__in=own))
    joined = {key for pair in merges.values_list("one", "other") for key in pair}
    return list(Person.objects.filter(pk__in=joined & set(own)).order_by("created_at", "pk"))


class DuplicateListView(GuardedListView):
    permission = "referrals.decide"
    model = PossibleDuplicate
    template_name = "referrals/duplicates.html"

    def get_context_data(self, **kwargs):
        found = self.get_queryset().open()
        page = keyset(
            found,
            order=("-score", "-id"),
            after=self.request.GET.get("after"),
            show=lambda rows: rows.select_related("person", "other"),
        )
        self.log_list(page.rows, people=[key for pair in page.rows for key in (pair.person_id, pair.other_id)])
        return super().get_context_data(
            **kwargs,
            page=page,
            rows=[(pair, reasons_in_words(pair)) for pair in page.rows],
            total=capped_count(found),
            order_words="most likely first",
            crumbs=[("Referrals", reverse("referrals:list")), ("Possible duplicates", "")],
        )


class KeepApartView(GuardedActionView):
    permission = "referrals.decide"
    model = PossibleDuplicate
    pk_name = "pair"
    success_message = "They are not the same person. That is remembered"

    def perform(self):
        return actions.keep_apart(pair=self.object, by=self.request.user)

    def get_success_url(self):
        return reverse("referrals:duplicates")
