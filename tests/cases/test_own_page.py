"""A person's own page, as the person uses it and as an attacker would."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases import actions
from cases.choices import InterventionStatus
from cases.models import Case, Intervention
from cases.tasks import act_on_safety_change  # noqa: F401 (registers the work of a SafetyChange)
from cases.timelines import OF_TIMELINES
from referrals import actions as referrals
from referrals.actions import NewPerson, contact_keys
from referrals.choices import LinkEnded
from referrals.models import (
    Complaint,
    Consent,
    ContactDetails,
    ContactWish,
    OwnLink,
    Person,
    Referral,
    SafeContact,
    SafetyChange,
    Task,
)
from rj_service.accounts.acting import acting_as, system_user
from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from rj_service.accounts.session_store import kept_as
from rj_service.audit.models import AccessLog, DomainEvent
from rj_service.jobs.leases import work_on
from rj_service.notifications.models import Notification
from tests.volunteers.factories import ready_practitioner

from .conftest import side_of

FIRST, PAUSE, STOP = "/p/yours/", "/p/yours/pause/", "/p/yours/stop/"
REACH, COMPLAIN, STOPPED = "/p/yours/reach/", "/p/yours/complaint/", "/p/yours/stopped/"
WORD = "heron"
NUMBER = "07700 900142"
# What would tell somebody who shares the phone what it is about.
TELLING = re.compile(
    r"restorative|justice|harm|crime|victim|offend|police|case\b|worker|pause|complain|referral|Maureen|Okafor|Liam|Hart",
    re.I,
)


@pytest.fixture
def give(cast):
    """`give(referral, side="harmed")`: a link, and the path that opens it."""

    def make(referral, side="harmed", *, by=None, channel="by_hand", question="word", word=WORD, today=None):
        by = by or cast["coordinator"]
        with acting_as(by):
            link, secret = referrals.give_own_link(
                referral=referral,
                person=referral.person_harmed if side == "harmed" else referral.person_responsible,
                channel=channel,
                question=question,
                word=word,
                by=by,
                today=today or timezone.localdate(),
            )
        return link, reverse("cases:own-link", args=[secret])

    return make


def opened(path: str, answer: str | None = WORD) -> Client:
    """A browser of its own that followed the link, and answered."""
    client = Client()
    assert client.get(path)["Location"] == FIRST
    if answer is not None:
        client.post(FIRST, {"answer": answer})
    return client


def text(response) -> str:
    return response.content.decode()


def is_open(client: Client) -> bool:
    return "Change how we reach you" in text(client.get(FIRST))


def now(row):
    return type(row)._base_manager.get(pk=row.pk)


# -- what shows before the answer ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("of", ["a link", "no link"])
def test_before_the_answer_nothing_says_what_it_is_about(refer, give, of):
    """Neither the page, nor its title, frame and source, nor its headers and cookies; nor the page of a link that ended."""
    path = give(refer())[1] if of == "a link" else reverse("cases:own-link", args=["guess"])
    client = Client()
    led = client.get(path)
    shown = client.get(FIRST)
    assert shown.status_code == (200 if of == "a link" else 410)
    seen = re.sub(r'(href|src|content|class|data-module)="[^"]*"|<svg.*?</svg>', "", text(shown), flags=re.S)
    assert TELLING.findall(seen) == []
    assert "<title>Contact us</title>" in text(shown)
    assert TELLING.findall(f"{shown.headers}{led.headers}{client.cookies}") == []
    for response in (led, shown):
        assert "no-store" in response["Cache-Control"]
    assert led["Referrer-Policy"] == "no-referrer" and path.split("/")[-2] not in text(shown)


def test_nothing_opens_and_nothing_is_done_before_the_answer(refer, give):
    referral = refer()
    client = opened(give(referral)[1], answer=None)
    for address in (PAUSE, STOP, REACH, COMPLAIN):
        typed = {"about": "delay", "words": "zq", "phone": "07700 900666"}
        for answer in (client.get(address), client.post(address, typed)):
            assert (answer.status_code, answer["Location"]) == (302, FIRST), address
    person = Person._base_manager.get(pk=referral.person_harmed_id)
    assert person.paused_at is None and not Complaint._base_manager.exists() and not ContactWish._base_manager.exists()
    assert Consent._base_manager.filter(withdrawn_at__isnull=True, person=person).exists()


@pytest.mark.parametrize("typed", ["heron", " HERON ", "Héron!"])
def test_the_word_is_taken_as_somebody_types_it_on_a_phone(refer, give, typed):
    assert is_open(opened(give(refer())[1], typed))


def test_the_year_of_birth_opens_it_too(refer, give, today):
    born = NewPerson(
        first_name="Ada", last_name="Pryor", phone=NUMBER, may_phone=True, date_of_birth=today.replace(1984)
    )
    path = give(refer(harmed=born), question="year", word="")[1]
    assert not is_open(opened(path, "1985")) and is_open(opened(path, "1984"))


@pytest.mark.parametrize("word", ["", "abc", "Maureen", "maureen okafor", "o-ka-for"])
def test_a_word_that_others_know_or_guess_is_refused(refer, give, word):
    with pytest.raises(DomainError):
        give(refer(), word=word)


# -- guessing, replaying, forwarding ------------------------------------------------------------------------------------
def test_a_few_wrong_answers_end_the_link_and_the_worker_hears(refer, give, cast):
    """Whatever browser they come from, and the right one is too late then."""
    referral = refer()
    link, path = give(referral)
    for _ in range(settings.RJ_OWN_LINK_TRIES):
        assert opened(path, answer=None).post(FIRST, {"answer": "stork"}).status_code == 422
    assert now(link).ended_because == LinkEnded.GUESSED
    client = opened(path)
    assert client.get(FIRST).status_code == 410
    assert Task._base_manager.filter(referral=referral, kind=Task.Kind.OWN_PAGE, side="harmed").count() == 1
    assert Notification.objects.filter(user=cast["coordinator"], kind="person_asked").count() == 1


def test_the_right_answer_starts_the_count_again(refer, give):
    link, path = give(refer())
    for _ in range(2):
        for _ in range(settings.RJ_OWN_LINK_TRIES - 1):
            opened(path, "stork")
        assert is_open(opened(path))
    assert now(link).ended_at is None


def test_a_session_of_one_link_opens_no_other(refer, give):
    """The answer to one's own link does not carry over, and neither does the page."""
    other, client = give(refer())[1], opened(give(refer())[1])
    assert is_open(client)
    answered = client.session["own_page_open"]
    client.get(other)
    assert not is_open(client)
    session = client.session
    session["own_page_open"] = answered  # what they answered, beside somebody else's link
    session.save()
    assert not is_open(client)


def test_a_secret_that_was_never_given_and_one_that_was_replaced_lead_to_the_same_page(refer, give):
    referral = refer()
    first, old = give(referral)
    _, new = give(referral)
    assert now(first).ended_because == LinkEnded.REPLACED and now(first).token_digest is None
    pages = [text(opened(path).get(FIRST)) for path in (old, reverse("cases:own-link", args=["guess"]))]
    assert pages[0] == pages[1] and "This page has closed" in pages[0]
    assert is_open(opened(new))


def test_no_secret_is_kept_anywhere(refer, give):
    _, path = give(refer())
    client = opened(path)
    secret = path.split("/")[-2]
    kept = "".join(str(one.get_decoded()) for one in Session.objects.all()) + str(client.cookies)
    kept += "".join(str(row) for model in (OwnLink, DomainEvent, AccessLog) for row in model._base_manager.values())
    assert secret not in kept and WORD not in kept


def test_an_open_page_closes_when_its_link_ends(refer, give, cast):
    link, path = give(refer())
    client = opened(path)
    with acting_as(cast["coordinator"]) as by:
        referrals.revoke_own_link(link=link, by=by)
    for address in (FIRST, PAUSE, STOP, REACH, COMPLAIN):
        assert client.get(address).status_code == 410
        assert client.post(address, {"answer": WORD}).status_code == 410


def test_a_withdrawal_that_no_action_wrote_closes_it_too(refer, give):
    """The second wall: whatever ended the agreement, the page asks at every opening."""
    referral = refer()
    client = opened(give(referral)[1])
    gone = {"withdrawn_at": timezone.now(), "withdrawn_by": referral.entered_by}
    Consent._base_manager.filter(referral=referral).update(**gone)
    assert client.get(FIRST).status_code == 410 and client.post(PAUSE).status_code == 410


def test_it_ends_with_its_time(refer, give):
    link, path = give(refer())
    client = opened(path)
    OwnLink._base_manager.filter(pk=link.pk).update(expires_at=timezone.now())
    assert client.get(FIRST).status_code == 410 and opened(path).get(FIRST).status_code == 410


def test_the_exit_leaves_nothing(refer, give):
    client = opened(give(refer())[1])
    left = client.get("/p/yours/leave/")
    assert left["Location"].startswith("https://www.bbc.co.uk/") and left["Referrer-Policy"] == "no-referrer"
    assert client.get(FIRST).status_code == 410


def test_a_colleague_who_opens_it_stays_signed_in_and_reads_no_more_than_the_person(refer, give, cast, signed_in):
    client = signed_in(cast["coordinator"])
    client.get(give(refer())[1])
    client.post(FIRST, {"answer": WORD})
    page = text(client.get(FIRST))
    assert "Change how we reach you" in page and "Dana Castle" not in page
    client.get("/p/yours/leave/")
    assert client.get("/").status_code == 200


# -- what it shows ------------------------------------------------------------------------------------------------------
def test_the_page_names_one_s_worker_by_first_name_and_nothing_of_anybody_else(open_case, give, cast, settings):
    """Not even whether there is another side; no address, no number, no surname, no reference of the case."""
    settings.RJ_PUBLIC_PHONE = "01632 960018"
    case = open_case()
    harmed = opened(give(case.referral)[1])
    for address in (FIRST, PAUSE, STOP, REACH, COMPLAIN):
        page = text(harmed.get(address))
        assert not re.search(r"Liam|Hart|Maureen|Okafor|Castle|900142|burglary|other side", page, re.I), address
        assert case.reference not in page and case.referral.reference not in page
        assert str(case.pk) not in page and str(case.referral_id) not in page
    assert "Your worker is Dana." in text(harmed.get(FIRST)) and "01632 960018" in text(harmed.get(FIRST))


def test_alone_or_with_another_side_the_page_is_the_same(refer, give):
    """Byte for byte but for the token against forged forms."""
    pages = []
    for referral in (refer(), refer(responsible=NewPerson())):
        client = opened(give(referral)[1])
        pages.append(
            [re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text(client.get(a))) for a in (FIRST, REACH)]
        )
    assert pages[0] == pages[1]


def test_what_they_open_is_in_the_access_log(refer, give):
    referral = refer()
    opened(give(referral)[1]).get(FIRST)
    logged = AccessLog.objects.filter(page="cases:own-page", people__contains=[referral.person_harmed_id])
    assert logged.exists() and all(row.actor_id == system_user("public").pk for row in logged)


# -- pause --------------------------------------------------------------------------------------------------------------
def test_a_pause_bars_every_way_at_once_and_the_worker_hears(refer, give, cast, signed_in):
    referral = refer()
    client = opened(give(referral)[1])
    assert client.post(PAUSE).status_code == 302
    assert "Nobody contacts you now" in text(client.get(FIRST))
    coordinator = signed_in(cast["coordinator"])
    contact = text(coordinator.get(reverse("referrals:contact", args=[referral.pk, "harmed"])))
    assert contact.count("They asked for a pause") == 4  # beside every way
    assert "They asked for a pause" in text(coordinator.get(reverse("referrals:detail", args=[referral.pk])))
    assert Task._base_manager.filter(referral=referral, kind=Task.Kind.SAFETY).count() == 1
    assert DomainEvent.objects.about(referral).filter(verb="referrals.paused").count() == 1
    client.post(PAUSE)  # once more changes nothing
    assert Task._base_manager.filter(referral=referral, kind=Task.Kind.SAFETY).count() == 1


def test_the_end_of_a_pause_opens_the_ways_that_were_safe_and_no_other(refer, give):
    referral = refer()
    client = opened(give(referral)[1])
    before = SafeContact._base_manager.values().get(person=referral.person_harmed_id)
    client.post(PAUSE)
    client.post(PAUSE, {"again": "1"})
    assert Person._base_manager.get(pk=referral.person_harmed_id).paused_at is None
    assert SafeContact._base_manager.values().get(person=referral.person_harmed_id) == before
    assert Task._base_manager.filter(referral=referral, kind=Task.Kind.OWN_PAGE).count() == 1


def test_a_pause_stops_what_is_arranged_and_the_gate_stays_closed(ready, give):
    arranged = ready.schedule()
    opened(give(ready.case.referral)[1]).post(PAUSE)
    work_on(SafetyChange, SafetyChange._base_manager.get(kind=SafetyChange.Kind.PAUSED).pk)
    assert now(arranged).status == InterventionStatus.POSTPONED
    with pytest.raises(DomainError, match="asked for a pause"):
        ready.schedule()


# -- stop ---------------------------------------------------------------------------------------------------------------
def test_stop_ends_everything_in_the_same_moment(ready, give):
    """The meeting is off, every agreement withdrawn, the link ended: nothing waits for a worker."""
    arranged, referral = ready.schedule(), ready.case.referral
    link, path = give(referral)
    client = opened(path)
    answer = client.post(STOP)
    assert answer["Location"] == STOPPED and client.get(STOPPED).status_code == 200
    assert now(arranged).status == InterventionStatus.POSTPONED
    assert not Consent._base_manager.filter(person=ready.harmed.person, withdrawn_at__isnull=True).exists()
    assert Consent._base_manager.filter(person=ready.responsible.person, withdrawn_at__isnull=True).exists()
    assert now(link).ended_because == LinkEnded.STOPPED
    assert client.get(FIRST).status_code == 410 and opened(path).get(FIRST).status_code == 410


def test_stop_before_there_is_a_case(refer, give):
    referral = refer()
    client = opened(give(referral)[1])
    client.post(STOP)
    assert not Consent._base_manager.filter(person=referral.person_harmed_id, withdrawn_at__isnull=True).exists()
    assert Task._base_manager.filter(referral=referral, kind=Task.Kind.SAFETY).exists()


def test_stop_where_nothing_is_agreed_any_more_is_never_asked_again(refer, give):
    referral = refer()
    link, path = give(referral)
    client = opened(path)
    Consent._base_manager.filter(referral=referral).delete()
    client.post(STOP)
    assert Person._base_manager.get(pk=referral.person_harmed_id).approach == "never"
    assert now(link).ended_because == LinkEnded.STOPPED


# -- change how we reach you --------------------------------------------------------------------------------------------
NEW = {"phone": "07700 900666", "email": "new@example.org", "address": "9 Elm Road", "postcode": "PE1 1AA"}


def test_somebody_with_the_phone_takes_a_way_away_and_brings_no_new_one(refer, give, cast, signed_in):
    """An intruder cannot make the service ring another number: until a worker has asked, the old one stands."""
    referral = refer()
    client = opened(give(referral)[1])
    assert client.post(REACH, NEW | {"may_text": "on", "may_email": "on"}).status_code == 302
    safe = SafeContact._base_manager.get(person=referral.person_harmed_id)
    assert [safe.may_phone, safe.may_text, safe.may_email] == [False, False, False]
    details = ContactDetails._base_manager.get(person=referral.person_harmed_id)
    assert details.phone == NUMBER and not details.email
    page = text(signed_in(cast["coordinator"]).get(reverse("referrals:contact", args=[referral.pk, "harmed"])))
    assert NEW["phone"] not in page
    wish = ContactWish._base_manager.get()
    assert wish.looser.split() == ["may_text", "may_email"] and wish.phone == NEW["phone"]
    assert "We ask you first whether it was you" in text(client.get(FIRST))
    for secret in (NUMBER, *NEW.values()):
        assert secret not in text(client.get(REACH))


@pytest.mark.parametrize("decision", ["confirmed", "not_wanted", "not_them"])
def test_a_worker_decides_after_asking_by_a_known_way(refer, give, cast, signed_in, decision):
    referral = refer()
    link, path = give(referral)
    opened(path).post(REACH, NEW | {"may_phone": "on", "may_text": "on"})
    page = signed_in(cast["coordinator"])
    address = reverse("referrals:contact-wish", args=[referral.pk, "harmed"])
    assert NEW["phone"] in text(page.get(address))
    assert page.post(address, {"decision": decision, "way": "email"}).status_code == 422  # not safe before
    assert page.post(address, {"decision": decision, "way": "phone"}).status_code == 302
    details = ContactDetails._base_manager.get(person=referral.person_harmed_id)
    safe = SafeContact._base_manager.get(person=referral.person_harmed_id)
    in_place = decision == "confirmed"
    assert (details.phone == NEW["phone"], safe.may_text, safe.may_phone) == (in_place, in_place, True)
    assert (now(link).ended_because == LinkEnded.NOT_THEM) == (decision == "not_them")
    assert not Task._base_manager.filter(kind=Task.Kind.OWN_PAGE, done_at__isnull=True).exists()
    assert page.get(address).status_code == 404
    if in_place:
        found = contact_keys(phone=NEW["phone"])["phone_key"]
        assert bytes(details.phone_key) == found


def test_a_later_wish_takes_the_place_of_an_earlier_one(refer, give, cast):
    referral = refer()
    client = opened(give(referral)[1])
    client.post(REACH, {"may_phone": "on", "phone": "07700 900111"})
    first = ContactWish._base_manager.get()
    client.post(REACH, {"may_phone": "on", "phone": "07700 900222"})
    assert now(first).decision == "replaced"
    with acting_as(cast["coordinator"]) as by, pytest.raises(StaleState):
        referrals.decide_contact_wish(wish=first, decision="confirmed", way="phone", by=by)


def test_a_wish_that_became_stricter_since_loosens_no_voicemail_without_the_phone(refer, give, cast):
    referral = refer()
    client = opened(give(referral)[1])
    client.post(REACH, {"may_phone": "on", "may_leave_voicemail": "on"})
    client.post(REACH, {"words": "Never ring"})  # takes the phone away, and replaces the wish
    wish = ContactWish._base_manager.get(decided_at__isnull=True)
    with acting_as(cast["coordinator"]) as by:
        referrals.decide_contact_wish(wish=wish, decision="confirmed", way="in_person", by=by)
    safe = SafeContact._base_manager.get(person=referral.person_harmed_id)
    assert not (safe.may_phone or safe.may_leave_voicemail)


def test_nothing_changed_and_nonsense_come_back_with_a_sentence(refer, give):
    client = opened(give(refer())[1])
    assert client.post(REACH, {"may_phone": "on"}).status_code == 422
    assert client.post(REACH, {"may_leave_voicemail": "on"}).status_code == 422
    assert client.post(REACH, {"may_phone": "on", "phone": "no number"}).status_code == 422


def test_so_much_a_day_and_no_more(refer, give):
    client = opened(give(refer())[1])
    answers = [client.post(COMPLAIN, {"about": "delay", "words": "zq"}).status_code for _ in range(12)]
    assert answers.count(302) == 10 and answers[-1] == 422


# -- complain -----------------------------------------------------------------------------------------------------------
def test_a_complaint_goes_to_the_managers_and_its_answer_comes_back(open_case, give, cast, signed_in):
    """The worker it is about sees neither task, notice nor trace."""
    case = open_case()
    client = opened(give(case.referral)[1])
    typed = {"about": "treatment", "words": "zqshe laughed at me", "is_worker": "on"}
    assert client.post(COMPLAIN, typed).status_code == 302
    complaint = Complaint._base_manager.get()
    assert (complaint.person_id, complaint.made_by) == (case.referral.person_harmed_id, "harmed")
    worker = cast["coordinator"]
    assert not Notification.objects.filter(user=worker, kind__startswith="complaint").exists()
    assert not Task._base_manager.filter(referral=case.referral).exclude(kind__in=OF_TIMELINES).exists()
    with acting_as(worker):
        assert not Complaint.objects.all().visible_to(worker).exists()
    assert Notification.objects.filter(user=cast["manager"], kind="complaint_received").exists()
    manager, today = cast["manager"], timezone.localdate()
    with acting_as(manager):
        common = {"complaint": complaint, "by": manager, "today": today}
        referrals.give_complaint(handler=cast["supervisor"], **common)
        referrals.acknowledge_complaint(acknowledged_on=today, **common)
    with acting_as(cast["supervisor"]) as handler:
        words = {"outcome": "upheld", "answer": "zqWe are sorry", "learning": "zqinside"}
        referrals.decide_complaint(complaint=complaint, by=handler, today=today, **words)
    assert "zqWe are sorry" not in text(client.get(FIRST))
    with acting_as(manager):
        referrals.tell_complaint_outcome(told_on=today, **common)
    page = text(client.get(FIRST))
    assert "zqWe are sorry" in page and "Upheld" in page and "zqinside" not in page and "Rao" not in page


def test_each_sees_their_own_complaint_alone(open_case, give, cast, today):
    case = open_case()
    harmed = opened(give(case.referral)[1])
    with acting_as(cast["coordinator"]) as by:
        common = {"participant": side_of(case, "responsible"), "by": by, "today": today}
        actions.record_consent(purpose="contact", method="phone", given_on=today, **common)
    responsible = opened(give(case.referral, "responsible")[1])
    harmed.post(COMPLAIN, {"about": "delay", "words": "zqslow"})
    complaint = Complaint._base_manager.get()
    shown = f"{complaint.reference[:4]}-{complaint.reference[4:]}"
    assert shown in text(harmed.get(FIRST)) and shown not in text(responsible.get(FIRST))


# -- who gives it, when it ends -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["other_coordinator", "hub_worker", "practitioner", "opcc"])
def test_nobody_else_gives_or_ends_one(refer, give, cast, who):
    referral = refer()
    link, _ = give(referral)
    with pytest.raises((NotAllowed, Referral.DoesNotExist)):
        give(referral, by=cast[who])
    with pytest.raises((NotAllowed, Referral.DoesNotExist)), acting_as(cast[who]) as by:
        referrals.revoke_own_link(link=link, by=by)
    assert now(link).ended_at is None


def test_a_facilitator_gives_it_to_the_side_that_they_work_with_and_to_no_other(
    open_case, cast, area, today, signed_in
):
    case, coordinator = open_case(), cast["coordinator"]
    facilitator = ready_practitioner(area, today, user=cast["practitioner"])
    with acting_as(coordinator) as by:
        common = {"case": case, "by": by, "today": today}
        other = ready_practitioner(area, today, user=cast["off_case_practitioner"])
        actions.assign(not_asked="otherwise", practitioner=other, role="lead", sides="responsible", **common)
        actions.assign(not_asked="otherwise", practitioner=facilitator, role="co_facilitator", sides="harmed", **common)
        harmed, responsible = side_of(case, "harmed"), side_of(case, "responsible")
        common = {"participant": responsible, "by": by, "today": today}
        actions.record_consent(purpose="contact", method="phone", given_on=today, **common)
    client, typed = signed_in(cast["practitioner"]), {"channel": "by_hand", "question": "word", "word": WORD}
    addresses = [reverse("cases:give-own-link", args=[case.pk, one.pk]) for one in (harmed, responsible)]
    made = client.post(addresses[0], typed)
    path = re.search(r'value="http://testserver(/p/yours/[^"]+)"', text(made)).group(1)
    assert "Your worker is Pat." in text(opened(path).get(FIRST))
    assert client.post(addresses[1], typed).status_code == 404
    with acting_as(cast["practitioner"]) as by, pytest.raises(NotAllowed):
        actions.give_own_link(participant=responsible, by=by, today=today, **typed)
    assert client.post(reverse("cases:end-own-link", args=[case.pk, harmed.pk])).status_code == 302
    assert opened(path).get(FIRST).status_code == 410


@pytest.mark.parametrize("channel", ["text", "email", "letter"])
def test_only_by_a_way_that_the_person_said_is_safe(refer, give, channel):
    with pytest.raises(DomainError):
        give(refer(), channel=channel)


def test_nobody_who_has_not_agreed_to_contact_is_given_one(refer, give):
    with pytest.raises(DomainError):
        give(refer(), "responsible")


def test_the_closed_side_of_a_self_referral_is_given_none(refer, give, cast, today):
    referral = refer(mechanism="victim_self")
    with acting_as(cast["coordinator"]) as by:
        Consent.objects.create(
            person=referral.person_responsible,
            referral=referral,
            purpose="contact",
            method="phone",
            given_on=today,
            recorded_by=by,
        )
    with pytest.raises(DomainError, match="not been verified"):
        give(referral, "responsible")


def die(case, by, today):
    actions.record_death(participant=side_of(case, "harmed"), died_on=today, by=by, today=today)


def withdraw(case, by, today):
    actions.withdraw_consent(participant=side_of(case, "harmed"), by=by, today=today)


def close(case, by, today):
    actions.close_case(case=case, reason="harmed_chose_not", closed_on=today, by=by, today=today)


@pytest.mark.parametrize(("end", "because"), [(die, "died"), (withdraw, "stopped"), (close, "over")])
def test_it_ends_with_death_withdrawal_and_closure(open_case, give, cast, today, end, because):
    case = open_case()
    link, path = give(case.referral)
    client = opened(path)
    with acting_as(cast["coordinator"]) as by:
        end(case, by, today)
    assert now(link).ended_because == because
    assert client.get(FIRST).status_code == 410
    with pytest.raises(DomainError):
        give(Case._base_manager.get(pk=case.pk).referral)


def test_a_referral_not_accepted_ends_it(refer, give, cast, today):
    referral = refer()
    link, path = give(referral)
    with acting_as(cast["coordinator"]) as by:
        referrals.not_accept(referral=referral, reason="risk", note="Individual", by=by, today=today)
    assert now(link).ended_because == "over" and opened(path).get(FIRST).status_code == 410


def test_staff_see_when_it_was_given_and_used_and_end_it(refer, cast, signed_in):
    referral, page = refer(), signed_in(cast["coordinator"])
    address = reverse("referrals:own-link", args=[referral.pk, "harmed"])
    made = page.post(address, {"channel": "by_hand", "question": "word", "word": WORD})
    path = re.search(r'value="http://testserver(/p/yours/[^"]+)"', text(made)).group(1)
    assert "Not yet" in text(page.get(address)) and path not in text(page.get(address))
    assert is_open(opened(path))
    assert "Not yet" not in text(page.get(address))
    assert "last used" in text(page.get(reverse("referrals:detail", args=[referral.pk])))
    assert page.post(reverse("referrals:end-own-link", args=[referral.pk, "harmed"])).status_code == 302
    assert "Ended by the service" in text(page.get(address)) and opened(path).get(FIRST).status_code == 410


def test_a_link_is_not_open_for_long(refer, give):
    client = opened(give(refer())[1])
    session = Session.objects.get(session_key=kept_as(client.session.session_key))
    assert session.expire_date <= timezone.now() + timedelta(minutes=settings.RJ_OWN_LINK_MINUTES)


def test_a_person_stops_once_when_they_press_twice(ready, give):
    path = give(ready.case.referral)[1]
    one, two = opened(path), opened(path)
    assert one.post(STOP).status_code == 302 and two.post(STOP).status_code == 410
    assert Intervention._base_manager.filter(case=ready.case).exists()
