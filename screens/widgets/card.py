"""A box with fill, border and shadow as one baked 9-patch; everything that has a surface is one."""

from __future__ import annotations

from typing import Any

from kivy.metrics import Metrics
from kivy.properties import NumericProperty, ObjectProperty, StringProperty

from screens.theme.baking import Look, bake_patch
from screens.widgets.kv import load_beside
from screens.widgets.stage import Boxed, Stage


class Surface(Boxed):
    """What a box looks like.

    Attributes:
        fill: Name of the inner colour, "" for none.
        radius: Corner radius in design px; -1 is half the height (a pill, a circle).
        edge: Name of the border colour.
        edge_width: Design px.
        shadow: Name of a shadow.
        shade: Factor on all colours, 1 normal, less while it is pressed.
    """

    fill = StringProperty("surface")
    radius = NumericProperty(32)
    edge = StringProperty("")
    edge_width = NumericProperty(3)
    shadow = StringProperty("e1")
    shade = NumericProperty(1.0)
    patch = ObjectProperty(None, allownone=True)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for name in ("fill", "radius", "edge", "edge_width", "shadow"):
            self.fbind(name, self._rebake)
        self.fbind("height", self._pill)
        self._rebake()

    def rescale(self) -> None:
        """Bake for the new density."""
        super().rescale()
        self._rebake()

    def _pill(self, *_args: Any) -> None:
        if self.radius < 0:
            self._rebake()

    def _rebake(self, *_args: Any) -> None:
        if not (self.fill or self.edge):
            self.patch = None
            return
        radius = self.radius if self.radius >= 0 else self.height / 2 / Metrics.dp
        edge_width = self.edge_width if self.edge else 0
        self.patch = bake_patch(Look(self.fill, radius, self.edge, edge_width, self.shadow), Metrics.dp)


class Card(Surface, Stage):
    """A surface that places Boxed children. Not a target."""


load_beside(__file__)
