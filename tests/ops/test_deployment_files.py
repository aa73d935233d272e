"""The container files, as far as they can be checked without a Docker engine."""

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
import yaml
from django.conf import settings

from rj_service.dev import processes
from rj_service.jobs import registry
from tests.site import free_port
from tests.worker import wait_until

ROOT = settings.BASE_DIR
SETTING = re.compile(r'\benv(?:\.\w+)?\(\s*"([A-Z_]+)"')
COMPOSE_ONLY = {"POSTGRES_PASSWORD", "RJ_BACKUP_PASSWORD", "PORT", "RJ_DATA"}
OWN_SERVICES = ("migrate", "web", "worker", "worker-long", "beat")
# Compose gives these itself; where the image keeps files is the image's own.
GIVEN = {"PGPORT", "RJ_OWNER_USER", "RJ_OWNER_PASSWORD", "FILES_DIR", "STATIC_ROOT"}


@pytest.fixture(scope="module")
def compose() -> dict:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


@pytest.fixture(scope="module")
def stages() -> list[list[tuple[str, str]]]:
    """The Dockerfile as stages of (instruction, argument)."""
    text = re.sub(r"\\\n\s*", "", (ROOT / "Dockerfile").read_text())
    lines = [line.split(None, 1) for line in text.splitlines() if line and not line.startswith("#")]
    found: list[list[tuple[str, str]]] = []
    for instruction, argument in lines:
        if instruction == "FROM":
            found.append([])
        found[-1].append((instruction, argument))
    return found


def documented() -> set[str]:
    return set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M))


def read_by_settings() -> set[str]:
    """By those that somebody runs the service with; what tests tell their own worker is not for a deployer."""
    paths = set((ROOT / "rj_service" / "settings").glob("*.py")) - {ROOT / "rj_service" / "settings" / "test.py"}
    return {name for path in paths for name in SETTING.findall(path.read_text())}


def test_env_example_documents_exactly_what_is_read():
    assert documented() == read_by_settings() | COMPOSE_ONLY


def test_every_variable_of_compose_is_documented(compose):
    used = set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text()))
    assert used <= documented()


def test_every_documented_setting_reaches_the_containers(compose):
    for name in OWN_SERVICES:
        missing = documented() - compose["services"][name]["environment"].keys() - COMPOSE_ONLY - GIVEN
        assert missing == set(), name


def test_every_queue_has_a_worker(compose):
    """What may take long has workers of its own, so that no alarm waits behind an import."""
    asked = {kind.task.queue or "celery": set() for kind in registry.all_kinds()}
    for kind in registry.all_kinds():
        asked[kind.task.queue or "celery"].add(kind.model.__name__)
        assert (kind.task.queue == "long") == (kind.task.time_limit > 300)
    assert asked["long"] == {"ImportBatch", "MoveIn", "ExportRun", "Archive"}
    commands = [compose["services"][name]["command"] for name in ("worker", "worker-long")]
    heard = [command[command.index("-Q") + 1] if "-Q" in command else "celery" for command in commands]
    assert heard == ["celery", "long"]
    assert set(asked) == set(heard)


def test_an_import_holds_up_no_alarm_in_one_terminal_either(tmp_path):
    from rj_service.dev.place import Place
    from rj_service.dev.serve import parts

    started = parts(Place(ROOT, tmp_path, 8000))
    queues = {each.name: each.command[each.command.index("-Q") + 1] for each in started if "-Q" in each.command}
    assert queues == {"worker": "celery", "worker-long": "long"}
    assert [each.name for each in started if each.waits_for_the_page] == ["worker-long"]


def test_compose_runs_one_image_without_privileges(compose):
    assert set(compose["services"]) == {"database", "queue", *OWN_SERVICES}
    for name in OWN_SERVICES:
        service = compose["services"][name]
        assert service["image"] == "rj-service"
        assert service["cap_drop"] == ["ALL"]
        assert service["read_only"] is True


def test_only_migrate_knows_the_owner(compose):
    owners = {name for name in OWN_SERVICES if "RJ_OWNER_PASSWORD" in compose["services"][name]["environment"]}
    assert owners == {"migrate"}


def test_compose_waits_for_migrations_and_checks_health(compose):
    services = compose["services"]
    for name in OWN_SERVICES[1:]:
        assert services[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    assert all("healthcheck" in services[name] for name in services if name != "migrate")


def test_compose_publishes_to_this_machine_only(compose):
    published = [port for service in compose["services"].values() for port in service.get("ports", [])]
    assert published == ["127.0.0.1:${PORT:-8000}:8000"]


def test_compose_has_the_collation_of_development(compose):
    arguments = compose["services"]["database"]["environment"]["POSTGRES_INITDB_ARGS"]
    development = (ROOT / "rj_service" / "dev" / "postgres.py").read_text()
    for part in ("--locale-provider=builtin", "--builtin-locale=C.UTF-8"):
        assert part in arguments.split()
        assert part in development


def test_compose_makes_the_roles_of_development(compose):
    from rj_service.dev.postgres import BOOTSTRAP

    mounted = next(volume for volume in compose["services"]["database"]["volumes"] if "initdb" in volume)
    path = ROOT / mounted.split(":")[0]
    script = path.read_text()
    assert os.access(path, os.X_OK)
    for statement in filter(None, (part.strip() for part in BOOTSTRAP.split(";"))):
        if not statement.startswith("create role"):
            assert f"{statement};" in script
    assert "createdb" not in script
    assert subprocess.run(["bash", "-n"], input=script, text=True).returncode == 0


def test_dockerfile_ends_as_nobody_special(stages):
    final = stages[-1]
    users = [argument for instruction, argument in final if instruction == "USER"]
    assert users[-1] == "service"
    assert [instruction for instruction, _ in final if instruction in {"USER", "CMD"}] == ["USER", "CMD"]
    for library in ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"):
        assert any(library in argument for instruction, argument in final if instruction == "RUN")


def test_dockerfile_keeps_no_secret(stages):
    kept = " ".join(argument for instruction, argument in stages[-1] if instruction in {"ENV", "ARG"})
    assert not re.search(r"SECRET|PASSWORD|_KEY", kept)


def test_dockerfile_installs_the_lock_without_development(stages):
    steps = [argument for instruction, argument in stages[0] if instruction == "RUN"]
    assert "uv sync --frozen --no-dev" in steps
    assert any(step.endswith("manage.py collectstatic --noinput") for step in steps)


def entry_commands() -> dict[str, list[str]]:
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    cmd = next(line for line in (ROOT / "Dockerfile").read_text().splitlines() if line.startswith("CMD "))
    return {name: services[name].get("command") or json.loads(cmd[4:]) for name in OWN_SERVICES}


def test_entry_commands_name_installed_programs():
    for name, command in entry_commands().items():
        assert shutil.which(command[0]), f"{name}: {shlex.join(command)}"


def compose_command() -> list[str]:
    """Compose as Docker's own plugin or as Debian's package; `config` needs no engine."""
    if shutil.which("docker") and not subprocess.run(["docker", "compose", "version"], capture_output=True).returncode:
        return ["docker", "compose"]
    if shutil.which("docker-compose"):
        return ["docker-compose"]
    reason = "docker compose is not installed: apt-get install docker-compose"
    return pytest.fail(reason) if os.environ.get("CI_REQUIRE_COMPOSE") == "1" else pytest.skip(reason)


def composed(tmp_path, values: dict[str, str]) -> subprocess.CompletedProcess:
    file = tmp_path / "env"
    file.write_text("".join(f"{name}={value}\n" for name, value in values.items()))
    command = [*compose_command(), "--env-file", str(file), "-f", str(ROOT / "docker-compose.yml"), "config"]
    environment = {name: value for name, value in os.environ.items() if name not in documented()}
    return subprocess.run(command, capture_output=True, text=True, env=environment)


@pytest.mark.proof
def test_compose_accepts_its_file_and_names_a_secret_that_is_missing(tmp_path):
    values = dict.fromkeys(documented(), "x") | {"PORT": "8000"}
    done = composed(tmp_path, values)
    assert done.returncode == 0, done.stderr
    resolved = yaml.safe_load(done.stdout)["services"]
    for name in ("web", "worker-long"):
        assert {resolved[name]["environment"][key] for key in ("SECRET_KEY", "RJ_VISIT_GRACE_MINUTES")} == {"x"}
    assert "RJ_OWNER_PASSWORD" not in resolved["web"]["environment"]
    for name in ("SECRET_KEY", "FIELD_KEYS", "LOOKUP_KEY", "PGPASSWORD", "RJ_OWNER_PASSWORD"):
        without = composed(tmp_path, {given: value for given, value in values.items() if given != name})
        assert without.returncode != 0
        assert f"{name} is missing" in without.stderr


@pytest.fixture
def production(django_db_setup, broker, tmp_path):
    """The environment of compose's own services, against the test database."""
    from django.db import connection

    from rj_service.dev.checks import production_secrets

    return (
        {name: value for name, value in os.environ.items() if not name.startswith(("PYTHONWARNINGS", "DJANGO"))}
        | production_secrets()
        | {
            "DJANGO_SETTINGS_MODULE": "rj_service.settings.production",
            "PGDATABASE": connection.settings_dict["NAME"],
            "BROKER_URL": broker.url,
            "FILES_DIR": str(tmp_path),
            "STATIC_ROOT": str(tmp_path / "static"),
        }
    )


def start(name: str, production: dict[str, str], log, **changed: str):
    command = [changed.get(part, part) for part in entry_commands()[name]]
    return processes.start(command, log=log, on_death=signal.SIGKILL, env=production, cwd=ROOT)


@pytest.mark.proof
def test_the_command_of_web_serves(production, tmp_path):
    collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"]
    subprocess.run(collect, cwd=ROOT, env=production, check=True)
    port = free_port()
    log = tmp_path / "web.log"
    web = start("web", production, log, **{"0.0.0.0:8000": f"127.0.0.1:{port}"})
    try:
        wait_until(lambda: "Booting worker" in log.read_text() or web.poll() is not None, within=90)
        check = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]["web"]["healthcheck"]["test"]
        asked = [sys.executable, "-c", check[3].replace(":8000", f":{port}")]
        wait_until(lambda: subprocess.run(asked, env=production, stderr=subprocess.DEVNULL).returncode == 0, within=90)
        ready = Request(f"http://127.0.0.1:{port}/health/ready/", headers={"Host": production["ALLOWED_HOSTS"]})
        assert json.load(urlopen(ready, timeout=20)) == {"database": True, "migrated": True}
        behind_tls = {"Host": production["ALLOWED_HOSTS"], "X-Forwarded-Proto": "https"}
        page = urlopen(Request(f"http://127.0.0.1:{port}/accounts/login/", headers=behind_tls), timeout=20)
        assert "max-age=31536000" in page.headers["Strict-Transport-Security"]
        with pytest.raises(HTTPError, match="404"):
            urlopen(Request(f"http://127.0.0.1:{port}/demo/", headers=behind_tls), timeout=20)
    finally:
        processes.stop(web, signal.SIGTERM, patience=10)


@pytest.mark.parametrize("name", ["SECRET_KEY", "FIELD_KEYS", "LOOKUP_KEY", "ALLOWED_HOSTS"])
def test_production_refuses_to_start_without(production, name):
    unsafe = {key: value for key, value in production.items() if key != name}
    command = [sys.executable, "manage.py", "check"]
    done = subprocess.run(command, cwd=ROOT, env=unsafe, capture_output=True, text=True)
    assert done.returncode == 1
    assert f"{name} is missing or too weak" in done.stderr
