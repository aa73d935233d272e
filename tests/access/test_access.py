"""The access table played with the whole cast: every address, allowed and refused, no canary astray, no link to a refusal.

A line of access.csv says: this address, asked this way; `may` get `answer`; `find nothing` hold the permission and get the
404 of an absent object; everybody else is refused (403); who is not signed in is sent to sign in. An address or a method
that is not in the table fails the test, and so does a line that stands for none, or that nobody of the cast may.

Whoever holds no permission for a page is refused before anything else is asked. That nobody is refused who holds it, and
nobody let in who does not, is read off the roles for all of them. The suite also plays one who may and one who may not at
each line, by turns; `./run proof` plays all.
"""

import logging
from dataclasses import dataclass, field
from functools import cache

import pytest
from django.test import Client
from django.urls import resolve

from rj_service.accounts.views import SIGNED_IN
from tests.access.table import Answer, Line, addresses, ask, lines, links_of, methods_of, parts_of, path_of
from tests.access.world import World, arguments

# Whom each of the cast may know about, by whatever page or file. "sent" is what the referrer wrote themselves.
CASE_OF_BOTH_SIDES = ["case * sent", "case * work"]
# What they say to each other, what ours offers, what ours took over: and nothing of what is only offered to us.
BETWEEN_AREAS = ["between *", "going *", "passed *"]
MAY_KNOW = {
    "coordinator": [
        *(
            f"{thing} *"
            for thing in ("waiting", "case", "closed", "asked", "moved", "self", "practitioner", "learner", "training")
        ),
        "kept here *",
        "note coordinator",
        "applicant *",
        "campaign *",
        "directory *",
        *BETWEEN_AREAS,
    ],
    "manager": [
        *(
            f"{thing} *"
            for thing in (
                "waiting",
                "case",
                "closed",
                "asked",
                "moved",
                "self",
                "restricted",
                "practitioner",
                "learner",
                "training",
            )
        ),
        *(f"conflict {side} *" for side in ("harmed", "responsible", "both")),
        *("account here *", "concern *", "complaint *", "directory *", "applicant *", "campaign *"),
        *BETWEEN_AREAS,
    ],
    "supervisor": ["case *", "practitioner *", "complaint *", "directory *"],
    "practitioner": ["case harmed *", "case both id", "practitioner pat *"],
    "lead": ["case both id", "case harmed *", "case responsible *", "case both work", "practitioner lea *"],
    "off_case_practitioner": ["practitioner olu *", "asked responsible sent"],
    "hub_worker": [
        *(f"{thing} {what}" for thing in ("waiting", "case", "closed", "conflict") for what in ("* sent", "both id")),
        "import *",
        "draft *",
    ],
    "referrer": [],
    "training_lead": ["learner *", "practitioner *", "training *"],
    "other_coordinator": ["abroad *", "between *", "offered *", "passed *", "practitioner abe *"],
    "dpo": ["account here *", "* id"],
    "admin": ["account *"],
    "opcc": [],
    "analyst": [],
}
# Refused rows go back to the sender, and to who coordinates the area's imports.
MAY_KNOW["coordinator"].append("import *")
MAY_KNOW["manager"].append("import *")
ROOMS = {"cases": {"cases"}, "referrals": {"referrals"}}
ROOMS["the rest"] = {line.room for line in lines()} - {"cases", "referrals"}
PAGES = {(line.address, line.of) for line in lines() if line.method == "GET"}
# Signing out ends the session that the walk needs.
NOT_FOLLOWED = ("/accounts/logout/",)
# Those who may know of one side or of what they sent alone: where something leaks, it leaks to them. They and those who may
# know everything play by turns; the lead, who works with both sides, is one of the latter where a practitioner of one side may
# see it too.
IN_PART = {"practitioner", "lead", "off_case_practitioner", "hub_worker", "referrer", "other_coordinator", "opcc"}
VIEWS = {name: getattr(pattern.callback, "view_class", None) for name, pattern in addresses()}


def test_every_address_and_method_is_in_the_table():
    there = {(name, method) for name, pattern in addresses() for method in methods_of(pattern)}
    known = {(line.address, line.method) for line in lines()}
    assert there - known == set(), "addresses that nobody decided who may open"
    assert known - there == set(), "lines of the table without an address"


def lacking(cast, line: Line) -> set[str]:
    """Of the cast whoever holds none of the permissions that open the page."""
    wanted = VIEWS[line.address].opened_by()
    return set() if SIGNED_IN in wanted else {who for who, user in cast.items() if not wanted & _permissions(user)}


@cache
def _permissions(user) -> frozenset[str]:
    return user.memberships.get().permissions


def test_nobody_is_let_in_without_the_page_s_permission(built):
    """Every line, everybody: `may` and `find nothing` hold it. Who holds it and is refused is refused by a policy."""
    let_in = {
        f"{line.words}: {who}"
        for line in lines()
        if not line.is_public
        for who in lacking(built.cast, line)
        if line.expected(who) != (403,)
    }
    assert let_in == set()


def test_every_address_opens_to_somebody():
    """A rule that refuses everybody would pass every other test."""
    open_to_somebody = {(line.address, line.method) for line in lines() if line.is_public or line.may}
    assert {(line.address, line.method) for line in lines()} - open_to_somebody == set()


@dataclass
class Play:
    """Some lines of the table: each by each of the cast, then the links of every page that anybody got."""

    world: World
    clients: dict[str, Client]
    faults: list[str] = field(default_factory=list)
    led_to: dict[tuple[str, str, str], str] = field(default_factory=dict)
    nothing: dict[tuple[Line, str], Answer] = field(default_factory=dict)
    plays_everybody: bool = False
    turn: int = 0

    def path(self, line: Line, **given) -> str:
        parts = parts_of(line.address, line.of)
        return path_of(line.address, arguments(self.world, line.address, parts, **{"of": line.of, **given}))

    def line(self, line: Line) -> None:
        path = self.path(line)
        left_out = self.left_out(line)
        for who, client in self.clients.items():
            if who in left_out:
                continue
            answer = ask(client, line.method, path)
            self.faults += [f"{line.words}: {who} {fault}" for fault in self.faults_of(line, who, answer)]
            if line.expected(who) == (404,) and self.differs(line, who, answer):
                self.faults.append(f"{line.words}: {who} can tell it from an absent one")
            if answer.status == 200 and line.method == "GET":
                for method, target in links_of(path, answer):
                    self.led_to.setdefault((who, method, target), line.words)
        if not line.is_public:
            self.stranger(line, path)

    def left_out(self, line: Line) -> set[str]:
        """All but one who may and one who may not, another at each line. What a form sends goes through the same door as
        the page that it stands on: one who may sends it at every second line."""
        if self.plays_everybody or line.is_public:
            return set()
        self.turn += 1
        refused, lost = sorted(lacking(self.world.cast, line)), sorted(line.find_nothing)
        knows_part = set(line.may) & (IN_PART - {"lead"} if "practitioner" in line.may else IN_PART)
        may = [self.one_of(sorted(knows_part), sorted(set(line.may) - knows_part))]
        if line.method == "POST" and (line.address, line.of) in PAGES and self.turn % 2:
            may = []
        return {*line.may, *refused, *lost} - {*may, self.one_of(lost, refused)}

    def one_of(self, first: list[str], second: list[str]) -> str:
        """Of two groups by turns, and within each by turns; nobody where both are empty."""
        turn, is_second = divmod(self.turn, 2)
        group = (second or first) if is_second else (first or second)
        return group[turn % len(group)] if group else ""

    def faults_of(self, line: Line, who: str, answer: Answer) -> list[str]:
        faults = []
        if answer.status not in line.expected(who):
            faults.append(f"gets {answer.status} instead of {line.expected(who)}")
        knows = MAY_KNOW[who] if line.allows(who) else []
        faults += [f"is shown {canary}" for canary in self.world.canaries.astray(answer.all_of_it, knows)]
        if "no-store" not in answer.response.get("Cache-Control", ""):
            faults.append("may keep a copy")
        return faults

    def differs(self, line: Line, who: str, denied: Answer) -> bool:
        """From what somebody of the same role gets for an object that there is not: its bytes and its number of statements."""
        role = self.world.cast[who].memberships.get().role
        if (line, role) not in self.nothing:
            absent = self.path(line, absent=True)
            self.nothing[line, role] = ask(self.clients[who], line.method, absent)
        nothing = self.nothing[line, role]
        return (nothing.status, nothing.body, nothing.statements) != (denied.status, denied.body, denied.statements)

    def stranger(self, line: Line, path: str) -> None:
        answer = ask(Client(), line.method, path)
        if answer.status != 302 or not answer.response["Location"].startswith("/accounts/login/"):
            self.faults.append(f"{line.words}: somebody not signed in is not sent to sign in")
        if "no-store" not in answer.response.get("Cache-Control", ""):
            self.faults.append(f"{line.words}: somebody not signed in may keep a copy")

    def links(self) -> None:
        """A page offers nothing that it then refuses. What the table plays itself is not asked again; the suite follows
        one link of each person to each address."""
        played = {(line.method, self.path(line)): line for line in lines()}
        followed: set[tuple[str, str, str]] = set()
        for (who, method, target), found_on in self.led_to.items():
            path = target.partition("?")[0]
            line = played.get((method, path))
            if target.startswith(NOT_FOLLOWED) or (line and line.allows(who)):
                continue
            kind = (who, method, resolve(path).view_name)
            if kind in followed and not self.plays_everybody:
                continue
            followed.add(kind)
            status = ask(self.clients[who], method, target).status
            if status in (403, 404, 405, 410) or status >= 500:
                self.faults.append(f"{found_on} leads {who} to {method} {target}: {status}")


@pytest.mark.parametrize(
    "plays_everybody", [False, pytest.param(True, marks=pytest.mark.proof)], ids=["by turns", "all"]
)
@pytest.mark.parametrize("room", ROOMS)
def test_access(room, plays_everybody, world, clients, written_to_the_log):
    """Every line of some apps; the faults come out together."""
    play = Play(world, clients, plays_everybody=plays_everybody)
    for line in lines():
        if line.room in ROOMS[room]:
            play.line(line)
    play.links()
    play.faults += [
        f"the log holds {canary}" for canary in world.canaries.astray("\n".join(written_to_the_log), ["* id"])
    ]
    assert play.faults == [], "\n" + "\n".join(play.faults)


@pytest.fixture
def written_to_the_log():
    """Every line that anything logs, at the most talkative level."""
    written: list[str] = []
    handler, root = logging.Handler(), logging.getLogger()
    handler.emit = lambda record: written.append(logging.Formatter().format(record))
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.setLevel(level)
    root.removeHandler(handler)


@pytest.mark.parametrize(
    "plays_everything", [False, pytest.param(True, marks=pytest.mark.proof)], ids=["by turns", "all"]
)
def test_what_a_coordinator_is_shut_out_of_is_not_there(plays_everything, world, clients):
    """Their own area's, but restricted to others, or about somebody they know: every address answers as if it were not."""
    play = Play(world, clients)
    shut_out = ("restricted", "conflict")
    known = [line for line in lines() if not line.of and line.allows("coordinator")]
    for number, line in enumerate(known if plays_everything else known[::4]):
        for thing in shut_out if plays_everything else [shut_out[number % 2]]:
            path = play.path(line, of=thing)
            if path != play.path(line):
                answer = ask(play.clients["coordinator"], line.method, path)
                if answer.status != 404 or play.differs(line, "coordinator", answer):
                    play.faults.append(f"{line.words} ({thing}): {answer.status}")
    assert play.faults == [], "\n" + "\n".join(play.faults)
