"""Twelve keys for numbers. Its keys answer every touch: digits may repeat quickly."""

from __future__ import annotations

from typing import Any

from kivy.properties import ObjectProperty

from screens.widgets.key import Key
from screens.widgets.spoken import unspoken
from screens.widgets.stage import Stage

KEY_SIZE = (312, 120)
PITCH = (336, 144)
ORDER = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "clear", "0", "backspace")


class NumPad(Stage):
    """A number pad of 984 x 552. Events: on_digit(digit), on_clear, on_backspace.

    Attributes:
        tr: Texts.
    """

    __events__ = ("on_digit", "on_clear", "on_backspace")

    tr = ObjectProperty(unspoken)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for place, value in enumerate(ORDER):
            self.add_widget(self._key(place, value))
        self.fbind("tr", self._name)
        self._name()

    def _key(self, place: int, value: str) -> Key:
        row, column = divmod(place, 3)
        key = Key(value=value, test_id=f"num-{value}", is_guarded=False, radius=36, box=[column * PITCH[0], row * PITCH[1], *KEY_SIZE])
        if value.isdigit():
            key.text, key.style = value, "numkey"
            key.bind(on_release=lambda _key: self.dispatch("on_digit", value))
            return key
        key.fill, key.style = "keyFn", "body_m"
        key.icon = "backspace" if value == "backspace" else ""
        key.bind(on_release=lambda _key: self.dispatch(f"on_{value}"))
        return key

    def _name(self, *_args: Any) -> None:
        for key in self.children:
            if key.value == "clear":
                key.text = self.tr("numpad.clear")

    def on_digit(self, digit: str) -> None:
        """A digit was typed."""

    def on_clear(self) -> None:
        """Everything is to go."""

    def on_backspace(self) -> None:
        """The last digit is to go."""
