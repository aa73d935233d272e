"""The list of tasks, one task, and what is done with it."""

from functools import cached_property
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from cases import actions, policy
from cases.attention import WEEK, TaskRow, own_tasks, rows_of, shown_with
from cases.filters import TaskFilter
from cases.forms import FinishTaskForm, GiveTaskForm, PutOffTaskForm, TaskForm
from cases.models import Case
from cases.views.case_page import CaseForm
from cases.views.closing import members
from referrals.models import Task
from rj_service.accounts.roles import Role
from rj_service.accounts.views import GuardedActionView, GuardedDetailView, GuardedFormView, GuardedListView
from rj_service.accounts.views.guarded import ObjectMixin
from rj_service.ui.paging import capped_count
from rj_service.ui.references import spoken

SHOWN = [("mine", "Mine"), ("late", "Past their day"), ("week", "Next seven days"), ("later", "Later"), ("all", "All")]
EMPTY = {
    "mine": "You have no open task. What happens in your cases writes them here.",
    "late": "No task is past its day.",
    "week": "No task is due in the next seven days.",
    "later": "No task is due after the next seven days.",
    "all": "No task is open.",
}
WORKERS = [Role.COORDINATOR, Role.SERVICE_MANAGER, Role.CASE_SUPERVISOR, Role.PRACTITIONER]


class TaskListView(GuardedListView):
    """What is past its day comes first, then the next seven days, then later."""

    permission = "cases.view"
    template_name = "cases/tasks.html"
    model = Task
    heading = "Tasks"
    thing = "task"
    filter_class = TaskFilter
    order = ("due_on", "id")
    order_words = "due first"
    columns: ClassVar = {
        "Due": lambda row: row.task.due_on,
        "Late": lambda row: row.late_words if row.is_late else "",
        "Task": lambda row: row.task.get_kind_display(),
        "About": lambda row: spoken(row.reference),
        "Side": lambda row: row.task.get_side_display(),
        "Who": lambda row: row.whose,
        "Reminded": lambda row: row.task.nudges,
    }

    @cached_property
    def shown(self) -> str:
        asked = self.request.GET.get("show", "")
        return asked if asked in EMPTY else "mine"

    @property
    def title(self) -> str:
        return f"Tasks: {dict(SHOWN)[self.shown].lower()}"

    @property
    def empty(self) -> str:
        return EMPTY[self.shown]

    def narrowed(self):
        return self.in_state(self.shown)

    def in_state(self, shown: str):
        tasks = self.get_queryset().open()
        if shown == "mine":
            return tasks.filter(own_tasks(self.request.user, self.today))
        if shown == "late":
            return tasks.filter(due_on__lt=self.today)
        if shown == "week":
            return tasks.filter(due_on__gte=self.today, due_on__lt=self.today + WEEK)
        return tasks.filter(due_on__gte=self.today + WEEK) if shown == "later" else tasks

    def show(self, rows):
        return shown_with(rows)

    def complete(self, rows: list[Task]) -> None:
        self.shown_rows = {row.task.pk: row for row in rows_of(rows, self.request.user, self.today)}

    def row_of(self, found: Task) -> TaskRow:
        return self.shown_rows[found.pk]

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        here = reverse("cases:tasks")
        items = [
            {
                "label": label,
                "url": f"{here}?show={name}",
                "current": name == self.shown,
                "count": capped_count(self.in_state(name)),
            }
            for name, label in SHOWN
        ]
        return super().get_context_data(items=items, may_hand_over=self.request.user.may("cases.manage"), **kwargs)


class OfTask(ObjectMixin):
    """Of staff, or of the practitioner whose task it is."""

    permission = "cases.view"
    model = Task
    pk_name = "task"

    @classmethod
    def opened_by(cls) -> frozenset[str]:
        return frozenset(["cases.view", "cases.view_assigned"])

    def get_queryset(self):
        return shown_with(super().get_queryset()).select_related("nudged_by", "done_by", "referral__case")

    @cached_property
    def today(self):
        return timezone.localdate()

    @property
    def own_page(self) -> str:
        return reverse("cases:task", args=[self.object.pk])

    @property
    def after(self) -> str:
        """Where whoever has tasks finds the next."""
        staff = self.request.user.may("cases.view")  # type: ignore[attr-defined]
        return reverse("cases:tasks" if staff else "cases:my-work")


class TaskView(OfTask, GuardedDetailView):
    permission = "cases.view"
    template_name = "cases/task.html"

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        task, user = self.object, self.request.user
        (row,) = rows_of([task], user, self.today)
        staff = user.may("cases.view")
        ends_elsewhere = task.kind in policy.ENDS_ELSEWHERE
        shown = {
            "task": task,
            "row": row,
            "case": getattr(task.referral, "case", None),
            "ends_elsewhere": ends_elsewhere,
            "may_do": policy.can_do(user, task),
            "may_finish": policy.can_do(user, task) and not ends_elsewhere,
            "may_hand_on": policy.can_hand_on(user, task),
            "may_nudge": policy.can_nudge(user, task),
            "crumbs": [("Tasks" if staff else "My work", self.after), (task.get_kind_display(), "")],
        }
        return super().get_context_data(**kwargs | shown)


class TaskForms(OfTask, GuardedFormView):
    """A form about one open task."""

    abstract = True
    template_name = "ui/question.html"
    heading = ""
    button = "Save"

    def check_permission(self) -> None:
        super().check_permission()
        if self.object.done_at is not None:
            raise Http404
        if not self.may():
            raise PermissionDenied

    def may(self) -> bool:
        return policy.can_do(self.request.user, self.object)

    def get_success_url(self) -> str:
        return self.own_page

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        self.read(self.object)
        words = {"heading": self.heading, "button": self.button, "back_url": self.own_page}
        return super().get_context_data(**words, caption=str(self.object), side=self.object.side, **kwargs)

    def act(self, action, **given) -> Task:
        return action(task=self.object, by=self.request.user, today=self.today, **given)


class FinishTaskView(TaskForms):
    permission = "cases.view"
    form_class = FinishTaskForm
    heading = "Is it done?"
    button = "It is done"
    success_message = "The task is done."

    def perform(self, form):
        return self.act(actions.finish_task, **form.cleaned_data)

    def get_success_url(self) -> str:
        return self.after

    def get_undo_url(self) -> str:
        return reverse("cases:take-back-done", args=[self.object.pk])


class TakeBackDoneView(OfTask, GuardedActionView):
    """The button beside what the page says, within minutes."""

    success_message = "The task is open again."

    def perform(self):
        return actions.take_back_done(task=self.object, by=self.request.user, now=timezone.now())

    def get_success_url(self) -> str:
        return self.own_page


class PutOffTaskView(TaskForms):
    permission = "cases.view"
    form_class = PutOffTaskForm
    heading = "Put this off"
    button = "Put it off"
    success_message = "The task is put off."

    def perform(self, form):
        return self.act(actions.put_off_task, **form.cleaned_data)


class GiveTaskView(TaskForms):
    permission = "cases.manage"
    form_class = GiveTaskForm
    heading = "Give this to somebody"
    button = "Give it to them"
    success_message = "They have the task now, and are told."

    @classmethod
    def opened_by(cls) -> frozenset[str]:
        return frozenset([cls.permission])

    def may(self) -> bool:
        return policy.can_hand_on(self.request.user, self.object)

    def get_form_kwargs(self):
        task = self.object
        return super().get_form_kwargs() | {"colleagues": workers(task).exclude(pk=task.assigned_to_id)}

    def perform(self, form):
        return self.act(actions.give_task, **form.cleaned_data)


class NudgeView(OfTask, GuardedActionView):
    permission = "cases.view"
    success_message = "They are reminded: they get a link to the task."

    @classmethod
    def opened_by(cls) -> frozenset[str]:
        return frozenset([cls.permission])

    def perform(self):
        return actions.nudge(task=self.object, by=self.request.user, today=self.today)

    def get_success_url(self) -> str:
        return self.own_page


class AddTaskView(CaseForm):
    permission = "cases.manage"
    form_class = TaskForm
    heading = "Write a task"
    button = "Save the task"
    success_message = "The task is written."

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"colleagues": workers_on(self.case)}

    def perform(self, form):
        return actions.add_task(case=self.case, by=self.request.user, today=self.today, **form.cleaned_data)


def workers(task: Task):
    case = Case.objects.filter(referral=task.referral_id).first()
    return members([Role.COORDINATOR, Role.SERVICE_MANAGER], task.service_area_id) if case is None else workers_on(case)


def workers_on(case: Case):
    """The coordination of the area, the case's supervisor, and who works on it."""
    area = case.service_area_id
    staff = members([Role.COORDINATOR, Role.SERVICE_MANAGER], area)
    own = actions.who_works_on(case)
    return members(WORKERS, area).filter(pk__in=[*staff.values_list("pk", flat=True), *own])
