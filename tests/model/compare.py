"""`python -m tests.model.compare [SCRIPT...] [--seeds 0-99]`: plays till scripts with the product and with the model.

Prints the first difference of each script with the script's tail, after removing the lines that it does not need. Ends with 1 where
there was one. Without scripts it draws them from seeds.
"""

from __future__ import annotations

import argparse
import importlib
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.model.comparison import CannotPlay, Play, by_command, first_difference, shrunk
from tests.model.scripts.writer import script


def _arguments() -> argparse.Namespace:
    form = argparse.RawTextHelpFormatter
    parser = argparse.ArgumentParser(prog="python -m tests.model.compare", description=__doc__, formatter_class=form)
    parser.add_argument("scripts", nargs="*", type=Path, help="till scripts; default: random ones")
    parser.add_argument("--seeds", default="0-19", help="seeds of random scripts, FIRST-LAST or one; default 0-19")
    parser.add_argument("--events", type=int, default=100, help="lines of a random script; default 100")
    parser.add_argument("--database", help="the product's database, as its own --database takes it")
    parser.add_argument("--command", help="another player, as in a shell; FILE stands for the script's path")
    parser.add_argument("--function", help="a player in this process, MODULE:NAME, text to list of dict")
    parser.add_argument("--keep", type=Path, help="folder for the shortened scripts")
    parser.add_argument("--patience", type=int, default=400, help="plays to spend on shortening a script; default 400")
    parser.add_argument("--sure", action="store_true", help="pass over differences that rest on a doubtful reading of the format")
    return parser.parse_args()


def _player(arguments: argparse.Namespace) -> Play:
    if arguments.function:
        module, name = arguments.function.split(":")
        found: Play = getattr(importlib.import_module(module), name)
        return found
    own = [sys.executable, "-m", "server_stub", "till", "play", "FILE"]
    database = ["--database", arguments.database] if arguments.database else []
    return by_command(shlex.split(arguments.command) if arguments.command else own + database)


def _scripts(arguments: argparse.Namespace) -> Iterator[tuple[str, str]]:
    """Yields (name, text)."""
    for path in arguments.scripts:
        yield str(path), path.read_bytes().decode()
    if not arguments.scripts:
        first, _dash, last = arguments.seeds.partition("-")
        for seed in range(int(first), int(last or first) + 1):
            yield f"seed {seed}", script(seed, arguments.events)


def main() -> int:
    """Compares; returns the exit code."""
    arguments = _arguments()
    play = _player(arguments)
    differing = 0
    played = 0
    for name, text in _scripts(arguments):
        played += 1
        try:
            found = first_difference(text, play)
            if found is None or (found.doubts and arguments.sure):
                continue
            found = shrunk(found, play, arguments.patience)
        except CannotPlay as failure:
            print(f"== {name}: {failure}", flush=True)
            differing += 1
            continue
        differing += 1
        print(f"== {name}\n{found}", flush=True)
        if arguments.keep:
            arguments.keep.mkdir(parents=True, exist_ok=True)
            (arguments.keep / f"{name.replace(' ', '-').replace('/', '-')}.jsonl").write_text(found.script, encoding="utf-8")
    print(f"{played} scripts, {differing} with a difference")
    return int(differing > 0)


if __name__ == "__main__":
    sys.exit(main())
