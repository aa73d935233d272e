"""Files of a case: taken in on a side, and removed when they ought not to be there."""

from datetime import date

from django.db import transaction
from django.db.models.functions import Now

from cases import events, policy
from cases.actions.locking import again, locked, locked_open, record_on, require
from cases.choices import DocumentKind
from cases.models import Case, CaseDocument
from rj_service.accounts.errors import DomainError, StaleState
from rj_service.accounts.models import User
from rj_service.documents.actions import delete_file, store_file
from rj_service.documents.uploads import taken_in


@transaction.atomic
def keep_document(
    *, case: Case, side: str, kind: str, words: str, content: bytes, by: User, today: date, dated: date | None = None
) -> CaseDocument:
    """`side` of Side ("neither": of both, for those alone who may see both), `kind` of DocumentKind; `dated`: the day it
    bears. What is taken: `documents.uploads`. Its name stays behind: names of files name people."""
    case = locked_open(case, by, today)
    require(policy.can_log_contact(by, case, side, today), "This side is worked by somebody else. Ask the coordinator.")
    if kind not in DocumentKind.values:
        raise DomainError("Choose what it is", field="kind")
    if not words.strip():
        raise DomainError("Say in a few words what it is", field="words")
    if dated is not None and dated > today:
        raise DomainError("The day must be today or in the past", field="dated")
    upload = taken_in(content)
    file = store_file([upload.content], kind="case_document", content_type=upload.content_type, by=by)
    kept = CaseDocument.objects.create(
        case=case, side=side, kind=kind, words=words.strip(), dated=dated, file=file, added_by=by
    )
    record_on(events.DOCUMENT_KEPT, case, by, today, document=str(kept.pk), side=side, kind=kind)
    return kept


@transaction.atomic
def remove_document(*, document: CaseDocument, reason: str, by: User, today: date) -> CaseDocument:
    """On the wrong side, of another case, asked for by whom it is about: its bytes go at once and for good."""
    case = locked(document.case, by, today)
    fresh = again(document)
    require(policy.can_remove_document(by, case, fresh), "The coordinator, or whoever added it, can remove it.")
    if fresh.removed_at is not None:
        raise StaleState("This document was removed already.")
    if not reason.strip():
        raise DomainError("Say why it is removed", field="reason")
    delete_file(fresh.file)
    fresh.removed_at, fresh.removed_by, fresh.removed_reason = Now(), by, reason.strip()
    fresh.save(update_fields=["removed_at", "removed_by", "removed_reason"])
    record_on(events.DOCUMENT_REMOVED, case, by, today, document=str(fresh.pk), side=fresh.side)
    return fresh
