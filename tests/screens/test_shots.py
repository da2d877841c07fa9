"""What is drawn on the contact sheets after touches is there, in every language and size, and without faults of layout."""

from __future__ import annotations

import pytest

from kiosk.ports.values import Language
from screens.theme.tokens import colour
from screens.widgets.card import Card
from screens.widgets.text import Text
from tests.screens.lint import faults_of
from tests.screens.screen_views import Stand
from tests.screens.shots import TOUCHED, picture_of, touch
from tests.support.screen_driver import is_visible


def words(stand: Stand) -> list[str]:
    return [part.text for part in stand.router.walk(restrict=True) if isinstance(part, Text) and is_visible(part)]


def test_rims_are_drawn_in_colours_between_those_beside_them(stand: Stand) -> None:
    seen = picture_of(Card(radius=-1, fill="red", shadow="", size=(80, 80)))
    red, paper = ([round(255 * part) for part in colour(name)[:3]] for name in ("red", "paper"))
    for _, pixel in seen.getcolors(6400):
        assert all(min(one, other) - 1 <= part <= max(one, other) + 1 for part, one, other in zip(pixel, red, paper, strict=True))


@pytest.mark.parametrize("is_large", [False, True], ids=["normal", "large"])
@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("label", TOUCHED)
def test_touches_lead_to_another_picture_without_faults(stand: Stand, label: str, language: Language, is_large: bool) -> None:
    stand.preview(TOUCHED[label][0], language, is_large=is_large)
    before = words(stand)
    touch(stand, label, language, is_large=is_large)
    assert words(stand) != before
    assert not [str(fault) for fault in faults_of(stand.router)]
