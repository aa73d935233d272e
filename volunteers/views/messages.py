"""Messages to many volunteers: those that were sent, a new one, and a volunteer's own."""

from collections.abc import Mapping
from itertools import chain
from types import MappingProxyType
from typing import Any

from django.urls import reverse

from rj_service.accounts.errors import DomainError
from rj_service.accounts.models import ServiceArea
from rj_service.accounts.views import GuardedFormView, GuardedListView, GuardedTemplateView
from volunteers import actions, forms
from volunteers.choices import Reached
from volunteers.models import Message, MessageTo, Practitioner
from volunteers.views.practitioner import parts


class Messages(GuardedListView):
    permission = "volunteers.manage"
    model = Message
    template_name = "volunteers/messages.html"
    heading = "Messages to volunteers"
    thing = "message"
    empty = "No message was sent yet. Each volunteer reads it as written to themselves alone."
    order = ("-sent_at", "id")
    order_words = "newest first"
    no_file = "words to volunteers, read on this page"

    def show(self, rows):
        return rows.select_related("sent_by").with_readers()

    def complete(self, rows: list[Any]) -> None:
        """By name whom it did not reach here."""
        others = MessageTo.objects.filter(message__in=[row.pk for row in rows]).exclude(reached=Reached.HERE)
        people: dict[Any, dict[str, list[Practitioner]]] = {row.pk: {} for row in rows}
        for one in others.select_related("practitioner__learner").order_by("practitioner__learner__last_name", "pk"):
            people[one.message_id].setdefault(one.reached, []).append(one.practitioner)
        for row in rows:
            row.unreached = [(Reached(way).label, actions.names_of(them)) for way, them in people[row.pk].items()]

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        return super().get_context_data(items=parts("messages", self.request.user), **kwargs)


class WriteMessage(GuardedFormView):
    permission = "volunteers.manage"
    form_class = forms.MessageForm
    template_name = "volunteers/write_message.html"
    success_message = "The message is sent. Nobody sees who else it went to."
    unreached: Mapping[str, list[Practitioner]] = MappingProxyType({})

    def get_form_kwargs(self):
        people = Practitioner.objects.visible_to(self.request.user)
        return super().get_form_kwargs() | {"area_id": self.acting.service_area_id, "practitioners": people}

    def perform(self, form):
        area = ServiceArea.objects.get(pk=self.acting.service_area_id)
        to, sent_to = form.chosen()
        self.require_known(form, actions.how_reached(to))
        written = form.cleaned_data
        return actions.send_message(
            area=area,
            heading=written["subject"],
            words=written["words"],
            to=to,
            sent_to=sent_to,
            by=self.request.user,
        )

    def require_known(self, form, found: dict[str, list[Practitioner]]) -> None:
        """Whom it does not reach here is read by name before it is sent."""
        unreached = {way: people for way, people in found.items() if way != Reached.HERE and people}
        reaches_somebody = found[Reached.HERE] or found[Reached.RINGS]
        if reaches_somebody and unreached and not form.knows(chain(*unreached.values())):
            self.unreached = unreached
            raise DomainError("Look who does not read it here, then answer the question", field="knows_who")

    def get_success_url(self):
        return reverse("volunteers:messages")

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        words = {
            "heading": "Write to volunteers",
            "button": "Send it",
            "lead": "They get a notification and read it here. Their email says only that there is a message.",
        }
        unreached = [(Reached(way).label, actions.names_of(people)) for way, people in self.unreached.items()]
        ids = [one.pk for people in self.unreached.values() for one in people]
        if ids:
            self.read(kind="list", label="volunteers.practitioner", ids=ids)
        return super().get_context_data(back_url=reverse("volunteers:messages"), unreached=unreached, **words, **kwargs)


class MyMessages(GuardedTemplateView):
    permission = "volunteers.view_own"
    template_name = "volunteers/my_messages.html"

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        own = MessageTo.objects.visible_to(self.request.user).select_related("message__sent_by")
        found = list(own.order_by("-message__sent_at")[:50])
        actions.note_messages_read(by=self.request.user)
        self.read(kind="list", label="volunteers.message", ids=[one.message_id for one in found])
        return super().get_context_data(messages_to_me=found, **kwargs)
