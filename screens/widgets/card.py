"""A box with fill, border and shadow as one baked 9-patch; everything that has a surface is one."""

from __future__ import annotations

from typing import Any

from kivy.graphics import BorderImage, Color
from kivy.metrics import Metrics
from kivy.properties import NumericProperty, StringProperty

from screens.theme.baking import Look, Patch, bake_patch
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

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._patch: Patch | None = None
        with self.canvas.before:
            self._face_tint, self._face = Color(), BorderImage()
        for name in ("fill", "radius", "edge", "edge_width", "shadow"):
            self.fbind(name, self._rebake)
        self.fbind("height", self._pill)
        self.fbind("shade", self._lay_face)
        for name in ("pos", "size"):
            self.fbind(name, self._lay_face)
        self._rebake()

    def rescale(self) -> None:
        """Bake for the new density."""
        super().rescale()
        self._rebake()

    def _pill(self, *_args: Any) -> None:
        if self.radius < 0:
            self._rebake()

    def _rebake(self, *_args: Any) -> None:
        self._patch = bake_patch(self._look(), Metrics.dp) if self.fill or self.edge else None
        if self._patch is not None:
            self._face.texture = self._patch.texture
            self._face.border = (self._patch.border,) * 4
        self._lay_face()

    def _look(self) -> Look:
        radius = self.radius if self.radius >= 0 else self.height / 2 / Metrics.dp
        return Look(self.fill, radius, self.edge, self.edge_width if self.edge else 0, self.shadow)

    def _lay_face(self, *_args: Any) -> None:
        if self._patch is None:
            self._face_tint.rgba, self._face.size = (0, 0, 0, 0), (0, 0)
            return
        inset = self._patch.inset
        self._face_tint.rgba = (self.shade, self.shade, self.shade, 1)
        self._face.pos = self.x - inset, self.y - inset
        self._face.size = self.width + 2 * inset, self.height + 2 * inset


class Card(Surface, Stage):
    """A surface that places Boxed children. Not a target."""
