"""A list by its name, opened as somebody would open it now: for a file of it, and for filters to keep."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, QueryDict
from django.urls import NoReverseMatch, resolve, reverse

from rj_service.accounts.models import User
from rj_service.accounts.views import GuardedListView
from rj_service.ui import filters


def open_list(name: str, query: str, user: User) -> GuardedListView | None:
    """`name`: of its address, as "referrals:list". None where there is no list for them. Needs `acting_as`."""
    try:
        path = reverse(name)
    except NoReverseMatch:
        return None
    found = resolve(path)
    view_class = getattr(found.func, "view_class", None)
    if view_class is None or not issubclass(view_class, GuardedListView):
        return None
    request = HttpRequest()
    request.method, request.path, request.path_info = "GET", path, path
    request.GET, request.resolver_match, request.user = QueryDict(query), found, user
    view = view_class(**getattr(found.func, "view_initkwargs", {}))
    view.setup(request, *found.args, **found.kwargs)
    try:
        view.check_permission()
    except PermissionDenied:
        return None
    return view


def address_of(view: GuardedListView) -> str:
    query = coded(view)
    return f"{view.request.path}?{query}" if query else view.request.path


def coded(view: GuardedListView) -> str:
    """What of its address is a filter of its own with a valid value. Nothing else is kept of it, or carried on."""
    return "" if view.filters is None else filters.coded(view.filters.form, view.request.GET)


def coded_to_save(view: GuardedListView) -> str:
    """Less a name that was searched for: that is forgotten after a day."""
    query = QueryDict(coded(view), mutable=True)
    query.pop("named", None)
    return query.urlencode()
