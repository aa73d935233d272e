"""
A form in steps, one thing a page: which are asked, which comes next, what the check page says. It keeps nothing.

Answers are what was typed, by step: `{"reach": {"phone": ["07700 900142"]}}`. Whoever keeps them, in a session or in a
draft, keeps them so; the forms read them anew each time, and a step that no longer holds is asked again.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.forms import Field, Form
from django.http import QueryDict

from rj_service.ui.controls import kind_of
from rj_service.ui.templatetags.ui import day

Answers = Mapping[str, Mapping[str, list[str]]]
Cleaned = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Step:
    """`when`: whether it is asked, and `given`: what its form is made with, both by the answers of the steps before it."""

    key: str
    title: str
    form: type[Form]
    when: Callable[[Cleaned], bool] = lambda before: True
    given: Callable[[Cleaned], dict[str, Any]] = lambda before: {}


class Steps(tuple[Step, ...]):
    def read(self, answers: Answers) -> "Progress":
        progress = Progress()
        for step in self:
            if step.when(progress.cleaned):
                progress.add(step, answers.get(step.key))
        return progress


@dataclass
class Progress:
    """How far the answers go. `cleaned`: by step, without what lies under an option that is not chosen."""

    asked: list[Step] = field(default_factory=list)
    forms: dict[str, Form] = field(default_factory=dict)
    cleaned: dict[str, dict[str, Any]] = field(default_factory=dict)
    current: Step | None = None  # the first that is not answered

    def add(self, step: Step, typed: Mapping[str, list[str]] | None) -> None:
        form = step.form(_query(typed) if typed is not None else None, **step.given(self.cleaned))
        self.asked.append(step)
        self.forms[step.key] = form
        if typed is not None and form.is_valid():
            self.cleaned[step.key] = _answered(form)
        elif self.current is None:
            self.current = step

    @property
    def is_complete(self) -> bool:
        return self.current is None

    def step(self, key: str) -> Step | None:
        """The step, when it is asked and every step before it is answered."""
        for step in self.asked:
            if step.key == key:
                return step
            if step is self.current:
                return None
        return None

    def form(self, step: Step, data: QueryDict | None = None) -> Form:
        """With what is typed now, else as it was answered."""
        return self.forms[step.key] if data is None else step.form(data, **step.given(self.cleaned))

    def after(self, step: Step) -> Step | None:
        """None: the check page."""
        return next(iter(self.asked[self._place(step) + 1 :]), None)

    def before(self, step: Step) -> Step | None:
        return self.asked[self._place(step) - 1] if self._place(step) else None

    def sections(self, address: Callable[[Step], str]) -> list[dict[str, Any]]:
        """For templates/ui/_answers.html: a card a step, what was answered in words, the way back to change it."""
        return [
            {"title": step.title, "change_url": address(step), "rows": list(_rows(self.forms[step.key]))}
            for step in self.asked
            if step.key in self.cleaned
        ]

    def _place(self, step: Step) -> int:
        return [one.key for one in self.asked].index(step.key)


def typed(form: Form) -> dict[str, list[str]]:
    """What the form's own fields read of the data it is bound to; files are not kept."""
    return {name: values for name in _names(form) if any(values := form.data.getlist(name))}  # type: ignore[attr-defined]


def _names(form: Form) -> Iterator[str]:
    for one in form:
        parts = getattr(one.field.widget, "widgets_names", [""])
        yield from (f"{one.html_name}{part}" for part in parts)


def _query(values: Mapping[str, list[str]]) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, several in values.items():
        data.setlist(name, several)
    return data


def _answered(form: Form) -> dict[str, Any]:
    left_out = _not_revealed(form)
    return {name: value for name, value in form.cleaned_data.items() if name not in left_out}


def _not_revealed(form: Form) -> set[str]:
    left_out: set[str] = set()
    for name, options in getattr(form, "reveals", {}).items():
        chosen = form.cleaned_data.get(name)
        chosen = {str(one) for one in chosen} if isinstance(chosen, list) else {str(chosen)}
        left_out |= {below for option, names in options.items() if str(option) not in chosen for below in names}
    return left_out


def _rows(form: Form) -> Iterator[dict[str, str]]:
    answered = _answered(form)
    for one in form:
        if one.name in answered and kind_of(one) != "hidden":
            yield {"label": str(one.label), "value": in_words(one.field, answered[one.name])}


def in_words(asked: Field, value: Any) -> str:
    """'Phone call, email', '24 November 2026', 'Yes', or as the field's own `in_words` says it. Empty for no answer."""
    if value in (None, "", []):
        return ""
    if own := getattr(asked, "in_words", None):
        return own(value)
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, dt.date):
        return day(value)
    if isinstance(value, list):
        return ", ".join(in_words(asked, one) for one in value)
    choices = {str(key): str(label) for key, label in getattr(asked, "choices", ())}
    return choices.get(str(value), str(value))
