"""A face to be touched, with its word, and the large echo of the one that was chosen. Faces differ by mouth and word, not by colour."""

from __future__ import annotations

from typing import Any

from kivy.properties import BooleanProperty, NumericProperty, ObjectProperty, StringProperty

from screens.widgets.card import Card
from screens.widgets.kv import load_beside
from screens.widgets.press import Target
from screens.widgets.spoken import unspoken
from screens.widgets.stage import is_large

TINTS = {0: "picturePeach", 1: "rewardRed", 2: "warn50", 3: "gold50", 4: "echoGreen", 5: "green50"}
"""Ground of the echo by face; 0 where none is chosen."""
_TONES = {1: "trouble", 2: "trouble", 3: "mixed", 4: "mixed", 5: "praise"}


class FaceButton(Target, Card):
    """A face.

    Attributes:
        face: 1 to 5.
        text: Its word.
        is_chosen: It is the one.
    """

    face = NumericProperty(1)
    text = StringProperty("")
    is_chosen = BooleanProperty(False)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fbind("is_chosen", self._dress)
        self._dress()

    def rescale(self) -> None:
        """Frame the face alone in large type, where the word is as wide as the button and would touch the frame."""
        super().rescale()
        self._dress()

    def _dress(self, *_args: Any) -> None:
        self.edge, self.edge_width = ("red", 6) if self.is_chosen and not is_large() else ("", 3)


class Echo(Card):
    """What was chosen, large.

    Attributes:
        tr: Texts.
        face: 1 to 5, 0 while none is chosen.
        small: Line over the word.
        word: The word.
        body: What comes next.
        is_compact: There is no room for what comes next (large type).
    """

    tr = ObjectProperty(unspoken)
    face = NumericProperty(0)
    small = StringProperty("")
    word = StringProperty("")
    body = StringProperty("")
    is_compact = BooleanProperty(False)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for name in ("face", "tr"):
            self.fbind(name, self._say)
        self._say()

    def _say(self, *_args: Any) -> None:
        face = int(self.face)
        self.fill = TINTS[face]
        self.small = self.tr("feedback.echo.chosen") if face else ""
        self.word = self.tr(f"feedback.face.{face}") if face else self.tr("feedback.echo.none")
        self.body = self.tr(f"feedback.echo.{_TONES[face]}") if face else self.tr("feedback.echo.none.note")


load_beside(__file__)
