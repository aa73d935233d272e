from django.urls import reverse

from rj_service.accounts.views import SIGNED_IN, GuardedActionView, GuardedListView
from rj_service.notifications.actions import mark_read
from rj_service.notifications.kinds import SENTENCES
from rj_service.notifications.models import Notification
from rj_service.ui.paging import keyset


class NotificationsView(GuardedListView):
    """One's own, newest first. They name nobody, so reading them is no read of a person."""

    permission = SIGNED_IN
    template_name = "notifications/list.html"
    model = Notification

    def get_context_data(self, **kwargs):
        page = keyset(self.get_queryset(), order=("-created_at", "-id"), after=self.request.GET.get("after"))
        notes = [(note, SENTENCES.get(note.kind, "You have an update.")) for note in page.rows]
        return super().get_context_data(page=page, notes=notes, **kwargs)


class OpenNotificationView(GuardedActionView):
    """Mark it read and go to what it is about."""

    permission = SIGNED_IN
    model = Notification

    def perform(self):
        mark_read(self.object, by=self.request.user)

    def get_success_url(self):
        return self.object.url or reverse("notifications:list")


class ReadAllView(GuardedActionView):
    permission = SIGNED_IN
    model = Notification
    success_message = "All are marked as read"

    def perform(self):
        for note in self.get_queryset().unread():
            mark_read(note, by=self.request.user)

    def get_success_url(self):
        return reverse("notifications:list")
