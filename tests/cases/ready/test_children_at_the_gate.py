"""A child takes part only by their own word, that of somebody with parental responsibility, and with a supporter beside them."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from cases import actions
from cases.choices import Side
from cases.gate import checks_for
from cases.models import Intervention
from referrals import actions as referrals
from referrals import tasks
from referrals.choices import ConsentPurpose
from referrals.models import Consent, ParentalAgreement, Person, ProposedChange, SafetyChange
from rj_service.jobs.leases import work_on
from tests.cases.conftest import Ready

pytestmark = pytest.mark.django_db
H = Side.HARMED


def missing(ready: Ready) -> dict[str, str]:
    intervention = Intervention.objects.get(pk=ready.intervention.pk)
    return {check.key: check.reason for check in checks_for(intervention, ready.today) if check.is_missing}


def born(ready: Ready, on: date | None, **changed) -> None:
    Person.objects.filter(pk=ready.harmed.person_id).update(date_of_birth=on, **changed)


def years_ago(today: date, years: int) -> date:
    return today.replace(year=today.year - years, day=min(today.day, 28))


@pytest.fixture
def child(ready) -> Ready:
    born(ready, years_ago(ready.today, 15))
    return ready


NOBODY_ELSE = {"in_care": "no", "youth_justice": "Nobody", "childrens_services": "Nobody"}


def of(ready: Ready) -> dict:
    return {"person": ready.harmed.person, "referral": ready.case.referral, "by": ready.by}


def agree(ready: Ready, *purposes: str):
    referrals.record_childhood(**NOBODY_ELSE, today=ready.today, **of(ready))
    parental = referrals.name_parental_responsibility(kind="parent", name="Ann", involved="no", **of(ready))
    for purpose in purposes:
        referrals.record_parental_agreement(
            parental=parental,
            referral=ready.case.referral,
            purpose=purpose,
            method="written",
            given_on=ready.today,
            by=ready.by,
            today=ready.today,
        )


def support(ready: Ready):
    return actions.add_new_participant(
        case=ready.case, role="supporter", side=H, first_name="Jo", last_name="Reed", by=ready.by, today=ready.today
    )


def test_whose_age_nobody_knows_goes_no_further(ready):
    born(ready, None)
    assert missing(ready) == {"child": "Nobody has asked whether Maureen Okafor is under 18."}
    born(ready, None, under_18=False)
    assert missing(ready) == {
        "child": "Maureen Okafor says that they are 18 or over. Nobody has said how that is known."
    }


def test_signed_for_as_an_adult_it_goes_on_until_a_day_of_birth_says_otherwise(ready):
    born(ready, None)
    referrals.establish_adult(because="record", known_on=ready.today, today=ready.today, **of(ready))
    assert missing(ready) == {}
    ready.schedule()
    change = ProposedChange.objects.create(
        service_area_id=ready.case.service_area_id,
        referral=ready.case.referral,
        field="victim_date_of_birth",
        old="",
        new=years_ago(ready.today, 12).isoformat(),
    )
    referrals.decide_change(change=change, take_over=True, by=ready.by, today=ready.today)
    assert {"child", "approach"} <= set(missing(ready))
    for safety in SafetyChange.objects.filter(state="queued").order_by("pk"):
        assert work_on(SafetyChange, safety.pk)
    assert Intervention.objects.get(pk=ready.intervention.pk).status == "postponed"


def test_asked_again_whoever_says_under_18_is_a_child(ready):
    born(ready, None)
    referrals.establish_adult(because="told", known_on=ready.today, today=ready.today, **of(ready))
    referrals.record_childhood(under_18=None, today=ready.today, **of(ready))
    assert missing(ready) == {}, "not knowing it anew takes nothing back"
    referrals.record_childhood(under_18=True, today=ready.today, **of(ready))
    assert {"child", "approach"} <= set(missing(ready))
    person = Person.objects.get(pk=ready.harmed.person_id)
    assert (person.adult_because, person.adult_on, person.adult_by) == ("", None, None)


def test_what_a_child_needs_one_after_the_other(child):
    assert set(missing(child)) == {"child", "approach"}
    referrals.record_childhood(in_care="no", today=child.today, **of(child))
    assert "nobody with parental responsibility has agreed" in missing(child)["child"]
    assert "has no supporter" in missing(child)["child"]
    asked = "Nobody has asked whether the Youth Justice Service or children’s services work with Maureen Okafor."
    assert asked in missing(child)["child"]
    agree(child, ConsentPurpose.TAKE_PART)
    assert missing(child)["child"] == "Maureen Okafor is under 18 and has no supporter."
    support(child)
    assert "child" not in missing(child) and "approach" in missing(child)
    agree(child, ConsentPurpose.APPROACH_OTHER_SIDE)
    assert not {"child", "approach"} & set(missing(child))


def test_a_supporter_of_the_other_side_is_none(child):
    agree(child, ConsentPurpose.TAKE_PART, ConsentPurpose.APPROACH_OTHER_SIDE)
    supporter = support(child)
    assert "child" not in missing(child)
    type(supporter).objects.filter(pk=supporter.pk).update(side=Side.RESPONSIBLE)
    assert "has no supporter" in missing(child)["child"]


def test_a_parent_s_agreement_is_not_the_child_s_own(child):
    agree(child, ConsentPurpose.TAKE_PART, ConsentPurpose.APPROACH_OTHER_SIDE)
    support(child)
    Consent.objects.filter(person=child.harmed.person, purpose=ConsentPurpose.TAKE_PART).delete()
    assert "has not agreed to take part" in missing(child)["take_part"]


@pytest.mark.parametrize(
    ("given", "asked_again"),
    [(1, True), (0, False), (-3, False)],  # days before the 18th birthday, which was some days ago
)
def test_at_18_their_own_word_is_asked_again(ready, given, asked_again, cast, signed_in):
    birthday = ready.today - timedelta(days=4)
    birthday = birthday.replace(day=min(birthday.day, 28))
    born(ready, birthday.replace(year=birthday.year - 18))
    Consent.objects.filter(person=ready.harmed.person).update(given_on=birthday - timedelta(days=given))
    assert set(missing(ready)) == ({"take_part", "approach"} if asked_again else set())
    desk = signed_in(cast["coordinator"])
    for page in ("desk", "consents"):
        shown = desk.get(reverse(f"cases:{page}", args=[ready.case.pk])).content.decode()
        assert ("Ask again" in shown) is asked_again


def test_the_birthday_itself_postpones_what_was_arranged(child):
    """Everything of a child was in place and a conference arranged; then they are 18."""
    agree(child, ConsentPurpose.TAKE_PART, ConsentPurpose.APPROACH_OTHER_SIDE)
    support(child)
    Consent.objects.filter(person=child.harmed.person).update(given_on=child.today - timedelta(days=9))
    child.case.referral.sensitive_flags.all().delete()
    arranged = child.schedule()
    assert arranged.status == "scheduled"
    birthday = years_ago(child.today, 18)
    born(child, birthday)
    tasks.ask_again_who_turned_18()
    change = SafetyChange.objects.get(kind=SafetyChange.Kind.TURNED_18)
    assert work_on(SafetyChange, change.pk)
    assert Intervention.objects.get(pk=arranged.pk).status == "postponed"
    assert "has turned 18" in missing(child)["take_part"] and "child" not in missing(child)


def test_what_a_parent_takes_back_postpones_what_was_arranged(child):
    agree(child, ConsentPurpose.TAKE_PART, ConsentPurpose.APPROACH_OTHER_SIDE)
    support(child)
    child.case.referral.sensitive_flags.all().delete()
    arranged = child.schedule()
    said = ParentalAgreement.objects.get(purpose=ConsentPurpose.TAKE_PART)
    referrals.withdraw_parental_agreement(agreement=said, by=child.by)
    assert work_on(SafetyChange, SafetyChange.objects.filter(kind="consent_withdrawn").latest("created_at").pk)
    assert Intervention.objects.get(pk=arranged.pk).status == "postponed"
