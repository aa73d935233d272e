"""Pages of the audit trail, the queue and the service's health; and the plain pages that everybody may read."""

from typing import ClassVar
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.views.generic import TemplateView

from rj_service.accounts.views import SIGNED_IN, GuardedListView, GuardedTemplateView, GuardedView
from rj_service.audit.models import AccessLog, DomainEvent
from rj_service.jobs.models import LeasedRow
from rj_service.operations import checks, faults, queue, setting_up, trail
from rj_service.operations.events import every_sentence
from rj_service.operations.forms import AccessFilter, EventFilter, WhoLookedForm
from rj_service.ui import alerts
from rj_service.ui.templatetags.ui import when

KINDS = dict(AccessLog.Kind.choices)
ROOMS = (
    ("People", "accounts:people", "Who works here, in which role; invitations", "accounts.manage"),
    ("Organisations and areas", "accounts:areas", "Who refers to you, local areas, postcodes", "accounts.manage"),
    ("Words of requests", "referrals:request-words", "What agencies are asked, by kind", "referrals.keep_words"),
    ("Directory, pathways and agreements", "referrals:directory", "Who else works with people here", "referrals.view"),
    ("Move in", "cases:move-ins", "Open cases and waiting people from an earlier system", "cases.move_in"),
    ("Archives", "moving_out:archives", "Everything that the area keeps, as one file", "moving_out.ask"),
    ("Jobs", "operations:jobs", "What is queued, running and failed", "operations.view_jobs"),
    ("Health", "operations:health", "What is red, and what to do", "operations.view_health"),
)


class WhoLookedView(GuardedListView):
    """Who was shown this person between two days. The question itself is in the trail too."""

    permission = "operations.view_audit"
    template_name = "operations/who_looked.html"
    model = AccessLog
    heading = "Who looked"
    filter_class = WhoLookedForm
    order = ("-id",)
    order_words = "newest first"
    page_size = 100
    columns: ClassVar = {
        "When": lambda row: when(row.at),
        "Who": lambda row: row.who,
        "Role": lambda row: row.role,
        "What they did": lambda row: row.get_kind_display(),
        "Page": trail.page_in_words,
    }

    def get_queryset(self):
        return trail.in_sight(AccessLog.objects.all(), self.request.user)

    @property
    def person(self) -> UUID | None:
        """Whom the question is about, once it is whole."""
        return self.filters.cleaned_data["person"] if self.filters.is_valid() else None

    @property
    def empty(self) -> str:
        if self.person is None or trail.is_known(self.person, self.request.user):
            return "Nobody was shown this person between these days."
        return "This person was never shown to anybody. Of a number that was typed: check it."

    def complete(self, rows):
        for row in trail.with_names(rows):
            row.page_in_words = trail.page_in_words(row)

    def log_list(self, rows, *, people, kind):
        if self.person:
            kind = "search" if kind == "list" else kind
            self.read(kind=kind, label=self.model._meta.label_lower, ids=[self.person])

    def get_context_data(self, **kwargs):
        return super().get_context_data(form=self.filters, person=self.person, **kwargs)


class AccessesView(GuardedListView):
    """What stands out among the reads, whoever was read: refusals, contact details, exports, emergencies."""

    permission = "operations.view_audit"
    template_name = "operations/accesses.html"
    model = AccessLog
    heading = "Refused, shown and exported"
    thing = "read"
    empty = "Nothing of the kind was asked for."
    filter_class = AccessFilter
    order = ("-id",)
    order_words = "newest first"
    page_size = 50
    columns: ClassVar = {
        "When": lambda row: when(row.at),
        "Who": lambda row: row.who,
        "Role": lambda row: row.role,
        "What they did": lambda row: row.get_kind_display(),
        "Page": trail.page_in_words,
        "How many people": lambda row: len(row.people),
    }

    def get_queryset(self):
        return trail.in_sight(AccessLog.objects.notable(), self.request.user)

    def complete(self, rows):
        for row in trail.with_names(rows):
            row.page_in_words = trail.page_in_words(row)


class EventsView(GuardedListView):
    permission = "operations.view_audit"
    template_name = "operations/events.html"
    model = DomainEvent
    heading = "Audit"
    thing = "act"
    empty = "Nothing has been done yet. Every act is listed here from then on."
    filter_class = EventFilter
    order = ("-id",)
    order_words = "newest first"
    page_size = 50
    columns: ClassVar = {
        "When": lambda row: when(row.at),
        "Who": lambda row: row.who,
        "Role": lambda row: row.role,
        "What": lambda row: row.sentence,
        "About": lambda row: row.about,
        "Reference": lambda row: row.reference,
    }

    def get_queryset(self):
        return trail.in_sight(DomainEvent.objects.all(), self.request.user)

    def complete(self, rows):
        sentences = every_sentence()
        trail.with_references(rows, self.request.user)
        for event in trail.with_names(rows):
            event.sentence = sentences.get(event.verb, event.verb)


class JobsView(GuardedTemplateView):
    """What runs now, of every kind of leased row together: rows of many tables are no list, and have no file."""

    permission = "operations.view_jobs"
    template_name = "operations/jobs.html"

    def get_context_data(self, **kwargs):
        state = self.request.GET.get("state", "")
        state = state if state in LeasedRow.State.values else LeasedRow.State.FAILED
        counts = queue.counts(self.request.user)
        items = [
            {"label": label, "url": f"?state={value}", "current": value == state, "count": counts[value]}
            for value, label in LeasedRow.State.choices
        ]
        rows = queue.listed(self.request.user, state)
        asked_by = queue.asked_by(rows, self.request.user)
        jobs = [(row, queue.name_of(type(row)), asked_by[row.pk], faults.in_words(row)) for row in rows]
        is_failed = state == LeasedRow.State.FAILED
        kinds = queue.failed_by_kind(self.request.user) if is_failed and jobs else []
        bar = "stop" if is_failed else ""
        return super().get_context_data(items=items, jobs=jobs, kinds=kinds, bar=bar, **kwargs)


class TryAllAgainView(GuardedView):
    """Every failed row of one kind: once the mail server answers again, nobody presses a hundred buttons."""

    permission = "operations.view_jobs"
    http_method_names = ["post", "options"]

    def post(self, request):
        number = queue.try_all_again(request.POST.get("kind", ""), by=request.user)
        if number:
            words = "1 job is" if number == 1 else f"{number:,} jobs are"
            alerts.done(request, f"{words} queued again. Each begins within 30 seconds.")
        return HttpResponseRedirect(reverse("operations:jobs"))


class _JobMixin:
    @property
    def job(self) -> LeasedRow:
        found = queue.find(self.kwargs["pk"], self.request.user)
        if found is None:
            raise Http404
        return found


class JobView(_JobMixin, GuardedTemplateView):
    """Progress of one job, for whoever asked for it. A fragment for htmx, the page for everybody else."""

    permission = SIGNED_IN

    def get_template_names(self):
        return ["operations/_job.html" if self.request.headers.get("HX-Request") else "operations/job.html"]

    def get_context_data(self, **kwargs):
        job = self.job
        percent = 100 * job.progress_done // job.progress_total if job.progress_total else None
        may_retry = self.request.user.may("operations.view_jobs") or job.asked_by_id == self.request.user.pk
        return super().get_context_data(
            job=job,
            name=queue.name_of(type(job)),
            asked_by=queue.asked_by([job], self.request.user)[job.pk],
            error=faults.in_words(job),
            percent=percent,
            may_retry=may_retry,
            **kwargs,
        )


class TryAgainView(_JobMixin, GuardedView):
    permission = SIGNED_IN
    http_method_names = ["post", "options"]

    def post(self, request, pk):
        queue.try_again(self.job, by=request.user)
        return HttpResponseRedirect(reverse("operations:job", args=[pk]))


class SettingsView(GuardedTemplateView):
    """Where whoever answers for an area, or for the service, sets it up."""

    permission = "accounts.manage"
    template_name = "operations/settings.html"

    def get_context_data(self, **kwargs):
        may = self.request.user.may
        return super().get_context_data(
            rooms=[(label, reverse(name), words) for label, name, words, permission in ROOMS if may(permission)],
            **kwargs,
        )


class SetUpView(GuardedTemplateView):
    """The first run: what is missing, the next step on top."""

    permission = "operations.view_health"
    template_name = "operations/set_up.html"

    def get_context_data(self, **kwargs):
        steps = [
            {"title": one.title, "missing": one.missing, "url": reverse(one.url_name) if one.url_name else ""}
            for one in setting_up.steps()
        ]
        following = next((one for one in steps if one["missing"]), None)
        done = sum(not one["missing"] for one in steps)
        context = {"steps": steps, "following": following, "done": done, "dormant_days": settings.RJ_DORMANT_DAYS}
        return super().get_context_data(**context, **kwargs)


class HealthView(GuardedTemplateView):
    permission = "operations.view_health"
    template_name = "operations/health.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(lights=checks.lights(), **kwargs)


class PlainPageView(TemplateView):
    """Help, accessibility, privacy: the same for everybody, signed in or not."""
