"""A case of somebody who referred themselves: everything else may be in place, the other side learns nothing before it is
verified."""

import pytest
from django.urls import reverse
from django.utils import timezone

from cases import actions
from cases.choices import Side
from cases.gate import GateClosed, checks_for
from cases.models import Intervention
from referrals.actions import record_check
from referrals.choices import Mechanism
from referrals.models import ContactDetails, Referral, SafetyChange
from referrals.policy import checks_needed
from rj_service.accounts.errors import DomainError
from tests.cases.conftest import consent, items

pytestmark = pytest.mark.django_db
NOT_VERIFIED = "has not been verified"


@pytest.fixture
def by_themselves(ready):
    """`by_themselves(mechanism)`: the case that is ready, as if one of them had written alone."""

    def make(mechanism=Mechanism.VICTIM_SELF):
        Referral.objects.filter(pk=ready.case.referral_id).update(mechanism=mechanism)
        return ready

    return make


def verify(ready, is_confirmed: bool = True) -> None:
    referral = Referral.objects.get(pk=ready.case.referral_id)
    for kind in checks_needed(referral):
        record_check(
            referral=referral,
            kind=kind,
            through="police",
            is_confirmed=is_confirmed,
            words="" if is_confirmed else "Nobody of that name",
            checked_on=ready.today,
            by=ready.by,
            today=ready.today,
        )


def missing(ready) -> list[str]:
    fresh = Intervention.objects.get(pk=ready.intervention.pk)
    return [check.key for check in checks_for(fresh, ready.today) if check.is_missing]


def test_the_gate_stays_closed_until_it_is_verified(by_themselves):
    ready = by_themselves()
    assert missing(ready) == ["verified"]
    with pytest.raises(GateClosed, match="Nobody has confirmed who referred themselves"):
        ready.schedule()
    verify(ready)
    assert missing(ready) == []
    assert ready.schedule().status == "scheduled"


def test_the_desk_leads_the_coordinator_to_the_verification(by_themselves, signed_in, cast):
    ready = by_themselves()
    desk, page = (
        reverse("cases:desk", args=[ready.case.pk]),
        reverse("referrals:verification", args=[ready.case.referral_id]),
    )
    assert page in signed_in(cast["coordinator"]).get(desk).content.decode()
    assert page not in signed_in(cast["practitioner"]).get(desk).content.decode()
    verify(ready)
    assert page not in signed_in(cast["coordinator"]).get(desk).content.decode()


def test_what_is_arranged_stops_when_it_is_no_longer_verified(by_themselves):
    ready = by_themselves()
    verify(ready)
    ready.schedule()
    verify(ready, is_confirmed=False)
    change = SafetyChange.objects.get(kind=SafetyChange.Kind.NO_LONGER_VERIFIED)
    assert actions.apply_safety_change(change=change, by=ready.by, today=ready.today) == 1
    assert Intervention.objects.get(pk=ready.intervention.pk).status == "postponed"


def _log(ready, participant):
    return actions.log_contact(
        participant=participant,
        method="visit",
        result="spoke",
        occurred_at=timezone.now(),
        by=ready.by,
        today=ready.today,
    )


def _start(ready, participant):
    return actions.start_assessment(participant=participant, by=ready.by, today=ready.today)


def _agree(ready, participant):
    return actions.record_consent(
        participant=participant, purpose="survey", method="phone", given_on=ready.today, by=ready.by, today=ready.today
    )


@pytest.mark.parametrize("act", [_log, _start, _agree])
@pytest.mark.parametrize(
    ("mechanism", "own", "other"),
    [
        (Mechanism.VICTIM_SELF, Side.HARMED, Side.RESPONSIBLE),
        (Mechanism.OFFENDER_SELF, Side.RESPONSIBLE, Side.HARMED),
    ],
)
def test_nobody_works_with_the_other_side_before(by_themselves, mechanism, own, other, act):
    ready = by_themselves(mechanism)
    assert act(ready, ready.people[own])
    with pytest.raises(DomainError, match=NOT_VERIFIED):
        act(ready, ready.people[other])
    verify(ready)
    consent(ready.case, own, "approach_other_side", by=ready.by, today=ready.today)
    assert act(ready, ready.people[other])


def test_no_assessment_of_the_other_side_is_signed_before(by_themselves, ready):
    draft = _start(ready, ready.responsible)
    found = items(Side.RESPONSIBLE)
    actions.save_items(assessment=draft, items=found, responsibility="full", by=ready.by, today=ready.today)
    by_themselves()
    signed = {"outcome": "suitable", "able": True, "willing": True, "suitable": True, "has_met_person": True}
    with pytest.raises(DomainError, match=NOT_VERIFIED):
        actions.sign_assessment(assessment=draft, by=ready.by, today=ready.today, **signed)
    verify(ready)
    assert actions.sign_assessment(assessment=draft, by=ready.by, today=ready.today, **signed).signed_at


@pytest.mark.parametrize("who", ["coordinator", "practitioner"])
def test_the_other_side_s_number_is_not_shown_before(by_themselves, signed_in, cast, who):
    ready = by_themselves()
    ContactDetails.objects.filter(person=ready.responsible.person).update(phone="01632 960555")
    client = signed_in(cast[who])
    page = reverse("cases:reveal-contact", args=[ready.case.pk, ready.responsible.pk])
    html = client.get(page).content.decode()
    assert "01632 960555" not in html and NOT_VERIFIED in html
    own = client.get(reverse("cases:reveal-contact", args=[ready.case.pk, ready.harmed.pk])).content.decode()
    assert "07700 900142" in own and NOT_VERIFIED not in own
    verify(ready)
    assert "01632 960555" in client.get(page).content.decode()
