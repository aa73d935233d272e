"""Every page of a case opens for whoever may open it, and for nobody else."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db

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
    "desk", "people", "consents", "legal-bars", "contacts", "log-contact", "assessments", "meetings",
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
    page = signed_in(cast["practitioner"]).get(address(name, ready))
    assert page.status_code == (200 if name in TO_A_LEAD else 403)
