"""import-linter sees what it is there to see: each border, crossed on purpose in a copy of the code."""

import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from django.conf import settings

ROOT = settings.BASE_DIR
PACKAGES = ("rj_service", "referrals", "cases", "volunteers", "training", "reporting")
CROSSINGS = {
    "an app reaches up": ("referrals/policy.py", "from cases import policy as cases_policy", "one stack"),
    "strangers meet": ("volunteers/policy.py", "from referrals import policy as referrals_policy", "one stack"),
    "a foundation knows an app": ("rj_service/accounts/roles.py", "import referrals.models", "one stack"),
    "a model acts": ("referrals/models/people.py", "def act():\n    from referrals import actions", "point down"),
    "an action reaches a view": ("referrals/policy.py", "from referrals import views", "point down"),
    "a module without a name of its own": ("cases/utils.py", "", "point down"),
    "a module beside the parts of the service": ("rj_service/helpers.py", "", "has its place"),
    "a package beside the parts of the service": ("rj_service/extras/__init__.py", "", "has its place"),
    "another app's pages": ("cases/policy.py", "from referrals import forms", "private"),
    "PDF outside documents": ("reporting/data.py", "import weasyprint", "WeasyPrint"),
    "the domain knows the queue": ("cases/policy.py", "import celery", "no queue"),
    "development services in the service": ("rj_service/jobs/hints.py", "import rj_service.dev.valkey", "development"),
}


@pytest.mark.proof
@pytest.mark.parametrize("crossing", CROSSINGS)
def test_the_linter_sees(tmp_path, crossing):
    path, line, contract = CROSSINGS[crossing]
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / path).parent.mkdir(exist_ok=True)
    with (tmp_path / path).open("a") as file:
        file.write(f"\n{line}\n")
    linter = Path(shutil.which("lint-imports"))
    done = subprocess.run([linter, "--no-cache"], cwd=tmp_path, env={"PYTHONPATH": "."}, capture_output=True, text=True)
    assert done.returncode == 1, done.stdout
    broken = [name for name in done.stdout.splitlines() if name.endswith("BROKEN")]
    assert any(contract in name for name in broken), done.stdout


def test_the_linter_looks_at_every_package_of_the_repository():
    """A new app beside the others would else be seen by no contract at all."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    found = {path.parent.name for path in ROOT.glob("[!.]*/__init__.py")} - {"tests", "benchmarks"}
    assert set(contracts["root_packages"]) == found == set(PACKAGES)
