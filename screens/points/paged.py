"""A page whose rows come a leaf at a time, older ones from the centre when they are wanted. Knows no row."""

from __future__ import annotations

from abc import abstractmethod

from kivy.properties import BooleanProperty, NumericProperty

from kiosk.flows.points.state import MoreChosen
from screens.frame.page import Page


class PagedPage(Page):
    """The page; a subclass says how many rows there are and how many a leaf shows, and shows one.

    Attributes:
        leaf: Leaf of rows, from 0.
        leaves: How many there are, of the rows that are here.
        has_more: Older rows can be asked for.
        is_waiting: They were asked for.
    """

    leaf = NumericProperty(0)
    leaves = NumericProperty(1)
    has_more = BooleanProperty(False)
    is_waiting = BooleanProperty(False)
    _turns_on = False

    def enter(self) -> None:
        """The first rows come first."""
        self.leaf, self._turns_on = 0, False
        self.lay(int(self.leaf) * self.room(), self.room())

    def turn(self, step: int) -> None:
        """Other rows; behind the last ones that are here, older ones are asked for and shown when they come."""
        if step > 0 and self.leaf >= self.leaves - 1 and self.has_more:
            self._turns_on = True
            self.send(MoreChosen())
            return
        self.leaf = min(max(0, self.leaf + step), self.leaves - 1)
        self.lay(int(self.leaf) * self.room(), self.room())

    @abstractmethod
    def count(self) -> int:
        """Return how many rows are here."""

    @abstractmethod
    def room(self) -> int:
        """Return how many rows a leaf shows."""

    @abstractmethod
    def lay(self, first: int, room: int) -> None:
        """Show up to `room` rows from `first` on."""

    def show_rows(self) -> None:
        """Show the rows after they changed."""
        self.leaves = max(1, -(-self.count() // self.room()))
        if self._turns_on and not self.is_waiting:
            self._turns_on = False
            self.leaf += 1
        self.leaf = min(self.leaf, self.leaves - 1)
        self.lay(int(self.leaf) * self.room(), self.room())
