"""Chosen filters, repeated above a list as links that take them away again."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.http import QueryDict


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
    rest.pop("after", None)
    return f"?{rest.urlencode()}"
