"""Make the demo's cast and play two years of casework in, through the same actions as everybody."""

import subprocess
import sys

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from rj_service.accounts.roles import Role
from rj_service.demo.cast import CAST, make_cast
from rj_service.demo.models import DemoRun
from rj_service.demo.playing import areas_played
from rj_service.demo.tasks import play_demo  # noqa: F401 (registers the work of a DemoRun)
from rj_service.jobs.leases import see_through


class Command(BaseCommand):
    help = "Load the demonstration: invented people, two areas, two years of casework."

    def add_arguments(self, parser):
        parser.add_argument(
            "--hub-files", default="", metavar="DIR", help="play from these Hub files, not from generated ones"
        )
        parser.add_argument("--area", metavar="SLUG", help="one area alone")
        parser.add_argument(
            "--cast-only", action="store_true", help="make the people who sign in, say who they are, and nothing else"
        )

    def handle(self, *, hub_files, area, cast_only, **options):
        make_cast()
        if cast_only:
            for member in CAST:
                self.stdout.write(f"- {member.first_name} {member.last_name}, {Role(member.role).label}: {member.does}")
            return
        areas = [area] if area else areas_played(hub_files)
        if all(self._state(slug) == DemoRun.State.DONE for slug in areas):
            self.stdout.write("The demonstration is here already.")
            return
        # Areas have nothing in common: each is played in a process of its own.
        itself = [sys.executable, settings.BASE_DIR / "manage.py", "load_demo", "--hub-files", hub_files]
        beside = [subprocess.Popen([*itself, "--area", slug]) for slug in areas[1:]]  # noqa: S603 (our own words)
        try:
            self._play(areas[0], hub_files)
        finally:
            failed = [slug for slug, process in zip(areas[1:], beside, strict=True) if process.wait()]
        if failed:
            raise CommandError(f"The demonstration of {', '.join(failed)} stopped. Run load_demo again.")
        if not area:
            self.stdout.write("The demonstration is here.")

    def _newest(self, slug: str) -> DemoRun | None:
        return DemoRun.objects.filter(area=slug).order_by("-created_at").first()

    def _state(self, slug: str) -> str | None:
        run = self._newest(slug)
        return run.state if run else None

    def _play(self, slug: str, hub_files: str) -> None:
        run = self._newest(slug)
        if run is None or run.state == DemoRun.State.FAILED:
            # Without a hint: this process does the work, and a worker takes it over should this one be lost.
            run = DemoRun.objects.create(area=slug, hub_files=hub_files)
        see_through(run)
        if run.state == DemoRun.State.FAILED:
            raise CommandError(f"The demonstration of {slug} stopped: {run.last_error}. Run load_demo again.")
