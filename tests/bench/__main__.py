"""`python -m tests.bench`: runs the benchmarks, each in a process of its own, and writes down what they measured.

A benchmark is a function `bench_<name>` in a module tests/bench/bench_*.py, marked with `@bench(seconds=...)`; see measurement.py.
Exit code 1 where a benchmark failed or a goal does not hold.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.bench.catalogue import found
from tests.bench.record import PAGE, ROOT, merge, page

if TYPE_CHECKING:
    from tests.bench.measurement import Benchmark


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _measure(benchmark: Benchmark) -> list[dict[str, Any]] | None:
    """Runs one benchmark and returns its rows, or None where it failed; its own output passes through."""
    _say(f"{benchmark.name}: takes about {benchmark.seconds} s")
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rows.json"
        command = [sys.executable, "-m", "tests.bench.apart", benchmark.name, str(file)]
        environment = {**os.environ, **benchmark.environment}
        done = subprocess.run(command, cwd=ROOT, check=False, stdin=subprocess.DEVNULL, env=environment)
        rows = json.loads(file.read_text(encoding="utf-8")) if done.returncode == 0 else None
    for row in rows or []:
        _say(f"  {row['name']}: {row['value']:.4g} {row['unit']}, goal {row['goal']}, {'holds' if row['holds'] else 'DOES NOT HOLD'}")
    _say(f"{benchmark.name}: {'failed' if rows is None else 'took'} after {time.monotonic() - start:.0f} s")
    return rows


def _options(known: dict[str, Benchmark]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measures the product's goals.")
    parser.add_argument("--only", metavar="NAME", choices=sorted(known), help="run one; docs/benchmarks.md is written by a run of all")
    parser.add_argument("--list", action="store_true", help="print the names")
    return parser.parse_args()


def main() -> int:
    """Runs the command; returns the exit code."""
    known = found()
    options = _options(known)
    if options.list:
        for benchmark in known.values():
            _say(f"{benchmark.name}: about {benchmark.seconds} s{', only where it is named' if benchmark.is_long else ''}")
        return 0
    chosen = [known[options.only]] if options.only else [one for one in known.values() if not one.is_long]
    _say(f"takes about {sum(benchmark.seconds for benchmark in chosen)} s in all")
    results = [_measure(benchmark) for benchmark in chosen]
    rows = [row for result in results for row in result or []]
    every = merge(rows, is_all=not options.only)
    if not options.only:
        PAGE.write_text(page(every), encoding="utf-8")
    return 0 if None not in results and all(row["holds"] for row in rows) else 1


if __name__ == "__main__":
    raise SystemExit(main())
