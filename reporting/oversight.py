"""What needs a data protection officer or an administrator: numbers of rows, and nothing of any case."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q
from django.utils import timezone

from referrals.models import Grant
from rj_service.accounts.models import Invitation, RecoveryRequest
from rj_service.accounts.scoping import row_by_row
from rj_service.audit.models import AccessLog
from rj_service.operations import queue

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Tile:
    number: int
    label: str
    note: str
    url_name: str
    query: str = ""


def for_protection(today: date, area_id) -> list[Tile]:
    """Of the officer's area, or of every area for an officer of none."""
    rows = AccessLog.objects.notable().filter(at__gte=timezone.now() - WEEK)
    if area_id:
        rows = rows.filter(service_area_id=area_id)
    kind = AccessLog.Kind
    counts = {
        name: Count("pk", filter=Q(kind=value))
        for name, value in {"denied": kind.DENIED, "shown": kind.REVEAL, "exported": kind.EXPORT}.items()
    }
    found = rows.aggregate(**counts)
    return [
        Tile(
            found["denied"], "Refused", "Pages asked for and not allowed, 7 days", "operations:accesses", "?kind=denied"
        ),
        Tile(
            found["shown"],
            "Contact details shown",
            "One step further on a record, 7 days",
            "operations:accesses",
            "?kind=reveal",
        ),
        Tile(found["exported"], "Exports", "Files with personal data, 7 days", "operations:accesses", "?kind=export"),
        _emergencies(area_id),
        _recoveries(),
    ]


def _emergencies(area_id) -> Tile:
    """The officer reads who and why; casework stays shut."""
    taken = row_by_row(Grant).filter(is_emergency=True, granted_at__gte=timezone.now() - WEEK)
    if area_id:
        taken = taken.filter(referral__service_area=area_id)
    return Tile(taken.count(), "Emergency access", "Opened with a reason, 7 days", "referrals:emergencies")


def for_administration(today: date) -> list[Tile]:
    ended = Q(expires_at__lt=timezone.now())
    invited = Invitation.objects.filter(accepted_at__isnull=True, withdrawn_at__isnull=True).aggregate(
        open=Count("pk", filter=~ended), ended=Count("pk", filter=ended)
    )
    return [
        Tile(queue.failed(), "Failed jobs", "They wait for a decision to try again", "operations:jobs"),
        _recoveries(),
        Tile(invited["open"], "Invitations not answered", f"{invited['ended']} have ended", "accounts:people"),
    ]


def _recoveries() -> Tile:
    open_now = RecoveryRequest.objects.filter(second_checked_at__isnull=True, refused_at__isnull=True).count()
    return Tile(open_now, "Lost second factors", "Two people check who is asking", "accounts:recoveries")
