"""`./run` itself, as a person starts and loses it."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import pytest
from django.conf import settings

from rj_service.dev import place, services
from tests.site import free_port
from tests.worker import wait_until

RUN = settings.BASE_DIR / "run"


def processes_of(data: Path) -> dict[int, str]:
    """Every living process that names the data folder or its sockets."""
    marks = (str(data), str(place.Place(settings.BASE_DIR, data, 1).sockets))
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            told = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
            state = (entry / "stat").read_text().rsplit(")", 1)[1].split()[0]
        except OSError:
            continue
        line = told.replace(b"\0", b" ").decode(errors="replace")
        if state != "Z" and int(entry.name) != os.getpid() and any(mark in line for mark in marks):
            found[int(entry.name)] = line[:120]
    return found


class Copy:
    """One `./run` with a data folder and a port of its own."""

    def __init__(self, data: Path):
        self.data, self.port = data, free_port()
        self.output = data.parent / f"{data.name}.out"
        self.process: subprocess.Popen | None = None

    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not re.match("PG|BROKER|DJANGO|FILES", name)}
        return kept | {"RJ_DATA": str(self.data), "PORT": str(self.port), "PYTHONWARNINGS": "default"}

    def start(self) -> None:
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, RUN], env=self.environment(), stdout=output, stderr=subprocess.STDOUT, cwd="/"
            )

    def wait_until_served(self, within: float = 300) -> None:
        wait_until(lambda: self.process.poll() is not None or "Ctrl-C" in self.said(), within=within)
        assert self.process.poll() is None, self.said()

    def said(self) -> str:
        return self.output.read_text()

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(RUN), *arguments]
        return subprocess.run(command, env=self.environment(), capture_output=True, text=True, timeout=300)

    def sql(self, statement: str) -> str:
        script = f"import psycopg2; c = psycopg2.connect('').cursor(); c.execute({statement!r}); print(c.fetchone()[0])"
        done = self.run("services", str(settings.BASE_DIR / ".venv/bin/python"), "-c", script)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def get(self, path: str) -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=60) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code

    def interrupt(self) -> None:
        self.process.send_signal(signal.SIGINT)
        assert self.process.wait(60) == 0, self.said()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def all_gone(self, within: float) -> None:
        deadline = time.monotonic() + within
        while left := processes_of(self.data):
            assert time.monotonic() < deadline, left
            time.sleep(0.1)


@pytest.fixture
def copies():
    made: list[Copy] = []
    # Where `nobody`, whom root lends to PostgreSQL, can reach it.
    folder = Path(tempfile.mkdtemp(prefix="rj-copies-", dir="/tmp"))
    folder.chmod(0o755)

    def make(name: str) -> Copy:
        copy = Copy(folder / name)
        made.append(copy)
        return copy

    yield make
    for copy in made:
        if copy.process and copy.process.poll() is None:
            copy.process.send_signal(signal.SIGINT)
            copy.process.wait(60)
        copy.all_gone(within=60)
    shutil.rmtree(folder)


@pytest.mark.proof
def test_two_copies_run_side_by_side_and_stop_alone(copies):
    first, second = copies("first"), copies("second")
    first.start()
    first.wait_until_served()
    second.start()
    second.wait_until_served()
    assert [copy.get("/accounts/login/") for copy in (first, second)] == [200, 200]
    assert "Alex Morgan, RJ coordinator: " in first.said() and "Wendy Young, System administrator: " in first.said()
    first.interrupt()
    first.all_gone(within=60)
    assert second.get("/accounts/login/") == 200
    second.interrupt()
    second.all_gone(within=60)


@pytest.mark.proof
def test_kill_9_leaves_no_orphan_and_the_next_run_carries_on(copies):
    copy = copies("killed")
    copy.start()
    copy.wait_until_served()
    users = copy.sql("select count(*) from accounts_user")
    copy.kill()
    copy.all_gone(within=60)
    copy.start()
    copy.wait_until_served()
    assert int(copy.sql("select count(*) from accounts_user")) >= int(users)
    copy.interrupt()
    copy.all_gone(within=60)


@pytest.mark.proof
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGKILL])
def test_postgres_that_ends_is_started_again_and_no_page_breaks_after(copies, sign):
    copy = copies("restarted")
    copy.start()
    copy.wait_until_served()
    assert {copy.get("/accounts/login/") for _ in range(20)} == {200}
    (server,) = [pid for pid, line in processes_of(copy.data).items() if "bin/postgres -D" in line]
    os.kill(server, sign)
    wait_until(lambda: server not in processes_of(copy.data), within=30)
    wait_until(lambda: copy.get("/health/ready/") == 200, within=60)
    # Every thread of both web processes held a connection to the server that is gone.
    assert {copy.get(address) for address in ("/accounts/login/", "/health/ready/", "/help/") for _ in range(20)} == {
        200
    }
    copy.interrupt()
    copy.all_gone(within=60)


@pytest.mark.proof
def test_a_second_run_on_the_same_data_says_so(copies):
    copy = copies("once")
    copy.start()
    copy.wait_until_served()
    again = copy.run()
    assert again.returncode == 1
    assert "already serves" in again.stderr
    joined = copy.run("manage", "check")
    assert joined.returncode == 0, joined.stderr
    copy.interrupt()


@pytest.mark.proof
def test_a_port_that_answers_is_refused(copies):
    copy = copies("port")
    with socket.create_server(("127.0.0.1", copy.port)):
        done = copy.run()
    assert done.returncode == 1
    assert f"Port {copy.port} already answers" in done.stderr
    copy.all_gone(within=60)


@pytest.mark.proof
def test_services_end_with_their_last_user_however_it_ends(copies):
    copy = copies("services")
    sleeper = [sys.executable, RUN, "services", "sleep", "600"]
    first = subprocess.Popen(sleeper, env=copy.environment())
    wait_until(lambda: b"sleep" in Path(f"/proc/{first.pid}/cmdline").read_bytes().split(b"\0")[0], within=120)
    assert copy.sql("select current_user") == "rj_app"
    assert services._is_held(copy.data / "keeper.lock")
    first.kill()
    first.wait()
    copy.all_gone(within=60)


@pytest.mark.proof
def test_services_end_with_their_keeper(copies):
    copy = copies("keeper")
    user = subprocess.Popen([sys.executable, RUN, "services", "sleep", "600"], env=copy.environment())
    wait_until(lambda: b"sleep" in Path(f"/proc/{user.pid}/cmdline").read_bytes().split(b"\0")[0], within=120)
    (keeper,) = [pid for pid, line in processes_of(copy.data).items() if " keep " in line]
    os.kill(keeper, signal.SIGKILL)
    wait_until(lambda: set(processes_of(copy.data)) == {user.pid}, within=60)
    # The next user starts them again on the same data.
    assert copy.sql("select 1") == "1"
    user.kill()
    user.wait()
    copy.all_gone(within=60)


def test_what_cannot_be_is_one_sentence():
    done = subprocess.run([sys.executable, RUN, "manage"], env={"PORT": "http"}, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (1, "PORT must be a number from 1 to 65535, not 'http'.\n")


def test_dev_needs_the_standard_library_only():
    names = {path.stem for path in (settings.BASE_DIR / "rj_service" / "dev").glob("*.py")}
    text = "\n".join(path.read_text() for path in (settings.BASE_DIR / "rj_service" / "dev").glob("*.py"))
    imported = set(re.findall(r"^(?:from|import) (\w+)", text, re.M))
    assert imported - set(sys.stdlib_module_names) == set()
    assert set(re.findall(r"^from \.(\w+)", text, re.M)) <= names
