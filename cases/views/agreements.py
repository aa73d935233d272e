"""What was agreed, round by round, and with whom. No agreement is a valid outcome."""

from collections import defaultdict
from functools import cached_property
from typing import Any

from django.forms import formset_factory
from django.http import Http404

from cases import actions
from cases.choices import OPEN_COMMITMENTS, InterventionStatus, ParticipantRole, Side
from cases.forms import AgreementForm, CommitmentForm, Commitments, PaymentForm, ReviewForm, VaryForm
from cases.models import Agreement, Commitment, Evidence, Intervention, Participant, Payment, Signature
from cases.stages import MAIN_ROLES
from cases.standing import agreement_stands, paid_towards
from cases.views.case_page import EVERY_SIDE, CaseForm, CasePage
from cases.views.commitments import state_of
from cases.views.interventions import OfMeeting, PlannersOnly
from rj_service.ui.templatetags.ui import SIDES

MOST = 12
AT_FIRST = 3  # so that the usual agreement is one page, with nothing to add first
NewCommitments = formset_factory(CommitmentForm, formset=Commitments, extra=AT_FIRST, max_num=MOST)
NextCommitments = formset_factory(CommitmentForm, formset=Commitments, extra=1, max_num=MOST)
CARRIED = ("kind", "words", "responsible", "due_on", "amount")


class AgreementView(CasePage):
    """Every intervention that was held, with its agreements, newest round first, or that there is none."""

    practitioners_by = "cases.view_assigned"
    template_name = "cases/agreement.html"
    part = "agreement"

    def people_shown(self):
        shown = {one.responsible.person_id for one in self.commitments}
        return shown | {one.participant.person_id for one in self.signatures} | {one.person_id for one in self.people}

    @cached_property
    def commitments(self) -> list[Commitment]:
        seen = Commitment.objects.visible_to(self.request.user).filter(agreement__case=self.case)
        rows = list(seen.select_related("responsible__person").order_by("due_on", "id"))
        payments = Payment.objects.filter(commitment__in=rows)
        paid = paid_towards(rows, payments)
        shown = set(Evidence.objects.filter(commitment__in=rows).values_list("commitment", flat=True))
        by_key = {one.pk: one for one in rows}
        for one in rows:
            one.state, one.paid, one.has_evidence = state_of(one, self.today), paid.get(one.pk), one.pk in shown
            one.was = by_key.get(one.continues_id)
            if one.was is not None and one.was.agreement_id == one.agreement_id:
                one.was.is_inside = True
            if one.paid and one.paid.left and one.status in OPEN_COMMITMENTS:
                one.payment_form = PaymentForm(auto_id=f"id_{one.pk}_%s", initial={"paid_on": self.today})
        return rows

    @cached_property
    def signatures(self) -> list[Signature]:
        seen = Signature.objects.visible_to(self.request.user).filter(agreement__case=self.case, ended_at__isnull=True)
        return list(seen.select_related("participant__person").order_by("signed_on", "id"))

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        held = Intervention.objects.filter(case=self.case, status=InterventionStatus.HELD).order_by("-held_on", "-id")
        agreements = list(Agreement.objects.filter(case=self.case).select_related("party__person").order_by("-round"))
        rows = [{"meeting": one, **self._of(one, agreements)} for one in held]
        main = [one for one in self.people if one.role in MAIN_ROLES]
        papers = [(side, SIDES[side][1]) for side in (Side.HARMED, Side.RESPONSIBLE)]
        return super().get_context_data(
            rows=rows,
            may_record=self.may_plan,
            main=main,
            papers=papers if self.sides == EVERY_SIDE else [],
            hears=Side.HARMED in self.sides,
            **kwargs,
        )

    def _of(self, meeting: Intervention, agreements: list[Agreement]) -> dict[str, Any]:
        revised = {one.revises_id for one in agreements}
        inside: defaultdict[Any, list[Commitment]] = defaultdict(list)
        for row in self.commitments:
            inside[row.agreement_id].append(row)
        signed: defaultdict[Any, list[Signature]] = defaultdict(list)
        for signature in self.signatures:
            signed[signature.agreement_id].append(signature)
        own = [one for one in agreements if one.intervention_id == meeting.pk]
        for one in own:
            rows = inside[one.pk]
            one.is_newest = one.pk not in revised
            one.stands = agreement_stands([row.status for row in rows]) if rows and one.is_newest else None
            one.rows = [row for row in rows if not getattr(row, "is_inside", False)]
            one.signed = signed[one.pk]
            one.party_shown = one.party if one.party and one.party.side in self.sides else None
        agreed = {one.party_id for one in own}
        parties = [one for one in self.people if one.role == ParticipantRole.PERSON_RESPONSIBLE]
        left = [one for one in parties if one.pk not in agreed]
        return {"agreements": own, "without": left if own or meeting.agreement_reached is None else []}


class Agreeing(PlannersOnly, CaseForm):
    """One form of the agreement and one for each of its commitments; another one is a button, not a script."""

    abstract = True
    template_name = "cases/record_agreement.html"
    button = "Save"
    success_message = "Saved."
    earlier: Any = None  # the commitments that may go on
    formset = NewCommitments

    def people_shown(self):
        return [one.person_id for one in self.people]

    @cached_property
    def commitments(self):
        given = {"participants": self.participants.filter(left_at__isnull=True), "earlier": self.earlier}
        data = self.kept_words if self.request.method == "GET" else self.request.POST.copy()
        if data and "another" in data:
            total = data.get("commitment-TOTAL_FORMS")
            data["commitment-TOTAL_FORMS"] = next((str(n + 1) for n in range(MOST) if str(n) == total), str(MOST))
        return self.formset(data, prefix="commitment", form_kwargs=given, initial=self.carried())

    def carried(self) -> list[dict[str, Any]] | None:
        return None

    def post(self, request, *args, **kwargs):
        if "another" not in request.POST:
            return super().post(request, *args, **kwargs)
        form = self.form_class(**self.get_form_kwargs() | {"data": None, "files": None})
        form.initial |= {name: request.POST[name] for name in form.fields if name in request.POST}
        form.initial["agreed_on"] = [request.POST.get(f"agreed_on_{part}", "") for part in ("day", "month", "year")]
        return self.render_to_response(self.get_context_data(form=form, unchecked=True))

    def form_valid(self, form):
        if form.cleaned_data.get("reached") != "no" and not self.commitments.is_valid():
            return self.form_invalid(form)
        return super().form_valid(form)

    @property
    def given(self) -> list[actions.NewCommitment]:
        return [actions.NewCommitment(**one.cleaned_data) for one in self.commitments if one.has_changed()]

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        return super().get_context_data(commitments=self.commitments, most=MOST, **kwargs)

    def get_back_url(self) -> str:
        return self.case_url("agreement")


class RecordAgreementView(OfMeeting, Agreeing):
    """With one person responsible, or that none was made."""

    permission = "cases.plan"
    form_class = AgreementForm
    heading = "The outcome agreement"

    @cached_property
    def meeting(self) -> Intervention:
        held = self.child(Intervention.objects.filter(status=InterventionStatus.HELD), "meeting")
        if Agreement.objects.filter(intervention=held).exists() and not self.parties_of(held):
            raise Http404
        return held

    def parties_of(self, meeting: Intervention):
        """Of those responsible, who has no agreement of this meeting yet."""
        agreed = Agreement.objects.filter(intervention=meeting, party__isnull=False).values("party")
        parties = self.participants.filter(role=ParticipantRole.PERSON_RESPONSIBLE, left_at__isnull=True)
        return parties.exclude(pk__in=agreed)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"parties": self.parties_of(self.meeting)}

    def get_initial(self):
        return {"agreed_on": self.meeting.held_on}

    def perform(self, form):
        known = {"intervention": self.meeting, "by": self.request.user, "today": self.today}
        if form.cleaned_data["reached"] == "no":
            return actions.record_no_agreement(**known)
        party: Participant | None = form.cleaned_data.get("party") or self.parties_of(self.meeting).first()
        agreed_on = form.cleaned_data["agreed_on"]
        return actions.record_agreement(party=party, agreed_on=agreed_on, commitments=self.given, **known)

    def get_back_url(self) -> str:
        return self.case_url("agreement")


class ReviewAgreementView(Agreeing):
    """A further round: what is still open stands in the form, to go on, to be changed or taken out."""

    permission = "cases.plan"
    form_class = ReviewForm
    heading = "Agree anew"
    formset = NextCommitments

    @cached_property
    def agreement(self) -> Agreement:
        newest = Agreement.objects.filter(revised_by__isnull=True).select_related("intervention", "party")
        return self.child(newest, "agreement")

    @cached_property
    def earlier(self):
        return Commitment.objects.filter(agreement=self.agreement)

    def carried(self):
        standing = self.earlier.filter(status__in=OPEN_COMMITMENTS).order_by("due_on", "id")
        return [
            {**{name: getattr(one, name) for name in CARRIED}, "continues": one.pk, "responsible": one.responsible_id}
            for one in standing
        ]

    def get_initial(self):
        return {"agreed_on": self.today}

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        lead = "What is still open stands below. Change it, take it out, or let it go on. The agreement before stays readable."
        return super().get_context_data(**{"lead": lead, **kwargs})

    def perform(self, form):
        return actions.review_agreement(
            agreement=self.agreement,
            agreed_on=form.cleaned_data["agreed_on"],
            commitments=self.given,
            by=self.request.user,
            today=self.today,
        )


class VaryCommitmentView(PlannersOnly, CaseForm):
    """Both sides agree to something else: old and new stand beside each other from then on."""

    form_class = VaryForm
    heading = "Change a commitment by agreement"
    button = "Save what is agreed now"
    success_message = "Saved. What was agreed before stays readable."

    @cached_property
    def commitment(self) -> Commitment:
        seen = Commitment.objects.visible_to(self.request.user).select_related("responsible__person")
        return self.child(seen, "commitment", agreement__case=self.case)

    def people_shown(self):
        return [self.commitment.responsible.person_id]

    def get_side(self) -> str:
        return self.commitment.responsible.side

    def get_initial(self):
        return {name: getattr(self.commitment, name) for name in ("words", "due_on", "amount")}

    def perform(self, form):
        return actions.vary_commitment(
            commitment=self.commitment, by=self.request.user, today=self.today, **form.cleaned_data
        )

    def get_back_url(self) -> str:
        return self.case_url("agreement")
