"""The lint sees each fault that it is there for, and the widgets have none in any language and size of type."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from kivy.metrics import Metrics

from kiosk.ports.values import Language
from kiosk.texts import load_catalogue
from screens.theme.tokens import LARGE_FACTOR
from screens.widgets.button import PushButton
from screens.widgets.card import Card
from screens.widgets.icon import Icon
from screens.widgets.qr import QRBox
from screens.widgets.stage import Stage
from screens.widgets.text import Text
from tests.screens.gallery import STAGES
from tests.screens.lint import faults_of
from tests.support.screen_driver import ScreenDriver

CATALOGUE = load_catalogue()


@pytest.fixture(autouse=True)
def normal_type() -> Iterator[None]:
    yield
    Metrics.fontscale = 1.0


def rules(*widgets: object) -> set[str]:
    stage = Stage()
    for widget in widgets:
        stage.add_widget(widget)
    driver = ScreenDriver(stage)
    found = {fault.rule for fault in faults_of(stage)}
    driver.close()
    return found


def test_a_text_that_is_too_wide_is_seen() -> None:
    assert rules(Text(text="很长的一行字", box=[0, 0, 60, 48])) == {"text too wide"}


def test_a_text_with_too_many_lines_is_seen() -> None:
    assert rules(Text(text="一行\n两行\n三行", box=[0, 300, 200, 88])) == {"text too high"}


def test_a_wrapped_text_that_is_too_high_is_seen() -> None:
    assert rules(Text(text="很长的一行字" * 4, is_wrapped=True, box=[0, 300, 200, 88])) == {"text too high"}


def test_a_missing_glyph_is_seen() -> None:
    assert rules(Text(text="⌫", box=[0, 0, 200, 48])) == {"glyph missing"}


def test_low_contrast_is_seen() -> None:
    assert rules(Text(text="字", ink="lineStrong", box=[0, 0, 200, 48])) == {"contrast"}


def test_a_text_that_leaves_its_card_is_seen() -> None:
    card = Card(box=[100, 100, 200, 100])
    card.add_widget(Text(text="一行字一行字", box=[120, 0, 300, 100]))
    assert rules(card) == {"text leaves its card"}


def test_small_targets_are_seen() -> None:
    assert rules(PushButton(text="好", box=[48, 48, 80, 120])) == {"target too small"}


def test_a_label_near_the_edge_of_its_button_is_seen() -> None:
    assert rules(PushButton(text="好的好的好", box=[48, 48, 200, 120])) == {"label near the edge"}


def test_targets_must_be_larger_in_large_type() -> None:
    Metrics.fontscale = LARGE_FACTOR
    assert rules(PushButton(text="好", box=[48, 48, 200, 100])) == {"target too small"}


def test_overlapping_targets_are_seen() -> None:
    assert rules(PushButton(text="好", box=[48, 48, 200, 120]), PushButton(text="的", box=[200, 48, 200, 120])) == {"targets overlap"}


@pytest.mark.parametrize(
    ("sign", "box", "seen"),
    [
        (lambda box: Icon(name="check", box=box), [60, 48, 48, 48], {"text over a sign"}),
        (lambda box: Icon(name="", box=box), [60, 48, 48, 48], set()),
        (lambda box: QRBox(text="HM1", box=box), [70, 60, 300, 300], {"text over a sign"}),
    ],
    ids=["icon", "no icon", "code"],
)
def test_a_text_over_an_icon_or_a_code_is_seen(sign: Callable[[list[int]], object], box: list[int], seen: set[str]) -> None:
    assert rules(Text(text="好的", box=[48, 48, 200, 48]), sign(box)) == seen


def test_texts_over_each_other_are_seen() -> None:
    assert rules(Text(text="好的", box=[48, 48, 200, 48]), Text(text="再见", box=[60, 60, 200, 48])) == {"texts overlap"}


def test_what_lies_below_a_dialog_does_not_count() -> None:
    below = PushButton(text="好", box=[48, 48, 200, 120])
    dialog = Stage(box=[0, 0, 0, 0], is_modal=True)
    dialog.add_widget(PushButton(text="的", box=[60, 60, 200, 120]))
    assert rules(below, dialog) == set()


def test_nothing_is_wrong_with_nothing_wrong() -> None:
    assert rules(PushButton(text="好", kind="primary", box=[48, 48, 312, 120])) == set()


@pytest.mark.parametrize("is_large", [False, True], ids=["normal", "large"])
@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("name", STAGES)
def test_the_widgets_have_no_fault(name: str, language: Language, is_large: bool) -> None:
    Metrics.fontscale = LARGE_FACTOR if is_large else 1.0
    stage = STAGES[name](CATALOGUE.in_language(language))
    driver = ScreenDriver(stage)
    found = [str(fault) for fault in faults_of(stage)]
    driver.close()
    assert not found, "\n".join(found)
