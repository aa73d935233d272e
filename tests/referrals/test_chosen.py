"""Several referrals at once: shown before anything is done, each by itself, nothing that one may not see."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from referrals.actions import restrict, take_referral
from referrals.choices import ReferralStatus
from referrals.models import Referral
from rj_service.notifications.models import Notification
from rj_service.ui.references import spoken
from tests.factories import member
from tests.typed import typed

CHOSEN = reverse("referrals:chosen")


def send(client, act, referrals, **typed):
    chosen = [str(getattr(one, "pk", one)) for one in referrals]
    return client.post(CHOSEN, {"act": act, "chosen": chosen, **typed})


def confirm(client, act, referrals, **typed) -> str:
    answer = send(client, act, referrals, confirmed="yes", **typed)
    assert answer.status_code == 302
    return client.get(answer["Location"]).content.decode()


def now(referral):
    return Referral._base_manager.get(pk=referral.pk)


def test_what_is_chosen_is_shown_and_nothing_is_done_yet(signed_in, cast, refer):
    client, two = signed_in(cast["coordinator"]), [refer(), refer()]
    assert 'form="chosen"' in client.get(reverse("referrals:list")).content.decode()
    page = send(client, "take", two).content.decode()
    assert all(spoken(one.reference) in page for one in two) and "Grace Bellamy" in page
    assert [now(one).taken_by for one in two] == [None, None]
    assert "Done with 2 referrals" in confirm(client, "take", two)
    assert {now(one).taken_by for one in two} == {cast["coordinator"]}


def test_what_a_colleague_took_meanwhile_is_named_and_the_rest_is_done(signed_in, cast, refer, acting):
    client, (one, other) = signed_in(cast["coordinator"]), (refer(), refer())
    with acting(cast["manager"]) as by:
        take_referral(referral=one, by=by, today=timezone.localdate())
    page = confirm(client, "take", [one, other])
    assert "Done with 1 referral" in page and spoken(one.reference) in page and "G Holt" in page
    assert (now(one).taken_by, now(other).taken_by) == (cast["manager"], cast["coordinator"])


def test_giving_tells_the_colleague_and_asks_for_one_who_may(signed_in, cast, refer, area, acting):
    client, referral = signed_in(cast["coordinator"]), refer()
    for nobody in ("", cast["other_coordinator"].pk, cast["practitioner"].pk):
        refused = send(client, "give", [referral], confirmed="yes", to=nobody)
        assert refused.status_code == 422 and now(referral).taken_by is None
    colleague = member("coordinator", area, first_name="Ana", last_name="Field")
    confirm(client, "give", [referral], to=colleague.pk)
    assert now(referral).taken_by == colleague
    assert Notification.objects.filter(user=colleague, kind="referral_given").count() == 1
    with acting(cast["coordinator"]) as by:
        restrict(referral=referral, reason="A colleague's neighbour", by=by)
    assert "This colleague cannot take it" in confirm(client, "give", [referral], to=cast["manager"].pk)
    assert now(referral).taken_by == colleague


def test_holding_asks_until_when_and_for_what(signed_in, cast, refer):
    client, referral = signed_in(cast["coordinator"]), refer()
    day = timezone.localdate() + timedelta(days=14)
    until = typed(until=day)
    assert send(client, "hold", [referral], confirmed="yes", **until).status_code == 422
    assert now(referral).status == ReferralStatus.RECEIVED
    confirm(client, "hold", [referral], note="The Hub was asked", **until)
    assert (now(referral).status, now(referral).hold_until) == (ReferralStatus.ON_HOLD, day)


def test_nothing_that_one_may_not_see(signed_in, cast, refer, acting):
    referral = refer()
    for who in ("other_coordinator",):
        page = confirm(signed_in(cast[who]), "take", [referral])
        assert "Choose at least one referral" in page
    with acting(cast["manager"]) as by:
        restrict(referral=referral, reason="A colleague's neighbour", by=by)
    assert "Choose at least one referral" in confirm(signed_in(cast["coordinator"]), "take", [referral, "nonsense"])
    assert now(referral).taken_by is None
    for who in ("supervisor", "practitioner", "hub_worker"):
        assert send(signed_in(cast[who]), "take", [referral]).status_code == 403


@pytest.mark.parametrize("act", ["", "accept", "delete"])
def test_only_these_acts(signed_in, cast, refer, act):
    assert send(signed_in(cast["coordinator"]), act, [refer()]).status_code == 404
