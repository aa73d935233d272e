"""A request to an agency ends: answered, refused, or because nobody may or need be asked any more."""

from datetime import date

from django.utils import timezone

from referrals import events, policy
from referrals.actions.one_person import about as naming
from referrals.choices import REQUEST_TRANSITIONS, RequestStatus
from referrals.models import Consent, InformationRequest, Person, Referral, RequestMail, Task
from rj_service.accounts.errors import StaleState
from rj_service.accounts.models import User
from rj_service.audit.actions import record

LATE_FOR_A_TASK = 3  # reminders, after which a person has to see to it
_VERBS = {
    RequestStatus.ANSWERED: events.INFORMATION_ANSWERED,
    RequestStatus.REFUSED: events.INFORMATION_REFUSED,
    RequestStatus.NOT_NEEDED: events.INFORMATION_NOT_NEEDED,
}


def locked_request(request: InformationRequest) -> InformationRequest:
    """As it stands now, held until the transaction ends. Its referral first, as a withdrawal holds them."""
    Referral.objects.select_for_update().values_list("pk").get(pk=request.referral_id)
    InformationRequest.objects.select_for_update().values_list("pk").get(pk=request.pk)
    people = ("referral__person_harmed", "referral__person_responsible", "person")
    return InformationRequest.objects.select_related(*people).get(pk=request.pk)


def why_nobody_is_asked(referral: Referral, person: Person) -> str:
    """The sentence that forbids asking now, read from the database at the moment of acting; empty when there is none."""
    withdrawn = Consent.objects.withdrawn().filter(referral=referral).values_list("person", "purpose")
    also = [one.person for one in referral.also_responsible.select_related("person")]
    responsible = [*filter(None, [referral.person_responsible]), *also]
    return policy.request_block(referral, person, responsible=responsible, withdrawn=set(withdrawn))


def require_request_move(request: InformationRequest, status: str) -> None:
    if status not in REQUEST_TRANSITIONS[request.status]:
        raise StaleState(f"This request is {request.get_status_display().lower()} already. Nothing was done twice.")


def end_request(request: InformationRequest, status: str, *, by: User, today: date, **fields) -> InformationRequest:
    """Of a locked request. Every link to it ends, and so does the task to see to it once nothing else is late."""
    require_request_move(request, status)
    for name, value in {**fields, "status": status, "ended_on": today, "ended_by": by}.items():
        setattr(request, name, value)
    request.save(update_fields=["status", "ended_on", "ended_by", *fields])
    end_links(request)
    _end_task(request, by)
    detail = {"request": str(request.pk), "agency": request.recipient_kind}
    record(_VERBS[RequestStatus(status)], by=by, on=request.referral, detail=detail, people=[request.person_id])
    return request


def end_links(request: InformationRequest) -> None:
    RequestMail.objects.filter(request=request).update(token_digest=None, expires_at=None)


def stop_requests(*, about: Person, by: User, today: date) -> None:
    """After a withdrawal or a death: what may not be asked any more is neither chased nor answered from now on."""
    for request in InformationRequest.objects.outstanding().filter(referral__in=naming([about.pk])).order_by("id"):
        fresh = locked_request(request)
        if fresh.is_open and why_nobody_is_asked(fresh.referral, fresh.person):
            end_request(fresh, RequestStatus.NOT_NEEDED, by=by, today=today)


def end_requests_of(*, referral: Referral, by: User, today: date) -> None:
    """A referral that goes no further, or whose case is closed, needs nothing of an agency any more."""
    for request in InformationRequest.objects.outstanding().filter(referral=referral).order_by("id"):
        fresh = locked_request(request)
        if fresh.is_open:
            end_request(fresh, RequestStatus.NOT_NEEDED, by=by, today=today)


def _end_task(request: InformationRequest, by: User) -> None:
    others = InformationRequest.objects.outstanding().filter(referral=request.referral_id)
    if not others.filter(times_chased__gte=LATE_FOR_A_TASK).exists():
        open_ = Task.objects.open().filter(referral=request.referral_id, kind=Task.Kind.LATE_REQUEST)
        open_.update(done_at=timezone.now(), done_by=by)
