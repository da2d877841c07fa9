"""The baseline of the benchmarks is the product's own statement: it has a value for each of its parameters."""

from __future__ import annotations

from server_stub.storage.spending.statement import PARAMETERS
from tests.load.stage import spend_script


def test_the_baseline_knows_every_parameter_of_the_statement() -> None:
    script = spend_script("rules:1")
    assert "INSERT INTO points_entry" in script
    assert not [name for name in PARAMETERS if f":{name}" in script]
