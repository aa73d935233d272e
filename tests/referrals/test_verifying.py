"""Who refers themselves is checked with the police or the Hub; before that nobody of the other side agrees to anything."""

import pytest
from django.urls import reverse
from django.utils import timezone

from referrals.actions import NewPerson, record_check, record_consent
from referrals.choices import ConsentPurpose, Mechanism
from referrals.models import Referral, SafetyChange
from referrals.policy import checks_needed
from rj_service.accounts.acting import acting_as
from rj_service.accounts.errors import DomainError, NotAllowed
from tests.typed import typed

pytestmark = pytest.mark.django_db
YES, NO = True, False
WITH_PHONE = NewPerson(first_name="Kyle", last_name="Brand", phone="07700 900555")


@pytest.fixture
def check(cast):
    """`check(referral, "identity", True)` by a coordinator, with the police, today."""

    def make(referral, kind, is_confirmed, *, by=None, **changed):
        today = timezone.localdate()
        fields = {"through": "police", "checked_on": today, "words": "" if is_confirmed else "Not known to them"}
        with acting_as(by or cast["coordinator"]) as writer:
            record_check(
                referral=referral, kind=kind, is_confirmed=is_confirmed, by=writer, today=today, **fields | changed
            )
        return Referral._base_manager.get(pk=referral.pk)

    return make


def test_whoever_accepts_reads_that_the_other_side_stays_shut(refer, check, cast, signed_in):
    referral, client = refer(mechanism=Mechanism.VICTIM_SELF), signed_in(cast["coordinator"])
    shut, page = (
        "The responsible side stays shut in the case until it is",
        reverse("referrals:decide", args=[referral.pk]),
    )
    decide = client.get(page).content.decode()
    assert shut in decide and reverse("referrals:verification", args=[referral.pk]) in decide
    for kind in checks_needed(referral):
        check(referral, kind, YES)
    assert shut not in client.get(page).content.decode()


@pytest.mark.parametrize(
    ("checks", "verified"),
    [
        ([], False),
        ([("identity", YES)], False),
        ([("identity", YES), ("identity", YES)], False),
        ([("identity", YES), ("incident", YES)], True),
        ([("incident", YES), ("identity", YES)], True),
        ([("identity", YES), ("incident", NO)], False),
        ([("identity", YES), ("incident", NO), ("incident", YES)], True),
        ([("identity", YES), ("incident", YES), ("identity", NO)], False),
    ],
)
def test_both_are_confirmed_by_their_last_check(refer, check, checks, verified):
    referral = refer(mechanism=Mechanism.VICTIM_SELF)
    for kind, is_confirmed in checks:
        referral = check(referral, kind, is_confirmed)
    assert referral.is_unverified is not verified
    assert (referral.verified_by is not None) is verified


def test_what_is_no_longer_verified_stops_what_rests_on_it(refer, check):
    referral = refer(mechanism=Mechanism.VICTIM_SELF)
    for kind in ("identity", "incident"):
        referral = check(referral, kind, YES)
    assert not SafetyChange._base_manager.exists()
    check(referral, "incident", NO)
    assert SafetyChange._base_manager.get().kind == SafetyChange.Kind.NO_LONGER_VERIFIED


def test_only_self_referrals_are_checked_and_only_by_who_manages_them(refer, check, cast):
    with pytest.raises(DomainError, match="Only what people send themselves"):
        check(refer(), "identity", YES)
    with pytest.raises(NotAllowed):
        check(refer(mechanism=Mechanism.VICTIM_SELF), "identity", YES, by=cast["supervisor"])
    with pytest.raises(DomainError, match="Say what could not be confirmed"):
        check(refer(mechanism=Mechanism.VICTIM_SELF), "identity", NO, words=" ")


@pytest.mark.parametrize(
    ("mechanism", "side", "purpose", "refused"),
    [
        (Mechanism.VICTIM_SELF, "harmed", ConsentPurpose.TAKE_PART, False),
        (Mechanism.VICTIM_SELF, "harmed", ConsentPurpose.APPROACH_OTHER_SIDE, True),
        (Mechanism.VICTIM_SELF, "responsible", ConsentPurpose.CONTACT, True),
        (Mechanism.OFFENDER_SELF, "responsible", ConsentPurpose.TAKE_PART, False),
        (Mechanism.OFFENDER_SELF, "responsible", ConsentPurpose.APPROACH_OTHER_SIDE, True),
        (Mechanism.OFFENDER_SELF, "harmed", ConsentPurpose.CONTACT, True),
        (Mechanism.VICTIMS_HUB, "harmed", ConsentPurpose.APPROACH_OTHER_SIDE, False),
        (Mechanism.VICTIMS_HUB, "responsible", ConsentPurpose.CONTACT, False),
    ],
)
def test_nobody_of_the_other_side_has_agreed_to_anything_before(refer, check, cast, mechanism, side, purpose, refused):
    referral = refer(mechanism=mechanism)
    today = timezone.localdate()

    def agree():
        with acting_as(cast["coordinator"]) as by:
            return record_consent(
                person=getattr(referral, f"person_{side}"),
                referral=referral,
                purpose=purpose,
                method="written",
                given_on=today,
                by=by,
                today=today,
            )

    if refused:
        with pytest.raises(DomainError, match="has not been verified"):
            agree()
        for kind in checks_needed(referral):
            referral = check(referral, kind, YES)
    assert agree().purpose == purpose


def test_the_other_side_s_number_is_not_shown_before(refer, check, signed_in, cast):
    referral = refer(mechanism=Mechanism.VICTIM_SELF, responsible=WITH_PHONE)
    page = reverse("referrals:contact", args=[referral.pk, "responsible"])
    client = signed_in(cast["coordinator"])
    html = client.get(page).content.decode()
    assert "07700 900555" not in html and "has not been verified" in html
    own = client.get(reverse("referrals:contact", args=[referral.pk, "harmed"])).content.decode()
    assert "07700 900101" in own and "has not been verified" not in own
    for kind in ("identity", "incident"):
        check(referral, kind, YES)
    assert "07700 900555" in client.get(page).content.decode()


def test_the_page_says_what_is_unchecked_and_records_who_checked_how_and_when(refer, signed_in, cast):
    referral = refer(mechanism=Mechanism.VICTIM_SELF)
    client, page = signed_in(cast["coordinator"]), reverse("referrals:verification", args=[referral.pk])
    assert page in client.get(reverse("referrals:detail", args=[referral.pk])).content.decode()
    html = client.get(page).content.decode()
    assert html.count("Not checked yet") == 2 and "the other side learns nothing" in html
    today = timezone.localdate()
    words = {"kind": "identity", "through": "police", "is_confirmed": "Y", "words": "PC Reed knows her"}
    words |= typed(checked_on=today)
    assert client.post(page, words).status_code == 302
    assert client.post(page, words | {"kind": "incident", "through": "victims_hub"}).status_code == 302
    html = client.get(page).content.decode()
    assert "PC Reed knows her" in html and "The police" in html and "D Castle" in html and "Verified" in html
    assert client.post(page, words | {"is_confirmed": "N", "words": ""}).status_code == 422
    assert client.get(reverse("referrals:verification", args=[refer().pk])).status_code == 404
