"""`./run`: the whole service in one terminal."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from . import services
from .place import Place, Refusal
from .processes import adopt_orphans, end_group, start, stop, tail

COLD_START_GOAL = 60  # seconds, with a warm package cache on two cores
BEGAN = time.time()  # `./run` reads this module first of all
LOAD_DEMO = Path("rj_service/demo/management/commands/load_demo.py")


@dataclass
class Part:
    """One process of the service: started again when it dies, until it dies too often."""

    name: str
    command: list[str]
    on_death: signal.Signals
    once: bool = False
    waits_for_the_page: bool = False
    process: subprocess.Popen[bytes] | None = None
    started: float = 0
    deaths: list[float] = field(default_factory=list)

    def start(self, place: Place) -> None:
        self.started = time.monotonic()
        environment = place.environment("development")
        log = place.log(self.name)
        self.process = start(self.command, log=log, on_death=self.on_death, env=environment, cwd=place.root)


def parts(place: Place) -> list[Part]:
    python = str(place.python)
    celery = [python, "-m", "celery", "-A", "rj_service"]
    (place.data / "beat").mkdir(exist_ok=True)
    gunicorn = [python, "-m", "gunicorn", "rj_service.wsgi", "--bind", f"127.0.0.1:{place.port}", "--workers", "2"]
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat", "-l", "INFO"]
    worker = ["worker", "-n", "soon@%h", "-Q", "celery", "--concurrency", "2", *quiet]
    beat = ["beat", "--schedule", str(place.data / "beat" / "schedule"), "--pidfile=", "-l", "INFO"]
    return [
        Part("web", [*gunicorn, "--threads", "4", "--timeout", "60", "--access-logfile", "-"], signal.SIGQUIT),
        Part("worker", [*celery, *worker], signal.SIGQUIT),
        Part("beat", [*celery, *beat], signal.SIGTERM),
        # As in production, no alarm waits behind an import (docs/adr/0015); nobody's first page waits for this worker.
        Part(
            "worker-long",
            [*celery, "worker", "-n", "long@%h", "-Q", "long", "--concurrency", "1", *quiet],
            signal.SIGQUIT,
            waits_for_the_page=True,
        ),
    ]


def serve(place: Place) -> int:
    lock = services.hold(place.data / "serve.lock")
    if not lock:
        raise Refusal(f"Another ./run already serves {place.data}. Choose another folder: RJ_DATA=… PORT=… ./run")
    if answers(place.port):
        raise Refusal(f"Port {place.port} already answers. Choose another: PORT={place.port + 1} ./run")
    # SIGINT too: a shell starts what it puts in the background with that one ignored.
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, _interrupt)
    adopt_orphans()
    with lock, services.use(place):
        running: list[Part] = []
        try:
            _prepare(place)
            _bring_up(place, running)
            return _watch(place, running)
        except KeyboardInterrupt:
            print("\nStopping", flush=True)
            return 0
        finally:
            _end(running)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _prepare(place: Place) -> None:
    (place.data / "files").mkdir(exist_ok=True)
    _manage(place, "migrate", "--verbosity", "0")
    if (place.root / LOAD_DEMO).exists():
        _manage(place, "load_demo", "--cast-only")


def _manage(place: Place, *arguments: str) -> None:
    log = place.log("setup")
    command = [str(place.python), "manage.py", *arguments]
    process = start(command, log=log, on_death=signal.SIGKILL, env=place.environment("development"), cwd=place.root)
    try:
        failed = process.wait()
    finally:
        stop(process, signal.SIGTERM, patience=5)
    if failed:
        raise Refusal(f"manage.py {' '.join(arguments)} failed:\n{tail(log)}")


def _bring_up(place: Place, running: list[Part]) -> None:
    at_once, later = [], []
    for part in parts(place):
        (later if part.waits_for_the_page else at_once).append(part)
    _start(place, running, at_once)
    _wait(lambda: answers(place.port), running[0], place)
    _start(place, running, later)
    print(f"\n  {place.address}", flush=True)
    print(f"  Served {since_start():.0f} s after the start (goal: {COLD_START_GOAL} s)", flush=True)
    if (place.root / LOAD_DEMO).exists():
        print(f"  Who can sign in, with one click: {place.address}/demo/", flush=True)
        # The last that was set up is the cast.
        for line in place.log("setup").read_text().splitlines():
            if line.startswith("- "):
                print(f"    {line[2:]}", flush=True)
        demo = Part("demo", [str(place.python), "manage.py", "load_demo"], signal.SIGTERM, once=True)
        running.append(demo)
        demo.start(place)
        print(f"  The demo's casework is being played in: {place.address}/jobs/", flush=True)
    print(f"  Data and logs: {place.data}   Ctrl-C stops everything\n", flush=True)


def _start(place: Place, running: list[Part], these: list[Part]) -> None:
    for part in these:
        running.append(part)
        part.start(place)


def _wait(condition: Callable[[], bool], part: Part, place: Place) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        if time.monotonic() > deadline or (part.process and part.process.poll() is not None):
            raise Refusal(f"The {part.name} process did not start:\n{tail(place.log(part.name))}")
        time.sleep(0.05)


def _watch(place: Place, running: list[Part]) -> int:
    while True:
        time.sleep(0.5)
        for part in list(running):
            code = part.process.poll() if part.process else 0
            if code is None:
                continue
            if part.process:
                end_group(part.process.pid)
            if part.once:
                running.remove(part)
                print("The demo's casework is in." if code == 0 else _ended(place, part, code), flush=True)
                continue
            print(_ended(place, part, code), flush=True)
            part.deaths = [moment for moment in part.deaths if moment > time.monotonic() - 60] + [time.monotonic()]
            if len(part.deaths) > 4:
                print(
                    f"{part.name} dies as soon as it starts: stopping.\n{tail(place.log(part.name))}", file=sys.stderr
                )
                return 1
            part.start(place)


def _ended(place: Place, part: Part, code: int | None) -> str:
    return f"{part.name} ended with {code}: {place.log(part.name)}"


def _end(running: list[Part]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for part in running:
        if part.process and part.process.poll() is None:
            part.process.send_signal(part.on_death)
    for part in reversed(running):
        if part.process:
            stop(part.process, part.on_death, patience=8)


def since_start() -> float:
    """Seconds since this process began: what was installed before is in them."""
    return time.time() - BEGAN


def answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False
