"""An alert leads to the top of the case's desk: what stopped, since when, who can lift it."""

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from cases import actions
from cases.models import Assignment
from rj_service.notifications.models import Notification
from rj_service.ui.templatetags.ui import day

pytestmark = pytest.mark.django_db
STOPS = {
    "a withdrawal": (
        lambda ready: actions.withdraw_consent(participant=ready.harmed, by=ready.by, today=ready.today),
        ("Maureen Okafor withdrew:", "Only Maureen Okafor, if they come to us"),
    ),
    "a death": (
        lambda ready: actions.record_death(
            participant=ready.responsible, died_on=ready.today, by=ready.by, today=ready.today
        ),
        ("Liam Hart has died", "Nobody can lift this."),
    ),
    "an order": (
        lambda ready: actions.record_legal_bar(
            participant=ready.responsible,
            kind="bail",
            authority="Ely court",
            starts_on=ready.today,
            by=ready.by,
            today=ready.today,
        ),
        ("forbids contact", "Ely court alone, in writing."),
    ),
    "a flag": (
        lambda ready: actions.raise_flag(case=ready.case, kind="stalking", by=ready.by, today=ready.today),
        ("Something sensitive was added", "the case supervisor signs the case off anew"),
    ),
}


@pytest.mark.parametrize("name", STOPS)
def test_the_alert_leads_to_what_stopped_since_when_and_who_can_lift_it(ready, name, cast, signed_in):
    act, words = STOPS[name]
    ready.schedule()
    client, desk = signed_in(cast["coordinator"]), reverse("cases:desk", args=[ready.case.pk])
    assert "What stopped" not in client.get(desk).content.decode()
    act(ready)
    note = Notification.objects.filter(kind="safety_change", user=cast["coordinator"]).get()
    answer = client.post(reverse("notifications:open", args=[note.pk]), follow=True)
    assert answer.redirect_chain[-1][0] == desk
    box = strip_tags(answer.content.decode().split("What stopped")[1].split("</section>")[0])
    told = " ".join(box.split())
    for one in (*words, f"since {day(ready.today)}", "Postponed by it: face-to-face conference"):
        assert one in told, (one, told)


def test_a_facilitator_of_one_side_reads_no_stop_of_the_other(ready, cast, signed_in):
    actions.withdraw_consent(participant=ready.responsible, by=ready.by, today=ready.today)
    client, desk = signed_in(ready.lead.learner.user), reverse("cases:desk", args=[ready.case.pk])
    assert "Liam Hart withdrew" in client.get(desk).content.decode()
    Assignment._base_manager.filter(case=ready.case, practitioner=ready.lead).update(sides="harmed")
    assert "What stopped" not in client.get(desk).content.decode()
