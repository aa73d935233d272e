"""What casework meets less often is there to be seen: each story ends where its name says."""

import pytest
from django.utils import timezone

from cases.models import Agreement, Case, Debrief, Intervention, Message, PanelMember, PrisonBooking, ProgressPromise
from referrals import actions as referrals
from referrals.choices import ConsentMethod, Mechanism
from referrals.models import Grant, LegalBar, SensitiveFlag
from rj_service.accounts.acting import acting_as
from rj_service.accounts.roles import Role
from rj_service.demo.stories import STORIES, Cast, tell_stories
from tests.factories import member
from tests.volunteers.factories import ready_practitioner

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(area, cast):
    """All of them, told twice over."""
    today = timezone.localdate()
    ready_practitioner(area, today, user=cast["coordinator"], level="advanced")
    for who in ("practitioner", "off_case_practitioner"):
        ready_practitioner(area, today, user=cast[who], level="advanced")
    for _ in range(6):
        ready_practitioner(area, today, level="intermediate")
    with acting_as(cast["coordinator"]) as by:
        for number in range(len(STORIES)):
            referrals.receive_referral(area=area, new=_new(number, today), by=by, today=today)
    colleague = member(Role.COORDINATOR, area)
    people = {name: cast[name] for name in ("coordinator", "manager", "supervisor")}
    for _ in range(2):
        tell_stories(area=area, cast=Cast(colleague=colleague, **people), today=today)
    return colleague


def _new(number: int, today) -> referrals.NewReferral:
    return referrals.NewReferral(
        received_on=today,
        mechanism=Mechanism.VICTIMS_HUB,
        harmed=referrals.NewPerson(first_name="Ada", last_name=f"Lowe{number}", may_phone=True),
        responsible=referrals.NewPerson(first_name="Sid", last_name=f"Bray{number}"),
        incident={"crime_type": "burglary", "location": "Mill Lane"},
        consent_method=ConsentMethod.PHONE,
        consented_on=today,
    )


def test_each_story_is_told_once_and_ends_as_it_is_named(told, cast):
    with acting_as(cast["manager"]):
        assert Case.objects.count() == len(STORIES)
        flagged = Case.objects.filter(referral__in=SensitiveFlag.objects.values("referral"))
        assert {case.sign_off_refused_because != "" for case in flagged} == {True, False}
        assert not flagged.exclude(signed_off_at=None).exists()
        stands = Intervention.objects.values_list("model", "status")
        assert sorted(stands) == [
            ("community_conference", "held"),
            ("face_to_face_conference", "planned"),
            ("face_to_face_conference", "postponed"),
            ("face_to_face_conference", "scheduled"),
            ("letter_exchange", "scheduled"),
            ("njp_panel", "scheduled"),
            ("shuttle_mediation", "held"),
        ]
        assert Intervention.objects.get(status="scheduled", model="face_to_face_conference").moved_from is not None
        assert LegalBar.objects.get().kind == "live_proceedings"
        assert PanelMember.objects.count() == 4
        assert PrisonBooking.objects.get().reference == "FEN-3107"
        letters = Message.objects.filter(intervention__model="letter_exchange").values_list("status", "wish")
        assert sorted(letters) == [("draft", ""), ("permitted", ""), ("read", ""), ("read", "yes")]
        assert Message.objects.filter(intervention__model="shuttle_mediation", status="answered").exists()
        assert Agreement.objects.filter(revises__isnull=False).count() == 1
        assert {one.kind: how_it_stands(one) for one in ProgressPromise.objects.all()} == {
            "course": "made",
            "payments": "agreed",
            "work": "told",
            "treatment": "taken back",
            "unpaid_work": "ended",
        }
        assert Case.objects.filter(coordinator=told).exists()
    opened = Grant._base_manager.get(is_emergency=True)
    assert opened.user == cast["coordinator"]
    assert Debrief._base_manager.get().wants_to_talk


def how_it_stands(promise: ProgressPromise) -> str:
    if promise.ended_at:
        return "ended"
    said = list(promise.consents.values_list("withdrawn_at", flat=True))
    if None in said:
        return "told" if promise.tellings.exists() else "agreed"
    return "taken back" if said else "made"
