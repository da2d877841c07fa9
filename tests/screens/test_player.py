"""The player of sounds, on a loader and a clock of the test: how loud, how often, and that nothing stays in memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from screens.sound import player
from screens.sound.announcer import Silence
from screens.sound.player import REPEATS, Player, open_sounds


@dataclass(eq=False)
class Sound:
    """A recording that ends when the test says so."""

    path: str
    length: float = 1.0
    volume: float = 1.0
    plays: int = 0
    is_loaded: bool = True
    on_stop: Callable[[Any], None] = field(default=lambda _sound: None)

    def bind(self, on_stop: Callable[[Any], None]) -> None:
        self.on_stop = on_stop

    def play(self) -> None:
        self.plays += 1

    def unload(self) -> None:
        self.is_loaded = False
        # Kivy tells of the end of what is stopped, too.
        self.on_stop(self)

    def end(self) -> None:
        self.on_stop(self)


class Due:
    """What the clock is to do."""

    def __init__(self, then: Callable[[float], None]) -> None:
        self.then: Callable[[float], None] | None = then

    def cancel(self) -> None:
        self.then = None


class Machine:
    """Loader and clock."""

    def __init__(self) -> None:
        self.length = 1.0
        self.sounds: list[Sound] = []
        self.due: list[Due] = []

    def load(self, path: str) -> Sound:
        self.sounds.append(Sound(path, self.length))
        return self.sounds[-1]

    def schedule_once(self, then: Callable[[float], None], _after_s: float) -> Due:
        self.due.append(Due(then))
        return self.due[-1]

    def pass_time(self) -> None:
        due, self.due = self.due, []
        for one in due:
            if one.then is not None:
                one.then(0.0)

    @property
    def prompts(self) -> list[Sound]:
        return [sound for sound in self.sounds if "/voice/" in sound.path]


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    made = Machine()
    monkeypatch.setattr(player, "SoundLoader", made)
    monkeypatch.setattr(player, "Clock", made)
    return made


@pytest.fixture
def sounds(machine: Machine) -> Player:
    opened = open_sounds(40)
    assert isinstance(opened, Player)
    return opened


def test_without_a_device_or_at_volume_0_there_is_silence_and_no_voice(machine: Machine) -> None:
    assert isinstance(open_sounds(0), Silence)
    machine.length = 0.0
    assert isinstance(open_sounds(80), Silence)
    assert not open_sounds(80).is_able


def test_everything_is_as_loud_as_was_set(machine: Machine, sounds: Player) -> None:
    sounds.click()
    sounds.ring("answered")
    sounds.say("menu", "en", 0.3)
    machine.pass_time()
    assert [(sound.volume, sound.plays) for sound in machine.sounds] == [(0.4, 1)] * 3


def test_a_prompt_is_given_back_when_it_is_over_and_when_another_one_comes(machine: Machine, sounds: Player) -> None:
    sounds.say("menu", "en", 0.3)
    machine.pass_time()
    sounds.say("age", "en", 0.3)
    machine.pass_time()
    first, second = machine.prompts
    assert (first.is_loaded, second.is_loaded) == (False, True)
    second.end()
    assert not second.is_loaded
    machine.pass_time()
    assert len(machine.prompts) == 2


def test_what_was_to_be_said_is_not_when_it_is_hushed(machine: Machine, sounds: Player) -> None:
    sounds.say("menu", "en", 0.3)
    sounds.hush()
    machine.pass_time()
    assert machine.prompts == []


def test_a_card_that_is_left_is_spoken_of_five_times_and_no_more(machine: Machine, sounds: Player) -> None:
    sounds.say("take_card", "zh-Hans", 0.3, is_repeated=True)
    for _ in range(REPEATS + 3):
        machine.pass_time()
        if machine.prompts[-1].is_loaded:
            machine.prompts[-1].end()
    assert len(machine.prompts) == 1 + REPEATS
    assert not [sound for sound in machine.prompts if sound.is_loaded]
