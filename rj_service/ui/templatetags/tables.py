"""A table of rows: cards on a phone, read as a table by those who listen to it.

    {% table "Offers to be made" %}
        {% for row in rows %}
            {% row row.row_state %}
                {% cell "Referral" %}...{% endcell %}
                {% cell "Clock" %}...{% endcell %}
            {% endrow %}
        {% endfor %}
    {% endtable %}

A column's name stands once, at its cell: the cells of the first row make the head, and the first cell heads its row. A row
that is given "stop" or "soon" has a bar at its left; the same must stand in words in the row. A second word of `table` is a
class of its own.
"""

from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

HEADS, CELLS = "heads of the table", "cells of the row"
BARS = ("stop", "soon")


class Block(template.Node):
    """What stands between {% tag … %} and {% endtag %}, with the words that it was given."""

    def __init__(self, nodelist: NodeList, given: list[FilterExpression]) -> None:
        self.nodelist, self.given = nodelist, given

    @classmethod
    def tag(cls, parser: Parser, token: Token) -> "Block":
        name, *given = token.split_contents()
        nodelist = parser.parse((f"end{name}",))
        parser.delete_first_token()
        return cls(nodelist, [parser.compile_filter(one) for one in given])

    def words(self, context: template.Context) -> list[Any]:
        return [one.resolve(context) for one in self.given]


class TableBlock(Block):
    def render(self, context: template.Context) -> SafeString:
        caption, *list_class = self.words(context)
        heads: list[str] = []
        with context.push(**{HEADS: heads}):
            rows = self.nodelist.render(context)
        whole = context.template.engine.get_template("ui/table.html")  # type: ignore[union-attr]
        shown = {"caption": caption, "list_class": " ".join(filter(None, list_class)), "heads": heads, "rows": rows}
        return whole.render(template.Context(shown))


class RowBlock(Block):
    def render(self, context: template.Context) -> SafeString:
        labels: list[str] = []
        with context.push(**{CELLS: labels}):
            cells = self.nodelist.render(context)
        if not context[HEADS]:
            context[HEADS].extend(labels)
        state = "".join(self.words(context)[:1])
        bar = f" rj-row--{state}" if state in BARS else ""
        return format_html('<tr class="govuk-table__row{}" role="row">{}</tr>', bar, cells)


class CellBlock(Block):
    def render(self, context: template.Context) -> SafeString:
        [label] = self.words(context)
        words = self.nodelist.render(context)
        labels = context[CELLS]
        labels.append(label)
        if len(labels) == 1:
            return format_html('<th scope="row" class="govuk-table__header" role="rowheader">{}</th>', words)
        return format_html('<td class="govuk-table__cell" role="cell" data-label="{}">{}</td>', label, words)


register.tag("table", TableBlock.tag)
register.tag("row", RowBlock.tag)
register.tag("cell", CellBlock.tag)
