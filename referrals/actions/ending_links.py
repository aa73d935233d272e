"""A person's own link ends: with the agreement to be contacted, with death, with the referral or its case."""

from django.db.models.functions import Now

from referrals import events
from referrals.choices import LinkEnded
from referrals.models import OwnLink, Person, Referral
from rj_service.accounts.models import User
from rj_service.audit.actions import record


def end_links_of(
    *, because: LinkEnded, by: User, person: Person | None = None, referral: Referral | None = None
) -> None:
    """Of a person, of a referral, or of the one in the other."""
    wanted = {"person": person, "referral": referral}
    found = OwnLink.objects.not_ended().filter(**{name: row for name, row in wanted.items() if row is not None})
    for link in found.select_related("referral").order_by("id"):
        end_link(link, because=because, by=by)


def end_link(link: OwnLink, *, because: LinkEnded, by: User) -> None:
    ended = OwnLink.objects.not_ended().filter(pk=link.pk)
    if ended.update(token_digest=None, ended_at=Now(), ended_by=by, ended_because=because):
        detail = {"side": link.side, "because": because}
        verb = events.OWN_LINK_GUESSED if because == LinkEnded.GUESSED else events.OWN_LINK_ENDED
        record(verb, by=by, on=link.referral, detail=detail, people=[link.person_id])
