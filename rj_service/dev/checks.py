"""`./run check`: each check, then one line for each that failed."""

import secrets
import subprocess

from . import services
from .place import Place


def check(place: Place, arguments: list[str]) -> int:
    failed = [name for name, command, environment in _checks(place) if not _passes(place, name, command, environment)]
    print(f"Failed: {', '.join(failed)}" if failed else "All checks passed.")
    return 1 if failed else 0


def _checks(place: Place) -> list[tuple[str, list[str], dict[str, str]]]:
    python = str(place.python)
    tools = place.environment("test")
    return [
        ("ruff", [python, "-m", "ruff", "check", "."], tools),
        ("format", [python, "-m", "ruff", "format", "--check", "."], tools),
        ("mypy", [python, "-m", "mypy"], tools),
        ("imports", [str(place.venv / "bin" / "lint-imports")], tools),
        ("templates", [python, "-m", "djlint", "templates", "--lint", "--quiet"], tools),
        ("migrations", [python, "manage.py", "makemigrations", "--check", "--dry-run"], tools),
        (
            "deployment",
            [python, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
            place.environment("production") | production_secrets(),
        ),
    ]


def production_secrets() -> dict[str, str]:
    return {
        "SECRET_KEY": secrets.token_urlsafe(64),
        "FIELD_KEYS": secrets.token_urlsafe(32) + "=",
        "LOOKUP_KEY": secrets.token_urlsafe(48),
        "ALLOWED_HOSTS": "rj.example.org",
        "BASE_URL": "https://rj.example.org",
    }


def _passes(place: Place, name: str, command: list[str], environment: dict[str, str]) -> bool:
    print(f"-- {name}", flush=True)
    if name != "migrations":
        return subprocess.run(command, cwd=place.root, env=environment).returncode == 0
    # The settings of development hold every app: those of the tests leave the demonstration out.
    with services.use(place.for_tests()):
        environment = place.for_tests().environment("development")
        return subprocess.run(command, cwd=place.root, env=environment).returncode == 0


__all__ = ["check", "production_secrets"]
