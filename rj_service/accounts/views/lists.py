"""A list page: rows from `visible_to`, narrowed by coded filters, paged by key, every page logged; the same rows for a file."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import TemplateView

from rj_service.accounts.views.guarded import GuardedView
from rj_service.ui.filters import chosen, cleared
from rj_service.ui.paging import Page, capped_count, keyset


class GuardedListView(GuardedView, TemplateView):
    """
    A subclass names its words, its `order` and, of its file, the `columns`: heading -> what stands there of a row. They hold
    no more than the page shows. A list without them says in `no_file` why there is none, or cannot be defined.
    """

    abstract = True
    model: type[models.Model]
    heading = ""
    thing = "row"  # "No row fits these filters."
    empty = ""  # why nothing is there, and what comes next
    list_class = ""
    filter_class: Any = None
    order: Sequence[str] = ()
    order_words = ""
    page_size = 25
    columns: ClassVar[Mapping[str, Callable[[Any], Any]]] = {}
    no_file = ""
    # What a row shows besides, asked of the page's rows alone; see `keyset`.
    show: Callable[[models.QuerySet[Any]], models.QuerySet[Any]] | None = None

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if not cls.__dict__.get("abstract") and bool(cls.columns) == bool(cls.no_file):
            raise TypeError(f"{cls.__name__} has a file, or a reason why not")

    @property
    def list_name(self) -> str:
        """Of its address, as "referrals:list"."""
        match = self.request.resolver_match
        return match.view_name if match else ""

    @property
    def title(self) -> str:
        return self.heading

    @cached_property
    def today(self) -> date:
        return timezone.localdate()

    def get_queryset(self):
        return self.model._default_manager.all().visible_to(self.request.user)

    def narrowed(self):
        """The list before anybody filters it."""
        return self.get_queryset()

    def complete(self, rows: list[Any]) -> None:
        """Give the rows what no queryset can, in a constant number of statements."""

    def row_of(self, found: Any) -> Any:
        """What page and file show of it. Its `row_state`, if it has one, is the bar at its left."""
        return found

    def people_on(self, found: Any) -> Iterable[UUID]:
        """Person ids that its row shows."""
        return ()

    @classmethod
    def names_people(cls) -> bool:
        return cls.people_on is not GuardedListView.people_on

    @cached_property
    def filters(self):
        if self.filter_class is None:
            return None
        return self.filter_class(self.request.GET or None, queryset=self.narrowed(), request=self.request)

    @cached_property
    def found(self):
        return self.searched(self.narrowed() if self.filters is None else self.filters.qs)

    def searched(self, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """What words that were searched for leave of it (`lists.finding`)."""
        return rows

    @cached_property
    def page(self) -> Page:
        return self.page_after(self.request.GET.get("after"), size=self.page_size)

    @cached_property
    def rows(self) -> list[Any]:
        return [self.row_of(one) for one in self.page.rows]

    @cached_property
    def total(self) -> int:
        return capped_count(self.found)

    def page_after(self, after: str | None, *, size: int, kind: str = "list") -> Page:
        page = keyset(self.found, order=self.order, after=after, size=size, show=self.show)
        self.complete(page.rows)
        self.log_list(page.rows, people=[key for one in page.rows for key in self.people_on(one)], kind=kind)
        return page

    def rows_of_file(self, *, size: int = 500) -> Iterator[list[list[Any]]]:
        """The rows of a file, page by page; every page goes into the access log as exported."""
        after = None
        while True:
            page = self.page_after(after, size=size, kind="export")
            rows = [self.row_of(one) for one in page.rows]
            yield [[cell(row) for cell in self.columns.values()] for row in rows]
            after = page.next
            if after is None:
                return

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        words = ("heading", "title", "thing", "empty", "order_words", "list_class")
        context = {name: getattr(self, name) for name in (*words, "page", "rows", "total", "today")}
        context["caption"] = f"{self.title}, {self.order_words}"
        if self.filters is not None:
            form, asked = self.filters.form, self.request.GET
            tags = chosen(form, asked)
            context |= {"filter_form": form, "chosen": tags, "clear_url": cleared(form, asked) if tags else ""}
        return super().get_context_data(**context | kwargs)

    def log_list(self, rows: Iterable, *, people: Iterable[UUID], kind: str) -> None:
        ids = [row.pk for row in rows if isinstance(row.pk, UUID)]
        self.read(kind=kind, label=self.model._meta.label_lower, ids=ids, people=people)
