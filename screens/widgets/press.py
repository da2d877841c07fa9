"""What can be touched: answers at once to the eye, and only once to two quick taps."""

from __future__ import annotations

from typing import Any

from kivy.clock import Clock
from kivy.properties import BooleanProperty, NumericProperty

from screens.widgets.stage import Boxed

GUARD_S = 0.3
"""A second press of the same target within this time is a slip of the finger."""

PRESSED_SHADE = 0.92


class Target(Boxed):
    """A target. Events: on_press (finger down), on_release (finger up inside it).

    Attributes:
        is_pressed: A finger lies on it.
        shade: Factor on its colours; Surface draws with it.
        is_guarded: Whether quick second presses are dropped; keys of a keyboard are not guarded.
    """

    __events__ = ("on_press", "on_release")

    is_pressed = BooleanProperty(False)
    is_guarded = BooleanProperty(True)
    shade = NumericProperty(1.0)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._released_at = -GUARD_S

    def on_press(self) -> None:
        """Happens when a finger comes down."""

    def on_release(self) -> None:
        """Happens when the finger goes up inside."""

    def on_touch_down(self, touch: Any) -> bool:
        """Take the touch and show it at once."""
        if not self.collide_point(*touch.pos):
            return False
        if self.disabled or self.is_pressed or self._is_slip():
            return True
        touch.grab(self)
        self._press(is_pressed=True)
        self.dispatch("on_press")
        return True

    def on_touch_move(self, touch: Any) -> bool:
        """Follow the finger out of the target and back."""
        if touch.grab_current is not self:
            return False
        self._press(is_pressed=self.collide_point(*touch.pos))
        return True

    def on_touch_up(self, touch: Any) -> bool:
        """Let go."""
        if touch.grab_current is not self:
            return False
        touch.ungrab(self)
        self._press(is_pressed=False)
        if self.collide_point(*touch.pos) and not self.disabled:
            self._released_at = Clock.get_time()
            self.dispatch("on_release")
        return True

    def _is_slip(self) -> bool:
        return bool(self.is_guarded and Clock.get_time() - self._released_at < GUARD_S)

    def _press(self, *, is_pressed: bool) -> None:
        self.is_pressed = is_pressed
        self.shade = PRESSED_SHADE if is_pressed else 1.0
