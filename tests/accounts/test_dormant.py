"""Accounts that nobody uses end by themselves; the service always keeps an administrator."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from rj_service.accounts.models import User
from rj_service.audit.models import DomainEvent
from rj_service.notifications.models import Notification
from rj_service.operations.tasks import end_dormant_accounts
from tests.factories import member

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def used(user, days_ago: int | None, *, made: int = 400) -> None:
    last = None if days_ago is None else NOW - timedelta(days=days_ago)
    User.objects.filter(pk=user.pk).update(last_login=last, created_at=NOW - timedelta(days=made))


def active(user) -> bool:
    return User.objects.get(pk=user.pk).is_active


@pytest.mark.parametrize(
    ("days_ago", "made", "stays"),
    [(89, 400, True), (91, 400, False), (None, 400, False), (None, 5, True), (0, 400, True)],
)
def test_an_account_that_nobody_uses_ends_with_its_roles(cast, settings, days_ago, made, stays):
    settings.RJ_DORMANT_DAYS = 90
    user = cast["coordinator"]
    used(user, days_ago, made=made)
    end_dormant_accounts()
    end_dormant_accounts()
    assert active(user) is stays
    assert user.current_memberships().exists() is stays
    told = Notification.objects.filter(kind="account_dormant", user=cast["manager"])
    assert told.count() == DomainEvent.objects.filter(verb="accounts.user_dormant").count() == (not stays)
    assert active(cast["manager"]) and active(cast["admin"])


def test_whoever_of_the_administrators_signed_in_last_stays(cast):
    second = member("system_administrator", None, first_name="Sam", last_name="Second")
    used(cast["admin"], 200)
    used(second, 100)
    end_dormant_accounts()
    assert (active(cast["admin"]), active(second)) == (False, True)
    end_dormant_accounts()
    assert active(second)


def test_the_demonstration_keeps_its_people(cast, settings):
    settings.DEMO = True
    used(cast["coordinator"], 200)
    end_dormant_accounts()
    assert active(cast["coordinator"])


def test_the_set_up_page_names_the_next_step_that_is_missing(cast, signed_in, area, other_area, settings):
    page = reverse("set-up")
    client = signed_in(cast["admin"])
    shown = client.get(page).context
    assert shown["following"]["title"] == "Local areas" and other_area.name in shown["following"]["missing"]
    assert area.name not in shown["following"]["missing"]  # it has Peterborough
    missing = {step["title"] for step in shown["steps"] if step["missing"]}
    assert "A service area" not in missing and "A data protection officer" not in missing
    assert {"A Victims’ Hub", "Postcodes", "A service manager in every area"} <= missing
    assert shown["done"] + len(missing) == len(shown["steps"])
    settings.RJ_PUBLIC_PHONE = "01632 960100"
    now = {step["title"] for step in client.get(page).context["steps"] if step["missing"]}
    assert missing - now == {"A telephone number for the public"}
