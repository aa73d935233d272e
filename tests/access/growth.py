"""More of everything that any page lists: copies of the world's rows, past the actions."""

import copy
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import models
from django.utils import timezone
from django_scopes import scopes_disabled

from cases.models import (
    Agreement,
    Assignment,
    Attendance,
    Case,
    CaseDocument,
    Commitment,
    Contact,
    Custody,
    Debrief,
    Evidence,
    InterpreterBooking,
    Intervention,
    Invitation,
    Loan,
    Message,
    MoveIn,
    MoveInRow,
    Note,
    Override,
    PanelMember,
    Participant,
    Payment,
    PrisonBooking,
    ProgressPromise,
    Reopening,
    Rescheduling,
    SurveyInvitation,
    SurveyResponse,
    Telling,
    Visit,
    VisitAlarm,
)
from referrals.choices import Mechanism, ReferralStatus
from referrals.models import (
    AlsoResponsible,
    Complaint,
    Concern,
    Consent,
    Grant,
    ImportBatch,
    ImportRow,
    InformationRequest,
    LegalBar,
    Offer,
    PartnerWork,
    Pathway,
    PossibleDuplicate,
    ProposedChange,
    Provision,
    Referral,
    ReferralDraft,
    ReferralMessage,
    SensitiveFlag,
    SharingAgreement,
    Task,
    Transfer,
    WatchedInterest,
)
from reporting.models import PublishedFigure, ReportRun
from reporting.periods import first_of
from rj_service.accounts.models import Absence, LocalArea, Membership, Organisation, RecoveryRequest, ServiceArea, User
from rj_service.accounts.models import Invitation as StaffInvitation
from rj_service.audit.actions import record_access
from rj_service.jobs.models import LeasedRow
from rj_service.moving_out.models import Archive
from rj_service.notifications.models import Notification
from rj_service.ui.references import new_reference
from tests.access.world import World
from training.models import Award, Cohort, Enrolment, Learner, PackageStep, Session
from training.models.enrolments import new_code
from volunteers.models import (
    Application,
    Availability,
    BudgetLine,
    Campaign,
    Check,
    Development,
    ExpenseClaim,
    HoursEntry,
    MessageTo,
    Observation,
    PaymentRun,
    Practitioner,
    Reference,
    Registration,
    Supervision,
    Team,
    TeamPlace,
)


def copies(row: Any, number: int, **changed: Any) -> list[Any]:
    """A list in `changed` is one value a copy; a function is asked for each."""
    made = []
    for place in range(number):
        new = copy.copy(row)
        new._state = models.base.ModelState()
        new.pk = uuid4() if isinstance(row.pk, UUID) else None
        for name, value in changed.items():
            setattr(
                new, name, value[place] if isinstance(value, Sequence) and not isinstance(value, str) else _of(value)
            )
        made.append(new)
    return type(row)._base_manager.bulk_create(made)


def _of(value: Any) -> Any:
    return value() if callable(value) else value


def _word() -> str:
    return uuid4().hex[:12]


@scopes_disabled()
def grow(world: World, number: int) -> None:
    """`number` more of each."""
    case = Case._base_manager.get(pk=world.ids["case"])
    waiting = Referral._base_manager.get(pk=world.ids["referral"])
    practitioners = _practitioners(world, number)
    _referrals(world, waiting, case.referral, number)
    _kept(world, number)
    copies(Loan._base_manager.get(pk=world.ids["loan"]), number)
    _cases(case, number)
    _inside(world, case, practitioners, number)
    _recruitment(world, practitioners, number)
    _training(world, number)
    _packs(world, number)
    _accounts(world, number)
    for _ in range(number):
        record_access("view", by=None, page="cases:desk", people=[world.person], area=world.ids["area"])
    draft = ReferralDraft._base_manager.filter(sent_as__isnull=True).first()
    copies(draft, number, user=world.cast["coordinator"], organisation=None)
    for model, row in ((ImportBatch, world.ids["batch"]), (Notification, world.ids["notification"])):
        found = model._base_manager.get(pk=row)
        for state in LeasedRow.State.values:
            copies(found, number, state=state, asked_by_id=world.cast["manager"].pk)
    told = {one.kind: one for one in Notification._base_manager.filter(user=world.cast["coordinator"])}
    for turn, notification in enumerate(told.values()):
        by_turns = [timezone.now() + timedelta(seconds=len(told) * place + turn) for place in range(number)]
        copies(notification, number, created_at=by_turns, asked_by_id=world.cast["manager"].pk)


def _people(referral: Referral, number: int) -> dict[str, Any]:
    return {
        "incident": copies(referral.incident, number),
        "person_harmed": copies(referral.person_harmed, number),
        "person_responsible": copies(referral.person_responsible, number),
        "reference": new_reference,
        "hub_reference": "",
    }


def _referrals(world: World, waiting: Referral, accepted: Referral, number: int) -> None:
    task = Task._base_manager.filter(referral=waiting).first()
    change = ProposedChange._base_manager.filter(referral=waiting).first()
    copies(change, number)
    copies(InformationRequest._base_manager.filter(referral=waiting).first(), number)
    copies(ProposedChange._base_manager.filter(referral=waiting, proposed_by__isnull=False).first(), number)
    for turn, message in enumerate(ReferralMessage._base_manager.filter(referral=waiting).order_by("written_at")[:2]):
        by_turns = [timezone.now() + timedelta(seconds=2 * place + turn) for place in range(number)]
        copies(message, number, written_at=by_turns)
    beside = AlsoResponsible._base_manager.filter(referral=waiting).first()
    copies(beside, number, person=copies(beside.person, number))
    for model in (Concern, Complaint):
        copies(model._base_manager.first(), number, reference=new_reference)
    copies(SensitiveFlag._base_manager.filter(referral=waiting).first(), number, words=_word)
    many = copies(waiting, number, mechanism=Mechanism.OFFENDER_SELF, **_people(waiting, number))
    copies(beside, number, referral=many, person=copies(beside.person, number))
    for status in (ReferralStatus.RECEIVED, ReferralStatus.ON_HOLD, ReferralStatus.INTERESTED):
        made = copies(waiting, number, status=status, **_people(waiting, number))
        copies(change, number, referral=made)
        copies(task, number, referral=made)
        due = {"offered_on": None, "answer": "", "recorded_at": None, "recorded_by": None}
        due |= {"is_again": True, "recorded_for": waiting.organisation}
        people = [one.person_harmed for one in made]
        copies(Offer._base_manager.filter(referral=waiting).first(), number, referral=made, person=people, **due)
        if status == ReferralStatus.RECEIVED:
            copies(Transfer._base_manager.get(pk=world.ids["going"]), number, referral=made)
        if status == ReferralStatus.INTERESTED:
            today = timezone.localdate()
            WatchedInterest._base_manager.bulk_create(
                [WatchedInterest(referral=one, since=today, next_check_on=today, confirmed_on=today) for one in made]
            )
    pairs = [sorted([one.person_harmed, accepted.person_harmed], key=lambda person: person.pk) for one in made]
    copies(
        PossibleDuplicate._base_manager.filter(answer="open").first(),
        number,
        person=[one for one, _ in pairs],
        other=[other for _, other in pairs],
    )


def _kept(world: World, number: int) -> None:
    """The directory, pathways and agreements."""
    copies(Provision._base_manager.get(pk=world.ids["provision"]), number)
    copies(SharingAgreement._base_manager.get(pk=world.ids["sharing"]), number)
    copies(PartnerWork._base_manager.get(pk=world.ids["work"]), number)
    places = copies(LocalArea._base_manager.first(), number, name=_word)
    copies(Pathway._base_manager.get(pk=world.ids["pathway"]), number, local_area=places)


def _cases(case: Case, number: int) -> None:
    for status in ("open", "closed"):
        referrals = copies(case.referral, number, **_people(case.referral, number))
        cases = copies(case, number, referral=referrals, reference=new_reference, status=status)
        for one in Participant._base_manager.filter(case=case, role__in=["person_harmed", "person_responsible"])[:2]:
            side = "person_harmed" if one.side == "harmed" else "person_responsible"
            copies(one, number, case=cases, person=[getattr(referral, side) for referral in referrals])
        if status == "open":
            for one in Assignment._base_manager.filter(case=case)[:2]:
                copies(one, number, case=cases)
            meeting = Intervention._base_manager.filter(case=case, status="planned").order_by("model").first()
            copies(meeting, number, case=cases, planned_for=timezone.now() + timedelta(hours=3), status="scheduled")
            copies(Task._base_manager.filter(referral=case.referral).first(), number, referral=referrals)


def _inside(world: World, case: Case, practitioners: list[Practitioner], number: int) -> None:
    """People of one case, what they agreed to, what was done with them; who works on it and who was asked."""
    for key in ("participant", "other_participant"):
        main = Participant._base_manager.get(pk=world.ids[key])
        people = copies(main.person, number)
        added = copies(main, number, person=people)
        copies(Contact._base_manager.filter(participant=main).first(), number, participant=added)
        copies(Consent._base_manager.filter(referral=case.referral).first(), number, person=people)
        copies(LegalBar._base_manager.get(pk=world.ids["bar"]), number, person=people)
    looked_at = Reopening._base_manager.filter(ended_at__isnull=False, assessment__participant=world.ids["participant"])
    copies(looked_at.first(), number)
    note = Note._base_manager.get(pk=world.ids["note"])
    copies(note, number)
    copies(Note._base_manager.filter(adds_to=note).first(), number)
    stay = Custody._base_manager.get(pk=world.ids["custody"])
    before = {"ended_on": stay.since, "ended_because": "transfer"}
    copies(PrisonBooking._base_manager.filter(custody=stay).first(), number, custody=copies(stay, number, **before))
    copies(PrisonBooking._base_manager.filter(custody=stay).first(), number)
    copies(InterpreterBooking._base_manager.get(pk=world.ids["interpreter"]), number)
    there = Visit._base_manager.get(pk=world.ids["visit_under_way"])
    copies(Visit._base_manager.get(pk=world.ids["visit"]), number)
    copies(there, number, visitor=practitioners)
    copies(VisitAlarm._base_manager.filter(visit=there, ended_at__isnull=False).first(), number)
    asked = SurveyInvitation._base_manager.filter(case=case, response__isnull=False).first()
    answered = SurveyResponse._base_manager.filter(invitation=asked).first()
    copies(answered, number, invitation=copies(asked, number))
    panel = Intervention._base_manager.get(pk=world.ids["panel"])
    meetings = copies(panel, number)
    for model in (Attendance, PanelMember, Rescheduling):
        copies(model._base_manager.filter(intervention=panel).first(), number, intervention=meetings)
    copies(panel.place, number)
    overridden = Override._base_manager.get(pk=world.ids["override"])
    over = {"ended_at": timezone.now(), "ended_by": overridden.overridden_by}
    copies(overridden, number, **over)
    copies(Message._base_manager.get(pk=world.ids["message"]), number)
    commitment = Commitment._base_manager.get(pk=world.ids["commitment"])
    held = copies(Agreement._base_manager.get(pk=commitment.agreement_id).intervention, number)
    so_far = Agreement._base_manager.filter(case=case).count()
    rounds = list(range(so_far + 1, so_far + number + 1))
    agreements = copies(commitment.agreement, number, intervention=held, round=rounds)
    copies(commitment, number, agreement=agreements, continues=None)
    copies(commitment, number, continues=None)
    copies(Payment._base_manager.get(pk=world.ids["payment"]), number)
    copies(Evidence._base_manager.get(pk=world.ids["evidence"]), number)
    copies(CaseDocument._base_manager.get(pk=world.ids["document"]), number)
    copies(ProgressPromise._base_manager.get(pk=world.ids["promise"]), number)
    copies(
        Telling._base_manager.get(pk=world.ids["telling"]),
        number,
        commitment=copies(commitment, number, continues=None),
    )
    copies(Assignment._base_manager.get(pk=world.ids["assignment"]), number, practitioner=practitioners)
    copies(Debrief._base_manager.first(), number, practitioner=practitioners)
    asked_to_help = Invitation._base_manager.get(pk=world.ids["invitation"])
    others = Case._base_manager.filter(status="open").exclude(pk__in=Invitation._base_manager.values("case"))
    copies(asked_to_help, number, case=list(others[:number]))
    copies(ImportRow._base_manager.filter(outcome="refused").first(), number)
    copies(MoveInRow._base_manager.filter(move_in=world.ids["move_in"]).first(), number)
    copies(MoveIn._base_manager.get(pk=world.ids["move_in"]), number, step=MoveIn.Step.ENDED)
    copies(Archive._base_manager.get(pk=world.ids["made_archive"]), number)


def _practitioners(world: World, number: int) -> list[Practitioner]:
    one = Practitioner._base_manager.get(pk=world.ids["practitioner"])
    learners = copies(one.learner, number, user=None)
    made = copies(one, number, learner=learners)
    for model in (Check, Supervision, Availability, Registration, Development, Observation):
        row = model._base_manager.filter(practitioner=one).first()
        copies(row, number, practitioner=made)
        copies(row, number)
    for thing, model, changed in (
        ("claim", ExpenseClaim, {"reference": new_reference}),
        ("payment_run", PaymentRun, {}),
        ("line", BudgetLine, {"name": _word}),
        ("hours", HoursEntry, {}),
    ):
        copies(model._base_manager.get(pk=world.ids[thing]), number, **changed)
    award = Award._base_manager.filter(learner=one.learner).first()
    copies(award, number, code=new_code, awarded_on=[award.awarded_on - timedelta(days=_days()) for _ in range(number)])
    return made


def _recruitment(world: World, practitioners: list[Practitioner], number: int) -> None:
    application = Application._base_manager.get(pk=world.ids["application"])
    reference = Reference._base_manager.get(pk=world.ids["reference"])
    campaigns = copies(Campaign._base_manager.get(pk=world.ids["campaign"]), number)
    more = copies(application, number, reference=new_reference, campaign=campaigns)
    copies(reference, number, application=more)
    copies(reference, number)
    copies(application.steps.first(), number)
    copies(Team._base_manager.get(pk=world.ids["team"]), number, name=_word)
    copies(TeamPlace._base_manager.get(pk=world.ids["place"]), number)
    read = MessageTo._base_manager.select_related("message").first()
    copies(read, number, message=copies(read.message, number))
    copies(read, number, practitioner=practitioners)


_DAYS = iter(range(1, 10_000))


def _days() -> int:
    return next(_DAYS)


def _training(world: World, number: int) -> None:
    cohort = Cohort._base_manager.get(pk=world.ids["cohort"])
    enrolment = Enrolment._base_manager.get(pk=world.ids["enrolment"])
    copies(cohort.course, number, name=_word)
    cohorts = copies(cohort, number)
    copies(cohort.package, number)
    copies(PackageStep._base_manager.get(pk=world.ids["step"]), number)
    copies(Session._base_manager.get(pk=world.ids["session"]), number)
    offered = Cohort._base_manager.get(pk=world.ids["offered"])
    copies(offered.sessions.first(), number, cohort=copies(offered, number))
    copies(enrolment, number, learner=copies(enrolment.learner, number))
    copies(enrolment, number, learner=copies(enrolment.learner, number), status="waiting")
    copies(enrolment, number, cohort=cohorts)
    trained = Learner._base_manager.get(pk=world.ids["learner"])
    copies(enrolment, number, cohort=cohorts, learner=trained)


def _packs(world: World, number: int) -> None:
    pack = ReportRun._base_manager.get(pk=world.ids["pack"])
    months = [first_of(pack.month, -2 - _days()) for _ in range(number)]
    for run in copies(pack, number, month=months):
        copies(PublishedFigure._base_manager.filter(run=pack).first(), 1, run=run, month=run.month)


def _accounts(world: World, number: int) -> None:
    area = ServiceArea._base_manager.get(pk=world.ids["area"])
    member = User.objects.get(pk=world.ids["member"])
    users = copies(member, number, email=lambda: f"{_word()}@example.org")
    copies(Membership._base_manager.get(pk=world.ids["role"]), number, user=users)
    copies(RecoveryRequest._base_manager.get(pk=world.ids["recovery"]), number, user=users)
    copies(Absence._base_manager.get(pk=world.ids["away"]), number, user=users)
    taken = {"is_emergency": True, "ends_at": timezone.now() + timedelta(hours=4)}
    referral = Case._base_manager.get(pk=world.ids["case"]).referral_id
    copies(Grant._base_manager.first(), number, user=users, referral_id=referral, **taken)
    copies(
        StaffInvitation._base_manager.get(pk=world.ids["staff_invitation"]), number, token_digest=lambda: uuid4().bytes
    )
    areas = copies(area, number, slug=_word, name=_word)
    for model in (LocalArea, Organisation):
        row = model._base_manager.filter(service_area=area).first()
        copies(row, number, name=_word)
        copies(row, number, service_area=areas)
