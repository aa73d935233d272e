"""Where a notice leads its reader: the address it names, else the page of what it is about."""

from collections.abc import Iterable

from django.apps import apps
from django.urls import reverse

from rj_service.accounts.models import User
from rj_service.notifications.models import Notification

CASE, REFERRAL = "cases.case", "referrals.referral"


def places_of(notes: Iterable[Notification], user: User) -> dict[Notification, str]:
    """Empty where it leads nowhere: what it is about is not, or no longer, open to them. A referral that became a case leads
    to its case. Three statements for any number of notices."""
    asked = [note for note in notes if not note.url and note.object_id]
    # Looked up by name: `referrals` and `cases` stand above.
    cases = apps.get_model(CASE).objects.all().visible_to(user)
    referrals = apps.get_model(REFERRAL).objects.all().visible_to(user)
    of_referral = dict(cases.filter(referral__in=_about(asked, REFERRAL)).values_list("referral", "pk"))
    seen = set(cases.filter(pk__in=_about(asked, CASE)).values_list("pk", flat=True))
    read = set()
    if user.may("referrals.view"):
        read = set(referrals.filter(pk__in=_about(asked, REFERRAL)).values_list("pk", flat=True))

    def place(note: Notification) -> str:
        case = note.object_id if note.object_id in seen else of_referral.get(note.object_id)
        if note.url or not note.object_id:
            return note.url
        if case is not None:
            return reverse("cases:desk", args=[case])
        return reverse("referrals:detail", args=[note.object_id]) if note.object_id in read else ""

    return {note: place(note) for note in notes}


def _about(notes: Iterable[Notification], label: str) -> list:
    return [note.object_id for note in notes if note.object_label == label]
