"""A partner's referrer changes what they sent, talks with the coordinator, and learns the outcome in one neutral line."""

import pytest

from tests.browser import DESK, PHONE
from tests.journey.arriving import decide, log_a_referral
from tests.journey.people import SAM, named_in
from tests.journey.service import Service
from tests.worker import wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.proof]

MOVED = {"phone": "07700 900739", "says": "Nobody is at home before six."}


def test_a_partner_changes_and_follows_a_referral(service, record_property):
    service = service(PHONE, DESK, thorough=False)
    log_a_referral(service)
    partner = service["referrer"]
    reference = partner.page.locator("main .rj-ref").first.inner_text()

    _send_a_new_phone_number(partner.follow(reference))
    _take_it_over_and_ask(service, reference)
    partner.follow("My referrals").reads("1 message to read").follow(reference).reads(
        "Is it safe to write?", "Taken over"
    )
    partner.answer({"Your message": MOVED["says"]}).press("Send", within="#messages").reads("Your message is sent")
    _do_not_accept(service, reference)
    partner.follow("My referrals").reads("We cannot take this forward at present").follow(reference)
    assert "moved away" not in partner.text  # why is for the service alone

    assert service.mails and not any(named_in(mail) or MOVED["phone"][-6:] in mail for mail in service.mails)
    record_property("measured", f"screens: {service.screens}")


def _send_a_new_phone_number(partner) -> None:
    partner.follow("Change what you sent").answer({"Phone number": MOVED["phone"]}).press("Compare old and new")
    partner.reads(SAM.phone, MOVED["phone"], "A coordinator decides").press("Send the changes")
    partner.reads("Your changes are sent", "Changes you asked for", MOVED["phone"])


def _take_it_over_and_ask(service: Service, reference: str) -> None:
    coordinator = service["coordinator"].follow("Referrals").follow(reference)
    coordinator.reads("Changes the referrer sent", SAM.phone, MOVED["phone"]).press("Take it over")
    coordinator.reads("The change is decided")
    wait_until(lambda: service.mails)
    coordinator.answer({"Your message": "Is it safe to write?"}).press("Send", within="#messages").reads(
        "Your message is sent"
    )


def _do_not_accept(service: Service, reference: str) -> None:
    service["coordinator"].follow("Referrals").follow(reference).reads(MOVED["says"]).follow("Referrals")
    decide(
        service,
        reference,
        "Not accept",
        {"Kind of reason": "Belongs to another area", "Reason": "They have moved away"},
    )
