"""A simulation does the same for the same seed and finds its ledger right; a ledger that is wrong is found."""

from __future__ import annotations

import json
from typing import Any

import pytest

from server_stub.cli.main import main
from server_stub.cli.output import Exit
from server_stub.till.player import Player
from server_stub.till.reader import Line
from server_stub.till.session import session
from server_stub.till.simulation import simulate
from server_stub.till.traffic import Plan


class Forger(Player):
    """Says one point too many of one member at the end."""

    def play(self, line: Line) -> dict[str, Any]:
        result = super().play(line)
        balance = result.get("balance", {})
        if balance.get("member") == "m2":
            balance["available"] += 1
            balance["ledger"] += 1
        return result


def test_the_same_seed_does_the_same_and_the_ledger_is_right(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["till", "simulate", "--members", "12", "--sales", "60", "--seed", "3", "--rule-set", "hexing-mall", "--json"]
    outcomes = []
    for _ in range(2):
        assert main(words) == Exit.GOOD
        outcome = json.loads(capsys.readouterr().out)
        assert outcome.pop("seconds") > 0
        assert outcome.pop("events_per_second") > 0
        outcomes.append(outcome)
    assert outcomes[0] == outcomes[1]
    assert outcomes[0]["done"]["sale"] == 60
    assert outcomes[0]["proof"] is True
    assert outcomes[0]["points_posted"] == outcomes[0]["points_held"] > 0


def test_a_ledger_that_is_wrong_is_found() -> None:
    with session() as player:
        player.__class__ = Forger
        _, proof = simulate(Plan(5, 20, 1), player)
    assert proof.wrong == ("m2",)
    assert not proof.is_good
    assert proof.held_by_members == proof.posted + 1
