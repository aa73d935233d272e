"""What stands at a list beside its filters: one's own saved ones, and the ways to save them and to a file."""

from typing import Any

from django import template
from django.urls import reverse

from rj_service.accounts.views import GuardedListView
from rj_service.lists.models import SavedFilters
from rj_service.lists.opening import coded, coded_to_save

register = template.Library()


@register.inclusion_tag("lists/_saved.html", takes_context=True)
def saved_filters(context: dict[str, Any]) -> dict[str, Any]:
    view = context.get("view")
    # One that is about an object has no address of its own to keep.
    if not isinstance(view, GuardedListView) or view.filters is None or view.kwargs:
        return {}
    name, query = view.list_name, coded_to_save(view)
    saved = list(SavedFilters.objects.visible_to(view.request.user).filter(list=name).order_by("name"))
    is_new = bool(query) and bool(context.get("chosen")) and query not in [one.query for one in saved]
    save_url = f"{reverse('lists:save-filters', args=[name])}?{query}"
    return {
        "csrf_token": context.get("csrf_token"),
        "saved": saved,
        "save_url": save_url if is_new else "",
        "query": query,
        "path": view.request.path,
    }


@register.inclusion_tag("lists/_tools.html", takes_context=True)
def list_tools(context: dict[str, Any]) -> dict[str, Any]:
    view = context.get("view")
    shown = {"clear_url": context.get("clear_url")}
    if isinstance(view, GuardedListView) and view.columns:
        shown["file_url"] = f"{reverse('lists:ask-for-file', args=[view.list_name])}?{coded(view)}"
    return shown
