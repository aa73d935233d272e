"""The mails about accounts. A link and how long it lasts, nothing about anybody."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse

INVITATION = """You are invited to {service}.

Open this link within 7 days to choose a password: {link}

Have your phone with you: the service asks for a code from an app on it. Did you not expect this? Leave it.
"""
CHOOSE_ANEW = """Somebody asked for a new password for {service}.

Open this link within 4 hours to choose one: {link}

It works once. Was it not you? Leave it: nothing has changed.
"""
RECOVERY = """Two people have checked that it is you. Your old second factor and password for {service} are taken off.

Open this link within 4 hours to choose a password: {link}

Then sign in and set up your phone. Was it not you? Tell your service manager today.
"""
CHANGED = """Something about how you sign in to {service}, or about your roles there, has changed.

Sign in to see it: {link}

Was it not you? Tell your service manager today.
"""


def send(address: str, subject: str, body: str, *, link: str, message_id) -> None:
    EmailMessage(
        subject=subject,
        body=body.format(service=settings.SERVICE_NAME, link=f"{settings.BASE_URL}{link}"),
        to=[address],
        headers={"Message-ID": f"<{message_id}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2]}>"},
    ).send()


def password_link(user) -> str:
    key = default_token_generator.make_token(user)
    return reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key})
