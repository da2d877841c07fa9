"""What must be true of a kiosk that many came to: nothing in a log that nobody expects, nothing that grows, nothing left of anybody.

Each check raises AssertionError with what is wrong. Knows the kiosk's process, its logs and the records; knows no walk.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from pathlib import Path

from kiosk.backend.caller import DEADLINE_S
from tests.support.residue import Canary
from tests.support.town import Town

UNEXPECTED = re.compile(
    r"Traceback|\b(ERROR|CRITICAL|FATAL)\b|\w*(?:Error|Exception)\b: |never retrieved|was never awaited|Segmentation|Assertion",
    re.IGNORECASE,
)
BEGUN = re.compile(r" on (?:MemberIdentified|VisitResumed|CardActivated)")
"""Where the kiosk hears of a visit. One whose answer nobody waited for is never heard of, and expires."""
EXPECTED = re.compile("Cutbuffer: Unable to find|^(xsel|xclip) - FileNotFoundError")
"""Said by the test's own look at the clipboard."""
GROWTH_MB = 12.0
UNNAMED = 2
"""Tasks without a name that are always there: the program itself, and the answer to whoever looks."""


@dataclass(frozen=True, slots=True)
class Rested:
    """The kiosk's process while nobody is there.

    Attributes:
        tasks: Names of its tasks.
        widgets: How many widgets it keeps.
        resident_mb: Memory.
        descriptors: Open files and sockets.
        threads: Threads.
    """

    tasks: tuple[str, ...]
    widgets: int
    resident_mb: float
    descriptors: int
    threads: int


def rested(town: Town, canaries: list[Canary]) -> Rested:
    """Look at a kiosk that nobody stands at; nothing of anybody is in its widgets."""
    # The kiosk looks for garbage once nobody has come for a while.
    town.wait(20)
    time.sleep(0.4)
    tasks = _tasks_once_answered(town)
    report = town.report()
    left = town.in_texts(report, canaries)
    assert not left, f"in widgets while nobody is there: {[str(hit) for hit in left]}"
    assert report["clipboard"] == ""
    assert town.kiosk.process is not None
    process = Path(f"/proc/{town.kiosk.process.pid}")
    status = dict(line.split(":", 1) for line in (process / "status").read_text(encoding="utf-8").splitlines())
    resident_mb = int(status["VmRSS"].split()[0]) / 1024
    descriptors = len(list((process / "fd").iterdir()))
    return Rested(tasks, report["widgets"], resident_mb, descriptors, int(status["Threads"]))


def _tasks_once_answered(town: Town) -> tuple[str, ...]:
    """Return the kiosk's tasks when the calls are over that the leap of time set off: each has one without a name meanwhile."""
    end = time.monotonic() + DEADLINE_S
    while True:
        tasks = tuple(town.glass.look()["tasks"])
        if sum(name.startswith("Task-") for name in tasks) <= UNNAMED or time.monotonic() > end:
            return tasks
        time.sleep(0.05)


def check_growth(looks: list[Rested]) -> None:
    """Check that the later half is no bigger than the earlier one, but for what a process needs to breathe."""
    half = len(looks) // 2
    early, late = looks[: half or 1], looks[half:]
    assert len(looks) >= 2, "nobody ever left the kiosk alone"
    most = max(len(look.tasks) for look in early)
    assert min(len(look.tasks) for look in late) <= most, f"tasks: {late[-1].tasks}"
    assert late[-1].widgets <= max(look.widgets for look in early), [look.widgets for look in looks]
    assert min(look.resident_mb for look in late[-3:]) <= max(look.resident_mb for look in early) + GROWTH_MB, [
        look.resident_mb for look in looks
    ]
    assert min(look.descriptors for look in late[-3:]) <= max(look.descriptors for look in early) + 2, [look.descriptors for look in looks]
    assert late[-1].threads <= max(look.threads for look in early) + 1, [look.threads for look in looks]


def check_logs(town: Town) -> None:
    """Check that no process logged what nobody expects."""
    found = []
    for path in sorted((town.folder / "logs").glob("*.log")):
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        found += [
            f"{path.name}:{number + 1}: {line}"
            for number, line in enumerate(lines)
            if UNEXPECTED.search(line) and not EXPECTED.search(line)
        ]
    assert not found, "\n".join(found[:20])


def check_visits(town: Town, *, visits: int, outages: int) -> None:
    """Check that every visit was wiped, and that each that the kiosk heard of ended at the centre, but where the centre was away."""
    wiped = town.log.count("visit wiped in")
    assert wiped >= visits, f"{visits} visits, {wiped} wiped"
    begun = len(BEGUN.findall(town.log))
    ((ended,),) = town.owner.rows("SELECT count(*) FROM visit WHERE ended_at IS NOT NULL")
    assert ended + outages >= begun, f"{begun} visits began at the kiosk, {ended} ended, {outages} outages"


def check_records(town: Town) -> None:
    """Check ledger, cards and audit trail as their owners do."""
    town.owner.check_always()
    town.run_service_command("ledger", "prove")
    town.owner.check_audit()


def check_files(town: Town, canaries: list[Canary]) -> None:
    """Check files and logs. What is left in memory is looked for by the residue tests, visit by visit."""
    left = sorted(str(hit) for hit in town.in_files(canaries))
    assert not left, left
