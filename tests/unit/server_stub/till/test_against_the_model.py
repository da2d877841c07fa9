"""Random scripts: the service answers what the model answers, which was written apart from it.

A difference that rests on a reading of the format which others may not share is passed over; the model says which these are.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.model.comparison import Difference, Play, first_difference, shrunk
from tests.model.scripts.writer import script
from tests.support.till_scripts import play, player_on

EVENTS = 80
GATE = range(12)
# Ten scripts stay far below the time limit of a test, also where others keep the machine busy.
LONG = [range(first, first + 10) for first in range(100, 700, 10)]
LONG_ON_SERVER = range(2000, 2040)


def difference(seed: int, playing: Play) -> Difference | None:
    found = first_difference(script(seed, EVENTS), playing)
    return None if found is None or found.doubts else found


def said(found: Difference, playing: Play) -> str:
    return str(shrunk(found, playing, patience=100))


@pytest.mark.parametrize("seed", GATE)
def test_a_random_script_gives_what_the_model_gives(seed: int) -> None:
    found = difference(seed, play)
    assert found is None, said(found, play)


@pytest.mark.parametrize("seed", [20, 21])
def test_a_random_script_gives_the_same_on_either_database(seed: int, database_address: str, tmp_path: Path) -> None:
    with player_on(database_address, tmp_path) as player:
        assert str(difference(seed, lambda text: play(text, player))) == "None"


@pytest.mark.long
@pytest.mark.parametrize("seeds", LONG, ids=str)
def test_many_random_scripts_give_what_the_model_gives(seeds: range) -> None:
    for seed in seeds:
        found = difference(seed, play)
        assert found is None, f"seed {seed}\n{said(found, play)}"


@pytest.mark.long
@pytest.mark.parametrize("seed", LONG_ON_SERVER)
def test_many_random_scripts_give_what_the_model_gives_on_a_server(seed: int, furnished_postgres: object, tmp_path: Path) -> None:
    with player_on(furnished_postgres.address, tmp_path) as player:  # type: ignore[attr-defined]
        assert str(difference(seed, lambda text: play(text, player))) == "None"
