"""The keyboard over the real name engine: what it sends out, what it shows, and that it keeps nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kiosk.pinyin.names import NameEngine
from kiosk.texts import load_catalogue
from screens.widgets.candidates import cells_of, take
from screens.widgets.keyboard import Keyboard
from screens.widgets.stage import Stage
from tests.support.screen_driver import ScreenDriver


@pytest.fixture(scope="module")
def engine() -> Iterator[NameEngine]:
    engine = NameEngine.load()
    yield engine
    engine.close()


class Typed:
    """Collects what a keyboard sends."""

    def __init__(self, keyboard: Keyboard) -> None:
        self.text: list[str] = []
        self.composed = ""
        self.events: list[str] = []
        keyboard.bind(on_text=lambda _keyboard, text: self.text.append(text), on_compose=self._compose)
        for name in ("on_backspace", "on_previous", "on_next"):
            keyboard.bind(**{name: lambda _keyboard, name=name: self.events.append(name)})

    def _compose(self, _keyboard: Keyboard, letters: str) -> None:
        self.composed = letters


@pytest.fixture
def keyboard(engine: NameEngine) -> Keyboard:
    keyboard = Keyboard(tr=load_catalogue().in_language("zh-Hans"), box=[0, 996, 1080, 576])
    keyboard.engine = engine
    return keyboard


@pytest.fixture
def typed(keyboard: Keyboard) -> Typed:
    return Typed(keyboard)


@pytest.fixture
def driver(keyboard: Keyboard) -> Iterator[ScreenDriver]:
    stage = Stage()
    stage.add_widget(keyboard)
    driver = ScreenDriver(stage)
    yield driver
    keyboard.wipe()
    driver.close()


def letters(driver: ScreenDriver, text: str) -> None:
    for letter in text:
        driver.tap(f"key-{letter}", hold_s=0.02)


def test_letters_compose_and_the_first_candidate_is_picked_by_space(driver: ScreenDriver, typed: Typed) -> None:
    letters(driver, "ouyang")
    assert typed.composed == "ou yang"
    assert driver.find("candidate-0").text == "欧阳"
    assert driver.find("candidate-0").fill == "red"
    driver.tap("key-space")
    assert typed.text == ["欧阳"]
    assert typed.composed == ""
    assert not driver.is_seen("candidate-0")


def test_a_candidate_is_picked_by_touch_on_a_later_page(driver: ScreenDriver, typed: Typed) -> None:
    letters(driver, "li")
    driver.tap("candidates-next")
    driver.wait(0.35)
    third = driver.find("candidate-2").text
    driver.tap("candidate-2")
    assert typed.text == [third]


def test_paging_back_shows_the_first_page_again(driver: ScreenDriver, typed: Typed) -> None:
    letters(driver, "li")
    first = driver.find("candidate-0").text
    assert driver.find("candidates-previous").disabled
    driver.tap("candidates-next")
    assert driver.find("candidate-0").text != first
    driver.tap("candidates-previous")
    assert driver.find("candidate-0").text == first


def test_backspace_takes_a_letter_while_composing_and_asks_the_field_otherwise(driver: ScreenDriver, typed: Typed) -> None:
    letters(driver, "w")
    driver.tap("key-backspace")
    assert typed.composed == ""
    assert typed.events == []
    driver.tap("key-backspace")
    assert typed.events == ["on_backspace"]


def test_going_to_another_field_drops_what_is_under_work(driver: ScreenDriver, typed: Typed, keyboard: Keyboard) -> None:
    letters(driver, "wang")
    driver.tap("key-next")
    assert typed.events == ["on_next"]
    assert keyboard.composition == ""
    assert typed.text == []


def test_latin_capitals_hold_for_one_letter(driver: ScreenDriver, typed: Typed) -> None:
    driver.tap("key-language")
    driver.wait(0.35)
    driver.tap("key-extra")
    driver.tap("key-A")
    driver.tap("key-b")
    assert typed.text == ["A", "b"]


def test_digits_and_offered_signs(driver: ScreenDriver, typed: Typed) -> None:
    driver.tap("key-digits")
    driver.tap("key-7")
    driver.tap("candidate-3")
    driver.tap("key-digits")
    assert typed.text == ["7", "号"]
    assert driver.is_seen("key-q")


def test_without_an_engine_there_is_no_pinyin(driver: ScreenDriver, typed: Typed, keyboard: Keyboard) -> None:
    keyboard.engine = None
    driver.frames(2)
    assert not driver.is_seen("key-language")
    driver.tap("key-q")
    assert typed.text == ["q"]


def test_wipe_leaves_nothing(driver: ScreenDriver, typed: Typed, keyboard: Keyboard) -> None:
    letters(driver, "wangwei")
    keyboard.preceding = "王"
    keyboard.wipe()
    driver.frames(2)
    assert keyboard.composition == ""
    assert keyboard.preceding == ""
    assert not driver.is_seen("candidate-0")


@pytest.mark.parametrize(
    ("text", "cells"), [("欧", 1), ("欧阳", 1), ("欧阳修", 2), ("欧阳修竹", 2), ("中华人民共", 3), ("@", 1), ("@qq.com", 2)]
)
def test_cells_of_a_candidate(text: str, cells: int) -> None:
    assert cells_of(text) == cells


def test_the_strip_takes_what_fits() -> None:
    assert take(["上官婉儿"] * 5) == ["上官婉儿"] * 4
    assert take(["长" * 40]) == ["长" * 40]
