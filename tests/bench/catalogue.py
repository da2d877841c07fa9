"""The benchmarks that there are: every `bench_<name>` of tests/bench/bench_*.py that is marked with `@bench`."""

from __future__ import annotations

import importlib
from pathlib import Path

from tests.bench.measurement import Benchmark


def found() -> dict[str, Benchmark]:
    """Returns every benchmark by its name."""
    modules = [importlib.import_module(f"tests.bench.{path.stem}") for path in sorted(Path(__file__).parent.glob("bench_*.py"))]
    return {benchmark.name: benchmark for module in modules for benchmark in vars(module).values() if isinstance(benchmark, Benchmark)}
