"""Mails to learners without an account. They hold the course, its days and its place, and name nobody."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse

from training.actions.feedback import open_link
from training.choices import EnrolmentStatus
from training.models import Enrolment, TrainingMail
from training.papers import calendar_of_cohort

DATES = """The dates of your course are in the calendar file with this message. They replace those of an earlier one.

{service}

Can you not come? Tell whoever put you down for it, so that somebody else gets the place. Do not answer this message.
"""
FEEDBACK = """How was your course? Five questions, no account: {link}

The link works once.

{service}
"""


def send_training_mail(*, mail_row: TrainingMail) -> bool:
    """One queued mail, in the worker's transaction. False where there is nothing to say any more."""
    enrolment = Enrolment.objects.select_related("learner", "cohort__course").get(pk=mail_row.enrolment_id)
    if not enrolment.learner.email:
        return False
    if mail_row.kind == TrainingMail.Kind.FEEDBACK:
        return _ask(enrolment, mail_row)
    if enrolment.status != EnrolmentStatus.ENROLLED:
        return False
    message = _message(enrolment, mail_row, "The dates of your course", DATES.format(service=settings.SERVICE_NAME))
    message.attach("course-dates.ics", calendar_of_cohort(enrolment.cohort), "text/calendar")
    message.send()
    return True


def _ask(enrolment: Enrolment, mail_row: TrainingMail) -> bool:
    if enrolment.feedback.answered_at is not None:
        return False
    link = f"{settings.BASE_URL}{reverse('training:feedback-link', args=[open_link(enrolment.feedback)])}"
    body = FEEDBACK.format(service=settings.SERVICE_NAME, link=link)
    _message(enrolment, mail_row, "How was your course?", body).send()
    return True


def _message(enrolment: Enrolment, mail_row: TrainingMail, subject: str, body: str) -> EmailMessage:
    sender = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2]
    headers = {"Message-ID": f"<{mail_row.pk}@{sender}>"}
    return EmailMessage(subject=subject, body=body, to=[enrolment.learner.email], headers=headers)
