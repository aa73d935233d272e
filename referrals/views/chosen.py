"""One act with several referrals of a list: what is chosen stands on a page of its own before anything is done."""

from functools import cached_property
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from referrals import actions
from referrals.forms.chosen import GiveForm, HoldForm, TakeForm
from referrals.models import Referral
from referrals.views.queue import ListRow, people_shown_of
from rj_service.accounts.errors import DomainError
from rj_service.accounts.views import GuardedFormView
from rj_service.ui.references import spoken

TAKE, GIVE, HOLD = "take", "give", "hold"
# Act -> what the page is called, its button, its form.
ACTS = {
    TAKE: ("Take these referrals", "Take them", TakeForm),
    GIVE: ("Give these referrals to a colleague", "Give them", GiveForm),
    HOLD: ("Put these referrals on hold", "Put them on hold", HoldForm),
}
MOST = 25  # a page of the list


class ChosenView(GuardedFormView):
    """Each is done by itself: what cannot be done is named, and the rest stays done."""

    permission = "referrals.decide"
    template_name = "referrals/chosen.html"
    http_method_names = ["post", "options"]

    @property
    def act(self) -> str:
        asked = self.request.POST.get("act", "")
        if asked not in ACTS:
            raise Http404
        return asked

    @cached_property
    def chosen(self) -> list[Referral]:
        """In the order of the list; only those that the user may read whole."""
        keys = [key for key in map(_uuid, self.request.POST.getlist("chosen")[:MOST]) if key]
        seen = Referral.objects.all().casework_for(self.request.user).for_list(self.request.user).in_bulk(keys)
        return [seen[key] for key in dict.fromkeys(keys) if key in seen]

    def get_form_class(self):
        return ACTS[self.act][2]

    def get_form_kwargs(self):
        kwargs = super().get_form_kwargs()
        if "confirmed" not in self.request.POST:
            kwargs.pop("data"), kwargs.pop("files")
        if self.act == GIVE:
            kwargs["colleagues"] = actions.deciders(self.acting.service_area_id)
        return kwargs

    def post(self, request, *args, **kwargs):
        self.act  # noqa: B018 (an act that there is not)
        if not self.chosen:
            messages.error(request, "Choose at least one referral")
            return HttpResponseRedirect(self.get_success_url())
        if "confirmed" in request.POST:
            return super().post(request, *args, **kwargs)
        people = [key for referral in self.chosen for key in people_shown_of(referral)]
        self.read(kind="list", label=Referral._meta.label_lower, ids=[one.pk for one in self.chosen], people=people)
        return self.render_to_response(self.get_context_data())

    def form_valid(self, form):
        done, refused = 0, []
        for referral in self.chosen:
            try:
                with transaction.atomic():
                    self.perform_on(referral, form.cleaned_data)
                done += 1
            except DomainError as error:
                refused.append(f"{spoken(referral.reference)}: {error.message}")
        if done:
            messages.success(self.request, f"Done with {done} referral{'' if done == 1 else 's'}")
        for words in refused:
            messages.error(self.request, words)
        return HttpResponseRedirect(self.get_success_url())

    def perform_on(self, referral: Referral, asked: dict) -> None:
        by, today = self.request.user, timezone.localdate()
        if self.act == TAKE:
            actions.take_referral(referral=referral, by=by, today=today)
        elif self.act == GIVE:
            actions.give_referral(referral=referral, by=by, today=today, **asked)
        else:
            actions.put_on_hold(referral=referral, by=by, today=today, **asked)

    def get_success_url(self) -> str:
        return reverse("referrals:list")

    def get_context_data(self, **kwargs):
        heading, button, _ = ACTS[self.act]
        today, user = timezone.localdate(), self.request.user
        return super().get_context_data(
            heading=heading,
            button=button,
            act=self.act,
            rows=[ListRow(referral, today, user.pk) for referral in self.chosen],
            back_url=self.get_success_url(),
            **kwargs,
        )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
