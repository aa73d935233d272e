"""What whoever referred somebody is asked, what agencies are, and the offer that everybody harmed is owed."""

from datetime import timedelta
from random import Random

from referrals import actions as referrals
from referrals.choices import (
    REQUEST_WORDS,
    SELF_REFERRED,
    USUALLY_ASKED,
    CheckedThrough,
    HeardOf,
    OfferAnswer,
    OfferChannel,
    RecipientKind,
    RefusedReason,
)
from referrals.models import InformationRequest, Offer
from referrals.policy import checks_needed
from referrals.working_days import add_working_days
from rj_service.accounts.acting import system_user
from rj_service.demo.life import Life

AGENCIES = {
    RecipientKind.OFFICER: "Neighbourhood policing team",
    RecipientKind.PROBATION: "Probation Service",
    RecipientKind.PRISON: "HMP Fenmoor",
    RecipientKind.VICTIM_LIAISON: "Victim liaison unit",
    RecipientKind.YOUTH_JUSTICE: "Youth Justice Service",
}
QUESTIONS = (
    ("Is there a better time of day to ring?", "After six. They work until five."),
    ("Has anybody told them yet what restorative justice is?", "Yes, with the leaflet. They read it and asked us."),
    ("Do they need an interpreter?", "No. They asked for short sentences and time to think."),
)


def offer(life: Life) -> None:
    """Where the referral does not say that they were told: a few days later, and of some the answer waits.
    Lately not everybody was."""
    dice = Random(f"{life.referral.hub_reference} offer")  # noqa: S311
    offered_on = life.referral.received_on + timedelta(days=dice.randint(1, 8))
    to_make = Offer.objects.to_make().filter(referral=life.referral).exists()
    lately = life.company.today - life.referral.received_on < timedelta(days=45)
    if not to_make or offered_on > life.company.today or (lately and dice.random() < 0.4):
        return
    answer = dice.choices([OfferAnswer.YES, OfferAnswer.NOT_NOW, OfferAnswer.NONE_YET], [70, 15, 15])[0]
    new = referrals.NewOffer(
        offered_on=offered_on,
        channel=dice.choice([OfferChannel.PHONE, OfferChannel.LETTER, OfferChannel.IN_PERSON]),
        answer=answer,
        offered_by="Victims’ Hub",
        role="Victim Care Co-ordinator",
        heard_of=dice.choice(HeardOf.values),
    )
    referrals.record_offer(referral=life.referral, new=new, by=life.by, today=offered_on)


def ask_the_referrer(life: Life) -> None:
    """Now and then, and the answer a day later: by dice of its own, so that the rest of the story stays."""
    dice = Random(f"{life.referral.hub_reference} messages")
    referrer = life.company.referrers.get(life.referral.organisation_id)
    if referrer is None or dice.random() > 0.05:
        return
    question, answer = dice.choice(QUESTIONS)
    common = {"referral": life.referral}
    referrals.write_message(**common, words=question, is_question=True, by=life.by, today=life.day)
    tomorrow = life.day + timedelta(days=1)
    if tomorrow > life.company.today:
        return
    referrals.write_message(**common, words=answer, by=referrer, today=tomorrow)
    if life.referral.person_harmed and dice.random() < 0.6:
        phone = f"07700 900{dice.randrange(1000):03d}"
        referrals.change_sent(**common, words={"victim_phone": phone}, by=referrer, today=tomorrow)


def verify(life: Life) -> None:
    """Whoever wrote themselves is checked before anybody of the other side is spoken to."""
    if life.referral.mechanism in SELF_REFERRED:
        for kind in checks_needed(life.referral):
            referrals.record_check(
                referral=life.referral,
                kind=kind,
                through=CheckedThrough.POLICE,
                is_confirmed=True,
                checked_on=life.day,
                by=life.by,
                today=life.day,
            )


def ask_agency(life: Life) -> None:
    """Of one case in ten. By chances of its own: the rest of the story stays as it is without it."""
    chance = Random(f"{life.referral.hub_reference} agency")  # noqa: S311
    if not life.responsible or chance.random() >= 0.1:
        return
    born = life.responsible.person.date_of_birth
    young = born is not None and life.day.year - born.year < 18
    kind = RecipientKind.YOUTH_JUSTICE if young else chance.choice(list(AGENCIES)[:-1])
    asked = referrals.ask_agency(
        referral=life.referral,
        person=(life.harmed if life.harmed and kind == RecipientKind.VICTIM_LIAISON else life.responsible).person,
        recipient=referrals.Recipient(kind, AGENCIES[kind], "Duty officer", "duty.officer@example.org"),
        asked_for=USUALLY_ASKED[kind],
        words=REQUEST_WORDS[kind],
        by=life.by,
        today=life.day,
    )
    answered = add_working_days(life.day, chance.randint(6, 70))
    if answered > life.company.today:
        return
    refused = chance.random() < 0.15
    referrals.note_agency_answer(
        request=asked,
        given_by="Duty officer",
        answer="We need it in writing first." if refused else "Supervised by this office. Nothing forbids contact.",
        refused_reason=RefusedReason.AGREEMENT if refused else "",
        by=life.by,
        today=answered,
    )


def remind(life: Life) -> None:
    """What is not answered yet was chased by itself."""
    for asked in InformationRequest.objects.outstanding().filter(referral=life.referral):
        while asked.next_chase_on <= life.company.today and referrals.chase_request(
            request=asked, by=system_user("scheduler"), today=asked.next_chase_on
        ):
            asked.refresh_from_db()
