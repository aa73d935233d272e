"""A case supervisor signs off one sensitive case and sends another back with what is missing; its coordinator reads why."""

import pytest

from cases import actions
from cases.models import Case
from rj_service.accounts.acting import acting_as
from rj_service.ui.references import spoken
from tests.browser import WIDTHS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.proof]
MISSING = "Nobody has asked her alone yet"
TO_SIGN_OFF, TO_REFUSE = 3, 4  # screens, from the home


@pytest.mark.parametrize("width", WIDTHS)
def test_one_is_signed_off_and_one_sent_back(open_case, cast, today, visitor, width, record_property):
    good, wanting = open_case(), open_case()
    with acting_as(cast["coordinator"]) as by:
        for case in (good, wanting):
            actions.raise_flag(case=case, kind="stalking", by=by, today=today)
            actions.set_supervisor(case=case, supervisor=cast["supervisor"], by=by, today=today)
        actions.record_specialist_consulted(case=good, who="Ana Ruiz, IDVA", consulted_on=today, by=by, today=today)

    supervisor = visitor(cast["supervisor"], width).open("/").reads("2 cases wait for your sign-off")
    supervisor.follow(f"Sign off {spoken(good.reference)}").reads("Stalking", "Ana Ruiz, IDVA", "Maureen Okafor")
    supervisor.press("Sign off", within="main").reads("The case is signed off")
    to_sign_off = supervisor.screens
    supervisor.open("/").reads("1 case waits for your sign-off")
    before = supervisor.screens - 1
    supervisor.follow(f"Sign off {spoken(wanting.reference)}").reads("Nobody consulted")
    supervisor.follow("Do not sign off: send it back").answer({"What is missing": MISSING}).press("Send it back")
    supervisor.reads("Sent back to the coordinator")
    to_refuse = supervisor.screens - before
    supervisor.open("/").reads("No case waits for your sign-off", "Sent back on")
    assert Case._base_manager.get(pk=good.pk).signed_off_by == cast["supervisor"]
    assert Case._base_manager.get(pk=wanting.pk).sign_off_refused_because == MISSING

    coordinator = visitor(cast["coordinator"], width).open("/notifications/")
    coordinator.follow("Home").follow("Cases").follow(spoken(wanting.reference)).reads("Sent back")
    coordinator.follow("Open the sign-off").reads("Sent back", MISSING, "never the case’s own coordinator")
    record_property("measured", f"screens at {width}: {to_sign_off} to sign off, {to_refuse} to send back")
    assert to_sign_off <= TO_SIGN_OFF and to_refuse <= TO_REFUSE
