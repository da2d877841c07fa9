"""The keyboard's goals: how good the name mode is on names it was not made from, and how fast both engines answer.

Knows how a person picks from rows of eight; knows nothing of how candidates are ranked.
"""

from __future__ import annotations

import random
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.pinyin.api import PinyinUnavailable
from kiosk.pinyin.names import NameEngine
from kiosk.pinyin.rime import RimeLibrary
from tests.bench.measurement import Measurement, bench

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kiosk.pinyin.api import CandidateEngine

HELD_OUT = Path(__file__).parents[1] / "unit" / "kiosk" / "pinyin" / "held_out_names.tsv"

ADDRESSES = ("wenerxilu", "xixihuayuan", "cuiyuanxincun", "jiefangdonglu", "yijiayuanbazhuangsandanyuan", "renminzhonglu", "hubinyinxiang")
"""Tails of addresses as they are typed: road, estate, building."""

_GENERAL_BEST = 0.18
"""First candidates right, best general engine on names (libpinyin; design figure, names of the same kind)."""


@dataclass(frozen=True, slots=True)
class NameQuality:
    """What names cost a person to pick.

    Attributes:
        first: share whose whole name is the first candidate once all letters are typed.
        in_first_row: share whose whole name is among the first eight.
        selection_taps: taps per name on candidates and page arrows, always taking the longest right part in sight.
        unreached: names that cannot be picked at all.
    """

    first: float
    in_first_row: float
    selection_taps: float
    unreached: int


def read_names(path: Path) -> list[tuple[str, str]]:
    """Names with their letters, from lines of name and spaced syllables."""
    lines = path.read_text(encoding="utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return [(name, syllables.replace(" ", "")) for name, syllables in pairs]


def measure_names(names: Sequence[tuple[str, str]]) -> NameQuality:
    """Type and pick every name."""
    engine = NameEngine.load()
    first = in_first_row = taps = unreached = 0
    for name, letters in names:
        engine.clear()
        for letter in letters:
            engine.type(letter)
        row = engine.candidates(0).items
        first += row[:1] == (name,)
        in_first_row += name in row
        used = _taps(engine, name)
        unreached += used is None
        taps += used or 0
    return NameQuality(first / len(names), in_first_row / len(names), taps / len(names), unreached)


def _taps(engine: CandidateEngine, name: str) -> int | None:
    """Taps to pick a name whose letters are typed; None where it cannot be picked."""
    taps = page = 0
    while True:
        row = engine.candidates(page)
        right = [text for text in row.items if name.startswith(text)]
        if right:
            longest = max(right, key=len)
            name = name.removeprefix(longest)
            taps += 1
            if engine.pick(page * 8 + row.items.index(longest)) is not None:
                return None if name else taps
            page = 0
        elif row.has_next:
            taps += 1
            page += 1
        else:
            return None


def _keystrokes(engine: CandidateEngine, words: Iterable[str]) -> list[float]:
    """Milliseconds of CPU of each keystroke with what the keyboard reads after it, sorted."""
    taken = []
    for word in words:
        engine.clear()
        for letter in word:
            start = time.process_time()
            engine.type(letter)
            engine.candidates(0)
            _ = engine.composition
            taken.append(1000 * (time.process_time() - start))
    return sorted(taken)


@bench(seconds=8)
def bench_pinyin() -> Iterator[Measurement]:
    """Quality of the name mode, time per keystroke of both engines, time to load."""
    names = read_names(HELD_OUT)
    quality = measure_names(names)
    kind = f"{len(names)} held-out names"
    yield Measurement("pinyin.name_first", 100 * quality.first, "%", goal=44, baseline=100 * _GENERAL_BEST, better="higher", note=kind)
    yield Measurement("pinyin.name_in_eight", 100 * quality.in_first_row, "%", goal=65, better="higher", note=kind)
    yield Measurement(
        "pinyin.name_taps", quality.selection_taps, "taps", goal=1.95, baseline=3.1, note=f"{kind}; baseline: a general engine"
    )
    start = time.perf_counter()
    engine = NameEngine.load()
    yield Measurement("pinyin.name_load", 1000 * (time.perf_counter() - start), "ms", goal=150)
    letters = [typed for _, typed in names]
    random.Random(1).shuffle(letters)
    taken = _keystrokes(engine, letters)
    yield Measurement("pinyin.name_key_p99", taken[int(len(taken) * 0.99)], "ms", goal=20, note=f"CPU, {len(taken)} keystrokes")
    yield from _general()


def _general() -> Iterator[Measurement]:
    with tempfile.TemporaryDirectory() as cache:
        start = time.perf_counter()
        try:
            library = RimeLibrary.start(Path(cache))
        except PinyinUnavailable as missing:
            yield Measurement("pinyin.general_key_p99", float("inf"), "ms", goal=20, note=str(missing))
            return
        yield Measurement("pinyin.general_start", 1000 * (time.perf_counter() - start), "ms", goal=1500, note="with an empty cache")
        engine = library.engine()
        taken = _keystrokes(engine, ADDRESSES * 20)
        yield Measurement("pinyin.general_key_p99", taken[int(len(taken) * 0.99)], "ms", goal=20, note=f"CPU, librime {library.version}")
        engine.close()
        library.close()
