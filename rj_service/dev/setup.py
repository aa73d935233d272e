"""What a bare machine lacks: system libraries, uv, the locked dependencies."""

import ctypes
import os
import shutil
import subprocess
import sys
from pathlib import Path

from .place import Place, Refusal

UV = "uv>=0.9,<1"
DISTRIBUTIONS_PYTHON = Path("/usr/bin/python3")
OLDEST_PYTHON = (3, 11)  # as pyproject.toml has it
# A minimal install lacks some of these.
NEEDED_OF_PYTHON = ("asyncio", "bz2", "ctypes", "lzma", "sqlite3", "ssl", "unittest", "venv", "zoneinfo")
PDF_LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
FONT_PACKAGE = "fonts-dejavu-core"
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts")


def ready(place: Place) -> None:
    if sys.platform == "linux":
        install_with_apt(missing_packages())
    sync(place, find_uv(place))


def missing_packages() -> list[str]:
    return [package for library, package in PDF_LIBRARIES.items() if not loads(library)] + (
        [] if has_font() else [FONT_PACKAGE]
    )


def loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def has_font() -> bool:
    if shutil.which("fc-list"):
        return bool(subprocess.run(["fc-list"], capture_output=True).stdout.strip())
    folders = (Path(folder).expanduser() for folder in FONT_FOLDERS)
    return any(next(folder.rglob(f"*.{kind}"), None) for folder in folders for kind in ("ttf", "otf"))


def install_with_apt(packages: list[str]) -> None:
    if not packages:
        return
    by_hand = f"sudo apt-get update && sudo apt-get install -y --no-install-recommends {' '.join(packages)}"
    command = _apt()
    if command is None:
        raise Refusal(by_hand)
    print(f"Installing {', '.join(packages)}", flush=True)
    install = [*command, "install", "-y", "-qq", "--no-install-recommends", *packages]
    if _quietly(install) != 0 and (_quietly([*command, "update", "-qq"]) != 0 or _quietly(install) != 0):
        raise Refusal(by_hand)


def _apt() -> list[str] | None:
    if not shutil.which("apt-get"):
        return None
    if os.getuid() == 0:
        return ["apt-get"]
    if shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0:
        return ["sudo", "-n", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    return None


def _quietly(command: list[str]) -> int:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, timeout=600).returncode


def find_uv(place: Place) -> Path:
    own = place.data / "uv"
    for candidate in (shutil.which("uv"), own / "bin" / "uv"):
        if candidate and _works(Path(candidate)):
            return Path(candidate)
    print("Installing uv", flush=True)
    if not _make_venv(own):
        install_with_apt(["python3-venv"])
        if not _make_venv(own):
            raise Refusal("sudo apt-get install -y python3-venv")
    if subprocess.run([own / "bin" / "python", "-m", "pip", "install", "-q", UV]).returncode:
        raise Refusal("uv could not be installed. Check the connection to PyPI, then run ./run again.")
    return own / "bin" / "uv"


def _works(candidate: Path) -> bool:
    try:
        return subprocess.run([candidate, "--version"], capture_output=True).returncode == 0
    except OSError:
        return False


def _make_venv(folder: Path) -> bool:
    shutil.rmtree(folder, ignore_errors=True)
    return subprocess.run([sys.executable, "-m", "venv", folder], capture_output=True).returncode == 0


def python(distributions: Path = DISTRIBUTIONS_PYTHON) -> str:
    """The distribution's own where it is new and whole enough, else the one that `./run` was started with. Distributions build
    theirs with profile-guided optimisation and a version manager usually does not: that was a tenth of the time of the tests."""
    enough = f"import sys, {', '.join(NEEDED_OF_PYTHON)}; sys.exit(sys.version_info < {OLDEST_PYTHON})"
    try:
        if subprocess.run([distributions, "-c", enough], capture_output=True).returncode == 0:
            return str(distributions)
    except OSError:
        pass
    return getattr(sys, "_base_executable", sys.executable)


def sync(place: Place, uv: Path) -> None:
    environment = {"UV_PYTHON": python(), "UV_PYTHON_DOWNLOADS": "never"} | {
        key: value for key, value in os.environ.items() if key not in {"VIRTUAL_ENV", "UV_PROJECT_ENVIRONMENT"}
    }
    command = [str(uv), "sync", "--frozen", "--quiet", "--project", str(place.root)]
    if subprocess.run(command, env=environment, cwd=place.root).returncode:
        raise Refusal(
            "The locked dependencies could not be installed. Check the connection to PyPI, then run ./run again."
        )
