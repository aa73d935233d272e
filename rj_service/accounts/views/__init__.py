from rj_service.accounts.views.guarded import (
    SIGNED_IN,
    GuardedActionView,
    GuardedDetailView,
    GuardedFormView,
    GuardedListView,
    GuardedTemplateView,
    GuardedView,
)

__all__ = [
    "SIGNED_IN",
    "GuardedActionView",
    "GuardedDetailView",
    "GuardedFormView",
    "GuardedListView",
    "GuardedTemplateView",
    "GuardedView",
]
