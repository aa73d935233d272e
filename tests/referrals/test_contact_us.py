"""The public way in: what is stored of whom, what a shared phone shows afterwards, and how programs are slowed."""

import logging
import re
from datetime import date, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from referrals.choices import ConsentMethod, ConsentPurpose, ReferralStatus
from referrals.models import (
    Acknowledgement,
    Consent,
    ContactDetails,
    Referral,
    SafeContact,
)
from rj_service.accounts.acting import acting_as, system_user
from rj_service.accounts.actions import set_outward_codes
from rj_service.jobs.leases import work_on
from rj_service.public_forms.actions import forget_old_answers
from rj_service.public_forms.models import PublicTry, UnsentAnswers
from rj_service.public_forms.tasks import forget_unsent

from .conftest import row_counts
from .writing import ANSWERS, CHECK, SENT, answer, fill, other, press, question, send, shown

pytestmark = pytest.mark.django_db
CANARY = "zq"
TYPED = [
    word.lower() for page in ANSWERS.values() for word in page.values() if CANARY in word
]  # CANARY alone comes by chance
TELLING = "restorative justice crime harm victim offender police court referral".split()


@pytest.fixture(autouse=True)
def postcodes(area, other_area, settings):
    """Ours serves CB1 and a part of PE9, the other area NR1 and CB8 with us."""
    settings.RJ_PUBLIC_FASTEST_SECONDS = 0
    by = system_user("operator")
    set_outward_codes(service_area=area, codes=["CB1", "PE9*", "CB8"], by=by)
    set_outward_codes(service_area=other_area, codes=["NR1", "CB8"], by=by)


def stored() -> Referral:
    return Referral._base_manager.select_related("person_harmed", "person_responsible", "incident").get()


def test_the_whole_way_makes_an_unverified_referral_reached_only_as_they_said(client, area, cast):
    assert answer(client)["Location"] == CHECK
    assert press(client, CHECK)["Location"] == SENT
    page = client.get(SENT).content.decode()
    referral = stored()
    assert (referral.service_area, referral.mechanism, referral.status) == (
        area,
        "victim_self",
        ReferralStatus.RECEIVED,
    )
    assert referral.is_unverified and referral.entered_by == system_user("public")
    assert f"{referral.reference[:4]}-{referral.reference[4:]}" in page
    assert referral.person_harmed.name == "zqNina zqParry" and referral.person_responsible.name == "zqKyle zqBrand"
    assert (referral.incident.month, referral.incident.location) == (date(2024, 3, 1), "zqMill Lane")
    assert "What happened: zqHe broke the window." in referral.notes and "zqneighbour" in referral.notes
    safe = SafeContact._base_manager.get(person=referral.person_harmed)
    assert (safe.may_phone, safe.may_leave_voicemail, safe.may_text) == (True, False, False)
    assert (safe.may_email, safe.may_write) == (True, False)
    assert (safe.times, safe.must_not_know) == (ANSWERS["reach"]["times"], ANSWERS["reach"]["must_not"])
    other_side = SafeContact._base_manager.get(person=referral.person_responsible)
    assert other_side.through_referrer_only
    consent = Consent._base_manager.get()
    assert (consent.person, consent.purpose, consent.method) == (
        referral.person_harmed,
        ConsentPurpose.CONTACT,
        ConsentMethod.ONLINE,
    )
    with acting_as(cast["coordinator"]):
        assert [flag.words for flag in referral.sensitive_flags.all()] == ["Says that they are afraid"]


def test_nothing_is_stored_before_send_but_encrypted_answers_of_the_session(client):
    before = row_counts()
    answer(client)
    assert client.get(CHECK).status_code == 200
    after = {name: count - before[name] for name, count in row_counts().items() if count != before[name]}
    assert after == {"public_forms.unsentanswers": 1, "public_forms.publictry": 1, "sessions.session": 1}
    with connection.cursor() as cursor:
        cursor.execute("select content from public_forms_unsentanswers")
        kept = bytes(cursor.fetchone()[0]).lower()
    assert len(TYPED) > 8 and not [word for word in TYPED if word.encode() in kept]
    assert not [word for word in TYPED if word in str(Session.objects.get().get_decoded()).lower()]


def test_who_stops_half_way_leaves_nothing(client):
    before = row_counts()
    fill(client, until="what")
    _half_an_hour_later()
    forget_unsent.run()
    after = row_counts()
    assert {name for name in after if after[name] != before[name]} <= {"sessions.session"}


def _half_an_hour_later() -> None:
    long_ago = timezone.now() - timedelta(minutes=31)
    UnsentAnswers.objects.update(kept_at=long_ago)
    PublicTry.objects.update(tried_at=long_ago - timedelta(hours=1))


@pytest.mark.parametrize("asked", ["get", "post"])
def test_an_expired_session_says_that_nothing_is_kept(client, asked):
    fill(client, until="what")
    _half_an_hour_later()
    response = getattr(client, asked)(question("who"), ANSWERS["who"])
    assert response.status_code == 410
    assert "Nothing is kept here" in response.content.decode() and CANARY not in response.content.decode()
    assert forget_old_answers() == 1
    assert client.get(question("reach")).status_code == 200


def test_looking_at_a_page_keeps_the_answers_for_another_half_hour(client):
    fill(client, until="what")
    UnsentAnswers.objects.update(kept_at=timezone.now() - timedelta(minutes=20))
    client.get(question("who"))
    assert UnsentAnswers.objects.get().kept_at > timezone.now() - timedelta(minutes=1)


def test_the_exit_forgets_everything_and_goes_somewhere_else(client):
    fill(client, until="what")
    response = client.get("/contact-us/leave/")
    assert response["Location"] == "https://www.bbc.co.uk/weather"
    assert not UnsentAnswers.objects.exists() and not Session.objects.exists()
    assert {name: one["max-age"] for name, one in response.cookies.items()} == {"sessionid": 0, "csrftoken": 0}
    assert client.get(question("what")).status_code == 410


def test_every_page_has_the_exit_and_a_neutral_title_and_is_kept_by_nobody(client):
    send(client)
    again = Client()
    fill(again)
    pages = [again.get(address) for address in ("/contact-us/", CHECK, SENT, *map(question, ANSWERS))]
    pages += [again.post(question("name"), {}), Client().get(CHECK)]
    for page in pages:
        html = page.content.decode()
        assert 'href="/contact-us/leave/"' in html, html[:200]
        title = html.partition("<title>")[2].partition("</title>")[0].lower()
        assert not [word for word in TELLING if word in title], title
        assert "no-store" in page["Cache-Control"] and "referrer" in html


def test_the_reference_is_shown_once_and_then_nothing_is_left(client):
    assert "Your reference" in send(client).content.decode()
    assert "Your reference" not in client.get(SENT).content.decode()
    assert client.get(CHECK).status_code == 410
    assert not UnsentAnswers.objects.exists() and not Session.objects.exists()


def test_back_shows_what_was_answered_and_a_change_comes_back_to_the_check_page(client):
    fill(client)
    assert "zqHe broke the window." in client.get(question("what")).content.decode()
    response = press(client, question("what"), {"what": "zqSomething else"})
    assert response["Location"] == CHECK
    html = client.get(CHECK).content.decode()
    assert "zqSomething else" in html and "zqHe broke" not in html


def test_a_question_that_is_not_answered_is_not_passed_over(client):
    fill(client, until="name")
    assert client.get(question("safety"))["Location"] == question("what")
    assert client.get(CHECK)["Location"] == question("what")
    assert client.get("/contact-us/questions/nonsense/").status_code == 404


def test_a_colleague_who_helps_somebody_stays_signed_in(signed_in, cast):
    helper = signed_in(cast["coordinator"])
    send(helper)
    assert helper.get("/referrals/").status_code == 200
    helper.get("/contact-us/leave/")
    assert helper.get("/referrals/").status_code == 200


@pytest.mark.parametrize(
    ("step", "words", "sentence"),
    [
        ("reach", {}, "Choose at least one way that is safe"),
        ("reach", {"ways": ["phone"], "leave_message": "no"}, "Enter the phone number that is safe"),
        ("reach", {"ways": ["phone"], "phone": "07700 900321"}, "Choose whether we may leave a message"),
        ("reach", {"ways": ["email"], "email": "nonsense"}, "Enter an email address, like name@example.org"),
        ("reach", {"ways": ["letter"]}, "Enter the address that is safe to write to"),
        ("name", {"is_adult": "yes"}, "Enter a name that we may call you by"),
        ("name", {"first_name": "N", "is_adult": "yes", "postcode": "CB"}, "Enter a full postcode"),
    ],
)
def test_a_mistake_is_said_on_top_and_nothing_is_lost(client, step, words, sentence):
    if step == "name":
        fill(client, until="reach")
    response = press(client, question(step), words)
    html = response.content.decode()
    assert response.status_code == 422 and sentence in html and "There is a problem" in html
    assert "<title>Error: " in html


@pytest.mark.parametrize(
    ("words", "month", "day", "said"),
    [
        ({"precision": "day", "happened_on_day": "3", "happened_on_month": "5", "happened_on_year": "2024"}, 5, 3, ""),
        ({"precision": "month", "month": "5 2024"}, 5, None, ""),
        ({"precision": "about", "about": "zqmost summers", "month": "5 2024"}, None, None, "zqmost summers"),
        ({}, None, None, ""),
    ],
)
def test_when_it_happened_may_be_a_day_a_month_roughly_or_unknown(client, words, month, day, said):
    send(client, {**ANSWERS, "when": words})
    incident = stored().incident
    assert incident.month == (date(2024, month, 1) if month else None)
    assert incident.happened_on == (date(2024, month, day) if day else None)
    assert said in stored().notes


def test_somebody_who_names_nobody_is_a_referral_too(client):
    send(client, other(who={"who_first_name": "", "who_last_name": ""}))
    assert stored().person_responsible is None


def test_a_child_and_somebody_controlled_raise_what_is_required(client, cast):
    send(client, other(name={"is_adult": "no"}, safety={"control": "yes", "afraid": "", "order": "yes"}))
    with acting_as(cast["coordinator"]):
        found = {(flag.kind, flag.words) for flag in stored().sensitive_flags.all()}
    order = "Says that an order or a condition is in force"
    assert found == {("child", ""), ("coercive_control", ""), ("other", order)}
    assert stored().person_harmed.under_18 is True


@pytest.mark.parametrize(
    ("postcode", "leads_to"),
    [
        ("CB1 1AA", "what"),
        ("cb11aa", "what"),
        ("NR1 3AB", "what"),
        ("CB8 0AA", ["Cambridgeshire RJ", "Norfolk RJ"]),
        ("PE9 1AA", ["Cambridgeshire RJ"]),
        ("", ["Cambridgeshire RJ", "Norfolk RJ"]),
        ("DH1 1AA", "elsewhere"),
    ],
)
def test_the_area_is_found_from_the_postcode_or_chosen(client, postcode, leads_to):
    response = answer(client, other(name={"postcode": postcode}), until="name")
    if leads_to == "elsewhere":
        assert response["Location"] == "/contact-us/another-place/"
        assert not UnsentAnswers.objects.exists()
        assert client.get(question("reach")).status_code == 200
    elif leads_to == "what":
        assert response["Location"] == question("what")
    else:
        assert response["Location"] == question("area")
        html = client.get(question("area")).content.decode()
        assert [name for name in ("Cambridgeshire RJ", "Norfolk RJ") if name in html] == leads_to


def test_a_postcode_that_nobody_lists_is_asked_while_an_area_lists_none(client, area):
    set_outward_codes(service_area=area, codes=[], by=system_user("operator"))
    assert answer(client, other(name={"postcode": "DH1 1AA"}), until="name")["Location"] == question("area")


def test_the_chosen_area_receives_it_and_none_of_these_keeps_nothing(client, other_area):
    answer(client, other(name={"postcode": "CB8 0AA"}), until="name")
    assert press(client, question("area"), {"area": "none"})["Location"] == "/contact-us/another-place/"
    assert not UnsentAnswers.objects.exists()
    send(Client(), {"area": {"area": str(other_area.pk)}, **other(name={"postcode": "CB8 0AA"})})
    assert stored().service_area == other_area


def test_two_windows_of_one_session_add_to_the_same_answers_and_send_once(client):
    fill(client, until="who")
    window = shown(client, question("what"))
    answer(client, {"when": ANSWERS["when"], "safety": ANSWERS["safety"]})
    client.post(question("what"), {**window, "what": "zqFrom the other window"})
    both = [shown(client, CHECK), shown(client, CHECK)]
    assert client.post(CHECK, both[0])["Location"] == SENT
    assert client.post(CHECK, both[1]).status_code == 410
    assert "zqFrom the other window" in stored().notes


def test_too_fast_is_asked_again_and_nothing_is_lost(client, settings):
    fill(client)
    settings.RJ_PUBLIC_FASTEST_SECONDS = 3600
    response = press(client, CHECK)
    assert response.status_code == 422 and "zqHe broke the window." in response.content.decode()
    assert not Referral._base_manager.exists()
    settings.RJ_PUBLIC_FASTEST_SECONDS = 0
    assert press(client, CHECK)["Location"] == SENT


@pytest.mark.parametrize("sent_along", [{}, {"shown": "x"}, {"shown": ":1:x"}, {"website": "http://spam.example.org"}])
def test_a_program_is_asked_again_and_a_person_loses_nothing(client, sent_along):
    words = ANSWERS["reach"] | (shown(client, question("reach")) if "website" in sent_along else {}) | sent_along
    response = client.post(question("reach"), words)
    assert response.status_code == 422 and "07700 900321" in response.content.decode()
    assert not UnsentAnswers.objects.exists()
    answer(client, until="reach")
    assert UnsentAnswers.objects.exists()


def test_too_many_from_one_network_are_told_when_it_works_again(client, settings):
    settings.RJ_PUBLIC_TRIES = {"begin": (1, 99), "send": (99, 99)}
    answer(client, until="reach")
    response = press(Client(), question("reach"), ANSWERS["reach"])
    again = timezone.localtime(PublicTry.objects.get().tried_at + timedelta(hours=1))
    assert response.status_code == 429
    assert f"{again.hour % 12 or 12}:{again:%M}" in response.content.decode().replace("midday", "12:00")
    settings.RJ_PROXIES = 1
    elsewhere = press(Client(), question("reach"), ANSWERS["reach"], X_Forwarded_For="10.0.0.9, 192.0.2.7")
    assert elsewhere.status_code == 302


@pytest.mark.parametrize("limits", [(1, 99), (99, 1)])
def test_too_many_sent_keeps_the_answers_until_it_works_again(client, settings, limits):
    settings.RJ_PUBLIC_TRIES = {"begin": (99, 99), "send": limits}
    send(client)
    second = Client()
    fill(second)
    assert press(second, CHECK).status_code == 429
    PublicTry.objects.update(tried_at=timezone.now() - timedelta(hours=2))
    assert press(second, CHECK)["Location"] == SENT
    assert Referral._base_manager.count() == 2


def test_hostile_words_are_words(client):
    hostile = "\"><script>alert(1)</script>' OR 1=1 -- {{ 7*7 }} ‮ 😀 ={cmd}"
    words = other(what={"what": hostile}, who={"knows": hostile}, name={"last_name": hostile[:90]})
    fill(client, words)
    html = client.get(CHECK).content.decode()
    assert "<script>alert" not in html and "&lt;script&gt;alert(1)" in html
    assert press(client, CHECK)["Location"] == SENT
    assert hostile in stored().notes
    for bad in ({"what": "a\x00b"}, {"what": "x" * 4001}):
        again = Client()
        fill(again, until="name")
        assert press(again, question("what"), bad).status_code == 422


def test_fields_that_nobody_asked_are_not_taken(client):
    fill(client)
    press(client, question("safety"), {"status": "accepted", "verified_at": "2026-01-01", "is_restricted": "1"})
    press(client, CHECK, {"verified_at": "2026-01-01", "mechanism": "victims_hub"})
    assert (stored().status, stored().verified_at, stored().mechanism) == ("received", None, "victim_self")


def test_the_email_they_asked_for_says_nothing_and_goes_only_where_it_is_safe(client):
    send(client, other(reach={"acknowledge": "on"}))
    row = Acknowledgement._base_manager.get()
    assert work_on(Acknowledgement, row.pk)
    [letter] = [one for one in mail.outbox if one.to == ["zqnina@example.org"]]
    text = f"{letter.subject} {letter.body} {letter.from_email}".lower()
    assert not [word for word in [*TELLING, CANARY, stored().reference.lower(), "http"] if word in text], text
    assert not work_on(Acknowledgement, row.pk) and len(mail.outbox) == 1


@pytest.mark.parametrize("way", ["not asked", "no email", "no longer safe"])
def test_no_email_without_their_wish(client, way):
    ways = {"ways": ["phone"]} if way == "no email" else {}
    send(client, other(reach={"acknowledge": "" if way == "not asked" else "on"} | ways))
    if way == "no longer safe":
        SafeContact._base_manager.update(may_email=False)
    for row in Acknowledgement._base_manager.all():
        assert work_on(Acknowledgement, row.pk)
    assert mail.outbox == []
    assert Acknowledgement._base_manager.exists() == (way == "no longer safe")
    held = ContactDetails._base_manager.get(person=stored().person_harmed)
    assert bool(held.email) == (way != "no email")


def test_nothing_personal_in_addresses_or_logs(client):
    written: list[str] = []
    handler, root = logging.Handler(), logging.getLogger()
    handler.emit = lambda record: written.append(logging.Formatter().format(record))
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        visited = [answer(client)["Location"], press(client, CHECK)["Location"]]
    finally:
        root.setLevel(level)
        root.removeHandler(handler)
    told = " ".join([*visited, *written]).lower()
    assert not [word for word in TYPED if word in told]


# -- what goes wrong ----------------------------------------------------------------------------------------------------
def wrong() -> dict:
    """What was asked, by the answer: an address that is not there, a form without its token, a broken session."""
    strict, broken = Client(enforce_csrf_checks=True), Client(raise_request_exception=False)
    session = broken.session
    session["unsent"] = "nonsense"
    session.save()
    return {
        "404": Client().get("/contact-us/nothing/"),
        "csrf": strict.post(question("reach"), ANSWERS["reach"]),
        "500": broken.get(question("name")),
        "400": Client().get("/contact-us/", headers={"host": "nonsense example"}),
    }


def test_what_goes_wrong_leaves_quickly_and_says_nothing(settings):
    for name, page in wrong().items():
        html = page.content.decode()
        assert page.status_code == {"csrf": 403}.get(name) or str(page.status_code) == name
        assert 'href="/contact-us/leave/"' in html and "Exit this page" in html, name
        title = html.partition("<title>")[2].partition("</title>")[0].lower()
        assert title == "contact us" and page["Referrer-Policy"] == "no-referrer", name
        assert "coordinator" not in html and "service manager" not in html, name
    elsewhere = Client().get("/nothing/").content.decode()
    assert "ask your coordinator" in elsewhere and "Exit this page" not in elsewhere


def test_every_page_sends_no_referrer(client):
    send(client)
    fill(client)
    for address in ("/contact-us/", "/contact-us/restorative-justice/", CHECK, SENT, *map(question, ANSWERS)):
        page = client.get(address)
        assert page["Referrer-Policy"] == "no-referrer" and 'content="no-referrer"' in page.content.decode(), address
    assert client.get("/contact-us/leave/")["Referrer-Policy"] == "no-referrer"
    assert client.get("/accounts/login/")["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize(
    ("headers", "token", "answer"),
    [
        ({"origin": "null"}, True, 302),
        ({}, True, 302),
        ({"origin": "null"}, False, 403),
        ({"origin": "https://elsewhere.example"}, True, 403),
        ({"referer": "https://elsewhere.example/"}, True, 403),
    ],
)
def test_a_form_is_taken_without_an_origin_and_never_without_its_token(headers, token, answer):
    visitor = Client(enforce_csrf_checks=True)
    page = visitor.get(question("reach"), secure=True).content.decode()
    sent = {"shown": re.search(r'name="shown" value="([^"]+)"', page)[1], **ANSWERS["reach"]}
    if token:
        sent["csrfmiddlewaretoken"] = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    assert visitor.post(question("reach"), sent, secure=True, headers=headers).status_code == answer
