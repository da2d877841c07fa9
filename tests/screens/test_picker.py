"""The picker walks places and dates by taps, and forgets them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from kiosk.regions.table import Regions
from kiosk.texts import load_catalogue
from screens.widgets.choices import DateChoices, PlaceChoices, date_of
from screens.widgets.picker import Picker
from screens.widgets.stage import Stage
from tests.support.screen_driver import ScreenDriver

TR = load_catalogue().in_language("zh-Hans")
BIRTHDAYS = DateChoices(date(1920, 1, 1), date(2012, 3, 14), TR)


@pytest.fixture
def picker() -> Picker:
    return Picker(tr=TR, box=[0, 996, 1080, 576])


@pytest.fixture
def done(picker: Picker) -> list[tuple[str, ...]]:
    done: list[tuple[str, ...]] = []
    picker.bind(on_done=lambda _picker, path: done.append(path))
    return done


@pytest.fixture
def driver(picker: Picker) -> Iterator[ScreenDriver]:
    stage = Stage()
    stage.add_widget(picker)
    driver = ScreenDriver(stage)
    yield driver
    driver.close()


def test_a_date_outside_the_limits_is_not_offered() -> None:
    assert [choice.value for choice in BIRTHDAYS.after(("2010",))] == ["2010", "2011", "2012"]
    assert [choice.value for choice in BIRTHDAYS.after(("2010", "2012"))] == ["01", "02", "03"]
    assert len(BIRTHDAYS.after(("2010", "2012", "03"))) == 14
    assert len(BIRTHDAYS.after(("1980", "1988", "02"))) == 29


def test_a_date_takes_four_taps(driver: ScreenDriver, picker: Picker, done: list[tuple[str, ...]]) -> None:
    picker.choices = BIRTHDAYS
    driver.frames(2)
    driver.type("choice-1980", "choice-1988", "choice-05", "choice-06")
    assert done == [("1980", "1988", "05", "06")]
    assert date_of(done[0]) == "1988-05-06"


def test_the_stores_own_city_costs_no_tap(driver: ScreenDriver, picker: Picker, done: list[tuple[str, ...]]) -> None:
    picker.choices = PlaceChoices(Regions.load())
    picker.start(("330000", "330100"))
    driver.frames(2)
    driver.type("choice-330106")
    assert done == [("330000", "330100", "330106")]


def test_a_crumb_goes_back(driver: ScreenDriver, picker: Picker) -> None:
    picker.choices = PlaceChoices(Regions.load())
    picker.start(("330000", "330100"))
    driver.frames(2)
    driver.tap("crumb-0")
    assert picker.path == ()
    assert driver.is_seen("choice-110000")


def test_pages_turn(driver: ScreenDriver, picker: Picker) -> None:
    picker.choices = PlaceChoices(Regions.load())
    driver.frames(2)
    assert not driver.is_seen("choice-650000")
    driver.type("choices-next", "choices-next")
    assert driver.is_seen("choice-650000")
    driver.tap("choices-previous")
    assert not driver.is_seen("choice-650000")


def test_unknown_values_are_not_taken(picker: Picker) -> None:
    picker.choices = PlaceChoices(Regions.load())
    picker.start(("330000", "999999"))
    assert picker.path == ("330000",)


def test_wipe_forgets(driver: ScreenDriver, picker: Picker) -> None:
    picker.choices = BIRTHDAYS
    picker.start(("1980", "1988"))
    driver.frames(2)
    picker.wipe()
    driver.frames(2)
    assert picker.path == ()
    assert not driver.is_seen("crumb-0")
