"""A real broker and a real worker against the test database."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from rj_service.celery import app
from rj_service.dev import processes, valkey


class Broker:
    """A Valkey of the test's own, so that a test may stop, hang or lose it."""

    def __init__(self, folder: Path):
        self.socket = folder / "valkey.sock"
        self.url = f"redis+socket://{self.socket}"
        self.log = folder / "valkey.log"
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        self.socket.unlink(missing_ok=True)
        binary = valkey.server_binary(Path(sys.prefix))
        command = [binary, "--port", "0", "--save", "", "--unixsocket", self.socket, "--dir", self.socket.parent]
        self.process = processes.start(command, log=self.log, on_death=signal.SIGKILL)
        wait_until(lambda: valkey.answers(self.socket), within=10)

    def stop(self, sign: signal.Signals = signal.SIGTERM) -> None:
        if self.process:
            processes.stop(self.process, sign, patience=5)

    def hang(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        self.process.send_signal(signal.SIGCONT)


class Worker:
    """A Celery worker in processes of its own."""

    def __init__(self, broker: Broker, folder: Path):
        self.broker, self.log = broker, folder / "worker.log"
        self.process: subprocess.Popen | None = None

    def start(self, concurrency: int = 1, queues: str = "celery,long") -> None:
        self.log.unlink(missing_ok=True)
        environment = os.environ | {
            "BROKER_URL": self.broker.url,
            "PGDATABASE": connection.settings_dict["NAME"],
            "FILES_DIR": str(settings.FILES_DIR),
            "DJANGO_SETTINGS_MODULE": "rj_service.settings.test",
            "PYTHONWARNINGS": "default",
        }
        command = [
            sys.executable,
            "-m",
            "celery",
            "-A",
            "rj_service",
            "worker",
            "-Q",
            queues,
            "--concurrency",
            str(concurrency),
        ]
        command += ["--without-gossip", "--without-mingle", "--without-heartbeat", "-l", "INFO"]
        self.process = processes.start(
            command, log=self.log, on_death=signal.SIGQUIT, env=environment, cwd=settings.BASE_DIR
        )
        wait_until(lambda: " ready." in self.log.read_text() or self.process.poll() is not None, within=60)
        assert self.process.poll() is None, self.log.read_text()

    def kill(self) -> None:
        """-9 to the worker and to the children that do its work."""
        self.process.kill()
        self.process.wait()
        processes.end_group(self.process.pid)

    def stop(self) -> None:
        if self.process:
            processes.stop(self.process, signal.SIGQUIT, patience=5)


def wait_until(condition: Callable[[], object], *, within: float = 20, every: float = 0.05):
    """The first true value of the condition; fails the test when none comes in time."""
    deadline = time.monotonic() + within
    while not (found := condition()):
        if time.monotonic() > deadline:
            pytest.fail(f"nothing came within {within} seconds")
        time.sleep(every)
    return found


def point_queue_at(url: str) -> None:
    app.pool.force_close_all()
    app.amqp._producer_pool = None
    app._pool = None
    app.conf.broker_url = url


@pytest.fixture
def broker(monkeypatch):
    """The queue of this process, and of `worker`, is a Valkey of the test's own."""
    from rj_service.jobs import hints

    monkeypatch.setattr(hints, "_closed_until", 0.0)
    before = app.conf.broker_url
    with tempfile.TemporaryDirectory(prefix="rj-") as folder:  # short: a socket's path holds about 100 bytes
        own = Broker(Path(folder))
        own.start()
        point_queue_at(own.url)
        yield own
        point_queue_at(before)
        own.stop(signal.SIGKILL)


@pytest.fixture
def worker(broker, transactional_db, tmp_path):
    """A worker at work. `kill()` it, `start()` it again; every test gets a new one."""
    own = Worker(broker, tmp_path)
    own.start()
    yield own
    own.stop()
