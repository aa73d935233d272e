"""Interested, no suspect identified: looked at again, spoken with, and for a few there is news."""

from datetime import timedelta
from random import Random

from referrals import actions as referrals
from referrals.choices import ConsentMethod, ToldBy, TriggerKind, WaitCheck
from rj_service.demo.life import Life

WISHES = (
    "To ask why it was our house",
    "To say what it did to my daughter",
    "To hear that it will not happen to anybody else",
    "An apology, in writing. I do not want to meet",
    "To know whether I passed them in the street",
)
NEWS = (
    (TriggerKind.IDENTIFIED, ToldBy.POLICE),
    (TriggerKind.CHARGED, ToldBy.POLICE),
    (TriggerKind.ASKED_AGAIN, ToldBy.PERSON),
    (TriggerKind.REOPENED, ToldBy.VICTIMS_HUB),
)


def wait(life: Life) -> None:
    """Interested, no suspect identified: looked at again every three months, with them once a year; for a few there is
    news. By dice of their own: the rest of the story stays as it is without them."""
    dice = Random(f"{life.referral.hub_reference} waiting")  # noqa: S311
    try:
        speak(life, dice)
        while life.rng.random() < 0.9:
            life.later(85, 97)
            if dice.random() < 0.25:
                speak(life, dice)
            else:
                referrals.check_interest(referral=life.referral, by=life.by, today=life.day)
    finally:
        hear_news(life, dice)


def speak(life: Life, dice: Random) -> None:
    spoken = referrals.Spoken(
        how=ConsentMethod.PHONE,
        asked_by=life.by.get_full_name(),
        wish=dice.choice(WISHES),
        address_confirmed=dice.random() < 0.8,
    )
    common = {"referral": life.referral, "by": life.by, "today": life.day}
    referrals.check_interest(result=WaitCheck.SPOKE, spoken=spoken, **common)


def hear_news(life: Life, dice: Random) -> None:
    chance, today = dice.random(), life.company.today
    told_on = today - timedelta(days=dice.randint(0, 6))
    if chance > 0.06 or told_on < life.day:
        return
    kind, told_by = dice.choice(NEWS)
    common = {"referral": life.referral, "by": life.by, "today": today}
    referrals.note_trigger(kind=kind, told_by=told_by, told_on=told_on, **common)
