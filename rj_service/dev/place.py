"""Where one copy of the service keeps its data, and the environment that its processes see."""

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path


class Refusal(Exception):
    """What stops `./run`, in one sentence for the person at the keyboard."""


@dataclass(frozen=True)
class Place:
    root: Path
    data: Path
    port: int
    durable: bool = True

    @property
    def sockets(self) -> Path:
        """Short (a socket's path holds about 100 bytes), private, another for every user and every data folder."""
        name = hashlib.sha256(f"{os.getuid()}:{self.data}".encode()).hexdigest()[:16]
        return Path("/tmp") / f"rj-{name}"

    @property
    def broker_socket(self) -> Path:
        return self.sockets / "valkey.sock"

    @property
    def venv(self) -> Path:
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        return self.venv / "bin" / "python"

    @property
    def logs(self) -> Path:
        return self.data / "log"

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    def for_tests(self) -> "Place":
        return Place(self.root, self.data / "test", self.port, durable=False)

    def environment(self, settings: str) -> dict[str, str]:
        left_out = ("PG", "PYTHONDONTWRITEBYTECODE")  # without bytecode every process reads Django's source anew
        inherited = {key: value for key, value in os.environ.items() if not key.startswith(left_out)}
        return inherited | {
            "DJANGO_SETTINGS_MODULE": f"rj_service.settings.{settings}",
            "PGHOST": str(self.sockets),
            "PGDATABASE": "rj",
            "PGUSER": "rj_app",
            "RJ_OWNER_USER": "rj_owner",
            "BROKER_URL": f"redis+socket://{self.broker_socket}",
            "FILES_DIR": str(self.data / "files"),
            "BASE_URL": self.address,
            "PYTHONPATH": str(self.root),
            "PYTHONPYCACHEPREFIX": str(self.venv / "bytecode"),
            "PYTHONUNBUFFERED": "1",
            "VIRTUAL_ENV": str(self.venv),
            "PATH": f"{self.venv / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        }

    def log(self, name: str) -> Path:
        self.logs.mkdir(parents=True, exist_ok=True)
        path = self.logs / f"{name}.log"
        if path.exists() and path.stat().st_size > 10_000_000:
            path.replace(path.with_suffix(".log.1"))
        return path


def chosen(root: Path) -> Place:
    data = Path(os.environ.get("RJ_DATA") or root / "var").expanduser().resolve()
    port = os.environ.get("PORT") or "8000"
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise Refusal(f"PORT must be a number from 1 to 65535, not {port!r}.")
    data.mkdir(parents=True, exist_ok=True)
    return Place(root, data, int(port))


def private_folder(path: Path, owner: int) -> None:
    """A folder under /tmp may have been laid there by somebody else: it is ours and closed, or not used at all."""
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        pass
    else:
        os.chown(path, owner, -1)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {owner, os.getuid()}:
        raise Refusal(f"{path} belongs to somebody else. Remove it, then start again.")
    os.chown(path, owner, -1)
    path.chmod(0o700)


def reachable_by_others(path: Path) -> bool:
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in [path, *path.parents] if folder.exists())
