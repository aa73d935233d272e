"""What every list, search and record asks of the database as the area grows: statements, and blocks of 8 kB read.

    ./run services python benchmarks/lists_at_size.py [SMALL LARGE]

Without numbers it takes 25,000 and 100,000 referrals. A third of them are cases: 75000 and 300000 make 100,000 cases of the
large area. Blocks, unlike seconds, are the same on every machine. It works in a database of its own, which is dropped at
the end.
"""

import io
import json
import math
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from benchmarks.growing import Growing
from benchmarks.import_rows import write_hub_file

SMALL, LARGE = 25_000, 100_000  # referrals; of the small one every count is capped already
FIRST = 100  # referrals that are copied, with their cases
MOST_GROWTH = 0.10  # exponent
ALLOWANCE = 100  # blocks: one more level of each index that a page goes down
CAPPED = 1_001 * 5 * 4  # blocks of one statement: a count looks at 1,001 rows, by five look-ups of four blocks each
SESSION_KEPT = 'UPDATE "django_session"'  # once a minute, whatever page it meets
IN_HAND = {"home"}  # counts all the work in hand, which here grows with the archive


@dataclass
class Asked:
    statements: int = 0
    blocks: int = 0
    worst: tuple[int, str] = (0, "")


@dataclass
class Growth:
    """Of one page, from the small size to the large."""

    what: str
    small: Asked
    large: Asked
    times: float = field(default=LARGE / SMALL)

    @property
    def exponent(self) -> float:
        return math.log(max(self.large.blocks, 1) / max(self.small.blocks, 1), self.times)

    @property
    def is_bounded(self) -> bool:
        grows_little = self.large.blocks <= self.small.blocks * self.times**MOST_GROWTH + ALLOWANCE
        within = grows_little or self.large.worst[0] <= CAPPED or self.what in IN_HAND
        return within and self.large.statements == self.small.statements

    @property
    def line(self) -> str:
        counts = f"{self.small.statements:>3} {self.large.statements:>3}"
        blocks = f"{self.small.blocks:>7,} {self.large.blocks:>7,}"
        rest = f"{self.exponent:>6.2f} {self.large.worst[0]:>7,}"
        return f"{'  ' if self.is_bounded else 'NO'} {self.what:<60} {counts} {blocks} {rest}"


def lists() -> Iterator[str]:
    """The URL name of every list whose address names no object."""
    from rj_service.accounts.views import GuardedListView

    def walk(patterns, prefix: str = "") -> Iterator[str]:
        for pattern in patterns:
            if not isinstance(pattern, URLPattern):
                inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
                yield from walk(pattern.url_patterns, inner)
                continue
            view = getattr(pattern.callback, "view_class", object)
            if issubclass(view, GuardedListView) and not pattern.pattern.regex.groups:
                yield f"{prefix}{pattern.name}"

    yield from walk(get_resolver().url_patterns)


def pages(clients: Sequence[Client], case) -> Iterator[tuple[str, Callable[[], object]]]:
    """What is opened: every list as it comes, by each choice of each filter, one page on; searches; a referral and its case.

    A list is opened by whoever sees most of it; the rest by the first.
    """
    for name in lists():
        address = reverse(name)
        answers = [(one, one.get(address)) for one in clients]
        may = [(one, answer) for one, answer in answers if answer.status_code == 200]
        if not may:
            continue
        client, answer = max(may, key=lambda opened: opened[1].context["total"])
        get = partial(client.get, address)
        yield address, get
        page = answer.context["page"]
        if page.next:
            yield f"{address} (next page)", partial(get, {"after": page.next})
        for tab in answer.context.get("items", ()):
            yield tab["url"][:60], partial(client.get, tab["url"])
        yield from _narrowed(client, address, answer.context.get("filter_form"))
    client = clients[0]
    yield from _searches(client, case.referral)
    yield "home", lambda: client.get("/", follow=True)
    for name, one in (("referrals:detail", case.referral), ("cases:desk", case)):
        address = reverse(name, args=[one.pk])
        yield name, lambda address=address: client.get(address)


def _narrowed(client: Client, address: str, form) -> Iterator[tuple[str, Callable[[], object]]]:
    """By the first two choices of each filter; of cases the archive, too."""
    for name, one in form.fields.items() if form else ():
        for value in [str(value) for value, _ in getattr(one, "choices", ()) if value][:2]:
            states: list[dict[str, str]] = [{}, {"show": "closed"}] if address == reverse("cases:list") else [{}]
            for state in states:
                asked = state | {name: value}
                yield f"{address}?{urlencode(asked)}"[:60], partial(client.get, address, asked)


def _searches(client: Client, referral) -> Iterator[tuple[str, Callable[[], object]]]:
    from referrals.models import ContactDetails

    person = referral.person_harmed
    details = ContactDetails._base_manager.get(person=person)
    for why, words in {
        "last name": person.last_name,
        "first letters": person.last_name[:2],
        "whole name": person.name,
        "nobody": "Zzyzx",
        "reference": referral.reference,
        "hub reference": referral.hub_reference,
        "phone": details.phone or "07700 900123",
        "postcode": details.postcode or "CB1 1AA",
    }.items():
        yield (
            f"search: {why}",
            lambda words=words: client.post(reverse("referrals:search"), {"words": words}, follow=True),
        )


def ask(page: Callable[[], object]) -> Asked:
    """Opens it once, then has PostgreSQL run every SELECT of it again and count the blocks."""
    said: list[tuple[str, object]] = []

    def note(execute, sql, params, many, context):
        if not sql.startswith(SESSION_KEPT):
            said.append((sql, params))
        return execute(sql, params, many, context)

    page()  # whatever a process keeps after the first time is kept
    with connection.execute_wrapper(note):
        answer = page()
    assert answer.status_code == 200, answer  # type: ignore[attr-defined]
    asked = Asked(len(said))
    with connection.cursor() as cursor:
        for sql, params in said:
            if not sql.lstrip().upper().startswith("SELECT") or "FOR UPDATE" in sql or "pg_" in sql:
                continue
            cursor.execute(f"explain (analyze, buffers, format json) {sql}", params)
            [(plan,)] = cursor.fetchall()
            plan = json.loads(plan) if isinstance(plan, str) else plan
            blocks = plan[0]["Plan"]["Shared Hit Blocks"] + plan[0]["Plan"]["Shared Read Blocks"]
            asked.blocks += blocks
            asked.worst = max(asked.worst, (blocks, cursor.mogrify(sql, params).decode()))
    return asked


def measure(clients: Sequence[Client], cursor, small: int, large: int) -> list[Growth]:
    """`clients`: a coordinator's, whose area holds FIRST referrals, and a service manager's; `cursor` is the owner's."""
    from cases.models import Case

    named = Case._base_manager.filter(referral__person_harmed__organisation_name="")
    case = named.select_related("referral__person_harmed").order_by("pk")[0]
    growing = Growing(cursor)
    found: list[dict[str, Asked]] = []
    try:
        for size in (small, large):
            growing.to(size // FIRST - 1)
            found.append({what: ask(page) for what, page in list(pages(clients, case))})
    finally:
        growing.end()
    before, after = found
    return [Growth(what, before[what], after[what], large / small) for what in before if what in after]


def fill(area, folder: Path) -> None:
    """FIRST referrals from a Hub's file; of those that may be, four in five are accepted. Of their cases half are closed."""
    from cases import actions as cases
    from cases.choices import ClosureReason
    from referrals.models import Referral
    from referrals.policy import accept_block
    from rj_service.accounts.acting import acting_as, system_user
    from rj_service.accounts.models import Membership
    from rj_service.accounts.roles import Role

    path = write_hub_file(folder / "hub.csv", FIRST * 20 // 19 + 1)
    call_command("import_referrals", str(path), "--area", area.slug, stdout=io.StringIO(), stderr=io.StringIO())
    coordinator = Membership.objects.get(service_area=area, role=Role.COORDINATOR).user
    with acting_as(system_user("import"), areas=[area]):
        keys = list(Referral.objects.filter(status="received").order_by("id").values_list("pk", flat=True))
    today = timezone.localdate()
    with acting_as(coordinator):
        may_be = [one for one in Referral.objects.filter(pk__in=keys).order_by("pk") if not accept_block(one)]
        accepted = [one for number, one in enumerate(may_be) if number % 5]
        opened = [cases.accept_referral(referral=one, by=coordinator, today=today) for one in accepted]
        for case in opened[::2]:
            cases.close_case(case=case, reason=ClosureReason.PROCEEDINGS, closed_on=today, by=coordinator, today=today)
        _fill_beside(area, coordinator)


def _fill_beside(area, by) -> None:
    """To ten referrals one concern, one complaint and one matter of a partner's own."""
    from referrals import actions, choices
    from rj_service.accounts.models import Organisation

    today = timezone.localdate()
    partner = Organisation.objects.create(service_area=area, name="A partner", kind=Organisation.Kind.HOUSING)
    common = {"by": by, "today": today}
    complaint = {"made_by": choices.ComplainantKind.values[0], "about": choices.ComplaintAbout.values[0]}
    told = {"told_on": today, "crime_type": choices.CrimeType.NOT_KNOWN}
    for delivered in (choices.PartnerDelivered.values * 2)[: FIRST // 10]:
        actions.raise_concern(area=area, kind=choices.ConcernKind.values[0], words="Worried", **common)
        actions.receive_complaint(area=area, words="Late", **complaint, **common)
        actions.record_partner_work(organisation=partner, delivered=delivered, **told, **common)


def main(small: int, large: int) -> None:
    from cases.models import Case
    from rj_service.accounts.roles import Role
    from tests.cast import sign_in
    from tests.database import owner_connection, test_database
    from tests.factories import ServiceAreaFactory, member

    settings.ALLOWED_HOSTS = ["testserver"]
    with tempfile.TemporaryDirectory() as folder, test_database():
        settings.FILES_DIR = Path(folder) / "files"
        area = ServiceAreaFactory(slug="growing", name="Growing")
        coordinator = member(Role.COORDINATOR, area)
        fill(area, Path(folder))
        cases = Case._base_manager.count() * large // FIRST
        owner = owner_connection(connection.settings_dict["NAME"])
        print(f"   {large:,} referrals are {cases:,} cases")
        print(f"   {'page':<60} statements  blocks at {small:,} and {large:,}, exponent, worst statement")
        clients = [sign_in(coordinator), sign_in(member(Role.SERVICE_MANAGER, area))]
        for growth in measure(clients, owner.cursor(), small, large):
            print(growth.line, flush=True)
            if "-v" in sys.argv and not growth.is_bounded:
                print(growth.large.worst)
        owner.close()


if __name__ == "__main__":
    import django
    from django.test.utils import setup_test_environment

    django.setup()
    setup_test_environment()
    sizes = [int(size.replace(",", "")) for size in sys.argv[1:] if size[0].isdigit()] or [SMALL, LARGE]
    main(*sizes)
