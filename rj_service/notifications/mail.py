"""The one email of the service: 'you have an update', with an address to sign in at and nothing else."""

from django.conf import settings
from django.core.mail import EmailMessage

BODY = """You have an update in {service}.

Sign in to read it: {address}

This message holds no details on purpose. Do not answer it.
"""


def send_update(notification) -> None:
    EmailMessage(
        subject="You have an update",
        body=BODY.format(service=settings.SERVICE_NAME, address=f"{settings.BASE_URL}/notifications/"),
        to=[notification.user.email],
        headers={"Message-ID": f"<{notification.pk}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2]}>"},
    ).send()
