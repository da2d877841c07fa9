"""Keys for an ID number or a postcode: digits, the X that may end the one, and the ways to the fields before and after."""

from __future__ import annotations

from typing import Any

from kivy.properties import BooleanProperty, ObjectProperty

from screens.widgets.key import Key
from screens.widgets.kv import load_beside
from screens.widgets.spoken import unspoken
from screens.widgets.stage import Stage

LEFT, TOP, PITCH, SIZE = 48, 18, (252, 138), (228, 120)
ORDER = ("1", "2", "3", "previous", "4", "5", "6", "next", "7", "8", "9", "backspace", "X", "0", "", "clear")
NAMED = {"previous": "key.previous", "next": "key.next", "clear": "numpad.clear"}


class IdPad(Stage):
    """The keys on their bed, 1080 x 576. Events: on_text(character), on_backspace, on_clear, on_previous, on_next.

    Attributes:
        tr: Texts.
        has_letter: There is an X.
    """

    __events__ = ("on_text", "on_backspace", "on_clear", "on_previous", "on_next")

    tr = ObjectProperty(unspoken)
    has_letter = BooleanProperty(True)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for place, value in enumerate(ORDER):
            if value:
                self.add_widget(self._key(place, value))
        self.fbind("tr", self._name)
        self._name()

    def on_text(self, character: str) -> None:
        """A digit or X was typed."""

    def on_backspace(self) -> None:
        """The last character is to go."""

    def on_clear(self) -> None:
        """Everything is to go."""

    def on_previous(self) -> None:
        """The field before is wanted."""

    def on_next(self) -> None:
        """The next field is wanted."""

    def _key(self, place: int, value: str) -> Key:
        row, column = divmod(place, 4)
        width = SIZE[0] + PITCH[0] if value == "0" else SIZE[0]
        box = [LEFT + column * PITCH[0], TOP + row * PITCH[1], width, SIZE[1]]
        key = Key(value=value, test_id=f"id-{value}", is_guarded=False, box=box)
        if value == "X":
            self.fbind("has_letter", key.setter("is_shown"))
        if len(value) == 1:
            key.text, key.style = value, "numkey"
            key.bind(on_release=lambda _key: self.dispatch("on_text", value))
            return key
        key.fill, key.style = "keyFn", "key_fn"
        key.icon = "backspace" if value == "backspace" else ""
        key.bind(on_release=lambda _key: self.dispatch(f"on_{value}"))
        return key

    def _name(self, *_args: Any) -> None:
        for key in self.children:
            if key.value in NAMED:
                key.text = self.tr(NAMED[key.value])


load_beside(__file__)
