"""Lists: tables on a desk, cards on a phone, read as tables by those who listen to them."""

from typing import Any

import django_tables2


class Table(django_tables2.Table):
    """
    Give it a `caption`. The first column heads its row. `row_state(record)` may answer "stop" or "soon" for the bar at
    the left; the same must stand in words in the row. Order comes from the queryset, pages from `ui.paging`.
    """

    caption = ""
    list_class = ""

    class Meta:
        template_name = "ui/table.html"
        orderable = False
        default = "Not known"
        empty_text = ""

    def row_state(self, record: Any) -> str:
        return ""

    def as_rows(self) -> list[tuple[str, Any]]:
        return [(self.row_state(row.record), row) for row in self.rows]
