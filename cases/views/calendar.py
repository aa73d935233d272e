"""A meeting for the calendar of those who run it: title, reference, time, and the venue by its name. Nobody is named."""

from datetime import UTC, datetime

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse

from cases.choices import InterventionStatus
from cases.models import Intervention
from cases.views.case_page import EVERY_SIDE, CasePage
from cases.views.interventions import OfMeeting
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
    """RFC 5545. `moved`: how often it moved, so that a calendar takes the newest."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Restorative justice casework//EN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{meeting.pk}",
        f"SEQUENCE:{moved}",
        f"DTSTAMP:{_utc(meeting.scheduled_at)}",
        f"DTSTART:{_utc(meeting.planned_for)}",
        f"DTEND:{_utc(meeting.ends_at)}",
        f"SUMMARY:{TITLE} {reference}",
        *([f"LOCATION:{_escaped(meeting.place.name)}"] if meeting.place else []),
        "CLASS:PRIVATE",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _utc(moment: datetime | None) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ") if moment else ""


def _escaped(words: str) -> str:
    for mark in "\\;,":
        words = words.replace(mark, f"\\{mark}")
    return words.replace("\n", "\\n")


def _folded(line: str) -> str:
    """No line is longer than 75 bytes; a fold never splits a letter."""
    parts, now = [], ""
    for letter in line:
        if len((now + letter).encode()) > 74:
            parts.append(now)
            now = ""
        now += letter
    return "\r\n ".join([*parts, now])
