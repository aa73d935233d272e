"""A child: their age where it must be asked, who has parental responsibility, and what those agreed to."""

from functools import cached_property
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from referrals import actions, policy
from referrals.ages import eighteen_on
from referrals.choices import AgeGroup, ConsentPurpose, YesNoNotKnown
from referrals.forms.children import AdultForm, AgreeForForm, ChildhoodForm, ParentalForm
from referrals.models import Childhood, ParentalAgreement, ParentalResponsibility, Referral
from referrals.views.about_person import OfPerson
from referrals.views.record import PersonFormView
from rj_service.accounts.views import GuardedActionView

MANAGE = "referrals.manage"


class _OfChild(OfPerson):
    """The child is the person of the address."""

    def parental_of(self) -> ParentalResponsibility:
        found = ParentalResponsibility.objects.filter(pk=self.kwargs["parental"], person=self.person)
        return found.filter(ended_at__isnull=True).select_related("person").first() or _nobody()

    def get_success_url(self) -> str:
        return self.address("childhood")


def _nobody():
    raise Http404


class ChildhoodView(_OfChild, PersonFormView):
    permission = MANAGE
    form_class = ChildhoodForm
    template_name = "referrals/childhood.html"
    heading = "Age and parental responsibility"
    success_message = "It is recorded"

    @cached_property
    def childhood(self) -> Childhood | None:
        return Childhood.objects.filter(person=self.person).select_related("recorded_by").first()

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"is_asked": self.person.date_of_birth is None}

    def get_initial(self):
        names = ("in_care", "youth_justice", "childrens_services")
        said = {name: getattr(self.childhood, name) for name in names} if self.childhood else {}
        return {"under_18": "yes" if self.person.under_18 else "", **said}

    def perform(self, form):
        return actions.record_childhood(
            person=self.person,
            referral=self.object,
            by=self.request.user,
            today=timezone.localdate(),
            **form.cleaned_data,
        )

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        today, person = timezone.localdate(), self.person
        group = policy.age_group(person, today)
        people = ParentalResponsibility.objects.filter(person=person).select_related("recorded_by", "ended_by")
        said = actions.agreements_for(person, self.object)
        return super().get_context_data(
            **{
                "group": group.label,
                "is_child": group == AgeGroup.CHILD,
                "is_adult": group == AgeGroup.ADULT,
                "of_age_on": eighteen_on(person.date_of_birth) if person.date_of_birth else None,
                "childhood": self.childhood,
                "holders": [self.holder(one, said) for one in people.order_by("ended_at", "recorded_at", "id")],
                "missing": policy.parental_block(
                    person,
                    childhood=self.childhood,
                    said=said,
                    purpose=ConsentPurpose.TAKE_PART,
                    today=today,
                    in_writing=True,
                ),
                "name_url": self.address("name-parental"),
                "adult_url": "" if person.date_of_birth or person.is_organisation else self.address("establish-adult"),
                "to_establish": policy.age_to_establish(person) if group == AgeGroup.NOT_KNOWN else "",
                "back_url": reverse("referrals:detail", args=[self.object.pk]),
                **kwargs,
            }
        )

    def holder(self, one: ParentalResponsibility, said: list[ParentalAgreement]) -> dict[str, Any]:
        agreements = [
            {"agreement": agreed, "withdraw_url": self.address("withdraw-for", agreed.pk)}
            for agreed in said
            if agreed.parental_id == one.pk
        ]
        return {
            "parental": one,
            "agreements": agreements,
            "block": policy.may_agree_for(self.childhood, one),
            "is_involved": one.involved == YesNoNotKnown.YES,
            "agree_url": self.address("agree-for", one.pk),
            "end_url": self.address("end-parental", one.pk),
        }


class EstablishAdultView(_OfChild, PersonFormView):
    permission = MANAGE
    form_class = AdultForm
    heading = "They are 18 or over: how is it known?"
    button = "Sign it"
    success_message = "It is signed that they are 18 or over"

    def check_permission(self) -> None:
        super().check_permission()
        if self.person.date_of_birth is not None or self.person.is_organisation:
            raise Http404

    def get_initial(self):
        return {"known_on": timezone.localdate()}

    def perform(self, form):
        about = {"person": self.person, "referral": self.object, "by": self.request.user}
        return actions.establish_adult(today=timezone.localdate(), **about, **form.cleaned_data)

    def get_context_data(self, **kwargs):
        lead = (
            f"For {self.person.name}, whose date of birth is not known. You sign it. A date of birth that becomes"
            " known later counts before it."
        )
        return super().get_context_data(**{"lead": lead, "back_url": self.get_success_url(), **kwargs})


class NameParentalView(_OfChild, PersonFormView):
    permission = MANAGE
    form_class = ParentalForm
    heading = "Who has parental responsibility?"
    button = "Add them"
    success_message = "They are added"

    def perform(self, form):
        return actions.name_parental_responsibility(
            person=self.person, referral=self.object, by=self.request.user, **form.cleaned_data
        )

    def get_context_data(self, **kwargs):
        lead = f"For {self.person.name}. Naming somebody contacts nobody."
        return super().get_context_data(**{"lead": lead, "back_url": self.get_success_url(), **kwargs})


class AgreeForView(_OfChild, PersonFormView):
    permission = MANAGE
    form_class = AgreeForForm
    heading = "Record what they agreed to for the child"
    button = "Record the agreement"
    success_message = "The agreement is recorded"

    def check_permission(self) -> None:
        super().check_permission()
        self.parental  # noqa: B018 (of another child is not there)

    @cached_property
    def parental(self) -> ParentalResponsibility:
        return self.parental_of()

    def perform(self, form):
        return actions.record_parental_agreement(
            parental=self.parental,
            referral=self.object,
            by=self.request.user,
            today=timezone.localdate(),
            **form.cleaned_data,
        )

    def get_context_data(self, **kwargs):
        lead = f"{self.parental.name}, for {self.person.name}. The child’s own agreement is recorded apart."
        return super().get_context_data(**{"lead": lead, "back_url": self.get_success_url(), **kwargs})


class _ChildButton(_OfChild, GuardedActionView):
    abstract = True
    model = Referral

    def get_queryset(self):
        people = ("person_harmed", "person_responsible")
        return Referral.objects.all().casework_for(self.request.user).select_related(*people)


class EndParentalView(_ChildButton):
    permission = MANAGE
    success_message = "They no longer agree for the child. What rested on it stops"

    def perform(self):
        found = self.parental_of()
        actions.end_parental_responsibility(parental=found, referral=self.object, by=self.request.user)


class WithdrawForView(_ChildButton):
    """Whoever hears of it records it."""

    permission = "referrals.view"
    success_message = "The withdrawal counts from now"

    def perform(self):
        said = ParentalAgreement.objects.filter(referral=self.object, parental__person=self.person)
        found = said.filter(pk=self.kwargs["agreement"]).select_related("referral", "parental__person").first()
        if found is None:
            raise Http404
        actions.withdraw_parental_agreement(agreement=found, by=self.request.user)

    def get_success_url(self) -> str:
        may_manage = self.request.user.may(MANAGE)
        return self.address("childhood") if may_manage else reverse("referrals:detail", args=[self.object.pk])
