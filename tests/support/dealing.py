"""How the gate's tests are dealt to its workers: one by one, so that the long ones do not pile up on one side, but for a few files.

The groups of pytest-xdist do not reach pytest 9.2, which makes a test's name anew from its place.
"""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling

# The tests of each look at something that takes a good while to make, and each worker would make its own.
TOGETHER = frozenset({"tests/e2e/test_residue.py", "tests/e2e/kill/test_kill.py", "tests/e2e/kill/test_kill_replacement.py"})


class OneByOne(LoadScopeScheduling):  # type: ignore[misc]  # the package has no types for it
    """Deals out whole files of ``TOGETHER`` first, then single tests."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return file if file in TOGETHER else nodeid
