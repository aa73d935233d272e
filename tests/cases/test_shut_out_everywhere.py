"""Whoever knows somebody is shut out everywhere: lists, counts, homes, tasks, allocation, search, notifications."""

import pytest
from django.urls import reverse
from django.utils import timezone

from cases import actions
from cases.choices import Side
from cases.models import Case, Participant
from referrals.actions import declare_conflict
from referrals.models import Task
from rj_service.accounts.acting import acting_as
from rj_service.notifications.actions import notify
from rj_service.notifications.models import Notification

pytestmark = pytest.mark.django_db
PAGES = [
    "home",
    "cases:list",
    "cases:tasks",
    "cases:allocation",
    "referrals:all",
    "referrals:list",
    "cases:absences",
    "notifications:list",
]


@pytest.fixture
def known(open_case, coordinator, today):
    """A case of the coordinator's own, with tasks of theirs and everything that a list would count."""
    case = open_case()
    Task.objects.open().filter(referral=case.referral).update(due_on=timezone.localdate())
    actions.add_task(case=case, words="Ring the school", due_on=today, by=coordinator, today=today)
    return case


def counted(client) -> dict[str, str]:
    """Every page's words, without what changes from one request to the next."""
    return {name: client.get(reverse(name)).content.decode() for name in PAGES}


@pytest.mark.parametrize(
    "about", ["harmed", *(pytest.param(one, marks=pytest.mark.proof) for one in ("referral", "supporter"))]
)
def test_nothing_of_it_is_left_anywhere(known, cast, signed_in, today, about):
    user = cast["coordinator"]
    with acting_as(user) as by:
        if about == "supporter":
            common = {"role": "supporter", "side": Side.HARMED, "first_name": "Ines", "last_name": "Marsh"}
            actions.add_new_participant(case=known, by=by, today=today, **common)
            person = Participant.objects.get(role="supporter").person
        else:
            person = known.referral.person_harmed
        notify([user, cast["manager"]], "case_update", on=known)
        notify([user], "safety_change", on=known.referral)
        before = counted(signed_in(user))
        spoken = f"{known.reference[:4]}-{known.reference[4:]}"
        assert [
            spoken in before[name]
            for name in ("home", "cases:list", "cases:tasks", "cases:allocation", "notifications:list")
        ] == [True] * 5
        declare_conflict(
            user=user, by=by, **({"referral": known.referral} if about == "referral" else {"person": person})
        )
    with acting_as(user):
        assert not Case.objects.visible_to(user).exists() and not Task.objects.visible_to(user).exists()
    for name, page in counted(signed_in(user)).items():
        assert spoken not in page, name
    with acting_as(cast["manager"]) as manager:
        assert not Notification.objects.visible_to(user).filter(object_id__in=[known.pk, known.referral_id]).exists()
        assert Notification.objects.visible_to(manager).filter(object_id=known.pk).exists()
    Notification._base_manager.all().delete()
    with acting_as(cast["manager"]):
        notify([user, cast["manager"]], "case_update", on=known)
        notify([user], "case_update", on=known)
        notify([user], "safety_change", on=known)
    told = Notification._base_manager.values_list("user", flat=True)
    assert list(told) == [cast["manager"].pk] * 2  # of what cannot wait, where nobody else was left
