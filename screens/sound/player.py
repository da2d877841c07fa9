"""Plays recordings through Kivy, which plays them through SDL. Import it after the window exists. Thread: loop.

Responsible for: one prompt at a time, loaded when it is to be heard and given back when it is over: all of them decoded would take a
hundred megabytes. Loading takes about 20 ms, so it waits until the page is drawn. Knows no page and no state.
"""

from __future__ import annotations

import logging
from functools import partial
from pathlib import Path
from typing import Any

from kivy.clock import Clock
from kivy.core.audio import SoundLoader

from screens.sound.announcer import Silence, Sounds
from screens.sound.recordings import earcon_file, prompt_file

log = logging.getLogger(__name__)

REPEAT_AFTER_S = 8.0
REPEATS = 4
"""A card that still lies there is spoken of five times: then nobody is near who hears it."""
WHOLE = 100


def open_sounds(volume: int) -> Sounds:
    """Return what plays at `volume` per cent, or silence where nothing would be heard: no device, or volume 0."""
    if not volume:
        return Silence()
    click = _load(earcon_file("click"), volume)
    if not click.length:
        log.warning("no sound device: the kiosk is silent")
        return Silence()
    return Player(volume, click)


def _load(path: Path, volume: int) -> Any:
    sound = SoundLoader.load(str(path))
    sound.volume = volume / WHOLE
    return sound


class Player:
    """Sounds through the machine's device."""

    is_able = True

    def __init__(self, volume: int, click: Any) -> None:
        self._volume = volume
        self._click = click
        self._earcons: dict[str, Any] = {}
        self._said: Any = None
        self._due: Any = None

    def click(self) -> None:
        """Let a touch be heard."""
        self._click.play()

    def ring(self, earcon: str) -> None:
        """Let an earcon be heard; each is a few kilobytes and stays."""
        if earcon not in self._earcons:
            self._earcons[earcon] = _load(earcon_file(earcon), self._volume)
        self._earcons[earcon].play()

    def say(self, prompt: str, language: str, after_s: float, *, is_repeated: bool = False) -> None:
        """Say a prompt after a while, instead of the one before; `is_repeated`: again and again, a few times."""
        self.hush()
        self._later(after_s, prompt_file(prompt, language), REPEATS if is_repeated else 0)

    def hush(self) -> None:
        """Stop what is said and what was to be said."""
        if self._due is not None:
            self._due.cancel()
            self._due = None
        # Forgotten before it is stopped: it tells of its end, and that would be taken for the prompt's own.
        said, self._said = self._said, None
        if said is not None:
            said.unload()

    def _later(self, after_s: float, path: Path, repeats: int) -> None:
        self._due = Clock.schedule_once(lambda _seconds: self._play(path, repeats), after_s)

    def _play(self, path: Path, repeats: int) -> None:
        self._due = None
        self._said = _load(path, self._volume)
        self._said.bind(on_stop=partial(self._over, path, repeats))
        self._said.play()
        log.info("says %s", path.stem)

    def _over(self, path: Path, repeats: int, sound: Any) -> None:
        if sound is not self._said:
            return
        self.hush()
        if repeats:
            self._later(REPEAT_AFTER_S, path, repeats - 1)
