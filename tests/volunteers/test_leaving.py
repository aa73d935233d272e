"""A volunteer leaves: sessions, assignments and access end in one step. And a message to many names nobody to anybody."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from django_scopes import scopes_disabled

from cases import actions as cases
from cases.actions.inviting import is_place_taken
from cases.models import Assignment, Visit
from referrals.models import Task
from rj_service.accounts.acting import acting_as
from rj_service.accounts.errors import DomainError, NotAllowed
from rj_service.accounts.models import User
from rj_service.jobs.leases import work_on
from rj_service.notifications.models import Notification
from tests.cases.conftest import open_one, side_of
from tests.training.factories import CohortFactory, CourseFactory, EnrolmentFactory, SessionFactory
from tests.volunteers.factories import ready_practitioner
from training import actions as training
from training.models import Learner
from volunteers import actions
from volunteers.mileage import financial_year_of
from volunteers.models import Message, MessageTo, Nominee, Practitioner, RingMail


def test_everything_ends_in_one_step(area, cast, volunteer, today, signed_in):
    with acting_as(cast["coordinator"]) as by:
        case = open_one(area, by, today)
        cases.assign(
            not_asked="otherwise", case=case, practitioner=volunteer, role="lead", sides="both", by=by, today=today
        )
        lines = [actions.Places(None, 1, True)]
        team = actions.compose_team(area=area, name="A", lines=lines, size=1, fewest_volunteers=1, by=by)
        actions.nominate(place=team.places.get(), who=volunteer, named_on=today, today=today, by=by)
    client, desk = signed_in(cast["practitioner"]), reverse("cases:desk", args=[case.pk])
    assert client.get(desk).status_code == 200
    page = reverse("cases:leaving", args=[volunteer.pk])
    coordinator = signed_in(cast["coordinator"])
    assert desk in coordinator.get(page).content.decode()
    assert coordinator.post(page, {"reason": "Moved away"}).status_code == 302
    assert client.get(desk).status_code == 302  # sent to sign in: the open session has ended
    with scopes_disabled():
        assert Practitioner.objects.get(pk=volunteer.pk).status == "left"
        assert not Assignment.objects.in_force().exists()
        assert Nominee.objects.get().status == "dropped_out"
    gone = User.objects.get(pk=cast["practitioner"].pk)
    assert not gone.is_active and not gone.current_memberships().exists()
    assert coordinator.post(page, {"reason": "Again"}).status_code == 422


def test_what_they_said_yes_to_is_free_again_and_a_visit_asks_for_somebody(area, cast, volunteer, today):
    with acting_as(cast["coordinator"]) as by:
        case = open_one(area, by, today)
        asked = cases.invite_practitioner(
            case=case, practitioner=volunteer, role="lead", sides="both", answer_by=today, by=by, today=today
        )
    with acting_as(cast["practitioner"]) as own:
        cases.answer_invitation(invitation=asked, accepted=True, by=own, today=today)
    with acting_as(cast["coordinator"]) as by:
        other = ready_practitioner(area, today)
        harmed = side_of(case, "harmed")
        with_them = {"visitor": other, "companion": volunteer, "planned_for": timezone.now() + timedelta(days=2)}
        for one in (other, volunteer):
            Assignment.objects.create(
                case=case,
                practitioner=one,
                role="co_facilitator",
                sides="both",
                started_at=timezone.now(),
                started_by=by,
            )
        cases.plan_visit(participant=harmed, place="venue", minutes=30, by=by, now=timezone.now(), **with_them)
        cases.record_leaver(practitioner=volunteer, reason="Moved away", today=today, by=by)
        asked.refresh_from_db()
        assert asked.answer == "withdrawn" and not is_place_taken(case, "lead")
        task = Task.objects.open().get(words__startswith=f"{volunteer.name} has left: the visit of")
        assert (task.assigned_to, task.due_on, task.side) == (case.coordinator, today, "harmed")
        assert Visit.objects.get().status == "planned"


def leave(practitioner, user, today):
    with acting_as(user) as by:
        cases.record_leaver(practitioner=practitioner, reason="Moved away", today=today, by=by)


@pytest.mark.parametrize(("begins_in", "moves_up"), [(1, True), (0, False), (-1, False)])
def test_a_place_on_a_course_is_free_and_the_list_moves_up_before_it_begins(
    area, cast, volunteer, today, begins_in, moves_up
):
    cohort = CohortFactory(service_area=area, course=CourseFactory(service_area=area), maximum=1)
    SessionFactory(cohort=cohort, held_on=today + timedelta(days=begins_in))
    own = EnrolmentFactory(cohort=cohort, learner=volunteer.learner, number=1)
    next_one = EnrolmentFactory(cohort=cohort, status="waiting", number=2)
    leave(volunteer, cast["coordinator"], today)
    with scopes_disabled():
        own.refresh_from_db()
        next_one.refresh_from_db()
    assert (own.status, own.ended_reason) == ("dropped_out", "Left")
    assert next_one.status == ("enrolled" if moves_up else "waiting")
    assert Notification.objects.filter(user=cast["training_lead"], kind="training_due").count() == 1


def test_nobody_who_has_left_moves_up_and_what_was_completed_stays(area, other_area, cast, volunteer, today):
    cohort = CohortFactory(service_area=area, course=CourseFactory(service_area=area), maximum=1)
    SessionFactory(cohort=cohort, held_on=today + timedelta(days=5))
    placed = EnrolmentFactory(cohort=cohort, number=1)
    waiting = EnrolmentFactory(cohort=cohort, learner=volunteer.learner, status="waiting", number=2)
    done = EnrolmentFactory(
        cohort=CohortFactory(service_area=area, completed_at=timezone.now()),
        learner=volunteer.learner,
        status="completed",
    )
    abroad = CohortFactory(service_area=other_area, course=CourseFactory(service_area=other_area))
    elsewhere = EnrolmentFactory(cohort=abroad, learner=volunteer.learner)
    leave(volunteer, cast["coordinator"], today)
    with acting_as(cast["coordinator"]) as by:
        assert training.drop_out(enrolment=placed, reason="Ill", today=today, by=by) is None
    with scopes_disabled():
        for one in (waiting, done, elsewhere):
            one.refresh_from_db()
    assert [one.status for one in (waiting, done, elsewhere)] == ["dropped_out", "completed", "dropped_out"]


def test_what_they_claimed_is_paid_and_nothing_of_it_is_stuck(area, cast, volunteer, today, signed_in):
    with acting_as(cast["practitioner"]) as own:
        given = {"kind": "mileage", "miles": 10, "spent_on": today, "words": "Ely to March", "today": today}
        waits, back, ready, gone = (actions.claim_expense(practitioner=volunteer, by=own, **given) for _ in range(4))
    with acting_as(cast["manager"]) as by:
        laid = {"year": financial_year_of(today), "name": "Expenses", "stream": "Police", "amount": 100}
        line = actions.lay_budget_line(area=area, by=by, **laid)
        actions.send_back_claim(claim=back, because="Which day?", by=by)
        actions.approve_claim(claim=ready, line=line, by=by)
        actions.refuse_claim(claim=gone, because="Not ours", by=by)
    leave(volunteer, cast["coordinator"], today)
    page = reverse("volunteers:decide-claim", args=[back.pk])
    shown = signed_in(cast["manager"]).get(page).content.decode()
    assert "They have left" in shown and "Which day?" in shown and "Send it back" not in shown
    with acting_as(cast["manager"]) as by:
        for claim in (waits, back):
            with pytest.raises(DomainError, match="cannot put it right"):
                actions.send_back_claim(claim=claim, because="Again", by=by)
            actions.approve_claim(claim=claim, line=line, by=by)
        run = actions.make_payment(area=area, by=by)
    assert run.number == 3
    with scopes_disabled():
        gone.refresh_from_db()
    assert gone.status == "refused"


def test_why_is_asked_and_nobody_ends_themselves(cast, volunteer, today):
    with acting_as(cast["coordinator"]) as by, pytest.raises(DomainError, match="Say why"):
        cases.record_leaver(practitioner=volunteer, reason=" ", today=today, by=by)
    with acting_as(cast["practitioner"]) as by, pytest.raises(NotAllowed):
        cases.record_leaver(practitioner=volunteer, reason="Mine", today=today, by=by)


def test_a_message_to_many_shows_nobody_to_the_others(area, cast, volunteer, today, signed_in):
    with scopes_disabled():
        other = ready_practitioner(area, today, user=cast["off_case_practitioner"])
    client = signed_in(cast["coordinator"])
    page = reverse("volunteers:write-message")
    typed = {"to": "working", "subject": "Summer training", "words": "Bring sandwiches"}
    assert client.post(page, typed).status_code == 302
    with scopes_disabled():
        assert set(MessageTo.objects.values_list("practitioner", flat=True)) == {volunteer.pk, other.pk}
    for row in Notification.objects.filter(kind="volunteer_message"):
        work_on(Notification, row.pk)
    assert len(mail.outbox) == 2
    for message in mail.outbox:
        assert len(message.to) == 1 and "sandwiches" not in message.body and "Summer" not in message.subject
    read = signed_in(cast["practitioner"]).get(reverse("volunteers:my-messages")).content.decode()
    assert "Bring sandwiches" in read and "Olu" not in read and "Everybody who works" not in read
    with scopes_disabled():
        assert MessageTo.objects.filter(read_at__isnull=False).count() == 1
    assert "1 of 2" in client.get(reverse("volunteers:messages")).content.decode()


def test_a_message_goes_to_who_is_chosen(area, cast, volunteer, today, signed_in):
    typed = {"to": "kind-special_constable", "subject": "A", "words": "B"}
    refused = signed_in(cast["coordinator"]).post(reverse("volunteers:write-message"), typed)
    assert refused.status_code == 422 and "Nobody is in this group" in refused.content.decode()


@pytest.fixture
def others(area, cast, volunteer, today):
    """Without an account, two of them with an email; and one whose account has ended."""
    ended = ready_practitioner(area, today, user=cast["off_case_practitioner"])
    User.objects.filter(pk=cast["off_case_practitioner"].pk).update(is_active=False)
    two = {"mo": ("Mo", "mo@example.org"), "jo": ("Jo", "jo@example.org"), "silent": ("Sil", "")}
    with scopes_disabled():
        Learner.objects.filter(pk=ended.learner_id).update(last_name="Ended", email="")
        found = {"ended": ended}
        for key, (name, email) in two.items():
            found[key] = ready_practitioner(area, today)
            Learner.objects.filter(pk=found[key].learner_id).update(last_name=name, email=email)
    return found


def test_who_does_not_read_it_here_is_named_before_and_after(cast, volunteer, others, signed_in):
    client, page = signed_in(cast["coordinator"]), reverse("volunteers:write-message")
    typed = {"to": "working", "subject": "Summer training", "words": "Bring sandwiches"}
    asked = client.post(page, typed)
    words = asked.content.decode()
    assert asked.status_code == 422 and not Message._base_manager.exists()
    assert "asked by mail to ring us.</strong> Ana Jo, Ana Mo" in words and "Bring sandwiches" in words
    assert "no account and no email.</strong> " in words and "Ended" in words and "Sil" in words
    ((key, _),) = asked.context["form"].fields["knows_who"].choices
    assert client.post(page, typed | {"knows_who": key + "0"}).status_code == 422
    assert client.post(page, typed | {"knows_who": key}).status_code == 302
    listed = client.get(reverse("volunteers:messages")).content.decode()
    assert "0 of 1" in listed and "Ana Jo, Ana Mo" in listed and "Sil" in listed and "Ended" in listed
    read = signed_in(cast["practitioner"]).get(reverse("volunteers:my-messages")).content.decode()
    assert "Bring sandwiches" in read and "Ana" not in read


def test_a_mail_to_ring_us_says_nothing_else_and_goes_to_one_address(area, cast, volunteer, others, today):
    with acting_as(cast["coordinator"]) as by:
        everybody = Practitioner.objects.filter(status="active")
        given = {"heading": "Summer training", "words": "Bring sandwiches", "sent_to": "Everybody"}
        actions.send_message(area=area, to=everybody, by=by, **given)
        Learner.objects.filter(pk=others["jo"].learner_id).update(email="")
    for row in RingMail._base_manager.all():
        work_on(RingMail, row.pk)
    (sent,) = mail.outbox
    assert (sent.to, sent.cc, sent.bcc) == (["mo@example.org"], [], [])
    assert not {"Summer", "sandwiches", "Mo", "Ana", "Jo"} & set(f"{sent.subject} {sent.body}".replace(",", "").split())


def test_a_message_that_would_reach_nobody_is_not_sent(cast, volunteer, others, area):
    with acting_as(cast["coordinator"]) as by, pytest.raises(DomainError, match="Ring them: .*Sil"):
        silent = Practitioner.objects.filter(pk__in=[others["silent"].pk, others["ended"].pk])
        actions.send_message(area=area, heading="A", words="B", sent_to="C", to=silent, by=by)
