"""Buttons: icon and words centred as one group; a button that cannot be used stays in its place and says why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kivy.metrics import Metrics
from kivy.properties import BooleanProperty, NumericProperty, OptionProperty, StringProperty

from screens.widgets.card import Card
from screens.widgets.kv import load_beside
from screens.widgets.press import Target
from screens.widgets.stage import is_large

ICON_GAP = 16
STACK_TOP = 14
STACK_GAP = 8


@dataclass(frozen=True, slots=True)
class Kind:
    """Colours of a kind of button, by name."""

    fill: str
    ink: str
    note_ink: str
    edge: str = ""
    shadow: str = ""


KINDS = {
    "primary": Kind("red", "surface", "surface", shadow="e2_primary"),
    "ghost": Kind("surface", "ink", "ink2", edge="lineStrong"),
    "dark": Kind("ink", "surface", "surface"),
    "white": Kind("surface", "ink", "ink2", shadow="e1"),
    "end": Kind("red50", "red", "red", edge="end_border"),
    "gift": Kind("giftInk", "surface", "surface"),
    "ticked": Kind("red50", "red", "red", edge="red"),
    "chosen": Kind("surface", "ink", "ink2", edge="red", shadow="e1"),
}
OFF = Kind("disabled", "ink2", "ink2", edge="disabledBorder")


class PushButton(Target, Card):
    """A button.

    Attributes:
        kind: primary (one on each screen), ghost, dark, white, end, gift, ticked (one of several), chosen (one of them).
        text: Words; one line.
        note: Second, smaller line, "" for none.
        icon: Name of the icon, "" for none.
        icon_face: Face of the icon.
        is_stacked: The icon stands over the words (the bottom bar); in large type it stands beside them all the same.
        icon_tone: Colour of the icon where it differs from the words, "" for theirs.
        is_icon_after: The icon stands behind the words (an arrow onwards).
        reason: While disabled, takes the place of the note.
        is_reason_urgent: The reason is drawn in the warning colour with its sign (a service that is lost).
        text_style: Type style of the words.
    """

    kind = OptionProperty("white", options=tuple(KINDS))
    text = StringProperty("")
    note = StringProperty("")
    icon = StringProperty("")
    icon_face = StringProperty("bold")
    icon_glyph = NumericProperty(44)
    icon_tone = StringProperty("")
    is_stacked = BooleanProperty(False)
    is_icon_after = BooleanProperty(False)
    reason = StringProperty("")
    is_reason_urgent = BooleanProperty(False)
    text_style = StringProperty("title")
    shown_note = StringProperty("")
    shown_icon = StringProperty("")
    ink = StringProperty("ink")
    note_ink = StringProperty("ink2")
    icon_ink = StringProperty("ink")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for name in ("kind", "disabled", "note", "reason", "is_reason_urgent", "icon", "icon_tone"):
            self.fbind(name, self._dress)
        for name in ("shown_icon", "shown_note", "is_icon_after", "icon_glyph"):
            self.fbind(name, self._relayout)
        self._dress()

    def on_kv_post(self, base_widget: Any) -> None:
        """Follow the width of the words once they exist."""
        super().on_kv_post(base_widget)
        for part in (self.ids.words, self.ids.small):
            part.fbind("texture_size", self._relayout)

    def _dress(self, *_args: Any) -> None:
        look = OFF if self.disabled else KINDS[self.kind]
        is_urgent = self.disabled and self.is_reason_urgent
        self.fill, self.edge, self.shadow = look.fill, look.edge, look.shadow
        self.ink, self.icon_ink = look.ink, "warn" if is_urgent else self.icon_tone or look.ink
        self.note_ink = "warn" if is_urgent else look.note_ink
        self.shown_note = self.reason if self.disabled and self.reason else self.note
        self.shown_icon = "warning-circle" if is_urgent and self.icon else self.icon

    def do_layout(self, *_args: Any) -> None:
        """Centre the group of icon and words."""
        if self.is_stacked and not is_large():
            self._lay_stacked()
        else:
            self._lay_beside()

    def _lay_stacked(self) -> None:
        words, icon = self.ids.words, self.ids.icon
        glyph, line = round(self.icon_glyph * Metrics.dp), round(words.font_size * 10 / 7)
        top = self.top - round(STACK_TOP * Metrics.dp)
        icon.size, icon.pos = (glyph, glyph), (round(self.center_x - glyph / 2), top - glyph)
        words.size = (words.texture_size[0], line)
        words.pos = (round(self.center_x - words.width / 2), icon.y - round(STACK_GAP * Metrics.dp) - line)

    def _lay_beside(self) -> None:
        words, small, icon = self.ids.words, self.ids.small, self.ids.icon
        has_note = bool(self.shown_note)
        widest = max(words.texture_size[0], small.texture_size[0] if has_note else 0)
        glyph = round(self.icon_glyph * Metrics.dp) if self.shown_icon else 0
        gap = round(ICON_GAP * Metrics.dp) if self.shown_icon and self.text else 0
        left = round(self.center_x - (widest + glyph + gap) / 2)
        text_left = left if self.is_icon_after else left + glyph + gap
        icon.size = (glyph, glyph)
        icon.pos = (text_left + widest + gap if self.is_icon_after else left, round(self.center_y - glyph / 2))
        self._stack(text_left, widest, has_note=has_note)

    def _stack(self, left: float, width: float, *, has_note: bool) -> None:
        words, small = self.ids.words, self.ids.small
        # The natural line is taller than the drawn one: set two lines as close as the drawings do.
        words.size = (width, round(words.font_size * 4 / 3))
        small.size = (width, round(small.font_size * 10 / 7) if has_note else 0)
        total = words.height + small.height
        words.pos = (left, round(self.center_y + total / 2) - words.height)
        small.pos = (left, words.y - small.height)


load_beside(__file__)
