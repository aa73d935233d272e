"""docker-compose.yml played: the service comes up, is healthy, works and stops."""

import os
import re
import signal
from urllib.request import Request, urlopen

import psycopg2
import pytest
from django.conf import settings

from tests.database import owner_connection
from tests.ops.compose import Compose
from tests.site import free_port
from tests.worker import wait_until


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
