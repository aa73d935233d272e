"""What `./run` does on a machine where something is missing: install it, or say one line and end."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from rj_service.dev import command, setup
from rj_service.dev.place import Refusal

BY_HAND = "sudo apt-get update && sudo apt-get install -y --no-install-recommends libmissing-1 fonts-missing"
INSTALL = "install -y -qq --no-install-recommends libmissing-1 fonts-missing"
NOBODY, ROOT_USER = 65534, 0


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """Somebody's machine whose only programs are those given, each by what it ends with; returns what was called."""
    calls = tmp_path / "calls"
    calls.touch()

    def make(user: int, **programs: str):
        folder = tmp_path / "bin"
        folder.mkdir()
        for name, body in programs.items():
            path = folder / name.replace("_", "-")
            path.write_text(f'#!/bin/sh\necho "{path.name} $*" >> {calls}\n{body}\n')
            path.chmod(0o755)
        monkeypatch.setenv("PATH", str(folder))
        monkeypatch.setattr(os, "getuid", lambda: user)
        return lambda: calls.read_text().splitlines()

    return make


@pytest.mark.parametrize(
    ("user", "programs", "expected"),
    [
        (ROOT_USER, {"apt_get": "exit 0"}, [f"apt-get {INSTALL}"]),
        (
            NOBODY,
            {"apt_get": "exit 0", "sudo": "exit 0"},
            ["sudo -n true", f"sudo -n DEBIAN_FRONTEND=noninteractive apt-get {INSTALL}"],
        ),
        # Lists that are too old: brought up to date once, then tried again.
        (
            ROOT_USER,
            {"apt_get": '[ "$1" = update ] && : > "$0.updated"; [ -e "$0.updated" ]'},
            [f"apt-get {INSTALL}", "apt-get update -qq", f"apt-get {INSTALL}"],
        ),
    ],
    ids=["root", "sudo without a password", "old lists"],
)
def test_what_is_missing_is_installed(machine, user, programs, expected):
    called = machine(user, **programs)
    setup.install_with_apt(["libmissing-1", "fonts-missing"])
    assert called() == expected


@pytest.mark.parametrize(
    ("user", "programs", "expected"),
    [
        (NOBODY, {"apt_get": "exit 0"}, []),
        (NOBODY, {"apt_get": "exit 0", "sudo": "exit 1"}, ["sudo -n true"]),
        (ROOT_USER, {}, []),
        (ROOT_USER, {"apt_get": "exit 100"}, [f"apt-get {INSTALL}", "apt-get update -qq"]),
    ],
    ids=["no sudo", "sudo asks", "no apt", "apt fails"],
)
def test_else_there_is_one_line_to_run(machine, user, programs, expected):
    called = machine(user, **programs)
    with pytest.raises(Refusal) as refused:
        setup.install_with_apt(["libmissing-1", "fonts-missing"])
    assert str(refused.value) == BY_HAND
    assert called() == expected


def test_nothing_is_asked_of_a_machine_that_lacks_nothing(machine):
    called = machine(NOBODY, apt_get="exit 0", sudo="exit 0")
    setup.install_with_apt([])
    assert called() == []


def test_run_ends_with_that_line_and_not_with_0(machine, tmp_path, monkeypatch, capsys):
    machine(NOBODY, apt_get="exit 0")
    monkeypatch.setenv("RJ_DATA", str(tmp_path / "data"))
    monkeypatch.setitem(setup.PDF_LIBRARIES, "libmissing.so.9", "libmissing-9")
    assert command.main(settings.BASE_DIR, ["manage", "check"]) == 1
    said = capsys.readouterr()
    assert said.err.strip().startswith("sudo apt-get update && ") and "libmissing-9" in said.err
    assert said.err.count("\n") == 1 and said.out == ""


@pytest.mark.parametrize(
    ("body", "is_chosen"), [("exit 0", True), ("exit 1", False), (None, False)], ids=["enough", "too old", "not there"]
)
def test_the_distribution_s_python_where_it_will_do(tmp_path, body, is_chosen):
    distributions = tmp_path / "python3"
    if body is not None:
        distributions.write_text(f"#!/bin/sh\n{body}\n")
        distributions.chmod(0o755)
    assert (setup.python(distributions) == str(distributions)) is is_chosen


def test_the_python_that_the_tests_run_in_is_enough(tmp_path):
    """What is asked of one is asked in words that a Python understands."""
    assert setup.python(Path(sys.executable)) == sys.executable
    older = tmp_path / "python3"
    older.write_text(f'#!/bin/sh\nexec {sys.executable} -c "import sys; sys.version_info = (3, 10, 9)\n$2"\n')
    older.chmod(0o755)
    assert setup.python(older) != str(older)


@pytest.mark.parametrize(("failing", "code"), [("none", 0), ("check", 1), ("test", 1)])
def test_ci_tells_how_long_each_took_and_fails_for_nothing_else(tmp_path, failing, code):
    (tmp_path / ".ci").mkdir()
    shutil.copy(settings.BASE_DIR / ".ci" / "run", tmp_path / ".ci" / "run")
    for name, body in {"run": f'echo "ran $1"; [ "$1" != {failing} ]', "chromium": "", "docker-compose": ""}.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{body}\n")
        (tmp_path / name).chmod(0o755)
    environment = {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", tmp_path / ".ci" / "run"], env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == code, done.stderr
    ran, tested, *told = done.stdout.splitlines()
    assert (ran, tested) == ("ran check", "ran test")
    assert [re.sub(r" +\d+ s,", " N s,", line) for line in told] == [
        "./run check N s, goal   120 s",
        "./run test N s, goal   360 s",
    ]
