from threading import Barrier, Thread

import pytest
from django.db import connection

from cases import actions
from cases.models import Case, Participant
from referrals.actions import NewPerson
from referrals.choices import NeutralOutcome, ReferralStatus
from referrals.models import Consent, Person, Referral
from rj_service.accounts.acting import acting_as
from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from rj_service.accounts.models import User
from rj_service.accounts.roles import Role
from rj_service.audit.models import DomainEvent
from tests.factories import member

pytestmark = pytest.mark.django_db


def test_accept_referral_carries_everything(refer, coordinator, today):
    referral = refer()
    case = actions.accept_referral(referral=referral, by=coordinator, today=today)
    people = set(Participant.objects.filter(case=case).values_list("person__last_name", "role", "side"))
    assert people == {
        ("Okafor", "person_harmed", "harmed"),
        ("Hart", "person_responsible", "responsible"),
    }
    referral.refresh_from_db()
    assert (referral.status, referral.outcome) == (ReferralStatus.ACCEPTED, NeutralOutcome.TAKEN_FORWARD)
    assert (case.coordinator, case.opened_on, case.status) == (coordinator, today, "open")
    assert Consent.objects.in_force().filter(referral=case.referral, purpose="contact").count() == 1
    assert DomainEvent.objects.about(case).filter(verb="cases.opened").count() == 1


def test_accept_referral_without_a_person_responsible(refer, coordinator, today):
    case = actions.accept_referral(referral=refer(responsible=NewPerson()), by=coordinator, today=today)
    assert Participant.objects.filter(case=case).count() == 1


def test_accepting_twice_says_who_was_first(refer, coordinator, cast, today):
    referral = refer()
    actions.accept_referral(referral=referral, by=coordinator, today=today)
    with pytest.raises(StaleState, match=r"D Castle accepted this referral at .*\. Nothing was done twice\."):
        actions.accept_referral(referral=referral, by=coordinator, today=today)
    assert Case.objects.count() == 1


@pytest.mark.parametrize("who", ["hub_worker", "referrer", "practitioner", "supervisor", "training_lead", "admin"])
def test_only_coordinators_accept(refer, cast, area, today, who):
    referral = refer()
    with acting_as(cast[who]) as by, pytest.raises(NotAllowed):
        actions.accept_referral(referral=referral, by=by, today=today)


@pytest.mark.django_db(transaction=True)
def test_two_coordinators_at_once_make_one_case(refer, cast, area, today):
    second = member(Role.COORDINATOR, area, first_name="Rosa", last_name="Santos")
    referral = refer()
    barrier, answers = Barrier(2), []

    def accept(user_id):
        try:
            with acting_as(User.objects.get(pk=user_id)) as by:
                fresh = Referral.objects.get(pk=referral.pk)
                barrier.wait(10)
                actions.accept_referral(referral=fresh, by=by, today=today)
            answers.append("accepted")
        except StaleState as stale:
            answers.append(stale.message)
        finally:
            connection.close()

    threads = [Thread(target=accept, args=[user.pk]) for user in (cast["coordinator"], second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert Case._base_manager.count() == 1
    assert sorted(answers)[1] == "accepted"
    assert sorted(answers)[0].endswith("Nothing was done twice.")
    assert "accepted this referral at" in sorted(answers)[0]


def test_identify_person_responsible_later(open_case, coordinator, today):
    case = open_case(responsible=NewPerson())
    participant = actions.identify_person_responsible(
        case=case, first_name="Liam", last_name="Hart", by=coordinator, today=today
    )
    assert (participant.side, participant.person.approach) == ("responsible", "not_approached")
    assert Referral.objects.get(pk=case.referral_id).person_responsible == participant.person
    with pytest.raises(DomainError, match="already"):
        actions.identify_person_responsible(case=case, last_name="Other", by=coordinator, today=today)
    added = {"role": "person_responsible", "side": "responsible", "by": coordinator, "today": today}
    other = actions.add_new_participant(case=case, last_name="Other", **added)
    assert (other.side, other.role) == (participant.side, participant.role)
    assert Referral.objects.get(pk=case.referral_id).also_responsible.get().person == other.person


def test_add_and_leave_and_come_back(open_case, coordinator, today):
    case = open_case()
    supporter = actions.add_new_participant(
        case=case, role="supporter", side="harmed", first_name="Daniel", last_name="Okafor", by=coordinator, today=today
    )
    with pytest.raises(DomainError, match="in the case already"):
        actions.add_participant(
            case=case, person=supporter.person, role="supporter", side="harmed", by=coordinator, today=today
        )
    actions.participant_leaves(participant=supporter, by=coordinator, today=today)
    with pytest.raises(DomainError, match="another side"):
        actions.add_participant(
            case=case, person=supporter.person, role="supporter", side="responsible", by=coordinator, today=today
        )
    back = actions.add_participant(
        case=case, person=supporter.person, role="supporter", side="harmed", by=coordinator, today=today
    )
    assert back.pk == supporter.pk
    assert back.left_at is None


@pytest.mark.parametrize(
    ("role", "side", "words"),
    [
        ("boss", "harmed", "role"),
        ("supporter", "left", "side"),
        ("person_responsible", "harmed", "other side"),
    ],
)
def test_a_participant_has_a_role_and_its_side(open_case, coordinator, area, today, role, side, words):
    person = Person.objects.create(service_area=area, last_name="Pryor")
    case = open_case()
    with pytest.raises(DomainError, match=words):
        actions.add_participant(case=case, person=person, role=role, side=side, by=coordinator, today=today)


def test_nobody_else_is_the_person_harmed(open_case, coordinator, area, today):
    person = Person.objects.create(service_area=area, last_name="Pryor")
    with pytest.raises(DomainError, match="Only the people of the referral"):
        actions.add_participant(
            case=open_case(), person=person, role="person_harmed", side="harmed", by=coordinator, today=today
        )
