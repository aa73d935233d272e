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
from tests.volunteers.factories import ready_practitioner
from volunteers import actions
from volunteers.models import MessageTo, Nominee, Practitioner


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def volunteer(area, cast, today):
    return ready_practitioner(area, today, user=cast["practitioner"])


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
    assert refused.status_code == 422 and "Nobody of them has an account" in refused.content.decode()
