"""At night: a restricted case is opened with a reason, everybody who answers for it hears at once, and it closes by itself."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from cases.models import Case
from referrals.actions import declare_conflict, open_in_emergency, restrict
from referrals.models import Grant, Referral
from rj_service.accounts.acting import acting_as
from rj_service.accounts.errors import DomainError
from rj_service.accounts.roles import Role
from rj_service.audit.models import AccessLog
from rj_service.notifications.models import Notification
from rj_service.ui.templatetags.ui import when
from tests.factories import member

pytestmark = pytest.mark.django_db
WHY = "She rang the night line and is afraid"


@pytest.fixture
def restricted(open_case, coordinator):
    """By a coordinator alone: no manager may open it, nor give anybody access."""
    case = open_case()
    restrict(referral=case.referral, reason="A colleague’s sister", by=coordinator)
    return case


def open_it(user, case, reason=WHY):
    with acting_as(user) as by:
        return open_in_emergency(reference=case.reference, reason=reason, by=by)


def sees(user, case) -> tuple[bool, bool]:
    with acting_as(user):
        return (
            Case.objects.visible_to(user).filter(pk=case.pk).exists(),
            Referral.objects.all().visible_to(user).filter(pk=case.referral_id).exists(),
        )


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.CASE_SUPERVISOR, Role.SERVICE_MANAGER])
def test_it_opens_for_a_time_and_everybody_who_answers_for_it_hears(area, restricted, cast, role):
    user = member(role, area)
    assert sees(user, restricted) == (False, False)
    open_it(user, restricted)
    assert sees(user, restricted) == (True, True)
    told = Notification._base_manager.filter(kind="emergency")
    assert {note.user_id for note in told} == {cast[who].pk for who in ("manager", "dpo", "coordinator")}
    assert {(note.reference, note.object_id) for note in told} == {("", None)}  # it names nothing
    Grant._base_manager.filter(user=user).update(ends_at=timezone.now() - timedelta(seconds=1))
    assert sees(user, restricted) == (False, False)


def test_what_is_read_under_it_is_marked_and_says_until_when(area, restricted, signed_in, cast):
    user = member(Role.COORDINATOR, area)
    client = signed_in(user)
    typed = {"reference": restricted.reference, "reason": WHY}
    opened = client.post(reverse("referrals:emergency"), typed)
    assert opened.url == reverse("cases:desk", args=[restricted.pk])
    page = client.get(opened.url).content.decode()
    until = Grant._base_manager.get(user=user).ends_at
    assert until - timezone.now() == pytest.approx(
        timedelta(hours=settings.RJ_EMERGENCY_HOURS), abs=timedelta(minutes=5)
    )
    says = f"Emergency access</span> until {when(until)}. Everything you open is recorded"
    assert says in page
    marked = AccessLog.objects.filter(kind="emergency", actor_id=user.pk)
    people = {restricted.referral.person_harmed_id, restricted.referral.person_responsible_id}
    assert set(marked.get().people) == people
    for name in ("people", "add-task", "plan-intervention", "close"):
        assert says in client.get(reverse(f"cases:{name}", args=[restricted.pk])).content.decode(), name
    for known in (opened.url, reverse("referrals:detail", args=[restricted.referral_id])):
        assert says in client.get(known).content.decode()
    there = marked.count()
    assert "Emergency access</span>" not in signed_in(cast["coordinator"]).get(opened.url).content.decode()
    assert marked.model.objects.filter(kind="emergency").count() == there  # whoever it was given to reads as ever
    for who, words in (("manager", WHY), ("dpo", WHY)):
        assert words in signed_in(cast[who]).get(reverse("referrals:emergencies")).content.decode()


def test_a_wrong_reference_another_area_s_and_a_conflict_look_alike(area, restricted, cast, signed_in, open_case):
    user = member(Role.COORDINATOR, area)
    with acting_as(user):
        declare_conflict(user=user, by=user, person=restricted.referral.person_responsible)
    pages = []
    for who, reference in (
        (user, restricted.reference),
        (user, "AAAAAA"),
        (cast["other_coordinator"], restricted.reference),
    ):
        client = signed_in(who)
        page = client.post(reverse("referrals:emergency"), {"reference": reference, "reason": WHY})
        assert page.status_code == 422
        pages.append(
            "cannot be opened" in page.content.decode() or "can be opened in this way" in page.content.decode()
        )
    assert pages == [True] * 3
    assert not Grant._base_manager.filter(is_emergency=True).exists()
    assert not Notification._base_manager.filter(kind="emergency").exists()


def test_a_manager_who_knows_somebody_in_it_neither_hears_nor_reads_of_it(area, restricted, cast, signed_in):
    with acting_as(cast["manager"]) as by:
        declare_conflict(user=by, by=by, referral=restricted.referral)
    open_it(member(Role.COORDINATOR, area), restricted)
    assert not Notification._base_manager.filter(kind="emergency", user=cast["manager"]).exists()
    assert WHY not in signed_in(cast["manager"]).get(reverse("referrals:emergencies")).content.decode()


def test_what_is_open_already_needs_no_emergency_and_a_reason_always(restricted, cast, area):
    with pytest.raises(DomainError, match="open to you already"):
        open_it(cast["coordinator"], restricted)
    with pytest.raises(DomainError, match="cannot wait"):
        open_it(member(Role.COORDINATOR, area), restricted, reason=" ")
