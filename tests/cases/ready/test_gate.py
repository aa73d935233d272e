"""The gate as a table: each missing thing alone closes it, everything in place opens it."""

from datetime import time, timedelta
from itertools import cycle, product

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases import actions
from cases.choices import INDIRECT_ONLY_MODELS, AssessmentOutcome, AssignmentRole, AssignmentSides, Model, Side
from cases.gate import GateClosed, checks_for, checks_for_each, is_open
from cases.models import (
    Assessment,
    Assignment,
    Attendance,
    Case,
    Custody,
    InterpreterBooking,
    Intervention,
    PanelMember,
    Participant,
    Venue,
    Visit,
)
from referrals.choices import ConsentPurpose, InitiatedBy, SensitiveKind
from referrals.models import ConflictOfInterest, Consent, Incident, LegalBar, Person, Referral, SensitiveFlag
from rj_service.accounts.errors import DomainError
from rj_service.ui.templatetags.ui import day
from tests.cases.conftest import Ready, consent, undone
from tests.volunteers.factories import born_17_years_before, ready_practitioner
from volunteers.choices import Level
from volunteers.models import Availability, Check, Practitioner

pytestmark = pytest.mark.django_db


def missing(ready: Ready, **asked) -> set[tuple[str, str]]:
    intervention = Intervention.objects.get(pk=ready.intervention.pk)
    return {(check.key, check.side) for check in checks_for(intervention, ready.today, **asked) if check.is_missing}


def test_everything_in_place_opens_it(ready):
    assert missing(ready) == set()


def test_a_list_is_checked_as_each_alone(ready, open_case, django_assert_num_queries):
    bare = Intervention.objects.create(case=open_case(), model=Model.LETTER_EXCHANGE, planned_by=ready.by)
    LegalBar.objects.create(
        person=ready.harmed.person, kind="bail", authority="Police", starts_on=ready.today, recorded_by=ready.by
    )
    both = [ready.intervention, bare]
    each = [checks_for(one, ready.today) for one in both]
    assert checks_for_each(both, ready.today) == each
    assert [is_open(checks) for checks in each] == [False, False]
    with CaptureQueriesContext(connection) as of_one:
        checks_for_each([ready.intervention], ready.today)
    with django_assert_num_queries(len(of_one)):
        checks_for_each(both, ready.today)


def _withdraw(purpose):
    def spoil(ready):
        Consent.objects.filter(person=ready.harmed.person, purpose=purpose).update(
            withdrawn_at=ready.tomorrow, withdrawn_by=ready.by
        )

    return spoil


def _bar(**changed):
    def spoil(ready):
        fields = {"kind": "licence", "authority": "Probation", "starts_on": ready.today, "recorded_by": ready.by}
        LegalBar.objects.create(person=ready.responsible.person, **(fields | changed))

    return spoil


def _change(kind, /, **changed):
    return lambda ready: kind.objects.all().update(**changed)


def _of_harmed(**changed):
    return lambda ready: Assessment.objects.filter(participant=ready.harmed).update(
        **{name: value(ready) if callable(value) else value for name, value in changed.items()}
    )


def _spoken(ready):
    Consent.objects.filter(person=ready.harmed.person, purpose="take_part").update(method="phone")


def _uninformed(ready):
    Consent.objects.filter(person=ready.harmed.person, purpose="take_part").update(informed=False)


def _gone(ready):
    Participant.objects.filter(pk=ready.responsible.pk).update(left_at=ready.tomorrow, left_by=ready.by)


def _died(ready):
    Person.objects.filter(pk=ready.harmed.person_id).update(died_on=ready.today)


def _never(ready):
    Person.objects.filter(pk=ready.harmed.person_id).update(approach="never")


def _vetting_ended(kind):
    def spoil(ready):
        Check.objects.filter(practitioner=ready.lead, kind=kind).update(expires_on=ready.today - timedelta(days=1))

    return spoil


def _training_ended(ready):
    ready.lead.learner.awards.update(expires_on=ready.today - timedelta(days=1))


def _conflict(ready):
    _knows_the_harmed(ready, ready.lead)


def _knows_the_harmed(ready, practitioner):
    user = practitioner.learner.user
    area, person = ready.case.service_area, ready.harmed.person
    ConflictOfInterest.objects.create(service_area=area, user=user, person=person, declared_by=user)


def inside(ready, **changed) -> None:
    """The person responsible is in a prison that is no venue of ours."""
    fields = {
        "prison": "HMP Fenmoor",
        "prisoner_number": "A1234AB",
        "since": ready.today,
        "side": "responsible",
    } | changed
    Custody.objects.create(case=ready.case, participant=ready.responsible, recorded_by=ready.by, **fields)


def _in_prison(name: str) -> None:
    Venue.objects.update(is_prison=True, name=name)
    Intervention.objects.update(booking_reference="B 12")


def spoken_through(ready, **changed) -> InterpreterBooking:
    """At a visit the person harmed had an interpreter."""
    fields = {"language": "polish", "needed_for": timezone.now() - timedelta(days=3), "status": "came"}
    fields |= {"interpreter": "N 12", "knows": "nobody", "side": "harmed"} | changed
    return InterpreterBooking.objects.create(case=ready.case, participant=ready.harmed, booked_by=ready.by, **fields)


def _arrives(participant, **changed):
    Attendance.objects.filter(participant=participant).update(**changed)


def connect(ready: Ready, **changed) -> None:
    fields = {"platform": "Video", "line_tested_on": ready.today, "waits_apart": True} | changed
    Intervention.objects.filter(pk=ready.intervention.pk).update(**fields)


def seat(ready: Ready, *members: Practitioner) -> None:
    Intervention.objects.filter(pk=ready.intervention.pk).update(model=Model.NJP_PANEL)
    for one in members:
        PanelMember.objects.create(intervention=ready.intervention, practitioner=one, named_by=ready.by)


H, R = "harmed", "responsible"
OF_A_SIDE = ("present", "alive", "contact", "take_part", "child", "assessment", "outcome", "legal_bar", "who_comes")
ALL_OF_RESPONSIBLE = {(key, R) for key in OF_A_SIDE}
ALONE = {
    "case on hold": (_change(Case, status="on_hold"), {("case_open", "both")}),
    "nobody responsible": (_gone, ALL_OF_RESPONSIBLE),
    "died": (_died, {("alive", H)}),
    "contact withdrawn": (_withdraw("contact"), {("contact", H)}),
    "never to be asked": (_never, {("contact", H)}),
    "take part withdrawn": (_withdraw("take_part"), {("take_part", H)}),
    "not in writing": (_spoken, {("take_part", H)}),
    "not informed": (_uninformed, {("take_part", H)}),
    "approach withdrawn": (_withdraw("approach_other_side"), {("approach", H)}),
    "assessment superseded": (
        _of_harmed(superseded_at=lambda r: r.tomorrow, superseded_by=lambda r: r.by),
        {("assessment", H), ("outcome", H)},
    ),
    "assessment ended": (_of_harmed(good_until=lambda r: r.today - timedelta(days=1)), {("assessment", H)}),
    "conditions not met": (_of_harmed(outcome="with_conditions"), {("outcome", H)}),
    "not suitable": (_of_harmed(outcome="not_suitable"), {("outcome", H)}),
    "deferred": (_of_harmed(outcome="defer"), {("outcome", H)}),
    "legal bar": (_bar(), {("legal_bar", R)}),
    "live proceedings": (_bar(kind="live_proceedings"), {("legal_bar", R)}),
    "no lead": (lambda r: Assignment.objects.all().delete(), {("lead", "both"), ("lead_sides", "both")}),
    "lead of one side": (_change(Assignment, sides="harmed"), {("lead_sides", "both")}),
    "DBS ended": (_vetting_ended("dbs_enhanced"), {("lead", "both")}),
    "police vetting ended": (_vetting_ended("nppv_2"), {("lead", "both")}),
    "training ended": (_training_ended, {("lead", "both")}),
    "suspended": (_change(Practitioner, status="suspended"), {("lead", "both")}),
    "on leave": (_change(Practitioner, status="on_leave"), {("lead", "both")}),
    "under 18": (_change(Practitioner, kind="young", date_of_birth=None), {("lead", "both")}),
    "conflict of interest": (_conflict, {("lead", "both")}),
    "why not face to face": (
        _change(Intervention, model="telephone", not_face_to_face_reason=""),
        {("not_face_to_face", "both")},
    ),
    "panel with violence": (
        lambda r: (Intervention.objects.update(model="njp_panel"), Incident.objects.update(crime_type="violent-crime")),
        {("panel", "both"), ("panel_members", "both")},
    ),
    "it is not known who comes": (
        lambda r: Attendance.objects.filter(participant=r.responsible).delete(),
        {("who_comes", R)},
    ),
    "both by one door": (_change(Attendance, entrance="Front door"), {("apart", "both")}),
    "by a door that nobody named": (lambda r: _arrives(r.harmed, entrance=""), {("apart", "both")}),
    "a time of arrival is missing": (lambda r: _arrives(r.responsible, arrives_at=None), {("apart", "both")}),
    "no place": (_change(Intervention, place=None), {("place", "both")}),
    "a place that nobody checked": (_change(Intervention, place=None, venue="The library"), {("place", "both")}),
    "venue checked too long ago": (
        lambda r: Venue.objects.update(checked_on=r.today - timedelta(days=366)),
        {("place", "both")},
    ),
    "venue not safe": (_change(Venue, is_safe=False), {("place", "both")}),
    "venue used no more": (lambda r: Venue.objects.update(ended_at=r.tomorrow, ended_by=r.by), {("place", "both")}),
    "prison visit not booked": (_change(Venue, is_prison=True), {("place", "both")}),
    "in prison, and not at the hall": (inside, {("place", "both")}),
    "in prison until after the meeting": (
        lambda r: inside(r, release_on=r.today + timedelta(days=2)),
        {("place", "both")},
    ),
    "in another prison": (lambda r: (inside(r), _in_prison("HMP Wold")), {("place", "both")}),
    "no interpreter, where there was one before": (spoken_through, {("language", "both")}),
    "by video on a line that nobody tested": (
        lambda r: (connect(r, line_tested_on=None), _arrives(r.responsible, way="video")),
        {("remote", "both")},
    ),
    "by video in one waiting room": (
        lambda r: (connect(r, waits_apart=False), _arrives(r.responsible, way="video")),
        {("remote", "both")},
    ),
    "one facilitator alone": (
        lambda r: Attendance.objects.filter(participant__role="professional").update(way="phone"),
        {("lone_working", "both")},
    ),
}


def test_each_missing_thing_alone_closes_it(ready):
    for name, (spoil, expected) in ALONE.items():
        with undone():
            spoil(ready)
            assert missing(ready) == expected, name
            with pytest.raises(GateClosed) as closed:
                ready.schedule()
            assert {(check.key, check.side) for check in closed.value.missing} == expected, name
            assert all(check.reason for check in closed.value.checks), name
    assert missing(ready) == set()


OPENS = {
    "last day of the assessment": _of_harmed(good_until=lambda r: r.today),
    "conditions met": _of_harmed(outcome="with_conditions", conditions_met_on=lambda r: r.today),
    "bar ended": lambda r: _bar(starts_on=r.today - timedelta(days=9), ends_on=r.today - timedelta(days=1))(r),
    "bar permitted by the authority": lambda r: _bar(permitted_on=r.today, permitted_by_authority="Probation")(r),
    "through one door a quarter of an hour apart": lambda r: (
        Attendance.objects.update(entrance=""),
        _arrives(r.harmed, arrives_at=time(13, 30)),
    ),
    "the last day of a venue's check": lambda r: Venue.objects.update(checked_on=r.today - timedelta(days=365)),
    "a checked place that is not in the register": lambda r: Intervention.objects.update(
        place=None, venue="The library", venue_checked_on=r.today
    ),
    "a booked prison": lambda r: (
        Venue.objects.update(is_prison=True),
        Intervention.objects.update(booking_reference="B 12"),
    ),
    "in this prison": lambda r: (inside(r), _in_prison("Fenmoor Prison, visits hall")),
    "let out for the day by the prison": lambda r: (inside(r), Intervention.objects.update(booking_reference="ROTL 7")),
    "released by then": lambda r: (
        inside(r, release_on=r.today + timedelta(days=1)),
        Intervention.objects.update(planned_for=r.tomorrow),
    ),
    "in prison, and joins from there": lambda r: (inside(r), _arrives(r.responsible, way="video"), connect(r)),
    "an interpreter who was called off": lambda r: spoken_through(r, status="cancelled"),
    "an interpreter asked for this meeting": lambda r: spoken_through(r, status="asked", intervention=r.intervention),
    "a letter, where there was an interpreter": lambda r: (
        spoken_through(r),
        Intervention.objects.update(model="letter_exchange", not_face_to_face_reason="wish"),
    ),
    "supervision overdue": lambda r: r.lead.supervisions.all().delete(),
}


def test_what_does_not_close_it(ready):
    for name, change in OPENS.items():
        with undone():
            change(ready)
            assert missing(ready) == set(), name


@pytest.mark.parametrize(("status", "stands"), [("asked", False), ("confirmed", True)])
def test_on_the_day_the_interpreter_is_confirmed(ready, status, stands):
    spoken_through(ready, status=status, intervention=ready.intervention)
    Intervention.objects.update(planned_for=timezone.now())
    assert missing(ready) == (set() if stands else {("language", "both")})


def test_a_bar_that_begins_before_the_meeting_closes_it(ready):
    _bar(starts_on=ready.today + timedelta(days=1))(ready)
    assert missing(ready) == set()
    with pytest.raises(GateClosed):
        ready.schedule()


def permitted(model: str, outcome: str) -> bool:
    if outcome in ("not_suitable", "defer"):
        return False
    return outcome != "indirect_only" or model in INDIRECT_ONLY_MODELS


def test_every_model_under_every_outcome(ready, area, today):
    seat(ready, ready_practitioner(area, today), ready_practitioner(area, today))
    connect(ready)
    for model, outcome in product(Model.values, AssessmentOutcome.values):
        Intervention.objects.filter(pk=ready.intervention.pk).update(model=model, not_face_to_face_reason="wish")
        assessments = Assessment.objects.filter(participant=ready.responsible)
        assessments.update(outcome=outcome, conditions_met_on=ready.today)
        expected = set() if permitted(model, outcome) else {("outcome", R)}
        assert missing(ready) == expected, (model, outcome)


@pytest.mark.parametrize(
    "pairs",
    [
        list(zip(cycle(SensitiveKind.values), ["njp_panel"] * len(SensitiveKind.values) + Model.values, strict=False)),
        pytest.param(list(product(SensitiveKind.values, Model.values)), marks=pytest.mark.proof),
    ],
    ids=["each once", "all pairs"],
)
def test_every_flag_asks_for_more_and_forbids_some_panels(ready, area, today, pairs):
    seat(ready, ready_practitioner(area, today), ready_practitioner(area, today))
    connect(ready)
    flag = SensitiveFlag.objects.create(referral=ready.case.referral, kind="other", raised_by=ready.by)
    asked = {(key, "both") for key in ("two_facilitators", "advanced", "specialist", "sign_off")}
    for kind, model in pairs:
        Intervention.objects.filter(pk=ready.intervention.pk).update(model=model, not_face_to_face_reason="wish")
        SensitiveFlag.objects.filter(pk=flag.pk).update(kind=kind)
        never = kind in ("domestic_abuse", "coercive_control", "hate_crime") and model == "njp_panel"
        own_wish = {("abuse", H)} if kind in ("domestic_abuse", "coercive_control") else set()
        assert missing(ready) == asked | own_wish | ({("panel", "both")} if never else set()), (model, kind)


@pytest.fixture
def sensitive(ready, area, cast, today) -> Ready:
    """A sensitive case with all that it asks for."""
    actions.raise_flag(case=ready.case, kind="sexual_offence", by=ready.by, today=today)
    ready.look_again()
    ready.co = ready_practitioner(area, today, user=cast["off_case_practitioner"], level=Level.ADVANCED)
    actions.assign(
        not_asked="otherwise",
        case=ready.case,
        practitioner=ready.co,
        role=AssignmentRole.CO_FACILITATOR,
        sides=AssignmentSides.BOTH,
        by=ready.by,
        today=today,
    )
    actions.record_specialist_consulted(
        case=ready.case, who="ISVA, Peterborough", consulted_on=today, by=ready.by, today=today
    )
    Case.objects.filter(pk=ready.case.pk).update(signed_off_at=ready.tomorrow, signed_off_by=cast["manager"])
    return ready


def test_a_sensitive_case_with_everything_opens(sensitive):
    assert missing(sensitive) == set()


SENSITIVE_ALONE = {
    "one facilitator": (
        lambda r: (
            Assignment.objects.filter(practitioner=r.co).delete(),
            Practitioner.objects.filter(pk=r.lead.pk).update(level="advanced"),
        ),
        "two_facilitators",
    ),
    "nobody Advanced": (lambda r: Practitioner.objects.filter(pk=r.co.pk).update(level="intermediate"), "advanced"),
    "no specialist": (lambda r: Case.objects.update(specialist_consulted_on=None), "specialist"),
    "no sign-off": (lambda r: Case.objects.update(signed_off_at=None, signed_off_by=None), "sign_off"),
    "flag after the sign-off": (
        lambda r: (
            SensitiveFlag.objects.update(raised_at=r.tomorrow + timedelta(days=1)),
            Case.objects.update(specialist_consulted_on=r.today + timedelta(days=2)),
        ),
        "sign_off",
    ),
    "flag after the specialist": (
        lambda r: Case.objects.update(specialist_consulted_on=r.today - timedelta(days=1)),
        "specialist",
    ),
    "co-facilitator not vetted": (
        lambda r: Check.objects.filter(practitioner=r.co).delete(),
        "co_facilitators",
    ),
}


def test_each_thing_that_a_sensitive_case_asks_for(sensitive):
    for name, (spoil, key) in SENSITIVE_ALONE.items():
        with undone():
            spoil(sensitive)
            assert missing(sensitive) == {(key, "both")}, name


def test_the_side_that_began_it_agrees_to_the_approach(ready):
    Referral.objects.update(initiated_by=InitiatedBy.OFFENDER)
    assert missing(ready) == {("approach", R)}
    consent(ready.case, Side.RESPONSIBLE, ConsentPurpose.APPROACH_OTHER_SIDE, by=ready.by, today=ready.today)
    assert missing(ready) == set()


def test_with_domestic_abuse_the_person_harmed_wishes_it_whoever_began(sensitive):
    Referral.objects.update(initiated_by=InitiatedBy.OFFENDER)
    consent(
        sensitive.case, Side.RESPONSIBLE, ConsentPurpose.APPROACH_OTHER_SIDE, by=sensitive.by, today=sensitive.today
    )
    Consent.objects.filter(person=sensitive.harmed.person, purpose="approach_other_side").delete()
    assert missing(sensitive) == set()
    SensitiveFlag.objects.update(kind="domestic_abuse")
    assert missing(sensitive) == {("approach", H), ("abuse", H)}


@pytest.mark.parametrize("began", [InitiatedBy.VICTIM, InitiatedBy.OFFENDER])
def test_with_domestic_abuse_the_wish_is_found_to_be_their_own_whoever_began(sensitive, began):
    Referral.objects.update(initiated_by=began)
    for side in (Side.HARMED, Side.RESPONSIBLE):
        if not Consent.objects.filter(purpose="approach_other_side", person=sensitive.people[side].person).exists():
            given = {"by": sensitive.by, "today": sensitive.today}
            consent(sensitive.case, side, ConsentPurpose.APPROACH_OTHER_SIDE, **given)
    SensitiveFlag.objects.update(kind="coercive_control")
    assert missing(sensitive) == {("abuse", H)}
    asked = {"participant": sensitive.harmed, "kind": "idva", "done_on": sensitive.today, "done_by": "Ana Ruiz"}
    asked |= {"pressure_words": "Asked alone", "by": sensitive.by, "today": sensitive.today}
    actions.record_abuse_check(wish_is_their_own=True, **asked)
    assert missing(sensitive) == set()
    sensitive.schedule()
    actions.record_abuse_check(wish_is_their_own=False, **asked)
    assert Intervention.objects.get(pk=sensitive.intervention.pk).status == "postponed"
    assert missing(sensitive) == {("abuse", H)}


def test_somebody_of_17_is_nobody_s_second(ready, area, today):
    co = ready_practitioner(area, today, kind="young", date_of_birth=born_17_years_before(today))
    Attendance.objects.filter(participant__role="professional").delete()
    assert missing(ready) == {("lone_working", "both")}
    common = {"case": ready.case, "not_asked": "otherwise", "sides": "both", "by": ready.by, "today": today}
    actions.assign(practitioner=co, role="co_facilitator", **common)
    assert missing(ready) == {("lone_working", "both")}
    actions.assign(practitioner=ready_practitioner(area, today), role="co_facilitator", **common)
    assert missing(ready) == set()


def test_on_the_day_it_is_reconfirmed(ready):
    assert missing(ready, on_the_day=True) == {("reconfirmed", "both")}
    ready.begin()
    assert missing(ready, on_the_day=True) == set()


def test_reasons_of_one_side_never_name_the_other(ready):
    _bar()(ready)
    _died(ready)
    for check in checks_for(ready.intervention, ready.today):
        other = {"harmed": "Hart", "responsible": "Okafor"}.get(check.side, "Okafor")
        assert other not in check.reason


def test_the_message_says_what_is_missing(ready):
    _bar(ends_on=ready.today + timedelta(days=40))(ready)
    with pytest.raises(GateClosed, match="No contact until .*: licence condition. Only they can permit it: Probation"):
        ready.schedule()
    assert Intervention.objects.get().status == "planned"


def test_is_open_only_without_anything_missing(ready):
    assert is_open(checks_for(ready.intervention, ready.today))


@pytest.mark.parametrize("people", [1, 3])
def test_the_number_of_statements_does_not_grow(ready, django_assert_num_queries, people, area):
    for number in range(people):
        person = Person.objects.create(service_area=area, last_name=f"Other{number}")
        Participant.objects.create(
            case=ready.case, person=person, role="person_harmed", side="harmed", added_by=ready.by
        )
    with django_assert_num_queries(13):
        checks_for(ready.intervention, ready.today)


def test_a_panel_has_members_who_may_sit_on_it(ready, area, cast, today):
    one = ready_practitioner(area, today, user=cast["off_case_practitioner"])
    young = ready_practitioner(area, today, date_of_birth=born_17_years_before(today))
    unguarded = ready_practitioner(area, today, date_of_birth=born_17_years_before(today))
    unguarded.safeguards.filter(kind="sign_off").delete()
    lapsed = ready_practitioner(area, today)
    lapsed.checks.all().delete()
    closed = {("panel_members", "both")}
    for members, expected in (
        ([one], closed),
        ([one, young], set()),
        ([young, ready_practitioner(area, today, date_of_birth=born_17_years_before(today))], closed),
        ([one, unguarded], closed),
        ([one, lapsed], closed),
        ([one, ready.lead], closed),
    ):
        with undone():
            seat(ready, *members)
            assert missing(ready) == expected, members
    seat(ready, one, young)
    _knows_the_harmed(ready, one)
    assert missing(ready) == closed


@pytest.fixture
def elsewhere(ready, open_case) -> Intervention:
    """Another case of the same lead with something arranged for tomorrow, two hours long; ours is planned for then."""
    other = open_case()
    Assignment.objects.create(
        case=other,
        practitioner=ready.lead,
        role="co_facilitator",
        sides="harmed",
        started_at=ready.tomorrow,
        started_by=ready.by,
    )
    tomorrow = ready.tomorrow
    Intervention.objects.filter(pk=ready.intervention.pk).update(planned_for=tomorrow)
    return Intervention.objects.create(
        case=other, model="telephone", status="scheduled", planned_for=tomorrow, planned_by=ready.by
    )


def test_nobody_is_in_two_places(ready, elsewhere):
    clash, begins = {("clash", "both")}, elsewhere.planned_for
    for changed, expected in (
        ({}, clash),
        ({"planned_for": begins + timedelta(minutes=119)}, clash),
        ({"planned_for": begins + timedelta(minutes=120)}, set()),
        ({"planned_for": begins - timedelta(minutes=120)}, set()),
        ({"planned_for": begins - timedelta(minutes=120), "minutes": 121}, clash),
        ({"status": "postponed"}, set()),
    ):
        with undone():
            Intervention.objects.filter(pk=elsewhere.pk).update(**changed)
            assert missing(ready) == expected, changed
    Assignment.objects.filter(case=elsewhere.case).update(ended_at=ready.tomorrow, ended_by=ready.by)
    assert missing(ready) == set()


def test_nobody_facilitates_on_a_day_on_which_they_are_away(ready, today):
    """The first and the last day count."""
    Intervention.objects.filter(pk=ready.intervention.pk).update(planned_for=ready.tomorrow)
    then = timezone.localdate(ready.tomorrow)
    for first, last, expected in (
        (0, 0, {("clash", "both")}),
        (-2, 0, {("clash", "both")}),
        (0, 2, {("clash", "both")}),
        (-2, -1, set()),
        (1, 2, set()),
    ):
        with undone():
            days = {"away_from": then + timedelta(days=first), "away_until": then + timedelta(days=last)}
            Availability.objects.create(practitioner=ready.lead, **days)
            assert missing(ready) == expected, (first, last)


def test_nobody_sits_on_a_panel_while_they_are_away_or_elsewhere(ready, elsewhere, area, today):
    """With the words of facilitators."""
    Intervention.objects.filter(pk=elsewhere.pk).update(status="cancelled")
    Assignment.objects.filter(case=elsewhere.case).delete()  # of the lead
    members = [ready_practitioner(area, today) for _ in range(2)]
    seat(ready, *members)
    assert missing(ready) == set()
    then, name = timezone.localdate(ready.tomorrow), members[0].name

    def words() -> str:
        checks = checks_for(Intervention.objects.get(pk=ready.intervention.pk), ready.today)
        return " ".join(check.reason for check in checks if check.is_missing)

    for first, last, gone in ((0, 0, True), (-2, 0, True), (0, 2, True), (-2, -1, False), (1, 2, False)):
        with undone():
            days = {"away_from": then + timedelta(days=first), "away_until": then + timedelta(days=last)}
            Availability.objects.create(practitioner=members[0], **days)
            assert words() == (f"{name} is away then, until {day(days['away_until'])}." if gone else ""), days
    for changed, is_taken in (
        ({}, True),
        ({"planned_for": elsewhere.planned_for + timedelta(minutes=120)}, False),
        ({"planned_for": elsewhere.planned_for - timedelta(minutes=119)}, True),
        ({"status": "planned"}, False),
        ({"model": "face_to_face_conference"}, False),  # they sit on it no more
    ):
        with undone():
            PanelMember.objects.create(intervention=elsewhere, practitioner=members[1], named_by=ready.by)
            fields = {"model": "njp_panel", "status": "scheduled"} | changed
            Intervention.objects.filter(pk=elsewhere.pk).update(**fields)
            assert missing(ready) == ({("clash", "both")} if is_taken else set()), changed


def test_a_visit_takes_whoever_goes_as_well(ready, elsewhere, area, today):
    Intervention.objects.filter(pk=elsewhere.pk).update(status="cancelled")
    begins = elsewhere.planned_for
    visit = Visit.objects.create(
        case=elsewhere.case,
        participant=Participant.objects.filter(case=elsewhere.case).first(),
        side="harmed",
        place="venue",
        planned_for=begins - timedelta(minutes=30),
        minutes=60,
        visitor=ready_practitioner(area, today),
        companion=ready.lead,
        planned_by=ready.by,
    )
    clash = {("clash", "both")}
    for changed, expected in (
        ({}, clash),
        ({"minutes": 30}, set()),
        ({"status": "under_way", "checked_in_at": begins, "checked_in_by": ready.by, "out_by": ready.tomorrow}, clash),
        ({"status": "cancelled"}, set()),
    ):
        with undone():
            Visit.objects.filter(pk=visit.pk).update(**changed)
            assert missing(ready) == expected, changed


def test_no_visit_is_planned_over_a_meeting_or_another_visit(ready):
    begins = ready.tomorrow
    actions.schedule_intervention(intervention=ready.intervention, planned_for=begins, by=ready.by, today=ready.today)

    def visit(after: int, minutes: int = 60):
        at = begins + timedelta(minutes=after)
        given = {"visitor": ready.lead, "place": "venue", "alone_because": "A public place", "minutes": minutes}
        return actions.plan_visit(participant=ready.harmed, planned_for=at, by=ready.by, now=timezone.now(), **given)

    for after, minutes in ((0, 60), (119, 60), (-59, 60)):
        with pytest.raises(DomainError, match="another meeting or visit then"):
            visit(after, minutes)
    visit(120)
    with pytest.raises(DomainError, match="another meeting or visit then"):
        visit(179)
    visit(180)


def test_what_was_held_is_not_asked_how_it_was_arranged(ready):
    """The past cannot be arranged otherwise; whether it was permitted is asked all the same."""
    ready.begin()
    Attendance.objects.all().delete()
    Venue.objects.update(is_safe=False)
    assert missing(ready, on_the_day=True) == set()
    _died(ready)
    assert missing(ready, on_the_day=True) == {("alive", H)}
