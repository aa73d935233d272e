"""Make a referral: one thing a page, saved as it is typed, checked, sent once."""

import re
import uuid
from functools import cached_property

from django.contrib import messages
from django.core import signing
from django.forms.utils import ErrorDict
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.urls import reverse
from django.utils import timezone

from referrals.actions import ChangedElsewhere, NewReferral, begin_same_incident, delete_draft, save_draft, send_draft
from referrals.choices import Mechanism
from referrals.models import ReferralDraft
from referrals.questions import LEADS, new_referral, steps_for
from referrals.views.known_here import KnownHere, known_here
from rj_service.accounts.errors import DomainError
from rj_service.accounts.models import LocalArea, Organisation, ServiceArea
from rj_service.accounts.roles import Role
from rj_service.accounts.views import GuardedActionView, GuardedDetailView, GuardedFormView, GuardedListView
from rj_service.ui.steps import Progress, Step, Steps, typed
from rj_service.ui.templatetags.ui import clock

VERSION = re.compile(r"[0-9]{1,9}")
REFERRERS = (Role.HUB_WORKER, Role.PARTNER_REFERRER)
AFTER_A_NAME = ("responsible", "asking", "incident")  # the pages after somebody is named, or can be reached


class Drafting:
    """A draft and its pages. `draft` is None until the first words are saved."""

    @cached_property
    def draft(self) -> ReferralDraft | None:
        return self._own(self.kwargs["draft"])

    def _own(self, pk) -> ReferralDraft:
        found = ReferralDraft.objects.all().visible_to(self.request.user).filter(pk=pk).first()
        if found is None:
            raise Http404
        return found

    @property
    def is_referrer(self) -> bool:
        return self.acting.role in REFERRERS

    @cached_property
    def progress(self) -> Progress:
        steps = steps_for(
            is_referrer=self.is_referrer,
            same_incident=bool(self.draft and self.draft.same_incident_id),
            local_areas=LocalArea.objects.filter(service_area=self.acting.service_area_id),
        )
        return steps.read(self.draft.answers if self.draft else {})

    @property
    def data(self) -> dict:
        """The answers of all pages together."""
        return {name: value for answers in self.progress.cleaned.values() for name, value in answers.items()}

    def alike(self) -> list[KnownHere]:
        """Who may be here already: shown, and so written down."""
        found = known_here(self.data, self.request.user, is_referrer=self.is_referrer)
        if found:
            people = [] if self.is_referrer else [key for one in found for key in one.people]
            self.read(kind="search", label="referrals.referral", ids=[one.referral.pk for one in found], people=people)
        return found

    def address(self, step: Step | None) -> str:
        """Of a page, or of the check page."""
        if step is None:
            return reverse("referrals:check-draft", args=[self.draft.pk])
        return reverse("referrals:draft", args=[self.draft.pk, step.key])

    @property
    def home(self) -> str:
        return reverse("referrals:mine" if self.is_referrer else "referrals:list")


class QuestionView(Drafting, GuardedFormView):
    """One page of a draft. Saved by script it answers with a line; by a button it goes on, and back to the check page
    when everything else is answered."""

    permission = "referrals.create"
    template_name = "referrals/draft_question.html"

    def check_permission(self) -> None:
        super().check_permission()
        if self.draft and self.draft.sent_as_id and self.request.method != "POST":
            raise Http404

    @cached_property
    def step(self) -> Step:
        found = self.progress.step(self.kwargs["page"])
        if found is None:
            raise Http404
        return found

    @property
    def pk(self) -> uuid.UUID:
        return self.draft.pk

    @property
    def typed(self) -> QueryDict | None:
        """What comes with this request, or was kept when a session ended before it."""
        return self.request.POST if self.request.method == "POST" else self.kept_words

    def get_form(self, form_class=None):
        form = self.progress.form(self.step, self.typed)
        if self.typed is None:
            form._errors = ErrorDict()  # as it was typed; what is wrong with it is said when they go on
        return form

    def save(self, form) -> ReferralDraft:
        return save_draft(
            pk=self.pk,
            area=ServiceArea.objects.get(pk=self.acting.service_area_id),
            page=self.step.key,
            typed=typed(form),
            version=int(self.request.POST.get("version") or 0),
            by=self.request.user,
        )

    def post(self, request, *args, **kwargs):
        if not VERSION.fullmatch(request.POST.get("version") or "0"):
            raise Http404
        form = self.get_form()
        if request.headers.get("X-Requested-With") == "autosave":
            return self.autosave(form)
        if "save_and_leave" in request.POST:
            return self.leave(form)
        return super().post(request, *args, **kwargs)

    def autosave(self, form) -> HttpResponse:
        if not (self.draft or form.has_changed()):
            return JsonResponse({"words": ""})
        try:
            draft = self.save(form)
        except DomainError as error:
            words = "Changed in another window: see both" if isinstance(error, ChangedElsewhere) else error.message
            return JsonResponse({"words": words}, status=409)
        return JsonResponse({"words": f"Draft saved at {clock(draft.saved_at)}", "version": draft.version})

    def leave(self, form) -> HttpResponse:
        if self.draft or form.has_changed():
            try:
                self.save(form)
            except DomainError as error:
                return self.refused(form, error)
            messages.success(self.request, "Saved. It waits for you for 30 days")
        return HttpResponseRedirect(self.home)

    def form_valid(self, form):
        try:
            self.draft = self.save(form)
        except DomainError as error:
            return self.refused(form, error)
        del self.progress  # read before these answers
        return HttpResponseRedirect(self.address(self.progress.current))

    def refused(self, form, error: DomainError) -> HttpResponse:
        form.is_valid()
        form.add_error(None, error.message)
        changed = error if isinstance(error, ChangedElsewhere) else None
        return self.form_invalid(form, elsewhere=changed)

    def form_invalid(self, form, elsewhere: ChangedElsewhere | None = None):
        context = self.get_context_data(form=form)
        if elsewhere:
            theirs = Steps([self.step]).read({self.step.key: elsewhere.theirs})
            context |= {"theirs": theirs.sections(self.address), "version": elsewhere.draft.version}
        return self.render_to_response(context, status=409 if elsewhere else 422)

    def get_context_data(self, **kwargs):
        place = self.progress.asked.index(self.step)
        before = self.progress.before(self.step)
        return {
            "heading": self.step.title,
            "lead": LEADS.get(self.step.key, ""),
            "caption": f"Question {place + 1} of {len(self.progress.asked)}",
            "version": (self.typed or {}).get("version") or (self.draft.version if self.draft else 0),
            "saved_at": self.draft.saved_at if self.draft else None,
            "back_url": self.address(before) if before else self.home,
            "save_and_leave": True,
            "alike": self.alike() if self.draft and self.step.key in AFTER_A_NAME else (),
        } | super().get_context_data(**kwargs)


class NewReferralView(QuestionView):
    """The first page. Its draft has a name of its own from the start, so that saving it twice makes one."""

    @cached_property
    def draft(self) -> ReferralDraft | None:
        return ReferralDraft.objects.all().visible_to(self.request.user).filter(pk=self.pk).first()

    @cached_property
    def pk(self) -> uuid.UUID:
        named = (self.typed or {}).get("draft", "")
        try:
            return uuid.UUID(signing.loads(named, salt=self.salt))
        except (signing.BadSignature, ValueError):
            return uuid.uuid4()

    @property
    def salt(self) -> str:
        """Somebody else's cannot be used."""
        return f"referral draft of {self.request.user.pk}"

    @cached_property
    def step(self) -> Step:
        return self.progress.asked[0]

    def get_context_data(self, **kwargs):
        drafts = ReferralDraft.objects.all().visible_to(self.request.user).unsent().exclude(pk=self.pk)
        return super().get_context_data(**kwargs) | {
            "draft_name": signing.dumps(str(self.pk), salt=self.salt),
            "has_drafts": self.request.method == "GET" and drafts.exists(),
        }


class CheckDraftView(Drafting, GuardedFormView):
    """Check the answers; send. What is like something already here is shown first."""

    permission = "referrals.create"
    template_name = "referrals/draft_check.html"

    def check_permission(self) -> None:
        super().check_permission()
        self.draft  # noqa: B018 (what is not theirs is not there)

    def get(self, request, *args, **kwargs):
        if self.draft.sent_as_id:
            return HttpResponseRedirect(reverse("referrals:draft-sent", args=[self.draft.pk]))
        return self.render_to_response(self.get_context_data())

    def post(self, request, *args, **kwargs):
        if self.draft.sent_as_id:
            return HttpResponseRedirect(reverse("referrals:draft-sent", args=[self.draft.pk]))
        if str(self.draft.version) != request.POST.get("version"):
            messages.error(request, "An answer was changed in another window. Check the answers again")
            return HttpResponseRedirect(request.path)
        missing = self.progress.current
        if missing:
            return HttpResponseRedirect(self.address(missing))
        try:
            send_draft(draft=self.draft, new=self.new(), by=request.user, today=timezone.localdate())
        except DomainError as error:
            messages.error(request, error.message)
            return HttpResponseRedirect(request.path)
        return HttpResponseRedirect(reverse("referrals:draft-sent", args=[self.draft.pk]))

    def new(self) -> NewReferral:
        data = self.data
        organisation = Organisation.objects.filter(pk=self.acting.organisation_id).first()
        return new_referral(
            data,
            mechanism=data.get("mechanism") or mechanism_of(self.acting.role, organisation),
            received_on=data.get("received_on") or timezone.localdate(),
            organisation=organisation,
            referrer_name=self.request.user.get_full_name() if organisation else "",
            same_incident=self.draft.same_incident,
        )

    def get_context_data(self, **kwargs):
        sections = [
            section | {"rows": blanks_together(section["rows"])} for section in self.progress.sections(self.address)
        ]
        missing = self.progress.current
        if missing:
            rows = [{"label": missing.title, "value": "Still to be answered"}]
            sections.append({"title": missing.title, "rows": rows, "change_url": self.address(missing)})
        return {
            "heading": "Check your answers",
            "sections": sections,
            "alike": self.alike(),
            "same_incident_as": self.draft.same_incident_id,
            "version": self.draft.version,
            "button": "Go on with the questions" if missing else "Send the referral",
            "back_url": self.address(missing or self.progress.asked[-1]),
        } | kwargs


def blanks_together(rows: list[dict]) -> list[dict]:
    """The answers given, and in one last row what was not: twenty empty lines hide the one that is wrong."""
    blank = [row["label"] for row in rows if not row["value"]]
    given = [row for row in rows if row["value"]]
    return [*given, {"label": "Not given", "value": "\n".join(blank)}] if blank else given


def mechanism_of(role: str, organisation: Organisation | None) -> str:
    if role == Role.HUB_WORKER:
        return Mechanism.VICTIMS_HUB
    of_police = organisation is not None and organisation.kind == Organisation.Kind.POLICE
    return Mechanism.POLICE_OFFICER_PCSO if of_police else Mechanism.PARTNER_AGENCY


class SentView(Drafting, GuardedDetailView):
    """The reference, what happens next, and another person harmed by the same incident."""

    permission = "referrals.create"
    model = ReferralDraft
    pk_name = "draft"
    template_name = "referrals/draft_sent.html"

    def get_queryset(self):
        return super().get_queryset().filter(sent_as__isnull=False).select_related("sent_as")

    def get_context_data(self, **kwargs):
        referral = self.object.sent_as
        detail = reverse("referrals:own" if self.is_referrer else "referrals:detail", args=[referral.pk])
        return super().get_context_data(
            **kwargs, referral=referral, detail_url=detail, is_referrer=self.is_referrer, home=self.home
        )


class SameIncidentView(GuardedActionView):
    permission = "referrals.create"
    model = ReferralDraft
    pk_name = "draft"

    def perform(self):
        return begin_same_incident(sent=self.object, by=self.request.user)

    def get_success_url(self) -> str:
        return reverse("referrals:draft", args=[self.result.pk, "harmed"])


class DeleteDraftView(GuardedActionView):
    permission = "referrals.create"
    model = ReferralDraft
    pk_name = "draft"
    success_message = "The draft is deleted"

    def get_queryset(self):
        return super().get_queryset().unsent()

    def perform(self):
        delete_draft(draft=self.object, by=self.request.user)

    def get_success_url(self) -> str:
        return reverse("referrals:drafts")


class DraftListView(GuardedListView):
    permission = "referrals.create"
    model = ReferralDraft
    template_name = "referrals/drafts.html"
    heading = "Referrals not sent"
    empty = "You have nothing that is not sent. What you write is saved while you write it, and stands here until you send it."
    order = ("-saved_at", "-id")
    order_words = "newest first"
    no_file = "One’s own unfinished words, read by nobody else and deleted after 30 days"

    def narrowed(self):
        return self.get_queryset().unsent()

    def complete(self, rows):
        for draft in rows:
            draft.about = about(draft)


def about(draft: ReferralDraft) -> str:
    """Whom a draft names so far."""
    typed = draft.answers.get("harmed", {})
    names = [" ".join(typed.get(name, [""])) for name in ("first_name", "last_name", "organisation_name")]
    return " ".join(filter(None, names)) or "Nobody named yet"
