"""Messages and letters: nothing of them is on the other side before every step was taken, and none can be skipped."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from cases import actions
from cases.choices import MessageAnswer, MessageFinding, MessageStatus
from cases.gate import GateClosed
from cases.models import Intervention, Message
from referrals.models import ContactDetails
from rj_service.accounts.acting import acting_as
from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from rj_service.audit.models import AccessLog
from rj_service.notifications.models import Notification
from tests.cases.conftest import undone
from tests.documents.pictures import picture
from tests.typed import typed
from tests.volunteers.factories import ready_practitioner

pytestmark = pytest.mark.django_db

WORDS = "Zqletter: I broke the gate. I am sorry."


@pytest.fixture
def exchange(ready):
    """Arranged letters, everybody asked again today; nothing is written yet."""
    Intervention.objects.update(model="letter_exchange", not_face_to_face_reason="wish")
    ready.schedule()
    ready.reconfirm()
    return ready


def write(ready, words: str = WORDS, **changed) -> Message:
    given = {"author": ready.responsible, "recipient": ready.harmed, "kind": "letter"} | changed
    return actions.write_message(intervention=ready.intervention, words=words, by=ready.by, today=ready.today, **given)


STEPS = {
    "permit": lambda m, known: actions.permit_message(message=m, permitted_on=known["today"], how="read_it", **known),
    "read": lambda m, known: actions.read_message(message=m, found=[], **known),
    "wish": lambda m, known: actions.record_wish(message=m, wish="yes", wished_on=known["today"], **known),
    "carry": lambda m, known: actions.carry_message(message=m, carried_on=known["today"], **known),
    "answer": lambda m, known: actions.record_answer(message=m, answer=MessageAnswer.RECEIVED, **known),
}


def take(ready, message: Message, *steps: str) -> Message:
    for step in steps:
        message = STEPS[step](message, {"by": ready.by, "today": ready.today})
    return message


CARRIED = ("permit", "read", "wish", "carry")


def test_from_a_draft_to_the_answer(exchange, cast):
    Notification._base_manager.all().delete()
    message = take(exchange, write(exchange), *CARRIED)
    assert (message.status, message.carried_on) == (MessageStatus.CARRIED, exchange.today)
    assert list(Notification._base_manager.values_list("user", "kind")) == [(cast["practitioner"].pk, "case_update")]
    assert take(exchange, message, "answer").answer == "received"


def test_nobody_permitted_a_message_before_the_case_was_opened(exchange):
    given = {"message": write(exchange), "how": "read_it", "by": exchange.by, "today": exchange.today}
    with pytest.raises(DomainError, match="on or after the case was opened"):
        actions.permit_message(permitted_on=exchange.case.opened_on - timedelta(days=1), **given)
    assert actions.permit_message(permitted_on=exchange.case.opened_on, **given).status == MessageStatus.PERMITTED


def test_no_step_is_skipped_and_none_is_taken_twice(exchange):
    """Before each step, every other one that changes something is refused."""
    message, taken = write(exchange), []
    for step in STEPS:
        for other in STEPS:
            again_wished = other == "wish" and taken and taken[-1] == "wish"
            if other != step and not again_wished:
                with undone(), pytest.raises(DomainError):
                    take(exchange, message, other)
        message = take(exchange, message, step)
        taken.append(step)


def test_the_database_knows_it_too(exchange):
    message = write(exchange)
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.filter(pk=message.pk).update(status="carried", carried_on=exchange.today)


def move_to_a_meeting(ready) -> Intervention:
    model = "face_to_face_conference"
    known = {"case": ready.case, "by": ready.by, "today": ready.today}
    return actions.plan_intervention(moved_from=ready.intervention, model=model, **known)


def test_what_was_carried_is_held_before_anything_goes_on_from_it(exchange, cast, signed_in):
    """It took place: it counts, and nobody loses it on the way to a meeting."""
    take(exchange, write(exchange), *CARRIED)
    with pytest.raises(DomainError, match="carried already"):
        move_to_a_meeting(exchange)
    assert Intervention.objects.count() == 1
    address, hold = (
        reverse(f"cases:{name}", args=[exchange.case.pk, exchange.intervention.pk])
        for name in ("move-to-meeting", "hold")
    )
    desk = signed_in(cast["coordinator"])
    answer = desk.get(address, follow=True)
    assert [where for where, _ in answer.redirect_chain] == [hold]
    assert "Something was carried already" in answer.content.decode()
    came = {exchange.harmed.pk: "came", exchange.responsible.pk: "came"}
    known = {"intervention": exchange.intervention, "by": exchange.by, "today": exchange.today}
    actions.hold_intervention(held_on=exchange.today, attendance=came, **known)
    assert desk.get(address).status_code == 200
    assert move_to_a_meeting(exchange).moved_from_id == exchange.intervention.pk
    assert Intervention.objects.get(pk=exchange.intervention.pk).status == "held"


def test_a_permission_is_undone_by_the_button_beside_what_the_page_says(exchange, cast, signed_in):
    message = write(exchange)
    known = [exchange.case.pk, message.pk]
    desk = signed_in(cast["coordinator"])
    address = reverse("cases:permit-message", args=known)
    shown = desk.get(address).context["form"]["shown"].value()
    said = {"how": "read_it", "shown": shown, **typed(permitted_on=exchange.today)}
    page = desk.post(address, said, follow=True).content.decode()
    undo = reverse("cases:take-back-message", args=known)
    assert ">Undo<" in page and Message.objects.get(pk=message.pk).status == MessageStatus.PERMITTED
    desk.post(undo)
    assert Message.objects.get(pk=message.pk).status == MessageStatus.DRAFT


def test_what_nobody_carried_ends_with_the_move_and_is_carried_no_more(exchange):
    message = take(exchange, write(exchange), "permit", "read", "wish")
    assert move_to_a_meeting(exchange).pk
    assert Intervention.objects.get(pk=exchange.intervention.pk).status == "moved"
    with pytest.raises(DomainError):
        take(exchange, message, "carry")
    with pytest.raises(DomainError, match="under way"):
        write(exchange)


def test_a_changed_word_asks_for_everything_again(exchange):
    message = take(exchange, write(exchange), "permit", "read", "wish")
    common = {"by": exchange.by, "today": exchange.today}
    assert actions.change_message(message=message, words=WORDS, **common).status == "read"
    message = actions.change_message(message=message, words="Something else", **common)
    assert (message.status, message.permitted_on, message.read_at, message.wish) == ("draft", None, None, "")
    taken_back = actions.take_back_message(message=take(exchange, message, "permit"), **common)
    assert (taken_back.status, taken_back.permitted_on) == ("draft", None)


def test_what_was_carried_is_said(exchange):
    message = take(exchange, write(exchange), *CARRIED)
    for act in (
        lambda **known: actions.change_message(words="Other", **known),
        actions.take_back_message,
    ):
        with pytest.raises(StaleState):
            act(message=message, by=exchange.by, today=exchange.today)


def test_what_the_reader_finds_sends_it_back(exchange):
    message = take(exchange, write(exchange), "permit")
    found = [MessageFinding.THREAT, MessageFinding.BLAME]
    message = actions.read_message(message=message, found=found, by=exchange.by, today=exchange.today)
    assert (message.status, message.permitted_on, message.found) == ("draft", None, "blame threat")
    with pytest.raises(StaleState):
        take(exchange, message, "wish")


@pytest.mark.parametrize("trace", ["07700 900 271", "liam@example.org", "4 Fen Road"])
def test_how_its_author_is_reached_is_found_whatever_the_reader_says(exchange, trace):
    ContactDetails.objects.update_or_create(
        person=exchange.responsible.person,
        defaults={"phone": "07700 900271", "email": "liam@example.org", "address": "4 Fen Road, Sawtry"},
    )
    message = take(exchange, write(exchange, words=f"Write to me: {trace}"), "permit")
    with pytest.raises(DomainError, match="of the author’s side"):
        take(exchange, message, "read")


def test_nothing_is_carried_past_a_closed_gate(exchange):
    message = take(exchange, write(exchange), "permit", "read", "wish")
    with undone():
        Intervention.objects.update(status="planned")
        with pytest.raises(DomainError, match="Arrange it first"):
            take(exchange, message, "carry")
    exchange.lead.checks.all().delete()
    with pytest.raises(GateClosed):
        take(exchange, message, "carry")
    assert Message.objects.get().carried_on is None


def test_they_wish_for_it_first(exchange):
    message = take(exchange, write(exchange), "permit", "read")
    common = {"by": exchange.by, "today": exchange.today}
    with pytest.raises(DomainError, match="have not said"):
        take(exchange, message, "carry")
    message = actions.record_wish(message=message, wish="no", wished_on=exchange.today, **common)
    with pytest.raises(DomainError, match="have not said"):
        take(exchange, message, "carry")


def test_between_the_two_sides_alone_and_only_where_something_is_carried(exchange):
    with pytest.raises(DomainError, match="one side to somebody of the other"):
        write(exchange, recipient=exchange.responsible)
    with pytest.raises(DomainError, match="Enter the words"):
        write(exchange, words=" ")
    with pytest.raises(DomainError, match="carried to them"):
        write(exchange, author=exchange.harmed, recipient=exchange.responsible, replies_to=write(exchange))
    Intervention.objects.update(model="telephone")
    with pytest.raises(DomainError, match="under way"):
        write(exchange)


def test_a_reply_belongs_to_what_was_carried(exchange):
    first = take(exchange, write(exchange), *CARRIED)
    reply = write(exchange, author=exchange.harmed, recipient=exchange.responsible, replies_to=first)
    assert list(first.replies.all()) == [reply]


def test_what_was_never_carried_is_not_held(exchange):
    came = {exchange.harmed.pk: "came", exchange.responsible.pk: "came"}
    common = {"intervention": exchange.intervention, "by": exchange.by, "today": exchange.today}
    Intervention.objects.update(planned_for=timezone.now())
    take(exchange, write(exchange), "permit", "read", "wish")
    with pytest.raises(DomainError, match="Nothing was carried"):
        actions.hold_intervention(held_on=exchange.today, attendance=came, **common)
    take(exchange, Message.objects.get(), "carry")
    assert actions.hold_intervention(held_on=exchange.today, attendance=came, **common).status == "held"


def test_the_other_side_has_nothing_of_it_before_it_was_carried(exchange, area, cast, today, signed_in):
    """Whoever works with the person harmed alone: no page, no row, no word, no act."""
    message = write(exchange)
    beside = ready_practitioner(area, today, user=cast["off_case_practitioner"])
    known = {"role": "co_facilitator", "sides": "harmed", "by": exchange.by, "today": today}
    actions.assign(not_asked="otherwise", case=exchange.case, practitioner=beside, **known)
    phone = signed_in(cast["off_case_practitioner"])
    page = reverse("cases:message", args=[exchange.case.pk, message.pk])
    meetings = reverse("cases:meetings", args=[exchange.case.pk])
    for step in CARRIED:
        assert phone.get(page).status_code == 404, step
        assert "Letter" not in phone.get(meetings).content.decode(), step
        with acting_as(cast["off_case_practitioner"]) as by:
            assert not Message.objects.visible_to(by).exists()
            with pytest.raises(NotAllowed):
                actions.take_back_message(message=message, by=by, today=exchange.today)
        with acting_as(cast["coordinator"]):
            message = take(exchange, message, step)
    text = phone.get(page).content.decode()
    assert WORDS in text
    assert "Liam" not in text and "Hart" not in text
    assert page in phone.get(meetings).content.decode()


def test_whoever_works_with_its_author_alone_keeps_the_draft(exchange, cast, signed_in):
    message = write(exchange)
    exchange.lead.assignments.update(sides="responsible")
    phone, known = signed_in(cast["practitioner"]), [exchange.case.pk, message.pk]
    text = phone.get(reverse("cases:message", args=known)).content.decode()
    assert WORDS in text
    assert "Maureen" not in text
    said = {f"permitted_on_{part}": getattr(exchange.today, part) for part in ("day", "month", "year")}
    assert phone.post(reverse("cases:permit-message", args=known), {"how": "read_it", **said}).status_code == 302
    assert phone.get(reverse("cases:read-message", args=known)).status_code == 403
    assert Message.objects.get().status == "permitted"
    message = take(exchange, Message.objects.get(), "read")
    actions.record_wish(message=message, wish="no", wished_on=exchange.today, by=exchange.by, today=exchange.today)
    refused = phone.get(reverse("cases:message", args=known)).content.decode()
    assert "Wishes to have it" not in refused
    assert (
        "Wishes to have it" in signed_in(cast["coordinator"]).get(reverse("cases:message", args=known)).content.decode()
    )


# A scan.


@pytest.fixture
def scanned(exchange, settings, tmp_path) -> Message:
    settings.FILES_DIR = tmp_path
    return write(exchange, words="", pages=[picture("JPEG", words="Zqcamera"), picture()])


def test_a_scan_is_opened_and_read_before_it_goes_on(exchange, scanned, cast, signed_in):
    desk, known = signed_in(cast["coordinator"]), [exchange.case.pk, scanned.pk]
    scan = reverse("cases:message-scan", args=known)
    assert scan in desk.get(reverse("cases:message", args=known)).content.decode()
    message = take(exchange, scanned, "permit")
    with pytest.raises(DomainError, match="Open the scan"):
        take(exchange, message, "read")
    reading = reverse("cases:read-message", args=known)
    assert scan in desk.get(reading).content.decode()
    assert desk.post(reading, {"has_read": "on"}).status_code == 422
    assert desk.post(reading, {"has_read": "on", "has_read_scan": "on"}).status_code == 302
    assert Message.objects.get().status == "read"
    sent = desk.get(scan)
    file = b"".join(sent.streaming_content)
    assert file.startswith(b"%PDF") and b"Zqcamera" not in file
    assert file.count(b"/Type /Page\n") == 2
    assert sent["Content-Disposition"] == f'attachment; filename="letter-{exchange.case.reference}.pdf"'
    assert set(AccessLog.objects.get(kind="download").people) == {
        exchange.harmed.person_id,
        exchange.responsible.person_id,
    }


def test_other_pages_ask_for_everything_again_and_the_first_are_gone(exchange, scanned):
    message = actions.permit_message(
        message=scanned, permitted_on=exchange.today, how="read_it", by=exchange.by, today=exchange.today
    )
    before = message.scan
    message = actions.change_message(message=message, pages=[picture()], by=exchange.by, today=exchange.today)
    before.refresh_from_db()
    assert (message.status, message.permitted_on, before.deleted_at is None) == ("draft", None, False)
    assert message.scan_id != before.pk
    same = actions.change_message(message=message, words=" ", by=exchange.by, today=exchange.today)
    assert same.scan_id == message.scan_id


def test_a_scan_is_on_the_other_side_once_it_was_carried(exchange, scanned, area, cast, today, signed_in):
    beside = ready_practitioner(area, today, user=cast["off_case_practitioner"])
    known = {"role": "co_facilitator", "sides": "harmed", "by": exchange.by, "today": today}
    actions.assign(not_asked="otherwise", case=exchange.case, practitioner=beside, **known)
    phone = signed_in(cast["off_case_practitioner"])
    scan = reverse("cases:message-scan", args=[exchange.case.pk, scanned.pk])
    assert phone.get(scan).status_code == 404
    message = take(exchange, scanned, "permit")
    message = actions.read_message(message=message, found=[], has_read_scan=True, by=exchange.by, today=today)
    message = take(exchange, message, "wish")
    assert phone.get(scan).status_code == 404
    take(exchange, message, "carry")
    assert b"".join(phone.get(scan).streaming_content).startswith(b"%PDF")
    assert AccessLog.objects.get(kind="download").people == [exchange.harmed.person_id]


# Begun by whoever works with one side alone.


def test_whoever_works_with_one_side_begins_its_message_and_learns_nothing_of_the_other(exchange, cast, signed_in):
    exchange.lead.assignments.update(sides="responsible")
    phone = signed_in(cast["practitioner"])
    meetings = reverse("cases:meetings", args=[exchange.case.pk])
    form = reverse("cases:write-message", args=[exchange.case.pk, exchange.intervention.pk])
    assert form in phone.get(meetings).content.decode()
    page = phone.get(form).content.decode()
    assert "Liam Hart" in page
    assert [word for word in ("Maureen", "Okafor", "To whom", str(exchange.harmed.pk)) if word in page] == []
    said = {"author": exchange.responsible.pk, "kind": "letter", "words": WORDS}
    assert phone.post(form, said | {"author": exchange.harmed.pk}).status_code == 422
    assert phone.post(form, said).status_code == 302
    message = Message.objects.get()
    assert (message.author, message.recipient) == (exchange.responsible, exchange.harmed)
    reply = reverse("cases:write-message", args=[exchange.case.pk, exchange.intervention.pk]) + f"?to={message.pk}"
    exchange.lead.assignments.update(sides="both")
    take(exchange, message, *CARRIED)
    exchange.lead.assignments.update(sides="harmed")
    assert reply in phone.get(reverse("cases:message", args=[exchange.case.pk, message.pk])).content.decode()
    answer = {"author": exchange.harmed.pk, "kind": "letter", "words": "Thank you"}
    assert phone.post(reply, answer).status_code == 302
    assert message.replies.get().recipient == exchange.responsible


def test_where_there_are_several_to_choose_from_the_coordinator_writes_it_down(exchange):
    actions.add_new_participant(
        case=exchange.case,
        role="person_responsible",
        side="responsible",
        first_name="Rob",
        last_name="Zed",
        by=exchange.by,
        today=exchange.today,
    )
    with pytest.raises(DomainError, match="Ask them"):
        write(exchange, author=exchange.harmed, recipient=None)
    assert write(exchange, author=exchange.responsible, recipient=None).recipient == exchange.harmed
