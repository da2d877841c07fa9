"""Tells widgets that the density or the size of type has changed.

Kivy looks through all observers of Metrics for every one that is added, which took half the time of building a screen;
and widgets that are gone must not be kept alive by it.
"""

from __future__ import annotations

from typing import Any, Protocol
from weakref import WeakSet

from kivy.metrics import Metrics


class Scaled(Protocol):
    """What follows the scale."""

    def rescale(self) -> None:
        """Measure anew."""
        ...


class Followers:
    """All widgets that follow the scale, as long as they live. Thread: loop."""

    def __init__(self) -> None:
        """Listen to Metrics."""
        self._members: WeakSet[Any] = WeakSet()
        Metrics.fbind("fontscale", self._tell)
        Metrics.fbind("density", self._tell)

    def add(self, widget: Scaled) -> None:
        """Let `widget` follow."""
        self._members.add(widget)

    def _tell(self, *_args: Any) -> None:
        for widget in tuple(self._members):
            widget.rescale()


FOLLOWERS = Followers()
