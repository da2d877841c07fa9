"""`python -m tests.walk`: walks by hand, with a seed of one's own, and keeps what the installation wrote."""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path
from random import SystemRandom

from tests.walk.play import HOUR_S, Length, play


def main() -> int:
    """Walk; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.walk", description=__doc__)
    parser.add_argument("--seed", type=int, default=SystemRandom().randrange(10**6), help="default: another one each time")
    parser.add_argument("--seconds", type=float, default=HOUR_S, help="of the kiosk's clock; default an hour")
    parser.add_argument("--out", type=Path, default=Path("out/walk"), help="folder for steps and logs; default out/walk")
    arguments = parser.parse_args()
    print(f"seed {arguments.seed}", flush=True)
    # Sockets need a short path.
    folder = Path(tempfile.mkdtemp(prefix="member-walk-"))
    try:
        played = play(folder, arguments.seed, Length(arguments.seconds), lambda line: print(line, flush=True))
    finally:
        shutil.rmtree(arguments.out, ignore_errors=True)
        arguments.out.mkdir(parents=True)
        for name in ("steps.txt", "logs"):
            if (folder / name).is_dir():
                shutil.copytree(folder / name, arguments.out / name)
            elif (folder / name).exists():
                shutil.copy(folder / name, arguments.out / name)
        shutil.rmtree(folder, ignore_errors=True)
    walked = played.walked
    print(
        f"seed {arguments.seed}: {len(walked.steps)} steps, {walked.visits} visits, {len(walked.states)} states, {walked.outages} outages"
    )
    print(f"{played.seconds:.0f} s of the kiosk in {played.took_s:.0f} s")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
