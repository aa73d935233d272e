"""The first page after signing in: what needs this person, by the role they work in."""

from datetime import date
from functools import cached_property
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from cases import changes
from cases.attention import Tasks, cover, rows_of, tasks
from reporting import attention, oversight
from reporting.supervising import to_supervise
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
    Role.TRAINING_LEAD: "training:today",
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
        queue, to_do = attention.queue(user, today), tasks(user, today)
        meetings = attention.meetings(user, today)
        self.read(
            kind="list",
            label="referrals.task",
            ids=[row.pk for row in (*to_do.safety, *to_do.open, *(meeting.intervention for meeting in meetings))],
        )
        needs = attention.needs(user, today, queue, to_do, meetings)
        return {
            "needs": _with_addresses(needs),
            "tiles": _tiles(queue, attention.open_cases(user), attention.vetting_ends(user, today)),
            "meetings": meetings,
            **self._to_do(to_do),
            "create_url": address("referrals:create"),
            **self._changed(),
        }

    def _to_do(self, found: Tasks) -> dict[str, Any]:
        return {
            "tasks": rows_of(found.open, self.request.user, self.today),
            "tasks_number": found.number,
            "tasks_late": found.late,
            "all_tasks_url": reverse("cases:tasks"),
            **cover(self.request.user, self.today),
        }

    def _changed(self) -> dict[str, Any]:
        return changes.shown_to(self.request.user, self.acting.service_area_id, self.request.session.get("began"))

    def supervision(self) -> dict[str, Any]:
        user = self.request.user
        waiting, meetings = attention.sign_offs(user), attention.meetings(user, self.today)
        to_do = tasks(user, self.today)
        ids = [row.pk for row in (*waiting, *to_do.open, *(meeting.intervention.case for meeting in meetings))]
        self.read(kind="list", label="cases.case", ids=ids)
        complaints = _with_addresses(attention.complaints_due(user, self.today))
        number = sum(not case.is_sent_back for case in waiting)
        supervisions = to_supervise(user, self.today)
        keys = {need.address[1] for need in supervisions}
        self.read(kind="list", label="volunteers.practitioner", ids=list(keys))
        shown = {
            "supervisions": _with_addresses(supervisions),
            "sign_offs": waiting,
            "sign_offs_number": number,
            "meetings": meetings,
            "complaints": complaints,
        }
        return {**shown, **self._to_do(to_do), **self._changed()}

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
    return [{"need": need, "url": address(*need.address) + need.query} for need in needs]


def _linked(tiles: list[oversight.Tile]) -> list[dict[str, Any]]:
    return [
        {"number": tile.number, "label": tile.label, "note": tile.note, "url": address(tile.url_name) + tile.query}
        for tile in tiles
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
