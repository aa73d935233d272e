"""Children: of age by the day of the calendar; somebody with parental responsibility beside their own word; asked anew at 18."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from referrals import actions, policy, tasks
from referrals.actions import NewPerson
from referrals.ages import age_on, eighteen_on
from referrals.choices import AgeGroup, ConsentPurpose, ParentalKind
from referrals.models import (
    Childhood,
    Consent,
    ParentalAgreement,
    ParentalResponsibility,
    Person,
    SafetyChange,
    SensitiveFlag,
    Task,
)
from rj_service.accounts.acting import acting_as, system_user
from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from rj_service.notifications.models import Notification

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
YOUNG = TODAY.replace(year=TODAY.year - 12, day=min(TODAY.day, 28))
TAKE_PART = ConsentPurpose.TAKE_PART


# -- ages by the calendar -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("born", "day", "age", "group"),
    [
        (date(2008, 6, 1), date(2026, 5, 31), 17, AgeGroup.CHILD),
        (date(2008, 6, 1), date(2026, 6, 1), 18, AgeGroup.ADULT),
        (date(2008, 12, 31), date(2026, 12, 30), 17, AgeGroup.CHILD),
        (date(2008, 12, 31), date(2026, 12, 31), 18, AgeGroup.ADULT),
        (date(2009, 1, 1), date(2026, 12, 31), 17, AgeGroup.CHILD),
        (date(2009, 1, 1), date(2027, 1, 1), 18, AgeGroup.ADULT),
        (date(2008, 2, 28), date(2026, 2, 27), 17, AgeGroup.CHILD),
        (date(2008, 2, 28), date(2026, 2, 28), 18, AgeGroup.ADULT),
        (date(2008, 2, 29), date(2026, 2, 28), 17, AgeGroup.CHILD),  # no such day in 2026
        (date(2008, 2, 29), date(2026, 3, 1), 18, AgeGroup.ADULT),
        (date(2008, 3, 1), date(2026, 2, 28), 17, AgeGroup.CHILD),
        (date(2010, 2, 28), date(2028, 2, 28), 18, AgeGroup.ADULT),  # a leap day lies after it
        (date(2010, 3, 1), date(2028, 2, 29), 17, AgeGroup.CHILD),
        (date(2010, 3, 1), date(2028, 3, 1), 18, AgeGroup.ADULT),
        (date(2026, 5, 1), date(2026, 5, 2), 0, AgeGroup.CHILD),
    ],
)
def test_from_17_to_18(born, day, age, group):
    assert age_on(born, day) == age
    assert policy.age_group(Person(last_name="A", date_of_birth=born), day) == group
    assert (day >= eighteen_on(born)) == (group == AgeGroup.ADULT)


@pytest.mark.parametrize(
    ("person", "group"),
    [
        (Person(last_name="A"), AgeGroup.NOT_KNOWN),
        (Person(last_name="A", under_18=True), AgeGroup.CHILD),
        (Person(last_name="A", under_18=False), AgeGroup.NOT_KNOWN),  # as they say: nobody has signed for it
        (Person(last_name="A", under_18=False, adult_because="met"), AgeGroup.ADULT),
        (Person(last_name="A", under_18=True, adult_because="met"), AgeGroup.CHILD),
        (Person(last_name="A", adult_because="met", date_of_birth=YOUNG), AgeGroup.CHILD),
        (Person(last_name="A", under_18=True, date_of_birth=date(1980, 1, 1)), AgeGroup.ADULT),
        (Person(last_name="A", under_18=False, date_of_birth=YOUNG), AgeGroup.CHILD),
        (Person(organisation_name="A shop"), AgeGroup.ADULT),
    ],
)
def test_a_known_day_of_birth_counts_more_than_an_answer(person, group):
    assert policy.age_group(person, TODAY) == group


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 6, 30, 22, 59, tzinfo=ZoneInfo("UTC")), date(2026, 6, 30)),
        (
            datetime(2026, 6, 30, 23, 0, tzinfo=ZoneInfo("UTC")),
            date(2026, 7, 1),
        ),  # summer time: the local day has begun
        (datetime(2026, 12, 1, 23, 59, tzinfo=ZoneInfo("UTC")), date(2026, 12, 1)),
        (datetime(2026, 3, 29, 0, 0, tzinfo=ZoneInfo("UTC")), date(2026, 3, 29)),
        (datetime(2026, 10, 24, 23, 30, tzinfo=ZoneInfo("UTC")), date(2026, 10, 25)),
    ],
)
def test_a_birthday_begins_at_midnight_here(moment, day):
    born = day.replace(year=day.year - 18)
    assert timezone.localdate(moment) == day
    assert policy.age_group(Person(last_name="A", date_of_birth=born), timezone.localdate(moment)) == AgeGroup.ADULT


# -- whoever agrees for them --------------------------------------------------------------------------------------------
@pytest.fixture
def child(refer, cast):
    """A referral of a child, as the coordinator sees it."""
    referral = refer(harmed=NewPerson(first_name="Ivy", last_name="Reed", date_of_birth=YOUNG, may_phone=True))
    with acting_as(cast["coordinator"]) as by:
        yield Child(referral, by)


class Child:
    def __init__(self, referral, by):
        self.referral, self.by, self.person = referral, by, referral.person_harmed

    def asked(self, **said):
        common = {"person": self.person, "referral": self.referral, "by": self.by, "today": TODAY}
        return actions.record_childhood(**common, **said)

    def parent(self, kind="parent", involved="no", name="Ann Reed"):
        about = {"kind": kind, "involved": involved, "name": name}
        return actions.name_parental_responsibility(person=self.person, referral=self.referral, by=self.by, **about)

    def agrees(self, parental, purpose=TAKE_PART, method="written", today=TODAY):
        said = {"purpose": purpose, "method": method, "given_on": today}
        return actions.record_parental_agreement(
            parental=parental, referral=self.referral, by=self.by, today=today, **said
        )

    def block(self, purpose=TAKE_PART, today=TODAY):
        return policy.parental_block(
            self.person,
            childhood=Childhood.objects.filter(person=self.person).first(),
            said=actions.agreements_for(self.person, self.referral),
            purpose=purpose,
            today=today,
            in_writing=True,
        )


def test_from_the_first_question_to_the_agreement(child):
    assert "Nobody has asked whether they are in care" in child.block()
    child.asked(in_care="no", youth_justice="Nobody", childrens_services="Duty team")
    assert "nobody with parental responsibility has agreed" in child.block()
    agreed = child.agrees(child.parent(), method="phone")
    assert "not in writing" in child.block()
    assert child.agrees(agreed.parental).pk == agreed.pk
    assert child.block() == ""
    assert "has agreed" in child.block(ConsentPurpose.SURVEY)
    actions.withdraw_parental_agreement(agreement=agreed, by=child.by)
    assert "took back" in child.block()
    with pytest.raises(StaleState):
        actions.withdraw_parental_agreement(agreement=agreed, by=child.by)
    assert SafetyChange.objects.filter(kind="consent_withdrawn").count() == 1
    with pytest.raises(DomainError, match="This was withdrawn on"):
        older = {"purpose": TAKE_PART, "method": "written", "given_on": TODAY - timedelta(days=1), "today": TODAY}
        actions.record_parental_agreement(parental=agreed.parental, referral=child.referral, by=child.by, **older)
    child.agrees(agreed.parental)
    assert child.block() == ""


@pytest.mark.parametrize(
    ("in_care", "kind", "involved", "says"),
    [
        ("no", ParentalKind.PARENT, "no", ""),
        ("no", ParentalKind.GUARDIAN, "no", ""),
        ("no", ParentalKind.LOCAL_AUTHORITY, "no", ""),
        ("no", ParentalKind.PARENT, "yes", "no part in the harm"),
        ("no", ParentalKind.PARENT, "not_known", "no part in the harm"),
        ("yes", ParentalKind.PARENT, "no", "the local authority agrees"),
        ("yes", ParentalKind.GUARDIAN, "no", "the local authority agrees"),
        ("yes", ParentalKind.LOCAL_AUTHORITY, "no", ""),
        ("yes", ParentalKind.LOCAL_AUTHORITY, "yes", "no part in the harm"),
    ],
)
def test_who_may_agree(child, in_care, kind, involved, says):
    child.asked(in_care=in_care)
    parental = child.parent(kind, involved)
    if says:
        with pytest.raises(DomainError, match=says):
            child.agrees(parental)
        assert not ParentalAgreement.objects.exists()
    else:
        child.agrees(parental)
    assert bool(child.block()) == bool(says)


def test_what_is_learnt_later_ends_what_was_agreed(child):
    child.asked(in_care="no")
    child.agrees(child.parent())
    child.asked(in_care="yes")
    assert "the local authority has not agreed" in child.block()
    council = child.parent(ParentalKind.LOCAL_AUTHORITY, name="Fenshire, R Cole")
    child.agrees(council)
    assert child.block() == ""
    actions.end_parental_responsibility(parental=council, referral=child.referral, by=child.by)
    assert "has not agreed" in child.block()


def test_of_two_parents_one_who_takes_it_back_stops_it(child):
    child.asked(in_care="no")
    first, second = child.parent(), child.parent(name="Tom Reed")
    child.agrees(first)
    said = child.agrees(second)
    actions.withdraw_parental_agreement(agreement=said, by=child.by)
    assert "took back" in child.block()
    child.agrees(second)
    assert child.block() == ""


def test_a_parent_s_word_never_stands_for_the_child_s(child):
    child.asked(in_care="no")
    child.agrees(child.parent())
    assert not Consent.objects.in_force().filter(person=child.person, purpose=TAKE_PART).exists()


def test_a_child_by_answer_makes_it_sensitive_and_alerts_once(refer, cast):
    referral = refer()
    with acting_as(cast["coordinator"]) as by:
        common = {"person": referral.person_harmed, "referral": referral, "by": by, "today": TODAY}
        actions.record_childhood(under_18=False, **common)
        assert not SensitiveFlag.objects.exists() and not SafetyChange.objects.exists()
        for _ in range(2):
            actions.record_childhood(under_18=True, in_care="no", **common)
        assert [flag.kind for flag in SensitiveFlag.objects.all()] == ["child"]
        assert SafetyChange.objects.filter(kind="child").count() == 1


def test_those_who_may_not_manage_the_referral_record_nothing(child, cast):
    parental = child.parent()
    for who in ("supervisor", "practitioner", "hub_worker", "other_coordinator"):
        with acting_as(cast[who]) as by, pytest.raises((NotAllowed, DomainError, type(child.referral).DoesNotExist)):
            actions.record_parental_agreement(
                parental=parental,
                referral=child.referral,
                purpose=TAKE_PART,
                method="written",
                given_on=TODAY,
                by=by,
                today=TODAY,
            )


# -- the 18th birthday --------------------------------------------------------------------------------------------------
@pytest.fixture
def turning(refer, cast):
    """`turning(days)`: a referral of somebody who turned 18 so many days ago, asked about when a child."""

    def make(days: int = 0, **changed):
        birthday = TODAY - timedelta(days=days)
        is_leap_day = (birthday.month, birthday.day) == (2, 29)
        born = birthday.replace(year=birthday.year - 18, day=28 if is_leap_day else birthday.day)
        referral = refer(harmed=NewPerson(last_name="Reed", date_of_birth=born), **changed)
        Consent._base_manager.filter(referral=referral).update(given_on=birthday - timedelta(days=40))
        return referral

    return make


def birthday_tasks(referral) -> list[Task]:
    return list(Task._base_manager.filter(referral=referral, kind=Task.Kind.TURNED_18))


def test_the_birthday_makes_one_task_and_stops_what_is_arranged(turning, cast):
    now, missed, long_ago, tomorrow = turning(), turning(6), turning(60), turning(-1)
    for _ in range(2):
        tasks.ask_again_who_turned_18()
    assert [len(birthday_tasks(one)) for one in (now, missed, long_ago, tomorrow)] == [1, 1, 0, 0]
    assert [task.due_on for task in birthday_tasks(now)] == [TODAY]
    assert SafetyChange._base_manager.filter(kind="turned_18").count() == 2
    assert {row.user for row in Notification.objects.filter(kind="ask_again")} == {cast["coordinator"]}


def test_nothing_is_asked_where_nothing_goes_on(turning, cast):
    ended, agreed_nothing, dead = turning(), turning(), turning()
    with acting_as(cast["coordinator"]) as by:
        actions.not_accept(referral=ended, reason="other", note="Not theirs", by=by, today=TODAY)
        Consent.objects.filter(referral=agreed_nothing).delete()
        actions.record_death(person=dead.person_harmed, referral=dead, died_on=TODAY, by=by, today=TODAY)
    tasks.ask_again_who_turned_18()
    assert [birthday_tasks(one) for one in (ended, agreed_nothing, dead)] == [[], [], []]


def test_what_somebody_says_at_18_takes_the_place_of_the_child_s(turning, cast):
    referral = turning(1)
    tasks.ask_again_who_turned_18()
    said = {"person": referral.person_harmed, "referral": referral, "today": TODAY}
    with acting_as(cast["coordinator"]) as by:
        before = actions.record_consent(
            purpose=TAKE_PART, method="written", given_on=TODAY - timedelta(days=30), by=by, **said
        )
        assert policy.given_as_a_child(before, referral.person_harmed, TODAY)
        task = birthday_tasks(referral)[0]
        Task.objects.filter(pk=task.pk).update(done_at=None, done_by=None)
        after = actions.record_consent(purpose=TAKE_PART, method="written", given_on=TODAY, by=by, **said)
        assert after.pk == before.pk and not policy.given_as_a_child(after, referral.person_harmed, TODAY)
    assert birthday_tasks(referral)[0].done_by == cast["coordinator"]


def test_from_the_birthday_on_nobody_agrees_for_them(turning, cast):
    referral = turning()
    person = referral.person_harmed
    with acting_as(cast["coordinator"]) as by:
        common = {"person": person, "referral": referral, "by": by}
        parental = actions.name_parental_responsibility(kind="parent", name="Ann", involved="no", **common)
        said = {"purpose": TAKE_PART, "method": "written", "given_on": TODAY - timedelta(days=1)}
        with pytest.raises(DomainError, match="nobody agrees for them"):
            actions.record_parental_agreement(parental=parental, referral=referral, by=by, today=TODAY, **said)
        yesterday = TODAY - timedelta(days=1)
        said["given_on"] = yesterday
        actions.record_parental_agreement(parental=parental, referral=referral, by=by, today=yesterday, **said)
        found = actions.agreements_for(person, referral)
        about = {"childhood": Childhood(person=person, in_care="no"), "said": found, "purpose": TAKE_PART}
        assert policy.parental_block(person, today=yesterday, **about) == ""
        assert policy.parental_block(person, today=TODAY, **about) == ""  # nobody else's is needed any more


# -- the page -----------------------------------------------------------------------------------------------------------
def test_the_page_asks_names_and_records(child, signed_in, cast):
    client, pk = signed_in(cast["coordinator"]), child.referral.pk
    page = reverse("referrals:childhood", args=[pk, "harmed"])
    assert "Are they under 18?" not in client.get(page).content.decode()
    answers = {"in_care": "no", "youth_justice": "Nobody", "childrens_services": "Duty team"}
    assert client.post(page, answers).status_code == 302
    named = {"kind": "parent", "name": "Ann Reed", "reach": "07700 900311", "involved": "no"}
    assert client.post(reverse("referrals:name-parental", args=[pk, "harmed"]), named).status_code == 302
    parental = ParentalResponsibility.objects.get()
    day = {f"given_on_{part}": str(getattr(TODAY, part)) for part in ("day", "month", "year")}
    said = {"purpose": "take_part", "method": "written", **day}
    agree = reverse("referrals:agree-for", args=[pk, "harmed", parental.pk])
    assert client.post(agree, said).status_code == 302
    words = client.get(page).content.decode()
    for shown in ("Ann Reed", "They turn 18 on", "Duty team", "That they take part, in writing"):
        assert shown in words, shown
    other = reverse("referrals:agree-for", args=[pk, "responsible", parental.pk])
    assert client.get(other).status_code == 404
    taken_back = reverse("referrals:withdraw-for", args=[pk, "harmed", ParentalAgreement.objects.get().pk])
    assert client.post(taken_back).status_code == 302
    assert "took back their agreement" in client.get(page).content.decode()


def test_whoever_has_no_day_of_birth_is_asked_for_their_age(refer, signed_in, cast):
    referral = refer()
    client, page = signed_in(cast["coordinator"]), reverse("referrals:childhood", args=[referral.pk, "harmed"])
    record = reverse("referrals:detail", args=[referral.pk])
    assert "Nobody has asked whether they are under 18" in client.get(record).content.decode()
    assert "Are they under 18?" in client.get(page).content.decode()
    assert client.post(page, {"under_18": "yes", "in_care": "not_known"}).status_code == 302
    assert "Under 18: speak first with" in client.get(record).content.decode()
    assert Person._base_manager.get(pk=referral.person_harmed_id).under_18 is True


def test_a_worker_signs_on_one_page_that_somebody_is_18_or_over(refer, signed_in, cast, child):
    referral = refer()
    client = signed_in(cast["coordinator"])
    record = reverse("referrals:detail", args=[referral.pk])
    page = reverse("referrals:establish-adult", args=[referral.pk, "harmed"])
    assert f'href="{page}"' in client.get(record).content.decode()
    day = {f"known_on_{part}": str(getattr(TODAY, part)) for part in ("day", "month", "year")}
    assert client.post(page, day).status_code == 422
    assert client.post(page, {"because": "document", **day}).status_code == 302
    words = client.get(reverse("referrals:childhood", args=[referral.pk, "harmed"])).content.decode()
    assert "A document shows it" in words and "signed by D Castle" in words
    assert f'href="{page}"' not in client.get(record).content.decode()
    known = reverse("referrals:establish-adult", args=[child.referral.pk, "harmed"])
    assert client.get(known).status_code == 404
    with pytest.raises(DomainError, match="date of birth is known"):
        about = {"person": child.person, "referral": child.referral, "by": child.by}
        actions.establish_adult(because="told", known_on=TODAY, today=TODAY, **about)


def test_a_child_is_written_to_only_with_a_parent_s_agreement(child):
    about = {"person": child.person, "referral": child.referral, "side": "harmed", "today": TODAY}
    contact = {"purpose": ConsentPurpose.CONTACT, **about}
    assert "is under 18" in actions.why_not_reached(**contact)["phone"][0]
    child.asked(in_care="no")
    child.agrees(child.parent(), ConsentPurpose.CONTACT, method="phone")
    assert actions.why_not_reached(**contact)["phone"] == []


def test_the_scheduler_needs_no_person_at_work(turning):
    referral = turning()
    scheduler = system_user("scheduler")
    with acting_as(scheduler, areas=[referral.service_area_id]):
        assert [person.pk for person in actions.turned_18(TODAY)] == [referral.person_harmed_id]
