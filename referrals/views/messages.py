"""Messages between the organisation that sent a referral and the coordinators: the same on both sides' pages."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone

from referrals import actions, forms, policy, sent
from referrals.filters import OwnMessageFilter
from referrals.models import Referral, ReferralMessage
from rj_service.accounts.models import Membership, User
from rj_service.accounts.views import GuardedFormView, GuardedListView
from rj_service.accounts.views.guarded import ObjectMixin
from rj_service.ui.paging import Page, capped_count, keyset
from rj_service.ui.references import spoken

ON_THE_REFERRAL = 5


def conversation(
    referral: Referral, user: User, *, after: str | None = None, size: int = ON_THE_REFERRAL
) -> dict[str, Any]:
    """What `referrals/_messages.html` shows, newest first. What of it is new to the user is read by that."""
    own = policy.is_its_referrer(user, referral)
    readers = [] if own else actions.readers_of(referral)
    found = ReferralMessage.objects.filter(referral=referral)
    page: Page = keyset(found.for_reading(user), order=("-written_at", "-id"), after=after, size=size)
    if own or policy.can_manage(user, referral):
        actions.read_messages(messages=[message for message in page.rows if message.is_new], by=user)
    if own:
        name_writers(page.rows, referral.service_area_id)
    return {
        "page": page,
        "total": capped_count(found),
        "newest": page.rows[0].pk if page.rows else "",
        "may_write": own or (bool(readers) and policy.can_manage(user, referral)),
        "from_referrer": own,
        "organisation": referral.organisation.name if referral.organisation else referral.referrer_name,
        "readers": [one.get_short_name() for one in readers],
        "taken_by": referral.taken_by,
        "address": reverse("referrals:own-messages" if own else "referrals:messages", args=[referral.pk]),
        "form": forms.MessageForm(auto_id="id_message_%s"),
    }


def name_writers(messages: Iterable[ReferralMessage], area_id: Any) -> None:
    """For the organisation: of a referral that another area goes on with nobody learns which, so its workers have no name."""
    writers = {message.written_by_id for message in messages}
    known = Membership.objects.filter(user__in=writers, service_area=area_id).values_list("user", flat=True)
    for message in messages:
        message.is_from_elsewhere = message.written_by_id not in set(known)


class MessagesView(ObjectMixin, GuardedFormView):
    permission = "referrals.manage"
    model = Referral
    form_class = forms.MessageForm
    template_name = "referrals/messages.html"
    success_message = "Your message is sent"
    back_to = "referrals:detail"

    def get_queryset(self):
        return Referral.objects.all().casework_for(self.request.user).select_related("organisation", "taken_by")

    def get(self, request, *args, **kwargs):
        people = (self.object.person_harmed_id, self.object.person_responsible_id)
        self.read(self.object, people=[key for key in people if key])
        return super().get(request, *args, **kwargs)

    def perform(self, form):
        return actions.write_message(
            referral=self.object,
            by=self.request.user,
            today=timezone.localdate(),
            seen=self.request.POST.get("seen"),
            **form.cleaned_data,
        )

    def get_success_url(self):
        return f"{reverse(self.back_to, args=[self.object.pk])}#messages"

    def get_context_data(self, **kwargs):
        after = self.request.GET.get("after")
        talk = conversation(self.object, self.request.user, after=after, size=25)
        context = super().get_context_data(
            **{
                "object": self.object,
                "talk": talk,
                "page": talk["page"],
                "caption": f"Referral {spoken(self.object.reference)}",
                "back_url": reverse(self.back_to, args=[self.object.pk]),
                "raise_concern_url": reverse("referrals:raise-concern-on", args=[self.object.pk]),
                **kwargs,
            }
        )
        talk["form"] = context["form"]
        return context


class OwnMessagesView(MessagesView):
    permission = "referrals.view_own"
    back_to = "referrals:own"

    def get_queryset(self):
        visible = Referral.objects.all().visible_to(self.request.user)
        return visible.select_related("organisation", "taken_by")


class AllOwnMessagesView(GuardedListView):
    """Every message about what the organisation sent. Its words are read, and marked as read, on the referral's own page."""

    permission = "referrals.view_own"
    model = ReferralMessage
    template_name = "referrals/own_messages.html"
    heading = "Messages"
    thing = "message"
    empty = (
        "Nothing is written yet. On the page of a referral you can ask the coordinators, and read what they ask you."
    )
    filter_class = OwnMessageFilter
    order = ("-written_at", "-id")
    order_words = "newest first"
    no_file = "Messages are read, and marked as read, on the referral’s own page alone"

    def show(self, rows):
        return rows.for_list(self.request.user)

    def complete(self, rows):
        for message in rows:
            message.about = sent.about(sent.words_sent(message.referral))

    def people_on(self, found):
        return sent.people_named(found.referral)
