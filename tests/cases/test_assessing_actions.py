from datetime import timedelta

import pytest

from cases import actions
from cases.choices import ITEMS, Concern
from cases.models import Assessment, AssessmentItem, Intervention
from referrals.models import SensitiveFlag
from rj_service.accounts.acting import acting_as
from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from tests.cases.conftest import ALONE, assess, items, side_of
from volunteers.models import Check, Practitioner

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(open_case, coordinator):
    return open_case()


@pytest.fixture
def draft(case, coordinator, today):
    return actions.start_assessment(participant=side_of(case, "harmed"), by=coordinator, today=today)


def sign(draft, by, today, **changed):
    fields = {
        "outcome": "suitable",
        "able": True,
        "willing": True,
        "suitable": True,
        "has_met_person": True,
    } | changed
    return actions.sign_assessment(assessment=draft, by=by, today=today, **fields)


def test_starting_twice_gives_the_same_draft(draft, case, coordinator, today):
    assert actions.start_assessment(participant=side_of(case, "harmed"), by=coordinator, today=today) == draft


def test_a_signed_assessment_is_good_for_90_days(draft, coordinator, today):
    actions.save_items(assessment=draft, items=items("harmed"), alone=ALONE, by=coordinator, today=today)
    signed = sign(draft, coordinator, today)
    assert (signed.signed_on, signed.good_until) == (today, today + timedelta(days=90))
    assert (signed.signed_by.learner.user, signed.signed_level) == (coordinator, "advanced")


def test_of_a_sensitive_case_it_is_looked_at_again_sooner(case, draft, coordinator, today, settings):
    """60 days, never longer than of any other; what was signed before the flag is looked at again, and then lasts as long."""
    assert settings.RJ_SENSITIVE_ASSESSMENT_DAYS == 60
    common = {"by": coordinator, "today": today}
    actions.save_items(assessment=draft, items=items("harmed"), alone=ALONE, **common)
    signed = sign(draft, coordinator, today)
    flag = actions.raise_flag(case=case, kind="sexual_offence", **common)
    assert signed.reopenings.count() == 1
    actions.reconfirm_assessment(assessment=signed, still_holds="Talked about it", has_met_person=True, **common)
    signed.refresh_from_db()
    assert signed.good_until == today + timedelta(days=60)
    assert assess(case, "responsible", **common).good_until == today + timedelta(days=60)
    settings.RJ_ASSESSMENT_DAYS = 30
    assert assess(case, "responsible", **common).good_until == today + timedelta(days=30)
    settings.RJ_ASSESSMENT_DAYS = 90
    SensitiveFlag.objects.filter(pk=flag.pk).update(cleared_at=signed.signed_at, cleared_by=coordinator)
    assert assess(case, "responsible", **common).good_until == today + timedelta(days=90)


def test_a_new_signature_supersedes_the_old(case, coordinator, today):
    first = assess(case, "harmed", by=coordinator, today=today)
    second = assess(case, "harmed", by=coordinator, today=today, outcome="indirect_only")
    first.refresh_from_db()
    assert first.superseded_at is not None
    assert second.superseded_at is None


@pytest.mark.parametrize("side", ["harmed", "responsible"])
def test_suitable_is_impossible_while_any_item_is_not_mitigated_or_not_known(case, coordinator, today, side):
    draft = actions.start_assessment(participant=side_of(case, side), by=coordinator, today=today)
    for kind in ITEMS[side]:
        for concern in (Concern.NOT_MITIGATED, Concern.NOT_KNOWN):
            asked = items(side, **{kind: concern})
            known = {"alone": ALONE, "responsibility": "full", "by": coordinator, "today": today}
            actions.save_items(assessment=draft, items=asked, **known)
            named = kind.label[:1].lower() + kind.label[1:]
            with pytest.raises(DomainError, match=f'"Suitable" is not possible while .*: {named}') as refused:
                sign(draft, coordinator, today)
            assert refused.value.field == "outcome"


def test_no_responsibility_permits_nothing(case, coordinator, today):
    draft = actions.start_assessment(participant=side_of(case, "responsible"), by=coordinator, today=today)
    asked = items("responsible", responsibility=Concern.NOT_MITIGATED)
    actions.save_items(assessment=draft, items=asked, responsibility="none", by=coordinator, today=today)
    possible = {outcome for outcome, why in actions.possible_outcomes(draft).items() if not why}
    assert possible == {"not_suitable", "defer"}


def test_how_far_they_take_responsibility(case, coordinator, today):
    """Nothing without an answer; none is a concern that is not mitigated; of a part it is said which."""
    draft = actions.start_assessment(participant=side_of(case, "responsible"), by=coordinator, today=today)

    def save(responsibility: str, concern: str, words: str = "Said so"):
        given = {"responsibility": (concern, words)}
        known = {"responsibility": responsibility, "by": coordinator, "today": today}
        return actions.save_items(assessment=draft, items=given, **known)

    for asked, field in (
        (("", "none"), "responsibility"),
        (("perhaps", "none"), "responsibility"),
        (("none", "none"), "concern"),
        (("none", "mitigated"), "concern"),
        (("none", "not_known"), "concern"),
        (("part", "none", " "), "words"),
    ):
        with pytest.raises(DomainError) as refused:
            save(*asked)
        assert refused.value.field == field, asked
    assert not AssessmentItem.objects.filter(assessment=draft).exists()
    save("part", "mitigated", "Not for the damage")
    actions.save_items(
        assessment=draft, items={"responsibility": ("none", "Now he says so")}, by=coordinator, today=today
    )
    item = AssessmentItem.objects.get(assessment=draft)
    assert (item.responsibility, item.concern) == ("part", "none")
    save("none", "not_mitigated")
    item.refresh_from_db()
    assert item.responsibility == "none"


# Domain 2.3: what is asked of each side, less what is recorded and checked elsewhere (age, orders of the harmed: asked alone).
ASKED = {
    "harmed": "able willing safe informed expectations health substances communication proceedings power fear readiness"
    " supporter safe_contact",
    "responsible": "able willing safe informed expectations health substances communication proceedings responsibility remorse"
    " attitude risk earlier orders location manager_consulted",
}


@pytest.mark.parametrize("side", ASKED)
def test_every_item_of_the_list_is_asked(side):
    assert [str(kind) for kind in ITEMS[side]] == ASKED[side].split()


def test_every_item_is_answered_before_anything_is_permitted(draft, coordinator, today):
    actions.save_items(assessment=draft, items={"able": ("none", "")}, by=coordinator, today=today)
    possible = {outcome for outcome, why in actions.possible_outcomes(draft).items() if not why}
    assert possible == {"not_suitable", "defer"}


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"has_met_person": False}, "met this person"),
        ({"outcome": "perfect"}, "overall"),
        ({"willing": False}, "able, willing and suitable"),
        ({"outcome": "with_conditions"}, "conditions"),
    ],
)
def test_signing_is_refused(draft, coordinator, today, changed, words):
    actions.save_items(assessment=draft, items=items("harmed"), alone=ALONE, by=coordinator, today=today)
    with pytest.raises(DomainError, match=words):
        sign(draft, coordinator, today, **changed)
    draft.refresh_from_db()
    assert draft.signed_at is None


@pytest.mark.parametrize(
    ("kind", "words"),
    [("dbs_enhanced", "DBS enhanced ended on"), ("nppv_2", "police vetting .* ended on")],
)
def test_whoever_signs_is_vetted(draft, coordinator, today, kind, words):
    actions.save_items(assessment=draft, items=items("harmed"), alone=ALONE, by=coordinator, today=today)
    Check.objects.filter(kind=kind).update(expires_on=today - timedelta(days=1))
    with pytest.raises(NotAllowed, match=f"You cannot sign an assessment: {words}"):
        sign(draft, coordinator, today)


def test_whoever_signs_is_trained_and_active(draft, coordinator, today):
    actions.save_items(assessment=draft, items=items("harmed"), alone=ALONE, by=coordinator, today=today)
    practitioner = Practitioner.objects.get()
    practitioner.learner.awards.all().delete()
    with pytest.raises(NotAllowed, match="training is not recorded"):
        sign(draft, coordinator, today)


def test_staff_who_are_no_practitioner_cannot_sign(draft, coordinator, cast, today):
    actions.save_items(assessment=draft, items=items("harmed"), alone=ALONE, by=coordinator, today=today)
    with acting_as(cast["manager"]) as by, pytest.raises(NotAllowed, match="trained and vetted practitioner"):
        sign(draft, by, today)


def test_a_signed_assessment_cannot_change(case, coordinator, today):
    signed = assess(case, "harmed", by=coordinator, today=today)
    with pytest.raises(StaleState, match="Dana Castle signed this assessment"):
        actions.save_items(assessment=signed, items=items("harmed"), alone=ALONE, by=coordinator, today=today)
    with pytest.raises(StaleState):
        sign(signed, coordinator, today)


@pytest.mark.parametrize("asked", [{"fear": ("none", "")}, {"able": ("perhaps", "")}, {"able": ("mitigated", " ")}])
def test_items_are_of_the_side_and_on_the_scale(case, coordinator, today, asked):
    draft = actions.start_assessment(participant=side_of(case, "responsible"), by=coordinator, today=today)
    with pytest.raises(DomainError):
        actions.save_items(assessment=draft, items=asked, alone=ALONE, by=coordinator, today=today)


def test_reconfirm_and_conditions(case, coordinator, today):
    signed = assess(case, "harmed", by=coordinator, today=today, outcome="with_conditions")
    later = today + timedelta(days=80)
    assert actions.reconfirm_assessment(assessment=signed, by=coordinator, today=later).good_until == later + timedelta(
        days=90
    )
    met = actions.mark_conditions_met(assessment=signed, met_on=today, by=coordinator, today=today)
    assert (met.conditions_met_on, met.conditions_met_by) == (today, coordinator)


def test_conditions_belong_to_an_outcome_with_conditions(case, coordinator, today):
    signed = assess(case, "harmed", by=coordinator, today=today)
    with pytest.raises(DomainError, match="no conditions"):
        actions.mark_conditions_met(assessment=signed, met_on=today, by=coordinator, today=today)


def test_a_changed_risk_stops_what_is_arranged(ready):
    ready.schedule()
    signed = Assessment.objects.get(participant=ready.harmed)
    actions.supersede_assessment(assessment=signed, by=ready.by, today=ready.today)
    assert Intervention.objects.get().status == "postponed"
    with pytest.raises(StaleState):
        actions.reconfirm_assessment(assessment=signed, by=ready.by, today=ready.today)


def test_only_main_participants_are_assessed(case, coordinator, today):
    supporter = actions.add_new_participant(
        case=case, role="supporter", side="harmed", last_name="Okafor", by=coordinator, today=today
    )
    with pytest.raises(DomainError, match="Only the person harmed"):
        actions.start_assessment(participant=supporter, by=coordinator, today=today)
