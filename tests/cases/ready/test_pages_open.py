"""Every page of a case opens for whoever may open it, and for nobody else."""

import pytest
from django.urls import reverse
from django.utils import timezone

from cases import actions
from cases.models import Intervention
from rj_service.accounts.acting import acting_as

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def duty_phone(area):
    type(area).objects.filter(pk=area.pk).update(duty_phone="01632 960018")


OF_CASE = [
    "desk", "history", "people", "add-participant", "identify-responsible", "consents", "legal-bars", "raise-flag",
    "contacts", "log-contact", "assessments", "assignment-desk", "supervisor", "specialist", "sign-off", "meetings",
    "plan-intervention", "agreement", "surveys", "close", "reopen", "hand-over",
]  # fmt: skip
OF_PERSON = [
    "reveal-contact", "log-contact-with", "record-consent", "legal-bar", "participant-leaves", "invite-to-survey",
    "assessment",
]  # fmt: skip
OF_MEETING = ["change-plan", "readiness", "hold", "postpone", "cancel", "did-not-happen"]
TO_A_LEAD = {
    "desk", "people", "consents", "legal-bars", "legal-bar", "raise-flag", "contacts", "log-contact", "assessments", "meetings",
    "plan-intervention", "agreement", "reveal-contact", "log-contact-with", "record-consent", "assessment",
    *OF_MEETING,
}  # fmt: skip
REFUSED = {"hub_worker": 403, "referrer": 403, "training_lead": 403, "opcc": 403, "dpo": 403, "admin": 403}


def address(name: str, ready) -> str:
    if name in OF_PERSON:
        return reverse(f"cases:{name}", args=[ready.case.pk, ready.harmed.pk])
    if name in OF_MEETING:
        return reverse(f"cases:{name}", args=[ready.case.pk, ready.intervention.pk])
    return reverse(f"cases:{name}", args=[ready.case.pk])


@pytest.mark.parametrize("name", OF_CASE + OF_PERSON + OF_MEETING)
def test_a_coordinator_and_the_lead_open_what_is_theirs(ready, cast, signed_in, name):
    page = signed_in(cast["coordinator"]).get(address(name, ready))
    assert page.status_code == 200, page.content.decode()[:500]
    says_whom_to_call(page, ready)
    page = signed_in(cast["practitioner"]).get(address(name, ready))
    assert page.status_code == (200 if name in TO_A_LEAD else 403)
    if name in TO_A_LEAD:
        says_whom_to_call(page, ready)


def says_whom_to_call(page, ready) -> None:
    """Wherever somebody may learn that there is danger (domain 2.16.5); the concern is raised about this case."""
    words = page.content.decode()
    assert reverse("referrals:raise-concern-on", args=[ready.case.referral_id]) in words
    assert "In immediate danger call 999. Duty manager out of hours: 01632 960018." in words


def test_visits_notes_and_what_reaching_takes_say_whom_to_call(ready, cast, signed_in):
    with acting_as(cast["practitioner"]) as by:
        common = {"minutes": 60, "place": "venue", "alone_because": "Staff sit next door", "by": by}
        visit = actions.plan_visit(
            participant=ready.harmed, visitor=ready.lead, planned_for=ready.tomorrow, now=timezone.now(), **common
        )
    phone, case, person = signed_in(cast["practitioner"]), ready.case.pk, ready.harmed.pk
    pages = {"visits": [case], "notes": [case], "visit": [visit.pk]}
    pages |= {
        name: [case, person]
        for name in ("plan-visit", "write-note", "custody", "record-custody", "interpreters", "book-interpreter")
    }
    for name, args in pages.items():
        says_whom_to_call(phone.get(reverse(f"cases:{name}", args=args)), ready)


@pytest.mark.parametrize(
    ("status", "reads", "not_there"),
    [
        ("planned", "Nobody has been invited and nothing has been sent", "still expects it"),
        ("scheduled", "whoever was told of it still expects it", "Nobody has been invited"),
        ("postponed", "Nothing may be carried between the sides", "Nobody has been invited"),
    ],
)
def test_only_of_a_plan_it_says_that_nobody_was_invited(ready, signed_in, cast, status, reads, not_there):
    ready.lead.checks.filter(kind="nppv_2").delete()
    Intervention.objects.filter(pk=ready.intervention.pk).update(status=status, planned_for=ready.tomorrow)
    known = [ready.case.pk, ready.intervention.pk]
    page = signed_in(cast["coordinator"]).get(reverse("cases:readiness", args=known)).content.decode()
    assert "cannot go ahead yet" in page and reads in page and not_there not in page


def test_the_desk_ends_the_place_of_whoever_cannot_go_on(ready, signed_in, cast):
    """Somebody beside them would not make the check good: their own place has to end."""
    lead = ready.case.assignments.in_force().get(role="lead")
    desk = signed_in(cast["coordinator"]).get(reverse("cases:assignment-desk", args=[ready.case.pk])).content.decode()
    assert reverse("cases:end-assignment", args=[ready.case.pk, lead.pk]) in desk
    assert f"End the assignment of {ready.lead.name}" in desk
