"""One decision, with the referral beside it; changes the referrer sent."""

from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from referrals import actions, forms, policy
from referrals.choices import ReferralStatus, Side
from referrals.models import ProposedChange, Referral
from referrals.views.queue import Row
from referrals.views.record import ReferralFormView, approaches_of
from referrals.views.somebody_known import somebody_known
from referrals.views.ways import missing_with, ways_of
from rj_service.accounts.errors import DomainError
from rj_service.accounts.views import GuardedActionView


class DecisionView(ReferralFormView):
    permission = "referrals.decide"
    form_class = forms.DecisionForm
    template_name = "referrals/decision.html"
    heading = "Decide on this referral"
    button = "Decide"
    success_message = "The decision is recorded"

    def get_queryset(self):
        return Referral.objects.all().casework_for(self.request.user).for_list(self.request.user).defer(None)

    def people_shown(self):
        main = [key for key in (self.object.person_harmed_id, self.object.person_responsible_id) if key]
        return [*main, *(person.pk for person in self.beside)]

    def get_initial(self):
        return {"seen": self.object.status}

    @cached_property
    def flags(self) -> list:
        return list(self.object.sensitive_flags.filter(cleared_at__isnull=True))

    @cached_property
    def beside(self) -> list:
        """Whoever is responsible beside the first."""
        return [one.person for one in self.object.also_responsible.all()]

    @property
    def closed_side(self) -> str:
        return next((side.label.lower() for side in Side if policy.is_closed_side(self.object, side)), "")

    def routed(self) -> dict:
        responsible = [self.object.person_responsible, *self.beside]
        kinds = [flag.kind for flag in self.flags]
        return ways_of(self.object, kinds=kinds, responsible=responsible, today=timezone.localdate())

    def get_form_kwargs(self):
        readers = [one.get_short_name() for one in actions.referrers_of(self.object)]
        is_waiting = self.object.status == ReferralStatus.INTERESTED
        return super().get_form_kwargs() | {"readers": readers, "is_waiting": is_waiting, "warning": missing_with}

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **kwargs,
            row=Row(self.object, timezone.localdate(), self.request.user.pk),
            flags=self.flags,
            beside=self.beside,
            routed=self.routed(),
            closed_side=self.closed_side,
            not_yet=policy.accept_block(self.object),
            approaches=approaches_of(self.object, self.request.user),
            somebody_known=somebody_known(self.object, self.request.user),
            back_url=reverse("referrals:detail", args=[self.object.pk]),
        )

    def form_valid(self, form):
        """Accepting opens a case: the cases' own page does both in one step, and is asked with the same words."""
        if form.cleaned_data["decision"] == forms.ACCEPT:
            return HttpResponseRedirect(reverse("cases:accept-referral", args=[self.object.pk]), status=307)
        return super().form_valid(form)

    def perform(self, form):
        data, by = form.cleaned_data, self.request.user
        common = {"referral": self.object, "by": by, "today": timezone.localdate(), "seen": data["seen"] or None}
        return {
            forms.INTERESTED: lambda: actions.hold_interested(
                **common,
                wishes_contact={"Y": True, "N": False}.get(data["wishes_contact"]),
                wish=data["wish"],
                next_check_on=data["next_check_on"],
            ),
            forms.HOLD: lambda: actions.put_on_hold(
                **common, until=data["hold_until"], note=data["hold_note"], question=data.get("hold_question", "")
            ),
            forms.ELSEWHERE: lambda: actions.refer_elsewhere(
                **common, to=data["referred_to"], note=data["elsewhere_note"]
            ),
            forms.DUPLICATE: lambda: actions.mark_duplicate(**common, of=self.other(data["duplicate_of"])),
            forms.NOT_ACCEPTED: lambda: actions.not_accept(
                **common, reason=data["not_accepted_reason"], note=data["decision_note"]
            ),
            forms.ERROR: lambda: actions.mark_entered_in_error(**common, note=data["error_note"]),
        }[data["decision"]]()

    def other(self, reference: str) -> Referral:
        found = Referral.objects.all().casework_for(self.request.user).filter(reference=reference).first()
        if found is None:
            raise DomainError("There is no referral with this reference that you may see", field="duplicate_of")
        return found

    def get_success_url(self):
        return reverse("referrals:list")


class ReopenView(GuardedActionView):
    permission = "referrals.decide"
    model = Referral
    success_message = "The referral is back in the queue"

    def get_queryset(self):
        return Referral.objects.all().casework_for(self.request.user)

    def perform(self):
        return actions.reopen(referral=self.object, by=self.request.user, today=timezone.localdate())

    def get_success_url(self):
        return reverse("referrals:detail", args=[self.object.pk])


class ChangeView(GuardedActionView):
    """One proposed change of a referral (`change`): `answer` is take or keep."""

    permission = "referrals.manage"
    model = Referral
    success_message = "The change is decided"

    def get_queryset(self):
        return Referral.objects.all().casework_for(self.request.user)

    def perform(self):
        number = self.request.POST.get("change", "")
        waiting = ProposedChange.objects.filter(referral=self.object)
        change = waiting.filter(pk=number).first() if number.isdecimal() and len(number) < 19 else None
        if change is None:
            raise DomainError("Choose one of the changes shown")
        return actions.decide_change(
            change=change,
            take_over=self.request.POST.get("answer") == "take",
            by=self.request.user,
            today=timezone.localdate(),
        )

    def get_success_url(self):
        return reverse("referrals:detail", args=[self.object.pk])
