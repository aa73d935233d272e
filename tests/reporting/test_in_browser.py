"""Homes, packs and figures at a desk's and at a phone's width: axe finds nothing, nothing scrolls sideways."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cases.choices import Model, Side
from referrals.choices import Mechanism, ReferralStatus
from referrals.models import SensitiveFlag, Task
from reporting import actions
from reporting.models import ReportRun
from reporting.periods import first_of
from reporting.tasks import make_pack  # noqa: F401 (registers the work of a ReportRun)
from rj_service.accounts.acting import acting_as
from rj_service.jobs.leases import work_on
from tests.reporting.factories import CaseFactory, InterventionFactory, ReferralFactory, answered
from tests.reporting.test_home import arranged, task

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def busy(area, cast):
    """A day with something of everything."""
    coordinator, today = cast["coordinator"], timezone.localdate()
    for days in (21, 16, 1, 0):
        ReferralFactory(service_area=area, received_on=today - timedelta(days=days))
    ReferralFactory(service_area=area, status=ReferralStatus.ON_HOLD, hold_until=today - timedelta(days=3))
    for _ in range(3):
        ReferralFactory(service_area=area, status=ReferralStatus.INTERESTED)
    case = CaseFactory(service_area=area, supervisor=cast["supervisor"])
    SensitiveFlag(referral=case.referral, kind="stalking", raised_by=coordinator).save(force_insert=True)
    task(case.referral, coordinator, kind=Task.Kind.SAFETY, words="Agreement withdrawn", side="harmed")
    task(case.referral, coordinator, due_on=today - timedelta(days=6), side="harmed")
    task(case.referral, coordinator, words="Book a Polish interpreter", side="responsible")
    task(case.referral, coordinator, words="Reconfirm an assessment", due_on=today + timedelta(days=3))
    for days in (-3, 1, 4):
        arranged(case, days=days)


@pytest.fixture
def published(area, cast, settings, tmp_path):
    """An issued pack of the commissioner and a draft of our own, of a month with a little of everything."""
    settings.FILES_DIR = tmp_path
    month = first_of(timezone.localdate(), -1)
    for months_back, number in enumerate((9, 12, 7, 10, 8, 11)):
        for place, mechanism in zip(("Peterborough", "Fenland", ""), Mechanism.values, strict=False):
            for _ in range(number // 3):
                received = first_of(month, -months_back * 2)
                ReferralFactory(service_area=area, received_on=received, place=place, mechanism=mechanism)
    for model in (Model.FACE_TO_FACE_CONFERENCE, Model.LETTER_EXCHANGE, Model.SHUTTLE_MEDIATION):
        case = CaseFactory(service_area=area, received_on=first_of(month, -8))
        InterventionFactory(case=case, model=model, held_on=month)
        for side in (Side.HARMED, Side.RESPONSIBLE):
            answered(case, side, month + timedelta(days=9))
    with acting_as(cast["coordinator"]) as by:
        asked = {"area": area, "month": month, "by": by}
        runs = [actions.draft_pack(audience=audience, **asked) for audience in ("commissioner", "internal")]
    for run in runs:
        work_on(ReportRun, run.pk)
    with acting_as(cast["coordinator"]) as by:
        actions.write_commentary(run=runs[0], words="More came through the Hub.", by=by)
        actions.issue_pack(run=runs[0], by=by)
    work_on(ReportRun, runs[0].pk)
    return runs


HOMES = ("supervisor", "dpo", "admin")


@pytest.mark.parametrize("who", ["coordinator", *(pytest.param(who, marks=pytest.mark.proof) for who in HOMES)])
def test_homes(busy, cast, signed_in_page, assert_sound, who):
    assert_sound(signed_in_page(cast[who]), f"/?as={who}")


@pytest.mark.proof
def test_packs(published, cast, signed_in_page, assert_sound):
    page = signed_in_page(cast["coordinator"])
    issued, draft = published
    for address in ("", f"packs/{draft.pk}/", f"packs/{draft.pk}/issue/", f"packs/{issued.pk}/", "new/"):
        assert_sound(page, f"/reports/{address}")


@pytest.mark.proof
def test_what_the_commissioners_office_reads(published, cast, signed_in_page, assert_sound):
    page = signed_in_page(cast["opcc"])
    for address in ("figures/", "issued/", f"issued/{published[0].pk}/", "definitions/"):
        assert_sound(page, f"/reports/{address}")
