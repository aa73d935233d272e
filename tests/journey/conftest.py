"""What is there before the story begins: an area, its organisations, and people who may do their part."""

from datetime import date

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.utils import timezone

from reporting.periods import first_of
from tests.factories import LocalAreaFactory
from tests.journey.service import Service
from tests.journey.visitor import Look
from tests.volunteers.factories import PractitionerFactory, ready_practitioner
from volunteers.choices import Level


@pytest.fixture
def mailbox(monkeypatch, settings, tmp_path):
    """Where the worker's mails arrive; asked for before the worker starts."""
    folder = tmp_path / "mails"
    folder.mkdir()
    monkeypatch.setenv("EMAIL_FILE_PATH", str(folder))
    settings.FILES_DIR = tmp_path / "files"
    return folder


@pytest.fixture
def month() -> date:
    """The last month that has ended and closes a quarter, so that it has a pack for the public too."""
    today = timezone.localdate()
    return next(ended for back in (1, 2, 3) if (ended := first_of(today, -back)).month % 3 == 0)


@pytest.fixture
def service(
    mailbox, worker, live_server, browser_type_launch_args, new_context, assert_accessible, area, cast, month, tmp_path
):
    """`service(DESK, PHONE)`: people look at every page at these widths, and move about at the first."""
    LocalAreaFactory(service_area=area, name="Huntingdonshire")
    today = timezone.localdate()
    ready_practitioner(area, today, user=cast["practitioner"], level=Level.ADVANCED)
    ready_practitioner(area, today, user=cast["off_case_practitioner"])
    PractitionerFactory(service_area=area)
    for user in cast.values():
        TOTP.activate(user, generate_totp_secret())

    def new_page(width: int):
        context = new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": 900},
            locale="en-GB",
            timezone_id="Europe/London",
        )
        context.set_default_timeout(8_000)
        return context.new_page()

    return lambda *widths, thorough: Service(
        area, cast, new_page, widths, Look(assert_accessible, thorough), mailbox, month, tmp_path
    )
