from datetime import timedelta

import pytest

from cases import actions
from cases.models import Assignment, Case, Invitation
from referrals.actions import raise_flag, restrict
from referrals.models import ConflictOfInterest, SafetyChange
from rj_service.accounts.acting import acting_as
from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from rj_service.accounts.roles import Role
from rj_service.notifications.models import Notification
from tests.factories import member
from tests.volunteers.factories import born_17_years_before, ready_practitioner
from volunteers.models import Check, Practitioner

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(open_case, coordinator):
    return open_case()


@pytest.fixture
def pat(area, cast, today):
    return ready_practitioner(area, today, user=cast["practitioner"])


@pytest.fixture
def assign(case, coordinator, today):
    def give(practitioner, role="lead", sides="both"):
        return actions.assign(
            not_asked="otherwise",
            case=case,
            practitioner=practitioner,
            role=role,
            sides=sides,
            by=coordinator,
            today=today,
        )

    return give


@pytest.fixture
def invite(case, coordinator, today):
    def ask(practitioner, **changed):
        fields = {"role": "lead", "sides": "both", "near": "Sawtry", "hours": 8} | changed
        return actions.invite_practitioner(
            case=case,
            practitioner=practitioner,
            answer_by=fields.pop("answer_by", today + timedelta(days=3)),
            by=coordinator,
            today=today,
            **fields,
        )

    return ask


def test_assign_a_ready_lead(assign, pat, cast):
    assignment = assign(pat)
    assert (assignment.role, assignment.sides, assignment.ended_at) == ("lead", "both", None)
    assert Notification._base_manager.filter(user=cast["practitioner"], kind="assigned").count() == 1


SIDES = {"harmed": {"harmed"}, "responsible": {"responsible"}, "both": {"harmed", "responsible"}}


@pytest.mark.parametrize("sides", SIDES)
@pytest.mark.parametrize("asked", ["", "invited", "said yes", "shown", *SIDES])
def test_a_place_waits_for_the_answer_whether_they_know_anybody(
    case, pat, invite, coordinator, cast, today, asked, sides
):
    if asked:
        invitation = invite(pat, sides=asked if asked in SIDES else "both")
    with acting_as(cast["practitioner"]) as by:
        if asked not in ("", "invited"):
            actions.answer_invitation(invitation=invitation, accepted=True, by=by, today=today)
    if asked not in ("", "invited", "said yes"):
        actions.show_names(invitation=invitation, by=coordinator, today=today)
    if asked in SIDES:
        with acting_as(cast["practitioner"]) as by:
            actions.know_nobody(invitation=invitation, by=by, today=today)
    given = {"case": case, "practitioner": pat, "role": "lead", "sides": sides, "by": coordinator, "today": today}
    if SIDES[sides] <= SIDES.get(asked, set()):
        assert actions.assign(**given, not_asked="urgent").not_asked_because == ""
        return
    for not_asked in ("", "because"):
        with pytest.raises(DomainError, match="has not answered whether they know anybody of these sides") as refused:
            actions.assign(**given, not_asked=not_asked)
        assert refused.value.field == "not_asked"
    assert actions.assign(**given, not_asked="urgent").not_asked_because == "urgent"


def test_whoever_came_to_a_side_since_they_answered_is_asked_about(case, pat, invite, coordinator, cast, today):
    invitation = invite(pat, sides="harmed")
    with acting_as(cast["practitioner"]) as by:
        actions.answer_invitation(invitation=invitation, accepted=True, by=by, today=today)
    actions.show_names(invitation=invitation, by=coordinator, today=today)
    with acting_as(cast["practitioner"]) as by:
        actions.know_nobody(invitation=invitation, by=by, today=today)
    assert actions.knows_nobody_of(case, pat) == {"harmed"}
    later = Invitation.objects.get().cleared_at + timedelta(minutes=1)
    case.participants.filter(side="responsible").update(added_at=later)
    assert actions.knows_nobody_of(case, pat) == {"harmed"}
    case.participants.filter(side="harmed").update(added_at=later)
    assert actions.knows_nobody_of(case, pat) == set()


def test_vetting_that_ended_is_named(assign, pat, today):
    Check.objects.filter(practitioner=pat, kind="nppv_2").update(expires_on=today - timedelta(days=1))
    with pytest.raises(DomainError, match=r"Pat Wren cannot be assigned: police vetting \(NPPV level 2\) ended on"):
        assign(pat)
    assert not Assignment.objects.exists()


def test_a_conflict_shows_no_reason(assign, pat, case, coordinator, area):
    person = case.participants.first().person
    user = pat.learner.user
    ConflictOfInterest.objects.create(
        service_area=area, user=user, person=person, reason="My neighbour", declared_by=user
    )
    with pytest.raises(DomainError, match="Pat Wren cannot be assigned: declared a conflict of interest$"):
        assign(pat)


def test_nobody_under_18_takes_a_sensitive_case(assign, pat, case, coordinator, today):
    Practitioner.objects.filter(pk=pat.pk).update(date_of_birth=born_17_years_before(today))
    actions.raise_flag(case=case, kind="hate_crime", by=coordinator, today=today)
    with pytest.raises(DomainError, match="nder 18"):
        assign(pat, role="co_facilitator")


@pytest.mark.parametrize("at", ["case", "referral"])
def test_a_case_that_turns_sensitive_is_nobodys_who_is_under_18(
    assign, invite, pat, case, area, coordinator, cast, today, at
):
    """What they have ends at once, and what they are asked for; who is an adult goes on."""
    born = {"kind": "young", "date_of_birth": born_17_years_before(today)}
    adult = ready_practitioner(area, today, user=cast["off_case_practitioner"])
    asked = ready_practitioner(area, today, user=member(Role.PRACTITIONER, area), **born)
    assign(adult)
    given, invitation = assign(pat, role="co_facilitator"), invite(asked, role="co_facilitator")
    Practitioner.objects.filter(pk=pat.pk).update(**born)
    for _ in range(2):
        if at == "case":
            actions.raise_flag(case=case, kind="hate_crime", by=coordinator, today=today)
        else:
            raise_flag(referral=case.referral, kind="hate_crime", by=coordinator)
        for change in SafetyChange.objects.all():
            actions.apply_safety_change(change=change, by=coordinator, today=today)
    given.refresh_from_db()
    invitation.refresh_from_db()
    assert (given.ended_reason, invitation.answer) == ("Under 18: does not take a sensitive case", "withdrawn")
    assert Assignment.objects.in_force().get(case=case).practitioner == adult
    assert Notification._base_manager.filter(user=cast["practitioner"], kind="unassigned").count() == 1
    with acting_as(cast["practitioner"]) as by:
        assert not Case.objects.visible_to(by).exists()


def test_one_lead_at_a_time(assign, pat, area, cast, today):
    assign(pat)
    other = ready_practitioner(area, today, user=cast["off_case_practitioner"])
    with pytest.raises(DomainError, match="Pat Wren leads this case"):
        assign(other)
    assign(other, role="co_facilitator", sides="harmed")
    with pytest.raises(DomainError, match="works on this case already"):
        assign(other, role="co_facilitator")


def test_changing_an_assignment_keeps_the_first_on_record(assign, pat, coordinator, today):
    first = assign(pat, sides="harmed")
    second = actions.change_assignment(
        assignment=first, role="lead", sides="both", not_asked="worked", by=coordinator, today=today
    )
    first.refresh_from_db()
    assert first.ended_at is not None
    assert second.sides == "both"
    with pytest.raises(StaleState):
        actions.end_assignment(assignment=first, reason="Again", by=coordinator, today=today)


def test_ending_closes_access_at_once(assign, pat, case, coordinator, cast, today):
    assignment = assign(pat)
    with acting_as(cast["practitioner"]) as by:
        assert Case.objects.visible_to(by).count() == 1
    actions.end_assignment(assignment=assignment, reason="Moved away", by=coordinator, today=today)
    with acting_as(cast["practitioner"]) as by:
        assert not Case.objects.visible_to(by).exists()


@pytest.mark.parametrize("who", ["practitioner", "supervisor", "manager", "other_coordinator"])
def test_who_may_assign(case, pat, cast, area, today, who):
    def give(by):
        return actions.assign(
            not_asked="otherwise", case=case, practitioner=pat, role="lead", sides="both", by=by, today=today
        )

    with acting_as(cast[who], areas=[area]) as by:
        if who == "manager":
            assert give(by)
        else:
            with pytest.raises(NotAllowed):
                give(by)


def test_an_invitation_is_answered_by_the_person_asked(invite, pat, coordinator, cast, today):
    invitation = invite(pat)
    with pytest.raises(NotAllowed):
        actions.answer_invitation(invitation=invitation, accepted=True, by=coordinator, today=today)
    with acting_as(cast["practitioner"]) as by:
        assert Invitation.objects.visible_to(by).count() == 1
        assert not Case.objects.visible_to(by).exists()
        answered = actions.answer_invitation(invitation=invitation, accepted=True, by=by, today=today)
        assert answered.answer == "accepted"
        assert not Case.objects.visible_to(by).exists()
        with pytest.raises(StaleState):
            actions.answer_invitation(invitation=invitation, accepted=False, by=by, today=today)
    assert Notification._base_manager.filter(user=coordinator, kind="invitation_answered").exists()


def test_an_invitation_ends(invite, assign, pat, coordinator, cast, today):
    invitation = invite(pat)
    with pytest.raises(DomainError, match="asked already"):
        invite(pat)
    with acting_as(cast["practitioner"]) as by, pytest.raises(DomainError, match="The time to answer ended"):
        actions.answer_invitation(invitation=invitation, accepted=True, by=by, today=today + timedelta(days=4))
    assign(pat)
    invitation.refresh_from_db()
    assert invitation.answer == "withdrawn"


@pytest.mark.parametrize("changed", [{"role": "boss"}, {"sides": "left"}])
def test_an_invitation_names_role_and_sides(invite, pat, changed):
    with pytest.raises(DomainError):
        invite(pat, **changed)


def test_nobody_is_asked_who_could_not_read_it(invite, area, today):
    without = ready_practitioner(area, today)
    with pytest.raises(DomainError, match="has no account, so that nobody would read it"):
        invite(practitioner=without)


def test_a_late_answer_day_is_refused(invite, pat, today):
    with pytest.raises(DomainError, match="today or later"):
        invite(pat, answer_by=today - timedelta(days=1))


def test_nobody_is_waited_for_longer_than_sixty_days(invite, pat, today):
    with pytest.raises(DomainError, match="within 60 days"):
        invite(pat, answer_by=today + timedelta(days=61))
    assert invite(pat, answer_by=today + timedelta(days=60)).answer == "waiting"


def say(invitation, user, *, yes=True, today):
    with acting_as(user) as by:
        return actions.answer_invitation(invitation=invitation, accepted=yes, by=by, today=today).answer


@pytest.fixture
def olu(area, cast, today):
    return ready_practitioner(area, today, user=cast["off_case_practitioner"])


def test_from_yes_to_the_names_to_the_place(invite, assign, pat, olu, case, coordinator, cast, today):
    first, second = invite(pat), invite(olu)
    with pytest.raises(StaleState, match="whoever said yes"):
        actions.show_names(invitation=first, by=coordinator, today=today)
    assert say(first, cast["practitioner"], today=today) == "accepted"
    assert say(second, cast["off_case_practitioner"], today=today) == "reserve"
    with pytest.raises(StaleState):
        actions.show_names(invitation=second, by=coordinator, today=today)
    actions.show_names(invitation=first, by=coordinator, today=today)
    with acting_as(cast["off_case_practitioner"]) as by, pytest.raises(NotAllowed):
        actions.know_nobody(invitation=first, by=by, today=today)
    with acting_as(cast["practitioner"]) as by:
        assert not Case.objects.visible_to(by).exists()
        actions.know_nobody(invitation=first, by=by, today=today)
        with pytest.raises(StaleState):
            actions.know_somebody(invitation=first, by=by, today=today)
    assign(pat)
    first.refresh_from_db(), second.refresh_from_db()
    assert (first.answer, second.answer) == ("assigned", "withdrawn")
    assert Notification._base_manager.filter(user=cast["off_case_practitioner"], kind="invitation_over").exists()


def test_whoever_knows_somebody_is_shut_out_and_the_reserve_moves_up(invite, pat, olu, case, coordinator, cast, today):
    first, second = invite(pat), invite(olu)
    say(first, cast["practitioner"], today=today), say(second, cast["off_case_practitioner"], today=today)
    actions.show_names(invitation=first, by=coordinator, today=today)
    with acting_as(cast["practitioner"]) as by:
        actions.know_somebody(invitation=first, by=by, today=today)
        assert not Invitation.objects.open().filter(pk=first.pk).exists()
    assert ConflictOfInterest.objects.get().user == cast["practitioner"]
    with pytest.raises(DomainError, match="declared a conflict of interest"):
        actions.invite_practitioner(
            case=case, practitioner=pat, role="lead", sides="both", answer_by=today, by=coordinator, today=today
        )
    assert actions.show_names(invitation=second, by=coordinator, today=today).answer == "accepted"


@pytest.mark.parametrize("stops", ["vetting", "conflict", "restriction", "closed"])
def test_names_shut_as_the_case_shuts(invite, pat, case, coordinator, cast, area, today, stops):
    invitation, user = invite(pat), cast["practitioner"]
    say(invitation, user, today=today)
    actions.show_names(invitation=invitation, by=coordinator, today=today)
    with acting_as(user) as by:
        assert Invitation.objects.all().with_names_open(by, today).exists()
    if stops == "vetting":
        Check.objects.filter(practitioner=pat, kind="nppv_2").update(expires_on=today - timedelta(days=1))
    elif stops == "conflict":
        person = case.participants.first().person
        ConflictOfInterest.objects.create(service_area=area, user=user, person=person, declared_by=user)
    elif stops == "restriction":
        with acting_as(cast["manager"]) as by:
            restrict(referral=case.referral, reason="A colleague", by=by)
    else:
        actions.close_case(case=case, reason="risk", closed_on=today, by=coordinator, today=today)
    with acting_as(user) as by:
        assert not Invitation.objects.all().with_names_open(by, today).exists()


@pytest.mark.parametrize("near", ["12 High Street", "Sawtry PE28 5XX", "near MAUREEN’s", "near Maureen."])
def test_an_invitation_names_no_address_and_nobody(invite, pat, near):
    with pytest.raises(DomainError, match="Name a town or district only"):
        invite(pat, near=near)
