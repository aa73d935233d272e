"""A meeting for the calendar of those who run it: title, reference, time, and the venue by its name. Nobody is named."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse

from cases.choices import InterventionStatus
from cases.models import Intervention
from cases.views.case_page import EVERY_SIDE, CasePage
from cases.views.interventions import OfMeeting
from rj_service.documents.calendars import Entry, calendar_of
from rj_service.ui.references import spoken

TITLE = "Restorative meeting"


class MeetingCalendarView(OfMeeting, CasePage):
    """Of what is arranged; for whoever works with both sides."""

    practitioners_by = "cases.view_assigned"

    def check_permission(self) -> None:
        super().check_permission()
        if self.sides != EVERY_SIDE:
            raise PermissionDenied
        if self.meeting.status != InterventionStatus.SCHEDULED:
            raise Http404

    def get(self, request, *args, **kwargs):
        self.read(self.case, kind="download")
        reference = spoken(self.case.reference)
        response = HttpResponse(
            event_of(self.meeting, reference, moved=self.meeting.reschedulings.count()),
            content_type="text/calendar; charset=utf-8",
        )
        name = f"meeting-{reference}-{self.meeting.planned_for:%Y-%m-%d}.ics"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        response["Cache-Control"] = "no-store"
        return response


def event_of(meeting: Intervention, reference: str, *, moved: int) -> str:
    """`moved`: how often it moved, so that a calendar takes the newest."""
    entry = Entry(
        pk=meeting.pk,
        title=f"{TITLE} {reference}",
        begins=meeting.planned_for,
        ends=meeting.ends_at,
        written_at=meeting.scheduled_at,
        place=meeting.place.name if meeting.place else "",
        moved=moved,
    )
    return calendar_of([entry])
