"""Notes of a case: one's own drafts first, then what was signed; and the page where one is written."""

import re
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse

from cases import actions
from cases.actions import NoteChanged
from cases.forms import NoteForm
from cases.models import Note, Participant
from cases.views.case_page import CaseForm, CasePage, first_name_and_initial
from cases.views.people import OfParticipant
from cases.views.proceedings import MayBeDisclosed
from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from rj_service.accounts.views import GuardedActionView
from rj_service.ui.paging import keyset
from rj_service.ui.templatetags.ui import clock

VERSION = re.compile(r"[0-9]{1,9}")


class NotesView(CasePage):
    practitioners_by = "cases.view_assigned"
    template_name = "cases/notes.html"
    part = "notes"

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        user = self.request.user
        seen = Note.objects.visible_to(user).filter(case=self.case).select_related("participant__person", "author")
        additions = Note.objects.signed().select_related("author").order_by("signed_at")
        first = seen.signed().filter(adds_to__isnull=True).prefetch_related(Prefetch("additions", additions))
        page = keyset(first, order=("-signed_at", "-id"), after=self.request.GET.get("after"))
        drafts = list(seen.drafts_of(user).order_by("-saved_at", "id"))
        self.shown = {one.participant.person_id for one in (*page.rows, *drafts)}
        self.shown |= {one.person_id for one in self.people}
        return super().get_context_data(page=page, drafts=drafts, people=self.people, **kwargs)

    def people_shown(self):
        return self.shown


class WriteNoteView(OfParticipant, MayBeDisclosed, CaseForm):
    """Saved by script it answers with a line; by its buttons it is kept as a draft, or signed."""

    permission = "cases.log_contact"
    form_class = NoteForm
    template_name = "cases/write_note.html"
    heading = "Write a note"
    adds_to: Note | None = None

    @cached_property
    def draft(self) -> Note | None:
        own = Note.objects.drafts_of(self.request.user)
        return own.filter(participant=self.participant, adds_to=self.adds_to).first()

    def get_initial(self):
        return {"words": self.draft.draft if self.draft else ""}

    def post(self, request, *args, **kwargs):
        if not VERSION.fullmatch(request.POST.get("version") or "0"):
            raise Http404
        if request.headers.get("X-Requested-With") == "autosave":
            return self.autosave()
        return super().post(request, *args, **kwargs)

    def autosave(self) -> HttpResponse:
        if not (self.draft or self.request.POST.get("words", "").strip()):
            return JsonResponse({"words": ""})
        try:
            note = actions.save_note(words=self.request.POST.get("words", ""), **self.known())
        except DomainError as error:
            words = "Changed in another window: see both" if isinstance(error, NoteChanged) else error.message
            return JsonResponse({"words": words}, status=409)
        return JsonResponse({"words": f"Draft saved at {clock(note.saved_at)}", "version": note.version})

    def known(self) -> dict[str, Any]:
        return {
            "participant": self.participant,
            "version": int(self.request.POST.get("version") or 0),
            "adds_to": self.adds_to,
            "by": self.request.user,
            "today": self.today,
        }

    def form_valid(self, form):
        leaves = "save_and_leave" in self.request.POST
        act = actions.save_note if leaves else actions.sign_note
        try:
            act(words=form.cleaned_data["words"], **self.known())
        except NoteChanged as changed:
            form.add_error(None, changed.message)
            context = self.get_context_data(form=form, theirs=changed.theirs, version=changed.note.version)
            return self.render_to_response(context, status=409)
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
            version = 0 if isinstance(error, StaleState) else self.known()["version"]
            return self.render_to_response(self.get_context_data(form=form, version=version), status=422)
        words = "The draft is saved. Nobody else reads it." if leaves else "The note is signed."
        messages.success(self.request, words)
        return HttpResponseRedirect(self.case_url("notes"))

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        return super().get_context_data(
            **{
                "version": self.request.POST.get("version") or (self.draft.version if self.draft else 0),
                "saved_at": self.draft.saved_at if self.draft else None,
                "short_name": first_name_and_initial(self.participant.person),
                "adds_to": self.adds_to,
                "back_url": self.case_url("notes"),
                **kwargs,
            }
        )


class AddToNoteView(WriteNoteView):
    """A signed note is put right beside it."""

    heading = "Add to a note"

    @cached_property
    def adds_to(self) -> Note:  # type: ignore[override]
        seen = Note.objects.visible_to(self.request.user).signed().filter(adds_to__isnull=True)
        return self.child(seen.select_related("author"), "note")

    @cached_property
    def participant(self) -> Participant:
        found = self.participants.filter(pk=self.adds_to.participant_id).first()
        if found is None:
            raise Http404
        return found


class ThrowAwayDraftView(GuardedActionView):
    """Not under its case: to anybody else there is no such draft."""

    permission = "cases.log_contact"
    model = Note
    pk_name = "note"
    success_message = "The draft is thrown away."

    def get_queryset(self):
        return super().get_queryset().drafts_of(self.request.user)

    def perform(self):
        return actions.throw_away_draft(note=self.object, by=self.request.user)

    def get_success_url(self) -> str:
        return reverse("cases:notes", args=[self.object.case_id])
