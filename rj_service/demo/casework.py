"""One referral’s life after it arrived, played through the same actions as everybody’s. What befalls it depends on its own
Hub reference alone, so the demo is the same every time."""

from datetime import timedelta

from cases import actions as cases
from cases.choices import Side
from cases.models import Case, Participant
from referrals import actions as referrals
from referrals.choices import NotAcceptedReason, ReferralStatus
from rj_service.demo import asking, meetings, preparing, waiting
from rj_service.demo.life import Life, TooSoon


def play_out(life: Life) -> None:
    try:
        decide(life)
    except TooSoon:
        pass
    asking.remind(life)


def decide(life: Life) -> None:
    life.later(1, 4)
    asking.offer(life)
    asking.ask_the_referrer(life)
    if life.referral.status == ReferralStatus.INTERESTED:
        waiting.wait(life)
        return
    referrals.take_referral(referral=life.referral, by=life.by, today=life.day)
    chance = life.rng.random()
    if chance < 0.10:
        reason = life.rng.choice(
            [NotAcceptedReason.CHANGED_MIND, NotAcceptedReason.OUT_OF_AREA, NotAcceptedReason.RISK]
        )
        referrals.not_accept(
            referral=life.referral, reason=reason, note="Decided on its own facts.", by=life.by, today=life.day
        )
    elif chance < 0.14:
        referrals.refer_elsewhere(referral=life.referral, note="Passed on with agreement.", by=life.by, today=life.day)
    elif chance < 0.17:
        until = life.company.today + timedelta(days=30)
        referrals.put_on_hold(
            referral=life.referral, until=until, by=life.by, today=life.day, note="Trial in progress."
        )
    else:
        asking.verify(life)
        work(life, cases.accept_referral(referral=life.referral, by=life.by, today=life.day))


def work(life: Life, case: Case) -> None:
    life.case = case
    people = {one.side: one for one in Participant.objects.filter(case=case)}
    life.harmed = people.get(Side.HARMED)
    life.responsible = people.get(Side.RESPONSIBLE)
    asking.ask_agency(life)
    preparing.first_contacts(life)
    goes_on = life.harmed and life.responsible and life.rng.random() < 0.3
    if not goes_on or life.referral.sensitive_flags.exists():
        preparing.end_early(life)
        return
    preparing.agree(life)
    preparing.assign(life)
    preparing.assess(life, life.harmed)
    preparing.assess(life, life.responsible)
    meetings.meet(life)
