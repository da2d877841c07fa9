"""Makes the earcons, short sounds that need no language: `python -m screens.sound.earcons`. Nothing random, so they come out the same."""

from __future__ import annotations

import wave
from pathlib import Path
from typing import Any

import numpy as np

from screens.assets import SOUNDS
from screens.sound.recordings import RATE

CLICK = "click"
CLICK_S = 0.008
PEAK = 0.5
C5, E5, G5, A5, C6, A3, E3 = 523.25, 659.26, 783.99, 880.0, 1046.5, 220.0, 164.81

# Notes as (hertz, seconds): up is good, down is not, three the same want something, a bell says that somebody comes.
MELODIES: dict[str, tuple[tuple[float, float], ...]] = {
    "success": ((C5, 0.09), (E5, 0.09), (G5, 0.26)),
    "error": ((A3, 0.16), (E3, 0.3)),
    "attention": ((A5, 0.13), (A5, 0.13), (A5, 0.3)),
    "answered": ((C6, 0.2), (G5, 0.42)),
}


def click() -> Any:
    """Return what a touch sounds like: 8 ms, so that it is over before the page changes."""
    time = np.arange(round(CLICK_S * RATE)) / RATE
    return np.sin(2 * np.pi * 1800 * time) * np.exp(-time * 500) * np.hanning(2 * len(time))[len(time) :]


def melody(notes: tuple[tuple[float, float], ...]) -> Any:
    """Return notes one after the other, each struck and dying away."""
    return np.concatenate([_note(hertz, seconds) for hertz, seconds in notes])


def _note(hertz: float, seconds: float) -> Any:
    time = np.arange(round(seconds * RATE)) / RATE
    tone = np.sin(2 * np.pi * hertz * time) + 0.35 * np.sin(4 * np.pi * hertz * time)
    # Without the short rise and fall each end would click.
    edge = np.minimum(1, np.minimum(time / 0.006, (seconds - time) / 0.02))
    return tone * np.exp(-time * 3 / seconds) * edge


def samples(name: str) -> Any:
    """Return an earcon as 16-bit samples at 24 kHz."""
    sound = click() if name == CLICK else melody(MELODIES[name])
    return np.round(sound / np.max(np.abs(sound)) * PEAK * 32767).astype("<i2")


def write(folder: Path = SOUNDS) -> None:
    """Write all of them."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in (CLICK, *MELODIES):
        with wave.open(str(folder / f"{name}.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(samples(name).tobytes())


if __name__ == "__main__":
    write()
