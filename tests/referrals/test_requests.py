"""Agencies are asked, reminded by themselves, and answer by a link; nobody else learns anything by it."""

import re
from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from cases.actions import accept_referral, close_case
from referrals import actions, tasks
from referrals.actions import Recipient
from referrals.choices import REQUEST_WORDS, RecipientKind, RequestStatus
from referrals.models import ContactDetails, InformationRequest, RequestMail, Task
from referrals.working_days import add_working_days
from rj_service.accounts.acting import acting_as, system_user
from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from rj_service.audit.models import AccessLog, DomainEvent
from rj_service.jobs.leases import work_on
from rj_service.notifications.models import Notification
from tests.factories import OrganisationFactory, member

from .conftest import HARMED, RESPONSIBLE

TODAY = timezone.localdate()
IN_A_WEEK = {f"due_on_{part}": str(getattr(TODAY + timedelta(days=7), part)) for part in ("day", "month", "year")}
ASKED = date(2026, 11, 2)  # a Monday; ten working days later is Monday 16 November
DUE = date(2026, 11, 16)
PAGE, DONE = "/referrals/answer/", "/referrals/answer/thanks/"
ANSWER = {"given_by": "Ana Ruiz, officer", "what": "answer", "answer": "On licence until May"}


@pytest.fixture
def asked(refer, cast):
    """`asked()`: a request to the Probation Service about the person responsible of a new referral, or of `referral`."""

    def ask(
        referral=None, *, side="responsible", kind="probation", words="Who supervises them?", today=TODAY, **changed
    ):
        by, about = changed.pop("by", cast["coordinator"]), referral or refer()
        with acting_as(by):
            return actions.ask_agency(
                referral=about,
                person=about.person_harmed if side == "harmed" else about.person_responsible,
                recipient=Recipient(
                    kind,
                    changed.pop("organisation", "Probation"),
                    "Ana Ruiz",
                    "ana@example.org",
                    changed.pop("agency", None),
                ),
                asked_for=["risk", "orders"],
                words=words,
                by=by,
                today=today,
                **changed,
            )

    return ask


def now(request) -> InformationRequest:
    return InformationRequest._base_manager.get(pk=request.pk)


def link_of(request) -> str:
    """The path in the newest mail to the agency."""
    row = RequestMail._base_manager.filter(request=request).latest("created_at")
    assert work_on(RequestMail, row.pk)
    return re.search(r"http\S+(/referrals/answer/\S+)", mail.outbox[-1].body).group(1)


def link_id(path: str) -> str:
    return str(actions.link_by_secret(path.rstrip("/").rpartition("/")[2]))


def opened(path: str) -> Client:
    client = Client()
    assert client.get(path)["Location"] == PAGE
    return client


def remind(request, day) -> bool:
    scheduler = system_user("scheduler")
    with acting_as(scheduler, areas=[request.service_area_id]):
        return actions.chase_request(request=request, by=scheduler, today=day)


# -- every state, every verb --------------------------------------------------------------------------------------------
def note(request, by, reason=""):
    return actions.note_agency_answer(
        request=request, given_by="Ana Ruiz", answer="On licence", refused_reason=reason, by=by, today=TODAY
    )


VERBS = {
    "send again": lambda one, link, by: actions.send_request_again(request=one, name="A", email="a@example.org", by=by),
    "note an answer": lambda one, link, by: note(one, by),
    "note a refusal": lambda one, link, by: note(one, by, "may_not"),
    "end": lambda one, link, by: actions.end_needless_request(request=one, by=by, today=TODAY),
    "answer by link": lambda one, link, by: actions.answer_by_link(
        link_id=link, given_by="Ana", answer="On licence", today=TODAY
    ),
    "refuse by link": lambda one, link, by: actions.answer_by_link(
        link_id=link, given_by="Ana", answer="", refused_reason="may_not", today=TODAY
    ),
}
LEADS_TO = {
    "send again": "asked",
    "note an answer": "answered",
    "note a refusal": "refused",
    "end": "not_needed",
    "answer by link": "answered",
    "refuse by link": "refused",
}
INTO = {"answered": "note an answer", "refused": "note a refusal", "not_needed": "end"}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("status", RequestStatus)
def test_every_status_and_every_verb(asked, cast, status, verb):
    """What has ended stays as it ended: whoever comes second is told so."""
    one, by = asked(), cast["coordinator"]
    link = link_id(link_of(one))
    with acting_as(by):
        if status in INTO:
            VERBS[INTO[status]](one, link, by)
    if status == RequestStatus.ASKED:
        with acting_as(by):
            VERBS[verb](one, link, by)
        assert now(one).status == LEADS_TO[verb]
    else:
        with pytest.raises(StaleState), acting_as(by):
            VERBS[verb](one, link, by)
        assert now(one).status == status
        assert not remind(one, add_working_days(TODAY, 30))


def test_asking_is_for_those_who_manage_the_referral(asked, refer, cast):
    referral = refer()
    for who in ("supervisor", "hub_worker", "practitioner", "other_coordinator"):
        with pytest.raises((NotAllowed, DomainError, type(referral).DoesNotExist)):
            asked(referral, by=cast[who])
    assert asked(referral, by=cast["manager"]).is_open


# -- words --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "words",
    [
        "What do you know of Bellamy?",
        "Has he spoken of Grace?",
        "She can be reached on 07700 900 101",
        "He went to 4 Mill lane again",
        "Is it near CB11AA?",
        "Write to GRACE@example.org",
    ],
)
def test_the_words_give_nobody_away(asked, words):
    with pytest.raises(DomainError) as refused:
        asked(words=words)
    assert refused.value.field == "words"
    assert not InformationRequest._base_manager.exists()


@pytest.mark.parametrize("kind", RecipientKind)
def test_the_words_that_each_request_begins_with_are_sound(asked, kind):
    assert now(asked(kind=kind, words=REQUEST_WORDS[kind])).words == REQUEST_WORDS[kind]


# -- clocks -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("asked_on", "due_on"),
    [
        (ASKED, DUE),
        (date(2026, 12, 17), date(2027, 1, 5)),  # Christmas Day, Boxing Day's substitute, New Year's Day
        (date(2026, 3, 30), date(2026, 4, 15)),  # Good Friday and Easter Monday
        (date(2026, 11, 21), date(2026, 12, 4)),  # a Saturday
    ],
)
def test_ten_working_days_to_answer(asked, asked_on, due_on):
    one = asked(today=asked_on)
    assert (one.due_on, one.next_chase_on) == (due_on, due_on)


@pytest.fixture
def day(monkeypatch):
    """`day(a)`: the day of the tasks that run from now on."""
    return lambda which: monkeypatch.setattr(tasks.timezone, "localdate", lambda *args: which)


def test_the_chaser_reminds_on_the_day_and_every_five_working_days(asked, cast, day):
    one = asked(today=ASKED)
    reminded = []
    for back in range(45):
        day(ASKED + timedelta(days=back))
        for _ in range(2):  # a repeated run does nothing
            tasks.chase_information_requests()
        if now(one).times_chased > len(reminded):
            reminded.append(now(one).chased_on)
    assert reminded == [DUE, date(2026, 11, 23), date(2026, 11, 30), date(2026, 12, 7), date(2026, 12, 14)]
    assert RequestMail._base_manager.filter(request=one, is_reminder=True).count() == len(reminded)
    task = Task._base_manager.get(kind=Task.Kind.LATE_REQUEST)
    assert (task.referral_id, task.due_on, task.side) == (one.referral_id, reminded[2], "responsible")
    assert Notification._base_manager.filter(kind="request_late", user=cast["coordinator"]).count() == 1
    with acting_as(cast["coordinator"]) as by:
        note(one, by)
    assert Task._base_manager.get(pk=task.pk).done_by == cast["coordinator"]


def test_a_missed_day_is_caught_up_but_never_on_a_holiday(asked):
    one = asked(today=date(2026, 12, 10), due_on=date(2026, 12, 24))
    assert not remind(one, date(2026, 12, 25))
    assert remind(one, date(2026, 12, 29))
    assert now(one).next_chase_on == date(2027, 1, 6)


# -- what stops it ------------------------------------------------------------------------------------------------------
STOPS = {
    "the person asked about dies": lambda one, by: actions.record_death(
        person=one.person, referral=one.referral, died_on=TODAY, by=by, today=TODAY
    ),
    "the other one dies": lambda one, by: actions.record_death(
        person=one.referral.person_harmed, referral=one.referral, died_on=TODAY, by=by, today=TODAY
    ),
    "the agreement is withdrawn": lambda one, by: actions.withdraw_consent(
        person=one.referral.person_harmed, referral=one.referral, by=by
    ),
    "the referral is not accepted": lambda one, by: actions.not_accept(
        referral=one.referral, reason="risk", note="On its facts", by=by, today=TODAY
    ),
}


@pytest.mark.parametrize("what", STOPS)
def test_it_stops_at_once(asked, cast, what):
    one = asked(today=ASKED)
    path = link_of(one)
    page = opened(path)
    assert remind(one, DUE)
    with acting_as(cast["coordinator"]) as by:
        STOPS[what](one, by)
    assert now(one).status == RequestStatus.NOT_NEEDED
    assert not remind(one, DUE + timedelta(days=7))
    assert (
        page.get(PAGE).status_code == page.post(PAGE, ANSWER).status_code == opened(path).get(PAGE).status_code == 410
    )
    sent = len(mail.outbox)
    assert work_on(RequestMail, RequestMail._base_manager.get(is_reminder=True).pk)
    assert len(mail.outbox) == sent
    with pytest.raises(DomainError):
        asked(one.referral)


def test_a_case_goes_on_asking_until_it_closes(asked, cast, signed_in):
    one = asked(today=ASKED)
    with acting_as(cast["coordinator"]) as by:
        case = accept_referral(referral=one.referral, by=by, today=TODAY)
    assert all(remind(one, DUE + timedelta(days=7 * weeks)) for weeks in range(3))
    assert f'"{address("detail", one.referral_id)}"' in signed_in(cast["coordinator"]).get("/").content.decode()
    with acting_as(cast["coordinator"]) as by:
        close_case(case=case, reason="harmed_chose_not", closed_on=TODAY, by=by, today=TODAY)
    assert now(one).status == RequestStatus.NOT_NEEDED


def test_a_death_that_no_act_recorded_is_read_when_acting(asked, area):
    """The second wall: chaser, mail and page each ask the database at the moment of acting."""
    one = asked(today=ASKED)
    page = opened(link_of(one))
    type(one.person)._base_manager.filter(pk=one.person_id).update(died_on=TODAY)
    assert page.get(PAGE).status_code == page.post(PAGE, ANSWER).status_code == 410
    assert now(one).is_open
    assert not remind(one, DUE)
    assert now(one).status == RequestStatus.NOT_NEEDED


# -- the link -----------------------------------------------------------------------------------------------------------
def test_the_mail_says_nothing_and_the_link_works_once(asked, cast):
    one = asked()
    path = link_of(one)
    [message] = mail.outbox
    assert message.to == ["ana@example.org"]
    for word in ("Brand", "Kyle", "Bellamy", "Ana", "Probation", "licence", one.referral.reference):
        assert word not in f"{message.subject} {message.body}"
    client = Client()
    first = client.get(path)
    assert (first.status_code, first["Location"], first["Referrer-Policy"]) == (302, PAGE, "no-referrer")
    page = client.get(PAGE)
    assert path.split("/")[-2] not in page.content.decode() + str(client.session.items())
    assert client.post(PAGE, {}).status_code == 422
    assert client.post(PAGE, ANSWER)["Location"] == DONE
    assert client.get(DONE).status_code == 200
    assert client.get(PAGE).status_code == client.post(PAGE, ANSWER).status_code == opened(path).get(PAGE).status_code
    assert opened(path).get(PAGE).status_code == 410
    found = now(one)
    assert (found.status, found.answer, found.answered_by_name) == ("answered", ANSWER["answer"], ANSWER["given_by"])
    assert found.ended_by == system_user("public")
    assert Notification._base_manager.filter(kind="request_answered", user=cast["coordinator"]).exists()


def test_reading_and_answering_are_written_down(asked):
    one = asked()
    client = opened(link_of(one))
    client.get(PAGE)
    row = AccessLog.objects.latest("id")
    assert (row.actor_id, row.page, row.people, row.object_id) == (
        system_user("public").pk, "referrals:answer", [one.person_id], one.pk,
    )  # fmt: skip
    client.post(PAGE, ANSWER)
    event = DomainEvent.objects.get(verb="referrals.information_answered")
    assert (event.actor_id, event.detail["request"]) == (system_user("public").pk, str(one.pk))


@pytest.mark.parametrize(("kind", "sees_crime"), [("officer", True), ("probation", False), ("victim_liaison", False)])
def test_the_page_shows_the_least_that_finds_the_person(refer, asked, kind, sees_crime):
    referral = refer(
        incident={"crime_reference": "35/12345/26", "crime_type": "burglary", "location": "Sawtry"}, notes="Hearsay"
    )
    for side, shown, hidden in (("responsible", RESPONSIBLE, HARMED), ("harmed", HARMED, RESPONSIBLE)):
        text = opened(link_of(asked(referral, side=side, kind=kind))).get(PAGE).content.decode()
        assert f"{shown.first_name} {shown.last_name}" in text
        assert ("2 May 1999" in text) == (side == "responsible")
        assert ("35/12345/26" in text) == sees_crime
        never = [hidden.first_name, hidden.last_name, "07700", "@example.org", "Mill Lane", "CB1", "urglary", "Sawtry",
                 "Hearsay", "armed", "esponsible"]  # fmt: skip
        assert [word for word in never if word in text] == []


def test_a_link_ends_with_time_and_a_tampered_one_opens_nothing(asked, caplog):
    one = asked()
    path = link_of(one)
    client = opened(path)
    tampered = f"{path[:-1]}xx/"
    with caplog.at_level("DEBUG"):
        assert client.get(tampered)["Location"] == PAGE
        assert client.get(PAGE).status_code == 410  # nor does the session still hold what it opened before
    assert "xx/" not in caplog.text
    client = opened(path)
    RequestMail._base_manager.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get(PAGE).status_code == client.post(PAGE, ANSWER).status_code == 410
    assert opened(path).get(PAGE).status_code == 410
    assert now(one).is_open


def test_a_reminder_leaves_the_first_link_and_a_corrected_address_ends_it(asked, cast):
    one = asked(today=ASKED)
    first = link_of(one)
    remind(one, DUE)
    second = link_of(one)
    assert opened(first).get(PAGE).status_code == opened(second).get(PAGE).status_code == 200
    with acting_as(cast["coordinator"]) as by:
        actions.send_request_again(request=one, name="Bo Lee", email="bo@example.org", by=by)
    assert opened(first).get(PAGE).status_code == opened(second).get(PAGE).status_code == 410
    assert opened(link_of(one)).get(PAGE).status_code == 200
    assert mail.outbox[-1].to == ["bo@example.org"]


def test_an_answer_changes_no_contact_detail(asked, refer):
    referral = refer()
    before = list(ContactDetails._base_manager.order_by("pk").values())
    opened(link_of(asked(referral))).post(PAGE, ANSWER | {"answer": "New number 07700 900555, 9 New Street, CB2 2BB"})
    assert list(ContactDetails._base_manager.order_by("pk").values()) == before


# -- pages --------------------------------------------------------------------------------------------------------------
def address(name, *args):
    return reverse(f"referrals:{name}", args=args)


def test_asking_from_the_page_of_a_referral(signed_in, cast, refer):
    client, referral = signed_in(cast["coordinator"]), refer()
    page = address("ask-agency", referral.pk, "responsible", "prison")
    assert page in client.get(address("whom-to-ask", referral.pk, "responsible")).content.decode()
    assert REQUEST_WORDS["prison"] in client.get(page).content.decode()
    typed = {"organisation": "HMP Fenmoor", "name": "Ana Ruiz", "email": "ana@example.org", "asked_for": ["location"],
             "words": "Tell Bellamy", **IN_A_WEEK}  # fmt: skip
    late = {f"due_on_{part}": str(getattr(TODAY + timedelta(days=61), part)) for part in ("day", "month", "year")}
    later = client.post(page, typed | late | {"words": "Is this person with you?"})
    assert "must be within 60 days" in later.content.decode()
    refused = client.post(page, typed)
    assert refused.status_code == 422 and "the name of the person harmed" in refused.content.decode()
    assert client.post(page, typed | {"words": "Is this person with you?"}).status_code == 302
    one = InformationRequest._base_manager.get()
    assert (one.due_on, one.asked_for, one.side) == (TODAY + timedelta(days=7), "location", "responsible")
    shown = client.get(address("detail", referral.pk)).content.decode()
    assert "HMP Fenmoor" in shown and "Ana Ruiz" not in shown
    assert client.get(address("ask-agency", referral.pk, "responsible", "nobody")).status_code == 404


def test_a_request_is_followed_on_its_page(signed_in, cast, asked):
    client, one = signed_in(cast["coordinator"]), asked()
    at = (one.referral_id, one.pk)
    client.post(address("send-request-again", *at), {"name": "Bo Lee", "email": "bo@example.org"})
    assert "Bo Lee" in client.get(address("request", *at)).content.decode()
    noted = {"given_by": "Bo Lee", "what": "refuse", "refused_reason": "agreement", "answer": "not read"}
    assert client.post(address("note-answer", *at), noted).status_code == 302
    shown = client.get(address("request", *at)).content.decode()
    assert "We need the person’s agreement first" in shown and "not read" not in shown
    again = client.post(address("note-answer", *at), noted)
    assert again.status_code == 422 and "refused already" in again.content.decode()
    client.post(address("end-request", *at))
    assert now(one).status == RequestStatus.REFUSED


def test_the_list_puts_the_longest_late_first_and_counts_by_agency(signed_in, cast, asked, area):
    client = signed_in(cast["coordinator"])
    prison = OrganisationFactory(service_area=area, name="HMP Fenmoor", kind="prison")
    for organisation, kind, ago, agency in (
        ("Offender unit", "prison", 30, prison),
        ("Mail room", "prison", 40, prison),
        ("Team C", "officer", 2, None),
    ):
        asked(kind=kind, organisation=organisation, agency=agency, today=TODAY - timedelta(days=ago))
    shown = client.get(address("requests"))
    text = shown.content.decode()
    assert text.index("Mail room") < text.index("Offender unit") < text.index("Team C")
    [first, second] = shown.context["agencies"]
    assert (first["label"], first["kind"], first["number"], first["late"]) == ("HMP Fenmoor", "Prison", 2, 2)
    assert (second["label"], second["kind"], second["number"]) == (
        "Officer in the case",
        "Not in the list of agencies",
        1,
    )
    only = client.get(address("requests") + first["url"]).content.decode()
    assert "Mail room" in only and "Team C" not in only
    only = client.get(address("requests") + second["url"]).content.decode()
    assert "Team C" in only and "Mail room" not in only
    assert "Team C" not in client.get(address("requests"), {"clock": "over"}).content.decode()
    assert "not answered in time" in client.get("/").content.decode()


def test_an_agency_is_chosen_from_those_of_its_kind_and_area(signed_in, cast, refer, area, other_area):
    client, referral = signed_in(cast["coordinator"]), refer()
    page = address("ask-agency", referral.pk, "responsible", "prison")
    prison = OrganisationFactory(service_area=area, name="HMP Fenmoor", kind="prison")
    OrganisationFactory(service_area=area, name="Fenland Probation", kind="probation")
    abroad = OrganisationFactory(service_area=other_area, name="HMP Abroad", kind="prison")
    html = client.get(page).content.decode()
    assert "HMP Fenmoor" in html and "Fenland Probation" not in html and "HMP Abroad" not in html
    typed = {"name": "Ana Ruiz", "email": "ana@example.org", "asked_for": ["location"], "words": "Is this person with you?",
             **IN_A_WEEK}  # fmt: skip
    assert "Choose an agency, or enter its name" in client.post(page, typed).content.decode()
    assert client.post(page, typed | {"agency": abroad.pk}).status_code == 422
    assert client.post(page, typed | {"agency": prison.pk}).status_code == 302
    one = InformationRequest._base_manager.get()
    assert (one.agency, one.organisation) == (prison, "HMP Fenmoor")


def test_a_manager_keeps_the_words_that_requests_of_the_area_begin_with(signed_in, cast, refer, other_area):
    manager, referral = signed_in(cast["manager"]), refer()
    ask, words = address("ask-agency", referral.pk, "responsible", "prison"), address("keep-request-words", "prison")
    assert address("request-words") in manager.get(address("requests")).content.decode()
    assert REQUEST_WORDS["prison"] in manager.get(address("request-words")).content.decode()
    assert manager.post(words, {"words": "zqIs this person with you?"}).status_code == 422
    kept = {"words": "zqIs this person with you?", "asked_for": ["orders", "location"]}
    assert manager.post(words, kept).status_code == 302
    shown = manager.get(address("request-words")).content.decode()
    assert "zqIs this person with you?" in shown and "G Holt" in shown
    html = signed_in(cast["coordinator"]).get(ask).content.decode()
    assert "zqIs this person with you?" in html and REQUEST_WORDS["prison"] not in html
    assert re.search(r'value="orders"\s+checked', html) and not re.search(r'value="risk"\s+checked', html)
    assert signed_in(cast["coordinator"]).get(words).status_code == 403
    assert manager.get(address("keep-request-words", "nobody")).status_code == 404
    other = signed_in(member("service_manager", other_area)).get(address("request-words")).content.decode()
    assert "zqIs" not in other


@pytest.mark.parametrize(
    ("asked_on", "middle"),
    [([3], 3), ([1, 3, 9], 3), ([1, 3, 8, 9], 3)],
)
def test_the_median_is_the_middle_one_or_the_older_of_two(asked, cast, asked_on, middle):
    for number in asked_on:
        asked(today=date(2026, 11, number))
    with acting_as(cast["coordinator"]) as by:
        [found] = InformationRequest.objects.visible_to(by).by_agency(TODAY)
    assert (found["number"], found["middle"]) == (len(asked_on), date(2026, 11, middle))


def test_the_list_asks_as_often_for_seven_rows_as_for_one(signed_in, cast, refer, asked):
    client = signed_in(cast["coordinator"])

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(address("requests")).status_code == 200
        return len(found)

    referral = refer()
    asked(referral)
    client.get(address("requests"))
    one = queries()
    for _ in range(6):
        asked(referral)
    assert queries() == one


def test_who_is_shut_out_sees_no_request(signed_in, cast, refer, asked):
    """Restricted to others, or about somebody they know: absent from the list, the counts, the home and by address."""
    client, by = signed_in(cast["coordinator"]), cast["manager"]
    restricted, known = (asked(refer(), organisation=name, today=ASKED) for name in ("Team R", "Team K"))
    with acting_as(by):
        actions.restrict(referral=restricted.referral, reason="Police staff", by=by)
    with acting_as(cast["coordinator"]) as own:
        actions.declare_conflict(user=own, by=own, person=known.person)
    page = client.get(address("requests"))
    assert page.context["agencies"] == [] and "Team" not in page.content.decode()
    assert "not answered in time" not in client.get("/").content.decode()
    for one in (restricted, known):
        assert client.get(address("request", one.referral_id, one.pk)).status_code == 404
        assert client.post(address("end-request", one.referral_id, one.pk)).status_code == 404
    assert signed_in(by).get(address("request", restricted.referral_id, restricted.pk)).status_code == 200


def test_one_referral_s_request_is_not_another_s(signed_in, cast, refer, asked):
    client, one, other = signed_in(cast["coordinator"]), asked(), refer()
    for name in ("request", "send-request-again", "note-answer"):
        assert client.get(address(name, other.pk, one.pk)).status_code == 404, name
    for name in ("send-request-again", "note-answer", "end-request"):
        typed = {"name": "B", "email": "b@example.org", "given_by": "B", "what": "answer", "answer": "B"}
        assert client.post(address(name, other.pk, one.pk), typed).status_code == 404, name
    assert now(one).is_open


@pytest.mark.proof
@pytest.mark.django_db(transaction=True)
def test_the_pages_in_a_browser(signed_in_page, cast, refer, asked, assert_sound, new_context, live_server):
    referral = refer()
    late = asked(referral, today=TODAY - timedelta(days=40))
    asked(referral, side="harmed", kind="victim_liaison", organisation="Victim liaison unit")
    path = link_of(late)
    page = signed_in_page(cast["coordinator"])
    for name, *arguments in (
        ("requests",),
        ("detail", referral.pk),
        ("whom-to-ask", referral.pk, "harmed"),
        ("ask-agency", referral.pk, "harmed", "victim_liaison"),
        ("request", referral.pk, late.pk),
    ):
        assert_sound(page, address(name, *arguments))
    agency = new_context(base_url=live_server.url).new_page()
    agency.goto(path)
    expect(agency).to_have_url(re.compile(f"{PAGE}$"))
    assert_sound(agency, PAGE)
    plain = new_context(base_url=live_server.url, java_script_enabled=False).new_page()
    plain.goto(path)
    plain.get_by_label("Your name and role").fill(ANSWER["given_by"])
    plain.get_by_label("Yes", exact=True).check()
    plain.get_by_label("Your answer").fill(ANSWER["answer"])
    plain.get_by_role("button", name="Send the answer").click()
    expect(plain.get_by_role("heading", name="Your answer is sent")).to_be_visible()
    assert agency.goto(PAGE).status == 410
    page.reload()
    expect(page.get_by_text(ANSWER["answer"])).to_be_visible()
    expect(page.get_by_text("by the link")).to_be_visible()
