"""The strip above the keyboard: eight cells of candidates, the best first and red, and two arrows.

It keeps its place and size when there is nothing to choose from, and shows a hint then; never what somebody chose before.
A candidate of three or four characters takes two cells, of five or six three, and so on.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kivy.properties import StringProperty

from kiosk.pinyin.api import CandidateEngine
from screens.widgets.key import Key
from screens.widgets.stage import Stage
from screens.widgets.text import Text

CELLS = 8
PITCH, CELL, HEIGHT = 104, 94, 94


def cells_of(text: str) -> int:
    """Return how many cells `text` takes."""
    width = sum(2 if ord(character) > 0x2E7F else 1 for character in text)
    return min(CELLS, max(1, -(-width // 4)))


def take(items: Sequence[str]) -> list[str]:
    """Return those of `items`, from the first, that fit into the strip."""
    taken: list[str] = []
    room = CELLS
    for item in items:
        room -= cells_of(item)
        if room < 0 and taken:
            break
        taken.append(item)
    return taken


def _style_of(text: str) -> str:
    if len(text) == 1:
        return "key"
    return "key_fn" if text.isascii() else "cand2"


class CandidateStrip(Stage):
    """The strip, 1030 x 96. Events: on_pick(place) of a candidate, on_quick(text) of an offered sign.

    Attributes:
        hint: Shown while there is nothing to choose from.
    """

    __events__ = ("on_pick", "on_quick")

    hint = StringProperty("")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._engine: CandidateEngine | None = None
        self._starts: list[int] = [0]
        self._hint = Text(box=[11, 0, -220, 94], style="note", ink="ink2")
        self.fbind("hint", self._draw_hint)
        self._keys = [Key(is_guarded=False, test_id=f"candidate-{place}") for place in range(CELLS)]
        for place, key in enumerate(self._keys):
            key.bind(on_release=lambda _key, place=place: self._touch(place))
        self._back = Key(box=[8 * PITCH, 0, CELL, HEIGHT], fill="keyFn", icon="caret-left", test_id="candidates-previous")
        self._on = Key(box=[9 * PITCH, 0, CELL, HEIGHT], fill="keyFn", icon="caret-right", test_id="candidates-next")
        self._back.bind(on_release=lambda _key: self._turn(-1))
        self._on.bind(on_release=lambda _key: self._turn(1))
        for part in (self._hint, *self._keys, self._back, self._on):
            self.add_widget(part)
        self.show(None, ())

    def on_pick(self, place: int) -> None:
        """A candidate was chosen."""

    def on_quick(self, text: str) -> None:
        """An offered sign was chosen."""

    def show(self, engine: CandidateEngine | None, quick: Sequence[str]) -> None:
        """Show the first candidates of `engine`, or, without one, the signs of `quick`."""
        self._engine, self._starts = engine, [0]
        self._fill(self._from(0) if engine is not None else quick)

    def index_of(self, place: int) -> int | None:
        """Return the engine's index of the candidate at `place`; None where there is none."""
        return self._starts[-1] + place if self._engine is not None and self._keys[place].is_shown else None

    def _from(self, start: int) -> list[str]:
        """Return the candidates from index `start`: the engine's pages of eight need not begin there."""
        assert self._engine is not None
        page, skip = divmod(start, CELLS)
        items = (*self._engine.candidates(page, CELLS).items, *self._engine.candidates(page + 1, CELLS).items)
        return list(items[skip : skip + CELLS])

    def _fill(self, items: Sequence[str]) -> None:
        taken = take(items)
        cell = 0
        for place, key in enumerate(self._keys):
            text = taken[place] if place < len(taken) else ""
            width = cells_of(text)
            key.is_shown, key.text = bool(text), text
            key.box = [cell * PITCH, 0, width * PITCH - PITCH + CELL, HEIGHT]
            key.style = _style_of(text)
            is_best = place == 0 and self._engine is not None and len(self._starts) == 1
            key.fill, key.ink = ("red", "surface") if is_best else ("surface", "ink")
            cell += width if text else 0
        self._dress(len(taken))

    def _dress(self, shown: int) -> None:
        has_more = self._engine is not None and bool(self._from(self._starts[-1] + shown))
        self._shown = shown
        for key, is_on in ((self._back, len(self._starts) > 1), (self._on, has_more)):
            key.disabled = not is_on
            key.ink = "ink" if is_on else "lineStrong"
        self._draw_hint()

    def _draw_hint(self, *_args: Any) -> None:
        self._hint.text = self.hint
        self._hint.is_shown = not self._keys[0].is_shown

    def _turn(self, step: int) -> None:
        if step > 0:
            self._starts.append(self._starts[-1] + self._shown)
        else:
            self._starts.pop()
        self._fill(self._from(self._starts[-1]))

    def _touch(self, place: int) -> None:
        if self._engine is None:
            self.dispatch("on_quick", self._keys[place].text)
        else:
            self.dispatch("on_pick", place)
