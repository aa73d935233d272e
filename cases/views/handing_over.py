"""Handing over everything of a colleague who leaves, or is away for long: whose, to whom, and what came of it."""

from functools import cached_property
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from cases import actions
from cases.forms import HandOverAllForm, WhoseForm
from cases.views.closing import members
from cases.views.tasking import WORKERS
from rj_service.accounts.models import User
from rj_service.accounts.views import GuardedFormView


def colleagues(area_id):
    """Whoever works or worked on cases of the area: a leaver's role may have ended already."""
    known = User.objects.filter(memberships__service_area=area_id, memberships__role__in=WORKERS)
    return known.distinct().order_by("last_name", "first_name")


class WhoseWorkView(GuardedFormView):
    permission = "cases.manage"
    form_class = WhoseForm
    template_name = "ui/question.html"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"colleagues": colleagues(self.acting.service_area_id)}

    def form_valid(self, form):
        self.of = form.cleaned_data["of"]
        return super().form_valid(form)

    def perform(self, form):
        return None

    def get_success_url(self) -> str:
        return reverse("cases:hand-over-all", args=[self.of.pk])

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        words = {"heading": "Hand over a colleague’s work", "button": "Continue", "back_url": reverse("cases:tasks")}
        lead = "For somebody who leaves, or is away for long. You choose for every case."
        return super().get_context_data(**words, lead=lead, **kwargs)


class HandOverAllView(GuardedFormView):
    """One page for all of it; then what moved, what stayed, and why."""

    permission = "cases.manage"
    form_class = HandOverAllForm
    template_name = "cases/hand_over_all.html"

    def check_permission(self) -> None:
        super().check_permission()
        self.of  # noqa: B018 (who never worked here is not there)

    @cached_property
    def today(self):
        return timezone.localdate()

    @cached_property
    def of(self) -> User:
        found = colleagues(self.acting.service_area_id).filter(pk=self.kwargs["colleague"]).first()
        if found is None:
            raise Http404
        return found

    @cached_property
    def held(self) -> list[actions.Held]:
        return actions.held_by(self.of, self.request.user)

    @cached_property
    def tasks(self) -> int:
        return sum(1 for _ in actions.other_tasks(self.of, self.request.user))

    def get_form_kwargs(self):
        parts = [part for part in actions.PARTS if any(one.part == part for one in self.held)]
        if self.tasks and not parts:
            parts = ["coordinator"]
        area = self.acting.service_area_id
        takers = {part: list(members(list(actions.roles_for(part)), area).exclude(pk=self.of.pk)) for part in parts}
        return super().get_form_kwargs() | {"held": self.held, "takers": takers, "tasks": self.tasks}

    def perform(self, form):
        by, today = self.request.user, self.today
        reports = actions.hand_over_all(wishes=form.wishes(), of=self.of, by=by, today=today)
        stayed = None
        if form.takes_tasks:
            stayed = actions.hand_over_tasks(of=self.of, to=form.takes_tasks, by=by, today=today)
        return reports, stayed

    def form_valid(self, form):
        """What came of it is said once, on this page; to send it again moves nothing twice."""
        reports, stayed = self.perform(form)
        moved = [report for report in reports if not report.why_not]
        context = self.get_context_data(
            form=form,
            reports=reports,
            moved=len(moved),
            refused=[report for report in reports if report.why_not],
            takes_tasks=form.takes_tasks,
            stayed=stayed,
        )
        return self.response_class(self.request, ["cases/handed_over.html"], context, using=self.template_engine)

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        self.read(kind="list", label="cases.case", ids=[one.case.pk for one in self.held])
        crumbs = [("Tasks", reverse("cases:tasks")), ("Hand over", "")]
        return super().get_context_data(
            of=self.of,
            held=self.held,
            asks=any(one.assignment for one in self.held),
            tasks=self.tasks,
            crumbs=crumbs,
            **kwargs,
        )
