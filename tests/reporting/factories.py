"""Referrals, cases and answers for figures: only what is counted, every person invented."""

from datetime import date, datetime, time, timedelta

import factory
from django.utils import timezone

from cases import models as cases
from cases.choices import ClosureReason, InterventionStatus, Model, ParticipantRole, Satisfaction, Side
from referrals import models as referrals
from referrals.choices import CrimeType, Mechanism, ReferralStatus
from rj_service.accounts.acting import system_user
from tests.factories import RowFactory


def noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))


class PersonFactory(RowFactory):
    class Meta:
        model = referrals.Person

    first_name = "Ida"
    last_name = factory.Sequence(lambda n: f"Fern{n}")


class IncidentFactory(RowFactory):
    class Meta:
        model = referrals.Incident

    crime_type = CrimeType.BURGLARY
    local_area_name = "Peterborough"


class ReferralFactory(RowFactory):
    class Meta:
        model = referrals.Referral

    class Params:
        crime_type = CrimeType.BURGLARY
        place = "Peterborough"

    incident = factory.SubFactory(
        IncidentFactory,
        service_area=factory.SelfAttribute("..service_area"),
        crime_type=factory.SelfAttribute("..crime_type"),
        local_area_name=factory.SelfAttribute("..place"),
    )
    person_harmed = factory.SubFactory(PersonFactory, service_area=factory.SelfAttribute("..service_area"))
    mechanism = Mechanism.VICTIMS_HUB
    status = ReferralStatus.RECEIVED
    received_on = date(2026, 10, 14)
    entered_at = factory.LazyAttribute(lambda referral: noon(referral.received_on))
    entered_by = factory.LazyFunction(lambda: system_user("import"))


class CaseFactory(RowFactory):
    class Meta:
        model = cases.Case

    class Params:
        received_on = date(2026, 10, 14)
        partner_delivered = False

    referral = factory.SubFactory(
        ReferralFactory,
        service_area=factory.SelfAttribute("..service_area"),
        received_on=factory.SelfAttribute("..received_on"),
        partner_delivered=factory.SelfAttribute("..partner_delivered"),
        status=ReferralStatus.ACCEPTED,
    )
    opened_on = factory.SelfAttribute("referral.received_on")
    stage_since = factory.LazyAttribute(lambda case: noon(case.opened_on))
    opened_by = factory.LazyFunction(lambda: system_user("import"))
    coordinator = factory.SelfAttribute("opened_by")


class InterventionFactory(RowFactory):
    """Held, unless told otherwise."""

    class Meta:
        model = cases.Intervention

    case = factory.SubFactory(CaseFactory)
    model = Model.FACE_TO_FACE_CONFERENCE
    model_delivered = factory.SelfAttribute("model")
    status = InterventionStatus.HELD
    held_on = date(2026, 10, 20)
    planned_by = factory.SelfAttribute("case.opened_by")
    held_recorded_by = factory.SelfAttribute("case.opened_by")
    held_recorded_at = factory.LazyAttribute(lambda meeting: noon(meeting.held_on))


class ClosureFactory(RowFactory):
    class Meta:
        model = cases.Closure

    case = factory.SubFactory(CaseFactory)
    reason = ClosureReason.HARMED_CHOSE_NOT
    closed_on = date(2026, 10, 30)
    closed_by = factory.SelfAttribute("case.opened_by")


def asked(case: cases.Case, side: str, on: date, again: cases.SurveyResponse | None = None) -> cases.SurveyInvitation:
    """Somebody new, or whoever answered before."""
    participant = again.invitation.participant if again else _joined(case, side)
    invitation = cases.SurveyInvitation(
        case=case, participant=participant, side=side, asked_on=on, asked_by=case.opened_by
    )
    invitation.save(force_insert=True)
    return invitation


def _joined(case: cases.Case, side: str) -> cases.Participant:
    role = ParticipantRole.PERSON_HARMED if side == Side.HARMED else ParticipantRole.PERSON_RESPONSIBLE
    person = PersonFactory(service_area=case.service_area)
    participant = cases.Participant(case=case, person=person, role=role, side=side, added_by=case.opened_by)
    participant.save(force_insert=True)
    return participant


def answered(
    case: cases.Case,
    side: str,
    on: date,
    overall: str = Satisfaction.VERY_SATISFIED,
    again: cases.SurveyResponse | None = None,
) -> cases.SurveyResponse:
    """Asked two days before, answered on the day."""
    invitation = asked(case, side, on - timedelta(days=2), again)
    response = cases.SurveyResponse(invitation=invitation, case=case, side=side, overall=overall, received_on=on)
    response.save(force_insert=True)
    return response
