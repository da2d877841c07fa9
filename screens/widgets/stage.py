"""Places widgets by boxes in design px, measured from the top left as in the drawings.

A box is x, y, w, h. Negative x or y count from the right or lower edge; w or h of 0 or less reach to that far from it.
`box_large` holds for large type; without it `box` holds for both. A box of no numbers leaves the widget unplaced and unseen.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kivy.clock import Clock
from kivy.metrics import Metrics
from kivy.properties import BooleanProperty, ListProperty, NumericProperty, OptionProperty, StringProperty
from kivy.uix.widget import Widget

from screens.widgets.scale import FOLLOWERS

FAR = -100_000.0
_PLACING = ("box", "box_large", "hug", "natural_width", "is_shown")


def is_large() -> bool:
    """Return whether large type is on."""
    return bool(Metrics.fontscale > 1)


def edges(start: float, length: float, whole: float) -> tuple[float, float]:
    """Return start and length along one axis with negative numbers counted from the far edge."""
    first = start if start >= 0 else whole + start
    return first, (length if length > 0 else whole - first + length)


class Boxed(Widget):
    """A widget that a Stage can place.

    Attributes:
        box: x, y, w, h in design px.
        box_large: The same for large type.
        hug: "left" or "right": as wide as `natural_width` instead of the box, at that side of it; "" fills the box.
        natural_width: Width in px that its content needs; set by the widget itself.
        is_shown: Whether it is to be seen; an unseen widget keeps no place and takes no touch.
        test_id: Stable name for tests.
        backdrop: Name of the colour behind its texts, for the contrast check; "" where the parent's holds, "hero" for the gradient.
        is_modal: It takes all touches; what is drawn before it is out of reach.
    """

    box = ListProperty([])
    box_large = ListProperty([])
    hug = OptionProperty("", options=("", "left", "right"))
    natural_width = NumericProperty(0)
    is_shown = BooleanProperty(True)
    test_id = StringProperty("")
    backdrop = StringProperty("")
    is_modal = BooleanProperty(False)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        FOLLOWERS.add(self)

    def rescale(self) -> None:
        """Measure anew: the density or the size of type has changed."""


class Stage(Boxed):
    """A layout of Boxed children; itself Boxed, so stages nest. It follows nothing of its children but what places them."""

    def __init__(self, **kwargs: Any) -> None:
        # Children come while the widget is made.
        self._relayout = Clock.create_trigger(self.do_layout, -1)
        super().__init__(**kwargs)
        self.size_hint = (None, None)
        self.fbind("pos", self._relayout)
        self.fbind("size", self._relayout)

    def rescale(self) -> None:
        """Place the children anew."""
        super().rescale()
        self._relayout()

    def add_widget(self, widget: Widget, *args: Any, **kwargs: Any) -> None:
        """Add `widget` and place it with the next layout."""
        for name in _PLACING:
            if isinstance(widget, Boxed):
                widget.fbind(name, self._relayout)
        super().add_widget(widget, *args, **kwargs)
        self._relayout()

    def remove_widget(self, widget: Widget, *args: Any, **kwargs: Any) -> None:
        """Remove `widget`."""
        for name in _PLACING:
            if isinstance(widget, Boxed):
                widget.funbind(name, self._relayout)
        super().remove_widget(widget, *args, **kwargs)

    def do_layout(self, *_args: Any) -> None:
        """Place every child."""
        for child in self.children:
            if isinstance(child, Boxed):
                self._place(child)

    def _place(self, child: Boxed) -> None:
        box: Sequence[float] = child.box_large if child.box_large and is_large() else child.box
        child.size_hint = (None, None)
        if not child.is_shown or len(box) != 4:
            child.pos = (FAR, FAR)
            return
        unit = Metrics.dp
        left, width = edges(box[0] * unit, box[2] * unit, self.width)
        top, height = edges(box[1] * unit, box[3] * unit, self.height)
        if child.hug:
            spare = width - child.natural_width
            left, width = left + (spare if child.hug == "right" else 0), child.natural_width
        child.size = (round(width), round(height))
        child.pos = (round(self.x + left), round(self.top - top) - child.height)
