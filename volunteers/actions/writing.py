"""Messages to many volunteers, each as written to themselves."""

from collections.abc import Iterable

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.urls import reverse

from rj_service.accounts.errors import DomainError, NotAllowed
from rj_service.accounts.models import ServiceArea, User
from rj_service.audit.actions import record
from rj_service.notifications.actions import notify
from volunteers import events, policy
from volunteers.choices import PractitionerStatus, Reached
from volunteers.models import Message, MessageTo, Practitioner, RingMail

RING = """Hello,

We have something to tell you. Ring your coordinator when it suits you.

{service}

Do not answer this message: nobody reads the answers.
"""


def how_reached(to: QuerySet[Practitioner]) -> dict[str, list[Practitioner]]:
    """By `Reached`, each by name. An account that has ended reads nothing."""
    people = to.select_related("learner__user").order_by("learner__last_name", "learner__first_name", "pk")
    found: dict[str, list[Practitioner]] = {way: [] for way in Reached}
    for one in people:
        found[_reached(one)].append(one)
    return found


def _reached(one: Practitioner) -> Reached:
    if one.learner.user is not None and one.learner.user.is_active:
        return Reached.HERE
    return Reached.RINGS if one.learner.email else Reached.NOT


@transaction.atomic
def send_message(
    *, area: ServiceArea, heading: str, words: str, to: QuerySet[Practitioner], sent_to: str, by: User
) -> Message:
    """Whoever has an account reads it here, after a notification that says only that there is one. Whoever has an email alone is
    asked by mail to ring us. Whom neither reaches is kept beside it by name, so that somebody rings them."""
    if not policy.can_recruit(by, area.pk):
        raise NotAllowed("A coordinator or a service manager can do this.")
    found = how_reached(to.filter(service_area=area))
    _require_somebody(found)
    message = Message.objects.create(service_area=area, heading=heading, words=words, sent_to=sent_to, sent_by=by)
    for way, people in found.items():
        MessageTo.objects.bulk_create(MessageTo(message=message, practitioner=one, reached=way) for one in people)
    for one in MessageTo.objects.filter(message=message, reached=Reached.RINGS):
        RingMail.objects.enqueue(service_area_id=area.pk, to=one, asked_by_id=by.pk)
    numbers = {way: len(people) for way, people in found.items()}
    record(events.MESSAGE_SENT, by=by, on=message, detail={"people": numbers[Reached.HERE], "reached": numbers})
    users = [one.learner.user for one in found[Reached.HERE] if one.learner.user]
    notify(users, "volunteer_message", url=reverse("volunteers:my-messages"))
    return message


def _require_somebody(found: dict[str, list[Practitioner]]) -> None:
    if not any(found.values()):
        raise DomainError("Nobody is in this group", field="to")
    if not (found[Reached.HERE] or found[Reached.RINGS]):
        words = f"Nobody of them has an account or an email. Ring them: {names_of(found[Reached.NOT])}"
        raise DomainError(words, field="to")


def names_of(people: Iterable[Practitioner]) -> str:
    return ", ".join(one.name for one in people)


def send_ring_mail(*, mail_row: RingMail) -> bool:
    """In the worker's transaction, to one address alone. False where it would reach nobody, or is not needed any more."""
    one = MessageTo.objects.select_related("practitioner__learner__user").get(pk=mail_row.to_id).practitioner
    if _reached(one) != Reached.RINGS or one.status == PractitionerStatus.LEFT:
        return False
    sender = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2]
    EmailMessage(
        subject="Ring us when it suits you",
        body=RING.format(service=settings.SERVICE_NAME),
        to=[one.learner.email],
        headers={"Message-ID": f"<{mail_row.pk}@{sender}>"},
    ).send()
    return True


def note_messages_read(*, by: User) -> None:
    """Those that their page has shown."""
    MessageTo.objects.visible_to(by).filter(read_at__isnull=True).update(read_at=Now())
