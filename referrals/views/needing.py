"""What somebody needs: the newest assessment and the earlier ones, who supports them, and what only few may read."""

from functools import cached_property
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from referrals import actions, policy
from referrals.choices import Side
from referrals.forms.needing import ConditionsForm, NeedsForm, SupportEndForm, SupportForm
from referrals.models import Conditions, NeedsAssessment, OnwardSupport, Referral
from referrals.models.needing import from_codes
from referrals.views.about_person import PersonPage, newest_needs
from referrals.views.record import PersonFormView, ReferralFormView
from rj_service.ui.references import spoken

VERSIONS = 10


class NeedsView(PersonPage):
    permission = "referrals.view"
    template_name = "referrals/needs.html"

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        user, about = self.request.user, {"person": self.person, "referral": self.object}
        versions = NeedsAssessment.objects.filter(**about).select_related("assessed_by")
        found = list(versions.order_by("-recorded_at", "-id")[:VERSIONS])
        support = OnwardSupport.objects.filter(**about).select_related("recorded_by")
        return super().get_context_data(
            current=next(iter(found), None),
            earlier=found[1:],
            support=[(one, self.address("note-support", one.pk)) for one in support.order_by("-referred_on", "-id")],
            can_manage=policy.can_manage(user, self.object),
            can_see_conditions=Referral.objects.all().conditions_open_to(user).filter(pk=self.object.pk).exists(),
            crumbs=[
                ("Referrals", reverse("referrals:list")),
                (spoken(self.object.reference), reverse("referrals:detail", args=[self.object.pk])),
                ("Needs", ""),
            ],
            **kwargs,
        )


class OfNeeds(PersonFormView):
    abstract = True

    def get_success_url(self) -> str:
        return self.address("needs")

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        return super().get_context_data(**{"back_url": self.get_success_url(), **kwargs})


class AssessNeedsView(OfNeeds):
    permission = "referrals.manage"
    form_class = NeedsForm
    template_name = "referrals/assess_needs.html"
    heading = "Assess what they need"
    lead = (
        "By what makes them vulnerable, whatever happened. The level is yours, with your reason: nothing computes it."
    )
    button = "Save the assessment"
    success_message = "The assessment is saved. The earlier ones stay"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"has_rights": self.side == Side.HARMED}

    def get_initial(self):
        before = newest_needs(self.person, self.object)
        today = {"assessed_on": timezone.localdate(), "communication_needs": self.person.communication_needs}
        if before is None:
            return today
        return {
            **today,
            **from_codes(before.answers),
            **from_codes(before.needs),
            "level": before.level,
            "grounds": before.enhanced_grounds.split(),
        }

    def perform(self, form):
        return actions.assess_needs(
            person=self.person,
            referral=self.object,
            found=actions.NeedsFound(**form.found),
            by=self.request.user,
            today=timezone.localdate(),
        )


class OfferSupportView(OfNeeds):
    permission = "referrals.manage"
    form_class = SupportForm
    heading = "Pass them on to somebody who supports"
    lead = "Only with their agreement, and only what they want told."
    button = "Record it"
    success_message = "It is recorded"

    def get_initial(self):
        return {"referred_on": timezone.localdate()}

    def perform(self, form):
        return actions.offer_support(
            person=self.person,
            referral=self.object,
            by=self.request.user,
            today=timezone.localdate(),
            **form.cleaned_data,
        )


class NoteSupportView(OfNeeds):
    permission = "referrals.manage"
    form_class = SupportEndForm
    heading = "Did they take it up?"
    button = "Record it"
    success_message = "It is recorded"

    def check_permission(self) -> None:
        super().check_permission()
        self.support  # noqa: B018 (of somebody else is not there)

    @cached_property
    def support(self) -> OnwardSupport:
        found = OnwardSupport.objects.filter(person=self.person, referral=self.object, pk=self.kwargs["support"])
        one = found.select_related("referral", "person").first()
        if one is None:
            raise Http404
        return one

    def get_initial(self):
        return {"ended_on": timezone.localdate()}

    def perform(self, form):
        return actions.note_support(
            support=self.support, by=self.request.user, today=timezone.localdate(), **form.cleaned_data
        )

    def get_context_data(self, **kwargs):
        lead = f"{self.support.organisation}, for {self.support.get_category_display().lower()}."
        return super().get_context_data(**{"lead": lead, **kwargs})


class ConditionsView(OfNeeds):
    """For few; that it was opened is recorded as a reveal, and to everybody else it is not there."""

    permission = "referrals.view_conditions"
    form_class = ConditionsForm
    template_name = "referrals/conditions.html"
    heading = "Existing physical and mental conditions"
    lead = "What is needed to keep them safe and at ease, and no more. That you opened this page is recorded."
    success_message = "The conditions are recorded"

    def get_queryset(self):
        people = ("person_harmed", "person_responsible")
        return Referral.objects.all().conditions_open_to(self.request.user).select_related(*people)

    def get(self, request, *args, **kwargs):
        self.read(self.object, kind="reveal", people=self.people_shown())
        return super(ReferralFormView, self).get(request, *args, **kwargs)

    @cached_property
    def known(self) -> Conditions | None:
        return Conditions.objects.filter(person=self.person).select_related("recorded_by").first()

    def get_initial(self):
        return {name: getattr(self.known, name) or "" for name in ("physical", "mental")} if self.known else {}

    def get_context_data(self, **kwargs):
        can_manage = policy.can_manage(self.request.user, self.object)
        return super().get_context_data(**{"known": self.known, "can_manage": can_manage, **kwargs})

    def perform(self, form):
        return actions.record_conditions(
            person=self.person, referral=self.object, by=self.request.user, **form.cleaned_data
        )
