"""What an organisation sent is kept as it was, for its own people to read again."""

import json
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from referrals.choices import CrimeType, InitiatedBy, Mechanism
from referrals.models import Referral, SentReferral
from rj_service.accounts.models import User

if TYPE_CHECKING:
    from referrals.actions.receive import NewReferral


def keep_as_sent(received: "Iterable[tuple[NewReferral, Referral]]", *, by: User) -> None:
    """Of what somebody sent for their own organisation. A row of a Hub's file is kept already, as an `ImportRow`."""
    own = by.acting.organisation_id if by.acting else None
    SentReferral.objects.bulk_create(
        [
            SentReferral(referral=referral, words=json.dumps(words_of(new), ensure_ascii=False))
            for new, referral in received
            if new.import_row is None and new.organisation is not None and new.organisation.pk == own
        ]
    )


def words_of(new: "NewReferral") -> dict[str, str]:
    """By column of the Hub's file, and the wish and a second person responsible, for which it has none. What was left blank
    is not there."""
    harmed, responsible, incident = new.harmed, new.responsible, new.incident
    theirs = InitiatedBy.OFFENDER == new.initiated_by or Mechanism.OFFENDER_SELF == new.mechanism
    second = new.also_responsible[0] if new.also_responsible else type(responsible)()
    referred = responsible if theirs else harmed  # whose agreement, and whose safety, the answers are about
    crime_type = incident.get("crime_type_as_given") or CrimeType(incident.get("crime_type", CrimeType.NOT_KNOWN)).label
    words = {
        "initiated_by": new.initiated_by,
        "crime_reference": incident.get("crime_reference"),
        "crime_type": crime_type if incident else "",
        "offence_month": incident.get("happened_on") or incident.get("month"),
        "location": incident.get("location"),
        "local_area": incident.get("local_area_name"),
        "justice_stage": incident.get("justice_stage"),
        "victim_first_name": harmed.first_name,
        "victim_last_name": harmed.last_name,
        "victim_organisation": harmed.organisation_name,
        "victim_date_of_birth": harmed.date_of_birth or harmed.date_of_birth_as_given,
        "victim_phone": harmed.phone,
        "victim_email": harmed.email,
        "victim_address": harmed.address,
        "victim_postcode": harmed.postcode,
        "safe_to_phone": referred.may_phone,
        "safe_to_leave_voicemail": referred.may_phone and referred.may_leave_voicemail,
        "safe_to_email": referred.may_email,
        "safe_to_write": referred.may_write,
        "contact_consent": True,
        "consent_method": new.consent_method,
        "consent_date": new.consented_on,
        "enhanced_rights": harmed.enhanced_rights,
        "vulnerability": harmed.vulnerability,
        "communication_needs": harmed.communication_needs,
        "offender_identified": new.suspect_identified,
        "offender_first_name": responsible.first_name,
        "offender_last_name": responsible.last_name,
        "offender_date_of_birth": responsible.date_of_birth or responsible.date_of_birth_as_given,
        "offender_phone": responsible.phone,
        "offender_email": responsible.email,
        "offender_address": responsible.address,
        "offender_postcode": responsible.postcode,
        "second_first_name": second.first_name,
        "second_last_name": second.last_name,
        "second_date_of_birth": second.date_of_birth,
        "contact_if_offender_identified": new.wishes_contact_if_identified,
        "wish": new.wish,
        "sensitive_flags": ";".join(words or kind for kind, words in new.flags),
        "notes": new.notes,
    }
    return {column: text for column, value in words.items() if (text := _text(value))}


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "Y" if value else "N"
    return value.isoformat() if isinstance(value, date) else str(value or "")
