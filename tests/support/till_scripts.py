"""The scripts of till-script.md with what they must give, and a player of them on any furnished database."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from server_stub.domain.clock import Clock
from server_stub.domain.program.parameters import Parameters
from server_stub.till.embedded import counter_on
from server_stub.till.orders import Counter
from server_stub.till.player import Player
from server_stub.till.reader import read_lines
from server_stub.till.session import session
from tests.support.central_service import open_database

_SHARED = os.environ.get("SHARED_DATA")
FOLDER = Path(_SHARED) / "till" if _SHARED else Path(__file__).parents[1] / "data" / "till"
EXAMPLES = sorted(path for path in FOLDER.glob("*.jsonl") if ".expected" not in path.name)


def expected(script: Path) -> list[dict[str, Any]]:
    """What the script must give."""
    return [json.loads(line) for line in script.with_suffix(".expected.jsonl").read_text(encoding="utf-8").splitlines()]


def play(text: str, player: Player | None = None) -> list[dict[str, Any]]:
    """Plays a script, without a player on an embedded service of its own; through JSON, as the command prints it."""
    lines = text.encode().split(b"\n")
    if player is not None:
        return [json.loads(json.dumps(player.play(line))) for line in read_lines(lines)]
    with session() as own:
        return play(text, own)


@contextmanager
def player_on(address: str, folder: Path) -> Iterator[Player]:
    """A player of one script on a furnished database; the folder takes its keys."""

    @contextmanager
    def open_service(clock: Clock, parameters: Parameters) -> Iterator[Counter]:
        database = open_database(address, clock)
        try:
            yield counter_on(database, clock, folder, parameters)
        finally:
            database.close()

    with session(open_service) as player:
        yield player
