"""PostgreSQL and Valkey for as long as somebody uses them.

Every user of a data folder holds a shared lock on `users.lock`; the kernel drops it however the user ends. A keeper
process of its own holds the two servers and leaves when it can take that lock alone, so commands that overlap share
the servers, and whoever started them may end first.
"""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

from .place import Place, Refusal
from .postgres import Postgres
from .processes import adopt_orphans, tail
from .valkey import Valkey

READY = b"ready"


def use(place: Place) -> IO[bytes]:
    """Servers are up while the returned file is open."""
    place.data.mkdir(parents=True, exist_ok=True)
    users = (place.data / "users.lock").open("wb")
    fcntl.flock(users, fcntl.LOCK_SH)  # waits while a keeper is closing down
    with (place.data / "start.lock").open("wb") as starting:
        fcntl.flock(starting, fcntl.LOCK_EX)
        if not _is_held(place.data / "keeper.lock"):
            _start_keeper(place)
    return users


def hold(path: Path) -> IO[bytes] | None:
    file = path.open("ab")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file


def _is_held(path: Path) -> bool:
    held = hold(path)
    if held:
        held.close()
    return held is None


def _start_keeper(place: Place) -> None:
    answer, tell = os.pipe()
    log = place.log("keeper")
    with log.open("ab") as output:
        subprocess.Popen(
            [
                sys.executable,
                str(place.root / "run"),
                "keep",
                str(place.data),
                "yes" if place.durable else "no",
                str(tell),
            ],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            pass_fds=(tell,),
            start_new_session=True,
            cwd="/",
        )
    os.close(tell)
    with os.fdopen(answer, "rb") as pipe:
        said = pipe.read()
    if said != READY:
        raise Refusal(said.decode() or f"The database did not start:\n{tail(log)}")


def keep(place: Place, tell: int) -> int:
    held = hold(place.data / "keeper.lock")
    if not held:
        return 1
    adopt_orphans()
    for sign in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(sign, lambda *_: sys.exit(0))
    servers = (Postgres(place), Valkey(place))
    try:
        with os.fdopen(tell, "wb") as pipe:
            try:
                for server in servers:
                    server.start()
            except (Refusal, OSError) as error:
                pipe.write(str(error).encode())
                return 1
            pipe.write(READY)
        _watch(place, servers)
    finally:
        for server in reversed(servers):
            server.stop()
        shutil.rmtree(place.sockets, ignore_errors=True)
    return 0


def _watch(place: Place, servers: tuple[Postgres, Valkey]) -> None:
    """Returns, holding the users' lock so that nobody comes in meanwhile, once nobody is left."""
    with (place.data / "users.lock").open("ab") as users:
        while True:
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                time.sleep(0.3)
            else:
                os.dup(users.fileno())  # kept until this process ends, after its servers
                return
            for server in servers:
                if server.process and server.process.poll() is not None:
                    print(
                        f"{type(server).__name__} ended with {server.process.returncode}; starting it again", flush=True
                    )
                    server.start()
