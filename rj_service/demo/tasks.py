from rj_service.demo.models import DemoRun
from rj_service.demo.playing import play
from rj_service.jobs.tasks import leased_task


@leased_task(DemoRun, lease=120, time_limit=1800)
def play_demo(lease) -> None:
    play(lease)
    with lease.finish():
        pass
