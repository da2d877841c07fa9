"""The bar at the foot of every screen: language, large type, voice, call staff, end. Always in the same place."""

from __future__ import annotations

from kivy.properties import BooleanProperty, ObjectProperty, StringProperty

from screens.widgets.kv import load_beside
from screens.widgets.spoken import unspoken
from screens.widgets.stage import Stage

Box = tuple[float, float, float, float]


class BottomBar(Stage):
    """The bar. Events: on_language, on_large, on_voice, on_staff, on_end.

    Attributes:
        tr: Texts.
        is_end_primary: Ending is the next step of this screen: solid red.
        has_voice: The kiosk can speak; without it the other buttons share the room.
        is_voice_on: The kiosk speaks.
        is_attract: The bar of the attract screen, which has its languages above.
        staff_text: Key of what the staff button says.
    """

    __events__ = ("on_language", "on_large", "on_voice", "on_staff", "on_end")

    tr = ObjectProperty(unspoken)
    is_end_primary = BooleanProperty(False)
    has_voice = BooleanProperty(False)
    is_voice_on = BooleanProperty(False)
    is_attract = BooleanProperty(False)
    staff_text = StringProperty("bar.staff")

    def large_box(self, is_attract: bool, has_voice: bool) -> Box:  # noqa: FBT001 - called from kv
        """Return the place of the large-type button."""
        if is_attract:
            return (48, 0, 204 if has_voice else 318, 120)
        return (204, 0, 132, 120) if has_voice else (282, 0, 210, 120)

    def large_box_in_large(self, is_attract: bool, has_voice: bool) -> Box:  # noqa: FBT001 - called from kv
        """Return its place in large type."""
        if is_attract:
            return (48, 0, 480 if has_voice else 984, 132)
        return (384, 0, 312, 132) if has_voice else (552, 0, 480, 132)

    def staff_box(self, is_attract: bool, has_voice: bool) -> Box:  # noqa: FBT001 - called from kv
        """Return the place of the staff button."""
        if is_attract:
            return (504, 0, 204, 120) if has_voice else (390, 0, 318, 120)
        return (516, 0, 168, 120)

    def on_language(self) -> None:
        """Another language is wanted."""

    def on_large(self) -> None:
        """Large type is to be switched."""

    def on_voice(self) -> None:
        """Speech is to be switched."""

    def on_staff(self) -> None:
        """A member of staff is wanted."""

    def on_end(self) -> None:
        """The session is to end."""


load_beside(__file__)
