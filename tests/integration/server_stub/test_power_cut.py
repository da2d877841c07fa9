"""The service dies at every statement of a use case: nothing is half done, and the same request comes through once."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.power_cut import CASES

if TYPE_CHECKING:
    from pathlib import Path

ADDED = {
    "joining": {"application": 1, "person": 1, "consent": 4, "decision": 1, "member": 1, "points_entry": 1, "coupon": 2, "receipt": 1},
    "approving": {"decision": 1, "member": 1, "points_account": 1, "points_entry": 1, "coupon": 2},
    "activating": {},
}


# On a server every cut makes new connections; one case of it is enough for the gate.
ON_BOTH = [(case, "sqlite") for case in CASES] + [
    pytest.param(case, "postgres", marks=() if case == "joining" else pytest.mark.long) for case in CASES
]


@pytest.mark.parametrize(("case", "database_address"), ON_BOTH, indirect=["database_address"])
def test_a_cut_at_every_statement_leaves_all_or_nothing(case: str, database_address: str, project_root: Path) -> None:
    run = [sys.executable, "-m", "tests.support.power_cut", database_address, case]
    found = json.loads(subprocess.run(run, cwd=project_root, check=True, capture_output=True, timeout=50).stdout)
    assert found["wrong"] == []
    assert found["cuts"] > 8
    added = {table: count for table, count in found["added"].items() if count}
    expected = ADDED[case] | ({"points_account": 1, "request_log": 1} if case == "joining" else {})
    assert added == expected | ({"request_log": 1} if case == "approving" else {})
