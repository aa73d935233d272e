"""Two records are one person: what holds for both, what nobody learns, and the way back."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cases import actions
from cases.choices import AssignmentRole, AssignmentSides
from cases.models import Case, Intervention
from cases.tasks import act_on_safety_change  # noqa: F401 (registers the work of a SafetyChange)
from referrals import actions as referrals
from referrals.actions import NewPerson
from referrals.choices import Approach
from referrals.models import (
    Carried,
    ConflictOfInterest,
    Consent,
    ContactDetails,
    LegalBar,
    Merge,
    Offer,
    Person,
    PossibleDuplicate,
    Referral,
    SafeContact,
    SafetyChange,
)
from rj_service.accounts.acting import acting_as
from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from rj_service.accounts.models import User
from rj_service.accounts.roles import Role
from rj_service.audit.models import AccessLog
from rj_service.jobs.leases import work_on
from rj_service.notifications.models import Notification
from tests.cases.conftest import side_of
from tests.cases.test_races import at_once
from tests.factories import member
from tests.volunteers.factories import ready_practitioner

pytestmark = pytest.mark.django_db
BORN = date(1971, 4, 9)
MAUREEN = NewPerson(
    first_name="Maureen",
    last_name="Okafor",
    date_of_birth=BORN,
    phone="07700 900142",
    email="maureen@example.org",
    address="4 Mill Lane",
    postcode="CB1 1AA",
    communication_needs="large print",
    may_phone=True,
    may_leave_voicemail=True,
    may_text=True,
    may_email=True,
    may_write=True,
)
MO = NewPerson(
    first_name="Mo",
    last_name="Okafor",
    date_of_birth=BORN,
    phone="07700 900777",
    email="mo@example.org",
    address="9 Fen View",
    postcode="PE1 1ZZ",
    may_phone=True,
    may_leave_voicemail=True,
    may_text=True,
    may_email=True,
    may_write=True,
)


@pytest.fixture(autouse=True)
def second(area) -> User:
    return member(Role.COORDINATOR, area, first_name="Rosa", last_name="Santos")


@pytest.fixture
def by(cast):
    with acting_as(cast["coordinator"]) as user:
        yield user


@pytest.fixture
def pair(refer, by) -> PossibleDuplicate:
    """Maureen and Mo, harmed in two referrals; both agreed to be contacted."""
    refer(harmed=MAUREEN, responsible=NewPerson(last_name="Hart"))
    refer(harmed=MO, responsible=NewPerson(last_name="Pryor"))
    return PossibleDuplicate.objects.select_related("person", "other").get()


@pytest.fixture
def crossed(open_case, by) -> PossibleDuplicate:
    """Maureen, harmed in one case, and Mo, responsible in another."""
    open_case(harmed=MAUREEN, responsible=NewPerson(last_name="Hart"))
    open_case(harmed=NewPerson(last_name="Pryor"), responsible=MO, initiated_by="offender", mechanism="partner_agency")
    return PossibleDuplicate.objects.select_related("person", "other").get()


def both(pair) -> tuple[Person, Person]:
    """Maureen and Mo, as they stand now."""
    people = Person.objects.filter(pk__in=[pair.person_id, pair.other_id])
    return people.get(first_name="Maureen"), people.exclude(first_name="Maureen").get()


def referral_of(person: Person) -> Referral:
    return (Referral.objects.filter(person_harmed=person) | Referral.objects.filter(person_responsible=person)).get()


def propose(pair, by, **keep) -> Merge:
    return actions.propose_merge(pair=pair, reason="Same voice", keep=keep, by=by, today=timezone.localdate())


def confirm(proposed, by) -> Merge:
    return actions.confirm_merge(merge=proposed, by=by, today=timezone.localdate())


def merge(pair, by, **keep) -> Merge:
    """Proposed, and confirmed by a colleague."""
    proposed = propose(pair, by, **keep)
    with acting_as(User.objects.get(first_name="Rosa", last_name="Santos")) as second:
        return confirm(proposed, second)


def undo(made, by) -> list[Carried]:
    return actions.undo_merge(merge=made, by=by, today=timezone.localdate())


def everything(*people: Person) -> dict:
    """All that is stored of them, but for lifted conflicts and when a row was last written."""
    keys = [person.pk for person in people]
    found = {}
    for model, path in (
        (Person, "pk"),
        (ContactDetails, "person"),
        (SafeContact, "person"),
        (Consent, "person"),
        (LegalBar, "person"),
        (ConflictOfInterest, "person"),
    ):
        rows = model.objects.filter(**{f"{path}__in": keys})
        rows = rows.filter(lifted_at__isnull=True) if model is ConflictOfInterest else rows
        for row in rows.order_by("pk").values():
            row.pop("updated_at", None)
            found[model.__name__, row["id"]] = {name: _plain(value) for name, value in row.items()}
    return found


def _plain(value):
    return bytes(value) if isinstance(value, memoryview) else value


def withdraws(person, by):
    referrals.withdraw_consent(person=person, referral=referral_of(person), by=by)


def stricter(person, by):
    allowed = {"may_phone": False, "may_leave_voicemail": False, "may_text": False}
    referrals.apply_stricter_contact(person=person, referral=referral_of(person), allowed=allowed, by=by)


def dies(person, by):
    today = timezone.localdate()
    referrals.record_death(person=person, referral=referral_of(person), died_on=today, by=by, today=today)


def is_barred(person, by):
    referrals.record_legal_bar(
        person=person,
        referral=referral_of(person),
        kind="restraining_order",
        authority="Peterborough court",
        words="Not to go near Fen View",
        starts_on=timezone.localdate(),
        by=by,
    )


def is_known_to_somebody(person, by):
    manager = User.objects.get(first_name="Grace", last_name="Holt")
    referrals.declare_conflict(user=manager, by=by, person=person)


def never(person, by):
    Person.objects.filter(pk=person.pk).update(approach=Approach.NEVER)


def pauses(person, by):
    Person.objects.filter(pk=person.pk).update(paused_at=timezone.now(), paused_by=by)


def hides(person, by):
    ContactDetails.objects.filter(person=person).update(must_stay_hidden=True)


def is_watched(person, by):
    SafeContact.objects.filter(person=person).update(must_not_know="Her brother Carl", withheld_number=True)


def safe(person) -> SafeContact:
    return SafeContact.objects.get(person=person)


FACTS = [
    (withdraws, lambda mo: not Consent.objects.in_force().filter(person=mo).exists()),
    (stricter, lambda mo: not safe(mo).may_phone and not safe(mo).may_leave_voicemail and safe(mo).may_email),
    (dies, lambda mo: Person.objects.get(pk=mo.pk).died_on is not None),
    (is_barred, lambda mo: LegalBar.objects.filter(person=mo).standing(timezone.localdate()).exists()),
    (is_known_to_somebody, lambda mo: mo.conflicts.filter(lifted_at=None).exists()),
    (pauses, lambda mo: Person.objects.get(pk=mo.pk).paused_at is not None),
    (never, lambda mo: Person.objects.get(pk=mo.pk).approach == "never"),
    (hides, lambda mo: ContactDetails.objects.get(person=mo).must_stay_hidden),
    (is_watched, lambda mo: safe(mo).withheld_number and "Ask the coordinator" in safe(mo).must_not_know),
]
LEARNT_LATER = [fact for fact in FACTS if fact[0] not in (never, hides, pauses, is_watched)]
SECRETS = ("Fen View", "Peterborough court", "restraining", "Carl")


def of_one_s_own(person) -> str:
    """All that stands on the other record, in words."""
    rows = [safe(person).must_not_know, *person.legal_bars.values_list("kind", "authority", "words")]
    return str([*rows, *person.conflicts.values_list("reason", flat=True)])


@pytest.mark.parametrize(("fact", "holds"), FACTS, ids=[fact.__name__ for fact, _ in FACTS])
def test_what_protects_one_protects_both_and_is_given_back(pair, by, fact, holds):
    maureen, mo = both(pair)
    fact(maureen, by)
    assert not holds(mo)
    before = everything(maureen, mo)
    made = merge(pair, by)
    assert holds(mo) and not any(secret in of_one_s_own(mo) for secret in SECRETS)
    assert everything(maureen) == {key: row for key, row in before.items() if key in everything(maureen)}
    assert undo(made, by) == []
    assert everything(maureen, mo) == before


@pytest.mark.parametrize(("fact", "holds"), LEARNT_LATER, ids=[fact.__name__ for fact, _ in LEARNT_LATER])
def test_what_is_learnt_later_of_one_holds_for_both_at_once(pair, by, fact, holds):
    maureen, mo = both(pair)
    made, before = merge(pair, by), everything(mo)
    fact(maureen, by)
    assert holds(mo)
    kinds = set(SafetyChange.objects.filter(person=mo).values_list("kind", flat=True))
    assert kinds, "the case of the other record must hear of it"
    undo(made, by)
    assert everything(mo) == before


def test_what_a_record_has_said_itself_since_is_kept(pair, by):
    maureen, mo = both(pair)
    stricter(maureen, by)
    made = merge(pair, by)
    stricter(mo, by)
    dies(maureen, by)
    referrals.record_death(
        person=mo,
        referral=referral_of(mo),
        died_on=timezone.localdate() - timedelta(days=1),
        by=by,
        today=timezone.localdate(),
    )
    undo(made, by)
    assert not safe(mo).may_phone
    assert Person.objects.get(pk=mo.pk).died_on == timezone.localdate() - timedelta(days=1)


def test_what_a_coordinator_loosened_since_stays_loose(pair, by):
    maureen, mo = both(pair)
    stricter(maureen, by)
    merge(pair, by)
    referrals.change_safe_contact(
        person=mo, referral=referral_of(mo), allowed={"may_phone": True, "may_email": True, "may_write": True}, by=by
    )
    is_barred(maureen, by)
    assert safe(mo).may_phone


def test_what_is_chosen_is_had_by_both_and_given_back_unless_it_changed(pair, by):
    maureen, mo = both(pair)
    before = everything(mo)
    made = merge(
        pair,
        by,
        **{
            name: "one" if pair.person_id == maureen.pk else "other"
            for name in ("name", "phone", "communication_needs")
        },
    )
    mo = Person.objects.get(pk=mo.pk)
    details = ContactDetails.objects.get(person=mo)
    assert (mo.name, mo.communication_needs, details.phone) == ("Maureen Okafor", "large print", "07700 900142")
    assert bytes(details.phone_key) == bytes(ContactDetails.objects.get(person=maureen).phone_key)
    assert details.email == "mo@example.org" and details.address == "9 Fen View"
    Person.objects.filter(pk=mo.pk).update(communication_needs="an interpreter")
    assert [one.field for one in undo(made, by)] == ["person.communication_needs"]
    changed = before["Person", mo.pk] | {"communication_needs": "an interpreter"}
    assert everything(mo) == before | {("Person", mo.pk): changed}


def test_what_is_not_known_takes_nothing_away(pair, by):
    maureen, mo = both(pair)
    assert not mo.communication_needs
    merge(pair, by, communication_needs="one" if pair.person_id == mo.pk else "other")
    assert both(pair)[0].communication_needs == "large print"


def test_one_person_on_different_sides_keeps_two_sets_of_details(crossed, by):
    with pytest.raises(DomainError, match="different sides"):
        merge(crossed, by, phone="one")
    before = everything(*both(crossed))
    merge(crossed, by)
    assert everything(*both(crossed)) == before


def test_a_meeting_stops_when_the_other_record_forbids_it(ready, refer, by):
    """Ready for a conference as Liam Hart; barred under another record of his."""
    person = ready.responsible.person
    Person.objects.filter(pk=person.pk).update(date_of_birth=BORN)
    ready.schedule()
    again = refer(
        harmed=NewPerson(last_name="Pryor"),
        responsible=NewPerson(first_name="Liam", last_name="Hart", date_of_birth=BORN),
    )
    is_barred(again.person_responsible, by)
    made = merge(PossibleDuplicate.objects.get(), by)
    assert Intervention.objects.get(pk=ready.intervention.pk).status == "postponed"
    stage = ready.fresh().stage
    undo(made, by)
    assert Intervention.objects.get(pk=ready.intervention.pk).status == "postponed"
    assert stage and not LegalBar.objects.filter(person=person).exists()


def test_the_two_people_of_a_referral_are_never_one(refer, by):
    """A father and a son of one name, and no day of birth."""
    son = NewPerson(first_name="John", last_name="Okafor", phone="07700 900142", postcode="CB1 1AA")
    referral = refer(harmed=son, responsible=son)
    assert not PossibleDuplicate.objects.exists()
    one, other = sorted([referral.person_harmed, referral.person_responsible], key=lambda person: person.pk)
    pair = PossibleDuplicate.objects.create(
        service_area_id=referral.service_area_id, person=one, other=other, reasons="same_name"
    )
    assert not PossibleDuplicate.objects.open().exists()
    with pytest.raises(DomainError, match="names them both"):
        merge(pair, by)


def test_nor_are_two_who_are_responsible_together(refer, by):
    hart = NewPerson(first_name="Liam", last_name="Hart", phone="07700 900142", postcode="CB1 1AA")
    referral = refer(harmed=NewPerson(last_name="Pryor"), responsible=hart, also_responsible=[hart])
    assert not PossibleDuplicate.objects.exists()
    one, other = sorted([referral.person_responsible, referral.also_responsible.get().person], key=lambda one: one.pk)
    pair = PossibleDuplicate.objects.create(service_area_id=referral.service_area_id, person=one, other=other)
    assert not PossibleDuplicate.objects.open().exists()
    with pytest.raises(DomainError, match="names them both"):
        merge(pair, by)


def test_nor_through_a_third_record(refer, by):
    """Maureen is Mo; whoever stands opposite Mo cannot be Maureen."""
    refer(harmed=MAUREEN, responsible=NewPerson(last_name="Hart"))
    twin = NewPerson(first_name="Maureen", last_name="Okafor", phone="07700 900777")
    refer(harmed=MO, responsible=twin)
    [pair] = PossibleDuplicate.objects.filter(reasons__contains="same_date_of_birth")
    merge(pair, by)
    third = Referral.objects.get(person_harmed__first_name="Mo").person_responsible
    maureen = Person.objects.get(first_name="Maureen", date_of_birth=BORN)
    one, other = sorted([maureen, third], key=lambda person: person.pk)
    crossing, _ = PossibleDuplicate.objects.get_or_create(
        person=one, other=other, defaults={"service_area_id": one.service_area_id}
    )
    with pytest.raises(DomainError, match="names them both"):
        merge(crossing, by)


def test_three_records_of_one_person_and_one_taken_out(refer, pair, by):
    maureen, mo = both(pair)
    third = refer(harmed=MAUREEN, responsible=NewPerson(last_name="Third")).person_harmed
    made = merge(pair, by)
    other = PossibleDuplicate.objects.open().about([third.pk]).get(reasons__contains="same_name")
    merge(other, by)
    assert not PossibleDuplicate.objects.open().exists() or all(
        third.pk in (one.person_id, one.other_id) for one in PossibleDuplicate.objects.open()
    )
    is_barred(third, by)
    assert LegalBar.objects.filter(person=mo).exists() and LegalBar.objects.filter(person=maureen).exists()
    undo(made, by)
    assert not LegalBar.objects.filter(person=mo).exists() and LegalBar.objects.filter(person=maureen).exists()


@pytest.mark.parametrize("fact", [withdraws, stricter, dies, is_barred], ids=lambda fact: fact.__name__)
def test_what_went_through_a_second_record_to_a_third_is_given_back_as_well(refer, pair, by, fact):
    maureen, mo = both(pair)
    third = refer(harmed=MAUREEN, responsible=NewPerson(last_name="Third")).person_harmed
    fact(maureen, by)
    before = everything(maureen, mo, third)
    made = merge(pair, by)
    one, other = sorted([mo, third], key=lambda person: person.pk)
    area = {"service_area_id": mo.service_area_id}
    second, _ = PossibleDuplicate.objects.get_or_create(person=one, other=other, defaults=area)
    PossibleDuplicate.objects.filter(pk=second.pk).update(answer="open")
    merge(second, by)
    assert everything(third) != {key: row for key, row in before.items() if key in everything(third)}
    undo(made, by)
    assert everything(maureen, mo, third) == before


def test_told_apart_is_remembered_until_there_is_another_reason(refer, pair, by):
    referrals.keep_apart(pair=pair, by=by)
    with pytest.raises(StaleState):
        merge(pair, by)
    maureen, mo = both(pair)
    referrals.compare_again(person=mo)
    assert not PossibleDuplicate.objects.open().exists()
    key = ContactDetails.objects.get(person=maureen).phone_key
    ContactDetails.objects.filter(person=mo).update(phone_key=key)
    referrals.compare_again(person=mo)
    assert "same_phone" in PossibleDuplicate.objects.open().get().reasons


def test_one_person_already_is_not_offered_again(pair, by):
    merge(pair, by)
    assert not PossibleDuplicate.objects.open().exists()
    referrals.compare_again(person=both(pair)[0])
    assert not PossibleDuplicate.objects.open().exists()


def test_merged_then_closed_then_undone(crossed, by, today):
    maureen, mo = both(crossed)
    made = merge(crossed, by)
    case = Case.objects.get(participants__person=maureen)
    actions.close_case(case=case, reason="harmed_chose_not", closed_on=today, by=by, today=today)
    is_barred(mo, by)
    undo(made, by)
    assert not LegalBar.objects.filter(person=maureen).exists()
    with pytest.raises(StaleState):
        undo(made, by)


@pytest.mark.parametrize("who", ["supervisor", "practitioner", "hub_worker", "referrer", "other_coordinator", "dpo"])
def test_nobody_else_merges(pair, cast, who):
    with acting_as(cast["coordinator"]) as coordinator:
        made = merge(pair, coordinator)
        undo(made, coordinator)
        proposed = propose(pair, coordinator)
    with acting_as(cast[who], areas=[pair.service_area_id]) as by:
        with pytest.raises(NotAllowed):
            confirm(proposed, by)
        with pytest.raises(NotAllowed):
            undo(proposed, by)
        PossibleDuplicate.objects.update(answer="open")
        with pytest.raises(NotAllowed):
            propose(pair, by)


class TestTheSecondPerson:
    def test_a_proposal_protects_at_once_and_shows_nothing_before_it_is_confirmed(
        self, pair, by, second, signed_in, cast
    ):
        maureen, mo = both(pair)
        is_barred(maureen, by)
        proposed = propose(pair, by, phone="one" if pair.person_id == maureen.pk else "other")
        assert LegalBar.objects.filter(person=mo).exists()
        dies(maureen, by)
        assert Person.objects.get(pk=mo.pk).died_on, "and so does what is learnt while it waits"
        assert ContactDetails.objects.get(person=mo).phone == "07700 900777"
        together = reverse("cases:one-person", args=[maureen.pk])
        assert signed_in(cast["manager"]).get(together).status_code == 404
        page = signed_in(cast["manager"]).get(reverse("referrals:detail", args=[referral_of(maureen).pk])).content
        assert b"more than once" not in page and b"Waits for a second person" in page
        with acting_as(second) as other:
            confirm(proposed, other)
        assert ContactDetails.objects.get(person=mo).phone == "07700 900142"
        assert signed_in(cast["manager"]).get(together).status_code == 200

    def test_a_third_record_is_not_read_with_them_before_it_is_confirmed(self, refer, pair, by, cast, signed_in):
        maureen, _ = both(pair)
        merge(pair, by)
        third = refer(harmed=MAUREEN, responsible=NewPerson(last_name="Third"))
        propose(PossibleDuplicate.objects.open().about([third.person_harmed_id]).first(), by)
        page = signed_in(cast["manager"]).get(reverse("cases:one-person", args=[maureen.pk])).content.decode()
        assert "2 records" in page and third.reference not in page

    def test_nobody_confirms_their_own(self, pair, by):
        with pytest.raises(NotAllowed, match="Somebody else"):
            confirm(propose(pair, by), by)

    @pytest.mark.parametrize("shut_out", ["knows one of them", "restricted", "knows one since"])
    def test_nobody_confirms_what_they_may_not_see_and_nobody_asks_them(self, pair, by, second, cast, shut_out):
        maureen, _ = both(pair)
        if shut_out == "knows one of them":
            referrals.declare_conflict(user=second, by=by, person=maureen)
        elif shut_out == "restricted":
            with acting_as(cast["manager"]) as manager:
                referrals.restrict(referral=referral_of(maureen), reason="known to staff", by=manager)
                referrals.grant(referral=referral_of(maureen), to=by, reason="leads it", by=manager)
        proposed = propose(pair, by)
        asked = set(Notification.objects.filter(kind="merge_to_confirm").values_list("user", flat=True))
        assert asked == {cast["manager"].pk} | ({second.pk} if shut_out == "knows one since" else set())
        if shut_out == "knows one since":
            referrals.declare_conflict(user=second, by=by, person=maureen)
        with acting_as(second) as other, pytest.raises(NotAllowed):
            confirm(proposed, other)

    @pytest.mark.parametrize("who", ["second", "by"])
    def test_turned_down_or_taken_back_each_record_is_as_it_was(self, pair, by, second, who):
        maureen, mo = both(pair)
        is_barred(maureen, by)
        withdraws(maureen, by)
        before = everything(maureen, mo)
        proposed = propose(pair, by, communication_needs="one")
        assert everything(mo) != {key: row for key, row in before.items() if key in everything(mo)}
        with acting_as(second if who == "second" else by) as other:
            assert undo(proposed, other) == []
        assert everything(maureen, mo) == before
        assert PossibleDuplicate.objects.open().get() == pair
        told = Notification.objects.filter(kind="merge_answered")
        assert [one.user for one in told] == ([by] if who == "second" else [])
        with acting_as(second) as other, pytest.raises(StaleState):
            confirm(proposed, other)

    def test_what_has_changed_since_is_said_to_whoever_confirms(self, pair, by, second, signed_in):
        maureen, mo = both(pair)
        propose(pair, by)
        page = reverse("cases:compare-people", args=[pair.pk])
        assert "No longer so" not in signed_in(second).get(page).content.decode()
        Person.objects.filter(pk=mo.pk).update(date_of_birth=date(1988, 1, 1))
        referrals.compare_again(person=Person.objects.get(pk=mo.pk))
        assert "No longer so: same date of birth" in signed_in(second).get(page).content.decode()

    def test_whoever_came_to_stand_opposite_is_not_confirmed(self, pair, by, second):
        maureen, mo = both(pair)
        proposed = propose(pair, by)
        Referral.objects.filter(person_harmed=maureen).update(person_responsible=mo)
        with acting_as(second) as other, pytest.raises(DomainError, match="names them both"):
            confirm(proposed, other)

    def test_it_stands_where_a_second_person_finds_it(self, pair, by, second, cast, signed_in):
        propose(pair, by)
        for who, sees in ((second, True), (cast["manager"], True), (by, False)):
            client = signed_in(who)
            assert ("1 pair of records to confirm" in client.get("/").content.decode()) is sees
            listed = client.get(reverse("referrals:duplicates")).content.decode()
            assert ("To confirm" in listed, "Waits for somebody else" in listed) == (sees, not sees)
        with acting_as(cast["other_coordinator"]):
            assert not Merge.objects.all().visible_to(cast["other_coordinator"]).exists()


@pytest.mark.parametrize("fact", [withdraws, dies, never], ids=lambda fact: fact.__name__)
@pytest.mark.parametrize("agreed", [True, False], ids=["agreed", "agreed to nothing"])
def test_what_a_merge_carries_ends_offers_and_waits(refer, by, fact, agreed):
    refer(harmed=MAUREEN)
    mo = refer(harmed=MO, suspect_identified=False).person_harmed
    again = refer(harmed=MO, responsible=NewPerson(last_name="Ngata"))
    Referral.objects.filter(pk=again.pk).update(person_harmed=mo)
    Offer.objects.filter(referral=again).update(person=mo)
    Consent.objects.filter(referral=again).update(person=mo)
    if not agreed:
        Consent.objects.filter(person=mo).delete()
    maureen = Person.objects.get(first_name="Maureen")
    pair = PossibleDuplicate.objects.get(person__in=[maureen, mo], other__in=[maureen, mo])
    fact(maureen, by)
    work_on_safety()
    waits = Referral.objects.interested().filter(person_harmed=mo)
    assert waits.exists() and Offer.objects.to_make().filter(person=mo).exists()
    made = propose(pair, by)
    work_on_safety()
    assert not waits.exists() and not Offer.objects.to_make().filter(person=mo).exists()
    undo(made, by)
    assert not Carried.objects.in_force().exists()


def work_on_safety() -> None:
    for change in SafetyChange._base_manager.filter(state="queued").order_by("pk"):
        work_on(SafetyChange, change.pk)


class TestWhoLearnsOfIt:
    """Maureen is harmed in one case and responsible in another, under two records."""

    PAGES = ("desk", "people", "consents", "legal-bars", "contacts", "meetings")

    @pytest.fixture
    def joined(self, crossed, by, cast, area, today, hub, signed_in):
        maureen, mo = both(crossed)
        for person, who in ((maureen, "practitioner"), (mo, "off_case_practitioner")):
            case = Case.objects.get(participants__person=person)
            worker = ready_practitioner(area, today, user=cast[who])
            side = side_of(case, "harmed" if person == maureen else "responsible").side
            sides = AssignmentSides.HARMED if side == "harmed" else AssignmentSides.RESPONSIBLE
            actions.assign(
                not_asked="otherwise",
                case=case,
                practitioner=worker,
                role=AssignmentRole.CO_FACILITATOR,
                sides=sides,
                by=by,
                today=today,
            )
        Referral.objects.filter(pk=referral_of(maureen).pk).update(organisation=hub)
        return crossed

    def pages(self, client, case) -> list[str]:
        found = []
        for name in self.PAGES:
            answer = client.get(reverse(f"cases:{name}", args=[case.pk]))
            text = re.sub(r'(csrfmiddlewaretoken" value|nonce)="[^"]*"', "", answer.content.decode())
            found.append(f"{name} {answer.status_code} {text}")
        return found

    @pytest.mark.parametrize("who", ["practitioner", pytest.param("off_case_practitioner", marks=pytest.mark.proof)])
    def test_to_whoever_works_on_one_of_them_every_page_stays_as_it_was(self, joined, cast, by, signed_in, who):
        maureen, mo = both(joined)
        case = Case.objects.get(participants__person=maureen if who == "practitioner" else mo)
        client = signed_in(cast[who])
        before = self.pages(client, case)
        assert any(" 200 " in page for page in before)
        merge(joined, by)
        assert self.pages(client, case) == before
        other = mo if who == "practitioner" else maureen
        for secret in (other.first_name + " ", referral_of(other).reference, str(other.pk)):
            assert not any(secret in page for page in before)

    @pytest.mark.parametrize(
        "who", ["practitioner", "supervisor", "hub_worker", "referrer", "other_coordinator", "opcc", "dpo"]
    )
    def test_the_pages_of_merging_are_the_coordinators_alone(self, joined, cast, by, signed_in, who):
        made = merge(joined, by)
        client = signed_in(cast[who])
        for address in (
            reverse("cases:compare-people", args=[joined.pk]),
            reverse("cases:one-person", args=[joined.person_id]),
        ):
            assert client.get(address).status_code in (403, 404)
        assert client.post(reverse("cases:undo-merge", args=[made.pk])).status_code in (403, 404)
        assert Merge.objects.in_force().exists()

    def test_a_referrer_reads_what_it_read_before(self, joined, cast, by, signed_in):
        maureen, _ = both(joined)
        client = signed_in(cast["hub_worker"])
        addresses = [reverse("referrals:own", args=[referral_of(maureen).pk]), reverse("referrals:mine")]
        clean = lambda answer: re.sub(r'(csrfmiddlewaretoken" value|nonce)="[^"]*"', "", answer.content.decode())  # noqa: E731
        before = [clean(client.get(address)) for address in addresses]
        merge(joined, by)
        assert [clean(client.get(address)) for address in addresses] == before

    def test_a_coordinator_who_may_see_one_learns_nothing_of_the_other(self, joined, cast, by, signed_in):
        maureen, mo = both(joined)
        merge(joined, by)
        with acting_as(cast["manager"]) as manager:
            referrals.restrict(referral=referral_of(mo), reason="known to staff", by=manager)
        client = signed_in(cast["coordinator"])
        assert client.get(reverse("cases:compare-people", args=[joined.pk])).status_code == 404
        assert client.get(reverse("cases:one-person", args=[maureen.pk])).status_code == 404
        page = client.get(reverse("referrals:detail", args=[referral_of(maureen).pk])).content.decode()
        assert "more than once" not in page
        assert (
            "more than once"
            in signed_in(cast["manager"])
            .get(reverse("referrals:detail", args=[referral_of(maureen).pk]))
            .content.decode()
        )

    def test_who_looked_tells_of_each_record_what_was_read_of_it(self, joined, by, cast, signed_in):
        maureen, mo = both(joined)
        merge(joined, by)
        AccessLog.objects.all()
        signed_in(cast["coordinator"]).get(reverse("cases:one-person", args=[maureen.pk]))
        newest = AccessLog.objects.order_by("-id").first()
        assert {maureen.pk, mo.pk} == set(newest.people)


@pytest.mark.django_db(transaction=True)
def test_two_people_merging_at_once_make_one_merge(refer, cast, second):
    refer(harmed=MAUREEN)
    refer(harmed=MO)
    pair = PossibleDuplicate._base_manager.filter(reasons__contains="first_nickname").get()

    def act(by):
        propose(PossibleDuplicate.objects.get(pk=pair.pk), by)

    def answer(by):
        confirm(Merge.objects.get(), by)

    assert at_once(act, act, by=cast["coordinator"]) == ["StaleState", "done"]
    assert Merge._base_manager.count() == 1
    assert at_once(answer, answer, by=second) == ["StaleState", "done"]
    assert Merge._base_manager.get().confirmed_by == second


@pytest.mark.django_db(transaction=True)
def test_two_withdrawals_of_one_person_at_once_both_hold(refer, cast, today):
    made = [refer(harmed=MAUREEN), refer(harmed=MO)]
    pair = PossibleDuplicate._base_manager.filter(reasons__contains="first_nickname").get()
    with acting_as(cast["coordinator"]) as by:
        merge(PossibleDuplicate.objects.get(pk=pair.pk), by)

    def withdraw(referral):
        return lambda by: referrals.withdraw_consent(person=referral.person_harmed, referral=referral, by=by)

    assert at_once(*map(withdraw, made), by=cast["coordinator"]) == ["done", "done"]
    assert not Consent._base_manager.filter(withdrawn_at=None).exists()
