"""A referral goes to another area: what they read before, what travels, what protects somebody meanwhile, and the way back."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.tasks import act_on_safety_change  # noqa: F401 (registers the work of a SafetyChange)
from referrals import actions
from referrals.actions import NewPerson
from referrals.choices import ReferralStatus, TransferStatus
from referrals.models import (
    AlsoResponsible,
    Childhood,
    Conditions,
    ConflictOfInterest,
    Consent,
    ContactDetails,
    Grant,
    InterestCheck,
    InterestTrigger,
    LegalBar,
    Offer,
    OwnLink,
    ParentalAgreement,
    ParentalResponsibility,
    Person,
    PossibleDuplicate,
    Referral,
    Restriction,
    SafeContact,
    SafetyChange,
    SensitiveFlag,
    Task,
    Transfer,
    WatchedInterest,
)
from reporting.data import figures_for
from rj_service.accounts.acting import acting_as, system_user
from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from rj_service.audit.models import DomainEvent
from rj_service.jobs.leases import work_on
from rj_service.notifications.models import Notification
from tests.cases.states import play_table
from tests.cases.test_races import at_once
from tests.factories import member

from .conftest import HARMED, RESPONSIBLE

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def of(model, **which):
    return model._base_manager.get(**which)


def fresh(referral) -> Referral:
    return of(Referral, pk=referral.pk)


def there_of(person) -> Person:
    """Their record in the other area."""
    return of(Person, counterparts_here__here=person)


def act_on_safety() -> None:
    for change in SafetyChange._base_manager.filter(state="queued").order_by("pk"):
        work_on(SafetyChange, change.pk)


# -- before they accept -------------------------------------------------------------------------------------------------
def test_before_they_accept_the_other_area_reads_the_offer_and_nothing_else(refer, offer, cast, signed_in):
    referral = refer(incident={"crime_reference": "35/1", "location": "Mill Lane", "crime_type": "burglary"})
    transfer = offer(referral)
    client = signed_in(cast["other_coordinator"])
    for address in (
        reverse("referrals:transfers"),
        reverse("referrals:transfer", args=[transfer.pk]),
        reverse("referrals:answer-transfer", args=[transfer.pk]),
    ):
        page = client.get(address).content.decode()
        assert "Burglary" in page and "Cambridgeshire RJ" in page
        hidden = ["Grace", "Bellamy", "Kyle", "Brand", "Mill Lane", "35/1", "900101", "CB1", referral.reference]
        assert [word for word in [*hidden, str(referral.pk), str(referral.person_harmed_id)] if word in page] == []
    assert client.get(reverse("referrals:detail", args=[referral.pk])).status_code == 404
    with acting_as(cast["other_coordinator"]):
        assert not Person.objects.exists() and not Referral.objects.exists()


@pytest.mark.parametrize(
    ("who", "restricted", "sees"),
    [
        ("other_coordinator", False, True),
        ("other_coordinator", True, False),
        ("coordinator", False, True),
        ("supervisor", False, False),
        ("hub_worker", False, False),
        ("practitioner", False, False),
    ],
)
def test_who_sees_an_offer(refer, offer, cast, who, restricted, sees):
    referral = refer()
    if restricted:
        with acting_as(cast["coordinator"]) as by:
            actions.restrict(referral=referral, reason="Threats", by=by)
    offer(referral)
    with acting_as(cast[who]) as user:
        assert Transfer.objects.all().visible_to(user).exists() == sees


def test_whoever_knows_somebody_of_it_sees_no_offer(refer, offer, cast):
    referral = refer()
    with acting_as(cast["coordinator"]) as by:
        actions.declare_conflict(user=cast["other_coordinator"], by=by, person=referral.person_responsible)
    transfer = offer(referral)
    with acting_as(cast["other_coordinator"]) as user:
        assert not Transfer.objects.all().visible_to(user).exists()
    assert not Notification.objects.filter(user=cast["other_coordinator"]).exists()
    with acting_as(cast["coordinator"]) as user:
        assert Transfer.objects.all().visible_to(user).get() == transfer


@pytest.mark.parametrize("words", ["Grace asks for a letter", "Ring 07700 900101", "She lives at 4 Mill Lane", " "])
def test_the_words_of_an_offer_name_nobody(refer, offer, words):
    with pytest.raises(DomainError, match="before they accept|Enter what they need"):
        offer(refer(), words=words)


def test_an_offer_moves_nothing_and_a_no_leaves_everything_as_it_was(refer, offer, cast):
    referral = refer()
    before = fresh(referral).__dict__
    transfer = offer(referral)
    with acting_as(cast["other_coordinator"]) as by:
        with pytest.raises(DomainError, match="Say why"):
            actions.refuse_transfer(transfer=transfer, words=" ", by=by, today=TODAY)
        actions.refuse_transfer(transfer=transfer, words="We have nobody free", by=by, today=TODAY)
        assert not Transfer.objects.all().visible_to(by).exists()
    assert {k: v for k, v in fresh(referral).__dict__.items() if k != "_state"} == {
        k: v for k, v in before.items() if k != "_state"
    }
    assert not Referral._base_manager.exclude(pk=referral.pk).exists()
    assert Notification.objects.filter(user=cast["coordinator"], kind="transfer_answered").count() == 1
    offer(referral)


def test_nobody_else_offers_answers_or_takes_back(refer, offer, cast):
    referral = refer()
    with pytest.raises(NotAllowed):
        offer(referral, by=cast["supervisor"])
    transfer = offer(referral)
    with acting_as(cast["coordinator"]) as by, pytest.raises(NotAllowed):
        actions.accept_transfer(transfer=transfer, by=by, today=TODAY)
    with acting_as(cast["coordinator"]) as by, pytest.raises(NotAllowed):
        actions.refuse_transfer(transfer=transfer, words="No", by=by, today=TODAY)
    with acting_as(cast["other_coordinator"], areas=[transfer.from_area]) as by, pytest.raises(NotAllowed):
        actions.take_back_transfer(transfer=transfer, by=by)


def test_a_decision_here_takes_the_offer_back(refer, offer, accept, cast):
    referral = refer()
    transfer = offer(referral)
    with pytest.raises(StaleState, match="offered to another area already"):
        offer(referral)
    with acting_as(cast["coordinator"]) as by:
        actions.put_on_hold(referral=referral, until=TODAY + timedelta(7), note="Asked", by=by, today=TODAY)
    assert of(Transfer, pk=transfer.pk).status == TransferStatus.TAKEN_BACK
    with pytest.raises(StaleState, match="no longer offered"):
        accept(transfer)


@pytest.mark.parametrize("what", ["withdrawn", "died"])
def test_what_stops_somebody_stops_the_passing_on(refer, offer, accept, cast, what):
    referral = refer()
    transfer = offer(referral)
    with acting_as(cast["coordinator"]) as by:
        person = referral.person_harmed
        if what == "died":
            actions.record_death(person=person, referral=referral, died_on=TODAY, by=by, today=TODAY)
        else:
            actions.withdraw_consent(person=person, referral=referral, by=by)
    with pytest.raises(StaleState, match="cannot be passed on any more"):
        accept(transfer)
    assert Referral._base_manager.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("other", ["take_back", "accept"])
def test_two_at_once_and_one_of_them(refer, offer, accept, cast, other_area, other):
    """The sender takes it back while they accept; two of theirs accept."""
    referral = refer()
    transfer = offer(referral)
    second = member("coordinator", other_area, first_name="Una", last_name="Second")

    def take_back():
        with acting_as(cast["coordinator"]) as by:
            actions.take_back_transfer(transfer=transfer, by=by)

    def accept_too():
        with acting_as(second) as by:
            actions.accept_transfer(transfer=transfer, by=by, today=TODAY)

    second_act = take_back if other == "take_back" else accept_too
    outcomes = at_once(lambda _: accept(transfer), lambda _: second_act(), by=cast["manager"])
    assert outcomes == ["StaleState", "done"]
    stands = of(Transfer, pk=transfer.pk)
    arrived = Referral._base_manager.exclude(pk=referral.pk)
    assert arrived.count() == (stands.status == TransferStatus.ACCEPTED)
    assert (fresh(referral).status == ReferralStatus.PASSED_ON) == (stands.status == TransferStatus.ACCEPTED)


# -- what travels -------------------------------------------------------------------------------------------------------
def test_everything_is_carried_whole(refer, offer, accept, cast, other_area, hub):
    long_ago = TODAY - timedelta(days=40)
    referral = refer(
        by=cast["hub_worker"],
        organisation=hub,
        received_on=long_ago,
        flags=[("stalking", "")],
        also_responsible=[NewPerson(last_name="Second")],
        incident={"crime_reference": "35/1", "location": "Mill Lane", "local_area_name": "Peterborough"},
        notes="She asked for a letter first.",
        hub_reference="H-1",
    )
    with acting_as(cast["coordinator"]) as by:
        harmed, responsible = referral.person_harmed, referral.person_responsible
        common = {"referral": referral, "by": by}
        actions.record_consent(
            person=harmed, purpose="approach_other_side", method="phone", given_on=TODAY, today=TODAY, **common
        )
        actions.record_consent(person=harmed, purpose="survey", method="phone", given_on=TODAY, today=TODAY, **common)
        actions.withdraw_consent(person=harmed, purpose="survey", **common)
        actions.record_legal_bar(
            person=responsible, kind="bail", authority="Police", words="No contact", starts_on=TODAY, **common
        )
        actions.declare_conflict(user=cast["practitioner"], by=by, person=harmed)
    arrived = accept(offer(referral))
    there, theirs = arrived.person_harmed, arrived.person_responsible
    assert {arrived.service_area, there.service_area, theirs.service_area, arrived.incident.service_area} == {
        other_area
    }
    assert (arrived.received_on, arrived.counted_from, arrived.status) == (long_ago, TODAY, "received")
    assert (arrived.mechanism, arrived.notes, arrived.referrer_name) == ("victims_hub", referral.notes, hub.name)
    assert arrived.organisation is None and arrived.hub_reference == "" and arrived.reference != referral.reference
    assert (arrived.incident.crime_reference, arrived.incident.location) == ("35/1", "Mill Lane, Peterborough")
    for model, names in (
        (Person, "first_name last_name date_of_birth approach vulnerability"),
        (ContactDetails, "phone email address postcode phone_key must_stay_hidden"),
        (SafeContact, "may_phone may_leave_voicemail may_text may_email may_write times must_not_know"),
    ):
        key = "pk" if model is Person else "person"
        here, copy = of(model, **{key: harmed.pk}), of(model, **{key: there.pk})
        assert {name: getattr(copy, name) for name in names.split()} == {
            name: getattr(here, name) for name in names.split()
        }
    agreed = Consent._base_manager.filter(referral=arrived)
    assert {(one.purpose, one.withdrawn_at is None) for one in agreed} == {
        ("contact", True),
        ("approach_other_side", True),
        ("survey", False),
    }
    bar = of(LegalBar, person=theirs)
    assert (bar.kind, bar.authority, bar.words) == ("bail", "Police", "No contact")
    assert of(SensitiveFlag, referral=arrived).kind == "stalking"
    assert of(AlsoResponsible, referral=arrived).person.last_name == "Second"
    assert of(Offer, referral=arrived).due_on == of(Offer, referral=referral).due_on
    assert of(ConflictOfInterest, person=there).user == cast["practitioner"]
    assert fresh(referral).status == ReferralStatus.PASSED_ON


def test_the_other_area_works_with_it_and_ours_reads_nothing_of_that(refer, offer, accept, cast):
    referral = refer()
    arrived = accept(offer(referral))
    with acting_as(cast["other_coordinator"]) as by:
        assert Referral.objects.casework_for(by).get() == arrived
        actions.take_referral(referral=arrived, by=by, today=TODAY)
    with acting_as(cast["coordinator"]) as by:
        assert Referral.objects.casework_for(by).get() == referral
        assert not Person.objects.filter(service_area=arrived.service_area_id).exists()
        with pytest.raises(StaleState, match="took this referral over for another area"):
            actions.reopen(referral=referral, by=by, today=TODAY)


def test_a_restricted_one_is_restricted_there_and_open_to_whoever_took_it_over(refer, offer, cast, other_area):
    manager = member("service_manager", other_area)
    referral = refer()
    with acting_as(cast["coordinator"]) as by:
        actions.restrict(referral=referral, reason="Threats", by=by)
    transfer = offer(referral)
    with acting_as(manager) as by:
        assert Transfer.objects.all().visible_to(by).get() == transfer
        arrived = actions.accept_transfer(transfer=transfer, by=by, today=TODAY)
        assert Referral.objects.casework_for(by).get() == arrived
    with acting_as(cast["other_coordinator"]) as by:
        assert not Referral.objects.casework_for(by).exists()
    assert of(Restriction, referral=arrived).reason == "Threats"
    assert of(Grant, referral=arrived).user == manager


def test_a_wait_goes_on_with_its_news(refer, offer, accept, send_home, cast):
    referral = refer(suspect_identified=False, responsible=NewPerson(), wish="To ask him why")
    with acting_as(cast["coordinator"]) as by:
        common = {"referral": referral, "by": by, "today": TODAY}
        actions.check_interest(**common)
        actions.note_trigger(kind="charged", told_by="police", told_on=TODAY, **common)
    arrived = accept(offer(referral))
    there, ours = of(WatchedInterest, referral=arrived), of(WatchedInterest, referral=referral)
    assert arrived.status == ReferralStatus.INTERESTED and there.ended_at is None and ours.ended_at is not None
    assert (there.wish, there.since, there.next_check_on) == (ours.wish, ours.since, ours.next_check_on)
    assert InterestCheck._base_manager.filter(interest=there).count() == 1
    assert InterestTrigger._base_manager.get(interest=there, settled_at=None).task.service_area == arrived.service_area
    assert not Task._base_manager.filter(referral=referral, done_at=None).exists()
    with acting_as(cast["other_coordinator"]) as by:
        actions.check_interest(referral=arrived, by=by, today=TODAY, next_check_on=TODAY + timedelta(days=8))
    home = send_home(arrived)
    ours.refresh_from_db()
    assert home.status == ReferralStatus.INTERESTED and ours.ended_at is None
    assert ours.next_check_on == TODAY + timedelta(days=8)
    assert InterestCheck._base_manager.filter(interest=ours).count() == 2


def test_their_own_link_opens_with_whoever_works_with_them(refer, offer, accept, cast):
    referral = refer()
    with acting_as(cast["coordinator"]) as by:
        asked = {"person": referral.person_harmed, "channel": "email", "question": "word", "word": "heron"}
        link, secret = actions.give_own_link(referral=referral, by=by, today=TODAY, **asked)
    arrived = accept(offer(referral))
    with actions.through_own_link(actions.own_link_by_secret(secret)) as link:
        assert link.referral == arrived and link.service_area == arrived.service_area
        actions.pause_by_link(link=link, by=system_user("public"))
    assert of(OwnLink, pk=link.pk).ended_at is None
    for person in (referral.person_harmed, arrived.person_harmed):
        assert of(Person, pk=person.pk).paused_at is not None


def test_a_child_s_parents_and_needs_go_with_it_and_a_parent_stops_both(refer, offer, accept, send_home, cast):
    child = NewPerson(
        first_name="Ada", last_name="Lowe", date_of_birth=TODAY - timedelta(days=365 * 12), may_phone=True
    )
    referral = refer(harmed=child)
    with acting_as(cast["coordinator"]) as by:
        common = {"person": referral.person_harmed, "referral": referral, "by": by}
        actions.record_childhood(
            in_care="no", under_18=None, youth_justice="", childrens_services="", today=TODAY, **common
        )
        parental = actions.name_parental_responsibility(kind="parent", name="Ruth Lowe", involved="no", **common)
        agreed = actions.record_parental_agreement(
            parental=parental,
            referral=referral,
            purpose="take_part",
            method="written",
            given_on=TODAY,
            by=by,
            today=TODAY,
        )
        actions.take_referral(referral=referral, by=by, today=TODAY)
        actions.record_conditions(physical="Asthma", mental="", **common)
    arrived = accept(offer(referral))
    there = arrived.person_harmed
    assert of(Childhood, person=there).in_care == "no" and of(Conditions, person=there).physical == "Asthma"
    same = of(ParentalAgreement, referral=arrived)
    assert (same.parental.name, same.withdrawn_at) == ("Ruth Lowe", None)
    with acting_as(cast["coordinator"]) as by:
        actions.withdraw_parental_agreement(agreement=agreed, by=by)
    same.refresh_from_db()
    assert same.withdrawn_at is not None
    assert SafetyChange._base_manager.filter(person=there, kind="consent_withdrawn").exists()
    with acting_as(cast["other_coordinator"]) as by:
        actions.take_referral(referral=arrived, by=by, today=TODAY)
        actions.record_conditions(person=there, referral=arrived, physical="Asthma, worse", mental="", by=by)
    home = send_home(arrived)
    assert of(Conditions, person=home.person_harmed_id).physical == "Asthma, worse"
    assert ParentalResponsibility._base_manager.filter(person=home.person_harmed_id, ended_at=None).count() == 1
    assert not ParentalAgreement._base_manager.filter(referral=home, withdrawn_at=None).exists()


# -- meanwhile ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("learnt", ["here", "there"])
def test_whatever_protects_somebody_holds_in_both_areas_at_once(refer, offer, accept, cast, learnt):
    referral = refer()
    arrived = accept(offer(referral))
    where, elsewhere = (referral, arrived) if learnt == "here" else (arrived, referral)
    with acting_as(cast["coordinator" if learnt == "here" else "other_coordinator"]) as by:
        person = where.person_harmed
        actions.record_legal_bar(person=person, referral=where, kind="bail", authority="Police", starts_on=TODAY, by=by)
        actions.apply_stricter_contact(person=person, referral=where, allowed={"may_email": False}, by=by)
        actions.withdraw_consent(person=person, referral=where, by=by)
    assert LegalBar._base_manager.filter(person=elsewhere.person_harmed).count() == 1
    assert of(SafeContact, person=elsewhere.person_harmed).may_email is False
    assert not Consent._base_manager.filter(referral=elsewhere, withdrawn_at=None).exists()
    told = SafetyChange._base_manager.filter(person=elsewhere.person_harmed, kind="consent_withdrawn")
    assert told.get().service_area_id == elsewhere.service_area_id


def test_a_withdrawal_that_reaches_us_ends_the_wait_there(refer, offer, accept, cast):
    referral = refer(suspect_identified=False, responsible=NewPerson())
    arrived = accept(offer(referral))
    with acting_as(cast["coordinator"]) as by:
        actions.withdraw_consent(person=referral.person_harmed, referral=referral, by=by)
    act_on_safety()
    assert fresh(arrived).status == ReferralStatus.NOT_ACCEPTED
    assert of(WatchedInterest, referral=arrived).ended_at is not None


@pytest.mark.parametrize("merged", ["before it went", "while it is there"])
def test_undoing_a_merge_takes_back_what_it_brought_to_the_other_area(refer, offer, accept, cast, merged):
    referral, other = refer(), refer(responsible=NewPerson(last_name="Ngata"))
    person, joined = referral.person_harmed, other.person_harmed

    def join():
        with acting_as(cast["coordinator"]) as by:
            pair = PossibleDuplicate.objects.get(person__in=[person, joined], other__in=[person, joined])
            return actions.propose_merge(pair=pair, reason="Same voice", keep={}, by=by, today=TODAY)

    with acting_as(cast["coordinator"]) as by:
        common = {"person": joined, "referral": other, "by": by}
        actions.record_legal_bar(kind="bail", authority="Police", starts_on=TODAY, **common)
        actions.apply_stricter_contact(allowed={"may_email": False}, **common)
    made = join() if merged == "before it went" else None
    arrived = accept(offer(referral))
    there = arrived.person_harmed
    made = made or join()
    with acting_as(cast["other_coordinator"]) as by:
        actions.apply_stricter_contact(person=there, referral=arrived, allowed={"may_leave_voicemail": False}, by=by)
    assert LegalBar._base_manager.filter(person=there).exists() and not of(SafeContact, person=there).may_email
    tasks = Task._base_manager.filter(referral=arrived, kind=Task.Kind.SAFETY)
    before = tasks.count()
    with acting_as(cast["manager"]) as by:
        actions.undo_merge(merge=made, by=by)
    assert not LegalBar._base_manager.filter(person__in=[person, there]).exists()
    safe = of(SafeContact, person=there)
    assert (safe.may_email, safe.may_leave_voicemail) == (True, False), "what they said there stays"
    assert tasks.count() == before + 1, "and they are told to look"


def test_death_and_never_again_hold_in_both(refer, offer, accept, cast):
    referral = refer()
    arrived = accept(offer(referral))
    with acting_as(cast["coordinator"]) as by:
        actions.ask_never_again(person=referral.person_harmed, referral=referral, by=by, today=TODAY)
        actions.record_death(person=referral.person_responsible, referral=referral, died_on=TODAY, by=by, today=TODAY)
    assert of(Person, pk=arrived.person_harmed_id).approach == "never"
    assert of(Person, pk=arrived.person_responsible_id).died_on == TODAY


def test_what_somebody_agrees_to_anew_there_stands_although_they_withdrew_it_here_before(refer, offer, accept, cast):
    referral = refer()
    person = referral.person_harmed
    with acting_as(cast["coordinator"]) as by:
        common = {"person": person, "referral": referral, "by": by}
        actions.record_consent(purpose="share_information", method="phone", given_on=TODAY, today=TODAY, **common)
        actions.withdraw_consent(purpose="share_information", **common)
    arrived = accept(offer(referral))
    there = arrived.person_harmed
    with acting_as(cast["other_coordinator"]) as by:
        again = {"purpose": "share_information", "method": "phone", "given_on": TODAY, "today": TODAY}
        actions.record_consent(person=there, referral=arrived, by=by, **again)
    with acting_as(cast["coordinator"]) as by:
        actions.record_consent(
            person=person, referral=referral, purpose="survey", method="phone", given_on=TODAY, today=TODAY, by=by
        )
        actions.withdraw_consent(person=person, referral=referral, purpose="survey", by=by)
    assert Consent._base_manager.filter(person=there, purpose="share_information", withdrawn_at=None).exists()


def test_the_referrer_reads_that_it_went_and_never_where(sent_and_passed, cast, signed_in):
    referral, arrived = sent_and_passed
    page = signed_in(cast["hub_worker"]).get(reverse("referrals:own", args=[referral.pk])).content.decode()
    assert "Another restorative justice service goes on with this" in page
    assert "Norfolk" not in page and arrived.reference not in page
    assert Notification.objects.filter(user=cast["hub_worker"], kind="referral_news").count() == 1


def test_whoever_has_it_now_writes_to_whoever_sent_it_who_never_learns_where(sent_and_passed, cast, signed_in, hub):
    referral, arrived = sent_and_passed
    client, here = signed_in(cast["other_coordinator"]), reverse("referrals:messages", args=[arrived.pk])
    assert "Who will read it" in client.get(reverse("referrals:detail", args=[arrived.pk])).content.decode()
    assert client.post(here, {"words": "Which officer has it?", "is_question": "on"}).status_code == 302
    own = signed_in(cast["hub_worker"]).get(reverse("referrals:own", args=[referral.pk])).content.decode()
    assert "Which officer has it?" in own and "by the service that goes on with it" in own
    assert "Norfolk" not in own and cast["other_coordinator"].last_name not in own
    told = Notification.objects.filter(kind="referral_message", user=cast["hub_worker"]).get()
    assert told.url == reverse("referrals:own", args=[referral.pk])
    with acting_as(cast["hub_worker"]) as by:
        actions.write_message(referral=referral, words="PC Rook", by=by, today=TODAY)
    assert "PC Rook" in client.get(here).content.decode()
    learnt = of(ContactDetails, person=arrived.person_harmed)
    learnt.phone = "07700 900811"
    learnt.save()
    given_away = client.post(here, {"words": "She is on 07700 900811"})
    assert given_away.status_code == 422


@pytest.fixture
def sent_and_passed(refer, offer, accept, cast, hub):
    referral = refer(by=cast["hub_worker"], organisation=hub)
    return referral, accept(offer(referral))


def test_figures_count_it_once_and_where_it_is(refer, offer, accept, send_home, cast, area, other_area):
    last_month = (TODAY.replace(day=1) - timedelta(days=1)).replace(day=1)
    referral = refer(received_on=last_month)

    def counted():
        found = []
        for one, who in ((area, "coordinator"), (other_area, "other_coordinator")):
            with acting_as(cast[who]):
                by_month = figures_for(one, TODAY).measures["referrals_by_month"]["cells"]
                found.append({month: number for month, number in by_month.items() if number})
        return found

    assert counted() == [{f"{last_month:%Y-%m}": 1}, {}]
    arrived = accept(offer(referral))
    assert counted() == [{}, {f"{TODAY:%Y-%m}": 1}]
    send_home(arrived)
    assert counted() == [{f"{last_month:%Y-%m}": 1}, {}]


# -- and home -----------------------------------------------------------------------------------------------------------
def test_it_comes_home_to_the_same_record_with_what_was_learnt_there(refer, offer, accept, send_home, cast):
    referral = refer(received_on=TODAY - timedelta(days=20))
    events = list(DomainEvent.objects.about(referral).values_list("pk", flat=True))
    arrived = accept(offer(referral))
    with acting_as(cast["other_coordinator"]) as by:
        ContactDetails.objects.filter(person=arrived.person_harmed).update(address="1 New Street")
        actions.change_safe_contact(
            person=arrived.person_harmed,
            referral=arrived,
            allowed={"may_phone": True, "may_text": True, "may_email": False},
            by=by,
        )
        actions.record_consent(
            person=arrived.person_harmed,
            referral=arrived,
            purpose="take_part",
            method="written",
            given_on=TODAY,
            today=TODAY,
            by=by,
        )
        actions.raise_flag(referral=arrived, kind="history", by=by)
        actions.add_responsible(referral=arrived, new=NewPerson(last_name="Third"), by=by)
    with acting_as(cast["coordinator"]):
        Person.objects.filter(pk=referral.person_harmed_id).update(communication_needs="Large print")
    home = send_home(arrived)
    assert home == referral and home.status == ReferralStatus.RECEIVED
    assert (home.received_on, home.counted_from) == (referral.received_on, None)
    person = referral.person_harmed_id
    details, safe = of(ContactDetails, person=person), of(SafeContact, person=person)
    assert (details.address, details.phone) == ("1 New Street", HARMED.phone)
    assert (safe.may_text, safe.may_email) == (True, False)
    assert of(Person, pk=person).communication_needs == "Large print"
    assert Consent._base_manager.filter(referral=home, purpose="take_part", withdrawn_at=None).exists()
    assert SensitiveFlag._base_manager.filter(referral=home, kind="history").exists()
    beside = of(AlsoResponsible, referral=home).person
    assert (beside.last_name, beside.service_area_id) == ("Third", home.service_area_id)
    assert set(events) < set(DomainEvent.objects.about(referral).values_list("pk", flat=True))
    assert fresh(arrived).status == ReferralStatus.PASSED_ON
    with acting_as(cast["coordinator"]) as by:
        actions.mark_accepted(referral=home, by=by, today=TODAY)
    with pytest.raises(StaleState, match="gone back already"):
        send_home(arrived)


def test_it_does_not_come_home_once_a_case_is_open_there(refer, offer, accept, send_home, cast):
    arrived = accept(offer(refer()))
    with acting_as(cast["other_coordinator"]) as by:
        actions.mark_accepted(referral=arrived, by=by, today=TODAY)
    with pytest.raises(StaleState, match="accepted this referral"):
        send_home(arrived)


def test_it_goes_there_and_back_again_and_there_once_more(refer, offer, accept, send_home):
    referral = refer()
    first = accept(offer(referral))
    send_home(first)
    second = accept(offer(referral))
    assert second != first
    assert send_home(second) == referral
    assert fresh(referral).status == ReferralStatus.RECEIVED
    assert Person._base_manager.filter(last_name=RESPONSIBLE.last_name).count() == 3


def test_a_self_referral_is_no_more_verified_there_than_here(refer, offer, accept, cast):
    referral = refer(mechanism="victim_self", harmed=NewPerson(last_name="Parry", date_of_birth=date(1980, 1, 1)))
    arrived = accept(offer(referral))
    assert arrived.is_unverified
    with acting_as(cast["other_coordinator"]) as by:
        for kind in ("identity", "incident"):
            check = {"kind": kind, "through": "police", "is_confirmed": True, "checked_on": TODAY}
            actions.record_check(referral=arrived, by=by, today=TODAY, **check)
    assert not fresh(arrived).is_unverified and fresh(referral).is_unverified


# -- every status and every verb ----------------------------------------------------------------------------------------
def test_every_status_of_a_transfer_and_every_verb(refer, offer, accept, send_home, cast):
    def by(who, act, **given):
        def acted(_, one):
            with acting_as(cast[who]) as user:
                act(transfer=one, by=user, **given)

        return acted

    def sent_home(_, one):
        send_home(one.arrived or one.referral)

    T = TransferStatus
    verbs = {
        "accept": (lambda _, one: accept(one), {T.OFFERED}),
        "refuse": (by("other_coordinator", actions.refuse_transfer, words="Nobody is free", today=TODAY), {T.OFFERED}),
        "take back": (by("coordinator", actions.take_back_transfer), {T.OFFERED}),
        "send home": (sent_home, {T.ACCEPTED}),
        "offer again": (lambda _, one: offer(fresh(one.referral)), {T.REFUSED, T.TAKEN_BACK, T.SENT_HOME}),
    }

    def after(*steps):
        def come(_) -> Transfer:
            transfer = offer(refer())
            for step in steps:
                verbs[step][0](_, of(Transfer, pk=transfer.pk))
            return transfer

        return come

    statuses = {
        T.OFFERED: after(),
        T.ACCEPTED: after("accept"),
        T.REFUSED: after("refuse"),
        T.TAKEN_BACK: after("take back"),
        T.SENT_HOME: after("accept", "send home"),
    }
    assert set(statuses) == set(T)
    play_table(None, "transfer", statuses, verbs)
