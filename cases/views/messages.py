"""Messages and letters between the sides, step by step; of the other side's nothing is there before it was carried."""

from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404

from cases import actions, policy
from cases.choices import CARRYING_MODELS, MessageFinding, MessageStatus, MessageWish
from cases.forms import (
    MessageAnswerForm,
    MessageCarryForm,
    MessageForm,
    MessagePermissionForm,
    MessageReadingForm,
    MessageWishForm,
    MessageWordsForm,
)
from cases.models import Message
from cases.stages import BOTH_SIDES
from cases.views.case_page import EVERY_SIDE, CaseAction, CaseForm, CasePage, shown_again
from cases.views.interventions import OfMeeting
from rj_service.documents.downloads import download
from rj_service.documents.uploads import MOST_BYTES
from rj_service.ui.templatetags.ui import day, when

_S = MessageStatus
FINDINGS = dict(MessageFinding.choices)


def with_pages(form) -> dict[str, Any]:
    return form.cleaned_data | {"pages": [page.read(MOST_BYTES + 1) for page in form.cleaned_data["pages"]]}


class WriteMessageView(OfMeeting, CaseForm):
    """In the author's own words, by whoever works with their side; whoever works with that one alone names nobody of the other."""

    permission = "cases.log_contact"
    form_class = MessageForm
    heading = "Write down a message or letter"
    lead = "It is a draft until its author permits exactly these words."
    button = "Save the draft"
    success_message = "The draft is saved."

    def check_permission(self) -> None:
        super().check_permission()
        if self.meeting.model not in CARRYING_MODELS:
            raise Http404

    @property
    def between(self):
        return self.participants.filter(left_at__isnull=True, side__in=BOTH_SIDES)

    @property
    def authors(self):
        return self.between.filter(side__in=self.sides)

    @cached_property
    def replies_to(self) -> Message | None:
        wanted = self.request.GET.get("to", "")
        carried = Message.objects.visible_to(self.request.user).filter(
            intervention=self.meeting, carried_on__isnull=False
        )
        return next((one for one in carried if str(one.pk) == wanted), None)

    def people_shown(self):
        return [one.person_id for one in self.between]

    def get_form_kwargs(self):
        recipients = self.between if self.sides == EVERY_SIDE else None
        return super().get_form_kwargs() | {"authors": self.authors, "recipients": recipients}

    def get_initial(self):
        reply = self.replies_to
        return {"author": reply.recipient_id, "recipient": reply.author_id, "kind": reply.kind} if reply else {}

    def perform(self, form):
        return actions.write_message(
            intervention=self.meeting,
            replies_to=self.replies_to,
            by=self.request.user,
            today=self.today,
            **with_pages(form),
        )

    def get_success_url(self) -> str:
        return self.case_url("message", self.result.pk)


class OfMessage:
    @cached_property
    def message(self) -> Message:
        seen = Message.objects.visible_to(self.request.user).select_related(
            "intervention", "author__person", "recipient__person", "read_by", "carried_by", "scan"
        )
        return self.child(seen, "message", intervention__case=self.case)

    def check_permission(self) -> None:
        super().check_permission()
        self.message  # noqa: B018 (what is not theirs is not there)

    @property
    def shown_people(self) -> list:
        """A practitioner of one side reads the name of their own alone."""
        both = (self.message.author, self.message.recipient)
        return [one for one in both if one.side in self.sides]

    def people_shown(self):
        return [one.person_id for one in self.shown_people]

    def get_side(self) -> str:
        return self.message.author.side

    def get_back_url(self) -> str:
        return self.case_url("message", self.message.pk)


class MessageView(OfMessage, CasePage):
    """The words, where it stands, and the one step that is next."""

    practitioners_by = "cases.view_assigned"
    template_name = "cases/message.html"
    part = "meetings"

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        message, user = self.message, self.request.user
        writes = policy.can_log_contact(user, self.case, message.author.side, self.today)
        names = {one.pk: one.person.name for one in self.shown_people}
        shown = {
            "message": message,
            "facts": self.facts(names),
            "found": [FINDINGS.get(code, code) for code in message.found.split()],
            "step": self.step(writes),
            "may_change": writes and message.carried_on is None,
            "may_take_back": writes and message.permitted_on is not None and message.carried_on is None,
            "may_reply": message.carried_on is not None
            and policy.can_log_contact(user, self.case, message.recipient.side, self.today),
        }
        return super().get_context_data(**{**kwargs, **shown})

    def facts(self, names: dict) -> list[dict[str, Any]]:
        message = self.message
        read = f"{when(message.read_at)} by {message.read_by.get_short_name()}" if message.read_by else "Not yet"
        permitted = f"{day(message.permitted_on)}, {message.get_permitted_how_display().lower()}"
        carried = f"{day(message.carried_on)} by {message.carried_by.get_short_name()}" if message.carried_by else ""
        facts = [
            {"label": "From", "value": names.get(message.author_id, "The other side")},
            {"label": "To", "value": names.get(message.recipient_id, "The other side")},
            {"label": "What it is", "value": message.get_kind_display()},
            {"label": "Permitted by its author", "value": permitted if message.permitted_on else "Not yet"},
            {"label": "Read for safety", "value": read},
            {"label": "Carried", "value": carried or "Not yet"},
        ]
        if message.recipient.side in self.sides:  # a side is never told who of the other said no
            facts += [
                {"label": "Wishes to have it", "value": message.get_wish_display() or "Not asked yet"},
                {"label": "What became of it", "value": message.get_answer_display() or "Not known yet"},
            ]
        return facts

    def step(self, writes: bool) -> dict[str, str] | None:
        message = self.message
        name, words = "", ""
        if message.status == _S.DRAFT and writes:
            name, words = "permit-message", "Record that its author permits it"
        elif message.status == _S.PERMITTED and self.may_plan:
            name, words = "read-message", "Read it for safety"
        elif message.status == _S.READ and self.may_plan:
            wished = message.wish == MessageWish.YES
            name, words = (
                ("carry-message", "Record that it was carried") if wished else ("message-wish", "Ask the other side")
            )
        elif message.status == _S.CARRIED and policy.can_log_contact(
            self.request.user, self.case, message.recipient.side, self.today
        ):
            name, words = "message-answer", "Record what became of it"
        return {"url": self.case_url(name, message.pk), "words": words} if name else None


class MessageScanView(OfMessage, CasePage):
    """To be kept by the browser and never shown inside the page, like every file."""

    practitioners_by = "cases.view_assigned"

    def get(self, request, *args, **kwargs):
        answer = download(self.message.scan, f"letter-{self.case.reference}")
        self.read(self.case, kind="download", people=self.people_shown())
        return answer


class MessageStep(OfMessage, CaseForm):
    """One step, and back to the message. `planned`: for whoever works with both sides."""

    abstract = True
    permission = "cases.log_contact"
    template_name = "cases/message_step.html"
    planned = False
    act: Any = None

    def check_permission(self) -> None:
        super().check_permission()
        side = self.acts_on.side
        allowed = (
            self.may_plan if self.planned else policy.can_log_contact(self.request.user, self.case, side, self.today)
        )
        if not allowed:
            raise PermissionDenied

    @property
    def acts_on(self):
        return self.message.author

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        return super().get_context_data(**{**kwargs, "message": self.message})

    def perform(self, form):
        known = {"message": self.message, "by": self.request.user, "today": self.today, **self.said(form)}
        with shown_again(form):
            return self.act(**known)

    def said(self, form) -> dict[str, Any]:
        return form.cleaned_data

    def get_initial(self):
        return {"shown": actions.message_mark(self.message)}


class ChangeMessageView(MessageStep):
    permission = "cases.log_contact"
    form_class = MessageWordsForm
    heading = "Change the words"
    lead = "Its author is asked again, and it is read again."
    button = "Save the draft"
    success_message = "The draft is saved."
    act = staticmethod(actions.change_message)

    def get_initial(self):
        return super().get_initial() | {"words": self.message.words}

    def said(self, form):
        return with_pages(form) | {"shown": form.cleaned_data["shown"]}


class PermitMessageView(MessageStep):
    permission = "cases.log_contact"
    form_class = MessagePermissionForm
    heading = "Record that its author permits it"
    lead = "They heard or read exactly these words, know who will get them, and know that they cannot be unsaid."
    button = "Record the permission"
    success_message = "The permission is recorded. It is read for safety next."
    act = staticmethod(actions.permit_message)

    def get_undo_url(self) -> str:
        return self.case_url("take-back-message", self.message.pk)


class ReadMessageView(MessageStep):
    permission = "cases.log_contact"
    form_class = MessageReadingForm
    heading = "Read it for safety"
    button = "Save what I found"
    success_message = "What you found is saved."
    planned = True
    act = staticmethod(actions.read_message)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"has_scan": self.message.scan_id is not None}

    def said(self, form):
        return {name: form.cleaned_data[name] for name in ("found", "has_read_scan", "shown") if name in form.fields}


class MessageWishView(MessageStep):
    permission = "cases.log_contact"
    form_class = MessageWishForm
    heading = "Ask the other side"
    lead = "They hear that there is something for them, and not a word of what it says."
    button = "Save what they said"
    success_message = "What they said is saved."
    planned = True
    act = staticmethod(actions.record_wish)


class CarryMessageView(MessageStep):
    permission = "cases.log_contact"
    form_class = MessageCarryForm
    heading = "Record that it was carried"
    lead = "Every check is asked once more. From then on the other side can read it here."
    button = "Record that it was carried"
    success_message = "It is recorded as carried."
    planned = True
    act = staticmethod(actions.carry_message)

    def get_initial(self):
        return super().get_initial() | {"carried_on": self.today}


class MessageAnswerView(MessageStep):
    permission = "cases.log_contact"
    form_class = MessageAnswerForm
    heading = "Record what became of it"
    button = "Save"
    success_message = "Saved."
    act = staticmethod(actions.record_answer)

    @property
    def acts_on(self):
        return self.message.recipient


class TakeBackMessageView(OfMessage, CaseAction):
    """The author no longer wishes it carried."""

    permission = "cases.log_contact"
    success_message = "It is a draft again. Nothing of it was carried."

    def perform(self):
        return actions.take_back_message(message=self.message, by=self.request.user, today=self.today)

    def get_success_url(self) -> str:
        return self.get_back_url()
