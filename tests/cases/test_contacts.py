"""The contact log: what is not safe is refused before it is done, attempts are counted by way and number, three screens."""

from datetime import datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from cases import actions
from cases.choices import ContactMethod, Side
from cases.models import Contact
from referrals.models import ContactDetails, Incident, Person, SafeContact
from rj_service.accounts.acting import acting_as
from rj_service.accounts.errors import DomainError
from rj_service.audit.fields import lookup_key
from rj_service.notifications.models import Notification
from tests.browser import PHONE_FIRST
from tests.cases.conftest import side_of

NOW = timezone.now()
TO_LOG = 3  # screens: my work, the case, the form


@pytest.fixture
def log(harmed, cast, today):
    def make(**changed) -> Contact:
        given = {"method": "phone", "result": "no_answer", "occurred_at": NOW} | changed
        with acting_as(cast["practitioner"]) as by:
            return actions.log_contact(participant=harmed, by=by, today=today, **given)

    return make


def rules(participant, **changed) -> None:
    SafeContact._base_manager.filter(person=participant.person_id).update(**changed)


@pytest.mark.parametrize(("days", "taken"), [(-1, False), (0, True)])
def test_nobody_was_contacted_before_it_happened(harmed, log, today, days, taken):
    Incident._base_manager.update(happened_on=today - timedelta(days=30))
    # By the calendar of the place: an hour may lie between a day of summer and one of winter.
    at = timezone.make_aware(datetime.combine(today - timedelta(days=30 - days), time(23, 30)))
    if taken:
        assert log(occurred_at=at).occurred_at == at
    else:
        with pytest.raises(DomainError, match="on or after it happened"):
            log(occurred_at=at)


UNSAFE = {
    "a way that is not safe": ({}, {"method": "text"}),
    "a voicemail where none may be left": ({}, {"result": "voicemail"}),
    "a number that was to be hidden": ({"withheld_number": True}, {"number_hidden": False}),
    "a letter to nobody's address": ({}, {"method": "letter", "result": "sent"}),
}


@pytest.mark.parametrize("name", UNSAFE)
def test_what_is_not_safe_is_refused_until_it_has_happened(harmed, log, cast, name):
    changed, given = UNSAFE[name]
    rules(harmed, **changed)
    with pytest.raises(actions.NotSafe):
        log(**given)
    assert not Contact._base_manager.exists()
    assert log(**given, has_happened=True).against_rules
    assert Notification.objects.get(kind="contact_against_rules").user == cast["coordinator"]


@pytest.mark.parametrize(
    ("changed", "given"),
    [
        ({}, {}),
        ({"may_leave_voicemail": True}, {"result": "voicemail"}),
        ({"withheld_number": True}, {"number_hidden": True}),
        ({"withheld_number": True, "may_text": True}, {"method": "text", "result": "sent"}),
        ({"may_phone": False}, {"method": "through_referrer"}),
    ],
)
def test_what_is_safe_is_logged_and_nobody_is_told(harmed, log, changed, given):
    rules(harmed, **changed)
    assert not log(**given).against_rules
    assert not Notification.objects.filter(kind="contact_against_rules").exists()


def test_whoever_contacted_us_breaks_no_rule_and_is_logged_before_we_may_approach_them(open_case, cast, today):
    """An outgoing contact waits for the agreement of whoever began it; one that happened all the same is kept and told."""
    case = open_case()
    with acting_as(cast["coordinator"]):
        other = side_of(case, Side.RESPONSIBLE)
    given = {"participant": other, "method": "phone", "result": "spoke", "occurred_at": NOW, "today": today}
    with acting_as(cast["coordinator"]) as by:
        with pytest.raises(actions.NotSafe, match="Not before whoever began it has agreed"):
            actions.log_contact(**given, by=by)
        incoming = actions.log_contact(**given, by=by, they_began=True)
        assert (incoming.they_began, incoming.against_rules) == (True, False)
        assert actions.log_contact(**given, by=by, has_happened=True).against_rules


def test_the_page_says_not_before_it_is_tried(open_case, cast, signed_in):
    case = open_case()
    with acting_as(cast["coordinator"]):
        other = side_of(case, Side.RESPONSIBLE)
    page = signed_in(cast["coordinator"]).get(reverse("cases:log-contact-with", args=[other.case_id, other.pk]))
    shown = page.content.decode()
    assert "Not before whoever began it has agreed that we approach this side" in shown
    assert "Show phone and address" not in shown


def test_somebody_who_has_died_is_called_by_no_way(harmed, log):
    Person._base_manager.filter(pk=harmed.person_id).update(died_on=NOW.date())
    for method in ContactMethod.values:
        with pytest.raises(actions.NotSafe, match="has died"):
            log(method=method)


def test_the_next_attempt_is_not_in_the_past(log):
    with pytest.raises(DomainError, match="today or later"):
        log(try_again_on=(NOW - timedelta(days=1)).date())


def test_attempts_are_counted_by_way_and_number_and_no_number_is_shown(harmed, log, signed_in, cast):
    rules(harmed, may_text=True)
    log()
    log(result="voicemail", has_happened=True)
    log(method="text", result="sent")
    details = ContactDetails._base_manager.filter(person=harmed.person_id)
    first = details.get().phone_key
    details.update(phone_key=lookup_key("phone", "07700900999"))
    log(result="spoke", occurred_at=NOW)
    assert bytes(Contact._base_manager.order_by("recorded_at").first().reached_key) == bytes(first)
    page = signed_in(cast["practitioner"]).get(reverse("cases:contacts", args=[harmed.case_id])).content.decode()
    table = page.split("By way and number")[1].split("Each contact")[0]
    assert "Phone, first number" in table and "Phone, second number" in table
    assert "No answer: 1, no answer, left a voicemail: 1" in table and "Spoke: 1" in table
    assert "Text message," not in table, "one number needs no name"
    assert "07700" not in page


def test_what_was_logged_just_now_is_undone_by_the_button_beside_what_the_page_says(harmed, signed_in, cast):
    """Once: the next page does not offer it again."""
    rules(harmed)
    phone = signed_in(cast["practitioner"])
    address = reverse("cases:log-contact-with", args=[harmed.case_id, harmed.pk])
    refused = phone.post(address, {"method": "phone"})
    assert refused.status_code == 422 and ">Undo<" not in refused.content.decode()
    page = phone.post(address, {"method": "phone", "result": "no_answer", "when": "now"}, follow=True).content.decode()
    undo = reverse("cases:take-back-contact", args=[harmed.case_id, Contact._base_manager.get().pk])
    assert f'action="{undo}"' in page and page.count(">Undo<") == 1
    assert "taken back" in phone.post(undo, follow=True).content.decode()
    assert not Contact._base_manager.exists()
    assert ">Undo<" not in phone.get(reverse("cases:desk", args=[harmed.case_id])).content.decode()


@pytest.mark.parametrize("width", PHONE_FIRST)
def test_a_facilitator_logs_an_attempt_on_a_phone_in_three_screens(
    transactional_db, harmed, cast, visitor, width, record_property
):
    """My work, the case, the form; a way that is not safe says so before it is chosen and is refused when it is."""
    rules(harmed, withheld_number=True)
    phone = visitor(cast["practitioner"], width).open(reverse("cases:my-work")).follow("Maureen O")
    phone.follow("Log a contact").reads("Hide your number: dial 141 first", "Not safe for this person")
    record_property("measured", f"screens at {width}: {phone.screens} to the form that logs a contact")
    assert phone.screens <= TO_LOG
    phone.answer({"How": "Text message", "What happened": "No answer"}).press("Save contact", status=422)
    phone.reads("Text message: not safe for this person. Do not do it")
    expect(phone.page.get_by_label("It has happened already")).not_to_be_checked()
    phone.answer({"How": "Phone"}).page.get_by_label("I hid my number").check()
    phone.press("Save contact").reads("The contact is saved.")
    assert Contact._base_manager.get().number_hidden
    phone.open(reverse("cases:contacts", args=[harmed.case_id]))
