"""Tokens and window: the ratios in the file are right, and the window refuses what would break a kiosk."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import screens.theme.tokens as tokens
from screens.window import WindowError, prepare, require_visible, video_driver

DATA = json.loads((Path(tokens.__file__).parent / "tokens.json").read_text(encoding="utf-8"))


def test_the_window_cannot_be_prepared_twice() -> None:
    with pytest.raises(WindowError, match="before"):
        prepare(540, 960)


def test_a_window_that_nobody_sees_is_refused() -> None:
    assert video_driver() == "offscreen"
    with pytest.raises(WindowError, match="nobody"):
        require_visible()


@pytest.mark.parametrize("pair", DATA["contrast"]["text"], ids=lambda pair: f"{pair['fg']}-{pair['bg']}")
def test_text_pairs_have_their_contrast(pair: dict[str, object]) -> None:
    ratio = tokens.contrast(str(pair["fg"]), str(pair["bg"]))
    assert ratio == pytest.approx(float(str(pair["ratio"])), abs=0.02)
    assert ratio >= 4.5


@pytest.mark.parametrize("name", tokens.STYLES)
def test_no_style_is_below_the_least_size(name: str) -> None:
    style = tokens.STYLES[name]
    assert style.size >= tokens.TEXT_MIN
    assert style.large >= style.size


def test_colours_are_found_by_name() -> None:
    assert tokens.colour("") == tokens.CLEAR
    with pytest.raises(KeyError):
        tokens.colour("pink")
