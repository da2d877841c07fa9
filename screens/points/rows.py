"""The card that rows of a statement lie in, some of them at a time. Knows no journey."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from screens.points.row import RowWords, StatementRow
from screens.widgets.card import Card
from screens.widgets.stage import Stage, is_large

EMPTY = RowWords()


@dataclass(frozen=True, slots=True)
class Measures:
    """Where rows lie in one size of type: upper edge of the first, height of each in design px, and how many."""

    top: int
    height: int
    room: int

    def card(self) -> list[float]:
        """Return the box of the card."""
        return [48, self.top, 984, self.height * self.room]

    def row(self, place: int) -> list[float]:
        """Return the box of a row in the card."""
        return [0, place * self.height, 0, self.height]


class Rows:
    """The rows on a page."""

    def __init__(self, stage: Stage, normal: Measures, large: Measures) -> None:
        """Build card and rows once, as children of `stage`."""
        self._normal, self._large = normal, large
        self._card = Card(box=normal.card(), box_large=large.card())
        self._rows = [
            StatementRow(box=normal.row(place) if place < normal.room else [], box_large=large.row(place) if place < large.room else [])
            for place in range(max(normal.room, large.room))
        ]
        for row in self._rows:
            self._card.add_widget(row)
        stage.add_widget(self._card)

    @property
    def room(self) -> int:
        """How many rows a leaf shows in this size of type."""
        return (self._large if is_large() else self._normal).room

    def show(self, said: Sequence[RowWords]) -> None:
        """Show up to `room` rows; no card where there is none."""
        self._card.is_shown = bool(said)
        for place, row in enumerate(self._rows):
            row.is_shown = place < len(said)
            row.is_last = place == self.room - 1
            row.say(said[place] if row.is_shown else EMPTY)

    def hide(self) -> None:
        """Take the card away and forget what its rows told."""
        self.show(())
