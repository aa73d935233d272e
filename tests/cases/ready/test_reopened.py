"""A signed assessment that something has overtaken: it stays, it does not count, and somebody trained looks at it again."""

import pytest
from django.urls import reverse

from cases import actions
from cases.gate import checks_for
from cases.models import Assessment, Intervention, Reopening
from referrals import actions as referrals
from referrals.models import SafetyChange, Task
from rj_service.accounts.acting import acting_as
from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from rj_service.audit.models import DomainEvent
from rj_service.jobs.leases import work_on
from tests.cases.conftest import assess, manager_of, undone

pytestmark = pytest.mark.django_db


def by(ready) -> dict:
    return {"by": ready.by, "today": ready.today}


def signed(ready, side: str) -> Assessment:
    return Assessment.objects.standing().get(case=ready.case, side=side)


def reopened(ready) -> dict[str, str]:
    return dict(Reopening.objects.standing().values_list("assessment__side", "because"))


def said(ready, side: str) -> str:
    """What the gate says of the side's assessment, empty where it counts."""
    meeting = Intervention.objects.get(pk=ready.intervention.pk)
    found = [one for one in checks_for(meeting, ready.today) if (one.key, one.side) == ("assessment", side)]
    return found[0].reason if found[0].is_missing else ""


def flag(ready):
    actions.raise_flag(case=ready.case, kind="stalking", **by(ready))


def bar(ready):
    given = {"kind": "bail", "authority": "The court", "starts_on": ready.today}
    actions.record_legal_bar(participant=ready.responsible, **given, **by(ready))


def flag_on_the_referral(ready):
    referrals.raise_flag(referral=ready.case.referral, kind="stalking", by=ready.by)


def bar_on_the_referral(ready):
    given = {"kind": "bail", "authority": "The court", "starts_on": ready.today}
    referral, person = ready.case.referral, ready.responsible.person
    referrals.record_legal_bar(person=person, referral=referral, **given, by=ready.by)


def concern(ready):
    area, referral = ready.case.service_area, ready.case.referral
    referrals.raise_concern(area=area, referral=referral, kind="threat", words="He rang her", **by(ready))


def managers_word(ready):
    with acting_as(manager_of(ready.case)) as who:
        one = signed(ready, "responsible")
        actions.reopen_assessment(assessment=one, words="He moved back", by=who, today=ready.today)


OVERTAKEN = {
    "late flag": (flag, {"harmed": "flag", "responsible": "flag"}),
    "late flag on the referral": (flag_on_the_referral, {"harmed": "flag", "responsible": "flag"}),
    "bar": (bar, {"responsible": "bar"}),
    "bar on the referral": (bar_on_the_referral, {"responsible": "bar"}),
    "concern": (concern, {"harmed": "news", "responsible": "news"}),
    "manager’s word": (managers_word, {"responsible": "manager"}),
}


def act_on_changes() -> None:
    for change in SafetyChange._base_manager.filter(state="queued"):
        assert work_on(SafetyChange, change.pk)


@pytest.mark.parametrize("name", OVERTAKEN)
def test_what_overtakes_an_assessment_reopens_it_and_stops_what_is_arranged(ready, name):
    overtake, expected = OVERTAKEN[name]
    ready.schedule()
    before = list(Assessment.objects.order_by("pk").values())
    overtake(ready)
    act_on_changes()
    assert reopened(ready) == expected
    assert {side for side in ("harmed", "responsible") if "re-opened on" in said(ready, side)} == set(expected)
    assert list(Assessment.objects.order_by("pk").values()) == before  # what was signed stays as it was signed
    assert Intervention.objects.get(pk=ready.intervention.pk).status == "postponed"
    assert ready.fresh().stage == "assessment"
    tasks = Task.objects.open().filter(kind="look_again")
    assert set(tasks.values_list("side", flat=True)) == set(expected)
    assert {task.assigned_to for task in tasks} == {ready.lead.learner.user}
    events = DomainEvent.objects.filter(verb="cases.assessment_reopened")
    assert {event.detail["side"] for event in events} == set(expected)
    assert not any({"because", "kind", "words"} & set(event.detail) for event in events)


def test_a_side_reads_nothing_of_the_other_and_of_a_concern_only_that_there_is_something_new(ready):
    bar(ready)
    assert said(ready, "harmed") == ""
    with undone():
        concern(ready)
        act_on_changes()
        assert said(ready, "harmed").endswith("something new was learnt since.")
        assert "threat" not in said(ready, "responsible")


def test_it_counts_again_once_somebody_trained_signed_that_it_still_holds(ready):
    flag(ready)
    act_on_changes()
    one = signed(ready, "harmed")
    known = {"assessment": one, **by(ready)}
    with pytest.raises(DomainError, match="why it still holds"):
        actions.reconfirm_assessment(**known)
    with pytest.raises(DomainError, match="has met this person"):
        actions.reconfirm_assessment(still_holds="She was asked again", **known)
    assert ready.look_again("harmed") == 1
    assert (said(ready, "harmed"), reopened(ready)) == ("", {"responsible": "flag"})
    ended = Reopening.objects.get(assessment=one)
    assert (ended.still_holds, ended.ended_by.learner.user) == ("Talked about it again", ready.by)
    assert set(Task.objects.open().filter(kind="look_again").values_list("side", flat=True)) == {"responsible"}
    assess(ready.case, "responsible", **by(ready))  # a new one counts as well
    assert said(ready, "responsible") == ""
    assert not Task.objects.open().filter(kind="look_again").exists()


def test_nobody_untrained_says_that_it_holds(ready, cast):
    flag(ready)
    with acting_as(cast["manager"]) as manager, pytest.raises(NotAllowed, match="trained"):
        actions.reconfirm_assessment(
            assessment=signed(ready, "harmed"), still_holds="Yes", has_met_person=True, by=manager, today=ready.today
        )


def test_what_was_signed_after_it_was_learnt_knows_of_it(ready):
    flag_on_the_referral(ready)
    assess(ready.case, "harmed", **by(ready))
    act_on_changes()
    assert reopened(ready) == {"responsible": "flag"}
    ready.look_again()
    change = SafetyChange._base_manager.get(kind="flag_raised")
    actions.apply_safety_change(change=change, **by(ready))
    assert reopened(ready) == {}


def test_a_manager_asks_once_and_says_what_for(ready, cast):
    one = signed(ready, "responsible")
    with pytest.raises(NotAllowed):
        actions.reopen_assessment(assessment=one, words="Look again", **by(ready))
    with acting_as(cast["manager"]) as manager:
        known = {"assessment": one, "by": manager, "today": ready.today}
        with pytest.raises(DomainError, match="Say what"):
            actions.reopen_assessment(words=" ", **known)
        actions.reopen_assessment(words="He moved back", **known)
        with pytest.raises(StaleState):
            actions.reopen_assessment(words="Again", **known)


def test_the_page_says_what_changed_and_takes_the_signature(ready, cast, signed_in):
    desk = signed_in(cast["coordinator"])
    address = reverse("cases:assessment-still-holds", args=[ready.case.pk, ready.responsible.pk])
    assert desk.get(address).status_code == 404
    managers_word(ready)
    assert "He moved back" in desk.get(address).content.decode()
    assert "Re-opened: it does not count" in desk.get(address.replace("still-holds/", "")).content.decode()
    assert desk.post(address, {"still_holds": "Seen at home"}).status_code == 422
    assert desk.post(address, {"still_holds": "Seen at home", "has_met_person": "on"}).status_code == 302
    assert "Seen at home" in desk.get(address.replace("still-holds/", "")).content.decode()
    assert said(ready, "responsible") == ""
