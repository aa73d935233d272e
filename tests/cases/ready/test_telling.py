"""The agreement on paper, side by side; what somebody harmed is told, and what of it the other side agreed to."""

import io
from datetime import timedelta

import pytest
from pypdf import PdfReader

from cases import actions
from cases.choices import CommitmentStatus, Side
from cases.models import Commitment, ProgressPromise, PromiseConsent, Signature, Telling
from cases.papers.agreement import paper_for, pdf_of
from cases.tasks import remind_of_promises
from referrals.actions import record_death
from referrals.models import ContactDetails, Task
from rj_service.accounts.acting import acting_as
from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from rj_service.audit.models import DomainEvent
from tests.access.table import text_of
from tests.cases.conftest import consent, undone
from tests.cases.ready.test_agreements import agree, promise, stands, vary

pytestmark = pytest.mark.django_db

S = CommitmentStatus


@pytest.fixture
def agreed(ready):
    ready.hold()
    kept_by_her = promise(ready, kind="boundaries", words="Waits for a letter", responsible=ready.harmed)
    return agree(ready, promise(ready, words="Paints the hall"), kept_by_her)


def by(ready) -> dict:
    return {"by": ready.by, "today": ready.today}


# The paper.


@pytest.mark.parametrize("side", [Side.HARMED, Side.RESPONSIBLE])
def test_a_paper_holds_its_own_sides_names_and_what_the_other_agreed_to_be_called(ready, agreed, side):
    own, other = (ready.harmed, ready.responsible) if side == Side.HARMED else (ready.responsible, ready.harmed)
    actions.agree_name(participant=other, shown_as="J", **by(ready))
    details = {"phone": "07700 900999", "email": "zq@example.org", "address": "9 Zqstreet", "postcode": "ZQ9 9ZQ"}
    for person in (own.person, other.person):
        ContactDetails.objects.update_or_create(person=person, defaults=details)
    pdf = pdf_of(actions.print_agreement(agreement=agreed, side=side, **by(ready)))
    words = text_of(pdf, "application/pdf")
    assert own.person.name in words
    assert "J, by" in words
    for never in (other.person.first_name, other.person.last_name, *details.values()):
        assert never not in words
    assert PdfReader(io.BytesIO(pdf)).trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_somebody_who_agreed_to_no_name_is_called_by_their_part(ready, agreed):
    lines = {one.words: one.who for one in paper_for(agreed, Side.HARMED).lines}
    assert lines["Paints the hall"] == "The person responsible"
    assert lines["Waits for a letter"] == ready.harmed.person.name


@pytest.mark.parametrize(
    "words", ["Liam paints the hall", "MR HART paints", "Ring 07700-900 999", "Comes to 9 Zqstreet", "In (zq9 9zq)"]
)
def test_words_that_lead_to_somebody_of_the_other_side_are_not_printed(ready, agreed, words):
    details = {"phone": "07700 900999", "address": "9 Zqstreet\nSawtry", "postcode": "ZQ9 9ZQ"}
    ContactDetails.objects.update_or_create(person=ready.responsible.person, defaults=details)
    Commitment.objects.filter(agreement=agreed, words="Paints the hall").update(words=words)
    with pytest.raises(DomainError, match="written apology"):
        actions.print_agreement(agreement=agreed, side=Side.HARMED, **by(ready))
    assert actions.print_agreement(agreement=agreed, side=Side.RESPONSIBLE, **by(ready))
    if words.startswith("Liam"):
        actions.agree_name(participant=ready.responsible, shown_as="Liam", **by(ready))
        assert actions.print_agreement(agreement=agreed, side=Side.HARMED, **by(ready))


def test_what_is_signed_is_signed_again_once_it_changes(ready, agreed):
    given = {"agreement": agreed, "participant": ready.harmed, "signed_on": ready.today, "how": "by_post", **by(ready)}
    actions.record_signature(**given)
    with pytest.raises(StaleState):
        actions.record_signature(**given)
    for wrong in ({"how": "blood"}, {"signed_on": ready.today + timedelta(days=1)}):
        with pytest.raises(DomainError):
            actions.record_signature(**given | {"participant": ready.responsible} | wrong)
    vary(ready, Commitment.objects.get(words="Paints the hall"))
    assert not Signature.objects.filter(ended_at=None).exists()
    actions.record_signature(**given)


# Kept or not, it is told.


def result(ready, agreed, status=S.COMPLETED) -> Telling:
    stands(ready, Commitment.objects.get(agreement=agreed, words="Paints the hall"), status)
    return Telling.objects.waiting().get()


def tell(ready, telling, **changed) -> Telling:
    given = {"told_on": ready.today, "channel": "in_person", **by(ready)}
    return actions.record_told(telling=telling, **given | changed)


def open_tasks():
    return Task.objects.open().filter(kind=Task.Kind.TELL)


@pytest.mark.parametrize("status", [S.COMPLETED, S.PARTLY, S.NOT_COMPLETED])
def test_a_result_is_told_and_the_task_ends(ready, agreed, status):
    telling = result(ready, agreed, status)
    assert (telling.participant, telling.status) == (ready.harmed, status)
    assert open_tasks().get().person == ready.harmed.person
    told = tell(ready, telling)
    assert (told.told_by, told.channel) == (ready.by, "in_person")
    assert not open_tasks().exists()
    with pytest.raises(StaleState):
        tell(ready, telling)


def test_what_stands_differently_by_now_is_told_instead(ready, agreed):
    first = result(ready, agreed, S.NOT_COMPLETED)
    second = result(ready, agreed, S.COMPLETED)
    assert first != second
    with pytest.raises(StaleState):
        tell(ready, first)
    assert open_tasks().count() == 1


def test_who_would_rather_not_hear_is_told_nothing(ready, agreed):
    said = {"participant": ready.harmed, "said_on": ready.today, "method": "phone", **by(ready)}
    result(ready, agreed, S.NOT_COMPLETED)
    actions.choose_hearing(wants_to_hear=False, **said)
    assert not Telling.objects.waiting().exists()
    assert not open_tasks().exists()
    stands(ready, Commitment.objects.get(words="Paints the hall"), S.COMPLETED)
    assert not Telling.objects.waiting().exists()
    actions.choose_hearing(wants_to_hear=True, **said)
    stands(ready, Commitment.objects.get(words="Waits for a letter"), S.COMPLETED)
    assert Telling.objects.waiting().count() == 1
    with pytest.raises(DomainError, match="harmed"):
        actions.choose_hearing(wants_to_hear=False, **said | {"participant": ready.responsible})


def test_no_task_asks_to_ring_somebody_who_withdrew_and_it_is_back_when_they_agree_again(ready, agreed):
    result(ready, agreed)
    consent(ready.case, "harmed", "contact", **by(ready))
    actions.withdraw_consent(participant=ready.harmed, **by(ready))
    assert not open_tasks().exists()
    assert Telling.objects.waiting().exists(), "it is not told, and not forgotten"
    remind_of_promises()
    assert not open_tasks().exists()
    consent(ready.case, "harmed", "contact", **by(ready))
    assert open_tasks().get().person == ready.harmed.person


def test_nobody_is_told_by_a_way_that_is_not_safe_or_after_they_stopped(ready, agreed):
    telling = result(ready, agreed)
    with pytest.raises(DomainError, match="Safe contact"):
        tell(ready, telling, channel="email")
    with undone():
        record_death(
            person=ready.harmed.person,
            referral=ready.case.referral,
            died_on=ready.today,
            by=ready.by,
            today=ready.today,
        )
        with pytest.raises(DomainError, match="died"):
            tell(ready, telling)
    actions.withdraw_consent(participant=ready.harmed, **by(ready))
    with pytest.raises(DomainError):
        tell(ready, telling)


@pytest.mark.parametrize(
    "words", ["He was released", "His licence ends", "He lives at 5 Mill Road", "recalled to prison"]
)
def test_release_and_whereabouts_are_not_ours_to_tell(ready, agreed, words):
    with pytest.raises(DomainError, match="Victim Contact Scheme"):
        tell(ready, result(ready, agreed), words=words)


# Progress.


def make_promise(ready) -> ProgressPromise:
    return actions.make_promise(
        hears=ready.harmed,
        about=ready.responsible,
        kind="course",
        channel="in_person",
        often="monthly",
        next_on=ready.today,
        until=ready.today + timedelta(days=40),
        **by(ready),
    )


@pytest.fixture
def promised(ready) -> ProgressPromise:
    return make_promise(ready)


def consent_to(ready, promised) -> PromiseConsent:
    return actions.agree_to_promise(promise=promised, given_on=ready.today, method="written", **by(ready))


def progress(ready, promised, **changed) -> Telling:
    given = {"told_on": ready.today, "channel": "in_person", "words": "The course is half done", **by(ready)}
    return actions.tell_progress(promise=promised, **given | changed)


def test_nothing_is_told_before_and_after_they_agree(ready, promised):
    with pytest.raises(DomainError, match="has not agreed"):
        progress(ready, promised)
    consent_to(ready, promised)
    progress(ready, promised)
    actions.take_back_promise(promise=promised, **by(ready))
    with pytest.raises(DomainError, match="has not agreed"):
        progress(ready, promised)
    consent_to(ready, promised)
    actions.withdraw_consent(participant=ready.responsible, **by(ready))
    with pytest.raises(DomainError, match="withdrew"):
        progress(ready, promised)
    assert Telling.objects.filter(promise=promised).count() == 1


def test_it_goes_on_until_its_last_day(ready, promised):
    consent_to(ready, promised)
    days = [promised.next_on]
    for _ in range(2):
        promised.refresh_from_db()
        progress(ready, promised)
        promised.refresh_from_db()
        days.append(promised.next_on)
    assert 28 <= (days[1] - days[0]).days <= 31
    assert promised.ended_at is not None
    with pytest.raises(DomainError, match="ended"):
        progress(ready, promised)


def test_the_day_makes_one_task_and_only_while_they_agree(ready, promised):
    remind_of_promises()
    assert not open_tasks().exists()
    consent_to(ready, promised)
    remind_of_promises()
    remind_of_promises()
    assert open_tasks().get().due_on == promised.next_on
    with undone():
        progress(ready, promised)
        assert not open_tasks().exists()
    actions.take_back_promise(promise=promised, **by(ready))
    assert not open_tasks().exists()


@pytest.mark.parametrize(
    "changed", [{"kind": "release"}, {"kind": "other"}, {"often": "hourly"}, {"channel": "owl"}, {"words": "Parole"}]
)
def test_a_promise_is_complete_and_of_what_is_ours(ready, changed):
    given = {"kind": "work", "channel": "in_person", "often": "once", "next_on": ready.today, "until": ready.today}
    with pytest.raises(DomainError):
        actions.make_promise(hears=ready.harmed, about=ready.responsible, **given | changed, **by(ready))
    with pytest.raises(DomainError, match="harmed"):
        actions.make_promise(hears=ready.responsible, about=ready.responsible, **given, **by(ready))


def test_nothing_of_what_was_told_stands_in_the_trail(ready, promised, agreed):
    consent_to(ready, promised)
    progress(ready, promised)
    tell(ready, result(ready, agreed), words="Kept in full")
    trail = str(list(DomainEvent.objects.values_list("detail", flat=True)))
    assert "half done" not in trail
    assert "Kept in full" not in trail


def test_nobody_of_another_case_promises_or_tells(ready, promised, agreed, cast):
    consent_to(ready, promised)
    with acting_as(cast["off_case_practitioner"]) as other, pytest.raises(NotAllowed):
        progress(ready, promised, by=other)
