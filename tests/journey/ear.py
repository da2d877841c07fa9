"""What is heard of a kiosk: SDL writes it to a file instead of a device, at the pace of a loudspeaker; and which recording it is.

A recording is found by its own samples, decoded as the kiosk decodes them: no other prompt, and no noise, is as like it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from tests.journey.glass import JourneyFailed

RATE = 44_100
BYTES_PER_SAMPLE = 4
ENOUGH_S = 2.0
"""So much of a recording is looked for at a time; no two prompts of ours are alike for so long."""
PASSAGE_EVERY_S = 1.0
"""Where the next passage of a recording begins: an earcon lies over the first one, and a busy machine drops a moment of sound."""
LIKE = 0.7
"""Likeness (normalised correlation) of what is the same, a click in it included; of another prompt it is below 0.4."""
SOFTEST = 0.005
LISTEN_EVERY_S = 0.5

# In a process of its own: a process opens one mixer.
_DECODE = """
import ctypes, glob, importlib.util, os, sys
libraries = os.path.join(os.path.dirname(os.path.dirname(importlib.util.find_spec("kivy").origin)), "Kivy.libs")
sdl = ctypes.CDLL(glob.glob(libraries + "/libSDL2-2-*")[0], ctypes.RTLD_GLOBAL)
mixer = ctypes.CDLL(glob.glob(libraries + "/libSDL2_mixer-*")[0])
class Chunk(ctypes.Structure):
    _fields_ = [("is_own", ctypes.c_int), ("data", ctypes.c_void_p), ("size", ctypes.c_uint32), ("volume", ctypes.c_uint8)]
sdl.SDL_RWFromFile.restype = ctypes.c_void_p
mixer.Mix_LoadWAV_RW.argtypes = [ctypes.c_void_p, ctypes.c_int]
mixer.Mix_LoadWAV_RW.restype = ctypes.POINTER(Chunk)
sdl.SDL_Init(0x10)
mixer.Mix_Init(0x10)
assert mixer.Mix_OpenAudio(44100, 0x8010, 2, 1024) == 0
chunk = mixer.Mix_LoadWAV_RW(sdl.SDL_RWFromFile(sys.argv[1].encode(), b"rb"), 1)
sys.stdout.buffer.write(ctypes.string_at(chunk.contents.data, chunk.contents.size))
"""


class Ear:
    """Listens to one kiosk."""

    def __init__(self, file: Path) -> None:
        self._file = file

    @property
    def environment(self) -> dict[str, str]:
        """Return the environment of a kiosk that is listened to."""
        return {"SDL_AUDIODRIVER": "disk", "SDL_DISKAUDIOFILE": str(self._file)}

    def now(self) -> int:
        """Return the place in the file up to which it was heard."""
        return self._file.stat().st_size // BYTES_PER_SAMPLE * BYTES_PER_SAMPLE if self._file.exists() else 0

    def since(self, place: int) -> Any:
        """Return what was heard since a place: float32, one channel."""
        with self._file.open("rb") as raw:
            raw.seek(place)
            return _mono(raw.read())

    def await_recording(self, recording: Path, place: int, wait_s: float = 15.0) -> None:
        """Wait until a recording is heard.

        Raises:
            JourneyFailed: It is not; the message says how loud it was instead.
        """
        end = time.monotonic() + wait_s
        while not is_heard(self.since(place), recording):
            if time.monotonic() > end:
                raise JourneyFailed(f"{recording.stem} was not heard for {wait_s:.0f} s; loudness {loudness(self.since(place)):.3f}")
            time.sleep(LISTEN_EVERY_S)


def is_heard(sound: Any, recording: Path) -> bool:
    """Tell whether a recording is to be heard in `sound`."""
    samples = decoded(recording)
    last = max(0, len(samples) - round(ENOUGH_S * RATE))
    starts = range(0, last + 1, round(PASSAGE_EVERY_S * RATE))
    return any(likeness(sound, samples[start:]) > LIKE for start in starts)


def loudness(sound: Any) -> float:
    """Return the root mean square, in parts of full scale."""
    return float(np.sqrt(np.mean(np.square(sound)))) if len(sound) else 0.0


def likeness(sound: Any, recording: Any) -> float:
    """Return how like the first ENOUGH_S of `recording` the best place of `sound` is: 0 to 1; a whisper is like nothing."""
    wanted = recording[: round(ENOUGH_S * RATE)]
    if len(sound) < len(wanted):
        return 0.0
    size = 1 << (len(sound) + len(wanted)).bit_length()
    found = np.fft.irfft(np.fft.rfft(sound, size) * np.conj(np.fft.rfft(wanted, size)), size)[: len(sound) - len(wanted) + 1]
    sums = np.concatenate(([0.0], np.cumsum(np.square(sound, dtype=np.float64))))
    energy = np.sqrt(np.maximum(sums[len(wanted) :] - sums[: -len(wanted)], SOFTEST**2 * len(wanted)))
    return float(np.max(found / (energy * np.linalg.norm(wanted))))


@cache
def decoded(recording: Path) -> Any:
    """Return a recording as it is played: float32, one channel."""
    command = [sys.executable, "-c", _DECODE, str(recording)]
    done = subprocess.run(command, env={**os.environ, "SDL_AUDIODRIVER": "dummy"}, capture_output=True, check=True, timeout=60)
    return _mono(done.stdout)


def _mono(raw: bytes) -> Any:
    samples = np.frombuffer(raw[: len(raw) // BYTES_PER_SAMPLE * BYTES_PER_SAMPLE], dtype="<i2").astype(np.float32) / 32768
    return samples.reshape(-1, 2).mean(axis=1)
