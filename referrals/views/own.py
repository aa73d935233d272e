"""The referrer's own side: what their organisation sent, and what became of it. Nothing of the service's work."""

from typing import ClassVar

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from referrals import actions, forms, sent
from referrals.filters import OwnReferralFilter
from referrals.models import ImportBatch, ProposedChange, Referral, ReferralMessage
from referrals.views.messages import conversation
from referrals.views.offered import offers_of
from rj_service.accounts.views import GuardedDetailView, GuardedFormView, GuardedListView
from rj_service.accounts.views.guarded import ObjectMixin
from rj_service.ui.paging import capped_count
from rj_service.ui.references import spoken

CHANGES_SHOWN = 50
SENDS = "send"  # the button of the page that shows old and new


class OwnReferralsView(GuardedListView):
    permission = "referrals.view_own"
    model = Referral
    template_name = "referrals/mine.html"
    heading = "My referrals"
    thing = "referral"
    empty = "Your organisation has made no referral yet. What you send stands here, with what became of it."
    filter_class = OwnReferralFilter
    order = ("-received_on", "-id")
    order_words = "newest first"
    columns: ClassVar = {
        "Reference": lambda referral: spoken(referral.reference),
        "Whom it is about": lambda referral: referral.about,
        "Received": lambda referral: referral.received_on,
        "What became of it": lambda referral: referral.neutral_outcome.label,
    }

    def show(self, rows):
        return rows.as_sent().with_unread(self.request.user)

    def complete(self, rows):
        for referral in rows:
            referral.about = sent.about(sent.words_sent(referral))

    def people_on(self, found):
        return sent.people_named(found)

    def get_context_data(self, **kwargs):
        user = self.request.user
        may_import = user.may("referrals.import")
        imports = ImportBatch.objects.all().visible_to(user).order_by("-created_at")[:5]
        return super().get_context_data(
            **kwargs,
            unread=capped_count(ReferralMessage.objects.all().visible_to(user).unread_by(user)),
            may_import=may_import,
            imports=imports if may_import else (),
        )


class OwnReferralView(GuardedDetailView):
    """A referral as their organisation sent it, and the neutral outcome (domain 2.16.10)."""

    permission = "referrals.view_own"
    model = Referral
    template_name = "referrals/own.html"

    def get_queryset(self):
        return super().get_queryset().as_sent().select_related("taken_by")

    def people_shown(self):
        words = sent.words_sent(self.object)
        named = words.get("second_first_name") or words.get("second_last_name")
        beside = self.object.also_responsible.order_by("added_at", "id").values_list("person", flat=True)
        return [*sent.people_named(self.object), *(beside[:1] if named else ())]

    def get_context_data(self, **kwargs):
        words = sent.words_sent(self.object)
        own = ProposedChange.objects.filter(referral=self.object).of_its_referrer().select_related("proposed_by")
        changes = own.order_by("-id")[:CHANGES_SHOWN]
        return super().get_context_data(
            **kwargs,
            about=sent.about(words),
            sections=sent.sections(words),
            changes=[asked_for(change) for change in changes],
            talk=conversation(self.object, self.request.user),
            offers=offers_of(self.object, self.request.user),
            raise_concern_url=reverse("referrals:raise-concern-on", args=[self.object.pk]),
            crumbs=[("My referrals", reverse("referrals:mine")), (spoken(self.object.reference), "")],
        )


def asked_for(change: ProposedChange) -> dict:
    column = sent.COLUMN_OF.get(change.field, change.field)
    return {
        "label": sent.LABELS[column],
        "old": sent.shown(column, change.as_sent or ""),
        "new": sent.shown(column, change.new or ""),
        "by": change.proposed_by,
        "at": change.proposed_at,
        "became": change.became,
    }


class ChangeSentView(ObjectMixin, GuardedFormView):
    """What was sent, to be changed; then old and new side by side; then it is sent."""

    permission = "referrals.view_own"
    model = Referral
    form_class = forms.ChangeSentForm
    template_name = "referrals/change_sent.html"
    success_message = "Your changes are sent"

    def get_queryset(self):
        return super().get_queryset().as_sent()

    def get(self, request, *args, **kwargs):
        self.read(self.object, people=sent.people_named(self.object))
        return super().get(request, *args, **kwargs)

    @cached_property
    def words(self) -> dict[str, str]:
        return sent.sent_now(self.object)

    def get_initial(self):
        return sent.typed(self.words)

    def get_form_kwargs(self):
        named = any(self.words.get(name) for name in sent.NAMES_OF_HARMED)
        return super().get_form_kwargs() | {"columns": actions.may_change(self.object), "was_named": named}

    def form_valid(self, form):
        """First the old beside the new; sent from there."""
        changed = actions.changes_of(self.words, form.words)
        if not changed:
            form.add_error(None, "Nothing is changed")
        elif SENDS in self.request.POST:
            return super().form_valid(form)
        else:
            return self.render_to_response(self.get_context_data(form=form, compared=compared(changed)))
        return self.form_invalid(form)

    def perform(self, form):
        seen = self.request.POST.get("seen", "")
        actions.change_sent(
            referral=self.object,
            words=form.words,
            by=self.request.user,
            today=timezone.localdate(),
            seen=int(seen) if seen.isdecimal() and len(seen) < 19 else None,
        )

    def get_success_url(self):
        return actions.own_address(self.object)

    def get_context_data(self, **kwargs):
        newest = ProposedChange.objects.filter(referral=self.object).of_its_referrer().order_by("-id").first()
        typed = [(name, value) for name, values in self.request.POST.lists() for value in values]
        own = actions.own_address(self.object)
        return super().get_context_data(
            **{
                "object": self.object,
                "caption": f"Referral {spoken(self.object.reference)}",
                "newest": newest.pk if newest else 0,
                "typed": [(name, value) for name, value in typed if name not in ("csrfmiddlewaretoken", "seen")],
                "back_url": own,
                "cancel_url": own,
                **kwargs,
            }
        )


def compared(changed: dict[str, tuple[str, str]]) -> list[dict]:
    return [
        {
            "label": sent.LABELS[column],
            "old": sent.shown(column, old),
            "new": sent.shown(column, new),
            "at_once": actions.counts_at_once(column, new),
        }
        for column, (old, new) in changed.items()
    ]
