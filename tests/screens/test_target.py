"""What can be touched answers once to a slip of the finger, and not at all outside or when it is off."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from kivy.base import EventLoop

from screens.widgets.button import PushButton
from screens.widgets.numpad import NumPad
from screens.widgets.stage import Stage
from tests.support.screen_driver import ScreenDriver


class Counter:
    def __init__(self) -> None:
        self.count = 0

    def __call__(self, *_args: object) -> None:
        self.count += 1


@pytest.fixture
def button() -> PushButton:
    return PushButton(text="好", kind="primary", test_id="yes", box=[48, 48, 312, 120])


@pytest.fixture
def driver(button: PushButton) -> Iterator[ScreenDriver]:
    stage = Stage()
    stage.add_widget(button)
    driver = ScreenDriver(stage)
    yield driver
    driver.close()


def test_a_disabled_target_does_nothing(driver: ScreenDriver, button: PushButton) -> None:
    released = Counter()
    button.bind(on_release=released)
    button.disabled = True
    driver.tap("yes")
    assert released.count == 0
    assert button.fill == "disabled"
    assert not button.shadow


def test_a_second_tap_within_the_guard_is_dropped(driver: ScreenDriver, button: PushButton) -> None:
    released = Counter()
    button.bind(on_release=released)
    driver.tap("yes", hold_s=0.02)
    driver.tap("yes", hold_s=0.02)
    assert released.count == 1
    driver.wait(0.35)
    driver.tap("yes")
    assert released.count == 2


def test_a_finger_that_slides_off_takes_it_back(driver: ScreenDriver, button: PushButton) -> None:
    released = Counter()
    button.bind(on_release=released)
    touch = driver.press(*button.center)
    assert button.is_pressed
    assert button.shade < 1
    touch.move({"x": 0.99, "y": 0.01})
    EventLoop.post_dispatch_input("update", touch)
    assert not button.is_pressed
    driver.release(touch)
    assert released.count == 0
    assert button.shade == 1


def test_the_press_shows_before_the_next_frame(driver: ScreenDriver, button: PushButton) -> None:
    touch = driver.press(*button.center)
    assert button.shade < 1
    driver.release(touch)


def test_an_unplaced_widget_takes_no_touch(driver: ScreenDriver, button: PushButton) -> None:
    released = Counter()
    button.bind(on_release=released)
    x, y = button.center
    button.is_shown = False
    driver.frames(2)
    driver.touch(x, y)
    assert released.count == 0


def test_digits_may_repeat_quickly() -> None:
    pad = NumPad(box=[48, 996, 984, 552])
    typed: list[str] = []
    pad.bind(on_digit=lambda _pad, digit: typed.append(digit))
    stage = Stage()
    stage.add_widget(pad)
    driver = ScreenDriver(stage)
    for digit in "8800":
        driver.tap(f"num-{digit}", hold_s=0.02)
    driver.close()
    assert typed == ["8", "8", "0", "0"]
