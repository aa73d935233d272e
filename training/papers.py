"""What leaves training: the dates of a cohort for a calendar, and certificates."""

import datetime as dt

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from rj_service.documents.calendars import Entry, calendar_of
from rj_service.documents.pdf import render_pdf
from training.models import Award, Cohort, Session


def calendar_of_cohort(cohort: Cohort) -> str:
    """Its confirmed sessions, and those that were cancelled after it: course, time and place. Nobody is named."""
    sessions = Session.objects.filter(cohort=cohort, confirmed_at__isnull=False)
    return calendar_of(
        Entry(
            pk=one.pk,
            title=cohort.course.name,
            begins=_moment(one.held_on, one.starts_at),
            ends=_moment(one.held_on, one.ends_at),
            written_at=one.confirmed_at,
            place=one.place or cohort.place,
            moved=one.revision,
            is_cancelled=one.cancelled_on is not None,
        )
        for one in sessions
    )


def _moment(day: dt.date, clock: dt.time) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, clock))


def certificate(award: Award) -> bytes:
    """For whoever holds the award. Its title and metadata name nobody; its code is checked on a public page."""
    check_url = f"{settings.BASE_URL}{reverse('training:check-certificate')}"
    shown = {
        "award": award,
        "area": award.learner.service_area.name,
        "code": spoken_code(award.code),
        "check_url": check_url,
    }
    return render_pdf(render_to_string("training/certificate_document.html", shown))


def spoken_code(code: str) -> str:
    """In groups of four, to be read from paper."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))
