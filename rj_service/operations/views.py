"""Pages of the audit trail, the queue and the service's health; and the plain pages that everybody may read."""

from django.conf import settings
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.views.generic import TemplateView

from rj_service.accounts.views import SIGNED_IN, GuardedListView, GuardedTemplateView, GuardedView
from rj_service.audit.models import AccessLog, DomainEvent
from rj_service.jobs.models import LeasedRow
from rj_service.operations import checks, queue, setting_up, trail
from rj_service.operations.events import every_sentence
from rj_service.operations.forms import WhoLookedForm
from rj_service.ui.paging import keyset

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

    def get_context_data(self, **kwargs):
        form = WhoLookedForm(self.request.GET if "person" in self.request.GET else None)
        answer = self.answer(form) if form.is_bound and form.is_valid() else {}
        return super().get_context_data(form=form, **answer, **kwargs)

    def answer(self, form):
        asked = form.cleaned_data
        rows = trail.who_looked(asked["person"], asked["first_day"], asked["last_day"])
        page = keyset(
            trail.in_sight(rows, self.request.user), order=("-id",), after=self.request.GET.get("after"), size=100
        )
        trail.with_names(page.rows)
        self.read(kind="search", label="audit.accesslog", ids=[asked["person"]])
        return {"page": page, "is_known": trail.is_known(asked["person"], self.request.user)}


class EventsView(GuardedListView):
    permission = "operations.view_audit"
    template_name = "operations/events.html"
    model = DomainEvent

    def get_context_data(self, **kwargs):
        rows = trail.in_sight(DomainEvent.objects.all(), self.request.user)
        page = keyset(rows, order=("-id",), after=self.request.GET.get("after"), size=50)
        sentences = every_sentence()
        for event in trail.with_names(page.rows):
            event.sentence = sentences.get(event.verb, event.verb)
        self.read(kind="list", label="audit.domainevent")
        return super().get_context_data(page=page, **kwargs)


class JobsView(GuardedTemplateView):
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
        jobs = [(row, queue.name_of(type(row))) for row in queue.listed(self.request.user, state)]
        return super().get_context_data(items=items, jobs=jobs, state=state, **kwargs)


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
            job=job, name=queue.name_of(type(job)), percent=percent, may_retry=may_retry, **kwargs
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
