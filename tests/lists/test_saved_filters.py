"""Filters kept by a name: one's own, of one role, coded values only."""

import pytest
from django.urls import reverse

from rj_service.lists.actions import MOST_SAVED
from rj_service.lists.models import SavedFilters

QUERY = "clock=over&taken=me"


def save(client, query=QUERY, name="Mine, late", of="referrals:list"):
    return client.post(f"{reverse('lists:save-filters', args=[of])}?{query}", {"name": name})


def test_saved_filters_stand_at_their_list_and_go_again(signed_in, cast):
    client = signed_in(cast["coordinator"])
    assert "Save these filters" in client.get(f"{reverse('referrals:list')}?{QUERY}").content.decode()
    assert save(client, f"{QUERY}&after=x&no=such&mechanism=nonsense").status_code == 302
    saved = SavedFilters.objects.get()
    assert saved.query == "taken=me&clock=over"
    assert "Mine, late" in client.get(reverse("referrals:list")).content.decode()
    assert "Mine, late" not in client.get(reverse("referrals:waiting")).content.decode()
    assert "Mine, late" not in signed_in(cast["manager"]).get(reverse("referrals:list")).content.decode()
    delete = reverse("lists:delete-filters", args=[saved.pk])
    assert signed_in(cast["manager"]).post(delete).status_code == 404
    assert client.post(delete).status_code == 302
    assert not SavedFilters.objects.exists()


def test_the_same_name_holds_the_newer_filters(signed_in, cast):
    client = signed_in(cast["coordinator"])
    save(client)
    save(client, "taken=nobody")
    assert SavedFilters.objects.get().query == "taken=nobody"


@pytest.mark.parametrize("query", ["", "after=x", "mechanism=nonsense"])
def test_there_is_something_to_save(signed_in, cast, query):
    refused = save(signed_in(cast["coordinator"]), query)
    assert refused.status_code == 422 and "Choose a filter first" in refused.content.decode()


def test_so_many_of_a_list(signed_in, cast):
    client = signed_in(cast["coordinator"])
    for number in range(MOST_SAVED):
        save(client, name=f"Number {number}")
    refused = save(client, name="One more")
    assert refused.status_code == 422 and SavedFilters.objects.count() == MOST_SAVED
    assert save(client, name="Number 1", query="taken=nobody").status_code == 302
