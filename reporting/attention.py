"""What needs a coordinator today, and the service now: counted from what the user may see, in a fixed number of statements."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, Min, OuterRef, Q, Subquery
from django.utils import timezone

from cases.attention import Tasks, address_of, reference_of
from cases.choices import AlarmKind, AssignmentRole, CaseStatus, InterventionStatus, LoanStatus, Side
from cases.gate import Check, checks_for_each, needs_of
from cases.models import Assignment, Case, Intervention, Loan, Visit, VisitAlarm
from referrals.choices import ComplaintStatus, ReferralStatus
from referrals.models import (
    ApproachElsewhere,
    Complaint,
    Concern,
    InformationRequest,
    Merge,
    Offer,
    Referral,
    RepeatedApproach,
    SensitiveFlag,
    Task,
    Transfer,
)
from referrals.querysets import clock_began_before
from referrals.working_days import clock_to, received_before_overdue, working_days_between
from reporting.choices import Audience, PackState
from reporting.models import ReportRun
from reporting.money import expenses, training_clauses
from reporting.need import SHOWN, Need
from reporting.periods import first_of
from rj_service.accounts.models import User
from rj_service.operations import queue as queue_of_jobs
from rj_service.ui.paging import capped_count
from rj_service.ui.templatetags.ui import capped, clock, day, when
from volunteers.choices import MAY_OPEN_CASES
from volunteers.models import Practitioner

MEETINGS_SHOWN = 25
VERY_NEAR = timedelta(days=2)
PRESSING = ("stop", "soon", "wait")
SIDE_WORDS = {Side.HARMED: "Harmed side", Side.RESPONSIBLE: "Responsible side"}
VETTING_AHEAD = timedelta(days=28)
WEEK = timedelta(days=7)
NOT_BEGUN = timedelta(minutes=30)
UNDECIDED = (ReferralStatus.RECEIVED, ReferralStatus.ON_HOLD)


@dataclass(frozen=True)
class Queue:
    """The referrals that have not been decided, and how many of each kind are past their time."""

    to_decide: int
    past_their_time: int
    oldest: date | None
    waiting: int
    waiting_past: int
    interested: int
    checks_due: int


@dataclass(frozen=True)
class Meeting:
    """An arranged intervention and what is missing today."""

    intervention: Intervention
    missing: tuple[Check, ...]
    ahead: timedelta

    @property
    def state(self) -> str:
        if not self.missing:
            return "ok"
        return "stop" if self.ahead <= VERY_NEAR else "soon"

    @property
    def words(self) -> str:
        if not self.missing:
            return "Ready"
        number = f"{len(self.missing)} thing{'' if len(self.missing) == 1 else 's'} missing"
        return f"No: {number}" if self.state == "stop" else number


def start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def queue(user: User, today: date) -> Queue:
    late = clock_began_before(received_before_overdue(allowed=settings.DECIDE_WITHIN_WORKING_DAYS, today=today))
    to_decide, waiting = Q(status=ReferralStatus.RECEIVED), Q(status=ReferralStatus.ON_HOLD)
    interested = Q(status=ReferralStatus.INTERESTED)
    seen = Referral.objects.visible_to(user)
    return Queue(
        past_their_time=capped_count(seen.filter(to_decide & late)),
        checks_due=capped_count(seen.interested().filter(watched_interest__next_check_on__lt=today + WEEK)),
        **seen.filter(to_decide | waiting | interested).aggregate(
            to_decide=Count("pk", filter=to_decide),
            oldest=Min("received_on", filter=to_decide),
            waiting=Count("pk", filter=waiting),
            waiting_past=Count("pk", filter=waiting & Q(hold_until__lt=today)),
            interested=Count("pk", filter=interested),
        ),
    )


def open_cases(user: User) -> dict[str, int]:
    lead = Assignment.objects.in_force().filter(case=OuterRef("pk"), role=AssignmentRole.LEAD)
    return (
        Case.objects.visible_to(user)
        .exclude(status=CaseStatus.CLOSED)
        .annotate(has_lead=Exists(lead))
        .aggregate(number=Count("pk"), without_lead=Count("pk", filter=Q(has_lead=False)))
    )


def vetting_ends(user: User, today: date) -> int:
    """People who work on cases whose DBS or police vetting ends within 28 days and has no later one beside it."""
    ahead = (today, today + VETTING_AHEAD)
    rows = Practitioner.objects.visible_to(user).filter(status__in=MAY_OPEN_CASES).with_readiness(today)
    return rows.filter(Q(dbs_until__range=ahead) | Q(police_vetting_until__range=ahead)).count()


def meetings(user: User, today: date) -> list[Meeting]:
    """What is arranged from today on, seven days, the nearest first, each with what the gate misses today."""
    arranged = list(
        Intervention.objects.visible_to(user)
        .filter(
            status=InterventionStatus.SCHEDULED,
            planned_for__gte=start_of(today),
            planned_for__lt=start_of(today + WEEK),
        )
        .select_related("case")
        .order_by("planned_for", "id")[:MEETINGS_SHOWN]
    )
    return [
        Meeting(one, needs_of(checks), timezone.localdate(one.planned_for) - today)
        for one, checks in zip(arranged, checks_for_each(arranged, today), strict=True)
    ]


def without_outcome(user: User, today: date) -> list[Intervention]:
    """Arranged for a day that has passed, and nobody has said what happened."""
    return list(
        Intervention.objects.visible_to(user)
        .filter(status=InterventionStatus.SCHEDULED, planned_for__lt=start_of(today))
        .select_related("case")
        .order_by("planned_for", "id")[:SHOWN]
    )


def packs_to_issue(user: User, today: date) -> list[ReportRun]:
    """Counted drafts of months that have ended, for the month before this one."""
    return list(
        ReportRun.objects.all()
        .visible_to(user)
        .filter(month=first_of(today, -1), pack_state=PackState.DRAFT, state=ReportRun.State.DONE)
        .defer("figures", "definitions")
        .order_by("audience")
    )


def sign_offs(user: User) -> list[Case]:
    """Sensitive cases of a supervisor that are not signed off, or became more sensitive since; last what was sent back and
    not asked for again."""
    flags = SensitiveFlag.objects.filter(referral=OuterRef("referral"), cleared_at__isnull=True)
    later = flags.filter(raised_at__gt=OuterRef("signed_off_at"))
    asked = Task.objects.open().filter(referral=OuterRef("referral"), kind=Task.Kind.SIGN_OFF)
    return list(
        Case.objects.visible_to(user)
        .exclude(status=CaseStatus.CLOSED)
        .filter(Exists(flags), Q(signed_off_at__isnull=True) | Exists(later))
        .annotate(
            became_late=Exists(later),
            is_sent_back=ExpressionWrapper(
                Q(sign_off_refused_at__isnull=False) & ~Exists(asked), output_field=BooleanField()
            ),
        )
        .order_by("is_sent_back", "opened_on", "id")[:25]
    )


def needs(user: User, today: date, queue: Queue, tasks: Tasks, meetings: list[Meeting]) -> list[Need]:
    """The most pressing first: what was stopped or cannot go ahead, what has passed without a word, then the clocks."""
    found = [
        *_visits(user, timezone.now()),
        *_concerns(user, today),
        *[_cannot_go_ahead(meeting) for meeting in meetings if meeting.missing],
        *[_safety(task) for task in tasks.safety],
        *_more_safety(tasks),
        *_repeated_approaches(user),
        *[_no_outcome(meeting) for meeting in without_outcome(user, today)],
        *_past_clock(queue, today),
        *_waiting_past(queue),
        *complaints_due(user, today),
        *_offers_late(capped_count(Offer.objects.worth_making_by(user).late(today))),
        *_merges_to_confirm(user),
        *_from_other_areas(user),
        *_agencies_late(capped_count(InformationRequest.objects.visible_to(user).late(today))),
        *[_pack(run) for run in packs_to_issue(user, today)],
        *expenses(user, today),
        *training_clauses(user, today),
        *_failed_jobs(user),
    ]
    return sorted(found, key=lambda need: PRESSING.index(need.state))


def _failed_jobs(user: User) -> list[Need]:
    """To whoever may try them again: a mail that nobody got may be among them."""
    number = queue_of_jobs.failed(user) if user.may("operations.view_jobs") else 0
    if not number:
        return []
    title = "1 job has failed" if number == 1 else f"{number:,} jobs have failed"
    words = "Nothing tries them again by itself, and a mail may be among them."
    return [Need("soon", "Failed", title, words, "See the jobs", ("operations:jobs",))]


def _visits(user: User, now: datetime) -> list[Need]:
    """Somebody there asks for help or is past their time, before everything else; whether or not the alarm has come yet."""
    alarms = VisitAlarm.objects.standing().filter(visit=OuterRef("pk"))
    worrying = Visit.objects.visible_to(user).worrying(now).select_related("case", "visitor__learner")
    worrying = worrying.annotate(
        alarm=Subquery(alarms.values("kind")), seen_to_by=Subquery(alarms.values("answered_by__first_name"))
    )
    late = Visit.objects.visible_to(user).to_come().without_alarm().filter(planned_for__lt=now - NOT_BEGUN)
    return [
        *[_worrying(visit) for visit in worrying.order_by("out_by", "id")[:SHOWN]],
        *[_not_begun(visit) for visit in late.select_related("case").order_by("planned_for", "id")[:SHOWN]],
    ]


def _worrying(visit: Any) -> Need:
    seen_to = f"{visit.seen_to_by} sees to it." if visit.seen_to_by else "Nobody sees to it yet."
    if visit.out_by is None:
        return _not_begun(visit, seen_to)
    asks = visit.alarm == AlarmKind.HELP
    return Need(
        "stop",
        "Asks for help" if asks else "Overdue",
        f"{visit.visitor.name} asks for help on a visit" if asks else f"{visit.visitor.name} is not out of a visit",
        f"Out was to be by {clock(visit.out_by)}, {day(visit.out_by)}. {seen_to}",
        "Open it now",
        ("cases:visit", visit.pk),
        visit.case.reference,
    )


def _not_begun(visit: Visit, seen_to: str = "") -> Need:
    return Need(
        "stop" if seen_to else "soon",
        "Not checked in",
        f"A visit planned for {clock(visit.planned_for)}, {day(visit.planned_for)}",
        f"Nobody has checked in. Ring them: check in for them, or cancel it. {seen_to}".strip(),
        "Open the visit",
        ("cases:visit", visit.pk),
        visit.case.reference,
    )


def _concerns(user: User, today: date) -> list[Need]:
    """Each that waits for a manager's decision: to anybody else there are none."""
    waiting = Concern.objects.all().visible_to(user).waiting().order_by("due_on", "id")[:SHOWN]
    return [_concern(one, today) for one in waiting] if user.may("referrals.safeguard") else []


def _concern(concern: Concern, today: date) -> Need:
    due = clock_to(concern.due_on, today=today)
    words = "Decision due today" if due.days_left == 0 else f"Decision: {due.words.lower()}"
    raised = timezone.localtime(concern.raised_at)
    return Need(
        "soon" if due.days_left > 0 else "stop",
        words,
        f"Concern: {concern.get_kind_display()[:1].lower()}{concern.get_kind_display()[1:]}",
        f"Raised on {raised:%A} {when(raised)}.",
        "Decide",
        ("referrals:concern", concern.pk),
        concern.reference,
    )


def complaints_due(user: User, today: date) -> list[Need]:
    """To acknowledge, to give to somebody, to answer, to tell: of a manager's area, or those that the user handles."""
    open_ = Complaint.objects.all().visible_to(user).open().order_by("due_on", "id")[:SHOWN]
    return [_complaint(one, user, today) for one in open_] if user.may("referrals.handle_complaint") else []


def _complaint(complaint: Complaint, user: User, today: date) -> Need:
    is_received = complaint.status == ComplaintStatus.RECEIVED
    due = clock_to(complaint.acknowledge_by if is_received else complaint.due_on, today=today)
    if is_received:
        title, button = "A complaint to acknowledge", "Acknowledge it"
    elif complaint.status == ComplaintStatus.DECIDED:
        title, button = "A complaint is decided and not told", "Tell the outcome"
    else:
        title, button = "A complaint to answer", "Open it"
    handled = "You handle it." if complaint.handler_id == user.pk else "It has a handler."
    words = handled if complaint.handler_id else "Nobody looks into it yet."
    address = ("referrals:complaint", complaint.pk)
    return Need(due.state, due.words, title, words, button, address, complaint.reference)


def _called(intervention: Intervention) -> str:
    planned = timezone.localtime(intervention.planned_for)
    return f"{intervention.get_model_display()} on {planned:%A} {day(planned)}"


def _cannot_go_ahead(meeting: Meeting) -> Need:
    return Need(
        meeting.state,
        "Cannot go ahead" if meeting.state == "stop" else "Not ready yet",
        f"{_called(meeting.intervention)}, {clock(meeting.intervention.planned_for)}",
        _what_is_missing(meeting.missing),
        "What is missing",
        ("cases:readiness", meeting.intervention.case_id, meeting.intervention.pk),
        meeting.intervention.case.reference,
    )


def _what_is_missing(checks: tuple[Check, ...]) -> str:
    """The sentences that belong to no side; of the sides only how many, for their sentences name people."""
    shared = [check.reason for check in checks if check.side not in SIDE_WORDS]
    numbers = [(words, sum(check.side == side for check in checks)) for side, words in SIDE_WORDS.items()]
    of_sides = [f"{words}: {number} missing." for words, number in numbers if number]
    return " ".join([*shared[:2], *of_sides])


def _safety(task: Task) -> Need:
    words = f"{task.words.rstrip('.')}. " if task.words else ""
    return Need(
        "stop",
        "Stopped",
        task.get_kind_display(),
        f"{words}Since {day(task.created_at)}.",
        "See what stopped",
        address_of(task),
        reference_of(task),
    )


def _more_safety(tasks: Tasks) -> list[Need]:
    more = tasks.safety_number - len(tasks.safety)
    if more <= 0:
        return []
    words = "Each leads to its case or referral, which says what stopped and who can lift it."
    title = f"{more:,} more safety {'change' if more == 1 else 'changes'}"
    return [Need("stop", "Stopped", title, words, "See them all", ("cases:tasks",), query="?show=all&kind=safety")]


def _repeated_approaches(user: User) -> list[Need]:
    """Not decided yet, and like an earlier referral that the user may read too, or like one in another area."""
    alike = [
        model.objects.all().visible_to(user).filter(referral__status__in=UNDECIDED).values("referral")
        for model in (RepeatedApproach, ApproachElsewhere)
    ]
    found = Referral.objects.filter(Q(pk__in=alike[0]) | Q(pk__in=alike[1])).order_by("-entered_at", "-id")[:SHOWN]
    here = set(alike[0].values_list("referral", flat=True))
    words = "Find out who is writing before anybody is contacted: a form can be a stalker’s tool."
    titles = {True: "A self-referral is like an earlier one", False: "Somebody writes to several services"}
    return [
        Need("stop", "Careful", titles[one.pk in here], words, "See why", ("referrals:detail", one.pk), one.reference)
        for one in found
    ]


def _no_outcome(meeting: Intervention) -> Need:
    return Need(
        "soon",
        "No outcome yet",
        _called(meeting),
        "It was arranged for a day that has passed. Say whether it was held.",
        "Say what happened",
        ("cases:desk", meeting.case_id),
        meeting.case.reference,
    )


def _past_clock(queue: Queue, today: date) -> list[Need]:
    if not queue.past_their_time or queue.oldest is None:
        return []
    allowed, number = settings.DECIDE_WITHIN_WORKING_DAYS, queue.past_their_time
    have = "referral has" if number == 1 else "referrals have"
    days = f"{allowed} working day" if allowed == 1 else f"{allowed} working days"
    waited = working_days_between(queue.oldest, today)
    return [
        Need(
            "soon",
            "Past its time",
            f"{capped(number).capitalize()} {have} waited more than {days}",
            f"The oldest was received on {queue.oldest:%A} {day(queue.oldest)}: {waited:,} working days.",
            "Go to triage",
            ("referrals:list",),
        )
    ]


def _waiting_past(queue: Queue) -> list[Need]:
    if not queue.waiting_past:
        return []
    have = "referral waits" if queue.waiting_past == 1 else "referrals wait"
    words = "The day until which it was put on hold has passed. Decide, or ask again."
    title = f"{queue.waiting_past} {have} past the day set"
    return [Need("soon", "No answer yet", title, words, "Go to waiting", ("referrals:waiting",))]


def _agencies_late(late: int) -> list[Need]:
    if not late:
        return []
    title = f"{capped(late).capitalize()} {'request' if late == 1 else 'requests'} for information not answered in time"
    words = "The agencies are reminded by themselves. A call often helps more."
    return [Need("soon", "No answer yet", title, words, "See which agencies", ("referrals:requests",))]


def _from_other_areas(user: User) -> list[Need]:
    area = user.acting.service_area_id if user.acting else None
    offered = Transfer.objects.all().visible_to(user).offered().filter(to_area=area).count()
    asked = Loan.objects.all().visible_to(user).filter(home=area, status=LoanStatus.ASKED).count()
    found = []
    if offered:
        title = (
            f"{offered} {'referral of another area waits' if offered == 1 else 'referrals of other areas wait'} for you"
        )
        words = "They stay where they are until you answer. Their clocks go on."
        found.append(Need("soon", "To answer", title, words, "Answer", ("referrals:transfers",)))
    if asked:
        title = "Another area asks for a facilitator" if asked == 1 else f"Other areas ask for {asked} facilitators"
        words = "You read what is needed, and nothing of the case."
        found.append(Need("wait", "To answer", title, words, "Answer", ("cases:arrangements",)))
    return found


def _merges_to_confirm(user: User) -> list[Need]:
    """Proposed by somebody else: nobody confirms their own."""
    waiting = Merge.objects.all().visible_to(user).waiting().exclude(proposed_by=user)
    number = capped_count(waiting) if user.may("referrals.decide") else 0
    if not number:
        return []
    title = f"{capped(number).capitalize()} {'pair' if number == 1 else 'pairs'} of records to confirm as one person"
    words = "A colleague took them for one person. Look at both, and confirm it or turn it down."
    return [Need("soon", "To confirm", title, words, "Look at them", ("referrals:duplicates",))]


def _offers_late(late: int) -> list[Need]:
    if not late:
        return []
    have = "person has" if late == 1 else "people have"
    title = f"{capped(late).capitalize()} {have} not been told about restorative justice in time"
    words = "Everybody harmed has that right. Record the offer where it was made, or make it."
    return [Need("soon", "Past its time", title, words, "See the offers", ("referrals:offers",))]


def _pack(run: ReportRun) -> Need:
    return Need(
        "wait",
        "Ready to issue",
        f"{Audience(run.audience).label} pack for {run.month:%B %Y}",
        "The figures are counted. Read them, write the commentary and issue the pack.",
        "Open the pack",
        ("reporting:pack", run.pk),
    )
