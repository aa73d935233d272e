"""Messages to many volunteers, each as written to themselves."""

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.urls import reverse

from rj_service.accounts.errors import DomainError, NotAllowed
from rj_service.accounts.models import ServiceArea, User
from rj_service.audit.actions import record
from rj_service.notifications.actions import notify
from volunteers import events, policy
from volunteers.models import Message, MessageTo, Practitioner


@transaction.atomic
def send_message(
    *, area: ServiceArea, heading: str, words: str, to: QuerySet[Practitioner], sent_to: str, by: User
) -> Message:
    """To those of them who have an account; one notification each, that says only that there is a message."""
    if not policy.can_recruit(by, area.pk):
        raise NotAllowed("A coordinator or a service manager can do this.")
    people = list(to.filter(service_area=area, learner__user__isnull=False).select_related("learner__user"))
    if not people:
        raise DomainError("Nobody of them has an account to read it with", field="to")
    message = Message.objects.create(service_area=area, heading=heading, words=words, sent_to=sent_to, sent_by=by)
    MessageTo.objects.bulk_create(MessageTo(message=message, practitioner=one) for one in people)
    record(events.MESSAGE_SENT, by=by, on=message, detail={"people": len(people)})
    users = [one.learner.user for one in people if one.learner.user]
    notify(users, "volunteer_message", url=reverse("volunteers:my-messages"))
    return message


def note_messages_read(*, by: User) -> None:
    """Those that their page has shown."""
    MessageTo.objects.visible_to(by).filter(read_at__isnull=True).update(read_at=Now())
