"""That restorative justice was offered: the clock, the answer, when again; "never ask me again" holds everywhere."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from referrals import actions, policy
from referrals.actions import NewOffer, NewPerson
from referrals.actions.expecting_offers import offer_due_on
from referrals.choices import OfferAnswer
from referrals.models import Consent, Offer, Person, PossibleDuplicate, Referral, SafeContact, Task
from referrals.working_days import add_working_days
from rj_service.accounts.acting import acting_as
from rj_service.accounts.errors import DomainError, NotAllowed
from rj_service.notifications.models import Notification
from tests.typed import typed

from .hub_rows import hub_csv, hub_row

TODAY = timezone.localdate()
DAY = timedelta(days=1)


@pytest.fixture
def by(cast, acting):
    with acting(cast["coordinator"]) as user:
        yield user


def offer(referral, by, answer=OfferAnswer.YES, **changed):
    given = {"offered_on": TODAY, "channel": "phone", "offered_by": "Cambridgeshire RJ"} | changed
    return actions.record_offer(referral=referral, new=NewOffer(answer=answer, **given), by=by, today=TODAY)


@pytest.mark.parametrize(("month", "day", "taken"), [(3, 28, False), (3, 31, False), (4, 1, True)])
def test_nobody_was_told_before_it_happened(refer, by, month, day, taken):
    """A year that was mistyped would count as told in time."""
    referral = refer()
    referral.incident.month = date(2026, 4, 1)
    referral.incident.save()
    if taken:
        assert offer(referral, by, OfferAnswer.NOT_NOW, offered_on=date(2026, month, day)).pk
    else:
        with pytest.raises(DomainError, match="on or after it happened, 1 April 2026"):
            offer(referral, by, OfferAnswer.NOT_NOW, offered_on=date(2026, month, day))


@pytest.mark.parametrize(
    ("enhanced", "received", "due"),
    [
        (False, date(2026, 11, 20), date(2026, 11, 27)),
        (True, date(2026, 11, 20), date(2026, 11, 23)),
        (False, date(2026, 12, 23), date(2027, 1, 4)),
        (True, date(2026, 12, 24), date(2026, 12, 29)),
    ],
)
def test_by_when_somebody_is_to_be_told(refer, by, enhanced, received, due):
    referral = refer(harmed=NewPerson(last_name="Pryor", enhanced_rights=enhanced))
    referral.received_on = received
    assert offer_due_on(referral, referral.person_harmed) == due


def test_the_period_is_a_setting(refer, settings):
    settings.RJ_OFFER_WORKING_DAYS = 2
    assert refer() and Offer._base_manager.get().due_on == add_working_days(TODAY, 2)


@pytest.mark.parametrize(
    ("changed", "is_to_be_made"),
    [
        ({}, True),
        ({"consented_on": TODAY - DAY}, False),
        ({"mechanism": "victim_self"}, None),
        ({"initiated_by": "offender"}, None),
        ({"initiated_by": "agency"}, True),
        ({"harmed": NewPerson()}, None),
    ],
)
def test_who_is_to_be_told_when_a_referral_arrives(refer, hub, by, changed, is_to_be_made):
    refer(**{"organisation": hub} | changed)
    if is_to_be_made is None:
        assert not Offer.objects.exists()
        return
    found = Offer.objects.get()
    assert Offer.objects.to_make().exists() is is_to_be_made
    if not is_to_be_made:
        assert (found.offered_on, found.answer, found.channel) == (TODAY - DAY, "yes", "phone")
        assert (found.offered_by, found.told_with_referral) == (hub.name, True)


def test_the_hubs_file_says_who_was_told(import_file, by):
    import_file(hub_csv(hub_row(), hub_row(hub_reference="HUB-2", consent_date="")))
    assert {one.referral.hub_reference: one.answer for one in Offer.objects.all()} == {"HUB-1": "yes", "HUB-2": ""}


@pytest.mark.parametrize(
    ("answer", "changed", "again_on"),
    [
        ("not_now", {}, TODAY + 91 * DAY),
        ("none_yet", {}, TODAY + 14 * DAY),
        ("not_now", {"offer_again_on": TODAY + 5 * DAY}, TODAY + 5 * DAY),
        ("yes", {}, None),
        ("no", {}, None),
        ("no", {"offer_again_on": TODAY + 5 * DAY}, None),
    ],
)
def test_an_answer_and_when_to_offer_again(refer, by, answer, changed, again_on):
    referral = refer()
    made = offer(referral, by, answer, role="Coordinator", heard_of="leaflet", **changed)
    assert (made.answer, made.offered_by, made.role, made.heard_of) == (
        answer,
        "Cambridgeshire RJ",
        "Coordinator",
        "leaflet",
    )
    assert made.due_on == add_working_days(TODAY, 5), "it fills what was to be made"
    waiting = Offer.objects.to_make().first()
    assert (waiting.due_on if waiting else None) == again_on
    if waiting:
        assert waiting.is_again
        offer(referral, by)
        assert not Offer.objects.to_make().exists() and Offer.objects.made().count() == 2


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"offered_on": TODAY + DAY}, "today or in the past"),
        ({"channel": "pigeon"}, "how it was offered"),
        ({"answer": "perhaps"}, "what they answered"),
        ({"heard_of": "pigeon"}, "how they heard"),
        ({"answer": "not_now", "offer_again_on": TODAY}, "after today"),
    ],
)
def test_an_offer_that_makes_no_sense_is_refused(refer, by, changed, sentence):
    with pytest.raises(DomainError, match=sentence):
        offer(refer(), by, **changed)


def test_a_yes_is_an_agreement_and_never_approaches_the_other_side(refer, by):
    referral = refer(initiated_by="offender")
    offer(referral, by)
    assert set(Consent.objects.in_force().values_list("person", "purpose")) == {
        (referral.person_harmed_id, "contact"),
        (referral.person_responsible_id, "contact"),
    }
    assert Person.objects.get(pk=referral.person_responsible_id).approach == "agreed", "as when it arrived"
    assert mail.outbox == [] and not Notification.objects.exists()


def test_a_yes_brings_a_decided_referral_back_to_triage(refer, by):
    referral = refer()
    actions.withdraw_consent(person=referral.person_harmed, referral=referral, by=by)
    actions.not_accept(referral=referral, reason="changed_mind", note="Not yet", by=by, today=TODAY)
    offer(referral, by)
    assert Referral.objects.get().status == "received"
    assert Consent.objects.in_force().get().purpose == "contact"


def test_a_no_ends_what_they_agreed_to_here_and_may_be_asked_again(refer, by):
    referral = refer()
    offer(referral, by, "no")
    assert not Consent.objects.in_force().exists()
    assert Person.objects.get(pk=referral.person_harmed_id).approach == "not_approached"
    assert actions.why_nothing_is_offered(Referral.objects.get()) == ""


def test_never_again_holds_everywhere(refer, by):
    referral = refer()
    other = refer(suspect_identified=False, harmed=NewPerson(last_name="Pryor"))
    third = refer(harmed=NewPerson(last_name="Ngata"))
    Referral.objects.filter(pk=other.pk).update(person_harmed=referral.person_harmed)
    Consent.objects.filter(referral=other).update(person=referral.person_harmed)
    Offer.objects.filter(referral=other).update(person=referral.person_harmed)
    offer(referral, by, "no", never_again=True)
    person = Person.objects.get(pk=referral.person_harmed_id)
    assert person.approach == "never"
    assert not Consent.objects.in_force().filter(person=person).exists()
    assert Offer.objects.to_make().get().referral == third
    assert Referral.objects.get(pk=other.pk).status == "not_accepted", "whoever waited waits no longer"
    for one in (referral, other):
        with pytest.raises(DomainError, match="never to be asked again"):
            offer(one, by)
    safe = SafeContact.objects.get(person=person)
    blocks = policy.contact_blocks(person, "phone", safe=safe, missing="", bars=[])
    assert "They asked never to be asked again." in blocks
    assert actions.why_nothing_is_offered(Referral.objects.get(pk=third.pk)) == ""
    one, two = sorted([person, third.person_harmed], key=lambda found: found.pk)
    PossibleDuplicate.objects.filter(person=one, other=two).delete()
    PossibleDuplicate.objects.create(
        service_area=third.service_area, person=one, other=two, reasons="same_phone", answer="same", answered_by=by
    )
    assert "in another referral" in actions.why_nothing_is_offered(Referral.objects.get(pk=third.pk))


@pytest.mark.parametrize("stop", ["withdrawn", "died"])
def test_what_was_to_be_offered_stops_at_once(refer, by, stop):
    referral, other = refer(), refer(harmed=NewPerson(last_name="Pryor"))
    person = referral.person_harmed
    if stop == "died":
        actions.record_death(person=person, referral=referral, died_on=TODAY, by=by, today=TODAY)
        with pytest.raises(DomainError, match="has died"):
            offer(referral, by)
    else:
        actions.withdraw_consent(person=person, referral=referral, by=by)
    assert Offer.objects.to_make().get().referral == other


def test_nothing_is_offered_to_a_side_that_is_closed(refer, by):
    referral = refer(mechanism="offender_self", initiated_by="offender")
    with pytest.raises(DomainError, match="has not been verified"):
        offer(referral, by)


def test_an_accepted_referral_waits_for_no_offer(refer, by):
    referral = refer()
    assert Offer.objects.worth_making_by(by).exists()
    actions.mark_accepted(referral=referral, by=by, today=TODAY)
    assert not Offer.objects.worth_making_by(by).exists()


def test_who_may_record_an_offer(refer, cast, area, hub):
    referral = refer(by=cast["hub_worker"], organisation=hub)
    for who in ("referrer", "supervisor", "practitioner", "opcc", "other_coordinator"):
        with acting_as(cast[who], areas=[area]) as user, pytest.raises(NotAllowed):
            offer(referral, user)
    for who in ("coordinator", "manager", "hub_worker"):
        with acting_as(cast[who], areas=[area]) as user:
            assert offer(referral, user, "none_yet").recorded_by == user


def test_what_a_referrer_recorded_loosens_nothing_and_makes_a_task(refer, cast, acting, hub):
    referral = refer(by=cast["hub_worker"], organisation=hub)
    with acting(cast["coordinator"]) as by:
        actions.withdraw_consent(person=referral.person_harmed, referral=referral, by=by)
    with acting(cast["hub_worker"]) as by:
        offer(referral, by)
        assert not Consent.objects.in_force().exists()
        assert Task.objects.get(kind="offer").referral == referral


def test_a_referrer_reads_what_their_organisation_recorded_and_not_who_said_no(refer, cast, acting, hub, signed_in):
    referral = refer(by=cast["hub_worker"], organisation=hub)
    client = signed_in(cast["hub_worker"])
    with acting(cast["hub_worker"]) as by:
        offer(referral, by, "not_now", offered_by="The Hub", role="Victim Care Co-ordinator")
    with acting(cast["coordinator"]) as by:
        offer(referral, by, "no", offered_by="Inside", never_again=True)
    own = client.get(reverse("referrals:own", args=[referral.pk])).content.decode()
    assert "Victim Care Co-ordinator" in own and "Inside" not in own
    page = client.get(reverse("referrals:record-own-offer", args=[referral.pk])).content.decode()
    assert policy.NO_OFFER_OUTSIDE in page and "never to be asked" not in page
    with acting(cast["hub_worker"]) as by, pytest.raises(DomainError, match="The coordinators can say more"):
        offer(referral, by)


def test_the_list_of_offers_begins_with_the_most_late(refer, cast, acting, signed_in):
    names = ("Late", "Soon", "Again")
    for name, due_on in (("Again", TODAY + DAY), ("Soon", TODAY), ("Late", TODAY - DAY)):
        one = refer(harmed=NewPerson(last_name=f"Q{name}", enhanced_rights=name == "Late"))
        if name == "Again":
            with acting(cast["coordinator"]) as by:
                offer(one, by, "none_yet")
        Offer._base_manager.filter(referral=one, offered_on=None).update(due_on=due_on)
    client = signed_in(cast["coordinator"])
    for query, found in (
        ("", ["Late", "Soon", "Again"]),
        ("clock=over", ["Late"]),
        ("clock=today", ["Soon"]),
        ("again=first", ["Late", "Soon"]),
        ("again=again", ["Again"]),
        ("rights=enhanced", ["Late"]),
    ):
        page = client.get(f"{reverse('referrals:offers')}?{query}").content.decode()
        places = [page.index(f"Q{name}") for name in names if f"Q{name}" in page]
        assert [name for name in names if f"Q{name}" in page] == found, query
        assert places == sorted(places)
        assert ("No answer yet" in page) == ("Again" in found)


def test_the_first_page_says_how_many_were_not_told_in_time(refer, cast, signed_in):
    client, words = signed_in(cast["coordinator"]), "1 person has not been told about restorative justice in time"
    refer()
    assert words not in client.get("/").content.decode()
    refer(received_on=TODAY - 30 * DAY)
    assert words in client.get("/").content.decode()


def test_offers_by_month_and_answer(refer, by):
    for month, answer in ((1, "yes"), (1, "yes"), (1, "no"), (2, "not_now")):
        offer(refer(), by, answer, offered_on=date(2026, month, 15))
    refer()
    counts = [(row["month"], row["reply"], row["number"]) for row in Offer.objects.all().by_month()]
    january, february = date(2026, 1, 1), date(2026, 2, 1)
    assert counts == [(january, "no", 1), (january, "yes", 2), (february, "not_now", 1)]


def test_the_form_records_an_offer_and_says_why_none_may_be_made(refer, cast, signed_in):
    referral, client = refer(), signed_in(cast["coordinator"])
    address = reverse("referrals:record-offer", args=[referral.pk])
    given = typed(offered_on=TODAY) | {
        "channel": "phone",
        "offered_by": "Cambridgeshire RJ",
        "answer": "no",
        "never_again": "on",
    }
    assert client.post(address, given | {"answer": ""}).status_code == 422
    done = client.post(address, given, follow=True).content.decode()
    assert "The offer is recorded" in done and "Asked never to be asked again" in done
    page = client.get(address).content.decode()
    assert "They asked never to be asked again" in page and "Record the offer" not in page
    assert client.post(address, given).status_code == 422


def test_whoever_sent_a_referral_is_shown_what_they_are_to_offer_again_and_nothing_of_ours(
    refer, cast, area, hub, signed_in
):
    page = reverse("referrals:own-offers")
    client = signed_in(cast["hub_worker"])
    own, ours, gone = (refer(by=cast["hub_worker"], organisation=hub) for _ in range(3))
    for referral in (own, gone):
        with acting_as(cast["hub_worker"]) as by:
            new = NewOffer(TODAY, "phone", "not_now", offer_again_on=TODAY + timedelta(days=30))
            actions.record_offer(referral=referral, new=new, by=by, today=TODAY)
    with acting_as(cast["coordinator"]) as by:
        actions.record_offer(referral=ours, new=NewOffer(TODAY, "letter", "none_yet"), by=by, today=TODAY)
        actions.ask_never_again(person=gone.person_harmed, referral=gone, by=by, today=TODAY)
        Person.objects.filter(pk=own.person_harmed_id).update(last_name="zqLearnt")
    html = client.get(page).content.decode()
    shown = [one for one in (own, ours, gone) if str(one.pk) in html]
    assert shown == [own]
    assert "Not now" in html and "Bellamy" in html and "zqLearnt" not in html
    assert str(own.pk) not in signed_in(cast["referrer"]).get(page).content.decode()
    for who, day, answer in (("coordinator", TODAY, "none_yet"), ("hub_worker", TODAY - timedelta(days=1), "not_now")):
        with acting_as(cast[who]) as by:
            actions.record_offer(referral=own, new=NewOffer(day, "letter", answer), by=by, today=TODAY)
    html = client.get(page).content.decode()
    assert str(own.pk) in html and "No answer yet" not in html
