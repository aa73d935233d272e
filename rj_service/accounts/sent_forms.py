"""The same form that arrives twice, seconds apart on a slow line, is done once.

Each page that is loaded carries a token of its own: Django masks the CSRF token anew every time. The same words at the same
address with the same token, from the same person within minutes, are the same sending: it gets the answer of the first. The
page loaded anew, or other words, are another one. What carries no token, or nothing but it, is done as it comes: a button that
stops something is never taken for an earlier press.
"""

from collections.abc import Callable
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase

from rj_service.accounts.models import SentForm
from rj_service.audit.fields import lookup_key

KEPT_FOR = timedelta(minutes=5)
TOKEN = "csrfmiddlewaretoken"  # noqa: S105 (the name of a field)
MASKED = 64  # characters; the bare secret is shorter, and the same on every page
LONGEST = 500


def sent_once(request, who, act: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """`act` in the caller's transaction, so that a second sending waits for the first, and is done if that came to nothing."""
    key = _key(request, who)
    if key is None:
        return act()
    _forget_old()
    try:
        with transaction.atomic():
            row = SentForm.objects.create(key=key)
    except IntegrityError:
        return HttpResponseRedirect(SentForm.objects.get(key=key).leads_to)
    response = act()
    if (
        isinstance(response, HttpResponse)
        and response.status_code in (302, 303)
        and len(response["Location"]) <= LONGEST
    ):
        SentForm.objects.filter(pk=row.pk).update(leads_to=response["Location"])
    else:
        row.delete()  # refused, or asked to go on: to send it again is the next try
    return response


def _key(request, who) -> bytes | None:
    token = request.POST.get(TOKEN, "")
    typed = sorted((name, values) for name, values in request.POST.lists() if name != TOKEN)
    files = sorted((name, [(one.name, one.size) for one in ones]) for name, ones in request.FILES.lists())
    if len(token) != MASKED or not (typed or files):
        return None
    return lookup_key("sent form", repr((str(who), request.path, token, typed, files)))


def _forget_old() -> None:
    """What somebody else forgets at this moment is left to them."""
    old = SentForm.objects.select_for_update(skip_locked=True).filter(sent_at__lt=Now() - KEPT_FOR)
    SentForm.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:100])).delete()
