"""Imports of many rows: rows a second, and the importing process's own processor time and peak memory.

    ./run services python benchmarks/import_rows.py [ROWS ...]

Without ROWS it takes 10,000 and 100,000. It makes its own files of invented people, one row in twenty to be refused, and
works in a database of its own, which is dropped at the end. Peaks are read from /proc: Linux only.

Of the 2,000 numbers that may be invented five rows share each, as a household does; later rows have none, but each row an
email address of its own, which is looked up in the same way. One number is a hostel's: every hundredth row has it.
"""

import csv
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

from django.conf import settings
from django.db import connection

from rj_service.demo.generated import COLUMNS, row

MONTHS = [date(year, month, 1) for year in range(2018, 2026) for month in range(1, 13)]
PLACES = ["Cambridge", "East Cambridgeshire", "Fenland", "Huntingdonshire", "Peterborough", "South Cambridgeshire"]
POSTCODES = ["CB", "PE", "SG", "NN"]
REFUSED = 20  # one row in so many
HOUSEHOLD = 5  # rows that share a telephone
HOSTEL, AT_THE_HOSTEL = "01632 960000", 100  # its telephone, and one row in so many


@dataclass(frozen=True)
class Measured:
    what: str
    rows: int
    seconds: float
    processor_seconds: float
    peak_mb: float
    said: str

    @property
    def line(self) -> str:
        return (
            f"{self.rows:>7,} rows, {self.what:<10} {self.seconds:>5.0f} s ({self.processor_seconds:.0f} s of processor)"
            f" {self.rows / self.seconds:>5.0f} rows/s {self.peak_mb:>4.0f} MB"
        )


def write_hub_file(path: Path, rows: int) -> Path:
    """The same file for the same number: months in their order, and in every twentieth row no consent."""
    rng = Random(rows)
    sharing: Counter[str] = Counter()
    with path.open("w", newline="", encoding="utf-8") as target:
        writer = csv.DictWriter(target, COLUMNS, restval="")
        writer.writeheader()
        for number in range(rows):
            month = MONTHS[number * len(MONTHS) // rows]
            values = row(rng, slug="many", number=number, month=month, places=PLACES, postcodes=rng.choice(POSTCODES))
            values |= {
                "victim_phone": _telephone(values, number, sharing),
                "victim_email": f"person{number}@example.org",
            }
            writer.writerow(values | ({"contact_consent": "N"} if number % REFUSED == 0 else {}))
    return path


def _telephone(values: dict[str, str], number: int, sharing: Counter[str]) -> str:
    given = HOSTEL if number % AT_THE_HOSTEL == 1 else values["victim_phone"]
    sharing[given] += 1
    return given if given == HOSTEL or sharing[given] <= HOUSEHOLD else ""


def _processor_seconds() -> float:
    """Of every child that has ended."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return ended.ru_utime + ended.ru_stime


class Importing:
    """`manage import_referrals` at work in a process of its own."""

    def __init__(self, path: Path, slug: str, *options: str) -> None:
        self.started, self.processor = time.monotonic(), _processor_seconds()
        self.peak_mb = 0.0
        environment = os.environ | {
            "PGDATABASE": connection.settings_dict["NAME"],
            "FILES_DIR": str(settings.FILES_DIR),
            "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"],
        }
        command = [sys.executable, "-W", "ignore", "manage.py", "import_referrals", str(path), "--area", slug, *options]
        self.process = subprocess.Popen(
            command,
            cwd=settings.BASE_DIR,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a line for each refused row
            text=True,
        )

    def goes_on(self, every: float = 0.05) -> bool:
        """Waits a moment. The peak is what the kernel counted since the program began."""
        time.sleep(every)
        try:
            status = Path(f"/proc/{self.process.pid}/status").read_text()
        except OSError:
            status = ""
        peaks = [int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM:")]
        self.peak_mb = max([self.peak_mb, *peaks])
        return self.process.poll() is None

    def measured(self, what: str, rows: int) -> Measured:
        while self.goes_on():
            pass
        seconds = time.monotonic() - self.started
        said, _ = self.process.communicate()
        if self.process.returncode:
            raise RuntimeError(f"import_referrals ended with {self.process.returncode}")
        return Measured(what, rows, seconds, _processor_seconds() - self.processor, self.peak_mb, said.strip())

    def kill_when(self, condition: Callable[[], object]) -> None:
        while self.goes_on() and not condition():
            pass
        self.process.kill()
        self.process.communicate()


def main(sizes: list[int]) -> None:
    from rj_service.accounts.models import ServiceArea
    from tests.database import test_database

    with tempfile.TemporaryDirectory() as folder, test_database():
        settings.FILES_DIR = Path(folder) / "files"
        for rows in sizes:
            area = ServiceArea.objects.create(slug=f"rows-{rows}", name=f"{rows:,} rows")
            path = write_hub_file(Path(folder) / "hub.csv", rows)
            for what in ("sent", "sent again"):
                one = Importing(path, area.slug).measured(what, rows)
                print(one.line, one.said, sep="   ", flush=True)


if __name__ == "__main__":
    import django

    django.setup()
    main([int(size.replace(",", "")) for size in sys.argv[1:]] or [10_000, 100_000])
