"""What somebody needs: by what makes them vulnerable, never by a crime; who may read how much of it."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.actions import accept_referral, assign
from referrals import actions
from referrals.actions import NeedsFound, NewPerson
from referrals.choices import CrimeType, EnhancedGround, NeedCategory, NeedsQuestion, Vulnerability
from referrals.models import Conditions, Incident, NeedsAssessment, Offer, OnwardSupport, Person
from rj_service.accounts.acting import acting_as
from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from rj_service.audit.models import AccessLog, DomainEvent
from tests.factories import member
from tests.volunteers.factories import ready_practitioner

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
CALM = {"answers": dict.fromkeys(NeedsQuestion.values, "no"), "needs": dict.fromkeys(NeedCategory.values, "none")}


def found(**changed) -> NeedsFound:
    said = {"assessed_on": TODAY, "level": "low", "reason": "Well supported", **CALM}
    return NeedsFound(**(said | changed))


def typed(**changed) -> dict[str, str]:
    day = {f"assessed_on_{part}": str(getattr(TODAY, part)) for part in ("day", "month", "year")}
    answers = {**CALM["answers"], **CALM["needs"], "level": "low", "reason": "Well supported", **day}
    return answers | changed


def assess(referral, by, person=None, **changed) -> NeedsAssessment:
    person = person or referral.person_harmed
    return actions.assess_needs(person=person, referral=referral, found=found(**changed), by=by, today=TODAY)


@pytest.fixture
def read(signed_in, cast):
    """`read("needs", referral)`: a page about the person harmed as somebody of the cast reads it."""

    def ask(name, referral, *arguments, who="coordinator", side="harmed", data=None):
        client = signed_in(cast[who])
        address = reverse(f"referrals:{name}", args=[referral.pk, side, *arguments])
        return client.get(address) if data is None else client.post(address, data)

    return ask


# -- by vulnerability, never by crime -----------------------------------------------------------------------------------
def test_the_crime_changes_nothing(refer, read, cast):
    """Under every type of crime the same page, byte for byte, and the same record of the same answers."""
    referral = refer()
    pages, records = set(), set()
    for crime in CrimeType.values:
        Incident._base_manager.filter(pk=referral.incident_id).update(crime_type=crime)
        shown = read("assess-needs", referral).content.decode()
        pages.add(re.sub(r'(csrfmiddlewaretoken" value=|nonce=)"[^"]*"', "", shown))
        with acting_as(cast["coordinator"]) as by:
            made = assess(referral, by)
        records.add((made.level, made.answers, made.needs, made.enhanced_grounds))
        NeedsAssessment._base_manager.all().delete()
        Person._base_manager.filter(pk=referral.person_harmed_id).update(vulnerability="", communication_needs="")
    assert len(pages) == 1 and len(records) == 1


def test_no_question_names_a_crime():
    asked = " ".join(str(label) for _, label in NeedsQuestion.choices).lower()
    assert not [word for word in ("crime", "offence", "burglary", "assault", "theft") if word in asked]


def test_no_answer_computes_the_level(refer, cast):
    referral = refer()
    worst = {"answers": dict.fromkeys(NeedsQuestion.values, "yes"), "needs": dict.fromkeys(NeedCategory.values, "high")}
    with acting_as(cast["coordinator"]) as by:
        assert assess(referral, by, level="low", **worst).level == "low"
        assert assess(referral, by, level="high").level == "high"


# -- versions -----------------------------------------------------------------------------------------------------------
def test_it_is_assessed_again_and_the_earlier_one_stays(refer, cast, read):
    referral = refer()
    with acting_as(cast["coordinator"]) as by:
        first = assess(referral, by, reason="Well supported at home")
        before = NeedsAssessment.objects.filter(pk=first.pk).values().get()
    again = typed(level="high", reason="Her sister moved away", grounds=["intimidated"], alone="yes")
    assert read("assess-needs", referral, data=again).status_code == 302
    assert NeedsAssessment._base_manager.filter(pk=first.pk).values().get() == before
    words = read("needs", referral).content.decode()
    current, _, earlier = words.partition("Earlier assessments")
    assert "Her sister moved away" in current and "Intimidated" in current
    assert "Well supported at home" in earlier and "Her sister" not in earlier
    shown = read("assess-needs", referral).content.decode()
    assert re.search(r'name="alone" [^>]*value="yes"[^>]*checked', shown), "the next one begins with what was found"


def test_what_was_found_is_what_the_service_goes_by(refer, cast):
    referral = refer(harmed=NewPerson(last_name="Pryor", communication_needs="large print"))
    with acting_as(cast["coordinator"]) as by:
        assess(referral, by, level="high", grounds=["vulnerable", "persistent"], communication_needs="A signer")
        person = Person.objects.get(pk=referral.person_harmed_id)
        assert (person.vulnerability, person.enhanced_rights, person.communication_needs) == ("high", True, "A signer")
        assess(referral, by)
        person.refresh_from_db()
        assert (person.vulnerability, person.enhanced_rights, person.communication_needs) == ("low", False, "")


def test_enhanced_rights_hurry_an_offer_and_never_put_it_off(refer, cast):
    referral = refer()
    due = Offer._base_manager.get(referral=referral).due_on
    with acting_as(cast["coordinator"]) as by:
        assess(referral, by, grounds=["vulnerable"])
        sooner = Offer.objects.get(referral=referral).due_on
        assert sooner < due
        assess(referral, by)
        assert Offer.objects.get(referral=referral).due_on == sooner


WRONG = {
    "tomorrow": ({"assessed_on": TODAY + timedelta(days=1)}, "assessed_on"),
    "no level": ({"level": Vulnerability.NOT_KNOWN}, "level"),
    "no reason": ({"reason": "  "}, "reason"),
    "a question left out": ({"answers": {"afraid": "no"}}, "controlled"),
    "a need left out": ({"needs": dict(list(CALM["needs"].items())[1:])}, "health"),
    "an answer nobody offers": ({"answers": CALM["answers"] | {"afraid": "perhaps"}}, "afraid"),
    "a ground nobody offers": ({"grounds": ["burglary"]}, "grounds"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_nothing_is_left_out(refer, cast, wrong):
    changed, field = WRONG[wrong]
    with acting_as(cast["coordinator"]) as by, pytest.raises(DomainError) as refused:
        assess(refer(), by, **changed)
    assert refused.value.field == field and not NeedsAssessment._base_manager.exists()


def test_only_somebody_harmed_has_enhanced_rights(refer, cast, read):
    referral = refer()
    assert "Enhanced rights" not in read("assess-needs", referral, side="responsible").content.decode()
    with acting_as(cast["coordinator"]) as by:
        with pytest.raises(DomainError, match="people harmed"):
            assess(referral, by, person=referral.person_responsible, grounds=[EnhancedGround.VULNERABLE])
        assert assess(referral, by, person=referral.person_responsible, level="medium")


def test_the_form_keeps_what_was_typed(refer, read):
    refused = read("assess-needs", refer(), data=typed(finance="", reason="She keeps the shop shut"))
    assert refused.status_code == 422
    assert "Choose: Finance and benefits" in refused.content.decode()
    assert "She keeps the shop shut" in refused.content.decode()


# -- onward support -----------------------------------------------------------------------------------------------------
def test_passed_on_and_taken_up(refer, read):
    referral = refer()
    day = {"referred_on_day": "1", "referred_on_month": "3", "referred_on_year": str(TODAY.year - 1)}
    support = {"category": "finance", "organisation": "Fen advice desk", **day}
    assert read("offer-support", referral, data=support).status_code == 302
    one = OnwardSupport._base_manager.get()
    assert "Not known yet whether they took it up" in read("needs", referral).content.decode()
    ended = {f"ended_on_{part}": str(getattr(TODAY, part)) for part in ("day", "month", "year")}
    assert read("note-support", referral, one.pk, data={"taken_up": "no", **ended}).status_code == 302
    words = read("needs", referral).content.decode()
    assert "Fen advice desk" in words and "Not taken up" in words
    assert read("note-support", referral, one.pk, data={"taken_up": "yes", **ended}).status_code == 422
    assert read("note-support", refer(), one.pk).status_code == 404


def test_support_is_recorded_once_and_in_order(refer, cast):
    referral = refer()
    about = {"person": referral.person_harmed, "referral": referral, "today": TODAY}
    with acting_as(cast["coordinator"]) as by:
        one = actions.offer_support(category="family", organisation="Ely group", referred_on=TODAY, by=by, **about)
        said = {"support": one, "by": by, "today": TODAY}
        with pytest.raises(DomainError, match="between"):
            actions.note_support(taken_up=True, ended_on=TODAY - timedelta(days=1), **said)
        actions.note_support(taken_up=True, ended_on=TODAY, **said)
        with pytest.raises(StaleState):
            actions.note_support(taken_up=False, ended_on=TODAY, **said)


# -- who reads how much -------------------------------------------------------------------------------------------------
@pytest.fixture
def taken(refer, cast):
    """A referral that the coordinator took, with conditions."""
    referral = refer()
    with acting_as(cast["coordinator"]) as by:
        actions.take_referral(referral=referral, by=by, today=TODAY)
        about = {"person": referral.person_harmed, "referral": referral, "by": by}
        actions.record_conditions(physical="zqAsthma", mental="zqPanic", **about)
        assess(referral, by, reason="zqReason", level="high", communication_needs="zqLoop")
    return referral


def test_conditions_are_for_whoever_works_on_it_and_who_answers_for_them(taken, cast, read, area):
    cast["colleague"] = member("coordinator", area, first_name="Cory", last_name="Blake")
    assert "zqAsthma" in read("conditions", taken).content.decode()
    assert "zqPanic" in read("conditions", taken, who="manager").content.decode()
    for who in ("colleague", "supervisor", "other_coordinator"):
        assert read("conditions", taken, who=who).status_code == 404, who
        assert read("conditions", taken, who=who, data={"physical": "x"}).status_code == 404, who
    for who in ("practitioner", "hub_worker", "referrer", "opcc", "admin", "dpo", "training_lead"):
        assert read("conditions", taken, who=who).status_code == 403, who
    assert "Existing conditions" not in read("needs", taken, who="colleague").content.decode()
    with acting_as(cast["colleague"]) as by, pytest.raises(NotAllowed):
        actions.record_conditions(person=taken.person_harmed, referral=taken, physical="", mental="", by=by)
    assert Conditions._base_manager.get().physical == "zqAsthma"


def test_that_conditions_were_opened_is_recorded(taken, read, cast):
    read("conditions", taken)
    row = AccessLog.objects.filter(page="referrals:conditions").latest("id")
    assert (row.kind, row.actor_id, row.people) == ("reveal", cast["coordinator"].pk, [taken.person_harmed_id])


def test_conditions_stand_on_no_other_page_and_in_no_trail(taken, signed_in, cast):
    client = signed_in(cast["coordinator"])
    with acting_as(cast["coordinator"]) as by:
        case = accept_referral(referral=taken, by=by, today=TODAY)
    addresses = [reverse(f"referrals:{name}", args=[taken.pk, "harmed"]) for name in ("needs", "consents", "childhood")]
    addresses += [reverse("referrals:detail", args=[taken.pk])]
    addresses += [reverse(f"cases:{name}", args=[case.pk]) for name in ("desk", "people", "history")]
    for address in addresses:
        words = client.get(address).content.decode()
        assert "zqAsthma" not in words and "zqPanic" not in words, address
    assert "zq" not in str(list(DomainEvent.objects.values_list("detail", flat=True)))


def test_whoever_visits_reads_the_communication_needs_of_their_side_alone(taken, cast, area, signed_in):
    with acting_as(cast["coordinator"]) as by:
        case = accept_referral(referral=taken, by=by, today=TODAY)
        for who, side in (("practitioner", "harmed"), ("off_case_practitioner", "responsible")):
            staff = ready_practitioner(area, TODAY, user=cast[who])
            given = {"role": "co_facilitator", "sides": side, "not_asked": "otherwise", "by": by, "today": TODAY}
            assign(case=case, practitioner=staff, **given)
    coordinators = signed_in(cast["coordinator"]).get(reverse("cases:people", args=[case.pk])).content.decode()
    assert "Vulnerability" in coordinators and "zqLoop" in coordinators
    for who, reads in (("practitioner", True), ("off_case_practitioner", False)):
        client = signed_in(cast[who])
        for name in ("desk", "people"):
            words = client.get(reverse(f"cases:{name}", args=[case.pk])).content.decode()
            assert ("zqLoop" in words) == reads, (who, name)
            for unread in ("zqReason", "zqAsthma", "Needs and support", "Vulnerability"):
                assert unread not in words, (who, name)
        assert client.get(reverse("referrals:needs", args=[taken.pk, "harmed"])).status_code == 403


def test_who_may_not_manage_it_assesses_nothing(taken, cast):
    for who in ("supervisor", "practitioner", "hub_worker", "other_coordinator"):
        with acting_as(cast[who]) as by, pytest.raises((NotAllowed, type(taken).DoesNotExist)):
            assess(taken, by)
