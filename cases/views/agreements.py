"""What was agreed, who does it by when, and how it stands. No agreement is a valid outcome."""

import datetime as dt
from functools import cached_property
from typing import Any

from django.forms import formset_factory
from django.http import Http404

from cases import actions
from cases.choices import CommitmentStatus, InterventionStatus
from cases.forms import AgreementForm, CommitmentForm, CommitmentStatusForm
from cases.models import Agreement, Commitment, Intervention
from cases.views.case_page import CaseForm, CasePage
from cases.views.interventions import OfMeeting, PlannersOnly

MOST = 12
SOON = dt.timedelta(days=7)
DONE = (CommitmentStatus.COMPLETED, CommitmentStatus.COMPLETED_LATE)
ENDED = (CommitmentStatus.VARIED, CommitmentStatus.WITHDRAWN)
CommitmentFormSet = formset_factory(CommitmentForm, extra=1, max_num=MOST)


class AgreementView(CasePage):
    """Every intervention that was held, with its agreement, or that there is none."""

    practitioners_by = "cases.view_assigned"
    template_name = "cases/agreement.html"
    part = "agreement"

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        held = list(
            Intervention.objects.filter(case=self.case, status=InterventionStatus.HELD)
            .select_related("agreement")
            .order_by("-held_on", "-id")
        )
        found: dict = {}
        commitments = Commitment.objects.visible_to(self.request.user).filter(agreement__case=self.case)
        for one in commitments.select_related("responsible__person").order_by("due_on", "id"):
            one.state = self._state(one)
            found.setdefault(one.agreement_id, []).append(one)
        self.shown = {one.responsible.person_id for rows in found.values() for one in rows}
        rows = [
            {"meeting": one, "agreement": agreement, "commitments": found.get(agreement.pk, []) if agreement else []}
            for one, agreement in ((one, getattr(one, "agreement", None)) for one in held)
        ]
        return super().get_context_data(rows=rows, may_record=self.may_plan, **kwargs)

    def people_shown(self):
        return self.shown

    def _state(self, one: Commitment) -> str:
        if one.status in DONE:
            return "ok"
        if one.status == CommitmentStatus.NOT_COMPLETED:
            return "stop"
        if one.status in ENDED:
            return "wait"
        if one.due_on < self.today:
            return "stop"
        return "soon" if one.due_on - self.today <= SOON else "wait"


class RecordAgreementView(PlannersOnly, OfMeeting, CaseForm):
    """An agreement with its commitments, or that none was made."""

    form_class = AgreementForm
    template_name = "cases/record_agreement.html"
    heading = "The outcome agreement"
    button = "Save"
    success_message = "Saved."

    @cached_property
    def meeting(self) -> Intervention:
        held = self.child(Intervention.objects.filter(status=InterventionStatus.HELD), "meeting")
        if Agreement.objects.filter(intervention=held).exists():
            raise Http404
        return held

    def people_shown(self):
        return [one.person_id for one in self.people]

    def get_initial(self):
        return {"agreed_on": self.meeting.held_on}

    @cached_property
    def commitments(self):
        given = {"participants": self.participants.filter(left_at__isnull=True)}
        data = self.kept_words if self.request.method == "GET" else self.request.POST.copy()
        if data and "another" in data:
            total = data.get("commitment-TOTAL_FORMS")
            data["commitment-TOTAL_FORMS"] = next((str(n + 1) for n in range(MOST) if str(n) == total), str(MOST))
        return CommitmentFormSet(data, prefix="commitment", form_kwargs=given)

    def post(self, request, *args, **kwargs):
        if "another" not in request.POST:
            return super().post(request, *args, **kwargs)
        form = AgreementForm(initial={name: request.POST.get(name) for name in ("reached",)})
        form.initial["agreed_on"] = [request.POST.get(f"agreed_on_{part}", "") for part in ("day", "month", "year")]
        return self.render_to_response(self.get_context_data(form=form, unchecked=True))

    def form_valid(self, form):
        if form.cleaned_data["reached"] == "yes" and not self.commitments.is_valid():
            return self.form_invalid(form)
        return super().form_valid(form)

    def perform(self, form):
        known = {"intervention": self.meeting, "by": self.request.user, "today": self.today}
        if form.cleaned_data["reached"] == "no":
            return actions.record_no_agreement(**known)
        given = [actions.NewCommitment(**one.cleaned_data) for one in self.commitments if one.has_changed()]
        return actions.record_agreement(agreed_on=form.cleaned_data["agreed_on"], commitments=given, **known)

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        return super().get_context_data(commitments=self.commitments, most=MOST, **kwargs)

    def get_back_url(self) -> str:
        return self.case_url("agreement")


class CommitmentStatusView(PlannersOnly, CaseForm):
    form_class = CommitmentStatusForm
    heading = "How this commitment stands"
    button = "Save"
    success_message = "Saved."

    @cached_property
    def commitment(self) -> Commitment:
        seen = Commitment.objects.visible_to(self.request.user).select_related("responsible__person")
        return self.child(seen, "commitment", agreement__case=self.case)

    def people_shown(self):
        return [self.commitment.responsible.person_id]

    def get_initial(self):
        return {"status": self.commitment.status}

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        one = self.commitment
        return super().get_context_data(
            **{"lead": f"{one.words} ({one.responsible.person.name})", "side": one.responsible.side, **kwargs}
        )

    def perform(self, form):
        return actions.set_commitment_status(
            commitment=self.commitment, status=form.cleaned_data["status"], by=self.request.user, today=self.today
        )

    def get_back_url(self) -> str:
        return self.case_url("agreement")
