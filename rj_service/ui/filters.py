"""Chosen filters, repeated above a list as links that take them away again."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict

from rj_service.ui.dates import PARTS
from rj_service.ui.forms import GovukForm


class FilterForm(GovukForm):
    """A list's filters as one form, used as a FilterSet is: `form`, and `qs`, the rows that it leaves."""

    def __init__(self, data: QueryDict | None = None, *, queryset: QuerySet, request: HttpRequest) -> None:
        asks = data is not None and any(name in data for name in self.base_fields)
        super().__init__(data if asks else None)
        self._rows = queryset

    @property
    def form(self) -> "FilterForm":
        return self

    @property
    def qs(self) -> QuerySet:
        return self.narrow(self._rows, self.cleaned_data if self.is_bound and self.is_valid() else {})

    def narrow(self, rows: Any, asked: dict[str, Any]) -> Any:
        raise NotImplementedError


class NamedFilter(FilterForm):
    """`named`: words that are kept (`lists.finding`). It stands in the form unseen, so that another filter keeps it."""

    named = forms.UUIDField(required=False, widget=forms.HiddenInput)


def coded(form: forms.BaseForm, query: QueryDict) -> str:
    """What of a query is a valid value of these filters. A number is kept as it was understood, without words around it."""
    kept = QueryDict(mutable=True)
    form.is_valid()
    understood = getattr(form, "cleaned_data", {})
    for field in form:
        for name in _parts(field) if field.name in understood else ():
            values = [value for value in query.getlist(name) if value]
            number = understood[field.name] if isinstance(understood[field.name], UUID) else None
            kept.setlist(name, [str(number)] if values and number else values)
    return kept.urlencode()


def _parts(field: forms.BoundField) -> list[str]:
    is_date = getattr(field.field.widget, "is_date", False)
    return [f"{field.html_name}_{part}" for part in PARTS] if is_date else [field.html_name]


def chosen(form: forms.BaseForm, query: QueryDict) -> list[dict[str, str]]:
    """`label` and `url` for each filter in the query; the url keeps the others and goes to the first page."""
    return [
        {"label": f"{field.label}: {label}", "url": _without(query, field.html_name, value)}
        for field in form.visible_fields()
        for value, label in _labelled(field, query.getlist(field.html_name))
    ]


def _labelled(field: forms.BoundField, values: list[str]) -> Iterator[tuple[str, str]]:
    labels = dict(_flat(getattr(field.field, "choices", ())))
    yield from ((value, labels[value]) for value in values if value and value in labels)


def _flat(choices: Any) -> Iterator[tuple[str, str]]:
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from _flat(label)
        else:
            yield str(value), str(label)


def _without(query: QueryDict, name: str, value: str) -> str:
    rest = query.copy()
    rest.setlist(name, [other for other in rest.getlist(name) if other != value])
    for page in ("after", "from"):
        rest.pop(page, None)
    return f"?{rest.urlencode()}"


def cleared(form: forms.BaseForm, query: QueryDict) -> str:
    """The address without what was chosen; what the form carries unseen stays."""
    rest = QueryDict(mutable=True)
    for field in form.hidden_fields():
        rest.setlist(field.html_name, query.getlist(field.html_name))
    return f"?{rest.urlencode()}"
