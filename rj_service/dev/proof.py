"""`./run proof`: what takes longer than the tests, in one table: what, how many tried, how many failed."""

import os
import subprocess
import xml.etree.ElementTree as ElementTree
from collections import Counter, defaultdict

from . import services
from .place import Place


def proof(place: Place, arguments: list[str]) -> int:
    tests = place.for_tests()
    report = tests.data / "proof.xml"
    with services.use(tests):
        report.unlink(missing_ok=True)
        command = [str(tests.python), "-m", "pytest", "-m", "proof or browser", "-q", f"--junitxml={report}"]
        command += ["-o", "junit_family=xunit1"]  # the one that may hold what a test tells
        command += ["-n", str((os.cpu_count() or 1) + 1), "--maxschedchunk", "1", *arguments]
        environment = tests.environment("test") | {"RJ_PROOF": "1"}
        code = subprocess.run(command, cwd=tests.root, env=environment).returncode
    if report.exists():
        print(_table(report.read_text()))
    return 0 if code == 5 else code  # 5: no proof is written yet


def _table(report: str) -> str:
    """
    A test that tries many things in one go records how many: `record_property("tried", …)` and "failed". What it
    measured it tells in a line each: `record_property("measured", …)`.
    """
    tried: Counter[str] = Counter()
    failed: Counter[str] = Counter()
    skipped: Counter[str] = Counter()
    seconds: Counter[str] = Counter()
    measured: defaultdict[str, list[str]] = defaultdict(list)
    for case in ElementTree.fromstring(report).iter("testcase"):
        what = f"{case.get('classname', '').removeprefix('tests.')}: {case.get('name', '').split('[')[0]}"
        properties = [(one.get("name"), one.get("value", "")) for one in case.iter("property")]
        told = {name: int(value) for name, value in properties if name != "measured"}
        measured[what] += [f"\n    {value}" for name, value in properties if name == "measured"]
        broken = any(case.find(kind) is not None for kind in ("failure", "error"))
        skipped[what] += case.find("skipped") is not None
        tried[what] += told.get("tried", case.find("skipped") is None)
        failed[what] += max(told.get("failed", 0), broken)
        seconds[what] += round(float(case.get("time", "0")))
    width = max(map(len, tried), default=4)
    rows = [f"{'what':<{width}}  tried  failed  skipped  seconds"]
    rows += [
        f"{what:<{width}}  {tried[what]:>5}  {failed[what]:>6}  {skipped[what]:>7}  {seconds[what]:>7}"
        + "".join(measured[what])
        for what in tried
    ]
    return "\n".join(rows)
