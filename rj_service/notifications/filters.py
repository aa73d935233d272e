from typing import Any

from django import forms

from rj_service.notifications.models import NotificationQuerySet
from rj_service.ui.filters import FilterForm


class NotificationFilter(FilterForm):
    read = forms.ChoiceField(label="Show", choices=[("", "All"), ("no", "Not read")], required=False)

    def narrow(self, rows: NotificationQuerySet, asked: dict[str, Any]) -> NotificationQuerySet:
        return rows.unread() if asked.get("read") else rows
