"""The access table (access.csv) played with the whole cast: every address, allowed and refused, and no canary astray.

A row says: this address, asked this way; `may` get `answer`; `find nothing` hold the permission and get the 404 of an absent
object; everybody else of the cast is refused (403); who is not signed in is sent to sign in. An address that is not in the
table fails the test, and so does a line of it that stands for no address.
"""

import csv
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.access.world import HARMED, RESPONSIBLE, SERVICE, arguments, build_world

TABLE = Path(__file__).with_name("access.csv")
# allauth's own addresses: signing in and the second factor. tests/accounts walks them half signed in.
OTHERS_TEST = ("account_", "mfa_")

MAY_KNOW = {
    "coordinator": {HARMED, RESPONSIBLE, SERVICE},
    "manager": {HARMED, RESPONSIBLE, SERVICE},
    "practitioner": {HARMED},
    "hub_worker": {HARMED, RESPONSIBLE, SERVICE},  # what their own organisation sent
}


def rows() -> list[dict[str, str]]:
    with TABLE.open(newline="") as file:
        return list(csv.DictReader(file))


def addresses(patterns=None, namespace: str = "") -> dict[str, list[str]]:
    """URL name -> the parts of its address."""
    found: dict[str, list[str]] = {}
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(pattern, URLResolver):
            inner = pattern.namespace or namespace
            found |= {name: parts for name, parts in addresses(pattern.url_patterns, inner).items()}
        elif isinstance(pattern, URLPattern) and pattern.name:
            name = f"{namespace}:{pattern.name}" if namespace else pattern.name
            found[name] = []
    return found


def _parts(name: str) -> list[str]:
    namespace, _, last = name.rpartition(":")
    if not namespace:
        return list(get_resolver().reverse_dict.getlist(last)[0][0][0][1])
    prefix, resolver = get_resolver().namespace_dict[namespace]
    return list(dict.fromkeys([*_prefix_parts(prefix), *resolver.reverse_dict.getlist(last)[0][0][0][1]]))


def _prefix_parts(prefix: str) -> list[str]:
    return [piece.split(":")[-1].rstrip(">") for piece in prefix.split("<")[1:]]


@pytest.fixture
def world(area, cast, hub):
    return build_world(area, cast, hub)


def test_every_address_is_in_the_table():
    known = {row["address"] for row in rows()}
    there = {name for name in addresses() if not name.startswith(OTHERS_TEST)}
    assert there - known == set(), "addresses that nobody decided who may open"
    assert known - there == set(), "lines of the table without an address"


def ask(client: Client, row: dict[str, str], kwargs: dict):
    url = reverse(row["address"], kwargs=kwargs)
    with transaction.atomic():
        response = client.get(url) if row["method"] == "GET" else client.post(url, {})
        body = b"".join(response.streaming_content) if response.streaming else response.content
        transaction.set_rollback(True)
    return response, body


def room_of(address: str) -> str:
    return address.rpartition(":")[0] or "service"


@pytest.mark.parametrize("room", sorted({room_of(row["address"]) for row in rows()}))
def test_access(room, world, cast, signed_in):
    """Every line of one app, played by everybody; the faults come out together."""
    clients = {who: signed_in(user) for who, user in cast.items()}
    faults = [
        f"{row['method']} {row['address']}: {fault}"
        for row in rows()
        if room_of(row["address"]) == room
        for fault in _play(row, world, clients)
    ]
    assert faults == [], "\n" + "\n".join(faults)


def _play(row, world, clients) -> list[str]:
    parts = _parts(row["address"])
    kwargs = arguments(world, row["address"], parts)
    absent = arguments(world, row["address"], parts, absent=True)
    may, find_nothing = row["may"].split(), row["find nothing"].split()
    public = row["may"] == "the public"
    faults = []
    for who, client in clients.items():
        response, body = ask(client, row, kwargs)
        allowed = public or who in may or may == ["everybody"]
        expected = row["answer"] if allowed else "404" if who in find_nothing else "403"
        if str(response.status_code) not in expected.split("|"):
            faults.append(f"{who} gets {response.status_code} instead of {expected}")
        faults += _canaries_astray(body, response, world, MAY_KNOW.get(who, set()) if allowed else set(), who)
        if expected == "404" and absent != kwargs:
            nothing, same = ask(client, row, absent)
            if (nothing.status_code, same) != (response.status_code, body):
                faults.append(f"{who} can tell it from an absent one")
    response, _ = ask(Client(), row, kwargs)
    expected = row["answer"] if public else "302"
    if str(response.status_code) not in expected.split("|"):
        faults.append(f"somebody not signed in gets {response.status_code} instead of {expected}")
    if not public and response.status_code == 302 and "/accounts/login/" not in response["Location"]:
        faults.append("somebody not signed in is not sent to sign in")
    return faults


def _canaries_astray(body: bytes, response, world, may_know: set[str], who: str) -> list[str]:
    text = body.decode("utf-8", "replace").casefold()
    headers = "".join(f"{name}: {value}" for name, value in response.items()).casefold()
    found = []
    for token, about in world.canaries.items():
        for form in {token.casefold(), quote(token).casefold()}:
            if form in headers:
                found.append(f"{token} in a header for {who}")
            if about not in may_know and form in text:
                found.append(f"{token} shown to {who}")
    return found
