"""The Hub's words into ours: one row of its file as a new referral."""

from collections.abc import Mapping

from referrals.actions.receive import NewPerson, NewReferral, sensitive_kind
from referrals.choices import ConsentMethod, CrimeType, JusticeStage, Responsibility, Vulnerability
from referrals.hub_file import HubRow
from referrals.models import ImportRow
from rj_service.accounts.models import LocalArea, Organisation

_CRIME_TYPES = {kind.label: kind.value for kind in CrimeType}
_STAGES = {
    "under_investigation": JusticeStage.PRE_CHARGE,
    "investigation_no_suspect": JusticeStage.NO_FURTHER_ACTION,
    "out_of_court_disposal": JusticeStage.OUT_OF_COURT,
    "sentence_complete": JusticeStage.HISTORIC,
}
_METHODS = {"telephone": ConsentMethod.PHONE, "video_call": ConsentMethod.OTHER}


def crime_type_of(row: HubRow) -> str:
    return _CRIME_TYPES.get(row.crime_type, CrimeType.OTHER) if row.crime_type else CrimeType.NOT_KNOWN


def stage_of(row: HubRow) -> str:
    return _STAGES.get(row.justice_stage, row.justice_stage)


def consent_method_of(word: str) -> str:
    return word if word in ConsentMethod.values else _METHODS.get(word, ConsentMethod.NOT_KNOWN)


def kind_of_organisation(row: HubRow) -> str:
    """Of one not yet known."""
    return {
        "victims_hub": Organisation.Kind.VICTIMS_HUB,
        "police_officer_pcso": Organisation.Kind.POLICE,
    }.get(row.mechanism, Organisation.Kind.OTHER)


def incident_of(row: HubRow, local_areas: Mapping[str, LocalArea]) -> dict:
    given = row.given
    return {
        "crime_reference": given["crime_reference"],
        "crime_type": crime_type_of(row),
        "crime_type_as_given": given["crime_type"] if crime_type_of(row) == CrimeType.OTHER else "",
        "month": row.offence_month,
        "location": given["location"],
        "lsoa_code": row.lsoa_code,
        "local_area_name": given["local_area"],
        "local_area": local_areas.get(given["local_area"].casefold()),
        "last_outcome": given["last_outcome"],
        "justice_stage": stage_of(row),
    }


def harmed_of(row: HubRow) -> NewPerson:
    given = row.given
    organisation = given["victim_organisation"] if row.harmed_is_organisation else ""
    return NewPerson(
        first_name=given["victim_first_name"],
        last_name=given["victim_last_name"],
        organisation_name=organisation,
        date_of_birth=row.harmed_born_on,
        date_of_birth_as_given="" if row.harmed_born_on else given["victim_date_of_birth"],
        vulnerability=row.vulnerability or Vulnerability.NOT_KNOWN,
        communication_needs=given["communication_needs"],
        enhanced_rights=row.enhanced_rights,
        phone=given["victim_phone"],
        email=given["victim_email"],
        address=given["victim_address"],
        postcode=given["victim_postcode"],
        may_phone=row.safe.phone,
        may_leave_voicemail=row.safe.voicemail,
        may_email=row.safe.email,
        may_write=row.safe.write,
    )


def responsible_of(row: HubRow) -> NewPerson:
    given = row.given
    return NewPerson(
        first_name=given["offender_first_name"],
        last_name=given["offender_last_name"],
        date_of_birth=row.offender_born_on,
        date_of_birth_as_given="" if row.offender_born_on else given["offender_date_of_birth"],
        vulnerability=Vulnerability.NOT_KNOWN,
    )


def new_referral_of(
    row: HubRow,
    *,
    local_areas: Mapping[str, LocalArea],
    organisation: Organisation | None,
    import_row: ImportRow | None = None,
) -> NewReferral:
    """`row` has no refusal: its date and mechanism are there."""
    if row.received_on is None:
        raise ValueError("a refused row makes no referral")
    given = row.given
    return NewReferral(
        received_on=row.received_on,
        mechanism=row.mechanism,
        initiated_by=row.initiated_by,
        harmed=harmed_of(row),
        responsible=responsible_of(row),
        incident=incident_of(row, local_areas),
        organisation=organisation,
        referrer_name=given["referrer_name"],
        referrer_email=given["referrer_email"],
        hub_reference=row.reference,
        consent_method=consent_method_of(row.consent_method),
        consented_on=row.consented_on,
        responsibility_told=row.acceptance or Responsibility.NOT_KNOWN,
        flags=[sensitive_kind(word) for word in row.flags],
        notes=given["notes"],
        suspect_identified=row.offender_identified,
        wishes_contact_if_identified=(
            row.wants_contact_if_identified if given["contact_if_offender_identified"] else None
        ),
        import_row=import_row,
    )
