"""The kiosk as a process that tells what its screens hold when it is asked, and, for self-tests, one whose wipe is broken.

`python -m tests.support.residue_kiosk [--without PART] run`: the product's own command line, with a report on SIGUSR1.
Memory of this process is searched, so nothing here may hold a member's value longer than the report takes.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any

REPORT = "RESIDUE_REPORT"
"""Environment variable: the file that a report is written to."""

PIECE = 192
"""Bytes of a picture that are searched for: 48 px of one row, two or three characters at half density."""

LINE_FEED = 10


class Part(StrEnum):
    """What can be taken out of the wipe."""

    PAGE = "page"
    TEXT = "text"
    CONNECTION = "connection"


def main() -> int:
    """Run the kiosk; returns its exit code."""
    from kiosk.app import front

    words = sys.argv[1:]
    if words[0] == "--without":
        front.open_front = _breaking(front.open_front, Part(words[1]))  # type: ignore[assignment]
        words = words[2:]
    signal.signal(signal.SIGUSR1, lambda *_about: _report(Path(os.environ[REPORT])))
    from kiosk.cli import main as kiosk_main

    return kiosk_main(words)


def _breaking(open_front: Callable[..., Any], part: Part) -> Callable[..., Any]:
    """Break after the window was made: the screens cannot be imported before."""

    def opened(*arguments: Any) -> Any:
        front = open_front(*arguments)
        from kiosk.backend.channel import Connection
        from screens.register.mobile import MobilePage
        from screens.widgets.text import Text

        async def kept(_self: Any) -> None:
            """Go on over the old connection."""

        match part:
            case Part.PAGE:
                MobilePage.wipe = lambda _self: None
            case Part.TEXT:
                Text._forget = lambda _self: None
            case Part.CONNECTION:
                Connection.renew = kept
        return front

    return opened


def _report(target: Path) -> None:
    from kivy.base import EventLoop
    from kivy.core.clipboard import Clipboard

    router = EventLoop.window.children[0]
    widgets = [widget for root in (router, *router._pages.values()) for widget in _walk(root)]
    report = {
        "texts": sorted({text for widget in widgets for text in _texts(widget)}),
        "widgets": len(widgets),
        "clipboard": Clipboard.paste() or "",
        "pictures": {label.text: _piece(label.texture).hex() for label in widgets if _is_drawn(label)},
    }
    partial = target.with_suffix(".partial")
    partial.write_text(json.dumps(report, ensure_ascii=False), encoding="utf-8")
    partial.replace(target)


def _walk(widget: Any) -> Iterator[Any]:
    yield widget
    for child in widget.children:
        yield from _walk(child)


def _texts(widget: Any) -> Iterator[str]:
    """Yield every text of a widget: its properties, and what Kivy's text renderer keeps of the last drawing."""
    for name in widget.properties():
        value = getattr(widget, name)
        yield from (text for text in (value if isinstance(value, list | tuple) else [value]) if isinstance(text, str) and text)
    renderer = getattr(widget, "_renderer", None)
    if renderer is not None:
        yield from (word.text for line in renderer._cached_lines for word in line.words)


def _is_drawn(widget: Any) -> bool:
    return bool(getattr(widget, "texture", None) and getattr(widget, "text", "") and widget.texture.width * 4 > PIECE)


def _piece(texture: Any) -> bytes:
    """Return the most varied piece of a row of the picture."""
    pixels, width = texture.pixels, texture.width * 4
    pieces = (pixels[at : at + PIECE] for row in range(0, len(pixels), width) for at in range(row, row + width - PIECE + 1, 32))
    return max((piece for piece in pieces if LINE_FEED not in piece), key=lambda piece: len(set(piece)), default=b"")


if __name__ == "__main__":
    sys.exit(main())
