"""The sub-commands of ./run."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from . import checks, proof, serve, services, setup
from .place import Place, Refusal, chosen

HELP = """\
./run                     serve: PostgreSQL, Valkey, web, worker, beat and the demo, on http://localhost:$PORT
./run manage ARGS...      a management command against the same data, with or without ./run beside it
./run test [ARGS...]      the tests, against a real PostgreSQL and a real worker; ARGS are pytest's
./run check               ruff, mypy, import-linter, templates, migrations, deployment check
./run proof               what takes longer than the tests, as a table
./run services COMMAND... any command with the embedded PostgreSQL and Valkey in its environment
RJ_DATA chooses the data folder (default ./var), PORT the port (default 8000).
"""


def main(root: Path, arguments: list[str]) -> int:
    name, rest = (arguments[0], arguments[1:]) if arguments else ("serve", [])
    try:
        if name == "keep":
            data, durable, tell = rest
            return services.keep(Place(root, Path(data), 0, durable == "yes"), int(tell))
        if name not in COMMANDS:
            print(HELP, end="")
            return 0 if name in {"help", "-h", "--help"} else 2
        place = chosen(root)
        setup.ready(place)
        return COMMANDS[name](place, rest)
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _serve(place: Place, arguments: list[str]) -> int:
    return serve.serve(place)


def _manage(place: Place, arguments: list[str]) -> int:
    return _become(place, "development", [str(place.python), str(place.root / "manage.py"), *arguments])


def _test(place: Place, arguments: list[str]) -> int:
    os.chdir(place.root)
    return _become(place.for_tests(), "test", [str(place.python), "-m", "pytest", *_on_every_core(arguments)])


def _on_every_core(arguments: list[str]) -> list[str]:
    """A file or two, and what is picked out by name, start sooner in one process. Of all of them two processes more than
    there are cores: each waits for the database and the browser some of the time."""
    picked = any(each.startswith(("-n", "-k", "-p")) or Path(each.partition("::")[0]).exists() for each in arguments)
    return arguments if picked else ["-n", str((os.cpu_count() or 1) + 2), "--dist", "worksteal", *arguments]


def _services(place: Place, arguments: list[str]) -> int:
    arguments = arguments[1:] if arguments[:1] == ["--"] else arguments
    return _become(place, "development", arguments or [os.environ.get("SHELL", "sh")])


def _become(place: Place, settings: str, command: list[str]) -> int:
    """The command replaces this process and takes its hold on the servers with it."""
    users = services.use(place)
    os.set_inheritable(users.fileno(), True)
    (place.data / "files").mkdir(exist_ok=True)
    os.execvpe(command[0], command, place.environment(settings))


COMMANDS: dict[str, Callable[[Place, list[str]], int]] = {
    "serve": _serve,
    "manage": _manage,
    "test": _test,
    "check": checks.check,
    "proof": proof.proof,
    "services": _services,
}
