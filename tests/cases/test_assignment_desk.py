"""The desk against a plain second reckoning, and each border of what it sorts by."""

from datetime import datetime, time, timedelta
from itertools import cycle

import pytest
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from cases import actions
from cases.choices import AssignmentRole
from cases.matching import NO_ACCOUNT, Free, Group, Known, Near, Need, group_of, place_of, travels_so_far
from cases.models import Case, Intervention
from cases.views.candidates import candidates_for, need_of, outward_of
from cases.views.case_page import with_marks
from referrals.models import ConflictOfInterest
from referrals.working_days import bank_holidays
from rj_service.accounts.models import LocalArea, User
from tests.factories import LocalAreaFactory, UserFactory
from tests.volunteers.factories import AvailabilityFactory, born_17_years_before, ready_practitioner
from training.models import Learner
from volunteers.actions import say_wishes
from volunteers.choices import Level
from volunteers.models import Availability, Check, Practitioner, Supervision, Wishes

pytestmark = pytest.mark.django_db
CHANGES_BY_ITSELF = ("Last supervision was", "No supervision", "0 open", "1 open", "2 open")


@pytest.fixture
def case(open_case, coordinator, area) -> Case:
    found = open_case()
    town = LocalArea.objects.get(name="Peterborough")
    Case.objects.filter(pk=found.pk).update(local_area=town)
    found.refresh_from_db()
    found.referral.incident.local_area_name = "Peterborough"
    return found


@pytest.fixture
def meeting(case, coordinator, today) -> Intervention:
    """On a Wednesday from 6pm to 8pm."""
    plan = actions.plan_intervention(
        case=case, model="shuttle_mediation", not_face_to_face_reason="wish", by=coordinator, today=today
    )
    wednesday = today + timedelta(days=(2 - today.weekday()) % 7 or 7)
    begins = timezone.make_aware(datetime.combine(wednesday, time(18)))
    Intervention.objects.filter(pk=plan.pk).update(planned_for=begins)
    plan.refresh_from_db()
    return plan


@pytest.fixture
def people(area, today, case, meeting, coordinator) -> list[Practitioner]:
    """Eighteen, each different in one or more of the things that the desk looks at."""
    own = LocalArea.objects.get(name="Peterborough")
    around = LocalAreaFactory(service_area=area, name="The north")
    LocalArea.objects.filter(pk=own.pk).update(parent=around)
    beside, far = (LocalAreaFactory(service_area=area, name=name, parent=up) for name, up in
                   (("Stamford", around), ("Cambridge", None)))  # fmt: skip
    places, levels = cycle([[own], [around], [beside], [far], [], [far, own]]), cycle(Level.values)
    found = []
    for number in range(18):
        born = None if number % 7 != 3 else born_17_years_before(today)
        one = ready_practitioner(
            area, today, level=next(levels), case_limit=number % 3 + 1 if number % 4 else 0, date_of_birth=born
        )
        one.local_areas.set(next(places))
        if number != 15:
            give_account(one)
        found.append(one)
    User.objects.filter(learner__practitioner=found[17]).update(is_active=False)
    Check.objects.filter(practitioner=found[1], kind="nppv_2").update(expires_on=today - timedelta(days=1))
    Check.objects.filter(practitioner=found[2], kind="nppv_2").update(expires_on=today)
    Supervision.objects.filter(practitioner=found[5]).update(held_on=today - timedelta(weeks=12, days=1))
    Supervision.objects.filter(practitioner=found[6]).update(held_on=today - timedelta(weeks=12))
    Practitioner.objects.filter(pk=found[7].pk).update(status="on_leave")
    Practitioner.objects.filter(pk=found[9].pk).update(status="left")
    AvailabilityFactory(practitioner=found[10], weekday=2, starts_at=time(18), ends_at=time(20))
    AvailabilityFactory(practitioner=found[11], weekday=2, starts_at=time(18), ends_at=time(19, 59))
    AvailabilityFactory(practitioner=found[13], weekday=1)
    day = timezone.localdate(meeting.planned_for)
    for one in (found[13], found[14]):
        Availability.objects.create(practitioner=one, away_from=day, away_until=day)
    Availability.objects.create(practitioner=found[16], extra_on=day, starts_at=time(17), ends_at=time(21))
    Availability.objects.create(
        practitioner=found[17], extra_on=day - timedelta(days=1), starts_at=time(17), ends_at=time(21)
    )
    for number, travels in ((0, "local"), (3, "local"), (8, "district"), (9, "area"), (15, "local"), (12, "district")):
        rather_not = ["hate_crime"] if number % 2 else []
        wish = {"travels": travels, "outward_code": "PE1", "rather_not": rather_not, "by": coordinator}
        say_wishes(practitioner=found[number], **wish)
    return found


def give_account(practitioner: Practitioner) -> Practitioner:
    Learner.objects.filter(pk=practitioner.learner_id).update(user=UserFactory())
    return practitioner


def plainly(case: Case, role: str, meeting: Intervention, today, by: User) -> dict[str, list[str]]:
    """One person after the other, by what the act itself would refuse."""
    sensitive = with_marks(Case.objects.filter(pk=case.pk)).get().is_sensitive
    groups: dict[str, list[tuple]] = {"ready": [], "could": [], "cannot": []}
    begins, ends = timezone.localtime(meeting.planned_for), timezone.localtime(meeting.ends_at)
    is_holiday = begins.date() in bank_holidays(begins.year)
    for one in Practitioner.objects.exclude(status="left").exclude(learner__user=by):
        blocks = actions.blocks_to_assign(case=case, practitioner=one, role=role, today=today)
        user = one.learner.user
        group = "cannot" if blocks else "ready" if user and user.is_active else "could"
        if blocks and all(block.startswith(CHANGES_BY_ITSELF) for block in blocks):
            group = "could"
        level = (
            [*reversed(Level.values)].index(one.level)
            if sensitive
            else int(one.level == "foundation" and role == "lead")
        )
        weekly = list(one.availability.filter(Q(weekday__isnull=False) | Q(extra_on=begins.date())))
        free = 1 if not weekly else 2
        if any(
            (t.weekday == 2 and not is_holiday or t.extra_on)
            and t.starts_at <= begins.time()
            and t.ends_at >= ends.time()
            for t in weekly
        ):
            free = 0
        if one.availability.filter(away_from__lte=begins.date(), away_until__gte=begins.date()).exists():
            free = 3
        names = {place.name for place in one.local_areas.all()}
        near = 4 if not names else 1 if names & {"Peterborough", "The north"} else 2 if "Stamford" in names else 3
        said = Wishes.objects.filter(practitioner=one).first()
        hates = bool(said and sensitive and "hate_crime" in said.rather_not)
        stays = bool(said and (said.travels == "local" and near == 3 or said.travels == "district" and near != 1))
        room = one.assignments.filter(ended_at=None).count() / one.case_limit if one.case_limit else 1
        groups[group].append((level, free, hates, stays, near, room, one.name))
    return {group: [row[-1] for row in sorted(rows)] for group, rows in groups.items()}


@pytest.mark.parametrize(
    ("role", "sensitive"),
    [
        (AssignmentRole.LEAD, True),
        (AssignmentRole.CO_FACILITATOR, False),
        pytest.param(AssignmentRole.LEAD, False, marks=pytest.mark.proof),
        pytest.param(AssignmentRole.CO_FACILITATOR, True, marks=pytest.mark.proof),
    ],
)
def test_the_desk_agrees_with_a_plain_reckoning(case, meeting, people, coordinator, area, today, role, sensitive):
    if sensitive:
        actions.raise_flag(case=case, kind="hate_crime", by=coordinator, today=today)
    need = need_of(case, role=role, meeting=meeting, beside=[])
    own = coordinator.get_full_name()  # a practitioner, too
    parts = [
        candidates_for(case, need, by=coordinator, today=today, meeting=meeting, group=group).parts[group]
        for group in Group
    ]
    found = {
        name: [one.name for one in part.rows if one.name != own]
        for name, part in zip(("ready", "could", "cannot"), parts, strict=True)
    }
    assert found == plainly(case, role, meeting, today, coordinator)
    for part in parts:
        for one in part.rows:
            refused = actions.blocks_to_assign(case=case, practitioner=one.practitioner, role=role, today=today)
            user = one.practitioner.learner.user
            unread = [] if user and user.is_active else [NO_ACCOUNT]
            assert one.reasons.blocks == [*refused, *unread]
            assert len(one.reasons.would_change) == len(one.reasons.blocks)
            assert one.may_be_assigned_unasked is (unread != [] and not refused)


def test_a_usual_time_is_none_on_a_bank_holiday(case, meeting, area, coordinator, today):
    """Christmas Day of 2026 is a Friday, as is the day a week before it; a day that they said besides still counts."""
    one = give_account(ready_practitioner(area, today))
    AvailabilityFactory(practitioner=one, weekday=4, starts_at=time(18), ends_at=time(20))
    need = need_of(case, role="lead", meeting=meeting, beside=[])
    usual = "Free at the time of the meeting"
    for day, besides, is_free in ((18, False, True), (25, False, False), (25, True, True)):
        begins = timezone.make_aware(datetime(2026, 12, day, 18))
        Intervention.objects.filter(pk=meeting.pk).update(planned_for=begins)
        meeting.refresh_from_db()
        if besides:
            Availability.objects.create(practitioner=one, extra_on=begins.date(), starts_at=time(17), ends_at=time(21))
        desk = candidates_for(case, need, by=coordinator, today=today, meeting=meeting)
        (row,) = [row for row in desk.ready.rows if row.practitioner == one]
        assert (usual in row.reasons.for_them) is is_free, (day, besides)


def test_a_conflict_says_nothing_else(case, people, coordinator, area, cast, today):
    pat = ready_practitioner(area, today, user=cast["practitioner"], level="advanced")
    user = cast["practitioner"]
    ConflictOfInterest.objects.create(
        service_area=area, user=user, person=case.participants.first().person, reason="My sister", declared_by=user
    )
    need = need_of(case, role="lead", meeting=None, beside=[])
    desk = candidates_for(case, need, by=coordinator, today=today)
    (one,) = [one for one in desk.cannot.rows if one.practitioner == pat]
    assert one.reasons.blocks == ["Declared a conflict of interest"]
    assert (one.reasons.for_them, one.reasons.to_bear_in_mind) == ([], [])


def known(**changed) -> Known:
    given = {"level": "intermediate", "is_adult": True, "ready": True, "is_sound": True, "open_cases": 0, "case_limit": 4,
             "has_conflict": False, "near": Near.HERE, "free": Free.YES}  # fmt: skip
    return Known(**{"pk": 1, "name": "Ana", **given, **changed})


@pytest.mark.parametrize(
    ("changed", "role", "sensitive", "group"),
    [
        ({}, "lead", True, Group.READY),
        ({"is_adult": False}, "lead", False, Group.CANNOT),
        ({"is_adult": False}, "co_facilitator", False, Group.READY),
        ({"is_adult": False}, "co_facilitator", True, Group.CANNOT),
        ({"ready": False}, "lead", False, Group.COULD_BE),
        ({"has_account": False}, "lead", False, Group.COULD_BE),
        ({"has_account": False, "ready": False}, "lead", False, Group.COULD_BE),
        ({"has_account": False, "ready": False, "is_sound": False}, "lead", False, Group.CANNOT),
        ({"ready": False, "is_sound": False}, "lead", False, Group.CANNOT),
        ({"has_conflict": True}, "co_facilitator", False, Group.CANNOT),
    ],
)
def test_groups(changed, role, sensitive, group):
    assert group_of(known(**changed), Need(role=role, is_sensitive=sensitive)) == group


ORDERS = [
    ("lead", True, (), {"level": "advanced", "near": Near.NOT_KNOWN, "free": Free.TAKEN}, {"level": "intermediate"}),
    ("lead", True, ("advanced",), {"near": Near.HERE}, {"level": "advanced", "near": Near.BESIDE}),
    ("lead", False, (), {"level": "intermediate", "open_cases": 3}, {"level": "foundation"}),
    ("co_facilitator", False, ("foundation",), {"open_cases": 3}, {"level": "foundation"}),
    ("co_facilitator", False, ("advanced",), {"level": "foundation"}, {"open_cases": 1}),
    ("lead", False, (), {"free": Free.YES, "near": Near.ELSEWHERE}, {"free": Free.NOT_SAID}),
    ("lead", False, (), {"free": Free.UNUSUAL, "open_cases": 3}, {"free": Free.AWAY}),
    ("lead", False, (), {"near": Near.HERE, "open_cases": 3}, {"near": Near.BESIDE}),
    ("lead", False, (), {"open_cases": 1, "case_limit": 6}, {"open_cases": 1, "case_limit": 5}),
    ("lead", False, (), {"name": "Ana"}, {"name": "Bea"}),
    ("lead", False, (), {"near": Near.NEXT_DOOR, "open_cases": 3}, {"near": Near.HERE}),
    ("lead", False, (), {"near": Near.ELSEWHERE}, {"travels_so_far": False}),
    ("lead", False, (), {"travels_so_far": False}, {"would_rather_not": True}),
    ("lead", False, (), {"would_rather_not": True}, {"free": Free.NOT_SAID}),
]


@pytest.mark.parametrize(("role", "sensitive", "beside", "first", "second"), ORDERS)
def test_the_order(role, sensitive, beside, first, second):
    need = Need(role=role, is_sensitive=sensitive, beside=beside)
    assert place_of(known(**first), need) < place_of(known(**second), need)


def test_nobody_vanishes_from_a_long_desk(case, area, coordinator, today, signed_in, cast):
    """What is not shown at once is a page further, each person once."""
    made = [give_account(ready_practitioner(area, today)) for _ in range(13)]
    client, seen = signed_in(cast["coordinator"]), []
    address = reverse("cases:assignment-desk", args=[case.pk])
    page = client.get(address)
    seen += [one.practitioner.pk for one in page.context["candidates"].ready.rows]
    assert b"Showing 1 to 10 of 14" in page.content
    page = client.get(address, {"role": "lead", "list": "ready", "from": "11"})
    seen += [one.practitioner.pk for one in page.context["candidates"].ready.rows]
    assert len(seen) == 14 and {one.pk for one in made} < set(seen)
    for odd in ("-1", "x", "99999999", "0", "500"):
        assert client.get(address, {"list": "ready", "from": odd}).status_code == 200


@pytest.mark.parametrize(
    ("travels", "near", "venue", "goes"),
    [
        (None, Near.ELSEWHERE, "", True),
        ("area", Near.ELSEWHERE, "PE28", True),
        ("local", Near.ELSEWHERE, "", False),
        ("local", Near.BESIDE, "", True),
        ("local", Near.NOT_KNOWN, "", True),
        ("district", Near.NEXT_DOOR, "PE28", True),
        ("district", Near.HERE, "PE28", False),
        ("district", Near.HERE, "", True),
        ("district", Near.BESIDE, "", False),
    ],
)
def test_how_far_somebody_goes(travels, near, venue, goes):
    assert travels_so_far(travels, near, Need(role="lead", is_sensitive=False, outward_code=venue)) is goes


@pytest.mark.parametrize(
    ("postcode", "outward"), [("PE28 5XX", "PE28"), ("pe285xx", "PE28"), ("M1 1AE", "M1"), ("", "")]
)
def test_the_postcode_district_of_a_venue(postcode, outward):
    assert outward_of(postcode) == outward


def names_on(page) -> set[str]:
    return {one.name for part in page.context["candidates"].parts for one in part.rows}


def test_the_desk_is_narrowed(case, people, area, cast, coordinator, meeting, signed_in, today):
    """Each filter against a plain look at the same people, those left out of the first pages too."""
    client, address = signed_in(cast["coordinator"]), reverse("cases:assignment-desk", args=[case.pk])
    Wishes.objects.filter(practitioner=people[0]).update(languages=["polish", "urdu"])
    here = Practitioner.objects.exclude(status="left").exclude(learner__user=coordinator)
    stamford = LocalArea.objects.get(name="Stamford")
    expected = {
        f"place={stamford.pk}": here.filter(local_areas=stamford),
        "level=advanced": here.filter(level="advanced"),
        "language=polish": here.filter(pk=people[0].pk),
        "free=2": here.filter(pk__in=[people[10].pk, people[11].pk]),
        "free=1": here.filter(pk=people[13].pk),
        "free=meeting": here.filter(pk__in=[people[10].pk, people[16].pk]),
        "level=advanced&free=2": here.filter(level="advanced", pk__in=[people[10].pk, people[11].pk]),
    }
    own = coordinator.get_full_name()
    for query, rows in expected.items():
        page = client.get(f"{address}?role=co_facilitator&{query}")
        assert names_on(page) - {own} == {one.name for one in rows}, query
        assert page.context["chosen"], query
    assert names_on(client.get(f"{address}?role=lead&free=6")) == set()
    assert b"Nobody fits these filters" in client.get(f"{address}?role=lead&free=6").content


def test_a_name_is_found_and_stands_in_no_address(case, people, cast, signed_in):
    client, wanted = signed_in(cast["coordinator"]), people[4].learner
    find = reverse("cases:find-practitioner", args=[case.pk]) + "?role=co_facilitator&level="
    answer = client.post(find, {"words": wanted.last_name.upper()})
    assert answer.status_code == 302 and wanted.last_name.lower() not in answer.url.lower()
    page = client.get(answer.url)
    assert people[4].name in names_on(page)
    assert all(wanted.last_name.casefold() in name.casefold() for name in names_on(page))
    assert [one["label"] for one in page.context["chosen"]] == [f"Name: {wanted.last_name.upper()}"]
    assert names_on(signed_in(cast["manager"]).get(answer.url)) - names_on(page), "another person's words are not read"
    assert client.post(find, {"words": ""}).status_code == 422
