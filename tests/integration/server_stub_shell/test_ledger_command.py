"""`ledger prove` as an operator runs it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.support.service_process import Installation


def test_a_ledger_that_agrees_is_good(installation: Installation) -> None:
    done = installation.command("ledger", "prove", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"good": True, "accounts": 0, "wrong": 0, "first_wrong": []} | _marks(done.stdout)


def _marks(text: str) -> dict[str, object]:
    return {name: value for name, value in json.loads(text).items() if name not in ("good", "accounts", "wrong", "first_wrong")}
