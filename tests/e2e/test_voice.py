"""The voice end to end: what the kiosk really plays, written down by SDL in the place of a device and recognised sample by sample."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from hardware.emulation.pcscd import find_daemon, find_driver
from screens.sound.recordings import earcon_file, prompt_file
from tests.journey.ear import Ear, is_heard, loudness
from tests.journey.script import Journey
from tests.journey.staff import STEP_S, proof
from tests.journey.world import World

# In the gate the journey of `make run` listens for the one prompt that everybody hears (tests/e2e/test_make_run.py).
pytestmark = [pytest.mark.long, pytest.mark.e2e, pytest.mark.emulator, pytest.mark.timeout(180)]

LANGUAGES = ("zh-Hans", "zh-Hant", "en")
PAUSE_S = 3.5
"""Longer than a prompt waits to begin, and enough of it to know it by."""
STAFF = "dev-lin"


def test_the_kiosk_is_heard(tmp_path: Path) -> None:
    if find_daemon() is None or find_driver() is None:
        pytest.skip("pcscd with the virtual reader is not installed")
    with World(tmp_path / "world", with_printer=False, is_heard=True) as world:
        world.start_outside()
        world.start_service()
        world.start_kiosk()
        assert world.ear is not None
        journey = Journey(world)
        journey.patience_s = 60
        world.glass.wait_for(lambda seen: seen["state"] == "Attract" and seen["is_linked"], "the attract screen", 60)
        for language in LANGUAGES:
            _a_card_that_is_left_is_spoken_of_though_the_voice_is_off(journey, world.ear, language)
        _who_has_fetched_the_card_hears_nothing_more(journey, world.ear)
        _the_answer_of_the_staff_is_heard(journey, world.ear)
        _with_the_voice_a_page_says_what_it_is_and_after_the_visit_nothing_is_said(journey, world.ear)


def _a_card_that_is_left_is_spoken_of_though_the_voice_is_off(journey: Journey, ear: Ear, language: str) -> None:
    journey.language = language
    if language != journey.glass.look()["language"]:
        journey.choose_language()
    journey.go("attract.start", "Menu")
    journey.world.cards.control.insert("stranger", "foreign")
    journey.glass.wait("NotIdentified", wait_s=60)
    place = ear.now()
    journey.glass.touch("bar-end")
    seen = journey.glass.wait(overlay="TakeCard")
    assert seen["language"] == language
    ear.await_recording(prompt_file("take_card", language), place)
    journey.fetch_card()
    assert journey.glass.look()["language"] == LANGUAGES[0]


def _who_has_fetched_the_card_hears_nothing_more(journey: Journey, ear: Ear) -> None:
    time.sleep(1.0)
    place = ear.now()
    time.sleep(PAUSE_S)
    assert loudness(ear.since(place)) == 0.0
    journey.go("attract.start", "Menu")
    time.sleep(PAUSE_S)
    # The voice is off: a page is not spoken of.
    assert not is_heard(ear.since(place), prompt_file("menu", LANGUAGES[0]))
    journey.glass.touch("bar-end")
    journey.glass.wait("Attract")


def _the_answer_of_the_staff_is_heard(journey: Journey, ear: Ear) -> None:
    journey.go("attract.start", "Menu")
    journey.glass.touch("bar-staff")
    world, place = journey.world, ear.now()
    # Each command takes a code of its own, both of the present half minute and the next.
    left_s = STEP_S - time.time() % STEP_S
    time.sleep(left_s if left_s < STEP_S / 2 else 1.0)
    listed = json.loads(world.run_service_command("staff", "calls", "--json", environment=proof(world, STAFF, 0)))
    assert not is_heard(ear.since(place), earcon_file("answered"))
    call = listed["items"][0]["call_id"]
    world.run_service_command("staff", "calls", "--answer", call, environment=proof(world, STAFF, 1))
    ear.await_recording(earcon_file("answered"), place)


def _with_the_voice_a_page_says_what_it_is_and_after_the_visit_nothing_is_said(journey: Journey, ear: Ear) -> None:
    place = ear.now()
    journey.glass.touch("bar-voice")
    ear.await_recording(prompt_file("menu", "zh-Hans"), place)
    place = ear.now()
    journey.go("menu.join", "AskingAgeBand")
    ear.await_recording(prompt_file("age", "zh-Hans"), place)
    journey.go("age.adult", "Consenting")
    journey.glass.touch("bar-end")
    journey.go("end.confirm", "Attract")
    time.sleep(1.0)
    place = ear.now()
    journey.go("attract.start", "Menu")
    time.sleep(PAUSE_S)
    # A click, and no word: the voice is off again.
    assert not is_heard(ear.since(place), prompt_file("menu", "zh-Hans"))
    assert loudness(ear.since(place)) < 0.01
