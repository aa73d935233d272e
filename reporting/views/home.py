"""The first page after signing in: what needs this person, by the role they work in."""

from datetime import date
from functools import cached_property
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from referrals.working_days import working_days_between
from reporting import attention, changes, oversight
from rj_service.accounts.roles import Role
from rj_service.accounts.views import SIGNED_IN, GuardedTemplateView
from rj_service.ui.templatetags.ui import capped

# Roles whose home is a page of their own app.
ELSEWHERE: dict[str, str] = {
    Role.OPCC_REVIEWER: "reporting:figures",
    Role.STEERING_GROUP: "reporting:figures",
    Role.NATIONAL_ANALYST: "reporting:national",
    Role.PRACTITIONER: "cases:my-work",
    Role.HUB_WORKER: "referrals:mine",
    Role.PARTNER_REFERRER: "referrals:mine",
    Role.TRAINING_LEAD: "training:list",
}
TEMPLATES = {
    Role.COORDINATOR: "reporting/home.html",
    Role.SERVICE_MANAGER: "reporting/home.html",
    Role.CASE_SUPERVISOR: "reporting/home_supervisor.html",
    Role.DATA_PROTECTION_OFFICER: "reporting/home_oversight.html",
    Role.SYSTEM_ADMINISTRATOR: "reporting/home_oversight.html",
}


def address(name: str, *arguments) -> str:
    """Empty for a page that this installation does not mount: its link is left out."""
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return ""


class HomeView(GuardedTemplateView):
    permission = SIGNED_IN

    @property
    def role(self) -> str:
        return self.acting.role if self.acting else ""

    @cached_property
    def today(self) -> date:
        return timezone.localdate()

    def get(self, request, *args, **kwargs) -> HttpResponse:
        elsewhere = address(ELSEWHERE[self.role]) if self.role in ELSEWHERE else ""
        return HttpResponseRedirect(elsewhere) if elsewhere else super().get(request, *args, **kwargs)

    def get_template_names(self) -> list[str]:
        return [TEMPLATES.get(self.role, "reporting/home_plain.html")]

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        parts = {
            Role.COORDINATOR: self.coordination,
            Role.SERVICE_MANAGER: self.coordination,
            Role.CASE_SUPERVISOR: self.supervision,
            Role.DATA_PROTECTION_OFFICER: self.protection,
            Role.SYSTEM_ADMINISTRATOR: self.administration,
        }
        build = parts.get(self.role)
        return super().get_context_data(today=self.today, **(build() if build else {}), **kwargs)

    def coordination(self) -> dict[str, Any]:
        user, today = self.request.user, self.today
        queue, tasks = attention.queue(user, today), attention.tasks(user, today)
        meetings = attention.meetings(user, today)
        self.read(
            kind="list",
            label="referrals.task",
            ids=[row.pk for row in (*tasks.safety, *tasks.open, *(meeting.intervention for meeting in meetings))],
        )
        needs = attention.needs(user, today, queue, tasks, meetings)
        return {
            "needs": _with_addresses(needs),
            "tiles": _tiles(queue, attention.open_cases(user), attention.vetting_ends(user, today)),
            "meetings": meetings,
            "tasks": [_task(task, today) for task in tasks.open],
            "tasks_number": tasks.number,
            "tasks_late": tasks.late,
            "create_url": address("referrals:create"),
            **self._changed(),
        }

    def _changed(self) -> dict[str, Any]:
        last = changes.last_visit(self.request.user, self.request.session.get("began"))
        found = changes.since(self.request.user, self.acting.service_area_id, last) if last else []
        entries = [
            {
                "title": change.title,
                "by": change.by,
                "at": change.at,
                "address": address(*change.address),
                "address_words": change.reference or "See the import",
            }
            for change in found
        ]
        return {"last_visit": last, "changes": entries}

    def supervision(self) -> dict[str, Any]:
        user = self.request.user
        waiting, meetings = attention.sign_offs(user), attention.meetings(user, self.today)
        ids = [row.pk for row in (*waiting, *(meeting.intervention.case for meeting in meetings))]
        self.read(kind="list", label="cases.case", ids=ids)
        complaints = _with_addresses(attention.complaints_due(user, self.today))
        return {"sign_offs": waiting, "meetings": meetings, "complaints": complaints}

    def protection(self) -> dict[str, Any]:
        return {
            "tiles": _linked(oversight.for_protection(self.today, self.acting.service_area_id)),
            "lead": "Who looked at what, and the trail of what was done. Casework is not open to this role.",
        }

    def administration(self) -> dict[str, Any]:
        return {
            "tiles": _linked(oversight.for_administration(self.today)),
            "lead": "Accounts, areas, jobs and health. Casework is not open to this role.",
        }


def _with_addresses(needs: list[attention.Need]) -> list[dict[str, Any]]:
    return [{"need": need, "url": address(*need.address)} for need in needs]


def _linked(tiles: list[oversight.Tile]) -> list[dict[str, Any]]:
    return [
        {"number": tile.number, "label": tile.label, "note": tile.note, "url": address(tile.url_name)} for tile in tiles
    ]


def _tiles(queue: attention.Queue, cases: dict[str, int], vetting: int) -> list[dict[str, Any]]:
    return [
        _tile(
            queue.to_decide, "Referrals to decide", "referrals:list", f"{capped(queue.past_their_time)} past their time"
        ),
        _tile(queue.waiting, "Waiting for an answer", "referrals:waiting", f"{queue.waiting_past} overdue"),
        _tile(
            queue.interested,
            "Interested, no suspect identified",
            "referrals:interested",
            f"{capped(queue.checks_due)} checks due this week",
        ),
        _tile(cases["number"], "Open cases", "cases:list", f"{cases['without_lead']} with no lead facilitator"),
        _tile(vetting, "Vetting ends within 28 days", "volunteers:list", "DBS or police vetting"),
    ]


def _tile(number: int, label: str, name: str, note: str) -> dict[str, Any]:
    return {"number": number, "label": label, "url": address(name), "note": note}


def _task(task, today: date) -> dict[str, Any]:
    is_late = task.due_on < today
    late = working_days_between(task.due_on, today) if is_late else 0
    return {
        "task": task,
        "url": address(*attention.address_of(task)),
        "reference": attention.reference_of(task),
        "words": task.words or task.get_kind_display(),
        "is_late": is_late,
        "is_today": task.due_on == today,
        "late_words": f"{late} working day{'' if late == 1 else 's'} late" if late else "Late",
    }
