"""A text is drawn the same whatever was drawn before it."""

from __future__ import annotations

import pytest

from screens.theme.faces import font_of
from screens.widgets.text import Ink
from tests.screens.screen_views import Stand
from tests.screens.shots import picture_of

EARLIER = ("", "h", "English", "shell")


def drawn(text: str, size_px: float) -> tuple[tuple[int, int], bytes]:
    label = Ink(text=text, font_name=font_of(text, 700), font_size=size_px, font_hinting=None)
    label.refresh()
    return label.texture.size, label.texture.pixels


@pytest.mark.parametrize("size_px", [14, 18, 23])
def test_letters_stand_by_the_same_widths_whatever_was_drawn_before(size_px: float) -> None:
    pictures = set()
    for place, earlier in enumerate(EARLIER):
        # Kivy keeps a face by its size: a thousandth of a px gives one that nobody has drawn with.
        unused_px = size_px + (place + 1) / 1000
        if earlier:
            drawn(earlier, unused_px)
        pictures.add(drawn("English", unused_px))
    assert len(pictures) == 1


def test_the_attract_page_comes_back_as_it_was_after_large_type(stand: Stand) -> None:
    before = picture_of(stand.router)
    for label, is_large in (("menu", False), ("menu", True), ("menu", False), ("attract", False)):
        stand.preview(label, is_large=is_large)
    assert picture_of(stand.router).tobytes() == before.tobytes()
