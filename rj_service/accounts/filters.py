"""What lists of accounts can be narrowed to: coded fields only."""

from typing import Any

from django import forms

from rj_service.accounts.models import RecoveryRequestQuerySet, UserQuerySet
from rj_service.accounts.roles import Role
from rj_service.ui.filters import FilterForm

ANY = [("", "Any")]


class PeopleFilter(FilterForm):
    role = forms.ChoiceField(label="Role", choices=[*ANY, *Role.choices], required=False)
    state = forms.ChoiceField(
        label="State", choices=[*ANY, ("active", "Active"), ("disabled", "Disabled")], required=False
    )
    factor = forms.ChoiceField(
        label="Second factor", choices=[*ANY, ("yes", "Set up"), ("no", "Not set up")], required=False
    )

    def narrow(self, rows: UserQuerySet, asked: dict[str, Any]) -> UserQuerySet:
        if asked.get("role"):
            rows = rows.in_role(asked["role"])
        if asked.get("state"):
            rows = rows.filter(is_active=asked["state"] == "active")
        return rows.filter(has_factor=asked["factor"] == "yes") if asked.get("factor") else rows


class RecoveryFilter(FilterForm):
    checked = forms.ChoiceField(
        label="Checked by", choices=[*ANY, ("nobody", "Nobody yet"), ("one", "One person")], required=False
    )

    def narrow(self, rows: RecoveryRequestQuerySet, asked: dict[str, Any]) -> RecoveryRequestQuerySet:
        checked = asked.get("checked")
        return rows.filter(first_checked_by__isnull=checked == "nobody") if checked else rows
