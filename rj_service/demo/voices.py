"""What people of the demo say for themselves: concerns, complaints, and links of their own, one of each state."""

from datetime import date, timedelta

from cases.models import Case
from referrals import actions as referrals
from referrals.choices import LinkQuestion, Side
from referrals.models import Complaint, Concern
from referrals.working_days import is_working_day
from rj_service.accounts.acting import acting_as, system_user
from rj_service.accounts.models import ServiceArea, User

WORD = "heron"
LINKS = 6


def hear_voices(*, area: ServiceArea, coordinator: User, manager: User, today: date) -> None:
    """Once: a second call changes nothing."""
    with acting_as(manager):
        if Concern.objects.exists():
            return
    with acting_as(coordinator):
        known = Case.objects.select_related("referral__person_harmed")
        cases = list(known.order_by("-status", "-opened_on", "reference")[: LINKS * 3])  # open ones first
    if not cases:
        return
    some = (cases * LINKS)[:LINKS]
    _concerns(area, some, coordinator, manager, today)
    _complaints(area, some, manager, today)
    _links(cases, coordinator, today)


def _concerns(area: ServiceArea, cases: list[Case], coordinator: User, manager: User, today: date) -> None:
    """One waits for its decision today, one was passed on, one is closed."""
    waiting = "She said on the phone that somebody stood at her gate two nights running. Her son is nine."
    passed_on = "He told the facilitator that he has stopped eating and does not want to go on."
    closed = "A neighbour rang: there was shouting again. Nobody was hurt."
    for case, kind, words, ago in (
        (cases[0], "child", waiting, 0),
        (cases[1], "adult", passed_on, 6),
        (cases[2], "threat", closed, 20),
    ):
        day = _working_day(today, ago) if ago else today
        with acting_as(coordinator):
            given = {"area": area, "kind": kind, "words": words, "referral": case.referral, "by": coordinator}
            concern = referrals.raise_concern(today=day, **given)
        if ago == 0:
            continue
        with acting_as(manager):
            common = {"concern": concern, "by": manager, "today": day}
            decision, why = ("pass_on", "Today, and we ring him after") if ago < 10 else ("act", "We look in this week")
            referrals.decide_concern(decision=decision, words=why, **common)
            if decision == "pass_on":
                told = {"to": "adults", "words": "Duty desk, reference 11", "passed_on": day}
                referrals.pass_concern_on(**told, **common)
            else:
                referrals.close_concern(outcome="She is with her sister. The meeting moved.", **common)


def _complaints(area: ServiceArea, cases: list[Case], manager: User, today: date) -> None:
    """One has just come, one is in time, one is late, one was answered."""
    for case, about, words, ago in (
        (cases[3], "information", "My old number was rung, although I said that it had changed.", 1),
        (cases[4], "delay", "I was told a week. It has been two months.", 12),
        (cases[5], "treatment", "I was spoken to as if I had done something.", 45),
        (cases[0], "decision", "Nobody said why the meeting was put off.", 90),
    ):
        day = _working_day(today, ago)
        with acting_as(manager) as by:
            complaint = referrals.receive_complaint(
                area=area,
                made_by="harmed",
                about=about,
                words=words,
                referral=case.referral,
                person=case.referral.person_harmed,
                by=by,
                today=day,
            )
            handler = next(iter(referrals.handlers_for(complaint)), None)
            if ago > 1 and handler is not None:
                referrals.give_complaint(complaint=complaint, handler=handler, by=by, today=day)
                common = {"complaint": complaint, "by": by, "today": day}
                referrals.acknowledge_complaint(acknowledged_on=day, **common)
        if ago == 90 and handler is not None:
            _answer(complaint, handler, manager, day)


def _answer(complaint: Complaint, handler: User, manager: User, day: date) -> None:
    with acting_as(handler) as by:
        referrals.decide_complaint(
            complaint=complaint,
            outcome="partly",
            answer="We were right to move it, and wrong not to say why. We are sorry.",
            learning="Say the reason that may be said on the same day.",
            by=by,
            today=day,
        )
    with acting_as(manager) as by:
        referrals.tell_complaint_outcome(complaint=complaint, told_on=day, by=by, today=day)


def _links(cases: list[Case], coordinator: User, today: date) -> None:
    """Some people have a link; one of them has paused, one asked to be reached elsewhere."""
    given = []
    with acting_as(coordinator):
        for case in cases:
            person = case.referral.person_harmed
            blocks = referrals.blocks_by_channel(case.referral, person, Side.HARMED, today) if person else {}
            channel = next((channel for channel, block in blocks.items() if not block), None)
            if channel and len(given) < LINKS:
                asks = {"person": person, "question": LinkQuestion.WORD, "word": WORD}
                common = {"channel": channel, "by": coordinator, "today": today}
                link, _ = referrals.give_own_link(referral=case.referral, **asks, **common)
                given.append(link)
    public = system_user("public")
    for link, act in zip(given, (_pause, _move), strict=False):
        with referrals.through_own_link(str(link.pk)) as used:
            referrals.answer_own_link(link=used, answer=WORD, by=public)
            act(used, public)


def _pause(link, public: User) -> None:
    referrals.pause_by_link(link=link, by=public)


def _move(link, public: User) -> None:
    allowed = {name: getattr(link.person.safe_contact, name) for name in referrals.SAFE_FIELDS}
    new = {"phone": "07700 900384"}
    words = "Not before nine: my mother hears the phone."
    referrals.ask_to_be_reached(link=link, allowed=allowed, details=new, words=words, by=public)


def _working_day(today: date, ago: int) -> date:
    day = today - timedelta(days=ago)
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day
