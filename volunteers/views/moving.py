"""Volunteers from spreadsheets: templates, a dry run, and the move."""

from typing import Any, ClassVar

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone

from rj_service.accounts.models import ServiceArea
from rj_service.accounts.views import GuardedActionView, GuardedDetailView, GuardedFormView, GuardedView
from rj_service.documents.tables_out import csv_bytes
from volunteers import actions, forms
from volunteers.models import PeopleMove
from volunteers.moving_in import TEMPLATES


class TryPeople(GuardedFormView):
    permission = "cases.move_in"
    form_class = forms.MovePeopleForm
    template_name = "volunteers/move_in.html"

    def perform(self, form):
        area = ServiceArea.objects.get(pk=self.acting.service_area_id)
        return actions.try_people(area=area, today=timezone.localdate(), by=self.request.user, **form.cleaned_data)

    def get_success_url(self):
        return reverse("volunteers:people-move", args=[self.result.pk])

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        earlier = PeopleMove.objects.visible_to(self.request.user).select_related("tried_by").order_by("-tried_at")
        words = {
            "heading": "Volunteers from spreadsheets",
            "button": "Try it out",
            "lead": "Every row is tried and taken back. Nothing is made until you press the button on the next page.",
        }
        return super().get_context_data(
            templates=TEMPLATES.values(),
            earlier=[(TEMPLATES[one.template].title, one) for one in earlier[:10]],
            back_url=reverse("volunteers:list"),
            **words,
            **kwargs,
        )


class PeopleTemplate(GuardedView):
    """Headings and one invented row."""

    permission = "cases.move_in"

    def get(self, request, template):
        known = TEMPLATES.get(template)
        if known is None:
            raise Http404
        headers = {"Content-Disposition": f'attachment; filename="{known.key}.csv"'}
        return HttpResponse(csv_bytes(known.rows), content_type="text/csv; charset=utf-8", headers=headers)


class PeopleMoveRecord(GuardedDetailView):
    permission = "cases.move_in"
    model = PeopleMove
    pk_name = "move"
    template_name = "volunteers/people_move.html"
    words: ClassVar = {"made": ("ok", "Will be made"), "here": ("wait", "Already here"), "refused": ("stop", "Refused")}

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        move = self.object
        shown = self.words | ({"made": ("ok", "Made")} if move.moved_at else {})
        rows = [{**row, "state": shown[row["fate"]]} for row in actions.rows_of(move)]
        return super().get_context_data(
            rows=sorted(rows, key=lambda row: (row["fate"] != "refused", row["line"]))[:500],
            number=len(rows),
            title_of=TEMPLATES[move.template].title,
            crumbs=[("Volunteers from spreadsheets", reverse("volunteers:move-people")), ("One file", "")],
            **kwargs,
        )


class MovePeopleIn(GuardedActionView):
    permission = "cases.move_in"
    model = PeopleMove
    pk_name = "move"
    success_message = "The rows have moved in."

    def perform(self):
        actions.move_people_in(move=self.object, today=timezone.localdate(), by=self.request.user)

    def get_success_url(self):
        return reverse("volunteers:people-move", args=[self.object.pk])
