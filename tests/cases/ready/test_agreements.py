"""Agreements by party and round, commitments kept, changed and paid for."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cases import actions
from cases.choices import COMMITMENT_TRANSITIONS, OPEN_COMMITMENTS, CommitmentStatus
from cases.models import Agreement, Commitment, Evidence, Intervention, Payment
from cases.standing import agreement_stands
from rj_service.accounts.acting import acting_as
from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from rj_service.audit.models import DomainEvent
from rj_service.documents.uploads import MOST_BYTES
from tests.cases.conftest import undone
from tests.cases.ready.test_pages_acts import post
from tests.documents.pictures import picture
from tests.typed import typed

pytestmark = pytest.mark.django_db

S = CommitmentStatus


def promise(ready, **changed) -> actions.NewCommitment:
    fields = {"kind": "written_apology", "words": "A letter", "responsible": ready.responsible}
    return actions.NewCommitment(**fields | {"due_on": ready.today + timedelta(days=14)} | changed)


def agree(ready, *commitments, **changed) -> Agreement:
    given = {"intervention": ready.intervention, "agreed_on": ready.today, "by": ready.by, "today": ready.today}
    return actions.record_agreement(commitments=commitments or [promise(ready)], **given | changed)


@pytest.fixture
def owed(ready) -> Commitment:
    """A hundred pounds, in the newest agreement of what was held."""
    ready.hold()
    return agree(ready, promise(ready, kind="compensation", words="The window", amount=Decimal(100))).commitments.get()


def pay(ready, commitment, amount="10.01", **changed) -> Payment:
    given = {"paid_on": ready.today, "way": "court", "receipt": "R-17", "by": ready.by, "today": ready.today}
    return actions.record_payment(commitment=commitment, amount=Decimal(amount), **given | changed)


def vary(ready, commitment, **changed) -> Commitment:
    given = {"words": "Half of the window", "due_on": commitment.due_on, "because": "Both agree", "amount": Decimal(50)}
    return actions.vary_commitment(commitment=commitment, by=ready.by, today=ready.today, **given | changed)


def stands(ready, commitment, status, **changed) -> Commitment:
    given = {"words": "Half of it", "by": ready.by, "today": ready.today}
    return actions.set_commitment_status(commitment=commitment, status=status, **given | changed)


# Verb -> where a commitment may come from for it.
VERBS = {
    **{
        status: {come_from for come_from, to in COMMITMENT_TRANSITIONS.items() if status in to}
        for status in (S.IN_PROGRESS, S.COMPLETED, S.PARTLY, S.NOT_COMPLETED, S.WITHDRAWN)
    },
    "vary": {come_from for come_from, to in COMMITMENT_TRANSITIONS.items() if S.VARIED in to},
    "pay": {*OPEN_COMMITMENTS, S.PARTLY},
    "take back": {*OPEN_COMMITMENTS, S.VARIED},
    "show": set(S),
}


def act(verb: str, ready, commitment, payment) -> None:
    if verb == "vary":
        vary(ready, commitment)
    elif verb == "pay":
        pay(ready, commitment)
    elif verb == "take back":
        actions.take_back_payment(payment=payment, by=ready.by, today=ready.today)
    elif verb == "show":
        actions.keep_evidence(commitment=commitment, shown_on=ready.today, words="Seen", by=ready.by, today=ready.today)
    else:
        stands(ready, commitment, verb)


def test_every_status_of_a_commitment_and_every_verb(ready, owed):
    payment = pay(ready, owed)
    for status in S:
        Commitment.objects.filter(pk=owed.pk).update(status=status)
        for verb, come_from in VERBS.items():
            with undone():
                if status in come_from:
                    act(verb, ready, owed, payment)
                else:
                    with pytest.raises(StaleState):
                        act(verb, ready, owed, payment)


def test_nobody_else_keeps_account(ready, owed, cast):
    for who in ("off_case_practitioner", "other_coordinator", "hub_worker"):
        with acting_as(cast[who], areas=[ready.case.service_area_id]) as by, pytest.raises(NotAllowed):
            stands(ready, owed, S.COMPLETED, by=by)


def test_kept_in_part_or_not_says_what(ready, owed):
    for status in (S.PARTLY, S.NOT_COMPLETED):
        with pytest.raises(DomainError, match="what was kept"):
            stands(ready, owed, status, words=" ")
    for status in (S.VARIED, "sung"):
        with pytest.raises(DomainError, match="how far"):
            stands(ready, owed, status)


def test_a_payment_is_undone_by_the_button_beside_what_the_page_says_unless_it_settled_all(
    ready, owed, cast, signed_in
):
    desk, known = signed_in(cast["coordinator"]), [ready.case.pk, owed.pk]
    said = {"way": "court", "receipt": "R-17", **typed(paid_on=ready.today)}
    address = reverse("cases:record-payment", args=known)
    page = desk.post(address, {"amount": "40", **said}, follow=True).content.decode()
    undo = reverse("cases:take-back-payment", args=[*known, Payment.objects.get().pk])
    assert ">Undo<" in page and undo in page
    desk.post(undo, follow=True)
    assert "The payment is recorded" in page and Payment.objects.get().taken_back_at is not None
    page = desk.post(address, {"amount": "100", **said}, follow=True).content.decode()
    assert "The payment is recorded" in page and ">Undo<" not in page


def test_payments_are_exact_to_the_penny_and_the_last_one_settles(ready, owed):
    pay(ready, owed, "33.33")
    wrong = pay(ready, owed, "60.00")
    actions.take_back_payment(payment=wrong, by=ready.by, today=ready.today)
    pay(ready, owed, "33.33")
    with pytest.raises(DomainError, match="Only £33.34 is left"):
        pay(ready, owed, "33.35")
    owed.refresh_from_db()
    assert owed.status == S.AGREED
    late = owed.due_on + timedelta(days=1)
    pay(ready, owed, "33.34", paid_on=late, today=late)
    owed.refresh_from_db()
    assert owed.status == S.COMPLETED_LATE
    assert sum(one.amount for one in Payment.objects.filter(taken_back_at=None)) == owed.amount


@pytest.mark.parametrize(
    "receipt", ["12-34-56", "12345678", "Acc 00112233", "CB1 1AA", "cb11aa", "liam@example.org", " "]
)
def test_a_payment_carries_nothing_of_whoever_paid(ready, owed, receipt):
    with pytest.raises(DomainError) as refused:
        pay(ready, owed, receipt=receipt)
    assert refused.value.field == "receipt"
    assert not Payment.objects.exists()


@pytest.mark.parametrize("changed", [{"amount": "0"}, {"amount": "-5"}, {"amount": "1.005"}, {"way": "gold"}])
def test_a_payment_is_something(ready, owed, changed):
    with pytest.raises(DomainError):
        pay(ready, owed, **changed)
    for day in (ready.today - timedelta(days=1), ready.today + timedelta(days=1)):
        with pytest.raises(DomainError, match="between the agreement and today"):
            pay(ready, owed, paid_on=day)


def test_what_was_paid_counts_on_when_both_agree_to_something_else(ready, owed):
    pay(ready, owed, "30.00")
    changed = vary(ready, owed)
    owed.refresh_from_db()
    assert (owed.status, owed.status_words, changed.continues) == (S.VARIED, "Both agree", owed)
    with pytest.raises(DomainError, match="Only £20.00 is left"):
        pay(ready, changed, "20.01")
    pay(ready, changed, "20.00")
    changed.refresh_from_db()
    assert changed.status == S.COMPLETED
    with pytest.raises(DomainError, match="Nothing is different"):
        other = agree_again(ready, promise(ready)).commitments.get()
        vary(ready, other, words="A letter ", amount=None)


def agree_again(ready, *commitments, **changed) -> Agreement:
    given = {"agreement": Agreement.objects.get(revised_by=None), "agreed_on": ready.today}
    return actions.review_agreement(commitments=commitments, by=ready.by, today=ready.today, **given | changed)


def test_a_further_round_counts_and_the_earlier_one_stays(ready, owed):
    first = owed.agreement
    pay(ready, owed, "30.00")
    again = agree_again(ready, promise(ready, kind="compensation", amount=Decimal(90), continues=owed))
    owed.refresh_from_db()
    assert (again.round, again.revises, again.party, owed.status) == (2, first, ready.responsible, S.VARIED)
    assert first.commitments.get().words == "The window"
    assert actions.what_is_paid(again.commitments.get()).left == Decimal(60)
    with pytest.raises(StaleState):
        agree_again(ready, promise(ready), agreement=first)
    with pytest.raises(DomainError, match="goes on"):
        agree_again(ready, promise(ready, continues=owed))
    following = again.commitments.get()
    with pytest.raises(DomainError, match="goes on"):
        agree_again(ready, promise(ready, continues=following), promise(ready, continues=following))


def test_a_later_meeting_takes_the_place_of_the_earlier_agreement(ready, owed):
    Intervention.objects.filter(pk=ready.intervention.pk).update(held_on=ready.today)
    later = Intervention.objects.get(pk=ready.intervention.pk)
    later.pk = None
    later._state.adding = True
    later.save()
    again = agree(ready, intervention=later)
    assert (again.revises, again.round) == (owed.agreement, 2)


def test_several_who_are_responsible_agree_one_by_one(ready, desk):
    ready.hold()
    also = actions.add_new_participant(
        case=ready.case,
        first_name="Kit",
        last_name="Moss",
        role="person_responsible",
        side="responsible",
        by=ready.by,
        today=ready.today,
    )
    with pytest.raises(DomainError, match="Choose who of those responsible"):
        agree(ready)
    with pytest.raises(DomainError, match="Choose who of those responsible"):
        agree(ready, party=ready.harmed)
    address = reverse("cases:record-agreement", args=[ready.case.pk, ready.intervention.pk])
    assert "Who of those responsible it is with" in desk.get(address).content.decode()
    agree(ready, party=ready.responsible)
    page = desk.get(reverse("cases:agreement", args=[ready.case.pk])).content.decode()
    assert "Record the agreement with Kit Moss" in page
    agree(ready, promise(ready, responsible=also), party=also)
    assert Agreement.objects.filter(revised_by=None).count() == 2
    assert desk.get(address).status_code == 404
    with pytest.raises(StaleState):
        agree(ready, party=also)


@pytest.mark.parametrize(
    ("statuses", "words"),
    [
        ([S.COMPLETED, S.COMPLETED_LATE, S.VARIED], "Kept in full"),
        ([S.COMPLETED, S.AGREED], "Under way"),
        ([S.NOT_COMPLETED, S.WITHDRAWN], "Not kept"),
        ([S.COMPLETED, S.NOT_COMPLETED], "Kept in part"),
        ([S.WITHDRAWN], "Nothing of it stands"),
    ],
)
def test_how_an_agreement_stands_is_derived(statuses, words):
    assert agreement_stands(statuses)[1] == words


@pytest.fixture
def desk(cast, signed_in):
    return signed_in(cast["coordinator"])


def test_what_shows_it_is_kept_encrypted_and_leaves_by_its_own_page_alone(ready, owed, desk):
    shown = {"words": "A certificate", **typed(shown_on=ready.today)}
    named = SimpleUploadedFile("Liam Hart, 5 Mill Road.png", picture(words="5 Mill Road"))
    post(desk, "keep-evidence", ready.case.pk, owed.pk, file=named, **shown)
    kept = Evidence.objects.get()
    assert kept.file.is_encrypted
    answer = desk.get(reverse("cases:evidence-file", args=[ready.case.pk, owed.pk, kept.pk]))
    assert b"".join(answer.streaming_content).startswith(b"\x89PNG")
    assert "Mill" not in answer["Content-Disposition"]
    for content, words in ((b"<script>", "must be a PDF"), (b"%PDF-" + bytes(MOST_BYTES), "10 MB")):
        refused = post(
            desk,
            "keep-evidence",
            ready.case.pk,
            owed.pk,
            expected=422,
            file=SimpleUploadedFile("a.png", content),
            **shown,
        )
        assert words in refused.content.decode()
    with pytest.raises(DomainError, match="what shows it"):
        actions.keep_evidence(commitment=owed, shown_on=ready.today, by=ready.by, today=ready.today)


def test_a_review_begins_with_what_is_open_and_what_is_taken_out_does_not_go_on(ready, owed, desk):
    agreement = owed.agreement
    page = desk.get(reverse("cases:review-agreement", args=[ready.case.pk, agreement.pk]))
    assert "The window" in page.content.decode()
    forms = {"commitment-TOTAL_FORMS": "2", "commitment-INITIAL_FORMS": "1", **typed(agreed_on=ready.today)}
    goes_on = {
        "commitment-0-continues": owed.pk,
        "commitment-0-kind": "compensation",
        "commitment-0-words": "The window",
        "commitment-0-responsible": ready.responsible.pk,
        "commitment-0-amount": "100",
        **typed(**{"commitment-0-due_on": owed.due_on}),
    }
    with undone():
        post(desk, "review-agreement", ready.case.pk, agreement.pk, **forms, **goes_on)
        assert Commitment.objects.get(continues=owed).amount == 100
    emptied = dict.fromkeys(goes_on, "") | {"commitment-0-continues": owed.pk}
    instead = {
        "commitment-1-kind": "unpaid_work",
        "commitment-1-words": "Paints the hall",
        "commitment-1-responsible": ready.responsible.pk,
        **typed(**{"commitment-1-due_on": ready.today}),
    }
    post(desk, "review-agreement", ready.case.pk, agreement.pk, **forms, **emptied, **instead)
    assert Agreement.objects.get(round=2).commitments.get().words == "Paints the hall"
    page = desk.get(reverse("cases:agreement", args=[ready.case.pk])).content.decode()
    assert "round 1: a later agreement counts" in page


def test_old_and_new_stand_beside_each_other(ready, owed, desk):
    changed = {"words": "Half of the window", "amount": "50", "because": "Both agree", **typed(due_on=owed.due_on)}
    post(desk, "vary-commitment", ready.case.pk, owed.pk, **changed)
    new = Commitment.objects.get(continues=owed)
    pay(ready, new, "20.50")
    page = desk.get(reverse("cases:agreement", args=[ready.case.pk])).content.decode()
    for words in ("Before: The window £100.00", "£20.50 of £50.00 paid, £29.50 left", "Record a payment"):
        assert words in page
    page = desk.get(reverse("cases:commitment", args=[ready.case.pk, new.pk])).content.decode()
    for words in ("What it was before", "Both agree", "R-17"):
        assert words in page
    details = DomainEvent.objects.filter(verb__in=["cases.payment_recorded", "cases.commitment_varied"])
    assert "R-17" not in str(list(details.values_list("detail", flat=True)))


def test_with_whom_it_was_agreed_or_that_it_is_not_known(ready, cast, signed_in):
    ready.hold()
    agreed = agree(ready)
    page = reverse("cases:agreement", args=[ready.case.pk])
    desk, not_known = signed_in(cast["coordinator"]), "With whom of those responsible is not recorded"
    assert not_known not in desk.get(page).content.decode()
    Agreement.objects.filter(pk=agreed.pk).update(party=None)
    assert not_known in desk.get(page).content.decode()
