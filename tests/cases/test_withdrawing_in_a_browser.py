"""The evening before the conference the person harmed stops by their own link, on a phone without script. What depended on
it stops in that moment, and facilitators and coordinator are told."""

from datetime import datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cases import actions
from cases.models import Intervention, Visit
from rj_service.accounts.acting import acting_as
from rj_service.notifications.models import Notification
from tests.browser import PHONE_FIRST
from tests.cases.conftest import make_one_ready
from tests.volunteers.factories import ready_practitioner
from volunteers.choices import Level

pytestmark = pytest.mark.django_db(transaction=True)
TO_STOP = 4  # screens: the question, the page, what stopping is, it has stopped


@pytest.fixture
def tomorrow(area, cast, today):
    """A conference tomorrow at six, a visit to her before it, and the secret of her own link."""
    ready_practitioner(area, today, user=cast["coordinator"], level=Level.ADVANCED)
    with acting_as(cast["coordinator"]) as by:
        ready = make_one_ready(area, cast, today)
        known = {"by": by, "today": today}
        second = ready_practitioner(area, today, user=cast["off_case_practitioner"])
        actions.assign(
            not_asked="otherwise", case=ready.case, practitioner=second, role="co_facilitator", sides="both", **known
        )
        at = timezone.make_aware(datetime.combine(today + timedelta(days=1), time(18)))
        actions.schedule_intervention(intervention=ready.intervention, planned_for=at, **known)
        going = {"visitor": ready.lead, "companion": second, "place": "home", "minutes": 30}
        actions.plan_visit(
            participant=ready.harmed, planned_for=at - timedelta(hours=6), by=by, now=timezone.now(), **going
        )
        asked = {"channel": "by_hand", "question": "word", "word": "heron"}
        _, secret = actions.give_own_link(participant=ready.harmed, **asked, **known)
    Notification.objects.all().delete()
    return ready, secret


@pytest.mark.proof
@pytest.mark.parametrize("width", PHONE_FIRST)
def test_she_stops_the_evening_before(tomorrow, cast, visitor, width, record_property):
    ready, secret = tomorrow
    phone = visitor(width=width, script=False).open(reverse("cases:own-link", args=[secret]))
    phone.answer({"What word did we agree on?": "heron"}).press("Continue", within="main").follow("Stop")
    phone.reads("nobody else is told that it was you").press("Stop now", within="main").reads("It has stopped")
    record_property("measured", f"screens at {width}: {phone.screens} to stop")
    assert phone.screens <= TO_STOP

    assert Intervention._base_manager.get().status == "postponed"
    assert Visit._base_manager.get().status == "cancelled"
    told = set(Notification.objects.filter(kind="cannot_go_ahead").values_list("user", flat=True))
    assert told == {cast[who].pk for who in ("coordinator", "practitioner", "off_case_practitioner")}

    facilitator = visitor(cast["practitioner"], width).open("/")
    facilitator.reads("It does not take place until it is arranged again", "Do not tell anybody it is confirmed")
    facilitator.follow("Open the case").reads("Postponed.")
    coordinator = visitor(cast["coordinator"], width).open("/").reads("Stopped")
    coordinator.open(reverse("cases:readiness", args=[ready.case.pk, ready.intervention.pk])).reads(
        "cannot go ahead yet"
    )
