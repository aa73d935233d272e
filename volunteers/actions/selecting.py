"""An application from stage to stage. Each step has its day, who recorded it, and what it asks for before."""

from dataclasses import replace
from datetime import date
from typing import Any

from django.db import transaction

from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from rj_service.accounts.models import LocalArea, Organisation, User
from rj_service.audit.actions import record
from training.actions import register_learner
from training.models import Learner
from volunteers import events, policy
from volunteers.actions.applying import NewApplication, receive_application, require_old_enough
from volunteers.actions.registering import register_practitioner
from volunteers.actions.teaming import free_places, nominate
from volunteers.choices import (
    APPLICATION_TRANSITIONS,
    FROM_AN_ORGANISATION,
    ApplicationStatus,
    PractitionerKind,
    PractitionerStatus,
    SafeguardKind,
)
from volunteers.models import (
    Application,
    ApplicationStep,
    Campaign,
    Nominee,
    Practitioner,
    Reference,
    Safeguard,
    TeamPlace,
)


@transaction.atomic
def apply_to_campaign(
    *, application: Application, campaign: Campaign, happened_on: date, today: date, by: User
) -> None:
    """An enquiry becomes an application to what is advertised."""
    application = _locked(application, by)
    if not Campaign.objects.filter(pk=campaign.pk, service_area=application.service_area_id).advertised(today).exists():
        raise DomainError("Choose a campaign that is advertised", field="campaign")
    application.campaign = campaign
    _move(application, ApplicationStatus.APPLIED, happened_on, today, by)


@transaction.atomic
def change_application(
    *,
    application: Application,
    first_name: str,
    last_name: str,
    date_of_birth: date | None,
    kind: str,
    organisation: Organisation | None,
    local_area: LocalArea | None,
    email: str,
    phone: str,
    postcode: str,
    today: date,
    by: User,
) -> None:
    """What was not said or was said wrongly. Under 18 somebody is a young volunteer, whatever else was chosen; what they
    wrote themselves stays as they wrote it."""
    application = _locked(application, by)
    _require_open(application)
    if not (email or phone):
        raise DomainError("Enter an email address or a phone number", field="email")
    require_old_enough(date_of_birth, today)
    kind = PractitionerKind.YOUNG if policy.is_minor(date_of_birth, today) else kind
    if kind in FROM_AN_ORGANISATION and organisation is None:
        raise DomainError("Choose the organisation that this person comes from", field="organisation")
    _require_their_place(application, organisation)
    given: dict[str, Any] = {
        "first_name": first_name,
        "last_name": last_name,
        "date_of_birth": date_of_birth,
        "kind": kind,
    }
    given |= {"organisation": organisation, "local_area": local_area}
    given |= {"email": email, "phone": phone, "postcode": postcode}
    changed = [name for name, value in given.items() if getattr(application, name) != value]
    for name in changed:
        setattr(application, name, given[name])
    application.save(update_fields=changed)
    record(events.APPLICATION_CHANGED, by=by, on=application, detail={"fields": changed})


def _require_their_place(application: Application, organisation: Organisation | None) -> None:
    """A place of an organisation is for somebody who comes from it."""
    named = Nominee.objects.standing().filter(application=application).exclude(place__organisation=None)
    one = named.select_related("place__organisation").first()
    if one is not None and one.place.organisation != organisation:
        words = f"They are named for a place of {one.place.organisation.name}. They drop out of it first"
        raise DomainError(words, field="organisation")


@transaction.atomic
def arrange_interview(*, application: Application, happened_on: date, today: date, words: str = "", by: User) -> None:
    """The day on which it was arranged; when and with whom it is stands in the words."""
    _move(_locked(application, by), ApplicationStatus.INTERVIEW, happened_on, today, by, words)


@transaction.atomic
def pass_interview(*, application: Application, happened_on: date, today: date, words: str = "", by: User) -> None:
    """Held, and the panel would take them: their references are asked for."""
    _move(_locked(application, by), ApplicationStatus.REFERENCES, happened_on, today, by, words)


@transaction.atomic
def name_referee(*, application: Application, name: str, contact: str, known_as: str, by: User) -> Reference:
    application = _locked(application, by)
    _require_open(application)
    reference = Reference.objects.create(
        application=application, name=name, contact=contact, known_as=known_as, recorded_by=by
    )
    record(events.REFEREE_NAMED, by=by, on=application)
    return reference


@transaction.atomic
def record_reference(*, reference: Reference, received_on: date, is_satisfactory: bool, today: date, by: User) -> None:
    """Whether it is satisfactory, and nothing of what it says."""
    application = _locked(reference.application, by)
    _require_open(application)
    if application.status != ApplicationStatus.REFERENCES:
        raise DomainError("References are asked for after the interview")
    if received_on > today:
        raise DomainError("The day it arrived must be today or in the past", field="received_on")
    reference = Reference.objects.get(pk=reference.pk)
    reference.received_on, reference.is_satisfactory = received_on, is_satisfactory
    reference.save(update_fields=["received_on", "is_satisfactory"])
    record(events.REFERENCE_RECEIVED, by=by, on=application, detail={"satisfactory": is_satisfactory})


@transaction.atomic
def record_safeguard(
    *,
    kind: str,
    given_on: date,
    today: date,
    name: str = "",
    application: Application | None = None,
    practitioner: Practitioner | None = None,
    by: User,
) -> Safeguard:
    """Of an applicant or a volunteer under 18. A parent's agreement names who gave it; the sign-off is a manager's own."""
    about = application or practitioner
    if about is None:
        raise ValueError("a safeguard is of an application or of a practitioner")
    if not policy.can_record_safeguard(by, about, kind):
        raise NotAllowed("A service manager signs this off.")
    if kind == SafeguardKind.PARENTAL and not name:
        raise DomainError("Enter who agreed, and who they are to the volunteer", field="name")
    if given_on > today:
        raise DomainError("The day must be today or in the past", field="given_on")
    if practitioner is not None and practitioner.is_adult_on(today):
        raise DomainError("They are 18 or over: nothing is recorded for it")
    of = practitioner or (application.practitioner if application else None)
    given = {"service_area_id": about.service_area_id, "name": name, "given_on": given_on, "recorded_by": by}
    # What came with an application is the volunteer's since they were taken on.
    whose = {"practitioner": of} if of else {"application": application}
    safeguard, new = Safeguard.objects.get_or_create(
        **whose, kind=kind, defaults={**given, "application": application, "practitioner": of}
    )
    if not new:
        raise StaleState("This is recorded already. Nothing was done twice")
    record(events.SAFEGUARD_RECORDED, by=by, on=about, detail={"kind": kind})
    return safeguard


@transaction.atomic
def take_on(*, application: Application, today: date, by: User) -> Practitioner:
    """Makes them a practitioner whose vetting begins: neither vetted nor able to see a case."""
    application = _locked(application, by)
    if missing := policy.missing_to_take_on(application, today):
        raise DomainError(f"{application.name} cannot be taken on yet: {missing[0]}")
    learner = _learner(application, by)
    practitioner = register_practitioner(
        learner=learner,
        kind=application.kind,
        date_of_birth=application.date_of_birth,
        organisation=application.organisation,
        local_areas=[application.local_area] if application.local_area else [],
        today=today,
        by=by,
    )
    Practitioner.objects.filter(pk=practitioner.pk).update(status=PractitionerStatus.VETTING)
    practitioner.status = PractitionerStatus.VETTING
    application.practitioner = practitioner
    application.safeguards.update(practitioner=practitioner)
    Nominee.objects.standing().filter(application=application).update(practitioner=practitioner)
    _move(application, ApplicationStatus.TAKEN_ON, today, today, by)
    record(events.TAKEN_ON, by=by, on=practitioner)
    return practitioner


def _learner(application: Application, by: User) -> Learner:
    """Whoever learnt here before stays one learner."""
    known = Learner.objects.filter(
        service_area=application.service_area_id,
        first_name__iexact=application.first_name,
        last_name__iexact=application.last_name,
        email__iexact=application.email,
        practitioner__isnull=True,
    )
    found = known.first() if application.email else None
    return found or register_learner(
        area=application.service_area,
        first_name=application.first_name,
        last_name=application.last_name,
        email=application.email,
        organisation=application.organisation,
        by=by,
    )


@transaction.atomic
def end_application(
    *, application: Application, status: str, happened_on: date, words: str, today: date, by: User
) -> None:
    """Not taken on, or they withdrew."""
    application = _locked(application, by)
    _move(application, status, happened_on, today, by, words, verb=events.APPLICATION_ENDED)
    free_places(application, ApplicationStatus(status).label, today, by)


@transaction.atomic
def put_forward(*, place: TeamPlace, new: NewApplication, today: date, by: User) -> Nominee:
    """An organisation names somebody who is not here yet: they become an applicant who needs no campaign, and have the place
    from today, chosen or in reserve."""
    of = place.organisation
    kind = PractitionerKind.PARTNER_NOMINEE if place.is_volunteer else PractitionerKind.PARTNER_STAFF
    new = replace(new, organisation=of, kind=kind if of else PractitionerKind.COMMUNITY)
    application = receive_application(area=place.team.service_area, new=new, today=today, by=by)
    _move(application, ApplicationStatus.APPLIED, new.received_on, today, by, f"Put forward: {place.words}")
    return nominate(place=place, who=application, named_on=new.received_on, today=today, by=by)


def _move(
    application: Application,
    status: str,
    happened_on: date,
    today: date,
    by: User,
    words: str = "",
    verb: str = events.APPLICATION_MOVED,
) -> None:
    if status not in APPLICATION_TRANSITIONS[application.status]:
        raise StaleState(f"{application.name} is at “{application.get_status_display()}”. Nothing was done twice")
    if happened_on > today:
        raise DomainError("The day must be today or in the past", field="happened_on")
    if happened_on < application.received_on:
        raise DomainError("The day must not be before they wrote to us", field="happened_on")
    before, application.status, application.since = application.status, status, happened_on
    application.save()
    ApplicationStep.objects.create(
        application=application, status=status, happened_on=happened_on, words=words, recorded_by=by
    )
    record(verb, by=by, on=application, detail={"from": before, "to": status})


def _require_open(application: Application) -> None:
    if not APPLICATION_TRANSITIONS[application.status]:
        raise StaleState(f"This application has ended: {application.get_status_display().lower()}")


def _locked(application: Application, by: User) -> Application:
    if not policy.can_recruit(by, application.service_area_id):
        raise NotAllowed("A coordinator or a service manager can do this.")
    found = Application.objects.select_related("campaign", "organisation", "local_area", "service_area")
    return found.select_for_update(of=("self",)).get(pk=application.pk)
