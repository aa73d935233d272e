"""Search: the words are posted and kept, so that no name stands in an address; going back shows the same again."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from referrals import actions, forms, sent
from referrals.models import Referral
from referrals.views.queue import ListRow, people_shown_of
from rj_service.accounts.views import GuardedDetailView, GuardedFormView
from rj_service.lists.models import Search
from rj_service.lists.searching import keep_search


class SearchView(GuardedFormView):
    permission = "referrals.search"
    form_class = forms.SearchForm
    template_name = "referrals/search.html"

    def perform(self, form):
        return keep_search(words=form.cleaned_data["words"], by=self.request.user)

    def get_success_url(self):
        return reverse("referrals:found", args=[self.result.pk])


class FoundView(GuardedDetailView):
    permission = "referrals.search"
    model = Search
    template_name = "referrals/search.html"

    def get(self, request, *args, **kwargs):
        """One row of the log says which referrals were shown, and whom."""
        self.found = actions.find(self.object.words, by=request.user)
        self.rows = self._of_referrer() if request.user.may("referrals.view_own") else self._of_casework()
        self.read(
            kind="search",
            label=Referral._meta.label_lower,
            ids=list(self.found.why),
            people=[key for row in self.rows for key in row["people"]],
        )
        return self.render_to_response(self.get_context_data())

    def _in_order(self, rows) -> list[Referral]:
        whole = {row.pk: row for row in rows.filter(pk__in=self.found.why)}
        return [whole[key] for key in self.found.why if key in whole]

    def _of_casework(self) -> list[dict[str, Any]]:
        user, today = self.request.user, timezone.localdate()
        seen = Referral.objects.all().visible_to(user).for_list(user).select_related("case")
        return [
            {
                "row": ListRow(referral, today, user.pk),
                "referral": referral,
                "case": getattr(referral, "case", None),
                "why": self.found.why[referral.pk],
                "people": people_shown_of(referral),
            }
            for referral in self._in_order(seen)
        ]

    def _of_referrer(self) -> list[dict[str, Any]]:
        seen = Referral.objects.all().visible_to(self.request.user).as_sent()
        return [
            {
                "about": sent.about(sent.words_sent(referral)),
                "referral": referral,
                "why": self.found.why[referral.pk],
                "people": sent.people_named(referral),
            }
            for referral in self._in_order(seen)
        ]

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            form=forms.SearchForm(initial={"words": self.object.words}),
            words=self.object.words,
            rows=self.rows,
            is_cut=self.found.is_cut,
            most=actions.searching.MOST,
            **kwargs,
        )
