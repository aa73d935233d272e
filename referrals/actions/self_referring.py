"""Somebody refers themselves on the public pages. Nothing is stored of who does not finish; nothing answers whom we know."""

import uuid
from datetime import date

from referrals import policy
from referrals.actions.receive import NewReferral, receive_referral
from referrals.actions.telling import coordinators_of
from referrals.choices import Channel, ConsentPurpose, InitiatedBy
from referrals.models import (
    Acknowledgement,
    Consent,
    ContactDetails,
    Referral,
    SafeContact,
)
from rj_service.accounts.acting import acting_as, system_user
from rj_service.accounts.models import ServiceArea
from rj_service.notifications.actions import notify
from rj_service.public_forms.actions import take_answers


def send_self_referral(
    *, key: uuid.UUID | None, area: ServiceArea, new: NewReferral, acknowledge: bool, today: date
) -> Referral:
    """Takes what the session kept and makes the referral of it, unverified. Acts as the public user by itself.

    Raises StaleState when another window has sent it. Whoever is named in it may be known here or not: the answer and
    what is told to whoever sent it are the same.
    """
    public = system_user("public")
    with acting_as(public, areas=[area]):
        take_answers(key)
        referral = receive_referral(area=area, new=new, by=public, today=today)
        if acknowledge:
            Acknowledgement.objects.enqueue(service_area=area, referral=referral, asked_by_id=public.pk)
        notify(coordinators_of(referral), "referral_received", on=referral)
        return referral


def address_to_acknowledge(acknowledgement: Acknowledgement) -> str:
    """The email address to write to, or nothing when it may no longer be used: asked at the moment of sending."""
    referral = acknowledgement.referral
    person = referral.person_responsible if referral.initiated_by == InitiatedBy.OFFENDER else referral.person_harmed
    if person is None:
        return ""
    given = list(Consent.objects.filter(person=person, referral=referral))
    blocks = policy.contact_blocks(
        person,
        Channel.EMAIL,
        safe=SafeContact.objects.filter(person=person).first(),
        missing=policy.missing_agreement(given, ConsentPurpose.CONTACT, Channel.EMAIL),
        bars=[],  # a bar forbids contact with the other side; this is the service's answer to whoever wrote
    )
    details = ContactDetails.objects.filter(person=person).first()
    return "" if blocks or details is None else details.email or ""
