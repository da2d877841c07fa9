"""`python -m tests.model SCRIPT.jsonl`: prints the result lines of a till script as the model sees them; 2 where it cannot be read."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tests.model.player import play


def main(arguments: list[str]) -> int:
    """Plays the script that the only argument names."""
    try:
        (name,) = arguments
        text = Path(name).read_bytes().decode("utf-8")
    except (ValueError, OSError) as error:
        print(f"python -m tests.model SCRIPT.jsonl: {error}", file=sys.stderr)
        return 2
    for line in play(text):
        print(json.dumps(line))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
