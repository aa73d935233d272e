"""The emails of the service: 'you have an update', with an address to sign in at and nothing else; and 'we have your
message'."""

from django.conf import settings
from django.core.mail import EmailMessage

BODY = """You have an update in {service}.

Sign in to read it: {address}

This message holds no details on purpose. Do not answer it.
"""


# To somebody who wrote on the public form and whose phone others may read: no name, no reference, no link, no subject matter.
NEUTRAL = """Hello,

We have your message. We will be in touch in the way you asked.

Please do not answer this email: nobody reads the answers.
"""


def send_neutral_mail(address: str, message_id) -> None:
    EmailMessage(
        subject="We have your message",
        body=NEUTRAL,
        from_email=settings.RJ_NEUTRAL_FROM_EMAIL,
        to=[address],
        headers={"Message-ID": f"<{message_id}@{settings.RJ_NEUTRAL_FROM_EMAIL.rpartition('@')[2].rstrip('>')}>"},
    ).send()


def send_update(notification) -> None:
    EmailMessage(
        subject="You have an update",
        body=BODY.format(service=settings.SERVICE_NAME, address=f"{settings.BASE_URL}/notifications/"),
        to=[notification.user.email],
        headers={"Message-ID": f"<{notification.pk}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2]}>"},
    ).send()
