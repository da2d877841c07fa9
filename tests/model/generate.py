"""`python -m tests.model.generate --seed N --events M`: prints a random till script; the same seed gives the same script."""

from __future__ import annotations

import argparse

from tests.model.scripts.writer import script


def main() -> None:
    """Prints the script."""
    parser = argparse.ArgumentParser(prog="python -m tests.model.generate", description=__doc__)
    parser.add_argument("--seed", type=int, default=0, help="default 0")
    parser.add_argument("--events", type=int, default=100, help="lines; default 100")
    arguments = parser.parse_args()
    print(script(arguments.seed, arguments.events), end="")


if __name__ == "__main__":
    main()
