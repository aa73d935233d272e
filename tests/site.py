"""The service as people meet it: gunicorn in processes of its own on the test database, and visitors who speak HTTP to it."""

import http.cookiejar
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.db import connection

from rj_service.dev import processes
from tests.worker import wait_until


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Site:
    def __init__(self, broker_url: str, folder: Path):
        self.broker_url, self.log = broker_url, folder / "site.log"
        self.port = free_port()
        self.process: subprocess.Popen | None = None

    def start(self, **environment: str) -> None:
        given = os.environ | {
            "BROKER_URL": self.broker_url,
            "PGDATABASE": connection.settings_dict["NAME"],
            "FILES_DIR": str(settings.FILES_DIR),
            "DJANGO_SETTINGS_MODULE": "rj_service.settings.test",
            "PYTHONWARNINGS": "default",
        }
        command = [sys.executable, "-m", "gunicorn", "rj_service.wsgi", "--bind", f"127.0.0.1:{self.port}"]
        command += ["--workers", "1", "--threads", "4", "--timeout", "60"]
        self.process = processes.start(
            command, log=self.log, on_death=signal.SIGKILL, env=given | environment, cwd=settings.BASE_DIR
        )
        wait_until(self.answers, within=60)

    def answers(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        try:
            return Visitor(self).get("/health/live/").status == 200
        except OSError:
            return False

    def stop(self) -> None:
        if self.process:
            processes.stop(self.process, signal.SIGTERM, patience=10)


class Answer:
    def __init__(self, status: int, address: str, text: str):
        self.status, self.address, self.text = status, urllib.parse.urlsplit(address).path, text


class Visitor:
    """A browser without script: cookies, forms with their tokens, redirects."""

    def __init__(self, site: Site):
        self.site = site
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def get(self, address: str) -> Answer:
        return self._ask(urllib.request.Request(self._url(address)))

    def submit(self, address: str, fields: dict[str, str], *, to: str = "", files=None) -> Answer:
        """Reads the page of a form, then posts it with its token."""
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.get(address).text)
        assert token, f"{address} has no form"
        return self.post(to or address, fields | {"csrfmiddlewaretoken": token.group(1)}, files)

    def post(self, address: str, fields: dict[str, str], files: dict[str, tuple[str, bytes]] | None = None) -> Answer:
        boundary = uuid4().hex
        parts = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in fields.items()
        ]
        body = "".join(parts).encode()
        for name, (file_name, content) in (files or {}).items():
            head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{file_name}"\r\n'
            body += head.encode() + b"Content-Type: text/csv\r\n\r\n" + content + b"\r\n"
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        return self._ask(urllib.request.Request(self._url(address), body + f"--{boundary}--\r\n".encode(), headers))

    def _url(self, address: str) -> str:
        return f"http://localhost:{self.site.port}{address}"

    def _ask(self, request) -> Answer:
        try:
            with self.opener.open(request, timeout=60) as answer:
                return Answer(answer.status, answer.url, answer.read().decode())
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.url, error.read().decode())
