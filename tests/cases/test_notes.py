"""Notes: a draft is its author's alone and lands in no other case; signed, it is added to; nobody's words are lost."""

import re

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from cases import actions
from cases.choices import Side
from cases.models import Assignment, Contact, Note
from rj_service.accounts.acting import acting_as
from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from rj_service.audit.models import DomainEvent
from tests.cases.conftest import side_of
from tests.cases.test_races import at_once


@pytest.fixture
def save(harmed, cast, today):
    def make(words: str, version: int = 0, who: str = "practitioner", act="save_note", **given) -> Note:
        with acting_as(cast[who]) as by:
            given = {"participant": harmed, "words": words, "version": version, "by": by, "today": today} | given
            return getattr(actions, act)(**given)

    return make


def test_a_draft_is_kept_encrypted_and_read_by_its_author_alone(harmed, save, cast, signed_in):
    draft = save("zqdraft about her brother")
    save("zqother of the coordinator", who="coordinator")
    notes = reverse("cases:notes", args=[harmed.case_id])
    assert "zqdraft" in signed_in(cast["practitioner"]).get(notes).content.decode()
    for who in ("coordinator", "manager"):
        assert "zqdraft" not in signed_in(cast[who]).get(notes).content.decode()
        with acting_as(cast[who]) as by, pytest.raises(NotAllowed):
            actions.throw_away_draft(note=draft, by=by)
    save("zqdraft about her brother", 1, act="sign_note")
    assert "zqdraft" in signed_in(cast["manager"]).get(notes).content.decode()


def test_the_same_words_change_nothing_and_others_are_not_written_over(save):
    draft = save("First")
    assert save("First").version == draft.version == 1
    assert save("Second", 1).version == 2
    for act in ("save_note", "sign_note"):
        with pytest.raises(actions.NoteChanged) as changed:
            save("From another window", 1, act=act)
        assert changed.value.theirs == "Second"
    assert Note._base_manager.get().draft == "Second"


def test_a_signed_note_is_added_to_and_never_changed(save):
    signed = save("She would like to speak second", act="sign_note")
    assert signed.draft is None and signed.words
    save("A new draft")
    added = save("She said first, on the phone", act="sign_note", adds_to=signed)
    assert added.adds_to == signed
    assert Note._base_manager.get(pk=signed.pk).words == "She would like to speak second"
    with pytest.raises(DomainError, match="Write the note"):
        save("  ", act="sign_note", adds_to=signed)
    with pytest.raises(StaleState, match="signed or thrown away"):
        save("Typed on in a window that was left open", 1, adds_to=signed)


def test_a_draft_lands_in_no_other_case(save, open_case, harmed, cast, today):
    """Each is of one case and one person: the same author's words elsewhere are another draft."""
    with acting_as(cast["coordinator"]):
        elsewhere = side_of(open_case(), Side.HARMED)
    save("Of the first", who="coordinator")
    save("Of the second", who="coordinator", participant=elsewhere)
    assert {(one.case_id, one.draft) for one in Note._base_manager.all()} == {
        (harmed.case_id, "Of the first"),
        (elsewhere.case_id, "Of the second"),
    }
    with pytest.raises(DomainError, match="no addition"):
        signed = save("Signed", act="sign_note")
        save("Added elsewhere", who="coordinator", participant=elsewhere, adds_to=signed)


def test_a_practitioner_of_the_other_side_writes_none(save, open_case, harmed, cast):
    with acting_as(cast["coordinator"]):
        other = side_of(harmed.case, Side.RESPONSIBLE)
    with pytest.raises(NotAllowed):
        save("Not mine", participant=other)


@pytest.mark.django_db(transaction=True)
def test_eight_windows_at_one_note(harmed, save, cast, today):
    save("First")

    def write(number: int):
        return lambda by: actions.save_note(participant=harmed, words=f"Window {number}", version=1, by=by, today=today)

    answers = at_once(*map(write, range(8)), by=cast["practitioner"])
    assert answers == ["NoteChanged"] * 7 + ["done"]
    assert Note._base_manager.get().version == 2


def test_a_contact_is_taken_back_by_its_author_within_minutes(harmed, cast, today):
    now = timezone.now()
    with acting_as(cast["practitioner"]) as by:
        common = {"participant": harmed, "method": "phone", "result": "spoke", "occurred_at": now, "by": by}
        contact, later = (actions.log_contact(today=today, **common) for _ in range(2))
        with pytest.raises(DomainError, match="time to take it back is over"):
            actions.take_back_contact(contact=later, by=by, now=now + actions.UNDO_FOR * 2)
        with acting_as(cast["coordinator"]) as other, pytest.raises(NotAllowed, match="whoever logged it"):
            actions.take_back_contact(contact=contact, by=other, now=now)
        actions.take_back_contact(contact=contact, by=by, now=now)
        with pytest.raises(StaleState):
            actions.take_back_contact(contact=contact, by=by, now=now)
    assert list(Contact._base_manager.values_list("pk", flat=True)) == [later.pk]
    assert DomainEvent.objects.filter(verb="cases.contact_taken_back").count() == 1
    history = apps.get_model("cases", "ContactEvent")._base_manager
    assert history.filter(pgh_obj_id=contact.pk, pgh_label="delete").exists()


@pytest.mark.proof
def test_a_note_in_two_windows_shows_both_texts(transactional_db, harmed, cast, browser_of, assert_sound):
    page, second = browser_of(cast["practitioner"], width=360), browser_of(cast["practitioner"])
    write = reverse("cases:write-note", args=[harmed.case_id, harmed.pk])
    assert_sound(page, write)
    page.get_by_role("textbox", name="Note").fill("She would like to speak second.")
    expect(page.locator("[data-autosave-line]")).to_have_text(re.compile("Draft saved at"), timeout=15_000)
    second.goto(write)
    second.get_by_role("textbox", name="Note").fill("She would like her sister beside her.")
    second.get_by_role("button", name="Save and come back later").click()
    expect(second.get_by_text("The draft is saved. Nobody else reads it.")).to_be_visible()
    page.get_by_role("textbox", name="Note").fill("She would like to speak first.")
    page.get_by_role("button", name="Sign this note").click()
    expect(page.get_by_text("She would like her sister beside her.")).to_be_visible()
    expect(page.get_by_role("textbox", name="Note")).to_have_value("She would like to speak first.")
    page.get_by_role("button", name="Sign this note").click()
    expect(page.get_by_text("The note is signed.")).to_be_visible()
    assert_sound(page, reverse("cases:notes", args=[harmed.case_id]))
    assert Note._base_manager.get().words == "She would like to speak first."


@pytest.mark.proof
def test_a_note_open_while_the_assignment_ends_is_shut_and_says_so(transactional_db, harmed, cast, today, browser_of):
    page = browser_of(cast["practitioner"], width=360)
    page.clock.install()
    page.goto(reverse("cases:write-note", args=[harmed.case_id, harmed.pk]))
    with acting_as(cast["coordinator"]) as by:
        assignment = Assignment.objects.in_force().get(case=harmed.case_id)
        actions.end_assignment(assignment=assignment, reason="They moved away", by=by, today=today)
    page.get_by_role("textbox", name="Note").fill("She would like to speak second.")
    page.clock.fast_forward("00:06")
    expect(page.locator("[data-autosave-line]")).to_have_text("Not saved: this is not open to you any more")
    page.get_by_role("button", name="Sign this note").click()
    expect(page.get_by_role("heading", name="Not saved: what you typed")).to_be_visible()
    assert not Note._base_manager.exists()


def test_whoever_lost_the_case_while_they_typed_gets_their_own_words_back(harmed, cast, signed_in):
    client, page = signed_in(cast["practitioner"]), reverse("cases:write-note", args=[harmed.case_id, harmed.pk])
    assert client.get(page).status_code == 200
    Assignment._base_manager.filter(case=harmed.case_id).update(ended_at=timezone.now(), ended_by=cast["coordinator"])
    typed = {"words": "She was <glad> of the call", "version": "0"}
    answer = client.post(page, typed)
    told = answer.content.decode()
    assert (answer.status_code, Note._base_manager.count()) == (404, 0)
    assert "Nothing was saved" in told and "She was &lt;glad&gt; of the call" in told
    assert "Maureen" not in told and str(harmed.case_id) not in told
    never_was = client.post(page.replace(str(harmed.pk), str(harmed.case_id)), typed)
    assert never_was.content == answer.content
    assert b"Page not found" in client.post(page, {"words": " ", "version": "0"}).content
