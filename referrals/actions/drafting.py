"""A referral is written over days, in more than one window, with calls in between, and is sent once."""

import json
import uuid
from datetime import date, timedelta

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from referrals import policy
from referrals.actions.receive import NewReferral, receive_referral
from referrals.models import Referral, ReferralDraft
from referrals.models.drafting import Typed
from rj_service.accounts.errors import NotAllowed, StaleState
from rj_service.accounts.models import ServiceArea, User

KEPT_FOR = timedelta(days=30)
LONGEST = 100_000


class ChangedElsewhere(StaleState):
    """Saved meanwhile from another window. `theirs` is what that one typed on the same page."""

    def __init__(self, draft: ReferralDraft, page: str):
        super().__init__("This page was changed in another window. Nothing of yours was saved over it.")
        self.draft, self.theirs = draft, draft.answers.get(page, {})


@transaction.atomic
def save_draft(*, pk: uuid.UUID, area: ServiceArea, page: str, typed: Typed, version: int, by: User) -> ReferralDraft:
    """What was typed on one page, valid or not. The first words make the draft.

    `version` is that of the draft as the page was shown, 0 for a new one. The same words again change nothing.
    Raises ChangedElsewhere where the page was saved since with other words.
    """
    if not policy.can_create(by, area.pk):
        raise NotAllowed("You cannot make a referral in this area.")
    draft = ReferralDraft.objects.select_for_update().filter(pk=pk).first()
    if draft is None:
        organisation = by.acting.organisation_id if by.acting else None
        return _write(ReferralDraft(pk=pk, service_area=area, organisation_id=organisation, user=by), {page: typed})
    _require_own(draft, by)
    if draft.sent_as_id:
        raise StaleState("This referral was sent already. Nothing was done twice.")
    if draft.answers.get(page, {}) == typed:
        return draft
    if draft.version != version:
        raise ChangedElsewhere(draft, page)
    return _write(draft, draft.answers | {page: typed})


@transaction.atomic
def send_draft(*, draft: ReferralDraft, new: NewReferral, by: User, today: date) -> Referral:
    """The referral that the draft has become; sent twice, it is the same one."""
    held = ReferralDraft.objects.select_for_update().get(pk=draft.pk)
    _require_own(held, by)
    if held.sent_as is not None:
        return held.sent_as
    if held.version != draft.version:
        raise StaleState("An answer was changed in another window. Check the answers again.")
    referral = receive_referral(area=held.service_area, new=new, by=by, today=today)
    held.sent_as, held.content = referral, "{}"
    held.save(update_fields=["sent_as", "content"])
    return referral


@transaction.atomic
def begin_same_incident(*, sent: ReferralDraft, by: User) -> ReferralDraft:
    """Another person harmed by what a sent referral was about: nobody is asked what happened a second time."""
    if sent.sent_as is None or sent.user_id != by.pk:
        raise NotAllowed("Send the first referral before you add another person.")
    return _write(
        ReferralDraft(
            service_area=sent.service_area,
            organisation=sent.organisation,
            user=by,
            same_incident=sent.sent_as.incident,
        ),
        {},
    )


@transaction.atomic
def delete_draft(*, draft: ReferralDraft, by: User) -> None:
    _require_own(draft, by)
    ReferralDraft.objects.filter(pk=draft.pk, sent_as__isnull=True).delete()


def delete_old_drafts() -> int:
    """Those that nobody went on with, of every area. Returns how many."""
    return ReferralDraft._base_manager.filter(sent_as__isnull=True, saved_at__lt=Now() - KEPT_FOR).delete()[0]


def _require_own(draft: ReferralDraft, by: User) -> None:
    if draft.user_id != by.pk:
        raise NotAllowed("This draft is somebody else's.")


def _write(draft: ReferralDraft, answers: dict[str, Typed]) -> ReferralDraft:
    content = json.dumps(answers, ensure_ascii=False)
    if len(content) > LONGEST:
        raise StaleState(f"This referral is longer than {LONGEST:,} characters. Shorten the notes.")
    draft.content, draft.version, draft.saved_at = content, draft.version + 1, timezone.now()
    draft.save()
    return draft
