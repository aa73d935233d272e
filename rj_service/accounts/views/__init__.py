from rj_service.accounts.views.guarded import (
    SIGNED_IN,
    GuardedActionView,
    GuardedDetailView,
    GuardedFormView,
    GuardedTemplateView,
    GuardedView,
)
from rj_service.accounts.views.lists import GuardedListView

__all__ = [
    "SIGNED_IN",
    "GuardedActionView",
    "GuardedDetailView",
    "GuardedFormView",
    "GuardedListView",
    "GuardedTemplateView",
    "GuardedView",
]
