"""An alert of a referral that has no case leads to the top of its page: what changed, on which side, who can lift it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from referrals import actions
from referrals.models import Task

pytestmark = pytest.mark.django_db


def become_stricter(referral, by):
    allowed = {"may_phone": False, "may_write": True}
    actions.change_safe_contact(person=referral.person_harmed, referral=referral, allowed=allowed, by=by)


def forbid(referral, by):
    today = timezone.localdate()
    given = {"kind": "bail", "authority": "Ely court", "starts_on": today, "by": by}
    actions.record_legal_bar(person=referral.person_responsible, referral=referral, **given)


def withdraw(referral, by):
    actions.withdraw_consent(person=referral.person_harmed, referral=referral, by=by)


@pytest.mark.parametrize(
    ("change", "reads"),
    [
        (become_stricter, ("How they may be reached became stricter", "Harmed side", "Only the person loosens it")),
        (forbid, ("An order or a condition", "Responsible side", "Only the authority, in writing.")),
        (withdraw, ("An agreement was withdrawn", "Harmed side", "Whoever gave it, if they give it again.")),
    ],
)
def test_it_stands_on_top_until_somebody_says_what_they_did(change, reads, refer, acting, cast, signed_in):
    referral = refer()
    client, page = signed_in(cast["coordinator"]), reverse("referrals:detail", args=[referral.pk])
    assert "What stopped" not in client.get(page).content.decode()
    with acting(cast["coordinator"]) as by:
        change(referral, by)
        task = Task.objects.get(referral=referral, kind=Task.Kind.SAFETY)
    top = client.get(page).content.decode().partition('id="stopped-title"')[2].partition("</section>")[0]
    assert [words for words in reads if words not in top] == []
    assert reverse("cases:task", args=[task.pk]) in top
    assert client.get(reverse("cases:task", args=[task.pk])).status_code == 200
    client.post(reverse("cases:finish-task", args=[task.pk]), {"words": "Rang her"})
    assert "What stopped" not in client.get(page).content.decode()
