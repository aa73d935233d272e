"""A contract with a provider: its page, its terms, its conditions, its signature and what its clauses come to."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from rj_service.accounts.views import GuardedActionView, GuardedDetailView
from training import actions, clauses, forms, policy
from training.choices import PACKAGE_TRANSITIONS, Condition, PackageStatus
from training.models import PackageStep, Session, TrainingPackage
from training.views.asking import TrainingForm
from training.views.showing import PackageRow, SessionRow


class PackageRecord(GuardedDetailView):
    permission = "training.view"
    model = TrainingPackage
    pk_name = "package"
    template_name = "training/package.html"

    def get_queryset(self):
        return super().get_queryset().with_figures().prefetch_related("exposures__session", "activities")

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        package, today = self.object, timezone.localdate()
        shown = {one.kind: one for one in package.conditions.all()}
        coming = Session.objects.taking_place().filter(cohort__package=package, held_on__gte=today)
        sessions = coming.select_related("cohort__course", "cohort__package").order_by("held_on", "starts_at")
        may_manage = self.request.user.may("training.manage") and package.status != PackageStatus.CLOSED
        year = PackageRow(package, today)
        return super().get_context_data(
            row=year,
            terms=policy.terms_of(package),
            conditions=[(kind, label, shown.get(kind)) for kind, label in Condition.choices],
            met=sum(one.is_met for one in shown.values()),
            steps=package.steps.all(),
            sessions=[SessionRow(one, today) for one in sessions],
            cohorts=package.cohorts.select_related("course").order_by("-created_at"),
            next_statuses=[
                (status, PackageStatus(status).label)
                for status in PackageStatus
                if status in PACKAGE_TRANSITIONS[package.status] and status != PackageStatus.SIGNED
            ],
            can_sign=PackageStatus.SIGNED in PACKAGE_TRANSITIONS[package.status],
            fell_short=bool(
                package.year_ends_on
                and today > package.year_ends_on
                and clauses.shortfall(policy.terms_of(package), package.delivered)
                and not any(one.limb == "shortfall" for one in package.exposures.all())
            ),
            may_manage=may_manage,
            today=today,
            **kwargs,
        )


class _PackageForm(TrainingForm):
    abstract = True

    def check_permission(self):
        super().check_permission()
        _ = self.package

    @property
    def package(self) -> TrainingPackage:
        if not hasattr(self, "_package"):
            visible = TrainingPackage.objects.visible_to(self.request.user).with_figures()
            self._package = get_object_or_404(visible, pk=self.kwargs["package"])
        return self._package

    def caption(self):
        return self.package.name

    def back_url(self):
        return reverse("training:package", args=[self.package.pk])


class NewPackage(TrainingForm):
    form_class = forms.PackageForm
    heading, button = "Record a package", "Save this package"
    success_message = "The package is recorded."

    def perform(self, form):
        return actions.create_package(area=self.area, terms=form.terms(), by=self.request.user)

    def back_url(self):
        return reverse("training:packages")

    def get_success_url(self):
        return reverse("training:package", args=[self.result.pk])


class ChangePackage(_PackageForm):
    form_class = forms.PackageForm
    heading, button = "Change the package", "Save"
    success_message = "The package is changed."

    def get_initial(self):
        return {name: getattr(self.package, name) for name in forms.PackageForm.base_fields}

    def perform(self, form):
        return actions.change_package(package=self.package, terms=form.terms(), by=self.request.user)


class MovePackage(_PackageForm):
    form_class = forms.MovePackageForm
    heading, button = "Move the package on", "Move it on"
    success_message = "The package has moved on."

    def get_form_kwargs(self):
        following = [one for one in PACKAGE_TRANSITIONS[self.package.status] if one != PackageStatus.SIGNED]
        return {**super().get_form_kwargs(), "statuses": [one for one in PackageStatus if one in following]}

    def perform(self, form):
        return actions.move_package(package=self.package, status=form.cleaned_data["status"], by=self.request.user)


class SignContract(_PackageForm):
    form_class = forms.SignatureForm
    heading, button = "The contract is signed", "Record the signature"
    lead = (
        "From then on sessions can be confirmed, and its clauses hold. Its first twelve months run from its first day."
    )
    success_message = "The signature is recorded."

    def get_initial(self):
        return {"signed_on": self.today, "starts_on": self.today}

    def perform(self, form):
        return actions.sign_contract(package=self.package, **form.cleaned_data, today=self.today, by=self.request.user)


class RecordCondition(_PackageForm):
    form_class = forms.ConditionForm
    button = "Save"
    success_message = "The condition is recorded."

    @property
    def kind(self) -> str:
        return get_choice(Condition, self.kwargs["kind"])

    @property
    def heading(self):
        return Condition(self.kind).label

    def get_initial(self):
        found = self.package.conditions.filter(kind=self.kind).first()
        if found is None:
            return {"shown_on": self.today}
        return {"is_met": "yes" if found.is_met else "no", "evidence": found.evidence, "shown_on": found.shown_on}

    def perform(self, form):
        return actions.record_condition(
            package=self.package,
            kind=self.kind,
            is_met=form.cleaned_data["is_met"] == "yes",
            evidence=form.cleaned_data["evidence"],
            shown_on=form.cleaned_data["shown_on"],
            today=self.today,
            by=self.request.user,
        )


class AddStep(_PackageForm):
    form_class = forms.StepForm
    heading, button = "Something to do with the provider", "Save"
    success_message = "It is on the list."

    def perform(self, form):
        return actions.add_step(package=self.package, **form.cleaned_data, by=self.request.user)


class FinishStep(GuardedActionView):
    permission = "training.manage"
    model = PackageStep
    pk_name = "step"
    success_message = "Done."

    def get_queryset(self):
        return super().get_queryset().select_related("package")

    def perform(self):
        return actions.finish_step(step=self.object, by=self.request.user)

    def get_success_url(self):
        return reverse("training:package", args=[self.object.package_id])


class RecordActivity(_PackageForm):
    form_class = forms.ActivityForm
    heading, button = "Record a conference or activity", "Save"
    success_message = "It counts towards the agreed number."

    @property
    def lead(self):
        held = f"{self.package.counted_in_words} " if self.package.counts_held else ""
        return f"{held}Record here what is not a case: a panel of a partner, a circle in a school."

    def get_initial(self):
        return {"held_on": self.today, "number": 1}

    def perform(self, form):
        return actions.record_activity(
            package=self.package, **form.cleaned_data, today=self.today, by=self.request.user
        )


class RecordShortfall(_PackageForm):
    form_class = forms.ShortfallForm
    heading, button = "What the provider asks for", "Record it"
    success_message = "It is recorded."

    @property
    def lead(self):
        left = PackageRow(self.package, self.today).left
        return (
            f"{self.package.delivered} of {self.package.agreed} were delivered. At most £{left:,.2f} can be asked for."
        )

    def perform(self, form):
        return actions.record_shortfall(
            package=self.package, amount=form.cleaned_data["amount"], today=self.today, by=self.request.user
        )


def get_choice(choices, value: str) -> str:
    if value not in choices.values:
        raise Http404
    return value
