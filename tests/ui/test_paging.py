"""Every row once, in order, in both directions, whatever the order and wherever there is nothing."""

import datetime as dt
import itertools
import random

import pytest
from django.db import connection
from django.db.models import F, Value
from django.db.models.functions import NullIf
from django.test.utils import CaptureQueriesContext

from rj_service.accounts.models import Organisation
from rj_service.ui.paging import capped_count, keyset
from tests.factories import OrganisationFactory, UserFactory

pytestmark = pytest.mark.django_db
START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
ORDERS = [
    ("id",),
    ("-id",),
    ("created_at", "id"),
    ("-created_at", "id"),
    ("-created_at", "-id"),
    ("confirmed_at", "id"),
    ("-confirmed_at", "id"),
    ("-confirmed_at", "kind", "-id"),
    ("kind", "-confirmed_at", "id"),
    ("confirmed_by__last_name", "-created_at", "id"),
]


@pytest.fixture
def organisations(area):
    chance = random.Random(7)  # noqa: S311
    people = [UserFactory(last_name=name) for name in ("Ash", "Wren")]
    for number in range(37):
        confirmed = chance.random() < 0.6
        OrganisationFactory(
            service_area=area,
            name=f"Organisation {number}",
            kind=chance.choice(["police", "housing", "health"]),
            created_at=START + dt.timedelta(days=chance.randrange(5)),
            confirmed_at=START + dt.timedelta(days=chance.randrange(4)) if confirmed else None,
            confirmed_by=chance.choice(people) if confirmed else None,
        )
    return Organisation.objects.all()


def expected(queryset, order):
    keys = [
        F(name.removeprefix("-")).desc(nulls_last=True) if name.startswith("-") else F(name).asc(nulls_last=True)
        for name in order
    ]
    return list(queryset.order_by(*keys))


def forwards(queryset, order, size):
    pages = [keyset(queryset, order=order, size=size)]
    while pages[-1].next:
        pages.append(keyset(queryset, order=order, after=pages[-1].next, size=size))
    return pages


@pytest.mark.parametrize(("order", "size"), list(itertools.product(ORDERS, (1, 7, 37, 50))))
def test_every_row_once_and_in_order_both_ways(organisations, order, size):
    all_rows = expected(organisations, order)
    pages = forwards(organisations, order, size)
    assert [row for page in pages for row in page.rows] == all_rows
    assert [page.start for page in pages] == list(range(1, 38, size))
    assert pages[0].previous is None
    back = [pages[-1]]
    while back[-1].previous:
        back.append(keyset(organisations, order=order, after=back[-1].previous, size=size))
    assert [page.rows for page in reversed(back)] == [page.rows for page in pages]
    assert [page.start for page in reversed(back)] == [page.start for page in pages]
    if len(back) > 1:
        again = keyset(organisations, order=order, after=back[-1].next, size=size)
        assert again.rows == pages[1].rows


def test_rows_that_come_or_go_meanwhile_move_no_other(organisations):
    order = ("created_at", "id")
    first = keyset(organisations, order=order, size=10)
    rest = expected(organisations, order)[10:]
    OrganisationFactory(service_area=first.rows[0].service_area, created_at=START - dt.timedelta(days=1))
    first.rows[-1].delete()
    assert keyset(organisations, order=order, after=first.next, size=10).rows == rest[:10]


def test_an_annotation_can_be_an_order(organisations):
    queryset = organisations.annotate(shown=NullIf("kind", Value("health")))
    order = ("-shown", "id")
    assert [row for page in forwards(queryset, order, 8) for row in page.rows] == expected(queryset, order)


@pytest.mark.parametrize("cursor", ["", "x", "gAAAAABn" * 20, "é", None, "a" * 5000])
def test_a_cursor_that_is_not_ours_gives_the_first_page(organisations, cursor):
    page = keyset(organisations, order=("id",), after=cursor, size=5)
    assert page.rows == expected(organisations, ("id",))[:5] and page.previous is None


def test_a_cursor_of_another_order_gives_the_first_page(organisations):
    other = keyset(organisations, order=("-created_at", "id"), size=5).next
    assert keyset(organisations, order=("created_at", "id"), after=other, size=5).start == 1


def test_a_cursor_tells_nothing(organisations):
    page = keyset(organisations, order=("name", "id"), size=5)
    assert "Organisation" not in page.next and str(page.rows[-1].id)[:8] not in page.next


def test_a_page_is_one_query_whatever_its_size(organisations, django_assert_num_queries):
    after = keyset(organisations, order=("-created_at", "id"), size=3).next
    for size in (1, 3, 30):
        with django_assert_num_queries(1):
            keyset(organisations, order=("-created_at", "id"), after=after, size=size)


def test_an_index_can_start_at_the_cursor(organisations):
    after = keyset(organisations, order=("-created_at", "id"), size=3).next
    with CaptureQueriesContext(
        connection,
    ) as queries:
        keyset(organisations, order=("-created_at", "id"), after=after, size=3)
    assert '"created_at" <= ' in queries[0]["sql"]


def test_a_count_stops_one_past_its_cap(organisations):
    assert capped_count(organisations, cap=10) == 11
    assert capped_count(organisations, cap=100) == 37
    assert capped_count(organisations.none()) == 0


def test_what_a_row_shows_is_asked_of_the_page_alone(organisations, django_assert_num_queries):
    order = ("confirmed_by__last_name", "-created_at", "id")
    bare = keyset(organisations, order=order, size=5)
    with django_assert_num_queries(2) as asked:
        page = keyset(organisations, order=order, size=5, show=lambda rows: rows.annotate(more=Value("more")))
    assert [(row.pk, row.more) for row in page.rows] == [(row.pk, "more") for row in bare.rows]
    assert ["'more'" in one["sql"] for one in asked] == [False, True]
    second = keyset(organisations, order=order, size=5, after=page.next, show=lambda rows: rows)
    assert second.rows == keyset(organisations, order=order, size=5, after=bare.next).rows
