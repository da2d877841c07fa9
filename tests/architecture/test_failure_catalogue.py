"""Each failure of the catalogue that a test holds off has a regression test of its name, and docs/failures.md says which."""

from __future__ import annotations

import re
from pathlib import Path

from tests.architecture.tree import text, tracked

HELD_OFF = {*range(1, 13), *range(15, 19)}
NAMED = re.compile(r"^(?:async )?def test_f(\d+)_\w+\(", re.MULTILINE)
ROW = re.compile(r"^\| (\d+) \|.*\| `test_f(\d+)_\.\.\.`(?: in (\S+))? \|$", re.MULTILINE)
USUAL = "tests/unit/server_stub/services/ledger/test_failures.py"


def _tests() -> dict[int, set[str]]:
    """Files with tests of each failure."""
    found: dict[int, set[str]] = {}
    for path in tracked():
        if path.name.startswith("test_") and path.suffix == ".py":
            for number in NAMED.findall(text(path)):
                found.setdefault(int(number), set()).add(str(path))
    return found


def test_every_failure_has_a_test_that_bears_its_number() -> None:
    assert not HELD_OFF - _tests().keys()


def test_the_table_of_failures_says_where_their_tests_are() -> None:
    rows = ROW.findall(text(Path("docs/failures.md")))
    assert [int(number) for number, _, _ in rows] == sorted(HELD_OFF)
    assert all(number == named for number, named, _ in rows)
    found = _tests()
    assert {int(number): {file or USUAL} for number, _, file in rows} == {number: found[number] for number in HELD_OFF}
