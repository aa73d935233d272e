"""What somebody had typed when their session ended: kept for 30 minutes, for the same person and the same page only."""

import json
from datetime import timedelta

from django.db.models.functions import Now
from django.http import QueryDict

from rj_service.accounts.models import KeptForm

KEPT_FOR = timedelta(minutes=30)
LONGEST = 200_000
NEVER_KEPT = ("/accounts/", "/invitations/")


def keep(request, user_id) -> bool:
    """Keep the words of a POST that came too late for that person. Passwords and files are not kept. True if there were any."""
    if request.method != "POST" or request.path.startswith(NEVER_KEPT):
        return False
    typed = {
        name: values
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken" and "password" not in name and any(values)
    }
    content = json.dumps(typed)
    if not typed or len(content) > LONGEST:
        return False
    KeptForm.objects.filter(kept_at__lt=Now() - KEPT_FOR).delete()
    KeptForm.objects.update_or_create(
        user_id=user_id, path=request.path[:300], defaults={"content": content, "kept_at": Now()}
    )
    return True


def take(request) -> QueryDict | None:
    """The words kept for this person at this address, once."""
    if request.method != "GET":
        return None
    found = KeptForm.objects.filter(user=request.user, path=request.path[:300], kept_at__gte=Now() - KEPT_FOR).first()
    if found is None:
        return None
    found.delete()
    words = QueryDict(mutable=True)
    for name, values in json.loads(found.content).items():
        words.setlist(name, values)
    return words
