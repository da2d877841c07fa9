"""Numbers with a sign look the same wherever they stand."""

from __future__ import annotations

import pytest

from kiosk.texts import LANGUAGES, load_catalogue
from kiosk.texts.numbers import MINUS, say_signed


@pytest.mark.parametrize(("count", "said"), [(-1_550, "–1,550"), (2_400, "+2,400"), (0, "+0")])
def test_what_goes_away_has_the_minus_of_the_drawings(count: int, said: str) -> None:
    assert say_signed(count) == said


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_cost_of_a_reward_has_the_same_minus(language: str) -> None:
    assert load_catalogue().say(language, "reward.minus", count="3,200").startswith(MINUS)
