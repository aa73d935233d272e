"""A referrer changes what they sent: what is stricter counts at once, everything else waits for a coordinator."""

import pytest
from django.urls import reverse
from django.utils import timezone

from referrals import actions
from referrals.actions.safety import SAFE_FIELDS
from referrals.models import Consent, ContactDetails, InterestTrigger, ProposedChange, Referral, SafeContact, Task
from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from rj_service.accounts.roles import Role
from tests.factories import member

TODAY = timezone.localdate()


def address(name, *args):
    return reverse(f"referrals:{name}", args=args)


@pytest.fixture
def referral(refer, cast, hub):
    """Sent with telephone, voicemail and email safe, letters not."""
    return refer(by=cast["hub_worker"], organisation=hub)


@pytest.fixture
def change(acting, referral, cast):
    def change(by=None, **words):
        by = by or cast["hub_worker"]
        seen = words.pop("seen", None)
        with acting(by):
            actions.change_sent(referral=referral, words=words, by=by, today=TODAY, seen=seen)

    return change


@pytest.fixture
def decide(acting, cast):
    def decide(take_over):
        with acting(cast["coordinator"]) as by:
            for waiting in ProposedChange.objects.open().order_by("id"):
                actions.decide_change(change=waiting, take_over=take_over, by=by, today=TODAY)

    return decide


def safe(referral, person=None):
    found = SafeContact._base_manager.get(person=person or referral.person_harmed_id)
    return "".join(letter for letter, name in zip("pvtew", SAFE_FIELDS, strict=True) if getattr(found, name))


@pytest.mark.parametrize(
    ("words", "allowed", "agrees", "waiting"),
    [
        ({"safe_to_phone": "N", "safe_to_leave_voicemail": "N"}, "e", True, []),
        ({"safe_to_leave_voicemail": "N"}, "pe", True, []),
        ({"safe_to_email": "N", "safe_to_write": "Y"}, "pv", True, ["may_write"]),
        ({"safe_to_write": "Y"}, "pve", True, ["may_write"]),
        ({"contact_consent": "N"}, "pve", False, []),
        ({"contact_consent": "N", "victim_phone": "07700 900102"}, "pve", False, ["victim_phone"]),
        ({"safe_to_phone": "", "contact_consent": "", "notes": "New"}, "pve", True, ["notes"]),
    ],
)
def test_stricter_counts_at_once_and_looser_waits(words, allowed, agrees, waiting, change, referral):
    change(**words)
    assert safe(referral) == allowed
    assert Consent._base_manager.filter(withdrawn_at__isnull=True).exists() == agrees
    changes = ProposedChange._base_manager.order_by("field")
    assert [one.field for one in changes if one.decided_at is None] == waiting
    assert {one.became for one in changes if one.decided_at} <= {"Taken over"}
    assert Task._base_manager.filter(kind="review_change", done_at=None).count() == bool(waiting)


def test_an_answer_sent_once_loosens_nothing_again_and_takes_nothing_back(change, referral, acting, cast):
    """The coordinator was told that letters are safe: what the referrer did not change stays as it is."""
    with acting(cast["coordinator"]) as by:
        allowed = {"may_phone": False, "may_email": True, "may_write": True}
        actions.change_safe_contact(person=referral.person_harmed, referral=referral, allowed=allowed, by=by)
    change(safe_to_phone="Y", safe_to_leave_voicemail="Y", safe_to_email="Y", safe_to_write="N", notes="New")
    assert safe(referral) == "ew"


@pytest.mark.parametrize(
    ("take_over", "reads", "phone"), [(True, "Taken over", "102"), (False, "Kept as it was", "101")]
)
def test_the_coordinator_sees_both_and_the_referrer_what_became_of_it(
    take_over, reads, phone, change, decide, referral, cast, signed_in
):
    ContactDetails._base_manager.filter(person=referral.person_harmed_id).update(address="9 Hidden Row")
    change(victim_phone="07700 900102", victim_address="5 Mill Lane")
    hub_worker = signed_in(cast["hub_worker"])
    page = hub_worker.get(address("own", referral.pk)).content.decode()
    assert page.count("Waiting</td>") == 2 and "Hidden Row" not in page and "4 Mill Lane" in page
    desk = signed_in(cast["coordinator"]).get(address("detail", referral.pk)).content.decode()
    assert "9 Hidden Row" in desk and "5 Mill Lane" in desk and "H Bell" in desk
    decide(take_over)
    assert hub_worker.get(address("own", referral.pk)).content.decode().count(f"{reads}</td>") == 2
    assert ContactDetails._base_manager.get(person=referral.person_harmed_id).phone == f"07700 900{phone}"
    assert not Task._base_manager.filter(kind="review_change", done_at=None).exists()


def test_the_answers_are_about_whoever_was_referred(refer, cast, hub, acting, decide, signed_in):
    """The person responsible asked: their telephone is no longer safe, and nothing is loosened for the person harmed."""
    responsible = actions.NewPerson(last_name="Hart", phone="07700 900140", may_phone=True)
    referral = refer(by=cast["hub_worker"], organisation=hub, initiated_by="offender", responsible=responsible)
    page = signed_in(cast["hub_worker"]).get(address("own", referral.pk)).content.decode()
    assert "07700 900140" in page
    assert (safe(referral), safe(referral, referral.person_responsible_id)) == ("", "p")
    with acting(cast["hub_worker"]) as by:
        words = {"safe_to_phone": "N", "safe_to_email": "Y"}
        actions.change_sent(referral=referral, words=words, by=by, today=TODAY)
    assert (safe(referral), safe(referral, referral.person_responsible_id)) == ("", "")
    decide(True)
    assert (safe(referral), safe(referral, referral.person_responsible_id)) == ("", "e")


def test_a_guess_is_not_confirmed(change, decide, referral):
    """What equals what the service holds waits like everything else, and taking it over changes nothing."""
    details = ContactDetails._base_manager.filter(person=referral.person_harmed_id)
    details.update(address="9 Hidden Row")
    change(victim_address="9 Hidden Row")
    assert ProposedChange._base_manager.get().became == "Waiting"
    decide(True)
    assert details.get().address == "9 Hidden Row"


def test_a_later_change_replaces_one_that_waits(change, decide, referral):
    change(safe_to_write="Y", victim_phone="07700 900102")
    change(safe_to_write="N", victim_phone="07700 900103")
    became = {(one.field, one.new): one.became for one in ProposedChange._base_manager.all()}
    assert became == {
        ("may_write", "Y"): "Replaced by a later change",
        ("victim_phone", "07700 900102"): "Replaced by a later change",
        ("may_write", "N"): "Taken over",
        ("victim_phone", "07700 900103"): "Waiting",
    }
    decide(True)
    assert safe(referral) == "pve"


@pytest.mark.parametrize("who", ["coordinator", "referrer", "practitioner", "supervisor", "other_coordinator"])
def test_only_the_organisation_that_sent_it_changes_it(who, change, cast):
    with pytest.raises((NotAllowed, Referral.DoesNotExist)):
        change(by=cast[who], notes="New")


def test_nothing_changed_is_said_so(change):
    with pytest.raises(DomainError, match="Nothing is changed"):
        change(victim_phone="07700900101", victim_last_name="Bellamy", safe_to_phone="Y", decision_note="New")


def test_of_two_who_change_it_the_second_sees_the_first(change, area, hub, cast):
    change(victim_phone="07700 900102", seen=0)
    colleague = member(Role.HUB_WORKER, area, hub, first_name="Hana", last_name="Bright")
    with pytest.raises(StaleState, match="H Bell has changed this referral"):
        change(by=colleague, victim_phone="07700 900101", notes="New", seen=0)
    newest = ProposedChange._base_manager.latest("id").pk
    change(by=colleague, notes="New", seen=newest)


def test_a_name_is_never_taken_away_whole(change, referral, acting, cast):
    change(victim_first_name="", victim_last_name="", victim_organisation="Fen Stores")
    with acting(cast["coordinator"]) as by:
        first, last, organisation = ProposedChange.objects.order_by("id")
        common = {"take_over": True, "by": by, "today": TODAY}
        actions.decide_change(change=first, **common)
        with pytest.raises(DomainError, match="Nobody is without a name"):
            actions.decide_change(change=last, **common)
        actions.decide_change(change=organisation, **common)
        actions.decide_change(change=last, **common)
    assert Referral._base_manager.get(pk=referral.pk).person_harmed.name == "Fen Stores"


@pytest.mark.parametrize(("new", "born"), [("1984-12-25", "1984-12-25"), ("", "None")])
def test_a_day_of_birth_is_put_right_or_taken_away(new, born, refer, cast, hub, acting, decide):
    harmed = actions.NewPerson(last_name="Pryor", date_of_birth=TODAY)
    referral = refer(by=cast["hub_worker"], organisation=hub, harmed=harmed)
    with acting(cast["hub_worker"]) as by:
        actions.change_sent(referral=referral, words={"victim_date_of_birth": new}, by=by, today=TODAY)
    decide(True)
    assert str(Referral._base_manager.get(pk=referral.pk).person_harmed.date_of_birth) == born


def test_a_suspect_is_identified(refer, cast, hub, acting, decide):
    referral = refer(by=cast["hub_worker"], organisation=hub, suspect_identified=False)
    with acting(cast["hub_worker"]) as by:
        actions.change_sent(referral=referral, words={"offender_identified": "Y"}, by=by, today=TODAY)
    assert Referral._base_manager.get(pk=referral.pk).status == "interested"
    decide(True)
    assert Referral._base_manager.get(pk=referral.pk).status == "interested", "the wish is checked first"
    news = InterestTrigger._base_manager.get(interest__referral=referral)
    assert (news.kind, news.told_by) == ("identified", "referrer")


def test_old_and_new_stand_side_by_side_before_anything_is_sent(referral, cast, signed_in):
    client = signed_in(cast["hub_worker"])
    page = client.get(address("change-sent", referral.pk)).content.decode()
    assert 'value="07700 900101"' in page and "4 Mill Lane" in page
    typed = {
        "contact_consent": "Y",
        "safe_to_phone": "Y",
        "safe_to_leave_voicemail": "Y",
        "safe_to_email": "N",
        "safe_to_write": "N",
        "victim_phone": "07700 900102",
        "victim_email": "grace@example.org",
        "victim_address": "4 Mill Lane",
        "victim_postcode": "CB1 1AA",
        "victim_first_name": "Grace",
        "victim_last_name": "Bellamy",
        "offender_identified": "Y",
        "offender_first_name": "Kyle",
        "offender_last_name": "Brand",
        "offender_date_of_birth_day": "2",
        "offender_date_of_birth_month": "5",
        "offender_date_of_birth_year": "1999",
    }
    nothing = typed | {"victim_phone": "07700 900101", "safe_to_email": "Y"}
    unchanged = client.post(address("change-sent", referral.pk), nothing)
    assert unchanged.status_code == 422 and "Nothing is changed" in unchanged.content.decode()
    compared = client.post(address("change-sent", referral.pk), typed).content.decode()
    assert "Check what changes" in compared and "07700 900101" in compared and "07700 900102" in compared
    assert compared.count("Counts at once") == 1 and compared.count("A coordinator decides") == 1
    assert not ProposedChange._base_manager.exists()
    done = client.post(address("change-sent", referral.pk), typed | {"send": "1", "seen": "0"}, follow=True)
    assert "Your changes are sent" in done.content.decode()
    assert safe(referral) == "pv"
    late = client.post(address("change-sent", referral.pk), typed | {"send": "1", "seen": "0", "notes": "x"})
    assert late.status_code == 422 and "meanwhile" in late.content.decode()
