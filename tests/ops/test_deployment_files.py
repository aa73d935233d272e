"""The container files, as far as they can be checked without a Docker engine."""

import json
import re
import shlex
import shutil
import subprocess

import pytest
import yaml
from django.conf import settings

ROOT = settings.BASE_DIR
SETTING = re.compile(r'\benv(?:\.\w+)?\(\s*"([A-Z_]+)"')
COMPOSE_ONLY = {"POSTGRES_PASSWORD", "RJ_BACKUP_PASSWORD", "PORT", "RJ_DATA"}
OWN_SERVICES = ("migrate", "web", "worker", "beat")


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
    return {
        name for path in (ROOT / "rj_service" / "settings").glob("*.py") for name in SETTING.findall(path.read_text())
    }


def test_env_example_documents_exactly_what_is_read():
    assert documented() == read_by_settings() | COMPOSE_ONLY


def test_every_variable_of_compose_is_documented(compose):
    used = set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text()))
    assert used <= documented()


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
    for name in ("web", "worker", "beat"):
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

    script = compose["configs"]["roles"]["content"]
    for statement in filter(None, (part.strip() for part in BOOTSTRAP.split(";"))):
        if not statement.startswith("create role"):
            assert f"{statement};" in script
    assert "createdb" not in script
    assert subprocess.run(["bash", "-n"], input=script.replace("$$", "$"), text=True).returncode == 0


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


def test_docker_accepts_the_compose_file(tmp_path):
    if not shutil.which("docker") or subprocess.run(["docker", "compose", "version"], capture_output=True).returncode:
        pytest.skip("docker compose is not installed")
    values = "".join(f"{name}=x\n" for name in documented())
    (tmp_path / "env").write_text(values)
    command = [
        "docker",
        "compose",
        "--env-file",
        str(tmp_path / "env"),
        "-f",
        str(ROOT / "docker-compose.yml"),
        "config",
    ]
    done = subprocess.run([*command, "--quiet"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
