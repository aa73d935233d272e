"""What a person agreed to, withdrawn or not, and how the ways to reach them changed."""

from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone

from referrals import events, policy
from referrals.models import Consent, Person, Referral
from referrals.views.about_person import PersonPage
from rj_service.audit.models import DomainEvent
from rj_service.ui.references import spoken

OF_CONTACT = (events.CONTACT_STRICTER, events.CONTACT_CHANGED, events.PAUSED, events.PAUSE_ENDED, events.DIED)
WAYS = {
    "may_phone": "phone",
    "may_leave_voicemail": "voicemail",
    "may_text": "text message",
    "may_email": "email",
    "may_write": "letter",
}
SHOWN = 20


class ConsentsView(PersonPage):
    permission = "referrals.view"
    template_name = "referrals/consents.html"

    def get_context_data(self, **kwargs):
        given = Consent.objects.filter(person=self.person, referral=self.object)
        consents = list(given.select_related("recorded_by", "withdrawn_by").order_by("-recorded_at", "id"))
        own_page = reverse("referrals:detail", args=[self.object.pk])
        return super().get_context_data(
            consents=policy.marked(consents, self.person, timezone.localdate()),
            standing=[one for one in consents if one.withdrawn_at is None],
            entries=changes_of_contact(self.object, self.person),
            can_manage=policy.can_manage(self.request.user, self.object),
            crumbs=[
                ("Referrals", reverse("referrals:list")),
                (spoken(self.object.reference), own_page),
                ("Agreements", ""),
            ],
            **kwargs,
        )


def changes_of_contact(referral: Referral, person: Person) -> list[dict]:
    about = DomainEvent.objects.about(referral).filter(verb__in=OF_CONTACT, people__contains=[person.pk])
    found = list(about.order_by("-id")[:SHOWN])
    names = get_user_model().objects.in_bulk({event.actor_id for event in found if event.actor_id})
    return [
        {
            "title": events.SENTENCES[event.verb],
            "by": names[event.actor_id].get_short_name() if event.actor_id in names else "",
            "at": event.occurred_at or event.at,
            "words": ", ".join(WAYS[name] for name in event.detail.get("fields", ()) if name in WAYS).capitalize(),
        }
        for event in found
    ]
