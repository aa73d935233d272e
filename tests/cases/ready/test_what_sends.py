"""Whatever sends, by every way, against whatever a person has said: a purpose, a way, a pause, never, death, an order.

Each line says what still goes out; everything else is refused at the moment of sending.
"""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cases import actions
from cases.choices import Side
from cases.models import Participant, SurveyResponse
from cases.views.side_panels import rules_before_contact
from referrals import actions as referrals
from referrals.choices import Channel, ConsentPurpose
from referrals.models import (
    Acknowledgement,
    Consent,
    ContactDetails,
    InformationRequest,
    LegalBar,
    Person,
    RequestMail,
    SafeContact,
)
from rj_service.accounts.acting import system_user
from rj_service.accounts.errors import DomainError
from rj_service.accounts.tokens import kept_of
from tests.cases.conftest import consent, undone

pytestmark = pytest.mark.django_db

LINKS = {"text": "text", "email": "email", "letter": "letter", "by_hand": "in_person"}
OWN_LINKS = {f"own link, {channel}" for channel in LINKS}
SURVEYS = {f"survey, {channel}" for channel in Channel.values}
AGENCIES = {"agency asked", "agency's mail", "agency reminded"}
ANSWER, ACKNOWLEDGEMENT = {"survey answered by its link"}, {"acknowledgement, email"}
EVERYTHING = OWN_LINKS | SURVEYS | AGENCIES | ANSWER | ACKNOWLEDGEMENT
SAFE = {
    "may_phone": {"survey, phone"},
    "may_text": {"own link, text", "survey, text"},
    "may_email": {"own link, email", "survey, email", *ACKNOWLEDGEMENT},
    "may_write": {"own link, letter", "survey, letter"},
}


@pytest.fixture
def senders(ready):
    """Everything agreed and everything safe; by its name each sender, which says whether it goes out."""
    case, person = ready.case, ready.harmed.person
    referral, today, by = case.referral, ready.today, ready.by
    for purpose in (ConsentPurpose.SURVEY, ConsentPurpose.SHARE_INFORMATION):
        consent(case, Side.HARMED, purpose, by=by, today=today)
    SafeContact.objects.filter(person=person).update(**dict.fromkeys(SAFE, True))
    ContactDetails.objects.filter(person=person).update(email="mo@example.org")
    _, secret = actions.invite_to_survey(participant=ready.harmed, channel=Channel.EMAIL, by=by, today=today)
    acknowledgement = Acknowledgement.objects.enqueue(
        service_area=case.service_area, referral=referral, asked_by_id=by.pk
    )
    ask = {
        "person": person,
        "recipient": referrals.Recipient("officer", "Team", "Ana", "ana@example.org"),
        "asked_for": ["risk"],
        "words": "What must we know?",
    }
    referrals.ask_agency(referral=referral, by=by, today=today, **ask)
    own_link = {"person": person, "question": "word", "word": "heron", "by": by, "today": today}

    def remind():
        request = InformationRequest.objects.order_by("asked_at").first()
        day = request.next_chase_on
        return referrals.chase_request(request=request, by=system_user("scheduler"), today=day)

    found = {
        "agency asked": lambda: referrals.ask_agency(referral=referral, by=by, today=today, **ask),
        "agency's mail": lambda: referrals.send_request_mail(mail_row=RequestMail.objects.first()),
        "agency reminded": remind,
        "acknowledgement, email": lambda: referrals.address_to_acknowledge(
            Acknowledgement.objects.get(pk=acknowledgement.pk)
        ),
        "survey answered by its link": lambda: actions.answer_survey_by_link(
            link=kept_of(secret), overall="satisfied", today=today
        ),
    }
    for channel in LINKS:
        found[f"own link, {channel}"] = lambda channel=channel: referrals.give_own_link(
            referral=referral, channel=channel, **own_link
        )
    for channel in Channel.values:
        found[f"survey, {channel}"] = lambda channel=channel: actions.invite_to_survey(
            participant=ready.harmed, channel=channel, by=by, today=today
        )
    return found


def goes_out(senders) -> set[str]:
    return {name for name, send in senders.items() if _sends(send)}


def _sends(send) -> bool:
    with undone():
        try:
            return bool(send())
        except DomainError:
            return False


def withdraw(purpose):
    return lambda ready: referrals.withdraw_consent(
        person=ready.harmed.person, referral=ready.case.referral, by=ready.by, purpose=purpose
    )


def of_person(**changed):
    return lambda ready: Person.objects.filter(pk=ready.harmed.person_id).update(**changed)


def not_safe(name):
    return lambda ready: referrals.apply_stricter_contact(
        person=ready.harmed.person,
        referral=ready.case.referral,
        allowed={**dict.fromkeys(SAFE, True), name: False},
        by=ready.by,
    )


def survey_by(*channels):
    def say(ready):
        actions.record_consent(
            participant=ready.harmed,
            purpose=ConsentPurpose.SURVEY,
            channels=channels,
            method="phone",
            given_on=ready.today,
            by=ready.by,
            today=ready.today,
        )

    return say


def die(side):
    def say(ready):
        person = ready.people[side].person
        referrals.record_death(
            person=person, referral=ready.case.referral, died_on=ready.today, by=ready.by, today=ready.today
        )

    return say


def barred(ready):
    LegalBar.objects.create(
        person=ready.harmed.person, kind="bail", authority="Police", starts_on=ready.today, recorded_by=ready.by
    )


def paused(ready):
    of_person(paused_at=timezone.now(), paused_by=ready.by)(ready)


def never_agreed(ready):
    Consent.objects.filter(person=ready.harmed.person, purpose=ConsentPurpose.CONTACT).delete()


def contact_alone_withdrawn(ready):
    agreed = Consent.objects.filter(person=ready.harmed.person, purpose=ConsentPurpose.CONTACT)
    agreed.update(withdrawn_at=timezone.now(), withdrawn_by=ready.by)


NOTHING: set[str] = set()
STATES = {
    "nothing is in the way": (lambda ready: None, EVERYTHING),
    "contact was never agreed to": (never_agreed, EVERYTHING - OWN_LINKS - ACKNOWLEDGEMENT),
    "contact withdrawn": (withdraw(ConsentPurpose.CONTACT), NOTHING),
    "contact withdrawn elsewhere, and nothing else": (contact_alone_withdrawn, NOTHING),
    "everything withdrawn": (withdraw(None), NOTHING),
    "being asked how it went withdrawn": (withdraw(ConsentPurpose.SURVEY), EVERYTHING - SURVEYS - ANSWER),
    "asking agencies withdrawn": (withdraw(ConsentPurpose.SHARE_INFORMATION), EVERYTHING - AGENCIES),
    "taking part withdrawn": (withdraw(ConsentPurpose.TAKE_PART), EVERYTHING),
    "approaching withdrawn": (withdraw(ConsentPurpose.APPROACH_OTHER_SIDE), EVERYTHING),
    "asked how it went by email alone": (survey_by("email"), EVERYTHING - SURVEYS | {"survey, email"}),
    "asked by phone or in person alone": (
        survey_by("phone", "in_person"),
        EVERYTHING - SURVEYS - ANSWER | {"survey, phone", "survey, in_person"},
    ),
    **{f"{name} no longer": (not_safe(name), EVERYTHING - by_it) for name, by_it in SAFE.items()},
    "no way is safe": (
        lambda ready: SafeContact.objects.filter(person=ready.harmed.person).update(**dict.fromkeys(SAFE, False)),
        AGENCIES | ANSWER | {"own link, by_hand", "survey, in_person"},
    ),
    "paused": (paused, AGENCIES | ANSWER),
    "never to be asked again": (of_person(approach="never"), NOTHING),
    "barred by an order": (barred, AGENCIES | ANSWER | ACKNOWLEDGEMENT),
    "died": (die(Side.HARMED), NOTHING),
    "somebody of the other side died": (die(Side.RESPONSIBLE), EVERYTHING - AGENCIES),
}


def test_what_goes_out(ready, senders):
    for state, (happen, still) in STATES.items():
        with undone():
            happen(ready)
            assert goes_out(senders) == still, state


def test_the_ways_of_being_asked_are_of_that_purpose_alone(ready):
    common = {"participant": ready.harmed, "method": "phone", "given_on": ready.today, "by": ready.by}
    for purpose in set(ConsentPurpose.values) - {ConsentPurpose.SURVEY}:
        with pytest.raises(DomainError) as refused:
            actions.record_consent(purpose=purpose, channels=["email"], today=ready.today, **common)
        assert refused.value.field == "channels"
    with pytest.raises(DomainError):
        actions.record_consent(purpose=ConsentPurpose.SURVEY, channels=["pigeon"], today=ready.today, **common)


def test_a_link_made_before_a_death_is_of_no_use(ready, client):
    consent(ready.case, Side.HARMED, ConsentPurpose.SURVEY, by=ready.by, today=ready.today)
    _, secret = actions.invite_to_survey(
        participant=ready.harmed, channel=Channel.IN_PERSON, by=ready.by, today=ready.today
    )
    path = reverse("cases:survey-link", args=[secret])
    assert client.get(path, follow=True).status_code == 200
    die(Side.HARMED)(ready)
    assert client.get(path).status_code == client.get("/p/").status_code == 410
    assert client.post("/p/", {"overall": "satisfied"}).status_code == 410
    assert not SurveyResponse.objects.exists()


STOPS = {
    "never to be asked again": (of_person(approach="never"), "never to be asked again"),
    "contact withdrawn": (withdraw(ConsentPurpose.CONTACT), "withdrew their agreement to be contacted"),
    "died": (die(Side.HARMED), "Nobody calls and nothing is sent"),
    "paused": (paused, "asked for a pause"),
    "barred by an order": (barred, "No contact: bail condition. Only they can permit it: Police"),
}


def test_what_stops_contact_is_the_first_rule(ready):
    for happen, words in STOPS.values():
        with undone():
            happen(ready)
            participant = Participant.objects.select_related("person").get(pk=ready.harmed.pk)
            assert words in rules_before_contact(participant, ready.case.referral, ready.today)[0]


def test_it_is_read_wherever_contact_is_made(ready, signed_in, cast):
    happen, words = STOPS["contact withdrawn"]
    happen(ready)
    case, harmed, client = ready.case.pk, ready.harmed.pk, signed_in(cast["coordinator"])
    for name, *arguments in (("desk",), ("people",), ("log-contact-with", harmed), ("reveal-contact", harmed)):
        page = client.get(reverse(f"cases:{name}", args=[case, *arguments])).content.decode()
        assert words in page, name
        safe_box = page.partition("Before you call")[2].partition("</div>")[0]
        assert words in safe_box, name
    referral = ready.case.referral_id
    record = client.get(reverse("referrals:detail", args=[referral])).content.decode()
    contact = client.get(reverse("referrals:contact", args=[referral, "harmed"])).content.decode()
    assert "rj-state--stop" in record and "Allowed" not in contact


def test_who_said_what_when_how_and_who_took_it_back(ready, signed_in, cast):
    survey_by("email")(ready)
    not_safe("may_phone")(ready)
    withdraw(ConsentPurpose.SURVEY)(ready)
    address = reverse("referrals:consents", args=[ready.case.referral_id, "harmed"])
    page = signed_in(cast["coordinator"]).get(address).content.decode()
    for words in ("To be asked how it went", "By email only", "Spoken, by phone", "Withdrawn", "In writing"):
        assert words in page, words
    assert page.count("D Castle") >= 3  # recorded it, took it back, made it stricter
    assert "Safe contact made stricter" in page and "Phone" in page.partition("made stricter")[2]
    assert "Liam" not in page
    other = signed_in(cast["supervisor"]).get(address)
    assert other.status_code == 404


def test_a_survey_by_phone_goes_straight_to_the_answers(ready, signed_in, cast):
    consent(ready.case, Side.HARMED, ConsentPurpose.SURVEY, by=ready.by, today=ready.today)
    client, case, harmed = signed_in(cast["coordinator"]), ready.case.pk, ready.harmed.pk
    address = reverse("cases:invite-to-survey", args=[case, harmed])
    page = client.get(address).content.decode()
    assert 'value="phone"' in page and 'value="email"' not in page and "Email: Safe contact does not allow it" in page
    answered = client.post(address, {"interval": "after", "channel": "phone"})
    assert answered.status_code == 302 and "/answers/" in answered["Location"]
    assert client.post(address, {"interval": "after", "channel": "email"}).status_code == 422


def test_a_change_of_ways_counts_at_once(ready):
    consent(ready.case, Side.HARMED, ConsentPurpose.SURVEY, by=ready.by, today=ready.today - timedelta(days=1))
    survey_by("letter")(ready)
    [agreed] = Consent.objects.in_force().filter(person=ready.harmed.person, purpose=ConsentPurpose.SURVEY)
    assert agreed.channel_words == ["Letter"]
