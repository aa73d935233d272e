"""Campaigns, and an application from stage to stage: what each step asks for, and what is refused."""

from datetime import date, timedelta

import pytest

from rj_service.accounts.acting import acting_as
from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from rj_service.audit.models import DomainEvent
from training.models import Learner
from volunteers import actions, policy
from volunteers.choices import APPLICATION_TRANSITIONS, CAMPAIGN_TRANSITIONS, ApplicationStatus, CampaignStatus
from volunteers.models import Application, ApplicationStep, Campaign, Safeguard

TODAY = date(2026, 11, 23)
PAPERS = {"person_specification": "Listens well", "job_description": "Prepares people and sits with them"}
ADULT = date(1990, 5, 4)
SIXTEEN = date(2010, 3, 2)


@pytest.fixture
def coordinator(cast):
    with acting_as(cast["coordinator"]) as user:
        yield user


@pytest.fixture
def begin(area, coordinator):
    def make(**given):
        given = {"title": "Newton Aycliffe", "kind": "community", "target": 20, **PAPERS} | given
        return actions.begin_campaign(area=area, by=coordinator, **given)

    return make


@pytest.fixture
def advertised(begin, coordinator):
    campaign = begin()
    approve(campaign, coordinator)
    actions.advertise(campaign=campaign, today=TODAY, by=coordinator)
    campaign.refresh_from_db()
    return campaign


def approve(campaign, by, *bodies):
    for of in bodies or ("hr", "union"):
        common = {"approver_name": "Ada Poole", "given_on": TODAY, "today": TODAY, "by": by}
        actions.record_campaign_approval(campaign=campaign, of=of, **common)


@pytest.mark.parametrize(
    ("papers", "approved", "missing"),
    [
        ({}, ["hr", "union"], None),
        ({}, ["hr"], "Unison has not approved"),
        ({}, ["union"], "Human resources has not approved"),
        ({}, [], "Human resources has not approved"),
        ({"job_description": ""}, [], "Write the job description"),
        ({"person_specification": " "}, [], "Write the person specification"),
    ],
)
def test_nothing_is_advertised_before_both_have_approved_both_papers(begin, coordinator, papers, approved, missing):
    campaign = begin(**papers)
    if approved:
        approve(campaign, coordinator, *approved)
    if missing is None:
        actions.advertise(campaign=campaign, today=TODAY, by=coordinator)
        assert Campaign.objects.advertised(TODAY).get() == campaign
        return
    with pytest.raises(DomainError, match=missing):
        actions.advertise(campaign=campaign, today=TODAY, by=coordinator)


def test_no_approval_of_papers_that_are_not_written(begin, coordinator):
    with pytest.raises(DomainError, match="Write the job description"):
        approve(begin(job_description=""), coordinator)


def change(campaign, by, **given):
    same = {name: getattr(campaign, name) for name in ("title", "kind", "target", "closes_on", *PAPERS)}
    return actions.change_campaign(campaign=campaign, local_areas=[], partners=[], by=by, **same | given)


def test_changed_papers_lose_their_approvals_and_are_advertised_no_more(advertised, coordinator):
    assert change(advertised, coordinator, target=30) is False
    assert Campaign.objects.advertised(TODAY).exists()
    assert change(advertised, coordinator, job_description="Something else") is True
    advertised.refresh_from_db()
    assert advertised.status == CampaignStatus.DRAFT
    with pytest.raises(DomainError, match="has not approved"):
        actions.advertise(campaign=advertised, today=TODAY, by=coordinator)
    approve(advertised, coordinator)
    actions.advertise(campaign=advertised, today=TODAY, by=coordinator)


@pytest.mark.parametrize("was", CampaignStatus.values)
def test_a_campaign_moves_only_as_the_table_says(begin, coordinator, was):
    campaign = begin()
    approve(campaign, coordinator)
    Campaign.objects.filter(pk=campaign.pk).update(status=was)
    for asked, act in (
        ("advertised", lambda: actions.advertise(campaign=campaign, today=TODAY, by=coordinator)),
        ("closed", lambda: actions.close_campaign(campaign=campaign, by=coordinator)),
    ):
        Campaign.objects.filter(pk=campaign.pk).update(status=was)
        if asked in CAMPAIGN_TRANSITIONS[was]:
            act()
            assert Campaign.objects.get().status == asked
        else:
            with pytest.raises(StaleState):
                act()


@pytest.mark.parametrize(("day", "is_open"), [(TODAY, True), (TODAY + timedelta(days=1), False)])
def test_the_last_day_to_apply_still_counts(advertised, day, is_open):
    Campaign.objects.update(closes_on=TODAY)
    assert Campaign.objects.advertised(day).exists() is is_open


def new(**given):
    known = {"first_name": "Ana", "last_name": "Ruiz", "email": "ana@example.org", "date_of_birth": ADULT}
    return actions.NewApplication(received_on=TODAY, **known | given)


def apply(area, by, **given) -> Application:
    return actions.receive_application(area=area, new=new(**given), today=TODAY, by=by)


@pytest.mark.parametrize(
    ("born", "kind"),
    [
        (date(2010, 11, 23), "young"),  # 16 today
        (date(2008, 11, 24), "young"),  # 18 tomorrow
        (date(2008, 11, 23), "community"),  # 18 today
        (None, "community"),
    ],
)
def test_16_and_17_are_welcome_as_young_volunteers(area, coordinator, born, kind):
    assert apply(area, coordinator, date_of_birth=born).kind == kind


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"date_of_birth": date(2010, 11, 24)}, "date_of_birth"),  # 16 tomorrow
        ({"email": "", "phone": ""}, "email"),
    ],
)
def test_what_is_not_taken(area, coordinator, given, field):
    with pytest.raises(DomainError) as refused:
        apply(area, coordinator, **given)
    assert refused.value.field == field and not Application.objects.exists()


def common(application, by):
    return {"application": application, "happened_on": TODAY, "today": TODAY, "by": by}


def good_references(application, by, number=2):
    for _ in range(number):
        reference = actions.name_referee(application=application, name="Jo", contact="x", known_as="employer", by=by)
        actions.record_reference(reference=reference, received_on=TODAY, is_satisfactory=True, today=TODAY, by=by)


def test_from_an_enquiry_to_vetting_each_step_with_its_day(area, coordinator, advertised):
    application = apply(area, coordinator)
    assert application.status == ApplicationStatus.ENQUIRY
    actions.apply_to_campaign(campaign=advertised, **common(application, coordinator))
    actions.arrange_interview(words="Tuesday at 2", **common(application, coordinator))
    actions.pass_interview(**common(application, coordinator))
    with pytest.raises(DomainError, match="0 of 2 satisfactory references"):
        actions.take_on(application=application, today=TODAY, by=coordinator)
    good_references(application, coordinator)
    practitioner = actions.take_on(application=application, today=TODAY, by=coordinator)
    assert (practitioner.status, practitioner.name) == ("vetting", "Ana Ruiz")
    assert list(ApplicationStep.objects.order_by("recorded_at", "pk").values_list("status", flat=True).distinct())
    assert set(ApplicationStep.objects.values_list("status", flat=True)) == {
        "enquiry", "applied", "interview", "references", "taken_on",
    }  # fmt: skip
    assert Campaign.objects.with_numbers().get().taken_on == 1
    assert DomainEvent.objects.filter(verb="volunteers.taken_on").count() == 1
    with pytest.raises(DomainError):
        actions.take_on(application=application, today=TODAY, by=coordinator)
    assert Learner.objects.count() == 1


MOVES = {
    "interview": actions.arrange_interview,
    "references": actions.pass_interview,
    "not_taken_on": lambda **given: actions.end_application(status="not_taken_on", words="", **given),
    "withdrew": lambda **given: actions.end_application(status="withdrew", words="", **given),
}


@pytest.mark.parametrize("was", ApplicationStatus.values)
@pytest.mark.parametrize("asked", MOVES)
def test_an_application_moves_only_as_the_table_says(area, coordinator, was, asked):
    application = apply(area, coordinator)
    Application.objects.update(status=was)
    if asked in APPLICATION_TRANSITIONS[was]:
        MOVES[asked](**common(application, coordinator))
        assert Application.objects.get().status == asked
        return
    with pytest.raises(StaleState, match="Nothing was done twice"):
        MOVES[asked](**common(application, coordinator))


def at_references(area, by, **given) -> Application:
    application = apply(area, by, **given)
    Application.objects.update(status="references")
    good_references(application, by)
    return application


@pytest.mark.parametrize(
    ("recorded", "missing"),
    [
        ([], ["parental responsibility", "sign-off"]),
        (["parental"], ["sign-off"]),
        (["sign_off"], ["parental responsibility"]),
        (["parental", "sign_off"], []),
    ],
)
def test_a_16_year_old_needs_a_parent_and_a_sign_off(cast, area, coordinator, recorded, missing):
    application = at_references(area, coordinator, date_of_birth=SIXTEEN)
    for kind in recorded:
        safeguard(application, kind, cast)
    application.refresh_from_db()
    found = policy.missing_to_take_on(application, TODAY)
    assert len(found) == len(missing)
    assert all(any(word in words for words in found) for word in missing)
    if missing:
        with pytest.raises(DomainError, match="Under 18"):
            actions.take_on(application=application, today=TODAY, by=coordinator)
    else:
        practitioner = actions.take_on(application=application, today=TODAY, by=coordinator)
        assert Safeguard.objects.filter(practitioner=practitioner).count() == 2
        again = {"kind": "parental", "name": "Maria Lane, mother", "given_on": TODAY, "today": TODAY}
        with pytest.raises(StaleState, match="recorded already"):
            actions.record_safeguard(practitioner=practitioner, by=coordinator, **again)
    assert policy.missing_to_take_on(application, date(2028, 3, 2)) == []  # 18 by then


def safeguard(application, kind, cast):
    who = "manager" if kind == "sign_off" else "coordinator"
    with acting_as(cast[who]) as by:
        given = {"name": "Maria Lane, mother"} if kind == "parental" else {}
        return actions.record_safeguard(kind=kind, application=application, given_on=TODAY, today=TODAY, by=by, **given)


def test_only_a_service_manager_signs_a_young_volunteer_off(cast, area, coordinator):
    application = apply(area, coordinator, date_of_birth=SIXTEEN)
    with pytest.raises(NotAllowed):
        actions.record_safeguard(kind="sign_off", application=application, given_on=TODAY, today=TODAY, by=coordinator)


def test_an_unsatisfactory_reference_does_not_count(area, coordinator):
    application = at_references(area, coordinator)
    reference = application.references.first()
    actions.record_reference(reference=reference, received_on=TODAY, is_satisfactory=False, today=TODAY, by=coordinator)
    with pytest.raises(DomainError, match="1 of 2 satisfactory"):
        actions.take_on(application=application, today=TODAY, by=coordinator)


def test_whoever_learnt_here_before_stays_one_learner(area, coordinator):
    known = Learner.objects.create(service_area=area, first_name="Ana", last_name="Ruiz", email="ana@example.org")
    practitioner = actions.take_on(application=at_references(area, coordinator), today=TODAY, by=coordinator)
    assert practitioner.learner == known
