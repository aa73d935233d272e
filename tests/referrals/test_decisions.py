import threading
from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from referrals import actions, policy
from referrals.actions import NewPerson
from referrals.choices import TRANSITIONS, NeutralOutcome, ReferralStatus
from referrals.models import (
    ConflictOfInterest,
    Consent,
    PossibleDuplicate,
    Referral,
    SafeContact,
    SafetyChange,
    WatchedInterest,
)
from rj_service.accounts.acting import acting_as
from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from rj_service.accounts.models import Membership
from rj_service.accounts.roles import Role
from rj_service.audit.models import DomainEvent
from rj_service.notifications.models import Notification

TODAY = timezone.localdate()
SOON = TODAY + timedelta(days=14)


def move_to(referral, status, by, other=None):
    """The action that leads to a status."""
    return {
        ReferralStatus.RECEIVED: lambda: back_to_triage(referral, by),
        ReferralStatus.INTERESTED: lambda: actions.hold_interested(referral=referral, by=by, today=TODAY),
        ReferralStatus.ON_HOLD: lambda: actions.put_on_hold(
            referral=referral, until=SOON, note="Asked the Hub", by=by, today=TODAY
        ),
        ReferralStatus.ACCEPTED: lambda: actions.mark_accepted(referral=referral, by=by, today=TODAY),
        ReferralStatus.NOT_ACCEPTED: lambda: actions.not_accept(
            referral=referral, reason="risk", note="Individual risk", by=by, today=TODAY
        ),
        ReferralStatus.REFERRED_ELSEWHERE: lambda: actions.refer_elsewhere(
            referral=referral, note="To the YJS", by=by, today=TODAY
        ),
        ReferralStatus.DUPLICATE: lambda: actions.mark_duplicate(referral=referral, of=other, by=by, today=TODAY),
        ReferralStatus.ENTERED_IN_ERROR: lambda: actions.mark_entered_in_error(
            referral=referral, note="Test", by=by, today=TODAY
        ),
        ReferralStatus.PASSED_ON: lambda: pass_on(referral, by),
    }[status]()


def pass_on(referral, by):
    there = Membership.objects.exclude(service_area=referral.service_area_id).get(role=Role.COORDINATOR)
    given = {"to_area": there.service_area, "because": "harmed_there", "words": "They moved in May"}
    transfer = actions.offer_transfer(referral=referral, by=by, today=TODAY, **given)
    with acting_as(there.user):
        actions.accept_transfer(transfer=transfer, by=there.user, today=TODAY)
    return Referral.objects.get(pk=referral.pk)


def back_to_triage(referral, by):
    if Referral.objects.get(pk=referral.pk).status != ReferralStatus.INTERESTED:
        return actions.reopen(referral=referral, by=by, today=TODAY)
    spoken = actions.Spoken(how="phone", asked_by="D Castle", address_confirmed=True)
    return actions.go_on(referral=referral, wish_stands=True, checked_on=TODAY, spoken=spoken, by=by, today=TODAY)


@pytest.mark.parametrize("before", ReferralStatus)
@pytest.mark.parametrize("after", ReferralStatus)
def test_every_move_is_one_that_transitions_has(refer, cast, acting, before, after):
    by = cast["coordinator"]
    referral, other = refer(), refer()
    with acting(by):
        if before != ReferralStatus.RECEIVED:
            move_to(referral, before, by, other)
        if after in TRANSITIONS[before]:
            assert move_to(referral, after, by, other).status == after
            fresh = Referral.objects.get(pk=referral.pk)
            assert (fresh.decided_by is None) == (after == ReferralStatus.RECEIVED)
        else:
            with pytest.raises(StaleState, match="Nothing was done twice"):
                move_to(referral, after, by, other)
            assert Referral.objects.get(pk=referral.pk).status == before


@pytest.mark.parametrize("who", ["hub_worker", "referrer", "supervisor", "practitioner", "opcc", "other_coordinator"])
def test_only_coordination_of_the_area_decides(refer, cast, area, who):
    referral, other = refer(), refer()
    with acting_as(cast[who], areas=[area]):
        for after in set(ReferralStatus) - {ReferralStatus.RECEIVED}:
            with pytest.raises(NotAllowed):
                move_to(referral, after, cast[who], other)


def test_a_decision_is_in_the_trail_without_a_word_of_it(refer, cast, acting):
    referral = refer()
    with acting(cast["coordinator"]):
        actions.not_accept(
            referral=referral, reason="risk", note="Fears her brother", by=cast["coordinator"], today=TODAY
        )
    event = DomainEvent.objects.about(referral).get(verb="referrals.not_accepted")
    assert event.detail == {"reason": "risk"}
    assert set(event.people) == {referral.person_harmed_id, referral.person_responsible_id}


def test_not_accepting_takes_an_individual_reason(refer, cast, acting):
    referral = refer()
    with acting(cast["coordinator"]):
        with pytest.raises(DomainError, match="Choose why"):
            actions.not_accept(referral=referral, reason="robbery", note="x", by=cast["coordinator"], today=TODAY)
        with pytest.raises(DomainError, match="The referrer does not see this"):
            actions.not_accept(referral=referral, reason="risk", note=" ", by=cast["coordinator"], today=TODAY)
        assert Referral.objects.get(pk=referral.pk).status == "received"


def test_holding_keeps_the_wish_and_going_on_ends_the_watch(refer, cast, acting):
    by = cast["coordinator"]
    referral = refer(suspect_identified=False, wishes_contact_if_identified=True)
    with acting(by):
        assert WatchedInterest.objects.get().wishes_contact is True
        actions.check_interest(referral=referral, by=by, today=TODAY, next_check_on=SOON)
        assert WatchedInterest.objects.get().next_check_on == SOON
        back_to_triage(referral, by)
        assert WatchedInterest.objects.get().ended_by == by


def test_a_decision_on_a_status_that_is_gone_is_refused(refer, cast, acting):
    by = cast["coordinator"]
    referral = refer()
    with acting(cast["manager"]):
        actions.put_on_hold(referral=referral, until=SOON, note="Asked", by=cast["manager"], today=TODAY)
    with acting(by):
        with pytest.raises(StaleState, match="G Holt put this referral on hold at"):
            actions.mark_accepted(referral=referral, by=by, today=TODAY, seen="received")


def test_the_neutral_outcome_never_says_who_said_no(refer, cast, acting):
    referral = refer()
    with acting(cast["coordinator"]):
        told = actions.record_outcome_told(
            referral=referral, outcome=NeutralOutcome.NOT_AT_PRESENT, by=cast["coordinator"], today=TODAY
        )
        assert told.get_outcome_display() == "We cannot take this forward at present"
        assert told.outcome_told_by == cast["coordinator"]


def test_a_withdrawal_stops_everything_and_alerts_whoever_has_it(refer, cast, acting):
    by = cast["coordinator"]
    referral = refer()
    with acting(by):
        actions.take_referral(referral=referral, by=by, today=TODAY)
        person = referral.person_harmed
        actions.record_consent(
            person=person, referral=referral, purpose="take_part", method="written", given_on=TODAY, today=TODAY, by=by
        )
        assert actions.withdraw_consent(person=person, referral=referral, by=by) == 2
        assert actions.withdraw_consent(person=person, referral=referral, by=by) == 0
        assert not Consent.objects.in_force().exists()
        person.refresh_from_db()
        assert person.approach == "not_approached"
        safe = SafeContact.objects.get(person=person)
        assert policy.contact_blocks(person, "phone", safe=safe, missing=policy.NO_AGREEMENT["contact"], bars=[]) == [
            "There is no agreement to be contacted."
        ]
        assert SafetyChange.objects.get().kind == "consent_withdrawn"
    assert [row.user for row in Notification.objects.filter(kind="safety_change")] == [by]


@pytest.mark.parametrize(
    ("days_ago", "refused"), [(2, "This was withdrawn on"), (1, ""), (0, "")], ids=["before", "that day", "after"]
)
@pytest.mark.parametrize("withdrawn", [None, "contact", "take_part"], ids=["everything", "contact", "to take part"])
def test_a_paper_older_than_the_withdrawal_brings_nothing_back(refer, cast, acting, withdrawn, days_ago, refused):
    """Signed on Monday, withdrawn on Tuesday, filed on Wednesday: it counts no more."""
    referral, person = (made := refer()), made.person_harmed
    agreed = {"person": person, "referral": referral, "purpose": "take_part", "method": "written", "today": TODAY}
    with acting(cast["coordinator"]) as by:
        actions.record_consent(given_on=TODAY - timedelta(days=3), by=by, **agreed)
        actions.withdraw_consent(person=person, referral=referral, purpose=withdrawn, by=by)
        ended = Consent.objects.filter(person=person, withdrawn_at__isnull=False)
        ended.update(withdrawn_at=timezone.now() - timedelta(days=1))
        again = lambda: actions.record_consent(given_on=TODAY - timedelta(days=days_ago), by=by, **agreed)  # noqa: E731
        if refused:
            with pytest.raises(DomainError, match=refused):
                again()
        else:
            again()
        assert Consent.objects.in_force().filter(person=person, purpose="take_part").exists() == (not refused)


@pytest.mark.parametrize(
    ("given_on", "refused"),
    [
        ("2026-02-28", "Nobody agreed before it happened"),
        ("2026-03-01", ""),
        ("1959-03-03", "before they were born"),
        ("1959-03-04", ""),
    ],
)
def test_nobody_agrees_before_it_happened_or_before_their_birth(refer, cast, acting, given_on, refused):
    referral = refer(harmed=NewPerson(last_name="Okafor", date_of_birth=date(1959, 3, 4)))
    referral.incident.month = date(2026, 3, 1) if given_on > "2000" else None
    referral.incident.save()
    person, on = referral.person_harmed, date.fromisoformat(given_on)
    said = {"person": person, "referral": referral, "purpose": "survey", "method": "phone", "today": TODAY}
    with acting(cast["coordinator"]) as by:
        if refused:
            with pytest.raises(DomainError, match=refused):
                actions.record_consent(given_on=on, by=by, **said)
        else:
            assert actions.record_consent(given_on=on, by=by, **said).given_on == on


def test_a_bar_stops_contact_until_its_authority_permits(refer, cast, acting):
    by = cast["coordinator"]
    referral = refer()
    with acting(by):
        person = referral.person_harmed
        bar = actions.record_legal_bar(
            person=person, referral=referral, kind="bail", authority="Cambridge Court", starts_on=TODAY, by=by
        )
        safe = SafeContact.objects.get(person=person)
        assert policy.contact_blocks(person, "phone", safe=safe, missing="", bars=[bar]) == [
            "No contact: bail condition. Only they can permit it: Cambridge Court."
        ]
        permitted = actions.permit_despite_bar(
            bar=bar, referral=referral, authority="Cambridge Court", permitted_on=TODAY, by=by
        )
        assert policy.standing_bars([permitted], TODAY) == []


def test_safe_contact_is_loosened_by_a_person_only(refer, cast, acting):
    by = cast["coordinator"]
    referral = refer()
    with acting(by):
        person = referral.person_harmed
        stricter = actions.apply_stricter_contact(
            person=person, referral=referral, allowed={"may_phone": False, "may_write": True}, by=by
        )
        assert stricter == ["may_phone", "may_leave_voicemail"]
        safe = SafeContact.objects.get(person=person)
        assert (safe.may_phone, safe.may_leave_voicemail, safe.may_email, safe.may_write) == (False, False, True, False)
        actions.change_safe_contact(
            person=person, referral=referral, allowed={"may_email": False, "may_write": True}, by=by
        )
        safe.refresh_from_db()
        assert (safe.may_email, safe.may_write) == (False, True)


def test_two_records_are_told_apart_once(refer, cast, acting):
    by = cast["coordinator"]
    refer()
    refer()
    with acting(by):
        pair = PossibleDuplicate.objects.filter(reasons__contains="same_email").get()
        assert actions.keep_apart(pair=pair, by=by).answer == "different"
        with pytest.raises(StaleState):
            actions.keep_apart(pair=pair, by=by)


def test_a_referral_needs_a_person_and_a_day_that_has_been(refer):
    with pytest.raises(DomainError, match="Date received must be today or in the past"):
        refer(received_on=TODAY + timedelta(days=1))
    with pytest.raises(DomainError, match="Enter the name"):
        refer(harmed=actions.NewPerson(), responsible=actions.NewPerson())


def test_restriction_grant_and_conflict_shut_out(refer, cast, acting):
    coordinator, manager = cast["coordinator"], cast["manager"]
    referral = refer()
    with acting(manager):
        actions.restrict(referral=referral, reason="Police staff", by=manager)
    with acting(coordinator):
        assert not Referral.objects.visible_to(coordinator).exists()
    with acting(manager):
        assert Referral.objects.visible_to(manager).get() == referral
        actions.grant(referral=referral, to=coordinator, reason="Works on it", by=manager)
    with acting(coordinator):
        assert Referral.objects.visible_to(coordinator).get() == referral
        actions.declare_conflict(user=coordinator, by=coordinator, person=referral.person_harmed)
        assert not Referral.objects.visible_to(coordinator).exists()
        assert not type(referral.person_harmed).objects.visible_to(coordinator).exists()
        assert ConflictOfInterest.objects.get().person == referral.person_harmed


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("coordinator", True),
        ("manager", True),
        ("hub_worker", False),
        ("referrer", False),
        ("supervisor", False),
        ("practitioner", False),
        ("training_lead", False),
        ("opcc", False),
        ("other_coordinator", False),
    ],
)
def test_who_sees_a_referral_that_no_organisation_sent(refer, cast, area, who, sees):
    refer()
    with acting_as(cast[who], areas=[area]):
        assert Referral.objects.visible_to(cast[who]).exists() == sees


def test_an_organisation_sees_what_it_sent(refer, cast, acting, hub):
    referral = refer(by=cast["hub_worker"], organisation=hub)
    with acting(cast["hub_worker"]):
        assert Referral.objects.visible_to(cast["hub_worker"]).get() == referral
        assert not Referral.objects.casework_for(cast["hub_worker"]).exists()
    with acting(cast["referrer"]):
        assert not Referral.objects.visible_to(cast["referrer"]).exists()


@pytest.mark.django_db(transaction=True)
def test_two_coordinators_at_once_and_one_decides(refer, cast):
    referral = refer()
    start, outcomes = threading.Barrier(2), []

    def decide(by):
        start.wait()
        try:
            with acting_as(by):
                actions.mark_accepted(referral=referral, by=by, today=TODAY)
                outcomes.append("accepted")
        except StaleState as stale:
            outcomes.append(stale.message)
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=(cast[who],)) for who in ("coordinator", "manager")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes)[1] == "accepted"
    assert any(
        outcomes_of.startswith(("D Castle accepted this referral at", "G Holt accepted this referral at"))
        and outcomes_of.endswith("Nothing was done twice.")
        for outcomes_of in outcomes
    )
    assert DomainEvent.objects.filter(verb="referrals.accepted").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_coordinators_take_one_referral(refer, cast):
    referral = refer()
    with acting_as(cast["coordinator"]):
        actions.take_referral(referral=referral, by=cast["coordinator"], today=TODAY)
        actions.take_referral(referral=referral, by=cast["coordinator"], today=TODAY)
    with acting_as(cast["manager"]), pytest.raises(StaleState, match="D Castle took this referral at .*Nothing was"):
        actions.take_referral(referral=referral, by=cast["manager"], today=TODAY)
