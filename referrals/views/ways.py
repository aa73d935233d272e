"""Which way a referral goes, and what was agreed about sharing information with whoever is asked or sent it."""

from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from referrals import routing
from referrals.choices import AgeGroup, RecipientKind
from referrals.models import Pathway, Person, Provision, Referral, SharingAgreement
from referrals.policy import age_group
from rj_service.accounts.models import Organisation

KIND_OF = {
    RecipientKind.OFFICER: Organisation.Kind.POLICE,
    RecipientKind.PROBATION: Organisation.Kind.PROBATION,
    RecipientKind.PRISON: Organisation.Kind.PRISON,
    RecipientKind.VICTIM_LIAISON: Organisation.Kind.PROBATION,  # the Victim Contact Scheme is theirs
    RecipientKind.YOUTH_JUSTICE: Organisation.Kind.YOUTH_JUSTICE,
}


def ways_of(referral: Referral, *, kinds: Iterable[str], responsible: Iterable[Person | None], today: date) -> dict:
    """For a page where somebody decides: the ways, and a warning for each organisation without a standing agreement."""
    organisation, incident = referral.organisation, referral.incident
    facts = routing.Facts(
        agency=organisation.kind if organisation else "",
        stage=incident.justice_stage,
        local_area=incident.local_area_id,
        kinds=set(kinds),
        has_young=any(age_group(one, referral.received_on) == AgeGroup.CHILD for one in responsible if one),
    )
    pathways = Pathway.objects.current().select_related("local_area", "provision__organisation")
    directory = list(Provision.objects.current().for_list().order_by("organisation__name", "offers"))
    ways = routing.ways_of(facts, pathways, directory)
    asked = [one.organisation for way in ways for one in way.who]
    return {"ways": ways, "warnings": warnings_about([*filter(None, [organisation]), *asked], today)}


def warnings_about(organisations: Iterable[Organisation], today: date) -> list[str]:
    wanted = {one.pk: one for one in organisations}
    found: dict = {key: [] for key in wanted}
    for agreement in SharingAgreement.objects.current().filter(organisation__in=list(wanted)):
        found[agreement.organisation_id].append(agreement)
    told = (routing.warning(found[key], called=one.name, today=today) for key, one in wanted.items())
    return [words for words in told if words]


def missing_with(organisation: Organisation) -> str:
    return next(iter(warnings_about([organisation], timezone.localdate())), "")


def warning_about_agency(agency: str, today: date) -> str:
    """Of a kind of agency: one agreement that stands with any of them is enough."""
    agreements = SharingAgreement.objects.with_agency(KIND_OF[RecipientKind(agency)])
    return routing.warning(list(agreements), called=f"the {RecipientKind(agency).label}", today=today)
