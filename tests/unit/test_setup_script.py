"""The script that installs refuses what it does not understand, before it installs anything."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

SETUP = Path(__file__).parents[2] / ".ci" / "setup"


@pytest.mark.parametrize("words", [("test", "check"), ("run", "--force"), ("nonsense",)])
def test_a_word_too_many_or_unknown_is_refused(words: tuple[str, ...]) -> None:
    done = subprocess.run([str(SETUP), *words], capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert ".ci/setup check" in done.stderr
