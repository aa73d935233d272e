"""Which way a referral goes, who of the directory is asked, and what was agreed about sharing information."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from referrals import actions, routing
from referrals.actions import NewPerson, NewProvision
from referrals.choices import Route
from referrals.models import Pathway, Provision, Referral, SharingAgreement
from rj_service.accounts.acting import acting_as
from rj_service.accounts.errors import DomainError, NotAllowed
from tests.factories import LocalAreaFactory, OrganisationFactory

TODAY = timezone.localdate()
FENLAND, CITY = uuid4(), uuid4()


def pathway(agency="", stage="", local_area=None) -> Pathway:
    return Pathway(agency=agency, stage=stage, local_area_id=local_area, route=Route.OURS)


@pytest.mark.parametrize(
    ("laid", "counts"),
    [
        ([pathway()], 0),
        ([pathway(), pathway(agency="police")], 1),
        ([pathway(stage="pre_charge"), pathway(agency="police")], 1),
        ([pathway(agency="police"), pathway(local_area=FENLAND)], 1),
        ([pathway(local_area=FENLAND), pathway(agency="police", stage="pre_charge")], 1),
        ([pathway(agency="police", stage="pre_charge"), pathway(agency="police", local_area=FENLAND)], 1),
        ([pathway(agency="housing"), pathway(local_area=CITY), pathway(stage="historic")], None),
        ([], None),
    ],
)
def test_the_pathway_that_names_most_counts(laid, counts):
    found = routing.pathway_for(laid, agency="police", stage="pre_charge", local_area=FENLAND)
    assert found is (None if counts is None else laid[counts])


def agreement(review_on, ends_on=None) -> SharingAgreement:
    return SharingAgreement(review_on=review_on, ends_on=ends_on)


YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


@pytest.mark.parametrize(
    ("agreements", "words"),
    [
        ([], "No agreement on sharing information with Fenside is recorded"),
        ([agreement(TOMORROW)], ""),
        ([agreement(TODAY, TODAY)], ""),
        ([agreement(YESTERDAY)], "should have been reviewed by"),
        ([agreement(TOMORROW, YESTERDAY)], "with Fenside ended on"),
        ([agreement(TOMORROW, YESTERDAY), agreement(TOMORROW)], ""),
        ([agreement(YESTERDAY), agreement(TOMORROW)], ""),
    ],
)
def test_an_agreement_that_is_missing_or_out_of_date_warns(agreements, words):
    found = routing.warning(agreements, called="Fenside", today=TODAY)
    assert words in found and bool(words) == bool(found)


@pytest.fixture
def keep(area, cast):
    """`keep("Fenside", kind="housing")`: an entry of the directory."""

    def make(name, *, kind="voluntary", offers="Mediation", **given) -> Provision:
        organisation = OrganisationFactory(service_area=area, name=name, kind=kind)
        with acting_as(cast["coordinator"]) as by:
            new = NewProvision(organisation=organisation, offers=offers, **given)
            return actions.keep_provision(area=area, new=new, by=by, today=TODAY)

    return make


def page_of(client, referral, name="detail") -> str:
    return client.get(reverse(f"referrals:{name}", args=[referral.pk])).content.decode()


@pytest.mark.parametrize("name", ["detail", "decide"])
def test_the_page_of_a_decision_says_which_way_it_goes(refer, keep, cast, signed_in, area, hub, name):
    fenland = LocalAreaFactory(service_area=area, name="Fenland")
    keep("Youth team", kind="youth_justice")
    keep("Probation unit", kind="probation")
    keep("Haven", specialist_in=["stalking"])
    keep("Elsewhere", specialist_in=["stalking"], local_areas=[fenland])
    with acting_as(cast["coordinator"]) as by:
        to = Provision.objects.get(organisation__name="Haven")
        actions.lay_pathway(area=area, route="elsewhere", agency="victims_hub", words="Ring first", provision=to, by=by)
    young = NewPerson(first_name="Kyle", last_name="Brand", date_of_birth=TODAY - timedelta(days=365 * 15))
    flags = [("high_risk", ""), ("stalking", "")]
    referral = refer(by=cast["hub_worker"], organisation=hub, responsible=young, flags=flags)
    page = page_of(signed_in(cast["coordinator"]), referral, name)
    for words in (
        "Ask the Youth Justice Service first",
        "Youth team",
        "Ask the Probation Service first",
        "Probation unit",
        "Ask a specialist",
        "Haven",
        "Pathway: Victims’ Hub; any stage; the whole area",
        "Ring first",
        "No agreement on sharing information with Cambridgeshire Victims’ Hub is recorded",
    ):
        assert words in page
    assert "</a>, <a" not in page.split("Ask a specialist")[1][:400]  # Fenland's is not asked


@pytest.mark.parametrize(
    ("review_on", "warns"),
    [
        (None, "No agreement on sharing information with Haven"),
        (YESTERDAY, "should have been reviewed"),
        (TOMORROW, ""),
    ],
)
def test_a_referral_goes_on_to_whom_of_the_directory_is_chosen_and_a_missing_agreement_warns_once(
    refer, keep, cast, signed_in, review_on, warns
):
    referral, to, other = refer(), keep("Haven"), keep("Fenside")
    if review_on:
        with acting_as(cast["coordinator"]) as by:
            given = {
                "kind": "sharing",
                "signed_on": TODAY - timedelta(days=9),
                "review_on": review_on,
                "document_reference": "ISA 4",
            }
            actions.record_agreement(organisation=to.organisation, by=by, today=TODAY, **given)
    client, address = signed_in(cast["coordinator"]), reverse("referrals:decide", args=[referral.pk])
    decided = {"decision": "elsewhere", "seen": "received"}
    assert client.post(address, decided).status_code == 422
    decided["referred_to"] = to.pk
    if warns:
        answer = client.post(address, decided | {"warned_of": other.organisation_id})
        page = answer.content.decode()
        assert answer.status_code == 422 and warns in page and "with Fenside" not in page
        decided["warned_of"] = re.search(r'name="warned_of" value="([^"]+)"', page)[1]
    assert client.post(address, decided).status_code == 302
    assert Referral._base_manager.get(pk=referral.pk).referred_to == to
    assert "Haven" in page_of(client, referral)


def test_asking_an_agency_warns_without_an_agreement_and_goes_on(refer, cast, signed_in, area):
    referral, client = refer(), signed_in(cast["coordinator"])
    address = reverse("referrals:ask-agency", args=[referral.pk, "harmed", "probation"])
    assert (
        "No agreement on sharing information with the Probation Service is recorded"
        in client.get(address).content.decode()
    )
    unit = OrganisationFactory(service_area=area, name="Probation unit", kind="probation")
    with acting_as(cast["coordinator"]) as by:
        given = {"kind": "sharing", "signed_on": TODAY, "review_on": TOMORROW, "document_reference": "ISA 4"}
        first = actions.record_agreement(organisation=unit, by=by, today=TODAY, **given)
        assert "No agreement" not in client.get(address).content.decode()
        actions.record_agreement(organisation=unit, by=by, today=TODAY, **given)
        first.refresh_from_db()
        assert first.ended_at is not None


def test_what_a_pathway_needs_stays_in_the_directory(keep, cast, area):
    to = keep("Haven")
    with acting_as(cast["coordinator"]) as by:
        laid = actions.lay_pathway(area=area, route="elsewhere", agency="police", provision=to, by=by)
        again = actions.lay_pathway(area=area, route="ours", agency="police", by=by)
        assert list(Pathway.objects.current()) == [again] and laid != again
        actions.lay_pathway(area=area, route="elsewhere", stage="historic", provision=to, by=by)
        with pytest.raises(DomainError, match="A pathway leads there"):
            actions.end_provision(provision=to, by=by)
        with pytest.raises(DomainError, match="enter what to do"):
            actions.lay_pathway(area=area, route="elsewhere", by=by)


@pytest.mark.parametrize("who", ["supervisor", "other_coordinator", "hub_worker"])
def test_only_coordination_of_the_area_keeps_it(keep, cast, area, who):
    entry = keep("Haven")
    with acting_as(cast[who], areas=[area]) as by:
        for act in (
            lambda: actions.lay_pathway(area=area, route="ours", by=by),
            lambda: actions.end_provision(provision=entry, by=by),
            lambda: actions.check_provision(provision=entry, by=by, today=TODAY),
        ):
            with pytest.raises(NotAllowed):
                act()


def test_the_directory_is_found_by_place_stage_and_kind(keep, cast, signed_in, area):
    fenland = LocalAreaFactory(service_area=area, name="Fenland")
    keep("Haven", local_areas=[fenland], stages=["historic"], specialist_in=["stalking"])
    keep("Bridge", kind="housing")
    client, address = signed_in(cast["supervisor"]), reverse("referrals:directory")
    peterborough = area.local_areas.get(name="Peterborough").pk

    def found(**asked):
        page = client.get(address, asked).content.decode()
        return {name for name in ("Haven", "Bridge") if name in page}

    assert found() == {"Haven", "Bridge"}
    assert found(local_area=peterborough) == {"Bridge"}
    assert found(local_area=fenland.pk) == {"Haven", "Bridge"}
    assert found(stage="pre_charge") == {"Bridge"}
    assert found(kind="housing") == {"Bridge"}
    assert found(specialist="stalking") == {"Haven"}
