from django.urls import reverse

from rj_service.accounts.views import SIGNED_IN, GuardedActionView, GuardedListView
from rj_service.notifications.actions import mark_read
from rj_service.notifications.filters import NotificationFilter
from rj_service.notifications.kinds import SENTENCES
from rj_service.notifications.models import Notification
from rj_service.notifications.places import places_of


class NotificationsView(GuardedListView):
    """One's own, newest first. They name nobody, so reading them is no read of a person."""

    permission = SIGNED_IN
    template_name = "notifications/list.html"
    model = Notification
    heading = "Notifications"
    thing = "notification"
    empty = "Nothing yet. When something of yours changes, it says so here."
    filter_class = NotificationFilter
    order = ("-created_at", "-id")
    order_words = "newest first"
    no_file = "They only say that there is news: the news is in the lists that they lead to"

    def show(self, rows):
        return rows.select_related("stands_in_for")

    def complete(self, rows):
        places = places_of(rows, self.request.user)
        for note in rows:
            note.words, note.leads_to = SENTENCES.get(note.kind, "You have an update."), places[note]

    def log_list(self, rows, **kwargs):
        """Nothing was read of anybody."""


class OpenNotificationView(GuardedActionView):
    """Mark it read and go to what it is about."""

    permission = SIGNED_IN
    model = Notification

    def perform(self):
        mark_read(self.object, by=self.request.user)

    def get_success_url(self):
        return places_of([self.object], self.request.user)[self.object] or reverse("notifications:list")


class ReadAllView(GuardedActionView):
    permission = SIGNED_IN
    model = Notification
    success_message = "All are marked as read"

    def perform(self):
        for note in self.get_queryset().unread():
            mark_read(note, by=self.request.user)

    def get_success_url(self):
        return reverse("notifications:list")
