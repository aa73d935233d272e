"""Somebody who did harm writes on the public pages: nothing they read tells whom we know, and nothing moves before whoever
was harmed is found and asked."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from cases.actions import accept_referral
from referrals.actions import NewOffer, NewPerson, mark_accepted, name_harmed, record_check, record_offer
from referrals.models import Consent, Person, Referral, SensitiveFlag
from referrals.policy import is_closed_side
from rj_service.accounts.acting import acting_as
from rj_service.accounts.errors import DomainError
from rj_service.notifications.models import Notification
from rj_service.public_forms.models import UnsentAnswers

from .test_contact_us import TELLING, postcodes  # noqa: F401 (autouse)
from .writing import REACH, fill, press

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
START, CHECK, SENT = "/contact-us/your-part/", "/contact-us/your-part/check/", "/contact-us/your-part/sent/"
ANSWERS = {
    "reach": REACH,
    "name": {"first_name": "zqKyle", "last_name": "zqBrand", "is_adult": "yes", "postcode": "cb1 1aa"},
    "what": {"what": "zqI broke a window.", "wish": "zqTo pay for it."},
    "matter": {"month": "March 2024", "where": "zqEly", "crime_reference": "35/1", "worker": "zqProbation in Ely"},
    "safety": {"order": "yes", "in_touch": "no"},
}


def asked(step: str) -> str:
    return f"{START}questions/{step}/"


def write(client: Client, **changed) -> Referral:
    answers = {step: words | changed.get(step, {}) for step, words in ANSWERS.items()}
    fill(client, answers, name="unsent_part")
    response = press(client, CHECK)
    assert response.status_code == 302 and response["Location"] == SENT, response.content.decode()
    return Referral._base_manager.order_by("-entered_at").first()


def test_the_whole_way_names_nobody_harmed_and_is_not_verified(client, area, cast):
    for step, words in ANSWERS.items():
        response = press(client, asked(step), words)
        assert response.status_code == 302, (step, response.content.decode())
    assert response["Location"] == CHECK and "zqI broke a window." in client.get(CHECK).content.decode()
    assert press(client, CHECK)["Location"] == SENT
    referral = Referral._base_manager.get()
    assert (referral.mechanism, referral.initiated_by, referral.service_area) == ("offender_self", "offender", area)
    assert referral.person_harmed is None and referral.is_unverified
    person = Person._base_manager.get()
    assert (person, person.name, person.approach) == (referral.person_responsible, "zqKyle zqBrand", "agreed")
    assert Consent._base_manager.get().person == person
    assert (
        "zqProbation in Ely" in referral.notes and "an order or a condition" in SensitiveFlag._base_manager.get().words
    )
    assert Notification.objects.filter(user=cast["coordinator"], kind="referral_received").count() == 1
    page = client.get(SENT).content.decode()
    assert referral.reference[:4] in page and "zq" not in page
    assert not UnsentAnswers.objects.exists()


def test_the_two_forms_keep_their_words_apart_and_the_exit_forgets_both(client):
    fill(client, until="reach")
    fill(client, ANSWERS, until="what", name="unsent_part")
    assert "zqI broke" not in client.get("/contact-us/questions/name/").content.decode()
    assert client.get("/contact-us/questions/what/")["Location"] == "/contact-us/questions/name/"
    client.get("/contact-us/leave/")
    assert not UnsentAnswers.objects.exists()


def test_no_question_takes_a_last_name_or_a_place_of_whoever_was_harmed(client):
    fill(client, ANSWERS, until="what", name="unsent_part")
    page = client.get(asked("matter")).content.decode()
    names = set(re.findall(r'name="([a-z_]+)"', page)) - {
        "csrfmiddlewaretoken",
        "shown",
        "website",
        "viewport",
        "referrer",
    }
    assert {name for name in names if "harmed" in name} == {"first_name_harmed"}
    refused = press(client, asked("matter"), ANSWERS["matter"] | {"first_name_harmed": "Grace Bellamy"})
    assert refused.status_code == 422 and "one first name only" in refused.content.decode()
    nothing = press(client, asked("matter"), {"month": "March 2024"})
    assert nothing.status_code == 422 and "Enter the number, or who works with you" in nothing.content.decode()


def test_he_reads_the_same_whomever_we_know(client, refer, cast):
    known = {"first_name": "Grace", "last_name": "Bellamy", "phone": "07700 900101"}
    refer(harmed=NewPerson(**known), responsible=NewPerson(last_name="zqBrand"), incident={"crime_reference": "35/1"})

    def read(**changed) -> list:
        visitor = Client()
        answers = {step: words | changed.get(step, {}) for step, words in ANSWERS.items()}
        fill(visitor, answers, name="unsent_part")
        pages = [visitor.get(asked(step)) for step in ANSWERS] + [press(visitor, CHECK), visitor.get(SENT)]
        words = [re.sub(r'value="[^"]+"|[A-Z0-9]{4}-[A-Z0-9]{2}', "", page.content.decode()) for page in pages]
        return [(page.status_code, len(page.headers), text) for page, text in zip(pages, words, strict=True)]

    assert read(matter={"first_name_harmed": "Grace"}) == read(
        matter={"first_name_harmed": "Grace", "crime_reference": "99/9"}, name={"last_name": "zqNobody"}
    )


def test_every_page_has_the_exit_and_a_neutral_title(client):
    fill(client, ANSWERS, name="unsent_part")
    for address in (START, CHECK, SENT, *map(asked, ANSWERS)):
        page = client.get(address)
        html = page.content.decode()
        title = html.partition("<title>")[2].partition("</title>")[0].lower()
        assert 'href="/contact-us/leave/"' in html and page["Referrer-Policy"] == "no-referrer", address
        assert not [word for word in TELLING if word in title], title


# -- inside -------------------------------------------------------------------------------------------------------------
@pytest.fixture
def check(cast):
    def make(referral, kind, is_confirmed=True):
        with acting_as(cast["coordinator"]) as by:
            words = "" if is_confirmed else "They do not want to hear of it"
            common = {"through": "police", "checked_on": TODAY, "words": words, "by": by, "today": TODAY}
            record_check(referral=referral, kind=kind, is_confirmed=is_confirmed, **common)
        return Referral._base_manager.get(pk=referral.pk)

    return make


def test_nothing_moves_before_whoever_was_harmed_is_found_and_asked(client, check, cast):
    referral = write(client)

    def accept():
        with acting_as(cast["coordinator"]) as by:
            return accept_referral(referral=referral, by=by, today=TODAY)

    with pytest.raises(DomainError, match="First confirm who wrote"):
        check(referral, "harmed")
    with pytest.raises(DomainError, match="have not been confirmed"):
        accept()
    for kind in ("identity", "incident"):
        referral = check(referral, kind)
    assert referral.is_unverified
    with pytest.raises(DomainError, match="not found yet"):
        accept()
    with pytest.raises(DomainError, match="First name the person harmed"):
        check(referral, "harmed")
    with acting_as(cast["coordinator"]) as by:
        name_harmed(referral=referral, new=NewPerson(first_name="Grace", last_name="Bellamy"), by=by)
        referral = Referral.objects.get(pk=referral.pk)
        with pytest.raises(DomainError, match="has not been verified"):
            record_offer(referral=referral, new=NewOffer(TODAY, "phone", "yes"), by=by, today=TODAY)
    referral = check(referral, "harmed", is_confirmed=False)
    with pytest.raises(DomainError, match="was not confirmed"):
        accept()
    referral = check(referral, "harmed")
    assert not referral.is_unverified
    assert accept().referral == referral


def test_the_person_responsible_is_assessed_before_whoever_was_harmed_is_asked(client, check, cast):
    referral = write(client)
    for kind in ("identity", "incident"):
        check(referral, kind)
    with acting_as(cast["coordinator"]) as by:
        name_harmed(referral=referral, new=NewPerson(first_name="Grace", last_name="Bellamy"), by=by)
        case = accept_referral(referral=referral, by=by, today=TODAY)
        sides = {one.side: is_closed_side(case.referral, one.side) for one in case.participants.all()}
    assert sides == {"harmed": True, "responsible": False}
    assert not check(referral, "harmed").is_unverified


def test_who_wrote_and_what_happened_are_enough_for_whoever_was_harmed(refer, check, cast):
    referral = refer(mechanism="victim_self")
    for kind in ("identity", "incident"):
        referral = check(referral, kind)
    assert not referral.is_unverified
    with pytest.raises(DomainError, match="Choose what was checked"):
        check(referral, "harmed")
    with acting_as(cast["coordinator"]) as by:
        assert mark_accepted(referral=referral, by=by, today=TODAY).status == "accepted"


def test_whoever_was_harmed_is_named_on_the_page_of_the_referral(client, cast, signed_in):
    referral = write(client)
    desk = signed_in(cast["coordinator"])
    page = reverse("referrals:name-harmed", args=[referral.pk])
    html = desk.get(reverse("referrals:detail", args=[referral.pk])).content.decode()
    assert page in html and "have not been confirmed" in html
    assert desk.post(page, {}).status_code == 422
    assert desk.post(page, {"first_name": "Grace", "last_name": "Bellamy", "phone": "07700 900101"}).status_code == 302
    person = Referral._base_manager.get(pk=referral.pk).person_harmed
    assert (person.name, person.approach) == ("Grace Bellamy", "not_approached")
    assert desk.get(page).status_code == 404
    verification = desk.get(reverse("referrals:verification", args=[referral.pk])).content.decode()
    assert verification.count("Not checked yet") == 3 and "Whoever was harmed: found, and asked" in verification


@pytest.mark.proof
@pytest.mark.django_db(transaction=True)
def test_the_pages_in_a_browser(browser_page, assert_sound):
    browser_page.goto("/contact-us/")
    browser_page.get_by_role("link", name="Tell us here").click()
    expect(browser_page.get_by_role("heading", name="Putting right what you did")).to_be_visible()
    assert_sound(browser_page, START)
    browser_page.get_by_role("button", name="Start now").click()
    for step, words in (("name", REACH), ("what", None), ("matter", None)):
        if step == "name":
            browser_page.get_by_label("Phone call").check()
            browser_page.get_by_label("Phone number, if you chose").fill(words["phone"])
            browser_page.get_by_label("No", exact=True).check()
        elif step == "what":
            browser_page.get_by_label("First name").fill("Kyle")
            browser_page.get_by_label("Last name").fill("Brand")
            browser_page.get_by_label("Yes").check()
            browser_page.get_by_label("Postcode").fill("CB1 1AA")
        else:
            browser_page.get_by_label("What did you do").fill("I broke a window.")
        browser_page.get_by_role("button", name="Continue").click()
        expect(browser_page).to_have_url(re.compile(f"/questions/{step}/$"))
    assert_sound(browser_page, asked("matter"))
    browser_page.get_by_label("Who works with you?").fill("Probation in Ely")
    browser_page.get_by_role("button", name="Continue").click()
    assert_sound(browser_page, asked("safety"))
    browser_page.get_by_role("button", name="Continue").click()
    browser_page.get_by_role("button", name="Send").click()
    expect(browser_page.get_by_text("Thank you")).to_be_visible()
    assert Referral._base_manager.get().mechanism == "offender_self"
