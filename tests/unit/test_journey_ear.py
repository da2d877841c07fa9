"""The ear of the journey knows a recording again where a busy machine dropped moments of it, and no other one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.journey import ear

RECORDING, OTHER = (np.random.default_rng(seed).standard_normal(5 * ear.RATE).astype(np.float32) / 10 for seed in (1, 2))


@pytest.fixture(autouse=True)
def _recordings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ear, "decoded", lambda file: {"one": RECORDING, "other": OTHER}[file.name])


def _without(sound: Any, *moments_s: float) -> Any:
    """Return `sound` without 20 ms at each of the moments."""
    kept = np.ones(len(sound), dtype=bool)
    for moment in moments_s:
        kept[round(moment * ear.RATE) :][: ear.RATE // 50] = False
    return sound[kept]


@pytest.mark.parametrize("dropped", [(), (1.0,), (0.4, 1.0, 4.3)])
def test_a_recording_is_known_again_although_moments_of_it_are_lost(dropped: tuple[float, ...]) -> None:
    heard = np.concatenate((np.zeros(ear.RATE, dtype=np.float32), _without(RECORDING, *dropped)))
    assert ear.is_heard(heard, Path("one"))
    assert not ear.is_heard(heard, Path("other"))


def test_silence_is_no_recording() -> None:
    assert not ear.is_heard(np.zeros(6 * ear.RATE, dtype=np.float32), Path("one"))
