"""What is done with practitioners, by whom, and what it closes."""

from datetime import date, time, timedelta

import pytest
from django.urls import reverse

from rj_service.accounts.acting import acting_as
from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from rj_service.accounts.models import Organisation
from rj_service.audit.models import DomainEvent
from rj_service.notifications.models import Notification
from rj_service.ui.dates import months_after
from tests.training.factories import LearnerFactory
from tests.volunteers.factories import PractitionerFactory, born_17_years_before, ready_practitioner, stood_down
from volunteers import actions
from volunteers.choices import STOOD_DOWN, TRANSITIONS, PractitionerStatus
from volunteers.models import Check, Practitioner

TODAY = date(2026, 11, 22)
LATER = TODAY + timedelta(days=1000)


@pytest.fixture
def coordinator(cast):
    with acting_as(cast["coordinator"]) as user:
        yield user


@pytest.fixture
def volunteer(area, cast, coordinator):
    return ready_practitioner(area, TODAY, user=cast["practitioner"])


def may_open(practitioner, today=TODAY):
    return Practitioner.objects.may_open_cases(today).filter(pk=practitioner.pk).exists()


def test_register_practitioner_once(area, coordinator):
    learner = LearnerFactory(service_area=area)
    practitioner = actions.register_practitioner(learner=learner, kind="community", by=coordinator)
    assert (practitioner.status, practitioner.service_area) == (PractitionerStatus.ENQUIRY, area)
    with pytest.raises(StaleState, match="registered already"):
        actions.register_practitioner(learner=learner, kind="community", by=coordinator)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"kind": "partner_nominee"}, "Choose the organisation"),
        ({"kind": "community", "date_of_birth": date(2009, 1, 1), "today": TODAY}, "registered as a young volunteer"),
        ({"kind": "young"}, "Enter the date of birth"),
        ({"kind": "young", "date_of_birth": date(2010, 11, 23), "today": TODAY}, "16 or over"),
    ],
)
def test_register_practitioner_refuses(area, coordinator, given, message):
    with pytest.raises(DomainError, match=message):
        actions.register_practitioner(learner=LearnerFactory(service_area=area), by=coordinator, **given)


def test_a_nominee_of_a_partner(area, cast, coordinator):
    partner = Organisation.objects.get(name="Fenland Housing")
    learner = LearnerFactory(service_area=area)
    practitioner = actions.register_practitioner(
        learner=learner, kind="partner_nominee", organisation=partner, by=coordinator
    )
    assert practitioner.organisation == partner


BOTH = [("dbs_enhanced", "applied"), ("nppv_2", "applied")]


@pytest.mark.parametrize(
    ("checks", "status", "missing"),
    [
        (
            [],
            "induction",
            ["Enhanced DBS is not recorded, and not applied for", "Police vetting is not recorded, and n"],
        ),
        (BOTH[:1], "induction", ["Police vetting is not recorded, and not applied for"]),
        ([("dbs_basic", "applied"), BOTH[1]], "induction", ["Enhanced DBS is not recorded, and not applied for"]),
        (BOTH, "induction", []),
        ([*BOTH, ("nppv_2", "refused")], "induction", ["Police vetting is not recorded, and not applied for"]),
        ([*BOTH, ("nppv_2", "refused"), ("nppv_3", "applied")], "induction", []),
        ([("dbs_enhanced", "cleared"), BOTH[1]], "induction", []),
        (BOTH, "trainee", ["Enhanced DBS is not recorded", "Police vetting is not recorded"]),
        ([("dbs_enhanced", "cleared"), ("nppv_2", "cleared")], "trainee", []),
    ],
)
def test_an_induction_may_begin_once_both_checks_are_applied_for(area, coordinator, checks, status, missing):
    before = "vetting" if status == "induction" else "induction"
    volunteer = PractitionerFactory(service_area=area, status=before)
    for number, (kind, result) in enumerate(checks):
        issued = {"issued_on": TODAY, "expires_on": LATER} if result == "cleared" else {}
        check = actions.record_check(
            practitioner=volunteer, kind=kind, status=result, today=TODAY, by=coordinator, **issued
        )
        Check.objects.filter(pk=check.pk).update(recorded_at=check.recorded_at + timedelta(minutes=number))
    found = actions.missing_for(volunteer, status, TODAY)
    assert len(found) == len(missing) and all(one.startswith(two) for one, two in zip(found, missing, strict=True))


STATUSES = list(PractitionerStatus.values)


@pytest.mark.parametrize("was", STATUSES)
@pytest.mark.parametrize("asked", STATUSES)
def test_change_status_only_as_the_table_says(area, coordinator, was, asked):
    practitioner = ready_practitioner(area, TODAY, status=was)
    if asked in TRANSITIONS[was] or was == asked in STOOD_DOWN:
        become(practitioner, asked, coordinator)
        practitioner.refresh_from_db()
        assert practitioner.status == asked
        return
    with pytest.raises(DomainError, match="cannot go from"):
        become(practitioner, asked, coordinator)


def become(practitioner, status, by):
    """Leave and suspension have an act of their own."""
    if status in STOOD_DOWN:
        return stood_down(practitioner, status, by=by, today=TODAY)
    return actions.change_status(practitioner=practitioner, status=status, today=TODAY, by=by)


@pytest.mark.parametrize("status", STOOD_DOWN)
def test_nobody_is_suspended_or_sent_on_leave_by_a_status_alone(volunteer, coordinator, status):
    with pytest.raises(DomainError, match="Say why, from which day"):
        actions.change_status(practitioner=volunteer, status=status, today=TODAY, by=coordinator)


def test_suspending_closes_cases_at_once(volunteer, coordinator):
    assert may_open(volunteer)
    become(volunteer, "suspended", coordinator)
    assert not may_open(volunteer)


def record_nppv(practitioner, by, **given):
    fields = {"kind": "nppv_2", "status": "cleared", "issued_on": TODAY, "today": TODAY, "expires_on": LATER} | given
    return actions.record_check(practitioner=practitioner, by=by, **fields)


@pytest.mark.parametrize("status", ["refused", "withdrawn"])
def test_a_refusal_ends_what_was_cleared_of_the_same_family_only(volunteer, coordinator, status):
    record_nppv(volunteer, coordinator, status=status, kind="nppv_3", issued_on=None)
    assert not may_open(volunteer)
    found = dict(Check.objects.filter(practitioner=volunteer, issued_on__isnull=False).values_list("kind", "status"))
    assert found == {"dbs_enhanced": "cleared", "nppv_2": "withdrawn"}


def test_a_renewal_applied_for_leaves_the_old_check_in_force(volunteer, coordinator):
    record_nppv(volunteer, coordinator, status="applied", issued_on=None)
    assert may_open(volunteer)


def test_withdraw_check_closes_cases_at_once_and_only_once(volunteer, coordinator):
    check = volunteer.checks.get(kind="dbs_enhanced")
    actions.withdraw_check(check=check, by=coordinator)
    assert not may_open(volunteer)
    with pytest.raises(StaleState):
        actions.withdraw_check(check=check, by=coordinator)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"issued_on": None}, "issued_on"),
        ({"issued_on": TODAY + timedelta(days=1)}, "issued_on"),
        ({"expires_on": TODAY - timedelta(days=1)}, "expires_on"),
        ({"expires_on": months_after(TODAY, 120) + timedelta(days=1)}, "expires_on"),
        ({"expires_on": date.max}, "expires_on"),
    ],
)
def test_record_check_refuses_impossible_dates(volunteer, coordinator, given, field):
    with pytest.raises(DomainError) as refused:
        record_nppv(volunteer, coordinator, **given)
    assert refused.value.field == field


def test_the_trail_holds_codes_and_no_name(volunteer, coordinator):
    record_nppv(volunteer, coordinator, reference="V-77123")
    event = DomainEvent.objects.latest("id")
    assert event.detail == {"practitioner": str(volunteer.pk), "kind": "nppv_2", "status": "cleared"}
    assert event.service_area_id == volunteer.service_area_id


def test_the_practitioner_is_told_and_nobody_else(cast, volunteer, coordinator):
    record_nppv(volunteer, coordinator)
    assert list(Notification.objects.values_list("user", "kind")) == [(cast["practitioner"].pk, "training")]


@pytest.mark.parametrize(
    ("role", "may"),
    [("coordinator", True), ("manager", True), ("supervisor", False), ("training_lead", False), ("practitioner", False)]
    + [("hub_worker", False), ("opcc", False), ("dpo", False), ("admin", False), ("other_coordinator", False)],
)
def test_who_may_record_a_check(area, cast, role, may):
    practitioner = PractitionerFactory(service_area=area)
    with acting_as(cast[role], areas=[area]) as user:
        if may:
            record_nppv(practitioner, user)
            return
        with pytest.raises(NotAllowed):
            record_nppv(practitioner, user)


@pytest.mark.parametrize(("role", "may"), [("supervisor", True), ("coordinator", True), ("training_lead", False)])
def test_who_may_record_a_supervision(area, cast, role, may):
    practitioner = PractitionerFactory(service_area=area)
    with acting_as(cast[role]) as user:
        if may:
            actions.record_supervision(practitioner=practitioner, held_on=TODAY, today=TODAY, by=user)
            return
        with pytest.raises(NotAllowed):
            actions.record_supervision(practitioner=practitioner, held_on=TODAY, today=TODAY, by=user)


def test_nobody_manages_or_supervises_themselves(area, cast, coordinator):
    own = ready_practitioner(area, TODAY, user=coordinator, kind="service_staff")
    for refused in (
        lambda: record_nppv(own, coordinator),
        lambda: actions.set_level(practitioner=own, level="advanced", today=TODAY, by=coordinator),
        lambda: become(own, "on_leave", coordinator),
        lambda: actions.record_supervision(practitioner=own, held_on=TODAY, today=TODAY, by=coordinator),
    ):
        with pytest.raises(NotAllowed):
            refused()


def test_supervision_tomorrow_is_refused(volunteer, coordinator):
    with pytest.raises(DomainError, match="today or in the past"):
        actions.record_supervision(
            practitioner=volunteer, held_on=TODAY + timedelta(days=1), today=TODAY, by=coordinator
        )


def test_a_practitioner_sets_their_own_availability_and_nobody_elses(area, cast, volunteer):
    other = PractitionerFactory(service_area=area)
    with acting_as(cast["practitioner"]) as user:
        actions.set_availability(
            practitioner=volunteer, times=[(0, time(18), time(21)), (2, time(9), time(12))], by=user
        )
        actions.set_availability(practitioner=volunteer, times=[(4, time(18), time(21))], by=user)
        assert list(volunteer.availability.values_list("weekday", flat=True)) == [4]
        with pytest.raises(NotAllowed):
            actions.set_availability(practitioner=other, times=[], by=user)


def test_times_away(cast, volunteer):
    with acting_as(cast["practitioner"]) as user:
        absence = actions.add_absence(
            practitioner=volunteer, away_from=TODAY, away_until=TODAY + timedelta(days=7), by=user
        )
        row = Practitioner.objects.with_readiness(TODAY).get()
        assert row.away_until == TODAY + timedelta(days=7)
        actions.remove_absence(absence=absence, by=user)
        assert not volunteer.availability.exists()
        with pytest.raises(DomainError, match="on or after the first day"):
            actions.add_absence(practitioner=volunteer, away_from=TODAY, away_until=TODAY - timedelta(days=1), by=user)


def test_somebody_found_to_be_17_is_a_young_volunteer_and_waits_for_both_safeguards(area, cast, coordinator, signed_in):
    found = ready_practitioner(area, TODAY, kind="community")
    born = born_17_years_before(TODAY)
    given = {"case_limit": 4, "local_areas": [], "organisation": None, "today": TODAY, "by": coordinator}
    with pytest.raises(DomainError, match="under 18 is registered as a young volunteer"):
        actions.change_details(practitioner=found, kind="community", date_of_birth=born, **given)
    actions.change_details(practitioner=found, kind="young", date_of_birth=born, **given)
    assert not Practitioner.objects.with_readiness(TODAY).get(pk=found.pk).ready
    page = reverse("volunteers:detail", args=[found.pk])
    parent = reverse("volunteers:agreement-of-a-parent", args=[found.pk])
    manager = reverse("volunteers:sign-off-under-18", args=[found.pk])
    desk = signed_in(cast["coordinator"])
    shown = desk.get(page).content.decode()
    assert parent in shown and manager not in shown
    on = {f"given_on_{part}": getattr(TODAY, part) for part in ("day", "month", "year")}
    assert desk.post(parent, {"name": "Maria Lane, mother", **on}).status_code == 302
    managers = signed_in(cast["manager"])
    assert manager in managers.get(page).content.decode()
    assert managers.post(manager, on).status_code == 302
    assert Practitioner.objects.with_readiness(TODAY).get(pk=found.pk).ready
    shown = managers.get(page).content.decode()
    assert parent not in shown and manager not in shown


@pytest.mark.parametrize("kind", ["partner_staff", "partner_nominee"])
def test_whoever_comes_from_an_organisation_keeps_one(volunteer, coordinator, kind):
    given = {"case_limit": 4, "local_areas": [], "date_of_birth": None, "today": TODAY, "by": coordinator}
    with pytest.raises(DomainError, match="Choose the organisation") as refused:
        actions.change_details(practitioner=volunteer, kind=kind, organisation=None, **given)
    assert refused.value.field == "organisation"


def test_what_is_cleared_has_a_last_day(volunteer, coordinator):
    given = {"practitioner": volunteer, "kind": "dbs_enhanced", "today": TODAY, "by": coordinator}
    with pytest.raises(DomainError, match="Enter its last day, or the day by which it is looked at again") as refused:
        actions.record_check(status="cleared", issued_on=TODAY, **given)
    assert refused.value.field == "expires_on"
    assert actions.record_check(status="applied", **given).expires_on is None
    assert actions.record_check(status="cleared", issued_on=TODAY, expires_on=TODAY, **given)


def test_details_and_level(area, volunteer, coordinator):
    districts = list(area.local_areas.all())
    actions.change_details(
        practitioner=volunteer,
        kind="community",
        organisation=None,
        case_limit=6,
        local_areas=districts,
        date_of_birth=None,
        today=TODAY,
        by=coordinator,
    )
    shown = {"because": "Led five processes, two observed", "today": TODAY}
    actions.set_level(practitioner=volunteer, level="advanced", by=coordinator, **shown)
    volunteer.refresh_from_db()
    assert (volunteer.case_limit, volunteer.level, list(volunteer.local_areas.all())) == (6, "advanced", districts)


@pytest.mark.parametrize(
    ("now", "then", "registered", "because", "taken"),
    [
        ("foundation", "advanced", None, "", False),
        ("foundation", "intermediate", None, "", False),
        ("foundation", "intermediate", None, "Training in sensitive cases seen", True),
        ("advanced", "intermediate", None, "", True),
        ("intermediate", "intermediate", None, "", True),
        ("foundation", "advanced", ("advanced", 0), "", True),
        ("foundation", "advanced", ("advanced", -1), "", False),  # it ended yesterday
        ("foundation", "advanced", ("intermediate", 0), "", False),
    ],
)
def test_a_higher_level_is_shown_by_something(area, volunteer, coordinator, now, then, registered, because, taken):
    if registered:
        level, days = registered
        since = {"registered_on": TODAY - timedelta(days=90), "expires_on": TODAY + timedelta(days=days)}
        actions.record_registration(practitioner=volunteer, level=level, today=TODAY, by=coordinator, **since)
    Practitioner.objects.filter(pk=volunteer.pk).update(level=now)
    given = {"level": then, "because": because, "today": TODAY, "by": coordinator}
    if taken:
        actions.set_level(practitioner=volunteer, **given)
    else:
        with pytest.raises(DomainError, match="Say what shows it"):
            actions.set_level(practitioner=volunteer, **given)
    volunteer.refresh_from_db()
    assert (volunteer.level, volunteer.level_because) == ((then, because) if taken else (now, ""))
