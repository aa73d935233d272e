"""What prepares a meeting: the script for those who facilitate it, and for each side what that side may know; on a page and
as a PDF, which is made anew each time by who may have it then."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponseRedirect

from cases import actions
from cases.papers.preparing import Preparation, pdf_of_pack, pdf_of_preparation, pdf_of_script, preparation_for
from cases.papers.script import script_for
from cases.stages import BOTH_SIDES
from cases.views.case_page import EVERY_SIDE, CasePage
from cases.views.interventions import OfMeeting
from rj_service.accounts.errors import DomainError, NotAllowed
from rj_service.documents.downloads import printed


class OfBothSides(OfMeeting, CasePage):
    abstract = True
    practitioners_by = "cases.view_assigned"

    def check_permission(self) -> None:
        super().check_permission()
        if self.sides != EVERY_SIDE:
            raise PermissionDenied


class OfOneSide(OfMeeting, CasePage):
    abstract = True
    practitioners_by = "cases.view_assigned"

    def check_permission(self) -> None:
        super().check_permission()
        if self.side not in BOTH_SIDES or self.side not in self.sides:
            raise Http404

    @property
    def side(self) -> str:
        return self.kwargs["side"]


class ScriptView(OfBothSides):
    practitioners_by = "cases.view_assigned"
    template_name = "cases/script.html"
    part = "meetings"

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        parts = script_for(self.meeting.model)
        return super().get_context_data(**{**kwargs, "meeting": self.meeting, "parts_of_script": parts})


class PreparationView(OfOneSide):
    """One side's page, made from that side's rows alone: to be read with them."""

    practitioners_by = "cases.view_assigned"
    template_name = "cases/preparation.html"
    part = "meetings"

    @cached_property
    def preparation(self) -> Preparation:
        return preparation_for(self.meeting, self.side)

    def people_shown(self):
        return self.preparation.people

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        shown = {"meeting": self.meeting, "side": self.side, "preparation": self.preparation}
        return super().get_context_data(**{**kwargs, **shown, "facts": self.preparation.facts})


class Printed:
    """A PDF of a meeting whose name says nothing of anybody. What forbids it is said on the page of meetings."""

    file_name = ""

    def make(self) -> tuple[bytes, Iterable[UUID]]:
        """The PDF, and whom it shows."""
        raise NotImplementedError

    def get(self, request, *args, **kwargs):
        try:
            with transaction.atomic():  # what cannot be printed was not
                pdf, people = self.make()
        except NotAllowed:
            raise
        except DomainError as error:
            messages.error(request, error.message)
            return HttpResponseRedirect(self.get_back_url())
        self.read(self.case, kind="print", people=people)
        return printed(pdf, self.file_name)


class ScriptPaperView(Printed, OfBothSides):
    practitioners_by = "cases.view_assigned"
    file_name = "script.pdf"

    def make(self):
        return pdf_of_script(self.meeting), ()


class PreparationPaperView(Printed, OfOneSide):
    practitioners_by = "cases.view_assigned"
    file_name = "preparation.pdf"

    def make(self):
        made = actions.print_preparation(
            intervention=self.meeting, side=self.side, by=self.request.user, today=self.today
        )
        return pdf_of_preparation(made), made.people


class FacilitatorsPackView(Printed, OfBothSides):
    practitioners_by = "cases.view_assigned"
    file_name = "for-the-facilitators.pdf"

    def make(self):
        made = actions.print_facilitators_pack(intervention=self.meeting, by=self.request.user, today=self.today)
        return pdf_of_pack(made), made.people
