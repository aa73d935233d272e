"""What is asked alone, conditions met one by one, what changed since last time, and domestic abuse."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse

from cases import actions
from cases.choices import ITEMS, Side
from cases.gate import checks_for
from cases.models import AbuseCheck, Assessment, AssessmentCondition, AssessmentItem, Intervention
from rj_service.accounts.acting import acting_as
from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from rj_service.accounts.models import KeptForm
from rj_service.notifications.models import Notification
from tests.cases.conftest import ALONE, items, undone
from tests.cases.ready.test_pages_acts import post
from tests.typed import typed

pytestmark = pytest.mark.django_db

FEAR = {"fear": ("none", "Nobody else was there")}


@pytest.fixture
def desk(cast, signed_in):
    return signed_in(cast["coordinator"])


def by(ready) -> dict:
    return {"by": ready.by, "today": ready.today}


@pytest.fixture
def draft(ready) -> Assessment:
    return actions.start_assessment(participant=ready.harmed, **by(ready))


def test_fear_has_no_answer_before_they_were_asked_alone(ready, draft):
    with pytest.raises(DomainError, match="alone first"):
        actions.save_items(assessment=draft, items=FEAR, **by(ready))
    for wrong in (
        actions.AskedAlone(ready.today, "with their partner there"),
        actions.AskedAlone(ready.today + timedelta(days=1), "phone"),
        actions.AskedAlone(ready.case.referral.received_on - timedelta(days=1), "phone"),
    ):
        with pytest.raises(DomainError):
            actions.save_items(assessment=draft, items=FEAR, alone=wrong, **by(ready))
    assert not AssessmentItem.objects.filter(assessment=draft).exists()
    actions.save_items(assessment=draft, items=FEAR, alone=ALONE, **by(ready))
    actions.save_items(assessment=draft, items={"fear": ("not_known", "Asked once more")}, **by(ready))
    item = AssessmentItem.objects.get(assessment=draft)
    assert (item.asked_alone_on, item.asked_alone_how, item.concern) == (ready.today, "in_person", "not_known")


def test_the_page_of_fear_asks_when_and_how(ready, draft, desk):
    known = (ready.case.pk, ready.harmed.pk, "fear")
    post(desk, "assessment-item", *known, expected=422, concern="none", words="Said so")
    asked = {"asked_how": "phone", **typed(asked_on=ready.today)}
    post(desk, "assessment-item", *known, concern="none", words="Said so", **asked)
    page = desk.get(reverse("cases:assessment", args=known[:2])).content.decode()
    assert "by phone, once they said that nobody could hear" in page


def test_what_was_found_last_time_stands_beside(ready, draft, desk):
    known = (ready.case.pk, ready.harmed.pk)
    words = "Last time, "
    assert desk.get(reverse("cases:assessment", args=known)).content.decode().count(words) == len(ITEMS[Side.HARMED])
    page = desk.get(reverse("cases:assessment-item", args=[*known, "health"])).content.decode()
    assert "no concern: Talked about it" in page
    found = items(Side.HARMED, health="mitigated")
    actions.save_items(assessment=draft, items=found, alone=ALONE, **by(ready))
    assert desk.get(reverse("cases:assessment", args=known)).content.decode().count(words) == 1


def test_what_was_typed_when_the_session_ended_is_there_again(ready, draft, desk, cast):
    address = reverse("cases:assessment-item", args=[ready.case.pk, ready.harmed.pk, "fear"])
    typed = {"words": ["She looked at the door"], "asked_how": ["in_person"]}
    KeptForm.objects.create(user=cast["coordinator"], path=address, content=json.dumps(typed))
    assert "She looked at the door" in desk.get(address).content.decode()
    assert not AssessmentItem.objects.filter(assessment=draft).exists()


def test_each_condition_is_met_by_itself_and_the_last_opens_the_gate(ready, draft, desk):
    actions.save_items(assessment=draft, items=items(Side.HARMED), alone=ALONE, **by(ready))
    judged = {"able": True, "willing": True, "suitable": True, "has_met_person": True, **by(ready)}
    conditions = "- Her sister comes\n\n- A break every half hour"
    signed = actions.sign_assessment(assessment=draft, outcome="with_conditions", conditions=conditions, **judged)
    rows = list(AssessmentCondition.objects.filter(assessment=signed).order_by("place"))
    assert [one.words for one in rows] == ["Her sister comes", "A break every half hour"]

    def missing() -> set[str]:
        return {one.key for one in checks_for(ready.intervention, ready.today) if one.is_missing}

    known = (ready.case.pk, ready.harmed.pk)
    post(desk, "condition-met", *known, rows[0].pk, **typed(met_on=ready.today))
    assert missing() == {"outcome"}
    with pytest.raises(StaleState):
        actions.meet_condition(condition=rows[0], met_on=ready.today, **by(ready))
    with pytest.raises(DomainError, match="past"):
        actions.meet_condition(condition=rows[1], met_on=ready.today + timedelta(days=1), **by(ready))
    post(desk, "condition-met", *known, rows[1].pk, **typed(met_on=ready.today))
    assert missing() == set()


# Domestic abuse.


def asked(ready, **changed) -> AbuseCheck:
    given = {"kind": "idva", "done_on": ready.today, "done_by": "A Reed, IDVA", "wish_is_their_own": True}
    given |= {"pressure_words": "She brought it up herself", "participant": ready.harmed, **by(ready)}
    return actions.record_abuse_check(**given | changed)


def test_what_was_asked_before_the_referral_came_opens_nothing(ready):
    with pytest.raises(DomainError, match="on or after the referral came"):
        asked(ready, done_on=ready.case.referral.received_on - timedelta(days=1))
    assert asked(ready, done_on=ready.case.referral.received_on).pk


def approach(ready) -> Assessment:
    return actions.start_assessment(participant=ready.responsible, **by(ready))


@pytest.mark.parametrize("kind", ["domestic_abuse", "coercive_control"])
def test_nobody_of_the_other_side_is_approached_before_a_specialist(ready, kind):
    actions.raise_flag(case=ready.case, kind=kind, **by(ready))
    with pytest.raises(DomainError, match="DASH, IDVA or MARAC"):
        approach(ready)
    with pytest.raises(DomainError, match="DASH, IDVA or MARAC"):
        contact = {"method": "phone", "result": "spoke", "occurred_at": ready.case.stage_since}
        actions.log_contact(participant=ready.responsible, **contact, **by(ready))
    asked(ready)
    assert approach(ready)


def test_a_wish_that_is_not_their_own_stops_the_approach_and_the_newest_counts(ready):
    actions.raise_flag(case=ready.case, kind="domestic_abuse", **by(ready))
    asked(ready)
    asked(ready, wish_is_their_own=False)
    with pytest.raises(DomainError, match="their own|person’s own"):
        approach(ready)
    assert actions.start_assessment(participant=ready.harmed, **by(ready))  # the person harmed is never refused


@pytest.mark.parametrize(
    "changed",
    [{"kind": "friend"}, {"done_by": " "}, {"pressure_words": " "}, {"done_on": "tomorrow"}, {"participant": "other"}],
)
def test_a_check_is_complete_and_of_whoever_was_harmed(ready, changed):
    if "done_on" in changed:
        changed = {"done_on": ready.today + timedelta(days=1)}
    if "participant" in changed:
        changed = {"participant": ready.responsible}
    with pytest.raises(DomainError):
        asked(ready, **changed)


# The supervisor says no.


@pytest.fixture
def sensitive(ready, cast):
    actions.raise_flag(case=ready.case, kind="stalking", **by(ready))
    actions.set_supervisor(case=ready.case, supervisor=cast["supervisor"], **by(ready))
    return ready


def test_a_supervisor_sends_a_case_back_and_signs_it_once_it_is_put_right(sensitive, cast, signed_in):
    ready, desk = sensitive, signed_in(cast["supervisor"])
    Intervention.objects.filter(pk=ready.intervention.pk).update(status="scheduled", planned_for=ready.tomorrow)
    post(desk, "refuse-sign-off", ready.case.pk, expected=422, because=" ")
    post(desk, "refuse-sign-off", ready.case.pk, because="Nobody asked about the order")
    case = ready.fresh()
    assert (case.signed_off_at, case.sign_off_refused_by) == (None, cast["supervisor"])
    assert Intervention.objects.get(pk=ready.intervention.pk).status == "postponed"
    assert Notification._base_manager.filter(user=cast["coordinator"], kind="case_update").exists()
    page = signed_in(cast["coordinator"]).get(reverse("cases:sign-off", args=[case.pk])).content.decode()
    assert "Nobody asked about the order" in page
    consulted = {"who": "IDVA", "consulted_on": ready.today, "by": ready.by, "today": ready.today}
    actions.record_specialist_consulted(case=case, **consulted)
    post(desk, "sign-off", ready.case.pk)
    case = ready.fresh()
    assert case.signed_off_by == cast["supervisor"]
    assert case.sign_off_refused_because == ""


def test_only_a_second_person_sends_it_back(sensitive, cast):
    for who in ("coordinator", "practitioner"):
        with undone(), acting_as(cast[who]) as other, pytest.raises(NotAllowed):
            actions.refuse_sign_off(case=sensitive.case, because="No", by=other, today=sensitive.today)
