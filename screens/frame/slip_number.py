"""A number is typed from a slip: field, what was wrong or where to find it, number pad, two buttons."""

from __future__ import annotations

from typing import ClassVar, NamedTuple

from kivy.properties import BooleanProperty, StringProperty

from kiosk.flows.step import Back, Continued
from kiosk.ports.values import Reason
from screens.frame.message import reason_help, reason_title
from screens.frame.typed_digits import TypedDigits
from screens.widgets.kv import load_beside

GROUP = 4
"""Digits between two gaps, as slips print them."""


class SlipNumberWords(NamedTuple):
    """Keys of the texts of such a screen, and what a test calls its buttons."""

    title: str
    note: str
    label: str
    empty: str
    """What the field shows before the first digit."""
    find: str
    where: str
    go: str
    id_back: str
    id_go: str
    remark: str = ""
    scan: str = ""
    """What shows the slip's code to the camera instead; empty where nothing does."""


class SlipNumberPage(TypedDigits):
    """The screen; its kinds say which number it is.

    Attributes:
        words: Which texts.
        trouble: What was wrong, "" for nothing.
        advice: What helps.
        has_camera: The code of the slip can be shown instead.
    """

    touches = {"back": Back, "next": Continued}
    words: ClassVar[SlipNumberWords]

    trouble = StringProperty("")
    advice = StringProperty("")
    has_camera = BooleanProperty(False)

    def show(self, digits: str, reason: Reason | None) -> None:
        """Show what is typed and what was wrong with it."""
        self.digits = digits
        self.trouble = reason_title(self.tr, reason) if reason else ""
        self.advice = reason_help(self.tr, reason) if reason else ""

    def say(self, digits: str) -> str:
        """Return the digits as the slip prints them."""
        return " ".join(digits[start : start + GROUP] for start in range(0, len(digits), GROUP))

    def wipe(self) -> None:
        """Forget the digits."""
        super().wipe()
        self.ids.number.wipe()


load_beside(__file__)
