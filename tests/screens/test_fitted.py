"""A name of any length and of any letters stays on its page and is drawn: set smaller, then cut, with a mark for what no face has."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.flows.member.state import MemberHome
from kiosk.ports.display import View
from screens.previews import CHROME
from screens.theme.faces import MISSING
from screens.widgets.fitted import FittedText
from tests.screens.lint import faults_of
from tests.screens.screen_views import Stand, views


def fitted(whole: str, cuts: str = "word", width: float = 400) -> tuple[str, str]:
    """Lays `whole` out and returns what is drawn and in which style."""
    text = FittedText(styles=["h1", "h2"], cuts=cuts, whole=whole, size=(width, 100))
    return text.text, text.style


def test_what_fits_is_drawn_whole_and_in_the_first_style(stand: Stand) -> None:
    assert fitted("Hello, Mary ***", width=4000) == ("Hello, Mary ***", "h1")


def test_what_is_a_little_too_long_is_set_smaller_and_stays_whole(stand: Stand) -> None:
    wide = next(width for width in range(2000, 0, -5) if fitted("Hello, Christopher ***", width=width)[1] == "h2")
    assert fitted("Hello, Christopher ***", width=wide) == ("Hello, Christopher ***", "h2")


def test_of_a_name_that_is_far_too_long_the_beginning_is_drawn_and_what_stands_around_it_stays(stand: Stand) -> None:
    said, style = fitted("Hello, " + "W" * 48 + " *** (…8905)", width=600)
    assert style == "h2"
    assert said.startswith("Hello, WW")
    assert said.endswith("W… *** (…8905)")


def test_of_a_value_that_is_too_long_the_beginning_is_drawn(stand: Stand) -> None:
    said, _ = fitted("Room 12, Building 5, " + "long " * 20, cuts="end")
    assert said.startswith("Room 12")
    assert said.endswith("…")


@pytest.mark.parametrize("name", ["𠮷**", "Nguyễn ***", "김**", "مريم ***"])
def test_a_letter_that_the_face_lacks_is_seen_as_a_mark_and_the_name_is_kept(stand: Stand, name: str) -> None:
    state = views()["member"].state
    view = View(MemberHome(state.visitor, replace(state.membership, name_masked=name)), CHROME)
    stand.show(view)
    page = stand.router.page_of(view.state)
    (greeting,) = (part for part in page.walk(restrict=True) if isinstance(part, FittedText) and name in part.text)
    assert MISSING in greeting.laid_text
    assert not [fault for fault in faults_of(stand.router) if fault.rule != "glyph missing"]
