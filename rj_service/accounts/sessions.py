"""When a session begins and what ends it: idle time, age, and a raised `session_epoch`."""

import time

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import F

# `seen` is written once a minute, so a session lives up to a minute longer than the warning says, never shorter.
WRITE_EVERY = 60
# In the address of a POST: the script that warned says that the time is over. Nothing of it is submitted.
OVER = "session-over"


def begin(request) -> None:
    now = int(time.time())
    for name in ("ended", "ended_for"):
        request.session.pop(name, None)
    request.session.update({"began": now, "seen": now, "epoch": request.user.session_epoch})


def must_end(request) -> bool:
    session, now = request.session, time.time()
    if not request.user.is_active or session.get("epoch", request.user.session_epoch) != request.user.session_epoch:
        return True
    if now - session.get("seen", now) > settings.SESSION_IDLE_SECONDS + (0 if is_called_over(request) else WRITE_EVERY):
        return True
    return now - session.get("began", now) > settings.SESSION_ABSOLUTE_SECONDS


def is_called_over(request) -> bool:
    return request.method == "POST" and OVER in request.GET


def touch(request) -> None:
    now, session = int(time.time()), request.session
    if "began" not in session:
        begin(request)
    elif now - session.get("seen", 0) > WRITE_EVERY:
        session["seen"] = now


def end_all(user) -> None:
    """Every session of the person ends at its next request."""
    get_user_model().objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    user.refresh_from_db(fields=["session_epoch"])


def end_others(request) -> None:
    """Every other session of the person: what proves who they are has changed."""
    end_all(request.user)
    request.session["epoch"] = request.user.session_epoch
