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


@pytest.fixture
def writing(keyboard: Keyboard, typed: Typed) -> Typed:
    """A field for words in Latin letters that answers at once."""
    keyboard.is_latin_first = keyboard.begins_words = True
    keyboard.bind(on_text=lambda keyboard, text: setattr(keyboard, "preceding", keyboard.preceding + text))
    return typed


def test_a_field_for_words_begins_each_word_with_a_capital(driver: ScreenDriver, writing: Typed) -> None:
    driver.type("key-A", "key-n", "key-n", "key-space", "key-L", "key-i", pause_s=0.02)
    assert "".join(writing.text) == "Ann Li"


def test_a_slow_field_gets_no_second_capital(driver: ScreenDriver, keyboard: Keyboard, typed: Typed) -> None:
    keyboard.is_latin_first = keyboard.begins_words = True
    driver.type("key-A", "key-n", "key-space", "key-L", pause_s=0.02)
    assert "".join(typed.text) == "An L"


def test_a_capital_is_refused_and_asked_for_by_shift(driver: ScreenDriver, writing: Typed) -> None:
    driver.type("key-extra", "key-d", "key-e", "key-space", "key-M", "key-c", "key-extra", "key-K", "key-a")
    assert "".join(writing.text) == "de McKa"


def test_two_quick_taps_lock_capitals_until_shift_is_touched(driver: ScreenDriver, keyboard: Keyboard, writing: Typed) -> None:
    driver.type("key-extra", "key-extra", pause_s=0.1)
    assert driver.find("key-extra").icon == "arrow-fat-line-up"
    driver.type("key-A", "key-B", "key-space", "key-C")
    driver.tap("key-extra")
    driver.type("key-d")
    assert "".join(writing.text) == "AB Cd"


def test_two_slow_taps_lock_nothing(driver: ScreenDriver, writing: Typed) -> None:
    driver.type("key-extra", "key-extra", pause_s=0.5)
    driver.type("key-A", "key-b")
    assert "".join(writing.text) == "Ab"


def test_a_deleted_beginning_is_a_capital_again(driver: ScreenDriver, keyboard: Keyboard, writing: Typed) -> None:
    driver.tap("key-A")
    keyboard.preceding = ""
    driver.frames(2)
    assert driver.is_seen("key-A")


def test_digits_lead_back_to_the_letters_that_were_typed(driver: ScreenDriver, keyboard: Keyboard, writing: Typed) -> None:
    keyboard.is_latin_first = False
    driver.type("key-language", "key-digits", "key-7", "key-space", "key-digits", "key-Q")
    assert "".join(writing.text) == "7 Q"


def test_a_mail_address_has_no_capitals_of_its_own(driver: ScreenDriver, keyboard: Keyboard, typed: Typed) -> None:
    keyboard.engine = None
    driver.type("key-a", "key-space", "key-b", "key-extra", "key-C", "key-d")
    assert "".join(typed.text) == "a bCd"
    assert driver.find("candidate-0").text == "@"


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
