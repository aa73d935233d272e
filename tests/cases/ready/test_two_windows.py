"""Two windows at one thing: whoever is second reads what stands by now, writes over nothing unseen, and keeps what they typed."""

from datetime import time
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from cases import actions
from cases.models import Attendance, Intervention, Message
from tests.cases.ready.test_messages import exchange, take, write  # noqa: F401 (fixture)
from tests.typed import typed

pytestmark = pytest.mark.django_db


def text_of(page) -> str:
    return unescape(page.content.decode())


def by(ready) -> dict:
    return {"by": ready.by, "today": ready.today}


def fields_of(page) -> dict:
    """What the page's form holds, to be sent as it came."""
    form = page.context["form"]
    sent = {}
    for name, field in form.fields.items():
        value = form.get_initial_for_field(field, name)
        if hasattr(value, "year") and not hasattr(value, "hour"):
            sent |= typed(**{name: value})
        elif value not in (None, "", False):
            sent[name] = getattr(value, "pk", value)
    return sent


def test_the_plan(ready, cast, signed_in):
    desk = signed_in(cast["coordinator"])
    address = reverse("cases:change-plan", args=[ready.case.pk, ready.intervention.pk])
    first, second = fields_of(desk.get(address)), fields_of(desk.get(address))
    assert desk.post(address, first | {"safety_plan": "Police wait outside"}).status_code == 302
    refused = desk.post(address, second | {"room_plan": "A circle"})
    assert refused.status_code == 422
    words = text_of(refused)
    assert "changed in another window meanwhile" in words and "Police wait outside" in words and "A circle" in words
    assert Intervention.objects.get(pk=ready.intervention.pk).room_plan == ""
    again = second | {"room_plan": "A circle", "shown": refused.context["form"].data["shown"]}
    assert desk.post(address, again).status_code == 302, "they have read it, and mean theirs"
    plan = Intervention.objects.get(pk=ready.intervention.pk)
    assert (plan.room_plan, plan.safety_plan) == ("A circle", "")


def test_the_same_plan_twice_is_no_quarrel(ready, cast, signed_in):
    desk = signed_in(cast["coordinator"])
    address = reverse("cases:change-plan", args=[ready.case.pk, ready.intervention.pk])
    sent = fields_of(desk.get(address)) | {"safety_plan": "Police wait outside"}
    assert [desk.post(address, sent).status_code for _ in range(2)] == [302, 302]


def test_who_comes(ready, cast, signed_in):
    desk = signed_in(cast["coordinator"])
    address = reverse("cases:who-comes", args=[ready.case.pk, ready.intervention.pk])
    page = desk.get(address)
    shown = page.context["form"]["shown"].value()
    assert shown and f'value="{shown}"' in page.content.decode()
    doors = {ready.harmed.pk: "Front door", ready.responsible.pk: "Garden door"}
    moved = {pk: actions.Arrival("room", time(13, 15), door) for pk, door in doors.items()}
    actions.say_who_comes(intervention=ready.intervention, coming=moved, **by(ready))
    late = {f"way-{ready.harmed.pk}": "room", f"at-{ready.harmed.pk}": "2pm", f"door-{ready.harmed.pk}": "Garden door"}
    refused = desk.post(address, late | {"shown": shown})
    assert refused.status_code == 422
    assert "Liam Hart in the room, 1:15pm, Garden door" in text_of(refused)
    assert Attendance.objects.get(participant=ready.harmed).entrance == "Front door"


def test_how_they_connect(ready, cast, signed_in):
    desk = signed_in(cast["coordinator"])
    address = reverse("cases:remote", args=[ready.case.pk, ready.intervention.pk])
    shown = desk.get(address).context["form"]["shown"].value()
    tested = {"line_tester": "Dana", "line_tested_on": ready.today, "waits_apart": True}
    actions.say_how_they_connect(intervention=ready.intervention, platform="Our own", **tested, **by(ready))
    refused = desk.post(address, {"platform": "Another", "shown": shown})
    assert refused.status_code == 422
    assert "Our own, tested by Dana" in text_of(refused)


STEPS = {"permit-message": (), "read-message": ("permit",), "carry-message": ("permit", "read", "wish")}


@pytest.mark.parametrize("step", STEPS)
def test_only_the_words_that_the_page_showed_are_permitted_read_and_carried(exchange, cast, signed_in, step):  # noqa: F811
    """A author said yes to the first words; the second are not theirs to have been asked about."""
    message = take(exchange, write(exchange), *STEPS[step])
    desk = signed_in(cast["coordinator"])
    address = reverse(f"cases:{step}", args=[exchange.case.pk, message.pk])
    shown = desk.get(address).context["form"]["shown"].value()
    message = actions.change_message(message=message, words="I hate you", **by(exchange))
    take(exchange, message, *STEPS[step])
    said = {f"permitted_on_{part}": getattr(exchange.today, part) for part in ("day", "month", "year")}
    said |= {f"carried_on_{part}": getattr(exchange.today, part) for part in ("day", "month", "year")}
    before = Message.objects.get().status
    refused = desk.post(address, said | {"how": "read_it", "has_read": "on", "shown": shown})
    assert refused.status_code == 422
    assert "The words were changed in another window meanwhile" in text_of(refused)
    assert "I hate you" in text_of(refused)
    assert Message.objects.get().status == before


def test_the_words_of_a_message(exchange, cast, signed_in):  # noqa: F811
    message, desk = write(exchange), signed_in(cast["coordinator"])
    address = reverse("cases:change-message", args=[exchange.case.pk, message.pk])
    shown = desk.get(address).context["form"]["shown"].value()
    actions.change_message(message=message, words="I am sorry for the gate", **by(exchange))
    refused = desk.post(address, {"words": "I am sorry for all of it", "shown": shown})
    assert refused.status_code == 422
    words = text_of(refused)
    assert "I am sorry for the gate" in words and "I am sorry for all of it" in words
    assert Message.objects.get().words == "I am sorry for the gate"


def test_the_day_is_kept(ready):
    """A mark of what the page showed knows the hour too."""
    mark = actions.plan_mark(ready.intervention)
    Intervention.objects.filter(pk=ready.intervention.pk).update(planned_for=timezone.now())
    assert actions.plan_mark(Intervention.objects.get(pk=ready.intervention.pk)) != mark
