"""Every list, by everybody who may open it: what its file holds, what its filters leave, how its table is read."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from django.urls import reverse

from benchmarks.lists_at_size import lists
from rj_service.accounts.acting import acting_as
from rj_service.audit.models import AccessLog
from rj_service.lists.opening import coded, open_list
from rj_service.ui.filters import chosen
from tests.access.table import EVERYBODY, Answer, ask, lines
from tests.browser import PROOF


def test_a_file_holds_the_rows_of_the_page_and_no_more_of_anybody(world, clients):
    """Its rows are the page's, its words and its people no others, and every person on it is in the access log. On the page
    every row has a cell for each column, by its name: on a phone the name stands at the cell."""
    faults, lengths, cells = [], Counter(), 0
    for name, who in readers():
        page = ask(clients[who], "GET", reverse(name))
        tables = Tables.of(page)
        faults += [f"{name}: {who} has {row} under {heads}" for heads, row in tables.rows if row != heads[1:]]
        cells += len(tables.rows)
        shown = page.response.context["page"]
        with acting_as(world.cast[who]) as by:
            view = open_list(name, "", by)
            if not view.columns:
                continue
            before = AccessLog.objects.count()
            rows = [row for some in view.rows_of_file() for row in some]
            read = sorted(key for one in AccessLog.objects.order_by("pk")[before:] for key in one.people)
            people = sorted(key for one in shown.rows for key in view.people_on(one))
        lengths[name] += len(rows)
        if shown.next:
            continue
        if (len(rows), read) != (len(shown.rows), people):
            faults.append(f"{name}: {who} sees {len(shown.rows)} rows and gets {len(rows)}; {people}, {read}")
        more = world.canaries.within(str(rows)) - world.canaries.within(page.all_of_it)
        faults += [f"{name}: {who} gets {world.canaries.fields[token]} in the file alone" for token in more]
    assert faults == [] and cells > 100
    assert sum(map(bool, lengths.values())) > 20


def readers() -> Iterator[tuple[str, str]]:
    """(list, who): of those who may open it the first two, whose roles differ most; the suite plays one of them, by turns."""
    may = {line.address: line.may for line in lines() if line.method == "GET" and not line.of}
    for number, name in enumerate(lists()):
        two = ("coordinator", "dpo") if may[name] == (EVERYBODY,) else may[name][:2]
        yield from ((name, who) for who in (two if PROOF else [two[number % len(two)]]))


def test_a_choice_of_every_filter_is_a_filter(world):
    """The first and the last. It answers, and what is kept or made a file of is that choice."""
    faults, asked = [], 0
    for name, who in dict(reversed(list(readers()))).items():
        with acting_as(world.cast[who]) as by:
            filters = open_list(name, "", by).filters
            for one in filters.form.visible_fields() if filters else ():
                values = list(values_of(getattr(one.field, "choices", ())))
                for value in {*values[:1], *values[-1:]}:
                    asked += 1
                    query = f"{one.html_name}={value}"
                    view = open_list(name, query, by)
                    shown = chosen(view.filters.form, view.request.GET)
                    if coded(view) != query or len(view.rows) > view.total or not shown:
                        faults.append(f"{name}?{query}: kept as {coded(view)!r}")
    assert faults == [] and asked > 50


def values_of(choices) -> Iterator[str]:
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from values_of(label)
        elif value and isinstance(value, str):
            yield value


@dataclass
class Tables(HTMLParser):
    """Of each row of a page's tables: the names of the table's columns, and the labels of the row's cells."""

    rows: list[tuple[list[str], list[str]]] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)
    in_head: bool = False

    def __post_init__(self) -> None:
        super().__init__()

    @classmethod
    def of(cls, page: Answer) -> "Tables":
        parser = cls()
        parser.feed(page.body.decode())
        return parser

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        role = given.get("role")
        self.in_head = role == "columnheader"
        if role == "table":
            self.heads = []
        elif role == "rowheader":
            self.rows.append((self.heads, []))
        elif role == "cell":
            self.rows[-1][1].append(given.get("data-label"))

    def handle_endtag(self, tag):
        self.in_head = False

    def handle_data(self, data):
        if self.in_head:
            self.heads.append(data)
