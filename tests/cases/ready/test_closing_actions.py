import hashlib
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cases import actions
from cases.choices import ClosureReason
from cases.models import Assignment, Case, Closure, Contact, Intervention, Participant, SurveyInvitation, SurveyResponse
from referrals.models import Referral, Task
from rj_service.accounts.acting import acting_as
from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from rj_service.accounts.tokens import kept_of
from tests.cases.conftest import consent, side_of
from tests.cases.ready.test_agreements import agree, stands

pytestmark = pytest.mark.django_db


def close(ready, reason, **changed):
    fields = {"closed_on": ready.today} | changed
    return actions.close_case(case=ready.case, reason=reason, by=ready.by, today=ready.today, **fields)


def test_a_completed_case(ready):
    ready.hold()
    closure = close(ready, "without_agreement")
    assert closure.closed_by == ready.by
    assert Referral.objects.get(pk=ready.case.referral_id).outcome == "completed"
    assert not Assignment.objects.in_force().exists()
    case = ready.fresh()
    assert (case.status, case.stage) == ("closed", "closed")


@pytest.mark.parametrize("reason", ["harmed_chose_not", "responsible_denies", "risk", "harmed_withdrew"])
def test_the_referrer_reads_one_sentence_whoever_said_no(ready, reason):
    close(ready, reason)
    assert Referral.objects.get(pk=ready.case.referral_id).outcome == "not_at_present"
    assert Intervention.objects.get().status == "cancelled"


@pytest.mark.parametrize("reason", ["with_agreement", "without_agreement", "indirect_completed"])
def test_completed_needs_something_held(ready, reason):
    with pytest.raises(DomainError, match="No intervention has been held"):
        close(ready, reason)
    assert not Closure.objects.exists()


def test_the_reason_fits_what_was_held(ready):
    ready.hold()
    with pytest.raises(DomainError, match="No outcome agreement is recorded"):
        close(ready, "with_agreement")
    with pytest.raises(DomainError, match="A direct intervention was held"):
        close(ready, "indirect_completed")


def test_nothing_may_be_arranged(ready):
    ready.schedule()
    with pytest.raises(DomainError, match="Face-to-face conference is arranged for .* Cancel it first"):
        close(ready, "risk")


ATTEMPTS = {
    "none": ([], "0 attempts are recorded. 3 attempts by 2 methods on 3 different days are needed before this reason"),
    "one": ([("phone", 0)], "1 attempt is recorded"),
    "two by two methods": ([("phone", 0), ("letter", 1)], "2 attempts are recorded"),
    "three by one method": ([("phone", day) for day in range(3)], "3 attempts are recorded by 1 method on 3 days"),
    "three on two days": (
        [("phone", 0), ("phone", 1), ("letter", 1)],
        "3 attempts are recorded by 2 methods on 2 days",
    ),
    "three by two methods on three days": ([("phone", 0), ("phone", 1), ("letter", 2)], ""),
}


@pytest.mark.parametrize("name", ATTEMPTS)
def test_could_not_be_contacted_needs_attempts_by_several_methods_on_several_days(ready, name):
    tried, words = ATTEMPTS[name]
    for method, days_ago in tried:
        actions.log_contact(
            participant=ready.harmed,
            method=method,
            result="no_answer",
            occurred_at=timezone.now() - timedelta(days=days_ago),
            by=ready.by,
            today=ready.today,
            has_happened=True,
        )
    if words:
        with pytest.raises(DomainError, match=words):
            close(ready, "harmed_not_reached")
    else:
        assert close(ready, "harmed_not_reached")
    assert actions.possible_reasons(ready.case)["responsible_not_reached"].startswith("0 attempts")


def test_only_our_own_attempts_to_the_person_count(ready):
    known = {"result": "no_answer", "by": ready.by, "today": ready.today, "has_happened": True}
    for days, method in enumerate(("phone", "phone", "letter")):
        at = timezone.now() - timedelta(days=days)
        actions.log_contact(participant=ready.harmed, method=method, occurred_at=at, **known)
    assert actions.possible_reasons(ready.case)["harmed_not_reached"] == ""
    letter = Contact.objects.filter(method="letter")
    letter.update(they_began=True)
    assert actions.possible_reasons(ready.case)["harmed_not_reached"].startswith("2 attempts are recorded")
    letter.update(they_began=False)
    Participant.objects.filter(pk=ready.harmed.pk).update(role="supporter")
    assert actions.possible_reasons(ready.case)["harmed_not_reached"].startswith("0 attempts are recorded")


@pytest.mark.parametrize(
    "changed",
    [
        {"reason": "bored"},
        {"closed_on": timezone.localdate() + timedelta(days=1)},
        {"closed_on": timezone.localdate() - timedelta(days=1)},
    ],
)
def test_closing_is_refused(ready, changed):
    with pytest.raises(DomainError):
        close(ready, **({"reason": "risk"} | changed))


def test_it_ends_on_the_day_of_the_last_intervention_at_the_earliest(ready):
    ready.hold()
    Case.objects.filter(pk=ready.case.pk).update(opened_on=ready.today - timedelta(days=2))
    with pytest.raises(DomainError, match="An intervention was held on .* Enter that day or a later one") as refused:
        close(ready, "without_agreement", closed_on=ready.today - timedelta(days=1))
    assert refused.value.field == "closed_on"
    assert close(ready, "without_agreement", closed_on=ready.today).closed_on == ready.today


def test_closing_twice_and_opening_again(ready):
    first = close(ready, "risk")
    with pytest.raises(StaleState, match="D Castle closed this case on .* Nothing was done twice"):
        close(ready, "proceedings")
    with pytest.raises(StaleState, match="closed"):
        actions.plan_intervention(case=ready.case, model="njp_panel", by=ready.by, today=ready.today)
    assert actions.reopen_case(case=ready.case, by=ready.by, today=ready.today).status == "open"
    first.refresh_from_db()
    assert first.reopened_by == ready.by
    with pytest.raises(StaleState):
        actions.reopen_case(case=ready.case, by=ready.by, today=ready.today)
    assert close(ready, "proceedings").pk != first.pk


def test_what_was_still_to_do_ends_with_it_and_what_is_to_be_told_comes_back(ready, cast, signed_in):
    ready.hold()
    stands(ready, agree(ready).commitments.get(), "completed")
    common = {"due_on": ready.today, "by": ready.by, "today": ready.today}
    actions.add_task(case=ready.case, words="Ring the school", **common)
    area = {"service_area_id": ready.case.service_area_id, "referral_id": ready.case.referral_id}
    Task.objects.create(kind="review_change", due_on=ready.today, created_by=ready.by, **area)
    asked = set(Task.objects.open().values_list("kind", flat=True))
    assert asked >= {"tell", "other", "follow_up", "review_change"}
    page = signed_in(cast["coordinator"]).get(reverse("cases:close", args=[ready.case.pk])).content.decode()
    assert "still waits to hear" in page
    close(ready, "with_agreement")
    assert set(Task.objects.open().values_list("kind", flat=True)) == {"review_change"}
    actions.reopen_case(case=ready.case, by=ready.by, today=ready.today)
    again = Task.objects.open().get(kind="tell")
    assert (again.person, again.assigned_to) == (ready.harmed.person, ready.case.coordinator)


def test_a_duplicate_names_the_case_that_stays_and_counts_no_more(ready, open_case):
    with pytest.raises(DomainError, match="Enter the reference of the case that stays"):
        close(ready, "duplicate")
    with pytest.raises(DomainError, match="cannot be the same as itself"):
        close(ready, "duplicate", duplicate_of=ready.case)
    other = open_case()
    close(ready, "duplicate", duplicate_of=other)
    referral = Referral.objects.get(pk=ready.case.referral_id)
    assert (referral.status, referral.duplicate_of) == ("duplicate", other.referral)
    actions.reopen_case(case=ready.case, by=ready.by, today=ready.today)
    referral.refresh_from_db()
    assert (referral.status, referral.duplicate_of) == ("accepted", None)


def test_a_case_opened_in_error_counts_no_more(ready):
    close(ready, "in_error")
    assert Referral.objects.get(pk=ready.case.referral_id).status == "entered_in_error"
    actions.reopen_case(case=ready.case, by=ready.by, today=ready.today)
    assert Referral.objects.get(pk=ready.case.referral_id).status == "accepted"


def test_who_may_close(ready, cast):
    for who in ("practitioner", "supervisor", "hub_worker", "opcc"):
        with acting_as(cast[who]) as by, pytest.raises(NotAllowed):
            actions.close_case(case=ready.case, reason="risk", closed_on=ready.today, by=by, today=ready.today)


def test_every_reason_has_an_answer(ready):
    assert set(actions.possible_reasons(ready.case)) == set(ClosureReason.values)


@pytest.fixture
def asked(ready):
    consent(ready.case, "harmed", "survey", by=ready.by, today=ready.today)
    return actions.invite_to_survey(channel="in_person", participant=ready.harmed, by=ready.by, today=ready.today)


def test_only_the_digest_of_a_link_is_stored(asked):
    invitation, secret = asked
    stored = SurveyInvitation.objects.get()
    assert bytes(stored.token_digest) == hashlib.sha256(secret.encode()).digest()
    assert actions.invitation_by_link(actions.survey_link_by_secret(secret)) == invitation


def test_a_link_works_once(asked, ready):
    _, secret = asked
    response = actions.answer_survey_by_link(
        link=kept_of(secret), overall="satisfied", today=ready.today, answers={"felt_safe": "satisfied"}, words="Fair"
    )
    assert (response.side, response.received_on, response.entered_by) == ("harmed", ready.today, None)
    with pytest.raises(StaleState, match="This link has been used or has ended. Ask for a new one."):
        actions.answer_survey_by_link(link=kept_of(secret), overall="satisfied", today=ready.today)
    assert SurveyResponse.objects.count() == 1


@pytest.mark.parametrize("secret", ["", "not-a-link"])
def test_a_wrong_link_says_the_same(asked, ready, secret):
    with pytest.raises(StaleState, match="used or has ended"):
        actions.invitation_by_link(secret)
    with pytest.raises(StaleState, match="used or has ended"):
        actions.answer_survey_by_link(link=kept_of(secret), overall="satisfied", today=ready.today)


def test_a_link_ends(asked, ready):
    SurveyInvitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(StaleState):
        actions.invitation_by_link(kept_of(asked[1]))


def test_staff_enter_answers_on_paper_once(asked, ready):
    invitation, secret = asked
    given = {"invitation": invitation, "received_on": ready.today, "by": ready.by, "today": ready.today}
    with pytest.raises(DomainError, match="satisfied"):
        actions.record_survey_answers(overall="great", **given)
    response = actions.record_survey_answers(overall="dissatisfied", **given)
    assert response.entered_by == ready.by
    with pytest.raises(StaleState):
        actions.record_survey_answers(overall="satisfied", **given)
    with pytest.raises(StaleState):
        actions.answer_survey_by_link(link=kept_of(secret), overall="satisfied", today=ready.today)


def test_nobody_is_asked_without_agreeing_to_it(ready):
    with pytest.raises(DomainError, match="not agreed to be asked"):
        actions.invite_to_survey(channel="in_person", participant=ready.responsible, by=ready.by, today=ready.today)


def test_whoever_came_with_somebody_is_not_asked_in_their_place(ready):
    someone = Participant.objects.filter(pk=ready.harmed.pk)
    consent(ready.case, "harmed", "survey", by=ready.by, today=ready.today)
    someone.update(role="supporter")
    ready.harmed.refresh_from_db()
    with pytest.raises(DomainError, match="Only the person harmed and the person responsible are asked"):
        actions.invite_to_survey(channel="in_person", participant=ready.harmed, by=ready.by, today=ready.today)
    someone.update(role="person_harmed")
    ready.harmed.refresh_from_db()
    assert actions.invite_to_survey(channel="in_person", participant=ready.harmed, by=ready.by, today=ready.today)


def test_nobody_who_withdrew_or_died_is_asked(asked, ready):
    actions.withdraw_consent(participant=ready.harmed, by=ready.by, today=ready.today)
    with pytest.raises(DomainError, match="withdrew"):
        actions.invite_to_survey(channel="in_person", participant=ready.harmed, by=ready.by, today=ready.today)
    actions.record_death(participant=ready.harmed, died_on=ready.today, by=ready.by, today=ready.today)
    with pytest.raises(DomainError, match="has died"):
        actions.invite_to_survey(
            channel="in_person", participant=side_of(ready.case, "harmed"), by=ready.by, today=ready.today
        )


def test_contacts_are_not_of_tomorrow(ready):
    with pytest.raises(DomainError, match="today or in the past"):
        actions.log_contact(
            participant=ready.harmed,
            method="phone",
            result="spoke",
            occurred_at=ready.tomorrow,
            by=ready.by,
            today=ready.today,
        )
