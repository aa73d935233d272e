"""Whether somebody may be reached now, for this purpose and by this way. Whatever sends asks here, when it sends."""

from datetime import date

from referrals import policy
from referrals.choices import Channel, ConsentPurpose
from referrals.models import Childhood, Consent, LegalBar, ParentalAgreement, Person, Referral, SafeContact


def why_not_reached(
    *, person: Person, referral: Referral, side: str, purpose: str, today: date
) -> dict[str, list[str]]:
    """Channel -> the sentences that forbid it, read from the database at the moment of acting; empty when it is open."""
    fresh = Person.objects.get(pk=person.pk)
    given = list(Consent.objects.filter(person=fresh, referral=referral))
    if purpose != ConsentPurpose.CONTACT:
        given = [one for one in given if not policy.given_as_a_child(one, fresh, today)]
    parental = policy.parental_block(
        fresh,
        childhood=Childhood.objects.filter(person=fresh).first(),
        said=agreements_for(fresh, referral),
        purpose=purpose,
        today=today,
    )
    safe = SafeContact.objects.filter(person=fresh).first()
    bars = list(LegalBar.objects.filter(person=fresh).standing(today))
    return {
        channel: policy.contact_blocks(
            fresh,
            channel,
            safe=safe,
            missing=policy.missing_agreement(given, purpose, channel) or parental,
            bars=bars,
            closed=policy.is_closed_side(referral, side),
        )
        for channel in Channel.values
    }


def agreements_for(child: Person, referral: Referral) -> list[ParentalAgreement]:
    """Of everybody with parental responsibility, withdrawn ones too."""
    found = ParentalAgreement.objects.filter(parental__person=child, referral=referral)
    return list(found.select_related("parental", "recorded_by", "withdrawn_by").order_by("-recorded_at", "id"))
