"""A list page: rows from `visible_to`, narrowed by coded filters, paged by key, every page logged; the same rows for a file."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar
from uuid import UUID

from django.db import models
from django.utils.functional import cached_property
from django.views.generic import TemplateView

from rj_service.accounts.views.guarded import GuardedView
from rj_service.ui.filters import chosen, cleared
from rj_service.ui.paging import Page, capped_count, keyset


class GuardedListView(GuardedView, TemplateView):
    """
    One that names its `order` gets its page, count and filters in the context. `columns` are those of a file of the list:
    heading -> what stands there of a row; a list without them has no file. They hold no more than the page shows.
    """

    abstract = True
    model: type[models.Model]
    filter_class: Any = None
    order: Sequence[str] = ()
    order_words = ""
    columns: ClassVar[Mapping[str, Callable[[Any], Any]]] = {}
    # What a row shows besides, asked of the page's rows alone; see `keyset`.
    show: Callable[[models.QuerySet[Any]], models.QuerySet[Any]] | None = None

    @property
    def list_name(self) -> str:
        """Of its address, as "referrals:list"."""
        match = self.request.resolver_match
        return match.view_name if match else ""

    def get_queryset(self):
        return self.model._default_manager.all().visible_to(self.request.user)

    def narrowed(self):
        """The list before anybody filters it."""
        return self.get_queryset()

    def complete(self, rows: list[Any]) -> None:
        """Give the rows what no queryset can, in a constant number of statements."""

    def people_on(self, row: Any) -> Iterable[UUID]:
        """Person ids that a row shows."""
        return ()

    @cached_property
    def filters(self):
        if self.filter_class is None:
            return None
        return self.filter_class(self.request.GET or None, queryset=self.narrowed(), request=self.request)

    @cached_property
    def found(self):
        return self.narrowed() if self.filters is None else self.filters.qs

    @cached_property
    def page(self) -> Page:
        return self.page_after(self.request.GET.get("after"))

    @cached_property
    def total(self) -> int:
        return capped_count(self.found)

    def page_after(self, after: str | None, *, size: int = 25, kind: str = "list") -> Page:
        page = keyset(self.found, order=self.order, after=after, size=size, show=self.show)
        self.complete(page.rows)
        self.log_list(page.rows, people=[key for row in page.rows for key in self.people_on(row)], kind=kind)
        return page

    def rows_of_file(self, *, size: int = 500) -> Iterator[list[Any]]:
        """The rows of a file, page by page; every page goes into the access log as exported."""
        after = None
        while True:
            page = self.page_after(after, size=size, kind="export")
            yield [[cell(row) for cell in self.columns.values()] for row in page.rows]
            after = page.next
            if after is None:
                return

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        if not self.order:
            return super().get_context_data(**kwargs)
        context: dict[str, Any] = {"page": self.page, "total": self.total, "order_words": self.order_words}
        if self.filters is not None:
            form, asked = self.filters.form, self.request.GET
            tags = chosen(form, asked)
            context |= {"filter_form": form, "chosen": tags, "clear_url": cleared(form, asked) if tags else ""}
        return super().get_context_data(**context | kwargs)

    def log_list(self, rows: Iterable, *, people: Iterable[UUID] = (), kind="list") -> None:
        """Call once the rows of this page are known."""
        ids = [row.pk for row in rows if isinstance(row.pk, UUID)]
        self.read(kind=kind, label=self.model._meta.label_lower, ids=ids, people=people)
