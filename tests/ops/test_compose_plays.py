"""What docker-compose.yml declares, played without containers: its commands, its environments, its health checks."""

import json
import os
import re
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.request import Request, urlopen

import psycopg2
import pytest
import yaml
from django.conf import settings

from rj_service.dev import processes
from rj_service.dev.checks import production_secrets
from tests.database import owner_connection
from tests.site import free_port
from tests.worker import wait_until

ROOT = settings.BASE_DIR
VARIABLE = re.compile(r"\$\{(\w+)(?::-([^}]*)|:\?[^}]*)?\}")


@dataclass
class Compose:
    """The services of the file. What stands for a host or a path of the containers is replaced by the test's own."""

    folder: Path
    database: str
    broker: str
    port: int

    def __post_init__(self):
        self.services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
        final = (ROOT / "Dockerfile").read_text().rpartition("FROM ")[2]
        self.image_command = json.loads(re.search(r"^CMD (.*)$", final, re.M).group(1))
        self.image_environment = dict(
            re.findall(r"^(?:ENV| {4}) ?(\w+)=(\S+)", re.sub(r" \\$", "", final, flags=re.M), re.M)
        )
        self.secrets = production_secrets() | {"PGPASSWORD": "", "RJ_OWNER_PASSWORD": ""}
        self.own = {
            "PGHOST": os.environ["PGHOST"],
            "PGDATABASE": self.database,
            "BROKER_URL": self.broker,
            "FILES_DIR": str(self.folder),
            "PATH": os.environ["PATH"],
            "STATIC_ROOT": str(self.folder / "static"),
        }

    def environment(self, name: str) -> dict[str, str]:
        """Exactly what the container would see: nothing of this process comes along."""
        declared = {
            key: value for key, value in self._declared(name).items() if value is not None
        }  # None: left to .env
        given = {key: VARIABLE.sub(self._value, str(value)) for key, value in declared.items()}
        return self.image_environment | given | {key: self.own[key] for key in self.own}

    def _declared(self, name: str) -> dict[str, str]:
        return self.services[name]["environment"]

    def _value(self, found: re.Match[str]) -> str:
        return self.secrets.get(found[1], found[2] or "")

    def _here(self, part: str) -> str:
        part = part.replace("0.0.0.0:8000", f"127.0.0.1:{self.port}").replace(
            "127.0.0.1:8000", f"127.0.0.1:{self.port}"
        )
        return part.replace("/tmp/beat", f"{self.folder}/beat")

    def command(self, name: str) -> list[str]:
        return [self._here(part) for part in self.services[name].get("command", self.image_command)]

    def start(self, name: str):
        log = self.folder / f"{name}.log"
        return processes.start(
            self.command(name), log=log, on_death=signal.SIGKILL, env=self.environment(name), cwd=ROOT
        )

    def is_healthy(self, name: str) -> bool:
        kind, *check = self.services[name]["healthcheck"]["test"]
        check = [self._here(part.replace("$$", "$")) for part in check]
        check = ["sh", "-c", *check] if kind == "CMD-SHELL" else check
        done = subprocess.run(check, env=self.environment(name), cwd=ROOT, capture_output=True)
        return done.returncode == 0

    def run(self, name: str, *command: str) -> str:
        done = subprocess.run(command, env=self.environment(name), cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture
def compose(db, broker, tmp_path):
    """A database as the compose file's first start leaves it, dropped afterwards."""
    name = f"compose_{os.getpid()}"
    owner = owner_connection()
    cursor = owner.cursor()
    cursor.execute(f'create database "{name}"')
    cursor.execute(f'revoke all on database "{name}" from public')
    cursor.execute(f'grant connect on database "{name}" to {settings.RJ_APP_ROLE}, rj_backup')
    yield Compose(tmp_path, name, broker.url, free_port())
    cursor.execute(f'drop database "{name}" with (force)')
    owner.close()


@pytest.mark.proof
def test_the_service_comes_up_is_healthy_works_and_stops(compose):
    compose.run("migrate", *compose.command("migrate"))
    compose.run("web", "python", "manage.py", "collectstatic", "--noinput", "-v0")
    started = {name: compose.start(name) for name in ("web", "worker", "worker-long", "beat")}
    try:
        for name in started:
            wait_until(lambda name=name: compose.is_healthy(name), within=120, every=1)
        host = {"Host": compose.environment("web")["ALLOWED_HOSTS"], "X-Forwarded-Proto": "https"}
        page = urlopen(Request(f"http://127.0.0.1:{compose.port}/accounts/login/", headers=host), timeout=30)
        assert page.status == 200 and page.headers["Strict-Transport-Security"]

        # The beat's tick, the worker's work: what was written is sealed within a minute or two.
        compose.run("web", "python", "manage.py", "create_service_area", "fens", "--name", "Fens RJ")
        assert unsealed(compose) > 0
        wait_until(lambda: unsealed(compose) == 0, within=240, every=2)
        worker = (compose.folder / "worker.log").read_text()
        assert re.search(r"rj_service\.audit\.tasks\.seal\[.*succeeded", worker)
        assert re.search(r"rj_service\.jobs\.tasks\.sweep\[.*succeeded", worker)
        assert "exchange=long" in (compose.folder / "worker-long.log").read_text() and "exchange=long" not in worker
    finally:
        for process in started.values():
            process.send_signal(signal.SIGTERM)
        ended = {name: process.wait(60) for name, process in started.items()}
    assert ended == dict.fromkeys(started, 0)


def unsealed(compose: Compose) -> int:
    with psycopg2.connect(host=compose.own["PGHOST"], dbname=compose.database, user=settings.RJ_APP_ROLE) as connection:
        cursor = connection.cursor()
        cursor.execute("select count(*) from audit_domainevent where block is null")
        return cursor.fetchone()[0]
