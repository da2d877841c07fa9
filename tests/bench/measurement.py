"""What a benchmark states: a value with its unit, what it is compared with, and the goal it has to hold.

Knows figures; knows nothing of how they are taken or written down.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

Better = Literal["lower", "higher"]


@dataclass(frozen=True, slots=True)
class Measurement:
    """One measured figure.

    Attributes:
        name: Dotted, stable over releases, e.g. "screen.worst_frame".
        value: The figure, in `unit`.
        unit: "ms", "MB", "%", "APDUs", ...
        goal: The figure that must be reached; None where there is none.
        baseline: What the value is compared with, in the same unit: a naive form, a raw tool, the last release; None where nothing.
        better: Which side of the goal is good; a value equal to the goal holds.
        note: How it was taken where that is not plain: conditions, number of samples, what the baseline is.
    """

    name: str
    value: float
    unit: str
    goal: float | None = None
    baseline: float | None = None
    better: Better = "lower"
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Value divided by baseline."""
        return self.value / self.baseline if self.baseline else None

    @property
    def holds(self) -> bool:
        """True where the goal is reached or there is none."""
        if self.goal is None:
            return True
        return self.value <= self.goal if self.better == "lower" else self.value >= self.goal


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A function that measures, with what the runner says before it starts it.

    Attributes:
        name: What `make bench ONLY=` takes: the function's name without "bench_".
        seconds: About how long it takes.
        run: Returns what it measured; runs in a process of its own, in the main thread, without an event loop.
        environment: What that process finds in its environment beside ours, e.g. the allocator of the kiosk.
        is_long: Runs only where it is named.
    """

    name: str
    seconds: int
    run: Callable[[], Iterable[Measurement]]
    environment: Mapping[str, str] = field(default_factory=dict)
    is_long: bool = False


def bench(
    *, seconds: int, environment: Mapping[str, str] | None = None, is_long: bool = False
) -> Callable[[Callable[[], Iterable[Measurement]]], Benchmark]:
    """Makes a function `bench_<name>` of a module tests/bench/bench_*.py a benchmark that takes about `seconds`."""

    def mark(run: Callable[[], Iterable[Measurement]]) -> Benchmark:
        return Benchmark(run.__name__.removeprefix("bench_"), seconds, run, environment or {}, is_long)

    return mark
