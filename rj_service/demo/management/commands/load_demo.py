"""Make the demo's cast and play two years of casework in, through the same actions as everybody."""

import time

from django.core.management.base import BaseCommand, CommandError

from rj_service.demo.cast import make_cast
from rj_service.demo.models import DemoRun
from rj_service.demo.tasks import play_demo  # noqa: F401 (registers the work of a DemoRun)
from rj_service.jobs.leases import work_on


class Command(BaseCommand):
    help = "Load the demonstration: invented people, two areas, two years of casework."

    def add_arguments(self, parser):
        parser.add_argument(
            "--hub-files", default="", metavar="DIR", help="play from these Hub files, not from generated ones"
        )
        parser.add_argument("--cast-only", action="store_true", help="make the people who sign in, and nothing else")

    def handle(self, *, hub_files, cast_only, **options):
        make_cast()
        if cast_only:
            return
        run = DemoRun.objects.order_by("-created_at").first()
        if run is not None and run.state == DemoRun.State.DONE:
            self.stdout.write("The demonstration is here already.")
            return
        if run is None or run.state == DemoRun.State.FAILED:
            run = DemoRun.objects.enqueue(hub_files=hub_files)
        while not work_on(DemoRun, run.pk):
            # A worker has it. Should that one be lost, its lease ends and the work is taken over here.
            time.sleep(1)
            run.refresh_from_db()
            if run.is_over:
                break
        if run.state == DemoRun.State.FAILED:
            raise CommandError(f"The demonstration stopped: {run.last_error}. Run load_demo again.")
        self.stdout.write("The demonstration is here.")
