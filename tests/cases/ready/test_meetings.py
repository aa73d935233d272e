"""Who comes to a meeting, where, and how it moved: what each may write, and what each side may read of it."""

from datetime import datetime, time, timedelta

import pytest
from django.conf import settings
from django.urls import reverse

from cases import actions
from cases.choices import AskedBy, Presence, Side
from cases.models import Attendance, Intervention, PanelMember, Participant, Rescheduling, Venue
from rj_service.accounts.acting import acting_as
from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from rj_service.audit.models import DomainEvent
from rj_service.notifications.models import Notification
from rj_service.ui.references import spoken
from tests.cases.conftest import checked_venue
from tests.volunteers.factories import ready_practitioner

pytestmark = pytest.mark.django_db


def come(ready, **doors: str):
    arrivals = {
        getattr(ready, name).pk: actions.Arrival("room", time(13, 45), entrance=door) for name, door in doors.items()
    }
    return actions.say_who_comes(intervention=ready.intervention, coming=arrivals, by=ready.by, today=ready.today)


def test_whoever_is_not_named_does_not_come(ready):
    come(ready, harmed="Front door")
    assert Attendance.objects.get().participant == ready.harmed


def test_once_it_is_arranged_the_sides_still_arrive_apart(ready):
    ready.schedule()
    with pytest.raises(DomainError, match="would meet at the door"):
        come(ready, harmed="Front door", responsible="Front door")
    with pytest.raises(DomainError, match="who comes from this side"):
        come(ready, harmed="Front door")
    come(ready, harmed="Front door", responsible="Garden door")


def test_nobody_of_another_case_comes(ready, open_case):
    stranger = Participant.objects.filter(case=open_case()).first()
    with pytest.raises(DomainError, match="not part of this case"):
        actions.say_who_comes(
            intervention=ready.intervention,
            coming={stranger.pk: actions.Arrival("phone")},
            by=ready.by,
            today=ready.today,
        )


def test_who_comes_is_over_once_it_was_held(ready):
    ready.hold()
    with pytest.raises(StaleState):
        come(ready, harmed="Front door")


def test_by_video_nobody_arrives_anywhere(ready):
    arrival = actions.Arrival("video", time(13, 45), "Front door")
    actions.say_who_comes(
        intervention=ready.intervention, coming={ready.harmed.pk: arrival}, by=ready.by, today=ready.today
    )
    row = Attendance.objects.get()
    assert (row.way, row.arrives_at, row.entrance) == ("video", None, "")


def test_why_somebody_did_not_come_is_written_and_gone_when_it_is_arranged_again(ready):
    ready.schedule()
    actions.record_did_not_happen(
        intervention=ready.intervention,
        reason="Nobody brought him",
        asked_by=AskedBy.PRISON,
        attendance={ready.harmed.pk: Presence.CAME, ready.responsible.pk: Presence.CUSTODY},
        by=ready.by,
        today=ready.today,
    )
    said = dict(Attendance.objects.exclude(presence="").values_list("participant", "presence"))
    assert said == {ready.harmed.pk: "came", ready.responsible.pk: "custody"}
    ready.schedule()
    assert not Attendance.objects.exclude(presence="").exists()


def test_how_it_moved_is_kept_and_those_who_run_it_hear(ready, cast):
    first = ready.schedule().planned_for
    known = {"intervention": ready.intervention, "by": ready.by, "today": ready.today}
    Notification._base_manager.all().delete()
    actions.postpone_intervention(reason="Hospital", asked_by=AskedBy.HARMED, **known)
    assert list(Notification._base_manager.values_list("user", "kind")) == [(cast["practitioner"].pk, "case_update")]
    later = first + timedelta(days=7)
    actions.schedule_intervention(planned_for=later, **known)
    moves = Rescheduling.objects.order_by("recorded_at", "id").values_list("became", "asked_by", "from_at", "to_at")
    assert list(moves) == [("postponed", "harmed", first, None), ("scheduled", "harmed", first, later)]


def test_what_is_stopped_for_safety_moved_too(ready):
    ready.schedule()
    actions.withdraw_consent(participant=ready.harmed, by=ready.by, today=ready.today)
    move = Rescheduling.objects.get()
    assert (move.became, move.asked_by, move.why) == ("postponed", "safety", "Consent withdrawn")


def test_whoever_works_with_one_side_reads_neither_who_asked_nor_the_panel_nor_the_other_door(ready, cast, signed_in):
    ready.schedule()
    known = {"intervention": ready.intervention, "by": ready.by, "today": ready.today}
    actions.postpone_intervention(reason="Zqreason", asked_by=AskedBy.RESPONSIBLE, **known)
    PanelMember.objects.create(intervention=ready.intervention, practitioner=ready.lead, named_by=ready.by)
    Attendance.objects.filter(participant=ready.responsible).update(entrance="Zqdoor")
    page = reverse("cases:meetings", args=[ready.case.pk])
    phone = signed_in(cast["practitioner"])
    both = phone.get(page).content.decode()
    assert all(words in both for words in ("Zqreason", "The responsible side", "Zqdoor", "Front door", "Panel:"))
    ready.lead.assignments.update(sides="harmed")
    one = phone.get(page).content.decode()
    assert "Front door" in one
    assert [words for words in ("Zq", "esponsible", "Panel:", "Village hall") if words in one] == []


def test_a_panel_is_named_from_this_area_and_only_for_a_panel(ready, other_area, area, today):
    member = ready_practitioner(area, today)
    known = {"intervention": ready.intervention, "by": ready.by, "today": today}
    with pytest.raises(DomainError, match="Only a panel"):
        actions.name_panel(members=[member], **known)
    Intervention.objects.update(model="njp_panel")
    with pytest.raises(DomainError, match="of this area"):
        actions.name_panel(members=[ready_practitioner(other_area, today)], **known)
    with pytest.raises(DomainError, match="at most"):
        actions.name_panel(members=[member] * 7, **known)
    for members in ([member], [ready.lead, member], [ready.lead]):
        actions.name_panel(members=members, **known)
        assert {one.practitioner for one in PanelMember.objects.all()} == set(members)


def test_a_venue_is_kept_checked_and_ended(coordinator, area, cast, today):
    venue = checked_venue(area, by=coordinator, today=today, rooms="  Hall \n\n Kitchen")
    assert (venue.rooms, venue.check_due_on) == ("Hall\nKitchen", today + timedelta(days=365))
    for changed, words in (
        ({"checked_on": today + timedelta(days=1)}, "today or in the past"),
        ({"checked_on": today - timedelta(days=1)}, "later check"),
        ({"is_safe": False}, "Say what is not safe"),
    ):
        with pytest.raises(DomainError, match=words):
            actions.check_venue(
                **({"venue": venue, "is_safe": True, "checked_on": today, "by": coordinator, "today": today} | changed)
            )
    actions.end_venue(venue=venue, by=coordinator)
    with pytest.raises(StaleState):
        actions.check_venue(venue=venue, is_safe=True, checked_on=today, by=coordinator, today=today)
    with acting_as(cast["practitioner"]) as by, pytest.raises(NotAllowed):
        actions.keep_venue(area=area, new=actions.NewVenue(name="Hall", address="Here"), by=by)


def test_venues_are_narrowed_by_their_check_and_by_what_they_are(coordinator, area, cast, today, signed_in):
    oldest = today - timedelta(days=settings.RJ_VENUE_CHECK_DAYS)
    known = {"Fresh": {}, "Last day": {"checked_on": oldest}, "Over": {"checked_on": oldest - timedelta(days=1)}}
    known |= {"Unsafe": {"is_safe": False}, "Never": {"is_safe": None, "checked_on": None, "checked_by": None}}
    known |= {"Gaol": {"is_prison": True}}
    for name, changed in known.items():
        venue = checked_venue(area, by=coordinator, today=today, name=f"Zq{name}")
        Venue.objects.filter(pk=venue.pk).update(**changed)
    desk = signed_in(cast["coordinator"])
    for asked, there in (
        ("safety=current", {"Fresh", "Last day", "Gaol"}),
        ("safety=to_check", {"Over", "Unsafe", "Never"}),
        ("is_prison=True", {"Gaol"}),
        ("is_prison=False", set(known) - {"Gaol"}),
        ("safety=current&is_prison=False", {"Fresh", "Last day"}),
        ("", set(known)),
    ):
        page = desk.get(f"{reverse('cases:venues')}?{asked}").content.decode()
        assert {name for name in known if f"Zq{name}<" in page} == there, asked


def test_a_venue_of_another_area_or_used_no_more_is_not_chosen(ready, other_area, cast):
    ended = checked_venue(ready.case.service_area, by=ready.by, today=ready.today, name="Old hall")
    actions.end_venue(venue=ended, by=ready.by)
    ended.refresh_from_db()
    with acting_as(cast["other_coordinator"]) as by:
        abroad = checked_venue(other_area, by=by, today=ready.today)
    for place in (ended, abroad):
        with pytest.raises(DomainError, match="in use in this area"):
            actions.change_plan(
                intervention=ready.intervention,
                model="face_to_face_conference",
                place=place,
                by=ready.by,
                today=ready.today,
            )


def test_a_new_venue_checked_and_chosen_page_by_page(ready, cast, signed_in):
    desk = signed_in(cast["coordinator"])
    day = {f"checked_on_{part}": getattr(ready.today, part) for part in ("day", "month", "year")}
    added = desk.post(reverse("cases:add-venue"), {"name": "Fen hall", "address": "2 Fen Road", "entrances": "A\nB"})
    venue = Venue.objects.get(name="Fen hall")
    assert added["Location"] == reverse("cases:venue", args=[venue.pk])
    assert "Never checked" in desk.get(added["Location"]).content.decode()
    desk.post(reverse("cases:check-venue", args=[venue.pk]), {"is_safe": "yes", **day})
    assert "next due" in desk.get(reverse("cases:venues")).content.decode()
    known = [ready.case.pk, ready.intervention.pk]
    plan = {"model": "face_to_face_conference", "minutes": "90", "place": venue.pk}
    desk.post(reverse("cases:change-plan", args=known), plan)
    page = desk.get(reverse("cases:who-comes", args=known)).content.decode()
    assert '<option value="A">' in page
    coming = {}
    for one, door in ((ready.harmed, "A"), (ready.responsible, "B")):
        coming |= {f"way-{one.pk}": "room", f"at-{one.pk}": "2pm", f"door-{one.pk}": door}
    late = desk.post(reverse("cases:who-comes", args=known), coming | {f"at-{ready.harmed.pk}": ""})
    assert late.status_code == 422
    assert "Enter when Maureen Okafor arrives" in late.content.decode()
    assert desk.post(reverse("cases:who-comes", args=known), coming).status_code == 302
    assert dict(Attendance.objects.values_list("participant__side", "entrance")) == {
        Side.HARMED: "A",
        "responsible": "B",
    }


def test_from_indirect_to_direct_as_one_story(ready, cast, signed_in):
    Intervention.objects.update(model="shuttle_mediation", not_face_to_face_reason="wish", safety_plan="Keep apart")
    for one in (ready.harmed, ready.harmed, ready.responsible):
        actions.log_contact(
            participant=one,
            method="visit",
            result="spoke",
            is_preparation=True,
            occurred_at=ready.case.stage_since,
            by=ready.by,
            today=ready.today,
        )
    desk, meetings = signed_in(cast["coordinator"]), reverse("cases:meetings", args=[ready.case.pk])
    address = reverse("cases:move-to-meeting", args=[ready.case.pk, ready.intervention.pk])
    assert address in desk.get(meetings).content.decode()
    assert "Keep apart" in desk.get(address).content.decode()
    assert desk.post(address, {"model": "face_to_face_conference", "minutes": "120"}).status_code == 302
    meeting = Intervention.objects.get(moved_from=ready.intervention)
    assert Intervention.objects.get(pk=ready.intervention.pk).status == "moved"
    page = desk.get(meetings).content.decode()
    assert "Shuttle mediation, then face-to-face conference" in page
    prepared = " ".join(page[page.index("Preparation, not counted") :].split("</p>")[0].split())
    assert [words.split("</span>")[-1].strip(" ,") for words in prepared.split("rj-chip--")[1:]][0].startswith("2")
    again = reverse("cases:move-to-meeting", args=[ready.case.pk, meeting.pk])
    assert desk.get(again).status_code == 404


@pytest.mark.parametrize(
    ("model", "to", "status", "becomes"),
    [
        ("telephone", "face_to_face_conference", "planned", "moved"),
        ("telephone", "face_to_face_conference", "scheduled", "moved"),
        ("letter_exchange", "njp_panel", "postponed", "moved"),
        ("telephone", "community_conference", "did_not_happen", "moved"),
        ("telephone", "face_to_face_conference", "held", "held"),
        ("telephone", "face_to_face_conference", "cancelled", "cancelled"),
        ("telephone", "letter_exchange", "planned", "planned"),  # indirect both
        ("community_conference", "face_to_face_conference", "planned", "planned"),  # direct both
    ],
)
def test_what_was_indirect_ends_with_the_meeting_it_became(ready, model, to, status, becomes):
    fields = {"model": model, "not_face_to_face_reason": "wish", "planned_for": ready.tomorrow}
    if status == "held":
        fields |= {"held_on": ready.today, "held_recorded_by": ready.by, "model_delivered": model}
    Intervention.objects.filter(pk=ready.intervention.pk).update(status=status, **fields)
    reason = {"not_face_to_face_reason": "wish"} if to == "letter_exchange" else {}
    common = {"by": ready.by, "today": ready.today}
    meeting = actions.plan_intervention(case=ready.case, moved_from=ready.intervention, model=to, **reason, **common)
    earlier = Intervention.objects.get(pk=ready.intervention.pk)
    assert (earlier.status, meeting.moved_from_id) == (becomes, earlier.pk)
    moves = list(Rescheduling.objects.filter(intervention=earlier).values_list("became", flat=True))
    assert moves == (["moved"] if becomes == "moved" else [])
    if becomes == "moved":
        assert DomainEvent.objects.filter(verb="cases.intervention_moved").count() == 1
        with pytest.raises(StaleState):
            actions.cancel_intervention(intervention=earlier, reason="Snow", **common)


def test_a_calendar_learns_when_and_the_venue_by_its_name_and_nothing_else(ready, cast, signed_in):
    Venue.objects.update(name="Hall, the old; one " + "ä" * 60)
    desk, address = (
        signed_in(cast["coordinator"]),
        reverse("cases:meeting-calendar", args=[ready.case.pk, ready.intervention.pk]),
    )
    assert desk.get(address).status_code == 404
    meeting = ready.schedule()
    sent = desk.get(address)
    text = sent.content.decode()
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    lines = text.replace("\r\n ", "").split("\r\n")
    said = dict(line.split(":", 1) for line in lines if ":" in line)
    assert said["SUMMARY"] == f"Restorative meeting {spoken(ready.case.reference)}"
    assert said["LOCATION"] == "Hall\\, the old\\; one " + "ä" * 60
    begins, ends = (datetime.strptime(said[name], "%Y%m%dT%H%M%S%z") for name in ("DTSTART", "DTEND"))
    assert (begins, ends - begins) == (meeting.planned_for.replace(microsecond=0), timedelta(minutes=meeting.minutes))
    for known in ("Okafor", "Maureen", "Hart", "Liam", "Church Street", "door"):
        assert known not in text + str(sent.headers), known
    ready.lead.assignments.update(sides="harmed")
    assert signed_in(cast["practitioner"]).get(address).status_code == 403


def test_each_side_is_prepared_from_its_own_record(ready, cast, signed_in):
    Attendance.objects.filter(participant=ready.responsible).update(entrance="Zqdoor")
    phone = signed_in(cast["practitioner"])
    for sides, opens in (("both", {"harmed", "responsible"}), ("harmed", {"harmed"}), ("responsible", {"responsible"})):
        ready.lead.assignments.update(sides=sides)
        for side in ("harmed", "responsible", "neither"):
            page = phone.get(reverse("cases:preparation", args=[ready.case.pk, ready.intervention.pk, side]))
            assert page.status_code == (200 if side in opens else 404), (sides, side)
    pages = {}
    for side in ("harmed", "responsible"):
        ready.lead.assignments.update(sides=side)
        address = reverse("cases:preparation", args=[ready.case.pk, ready.intervention.pk, side])
        pages[side] = phone.get(address).content.decode()
        assert "rj-chip--" + ({"harmed", "responsible"} - {side}).pop() not in pages[side]
    own = {"harmed": ("Maureen Okafor", "Front door"), "responsible": ("Liam Hart", "Zqdoor", "What were you thinking")}
    for side, other in (("harmed", "responsible"), ("responsible", "harmed")):
        assert [words for words in own[side] if words not in pages[side]] == []
        assert [words for words in own[other] if words in pages[side]] == []
    script = reverse("cases:script", args=[ready.case.pk, ready.intervention.pk])
    assert phone.get(script).status_code == 403
    ready.lead.assignments.update(sides="both")
    assert "What were you thinking at the time?" in phone.get(script).content.decode()


def test_how_they_connect_is_written_down_and_the_link_encrypted(ready, cast, signed_in):
    desk, known = signed_in(cast["coordinator"]), [ready.case.pk, ready.intervention.pk]
    address = reverse("cases:remote", args=known)
    tested = {f"line_tested_on_{part}": getattr(ready.today, part) for part in ("day", "month", "year")}
    said = {"platform": "Video", "join_link": "https://example.org/zq", "line_tester": "Pat", "waits_apart": "on"}
    long_ago = ready.case.opened_on - timedelta(days=1)
    wrong = {f"line_tested_on_{part}": getattr(long_ago, part) for part in ("day", "month", "year")}
    assert "on or after the case was opened" in desk.post(address, said | wrong).content.decode()
    assert desk.post(address, said | tested)["Location"] == reverse("cases:readiness", args=known)
    meeting = Intervention.objects.get()
    assert (meeting.join_link, meeting.line_tested_on, meeting.waits_apart) == (said["join_link"], ready.today, True)
    assert said["join_link"] in desk.get(address).content.decode()
    assert said["join_link"] not in desk.get(reverse("cases:meetings", args=known[:1])).content.decode()
