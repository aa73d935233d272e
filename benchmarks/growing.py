"""An area that grows: every referral and case that is there, with all that hangs on it, copied as often as asked for.

Copies are made by the owner of the database inside the server, 100,000 referrals in a minute or two. Names, contact keys
and references differ from copy to copy, days lie up to two years back, and what belonged together still does.
"""

from typing import Any

from django.apps import apps
from django.db import models

from rj_service.ui.references import ALPHABET, LENGTH

DAYS = 700
LETTERS = "chr(97 + mod(copy, 26)) || chr(97 + mod(copy / 26, 26))"
# Words that every copy has of its own, and what is written behind them.
TOLD_APART = dict.fromkeys(["first_name", "last_name", "organisation_name"], LETTERS) | dict.fromkeys(
    ["hub_reference", "crime_reference"], "'-' || copy"
)
ONCE = {"ImportBatch", "Search"}  # not of one referral


def grown() -> list[type[models.Model]]:
    """What is copied: the tables of referrals and cases whose rows have a UUID, histories aside."""
    return [
        model
        for app in ("referrals", "cases")
        for model in apps.get_app_config(app).get_models()
        if isinstance(model._meta.pk, models.UUIDField)
        and not hasattr(model, "pgh_model")
        and model.__name__ not in ONCE
    ]


class Growing:
    """`to(n)`: n copies of each, besides the first. `cursor` is the owner's, and nobody else writes meanwhile."""

    def __init__(self, cursor: Any) -> None:
        self.cursor = cursor
        self.copies = 0
        self.tables = [_Table(model) for model in grown()]
        for table in self.tables:
            cursor.execute(f'create temp table "first_{table.name}" as table "{table.name}"')
            cursor.execute(f'alter table "{table.name}" disable trigger user')
        for number, table in enumerate(self.tables):
            if table.has_reference:
                # The first ones take the beginning of their table's own range, so that no copy meets one of them.
                cursor.execute(
                    f'update "{table.name}" set reference = {_reference(f"nth_row + {number} * 23 ^ 5")} from '
                    f'(select id as first, row_number() over () as nth_row from "first_{table.name}") as row where id = first'
                )

    def to(self, copies: int) -> None:
        self.cursor.execute("begin")  # what belongs together is looked at when everything is there
        for number, table in enumerate(self.tables):
            self.cursor.execute(table.copy(number), {"after": self.copies, "to": copies})
        self.cursor.execute("commit")
        self.copies = copies
        for table in self.tables:
            self.cursor.execute(f'vacuum analyze "{table.name}"')

    def end(self) -> None:
        self.cursor.execute("rollback")
        for table in self.tables:
            self.cursor.execute(f'alter table "{table.name}" enable trigger user')


class _Table:
    def __init__(self, model: type[models.Model]) -> None:
        self.name = model._meta.db_table
        self.fields = [field for field in model._meta.concrete_fields if not field.generated]
        self.has_reference = any(field.column == "reference" for field in self.fields)

    def copy(self, number: int) -> str:
        columns = ", ".join(f'"{field.column}"' for field in self.fields)
        values = ", ".join(self._value(field, number) for field in self.fields)
        rows = f'(select *, row_number() over () as nth_row from "first_{self.name}") as it'
        copies = "generate_series(%(after)s + 1, %(to)s) as copy"
        return f'insert into "{self.name}" ({columns}) select {values} from {rows}, {copies}'

    def _value(self, field: models.Field, number: int) -> str:
        own = f'it."{field.column}"'
        if field.primary_key or (field.remote_field and field.related_model in grown()):
            return f"md5({own}::text || copy)::uuid"
        if field.column == "reference":
            return _reference(f"nth_row + copy * 1000 + {number} * 23 ^ 5")
        if field.unique and field.null:
            return "null"  # the row of the file that it came from
        if isinstance(field, models.DateField):  # a moment is one too
            return f"{own} - mod(copy, {DAYS}) * interval '1 day'"
        if isinstance(field, models.BinaryField) and field.column.endswith("_key"):
            return f"sha256({own} || copy::text::bytea)"
        return (
            f"case {own} when '' then '' else {own} || {TOLD_APART[field.column]} end"
            if field.column in TOLD_APART
            else own
        )


def _reference(number: str) -> str:
    """That number in the letters of a reference, as SQL."""
    base = len(ALPHABET)
    places = [f"mod(({number})::bigint / {base**power}, {base})" for power in reversed(range(LENGTH))]
    return " || ".join(f"substr('{ALPHABET}', ({place})::int + 1, 1)" for place in places)
