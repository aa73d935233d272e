"""What the service does by itself about its own people."""

from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from rj_service.accounts.acting import acting_as, system_user
from rj_service.accounts.actions import end_dormant_account
from rj_service.accounts.models import User
from rj_service.accounts.roles import Role
from rj_service.notifications.actions import notify_role


@shared_task(ignore_result=True)
def end_dormant_accounts() -> None:
    """Each in its own transaction; missed days catch up, repeated runs do nothing. Managers hear of those of their area. The
    invented people of the demonstration sign in too seldom for it."""
    if settings.DEMO:
        return
    now, scheduler = timezone.now(), system_user("scheduler")
    for user in User.objects.dormant(now - timedelta(days=settings.RJ_DORMANT_DAYS)).order_by("pk"):
        with acting_as(scheduler, areas=[]):
            ended = end_dormant_account(user=user, by=scheduler, now=now)
            for area_id in {one.service_area_id for one in ended if one.service_area_id}:
                address = reverse("accounts:person", args=[user.pk])
                notify_role(Role.SERVICE_MANAGER, area_id, "account_dormant", on=user, url=address)
