"""The whole service in one story, in a real browser: from a Hub's file to the figures that the Commissioner's office reads.

On every page that anybody meets: nothing breaks, axe finds nothing, nothing scrolls sideways, and the browser has
nothing to say about the content security policy. RJ_PICTURES=FOLDER keeps a picture of each.
"""

import pytest

from tests.browser import DESK, PHONE
from tests.journey import accounting, arriving, meeting, preparing
from tests.referrals.hub_rows import EXPORTS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


def test_from_the_hubs_file_to_the_opened_case(service):
    """The suite's share of the story; `./run proof` plays it to its end, at both widths."""
    service = service(DESK, thorough=False)
    arriving.send_the_hubs_file(service)
    arriving.triage(service)


@pytest.mark.proof
@pytest.mark.parametrize("widths", [pytest.param((DESK,), id="desk"), pytest.param((PHONE, DESK), id="phone")])
def test_from_the_hubs_file_to_the_issued_pack(service, record_property, widths):
    thorough = PHONE in widths
    service = service(*widths, thorough=thorough)

    accounting.invite_the_reviewer(service)
    arriving.send_the_hubs_file(service)
    if thorough and EXPORTS.is_dir():
        arriving.send_a_real_export(service)
    arriving.log_a_referral(service)
    arriving.answer_the_partner(service)
    arriving.triage(service)

    preparing.name_the_people(service)
    preparing.record_agreements(service)
    preparing.find_facilitators(service)
    preparing.plan_and_be_refused(service)
    preparing.assess_both_sides(service)

    meeting.pass_the_gate(service)
    meeting.hold_the_conference(service)
    meeting.ask_how_it_went(service)
    meeting.close_the_case(service)

    accounting.prepare_the_pack(service)
    run = accounting.issue_the_pack(service)
    pdf = accounting.read_the_pack(service, run)
    accounting.compare(service, run, pdf)
    accounting.ask_who_looked(service)
    accounting.nobody_is_named(service, pdf)

    record_property("measured", f"screens: {service.screens}")
