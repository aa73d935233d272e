"""What training shows: a lead's home, certificates and their check, feedback by a link, and who knows how to refer."""

import json
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from rj_service.accounts.acting import acting_as
from rj_service.accounts.errors import DomainError, StaleState
from rj_service.accounts.models import LocalArea
from rj_service.accounts.tokens import digest
from rj_service.jobs.leases import work_on
from tests.access.table import text_of
from tests.factories import OrganisationFactory
from tests.training.factories import (
    AttendanceFactory,
    AwardFactory,
    CohortFactory,
    CourseFactory,
    EnrolmentFactory,
    LearnerFactory,
    OtherTrainingFactory,
    PackageFactory,
    SessionFactory,
)
from training import actions
from training.models import Award, Feedback, TrainingMail

ANSWERS = actions.Answers(course_was="good", words="Too short")


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def lead(cast, signed_in):
    return signed_in(cast["training_lead"])


@pytest.fixture
def enrolment(area, today):
    cohort = CohortFactory(service_area=area)
    SessionFactory(cohort=cohort, held_on=today)
    learner = LearnerFactory(service_area=area, first_name="Ana", last_name="Ruiz", email="ana@example.org")
    return EnrolmentFactory(cohort=cohort, learner=learner)


def contract(area, by, today, **terms):
    given = {"status": "running", "signed_on": today, "signed_by": by, "starts_on": today, "year_ends_on": today}
    return PackageFactory(service_area=area, **(given | terms))


@pytest.mark.parametrize(("days", "shown"), [(43, False), (42, True), (28, True), (27, False)])
def test_the_home_warns_of_a_last_free_day_before_it_passes(area, cast, lead, today, days, shown):
    package = contract(area, cast["training_lead"], today)
    SessionFactory(cohort=CohortFactory(service_area=area, package=package), held_on=today + timedelta(days=days))
    needs = lead.get(reverse("training:today")).context["needs"]
    assert [need.word for need in needs] == (["Last free day"] if shown else [])


def test_a_certificate_from_elsewhere_is_seen_and_its_end_comes_near(area, cast, lead, today):
    course = CourseFactory(service_area=area, name="Two-day facilitator", award_valid_months=12, renewal_days=90)
    learner = LearnerFactory(service_area=area, first_name="Ana", last_name="Ruiz")
    given = {"passed": True, "stands_for": course, "ended_on": today - timedelta(days=350)}
    training = OtherTrainingFactory(learner=learner, **given)
    page = reverse("training:learner", args=[learner.pk])
    assert "does not count for Two-day facilitator yet" in lead.get(page).content.decode()
    assert lead.get(reverse("training:today")).context["needs"] == []
    ask = reverse("training:see-certificate", args=[training.pk])
    assert "as if the award had been given here, until" in lead.get(ask).content.decode()
    assert lead.post(ask).url == page
    assert "Stands for Two-day facilitator, in force until" in lead.get(page).content.decode()
    needs = lead.get(reverse("training:today")).context["needs"]
    assert [(need.word, need.what, need.url) for need in needs] == [("Renew", "Ana Ruiz", page)]
    assert lead.get(ask).status_code == 404


@pytest.mark.parametrize(("who", "shown"), [("manager", ["Last free day"]), ("coordinator", [])])
def test_whoever_answers_for_the_money_is_warned_too(area, cast, signed_in, today, who, shown):
    package = contract(area, cast["training_lead"], today)
    SessionFactory(cohort=CohortFactory(service_area=area, package=package), held_on=today + timedelta(days=30))
    needs = signed_in(cast[who]).get("/").context["needs"]
    assert [one["need"].state_words for one in needs] == shown


def test_the_home_is_the_lead_s_first_page_and_takes_the_same_statements(area, cast, lead, today):
    assert lead.get("/").url == reverse("training:today")
    package, found = contract(area, cast["training_lead"], today - timedelta(days=350), agreed=9), []
    for more in (1, 2, 12):
        for _ in range(more):
            cohort = CohortFactory(service_area=area, package=package)
            SessionFactory(cohort=cohort, held_on=today)
            SessionFactory(cohort=cohort, held_on=today + timedelta(days=2), confirmed_at=None, confirmed_by=None)
            EnrolmentFactory(cohort=cohort)
            EnrolmentFactory(cohort=cohort, status="waiting")
            with acting_as(cast["training_lead"]) as by:
                actions.add_step(package=package, words="Ring", who="", due_on=today, by=by)
        with CaptureQueriesContext(connection) as captured:
            page = lead.get(reverse("training:today"))
        found.append(len(captured))
    assert len(set(found)) == 1
    words = {need.word for need in page.context["needs"]}
    assert {"Agreed number", "Register owed", "Not confirmed"} <= words


@pytest.mark.parametrize(("ends_in", "words"), [(None, "Valid"), (0, "Valid"), (-1, "Expired")])
def test_a_certificate_is_checked_by_its_code_and_says_little(area, client, today, ends_in, words):
    until = None if ends_in is None else today + timedelta(days=ends_in)
    learner = LearnerFactory(
        service_area=area, first_name="Ana", last_name="Ruiz", organisation=OrganisationFactory(service_area=area)
    )
    award = AwardFactory(
        learner=learner, course__name="Two-day facilitator", awarded_on=today - timedelta(days=400), expires_on=until
    )
    address = reverse("training:check-certificate")
    typed = f" {award.code[:4].lower()}-{award.code[4:8]} {award.code[8:]}"
    page = client.post(address, {"code": typed}).content.decode()
    assert words in page
    assert "Two-day facilitator" in page
    assert ">AR<" in page
    for kept in ("Ana", "Ruiz", learner.organisation.name, area.name):
        assert kept not in page
    assert "Not known" in client.post(address, {"code": "AAAA-AAAA-AAAA"}).content.decode()


def test_the_certificate_is_a_paper_of_one_s_own(area, cast, signed_in, lead, today):
    learner = LearnerFactory(service_area=area, user=cast["practitioner"], first_name="Pat", last_name="Reed")
    award = AwardFactory(learner=learner, course=CourseFactory(service_area=area, cpd_hours=12))
    address = reverse("training:certificate", args=[award.pk])
    for client in (lead, signed_in(cast["practitioner"])):
        answer = client.get(address)
        words = text_of(answer.content, answer["Content-Type"])
        assert "Pat Reed" in words
        assert award.code[:4] in words
        assert answer["Content-Disposition"] == 'attachment; filename="certificate.pdf"'
    assert signed_in(cast["other_coordinator"]).get(address).status_code == 404


def test_codes_are_each_their_own(area):
    assert len({AwardFactory(learner__service_area=area).code for _ in range(20)}) == 20
    assert all(len(one.code) == 12 for one in Award._base_manager.all())


def asked(enrolment, cast, today) -> str:
    """The link of the mail."""
    with acting_as(cast["training_lead"]) as by:
        assert actions.ask_for_feedback(cohort=enrolment.cohort, today=today, by=by) == 1
        with pytest.raises(StaleState):
            actions.ask_for_feedback(cohort=enrolment.cohort, today=today, by=by)
    assert work_on(TrainingMail, TrainingMail._base_manager.get().pk)
    [message] = mail.outbox
    assert "Ana" not in message.body
    return next(word for word in message.body.split() if "/training/feedback/" in word).split("testserver")[-1]


def test_feedback_by_a_link_that_works_once(client, cast, enrolment, today, settings):
    link = asked(enrolment, cast, today).replace(settings.BASE_URL, "")
    assert client.get(link).url == reverse("training:feedback")
    form = reverse("training:feedback")
    assert client.post(form, {}).status_code == 422
    assert client.post(form, {"course_was": "good", "words": "Too short"}).url == reverse("training:feedback-done")
    assert client.post(form, {"course_was": "poor"}).status_code == 410
    assert client.get(link).status_code == 410
    found = Feedback._base_manager.get()
    assert (found.course_was, found.words, found.token_digest) == ("good", "Too short", None)


def test_feedback_is_read_without_names_and_entered_by_staff(lead, cast, enrolment):
    page = lead.post(
        reverse("training:enter-feedback", args=[enrolment.pk]), {"course_was": "fair", "words": "Cold"}, follow=True
    )
    words = page.content.decode()
    assert "Cold" in words
    assert "Ruiz" not in words
    with acting_as(cast["training_lead"]) as by, pytest.raises(StaleState):
        actions.enter_feedback(enrolment=enrolment, answers=ANSWERS, by=by)


def test_a_link_given_by_hand_is_shown_once_and_ends_the_earlier_one(lead, client, enrolment, settings):
    address = reverse("training:give-feedback-link", args=[enrolment.pk])
    links = []
    for _ in range(2):
        words = lead.post(address, {}).content.decode()
        links.append(words.split("<code>")[1].split("</code>")[0].replace(settings.BASE_URL, ""))
    assert [client.get(link).status_code for link in links] == [410, 302]


def test_the_session_keeps_no_secret_and_an_open_page_ends_with_its_link(lead, client, enrolment, settings):
    def given_link() -> str:
        words = lead.post(reverse("training:give-feedback-link", args=[enrolment.pk]), {}).content.decode()
        return words.split("<code>")[1].split("</code>")[0].replace(settings.BASE_URL, "")

    link = given_link()
    form, secret = client.get(link).url, link.rstrip("/").rpartition("/")[2]
    kept = json.dumps(dict(client.session))
    assert len(secret) > 40 and secret not in kept and digest(secret).hex() in kept
    assert client.get(form).status_code == 200
    Feedback._base_manager.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get(form).status_code == 410
    assert client.get(client.get(given_link()).url).status_code == 200
    given_link()
    assert client.get(form).status_code == 410


def test_somebody_with_an_account_answers_there(cast, area, signed_in, today):
    cohort = CohortFactory(service_area=area)
    SessionFactory(cohort=cohort, held_on=today)
    own = EnrolmentFactory(cohort=cohort, learner=LearnerFactory(service_area=area, user=cast["practitioner"]))
    with acting_as(cast["training_lead"]) as by:
        actions.ask_for_feedback(cohort=cohort, today=today, by=by)
    assert not TrainingMail._base_manager.exists()
    address = reverse("training:own-feedback", args=[own.pk])
    client = signed_in(cast["practitioner"])
    assert client.post(address, {"course_was": "good"}).url == reverse("volunteers:me")
    assert client.get(address).status_code == 404
    assert Feedback._base_manager.get().answered_by == cast["practitioner"]


def test_feedback_is_asked_for_after_the_last_session(cast, enrolment, today):
    with acting_as(cast["training_lead"]) as by, pytest.raises(DomainError, match="after the last session"):
        actions.ask_for_feedback(cohort=enrolment.cohort, today=today - timedelta(days=1), by=by)


def test_who_knows_how_to_refer_noughts_too(area, cast, lead, today):
    police, homes, nobody = (
        OrganisationFactory(service_area=area, name=name) for name in ("A police", "B homes", "C none")
    )
    fens = LocalArea.objects.create(service_area=area, name="Fens")
    course = CourseFactory(service_area=area, trains_to_refer=True)
    for attended in (True, False):
        cohort = CohortFactory(service_area=area, course=course)
        session = SessionFactory(cohort=cohort, held_on=today)
        learner = LearnerFactory(service_area=area, organisation=homes, unit="Estate", local_area=fens)
        AttendanceFactory(
            session=session, enrolment=EnrolmentFactory(cohort=cohort, learner=learner), attended=attended
        )
    with acting_as(cast["training_lead"]) as by:
        for way, heads in (("briefing", 40), ("briefing", 2), ("podcast", 9)):
            given = {"organisation": police, "way": way, "heads": heads, "happened_on": today, "unit": "Control room"}
            actions.record_briefed(area=area, local_area=fens, **given, today=today, by=by)
    rows = {row.name: row for row in lead.get(reverse("training:trained-to-refer")).context["rows"]}
    assert (rows["A police"].heads, rows["A police"].named_units) == (
        {"briefing": 42, "guide": 0, "podcast": 9}, "Control room",
    )  # fmt: skip
    assert (rows["B homes"].learners, rows["B homes"].newest) == (1, today)
    assert not rows["C none"].is_reached
    by_place = lead.get(reverse("training:trained-by-place")).context["rows"]
    assert [(row.learners, row.heads["briefing"]) for row in by_place if row.name == "Fens"] == [(1, 42)]
    unreached = lead.get(reverse("training:trained-to-refer") + "?reached=no").context["rows"]
    assert nobody.name in {row.name for row in unreached}
    assert police.name not in {row.name for row in unreached}


def test_heads_of_a_briefing_say_where_they_came_from(area, cast, lead, today):
    police = OrganisationFactory(service_area=area, name="A police")
    fens = LocalArea.objects.create(service_area=area, name="Fens")
    cohort = CohortFactory(service_area=area, course=CourseFactory(service_area=area, counts_heads=True), maximum=150)
    session = SessionFactory(cohort=cohort, held_on=today)
    count, say = (reverse(f"training:{name}", args=[session.pk]) for name in ("count-heads", "heads-from"))
    assert "Count who came" in lead.post(say, {"organisation": police.pk, "heads": 1}).content.decode()
    assert lead.post(count, {"police": 40, "residents": 20}).url == say
    of_police = {"organisation": police.pk, "unit": "Control room", "local_area": fens.pk}
    for given, words in (
        (of_police | {"heads": 30}, "30 still without"),
        ({"local_area": fens.pk, "heads": 20}, "10 still without"),
    ):
        assert words in text(lead.post(say, given, follow=True))
    for given, words in (
        (of_police | {"heads": 41}, "enter at most 40"),
        ({"heads": 1}, "Choose the organisation, or the local area alone"),
        ({"unit": "Control room", "local_area": fens.pk, "heads": 1}, "Choose the organisation"),
        ({"organisation": OrganisationFactory().pk, "heads": 1}, "Where did they come from?"),
    ):
        answer = lead.post(say, given)
        assert answer.status_code == 422
        assert words in text(answer)
    assert lead.post(count, {"police": 49}).status_code == 422
    again = of_police | {"unit": "control room", "heads": 40}
    assert lead.post(say, again).url == reverse("training:cohort", args=[cohort.pk])
    rows = {row.name: row for row in lead.get(reverse("training:trained-to-refer")).context["rows"]}
    assert (rows["A police"].heads["briefing"], rows["A police"].named_units) == (40, "control room")
    by_place = lead.get(reverse("training:trained-by-place")).context["rows"]
    assert [row.heads["briefing"] for row in by_place if row.name == "Fens"] == [60]
    assert "20 still without" in text(lead.post(say, {"local_area": fens.pk, "heads": 0}, follow=True))
    assert say in lead.get(reverse("training:cohort", args=[cohort.pk])).content.decode()


def text(answer) -> str:
    return " ".join(strip_tags(answer.content.decode()).split())
