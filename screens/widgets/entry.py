"""A form field: label above value. The keyboard types into it; the field itself only shows.

Its value is a member's: it lives here and in the journey's state and nowhere else, and `wipe` forgets it.
"""

from __future__ import annotations

from typing import Any

from kivy.metrics import Metrics
from kivy.properties import BooleanProperty, NumericProperty, OptionProperty, StringProperty

from screens.theme.faces import font_of
from screens.theme.tokens import STYLES
from screens.widgets.card import Card
from screens.widgets.kv import load_beside
from screens.widgets.press import Target
from screens.widgets.stage import is_large
from screens.widgets.text import Measure

ELLIPSIS = "…"
PAD = 30
CURSOR = 12
ICON_ROOM = 56


class Entry(Target, Card):
    """A field. Event: on_release (touched).

    Attributes:
        label: Name of the field.
        remark: Small words after the label: required, optional, or what is wrong.
        is_urgent: The remark is drawn in red.
        value: What has been entered.
        composing: Letters still under work, underlined after the value.
        hint: Shown while there is no value.
        tag: Small words at the right, "" for none.
        tag_kind: mode (a blue pill), good (green with a tick) or quiet.
        icon: Icon at the right, "" for none.
        is_focused: The keyboard types here.
        is_wrong: The value was refused; `remark` says why.
        is_compact: Lies 104 high instead of 120, where a page has many fields (not in large type).
    """

    label = StringProperty("")
    remark = StringProperty("")
    is_urgent = BooleanProperty(False)
    value = StringProperty("")
    composing = StringProperty("")
    hint = StringProperty("")
    tag = StringProperty("")
    tag_kind = OptionProperty("quiet", options=("mode", "good", "quiet"))
    icon = StringProperty("")
    is_focused = BooleanProperty(False)
    is_wrong = BooleanProperty(False)
    is_compact = BooleanProperty(False)
    shown_value = StringProperty("")
    tag_room = NumericProperty(0)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for name in ("is_focused", "is_wrong"):
            self.fbind(name, self._dress)
        for name in ("value", "composing", "width", "tag_room", "icon", "is_focused"):
            self.fbind(name, self._fit)
        self._dress()
        self._fit()

    def rescale(self) -> None:
        """Fit the value at the new size."""
        super().rescale()
        self._fit()

    def wipe(self) -> None:
        """Forget the value and what is being typed, and the pictures of both."""
        self.value = self.composing = self.shown_value = ""

    def _dress(self, *_args: Any) -> None:
        # What is wrong stays red while it is typed into; the cursor and the label show where that is.
        if self.is_wrong:
            self.edge, self.edge_width = "red", 5
        elif self.is_focused:
            self.edge, self.edge_width = "focus", 5
        else:
            self.edge, self.edge_width = "lineStrong", 3

    def _fit(self, *_args: Any) -> None:
        """Show the end of what is longer than the field: that is where one types."""
        style = STYLES["title"]
        size = (style.large if is_large() else style.size) * Metrics.dp
        font = Measure(font_name=font_of(self.value, 500 if self.is_focused else style.weight), font_size=size)
        side = 2 * PAD + CURSOR + (ICON_ROOM if self.icon else 0)
        room = self.width - side * Metrics.dp - self.tag_room - font.get_extents(self.composing)[0]
        text = self.value
        while len(text) > 1 and font.get_extents(text)[0] > room:
            text = ELLIPSIS + text.removeprefix(ELLIPSIS)[1:]
        self.shown_value = text


load_beside(__file__)
