"""Texts keep neither words nor pictures of what they showed; nothing of a visit is frozen with the screens."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from kiosk.flows.home.state import Attract, Menu
from kiosk.ports.display import Chrome, View
from screens.widgets.checkrow import CheckRow
from screens.widgets.stage import FAR
from screens.widgets.text import Text
from tests.screens.screen_views import Stand, views


def kept(widget: Any) -> list[str]:
    """Return what the text renderers below a widget keep although their text is empty."""
    found = [name for child in widget.children for name in kept(child)]
    if isinstance(widget, Text) and not widget.text and (widget._renderer is not None or widget.texture is not None):
        found.append(type(widget).__name__)
    return found


def test_an_empty_text_keeps_neither_words_nor_picture(stand: Stand) -> None:
    for label in ("form-email", "review", "member", "code-typing", "mobile-limit"):
        stand.show(views()[label])
        page = stand.router.page_of(views()[label].state)
        stand.router.wipe()
        stand.driver.frames(2)
        assert kept(page) == [], label


def test_a_wipe_unticks_what_was_agreed_to(stand: Stand) -> None:
    view = stand.preview("consent-ticked")
    rows = [widget for widget in stand.router.page_of(view.state).walk() if isinstance(widget, CheckRow)]
    assert any(row.is_checked for row in rows)
    stand.router.wipe()
    assert not any(row.is_checked for row in rows)


def test_a_wipe_takes_the_words_of_the_members_tiles(stand: Stand) -> None:
    page = stand.router.page_of(stand.preview("member").state)
    assert any(tile.title for tile in page._tiles)
    assert any(tile.note for tile in page._tiles)
    page.wipe()
    assert [(tile.title, tile.note, tile.badge) for tile in page._tiles] == [("", "", "")] * len(page._tiles)


@pytest.mark.parametrize("label", ["campaign-not-eligible", "campaign-eligible", "campaign-three-steps"])
def test_a_wipe_takes_how_a_campaign_stands_with_the_member(stand: Stand, label: str) -> None:
    page = stand.router.page_of(stand.preview(label).state)

    def told() -> list[str]:
        own = [page.verdict, page.verdict_note, page.step_line, page.helping, page.basis]
        return [text for text in (*own, *(text for row in page._rows for text in (row.standing, row.verdict))) if text]

    assert told()
    page.wipe()
    assert told() == []


def test_a_target_that_is_not_placed_yet_is_not_told_to_a_finger(stand: Stand) -> None:
    from screens.main import describe

    stand.preview("menu")
    height = stand.router.height
    target = stand.driver.find("menu.join")
    assert "menu.join" in describe(stand.router, height)["targets"]
    place = tuple(target.pos)
    try:
        target.pos = (FAR, FAR)
        assert "menu.join" not in describe(stand.router, height)["targets"]
        assert "bar-end" in describe(stand.router, height)["targets"]
    finally:
        target.pos = place


def test_a_drawn_text_keeps_no_surface(stand: Stand) -> None:
    stand.show(views()["review"])
    renderers = [widget._renderer for widget in stand.router.walk() if isinstance(widget, Text) and widget._renderer is not None]
    assert renderers
    assert all(getattr(renderer, "_surface", None) is None for renderer in renderers)


async def test_what_is_built_is_frozen_when_nobody_is_here() -> None:
    from screens.main import nobody_here

    router: Any = SimpleNamespace(view=View(Menu(), Chrome()))
    waiting = asyncio.create_task(nobody_here(router))
    await asyncio.sleep(0)
    router.view = None
    await asyncio.sleep(0.6)
    assert not waiting.done()
    router.view = View(Attract(), Chrome())
    await asyncio.wait_for(waiting, 2)
