"""A lost phone: two people check who is asking, then the second factor, the password and every session end."""

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models.functions import Now

from rj_service.accounts import events, policy, sessions
from rj_service.accounts.errors import NotAllowed, StaleState
from rj_service.accounts.models import AccountMail, RecoveryRequest, User
from rj_service.audit.actions import record

METHODS = {
    "in_person": "Met them in person",
    "video": "Saw them on a video call and know their face",
    "called_back": "Called back on the number that their organisation holds",
}


@transaction.atomic
def ask_recovery(*, email: str) -> None:
    """Says nothing about whether the address has an account. One open request a person."""
    user = (
        User.objects.select_for_update()
        .filter(email__iexact=email.strip(), is_active=True, kind=User.Kind.PERSON)
        .first()
    )
    if user is None or RecoveryRequest.objects.open().filter(user=user).exists():
        return
    request = RecoveryRequest.objects.create(user=user)
    record(events.RECOVERY_ASKED, by=None, on=request)


@transaction.atomic
def check_identity(*, request: RecoveryRequest, method: str, by: User) -> bool:
    """The first or the second check, by different people. True when it was the second and the person may start anew."""
    fresh = RecoveryRequest.objects.open().select_for_update(of=("self",)).filter(pk=request.pk).first()
    if fresh is None:
        raise StaleState("This request is closed already")
    if not policy.can_check(by, fresh):
        raise NotAllowed("Somebody else must make this check: not the person, and not who checked first.")
    if method not in METHODS:
        raise ValueError(method)
    mine = RecoveryRequest.objects.filter(pk=fresh.pk)
    if fresh.first_checked_by_id is None:
        mine.update(first_checked_at=Now(), first_checked_by=by, first_method=method)
        record(events.RECOVERY_FIRST_CHECK, by=by, on=fresh, detail={"method": method})
        return False
    mine.update(second_checked_at=Now(), second_checked_by=by, second_method=method)
    _start_anew(fresh.user)
    record(events.RECOVERY_GRANTED, by=by, on=fresh, detail={"method": method})
    return True


def _start_anew(user: User) -> None:
    """Whoever holds the old password or an open session is out too: the way back is a link to the person's own address."""
    Authenticator.objects.filter(user=user).delete()
    user.set_unusable_password()
    user.save(update_fields=["password"])
    sessions.end_all(user)
    AccountMail.objects.enqueue(kind=AccountMail.Kind.RECOVERY, user=user)


@transaction.atomic
def refuse_recovery(*, request: RecoveryRequest, by: User) -> None:
    if not by.may("accounts.recover") or by.pk == request.user_id:
        raise NotAllowed("You cannot refuse this request.")
    if not RecoveryRequest.objects.open().filter(pk=request.pk).update(refused_at=Now(), refused_by=by):
        raise StaleState("This request is closed already")
    record(events.RECOVERY_REFUSED, by=by, on=request)
