"""Notes: saved as they are typed, signed by their author, put right by an addition and never written over."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from cases import events, policy
from cases.actions.locking import NOT_YOUR_SIDE, again, locked_open, record_on, require
from cases.models import Note, Participant
from cases.models.note import LONGEST_NOTE
from rj_service.accounts.errors import DomainError, StaleState
from rj_service.accounts.models import User


class NoteChanged(StaleState):
    """Saved meanwhile from another window. `theirs` is what that one typed; nothing was written over it."""

    def __init__(self, note: Note):
        super().__init__("This note was changed in another window. Both texts are below.")
        self.note, self.theirs = note, note.draft or note.words


@transaction.atomic
def save_note(
    *, participant: Participant, words: str, version: int, by: User, today: date, adds_to: Note | None = None
) -> Note:
    """The author's one draft about this person, or to that note. `version` is that of the draft as the page was shown, 0 for a
    new one. The same words again change nothing. Raises NoteChanged where it was saved since with other words."""
    case = locked_open(participant.case, by, today)
    require(policy.can_log_contact(by, case, participant.side, today), NOT_YOUR_SIDE)
    if adds_to is not None and (adds_to.participant_id != participant.pk or adds_to.signed_at is None):
        raise DomainError("This note can have no addition")
    if len(words) > LONGEST_NOTE:
        raise DomainError(f"The note must be {LONGEST_NOTE:,} characters or fewer", field="words")
    known = {"case": case, "participant": participant, "author": by, "adds_to": adds_to}
    note = Note.objects.select_for_update().filter(**known, signed_at__isnull=True).first()
    if note is None and version:
        raise StaleState(
            "This note was signed or thrown away in another window. What you typed is below: save it as a new one."
        )
    note = note or Note(**known, side=participant.side)
    if note.draft == words:
        return note
    if note.version != version:
        raise NoteChanged(note)
    note.draft, note.version, note.saved_at = words, note.version + 1, timezone.now()
    note.save()
    return note


@transaction.atomic
def sign_note(
    *, participant: Participant, words: str, version: int, by: User, today: date, adds_to: Note | None = None
) -> Note:
    """From now on everybody on this side reads it, and nobody changes it."""
    if not words.strip():
        raise DomainError("Write the note before you sign it", field="words")
    note = save_note(participant=participant, words=words, version=version, by=by, today=today, adds_to=adds_to)
    note.words, note.draft, note.signed_at = words.strip(), None, timezone.now()
    note.save(update_fields=["words", "draft", "signed_at"])
    verb = events.NOTE_ADDED_TO if adds_to else events.NOTE_SIGNED
    record_on(verb, note.case, by, today, about=participant, note=str(note.pk))
    return note


@transaction.atomic
def throw_away_draft(*, note: Note, by: User) -> None:
    held = again(note)
    require(held.author_id == by.pk, "This draft is somebody else’s.")
    if held.signed_at is not None:
        raise StaleState("This note is signed. An addition puts it right.")
    held.delete()
