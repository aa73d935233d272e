"""How a bound field becomes a control of the design system: which kind, which classes, what describes it."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.safestring import SafeString

CLASSES = {
    "select": "govuk-select",
    "textarea": "govuk-textarea",
    "file": "govuk-file-upload",
    "text": "govuk-input",
}
NARROW = {"tel": "govuk-input--width-20", "number": "govuk-input--width-5"}


def kind_of(field: forms.BoundField) -> str:
    widget = field.field.widget
    if widget.is_hidden:
        return "hidden"
    if getattr(widget, "is_date", False):
        return "date"
    for kind, classes in (
        ("checkboxes", (forms.CheckboxSelectMultiple,)),  # before radios: Django derives it from them
        ("radios", (forms.RadioSelect,)),
        ("checkbox", (forms.CheckboxInput,)),
        ("select", (forms.Select,)),
        ("textarea", (forms.Textarea,)),
        ("file", (forms.FileInput,)),
    ):
        if isinstance(widget, classes):
            return kind
    return "text"


def character_limit(field: forms.BoundField) -> int | None:
    return getattr(field.field, "max_length", None) if kind_of(field) == "textarea" else None


def described_by(field: forms.BoundField) -> str:
    parts = [field.field.widget.attrs.get("aria-describedby", "")]
    parts += [f"{field.auto_id}_hint"] if field.help_text else []
    parts += [f"{field.auto_id}-info"] if character_limit(field) else []
    parts += [f"{field.auto_id}_error"] if field.errors else []
    return " ".join(part for part in parts if part)


def rendered(field: forms.BoundField) -> SafeString:
    kind = kind_of(field)
    if kind == "hidden":
        return field.as_widget()
    widget = field.field.widget
    given = widget.attrs.get("class", "")
    classes = [CLASSES[kind], given]
    if kind == "text" and "govuk-input--width" not in given:
        classes.append(NARROW.get(getattr(widget, "input_type", ""), ""))
    if kind == "textarea" and character_limit(field):
        classes.append("govuk-js-character-count")
    if field.errors:
        classes.append(f"{CLASSES[kind]}--error")
    attrs: dict[str, Any] = {"class": " ".join(name for name in classes if name)}
    if describing := described_by(field):
        attrs["aria-describedby"] = describing
    if kind == "textarea":
        attrs |= {"rows": widget.attrs.get("rows") if str(widget.attrs.get("rows", "10")) != "10" else 5}
        attrs |= {"cols": None, "maxlength": None}  # the count warns; a paste is never cut silently
    if getattr(widget, "input_type", "") == "email":
        attrs["spellcheck"] = "false"
    return field.as_widget(attrs={name: value for name, value in attrs.items() if value is not None} | _unset(attrs))


def _unset(attrs: dict[str, Any]) -> dict[str, bool]:
    return {name: False for name, value in attrs.items() if value is None}


def anchor(field: forms.BoundField) -> str:
    """The id of the first thing in the field that takes the focus."""
    return f"{field.auto_id}_0" if kind_of(field) in {"radios", "checkboxes", "date"} else field.auto_id


def errors_of(given: Any) -> Iterator[dict[str, str]]:
    """Of a form, of a formset or of nothing."""
    if not given:
        return
    if hasattr(given, "forms"):
        yield from ({"words": str(words), "anchor": ""} for words in given.non_form_errors())
        for form in given.forms:
            yield from errors_of(form)
        return
    yield from ({"words": str(words), "anchor": ""} for words in given.non_field_errors())
    for field in given:
        yield from ({"words": str(words), "anchor": anchor(field)} for words in field.errors)


def _reveals(form: forms.BaseForm) -> dict[str, dict[str, tuple[str, ...]]]:
    return getattr(form, "reveals", {})


def _revealed_names(form: forms.BaseForm) -> set[str]:
    return {name for options in _reveals(form).values() for names in options.values() for name in names}


def top_fields(form: forms.BaseForm) -> Iterator[forms.BoundField]:
    """Without those that an answer of another field reveals: they stand under that answer."""
    below = _revealed_names(form)
    return (field for field in form if field.name not in below)


def revealed_by(field: forms.BoundField, value: object) -> list[forms.BoundField]:
    return [field.form[name] for name in _reveals(field.form).get(field.name, {}).get(str(value), ())]


def option_hint(field: forms.BoundField, value: object) -> str:
    return getattr(field.form, "option_hints", {}).get(field.name, {}).get(str(value), "")


def is_heading(field: forms.BoundField) -> bool:
    return getattr(field.form, "heading", None) == field.name


def says_optional(field: forms.BoundField) -> bool:
    if field.field.required or kind_of(field) in {"hidden", "checkbox"}:
        return False
    return field.name not in _revealed_names(field.form) | set(getattr(field.form, "not_marked_optional", ()))


def date_parts(field: forms.BoundField) -> list[dict[str, Any]]:
    widget = field.field.widget
    values = widget.subvalues(field.value())
    own = widget.attrs.get("autocomplete") == "bday"
    return [
        {
            "id": f"{field.auto_id}_{place}",
            "name": f"{field.html_name}_{part}",
            "label": part.capitalize(),
            "value": value,
            "width": 4 if part == "year" else 2,
            "autocomplete": f"bday-{part}" if own else "",
        }
        for place, (part, value) in enumerate(zip(("day", "month", "year"), values, strict=True))
    ]
