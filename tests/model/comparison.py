"""Holds a player of till scripts against the model: the first line that differs, and the shortest script that still shows it."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.model.player import Player

Play = Callable[[str], list[dict[str, Any]]]
TAIL = 12


class CannotPlay(Exception):
    """The other player gave no result lines: it ended with an error, or wrote something else."""


@dataclass(frozen=True)
class Difference:
    """Line `number` of the script, what the model says of it and what the other player said (None: nothing).

    `doubts` names the readings of the format on which the model's answer rests, where the format can be read otherwise.
    """

    script: str
    number: int
    expected: dict[str, Any] | None
    got: dict[str, Any] | None
    doubts: frozenset[str] = frozenset()

    def __str__(self) -> str:
        """The last lines of the script up to the difference, and both answers."""
        lines = list(enumerate(self.script.split("\n"), start=1))[: self.number]
        tail = "\n".join(f"{number:4} {line}" for number, line in lines[-TAIL:])
        doubts = "".join(f"\n  doubt   {about}" for about in sorted(self.doubts))
        expected, got = (json.dumps(one, ensure_ascii=False) for one in (self.expected, self.got))
        return f"{tail}\n  model   {expected}\n  product {got}{doubts}"


def agrees(expected: Any, got: Any) -> bool:
    """True where `got` is `expected`, keys that the model does not print aside; 1 is not true, and the order of lists counts."""
    if isinstance(expected, dict):
        return isinstance(got, dict) and all(key in got and agrees(value, got[key]) for key, value in expected.items())
    if isinstance(expected, list):
        same_length = isinstance(got, list) and len(got) == len(expected)
        return same_length and all(agrees(one, other) for one, other in zip(expected, got, strict=True))
    return type(expected) is type(got) and bool(expected == got)


def first_difference(script: str, play: Play) -> Difference | None:
    """Plays a script with the model and with another player; returns the first result line that differs."""
    model = Player()
    expected = model.play(script)
    got = play(script)
    for one, other in zip(expected, got, strict=False):
        if not agrees(one, other):
            return Difference(script, one["n"], one, other, frozenset(model.doubts.get(one["n"], set())))
    if len(expected) == len(got):
        return None
    longer = max(expected, got, key=len)[min(len(expected), len(got))]
    return Difference(script, longer["n"], *((longer, None) if len(expected) > len(got) else (None, longer)))


def shrunk(difference: Difference, play: Play, patience: int = 400) -> Difference:
    """Removes lines while a difference of the same kind stays; plays at most `patience` scripts. The result is a difference again."""
    best = _up_to(difference, play) or difference
    lines = best.script.split("\n")
    size = max(1, len(lines) // 2)
    while patience > 0:
        place = 0
        removed = False
        while place < len(lines) and patience > 0:
            found = first_difference("\n".join(lines[:place] + lines[place + size :]), play)
            patience -= 1
            if found is not None and _kind(found) == _kind(difference):
                best = _cut(found)
                lines = best.script.split("\n")
                removed = True
            else:
                place += size
        if size == 1 and not removed:
            break
        size = max(1, size // 2)
    return best


def _cut(difference: Difference) -> Difference:
    """The same without what follows the difference."""
    script = "\n".join(difference.script.split("\n")[: difference.number])
    return Difference(script, difference.number, difference.expected, difference.got, difference.doubts)


def _up_to(difference: Difference, play: Play) -> Difference | None:
    return first_difference(_cut(difference).script, play)


def _kind(difference: Difference) -> tuple[Any, ...]:
    """What makes two differences the same mistake: op, both reasons, the keys that differ, the doubts."""
    expected, got = difference.expected or {}, difference.got or {}
    keys = tuple(sorted(key for key, value in expected.items() if key != "n" and not agrees(value, got.get(key))))
    return expected.get("op"), expected.get("reason"), got.get("reason"), keys, bool(difference.doubts)


def by_command(command: Sequence[str], timeout_s: float = 120) -> Play:
    """Returns a player that runs a command with a script's path in the place of FILE."""

    def play(script: str) -> list[dict[str, Any]]:
        with tempfile.TemporaryDirectory(prefix="till-script-") as folder:
            file = Path(folder) / "script.jsonl"
            file.write_bytes(script.encode())
            words = [str(file) if word == "FILE" else word for word in command]
            done = subprocess.run(words, capture_output=True, timeout=timeout_s, check=False)
        if done.returncode != 0:
            raise CannotPlay(f"exit code {done.returncode}: {done.stderr.decode(errors='replace')[-2000:]}")
        try:
            return [json.loads(line) for line in done.stdout.decode().split("\n") if line]
        except ValueError as error:
            raise CannotPlay(f"wrote something else than result lines: {error}") from error

    return play
