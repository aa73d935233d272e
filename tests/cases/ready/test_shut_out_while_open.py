"""A page that is still open when its reader loses the case: the next click and the form that was open find nothing."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cases import actions
from cases.models import Assignment, Contact
from referrals.actions import declare_conflict, restrict
from rj_service.accounts.models import Membership
from rj_service.audit.models import DomainEvent
from rj_service.notifications.actions import notify
from rj_service.notifications.models import Notification
from tests.cases.conftest import undone
from volunteers.models import Check, Practitioner

pytestmark = pytest.mark.django_db
TYPED = {"method": "phone", "result": "spoke", "when": "now", "note": "Zqtyped"}


def _unassigned(ready, user):
    found = Assignment.objects.get(case=ready.case, practitioner__learner__user=user)
    actions.end_assignment(assignment=found, reason="Moves away", by=ready.by, today=ready.today)


def _vetting_ended(ready, user):
    yesterday = ready.today - timedelta(days=1)
    Check.objects.filter(practitioner__learner__user=user, kind="nppv_2").update(expires_on=yesterday)


LOST = {
    "the assignment ended": (_unassigned, 404),
    "vetting ended": (_vetting_ended, 404),
    "suspended": (lambda _, user: Practitioner.objects.filter(learner__user=user).update(status="suspended"), 404),
    "restricted": (lambda ready, _: restrict(referral=ready.case.referral, reason="Staff", by=ready.by), 404),
    "a conflict": (lambda ready, user: declare_conflict(referral=ready.case.referral, user=user, by=ready.by), 404),
    "the case closed": (lambda ready, _: _close(ready), 404),
    "the role ended": (lambda _, user: Membership.objects.filter(user=user).update(ended_on=timezone.localdate()), 403),
    "disabled": (lambda _, user: type(user).objects.filter(pk=user.pk).update(is_active=False), 302),
}


def _close(ready):
    actions.close_case(
        case=ready.case, reason="harmed_chose_not", closed_on=ready.today, by=ready.by, today=ready.today
    )


def test_the_next_click_and_the_open_form_find_nothing(ready, cast, signed_in):
    user = cast["practitioner"]
    form = reverse("cases:log-contact-with", args=[ready.case.pk, ready.harmed.pk])
    desk = reverse("cases:desk", args=[ready.case.pk])
    found = {}
    for how, (lose, _) in LOST.items():
        with undone():
            phone = signed_in(user)
            assert phone.get(form).status_code == 200
            lose(ready, user)
            before = Contact.objects.count(), DomainEvent.objects.count()
            answers = [phone.post(form, TYPED), phone.get(desk), phone.get(form)]
            found[how] = [answer.status_code for answer in answers]
            assert (Contact.objects.count(), DomainEvent.objects.count()) == before, how
            answers.append(signed_in(cast["coordinator"]).get(form))
            own, *others = answers  # their own words come back to them once, and are nowhere else
            assert (b"Zqtyped" in own.content) == (b"Nothing was saved" in own.content) == (own.status_code > 400), how
            assert all(b"Zqtyped" not in answer.content for answer in others), how
    assert found == {how: [status] * 3 for how, (_, status) in LOST.items()}


@pytest.mark.parametrize("lost", ["the assignment ended", "the case closed"])
def test_of_what_they_were_told_before_only_that_it_ended_is_left(ready, cast, lost):
    user = cast["practitioner"]
    notify([user, cast["manager"]], "case_update", on=ready.case)
    LOST[lost][0](ready, user)
    about = Notification.objects.filter(object_id=ready.case.pk)
    assert list(about.filter(user=user).values_list("kind", flat=True)) == ["unassigned"]
    assert about.filter(user=cast["manager"]).exists()
