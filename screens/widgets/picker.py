"""Chooses by levels with taps only: one page of cells, the levels chosen so far above it, arrows to turn pages.

Takes the place of the keyboard, 1080 x 576. What was chosen is a member's: `wipe` forgets it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kivy.properties import BooleanProperty, ObjectProperty, StringProperty

from screens.widgets.card import Card
from screens.widgets.choices import Choice, Grid
from screens.widgets.key import Key
from screens.widgets.kv import load_beside
from screens.widgets.press import Target
from screens.widgets.spoken import unspoken
from screens.widgets.stage import Stage, is_large

LEFT, WIDTH, TOP = 25, 1030, 120
PITCH, PITCH_LARGE, GAP = 108, 144, 12
CELLS_MAX = 32
CRUMBS_MAX = 3
_NOTHING: Sequence[Choice] = ()


class ChoiceKey(Target, Card):
    """A cell; long names take two lines."""

    text = StringProperty("")
    value = StringProperty("")
    is_chosen = BooleanProperty(False)


class Picker(Stage):
    """A picker. Events: on_path(path) after each choice, on_done(path) when nothing is left to choose.

    Attributes:
        tr: Texts.
        choices: What is offered.
        prompt: What is asked, shown before the first choice.
    """

    __events__ = ("on_path", "on_done")

    tr = ObjectProperty(unspoken)
    choices: Any = ObjectProperty(None, allownone=True)
    prompt = StringProperty("")
    is_prompting = BooleanProperty(True)

    def __init__(self, **kwargs: Any) -> None:
        self._path: list[Choice] = []
        self._page = 0
        super().__init__(**kwargs)
        self._crumbs = [
            ChoiceKey(test_id=f"crumb-{place}", fill="keyFn", box=[LEFT + place * 276, 12, 264, 96]) for place in range(CRUMBS_MAX)
        ]
        for place, crumb in enumerate(self._crumbs):
            crumb.bind(on_release=lambda _key, place=place: self._cut(place))
        self._cells = [ChoiceKey() for _ in range(CELLS_MAX)]
        for cell in self._cells:
            cell.bind(on_release=self._choose)
        self._back = Key(box=[-223, 12, 94, 96], fill="keyFn", icon="caret-left", test_id="choices-previous")
        self._on = Key(box=[-119, 12, 94, 96], fill="keyFn", icon="caret-right", test_id="choices-next")
        self._back.bind(on_release=lambda _key: self._turn(-1))
        self._on.bind(on_release=lambda _key: self._turn(1))
        for part in (*self._crumbs, *self._cells, self._back, self._on):
            self.add_widget(part)
        self.fbind("choices", self._refill)
        self._refill()

    def rescale(self) -> None:
        """Take the grid for the new size of type."""
        super().rescale()
        self._refill()

    @property
    def path(self) -> tuple[str, ...]:
        """The values chosen so far."""
        return tuple(choice.value for choice in self._path)

    def start(self, values: Sequence[str] = ()) -> None:
        """Begin with `values` chosen, as far as they are offered; the last level stays open to choose again."""
        self._path, self._page = [], 0
        for value in values:
            found = [choice for choice in self._offered() if choice.value == value]
            if not found:
                break
            self._path.append(found[0])
        if self._path and not self._offered():
            self._path.pop()
        self._refill()

    def wipe(self) -> None:
        """Forget what was chosen."""
        self.start()

    def on_path(self, path: tuple[str, ...]) -> None:
        """Something was chosen, or taken back."""

    def on_done(self, path: tuple[str, ...]) -> None:
        """Everything has been chosen."""

    def _offered(self) -> Sequence[Choice]:
        return self.choices.after(self.path) if self.choices is not None else _NOTHING

    def _choose(self, cell: ChoiceKey) -> None:
        self._path.append(Choice(cell.value, cell.text))
        self._page = 0
        self.dispatch("on_path", self.path)
        if self._offered():
            self._refill()
        else:
            done = self.path
            self._path.pop()
            self._refill()
            self.dispatch("on_done", done)

    def _cut(self, place: int) -> None:
        del self._path[place:]
        self._page = 0
        self._refill()
        self.dispatch("on_path", self.path)

    def _turn(self, step: int) -> None:
        self._page += step
        self._refill()

    def _refill(self, *_args: Any) -> None:
        grid = self.choices.grid(len(self._path)) if self.choices is not None else Grid()
        columns, rows = (grid.columns_large, grid.rows_large) if is_large() else (grid.columns, grid.rows)
        offered = self._offered()
        first = self._page * columns * rows
        page = offered[first : first + columns * rows]
        self._show_cells(page, columns)
        self._show_crumbs()
        for key, is_on in ((self._back, self._page > 0), (self._on, first + len(page) < len(offered))):
            key.disabled = not is_on
            key.ink = "ink" if is_on else "lineStrong"

    def _show_cells(self, page: Sequence[Choice], columns: int) -> None:
        for place, cell in enumerate(self._cells):
            choice = page[place] if place < len(page) else None
            cell.is_shown = choice is not None
            cell.text, cell.value = (choice.text, choice.value) if choice else ("", "")
            cell.test_id = f"choice-{cell.value}" if choice else ""
            cell.box = self._cell_box(place, columns)

    def _cell_box(self, place: int, columns: int) -> list[float]:
        row, column = divmod(place, columns)
        width = (WIDTH - GAP * (columns - 1)) / columns
        pitch = PITCH_LARGE if is_large() else PITCH
        return [LEFT + column * (width + GAP), TOP + row * pitch, width, pitch - GAP]

    def _show_crumbs(self) -> None:
        for place, crumb in enumerate(self._crumbs):
            crumb.is_shown = place < len(self._path)
            crumb.text = self._path[place].text if crumb.is_shown else ""
        self.is_prompting = not self._path


load_beside(__file__)
