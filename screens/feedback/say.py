"""Faces first: one touch is enough, the rest makes it richer. In large type phrases and options take turns, page by page."""

from __future__ import annotations

from functools import partial
from typing import Any

from kivy.properties import BooleanProperty, NumericProperty, StringProperty

from kiosk.flows.feedback.state import AboutChosen, AnonymousToggled, FaceChosen, FollowUpChosen, QuickToggled, Saying, WritingChosen
from kiosk.flows.step import Back, Continued
from kiosk.ports.display import Chrome
from kiosk.ports.feedback import QUICK_OF_FACE, Said
from kiosk.texts import Texts
from screens.feedback.face import FaceButton
from screens.frame.page import Page, Send
from screens.widgets.button import PushButton
from screens.widgets.kv import load_beside

FACES = range(1, 6)
SLOTS = 6
_LEAVES_LARGE = 3


class SayPage(Page):
    """The page.

    Attributes:
        face: 1 to 5, 0 while none is chosen.
        words: What was typed.
        about: What it is about, in words.
        is_anonymous: It goes without a name.
        is_member: There is a name that could go along.
        leaf: Page of phrases and options in large type, from 0.
    """

    touches = {
        "back": Back,
        "submit": Continued,
        "write": WritingChosen,
        "about": AboutChosen,
        "anonymous": AnonymousToggled,
        "follow_up": FollowUpChosen,
    }

    face = NumericProperty(0)
    words = StringProperty("")
    about = StringProperty("")
    is_anonymous = BooleanProperty(False)
    is_member = BooleanProperty(False)
    leaf = NumericProperty(0)

    def __init__(self, send: Send, **kwargs: Any) -> None:
        """Build faces and phrases once."""
        super().__init__(send, **kwargs)
        self._said = Said()
        self._faces = [self._make_face(face) for face in FACES]
        self._quick = [self._make_quick(place) for place in range(SLOTS)]
        for name in ("leaf", "is_large"):
            self.fbind(name, self._lay_phrases)

    def render(self, state: Saying, chrome: Chrome) -> None:  # noqa: ARG002 - says nothing about the device
        """Show what has been said so far."""
        said = self._said = state.said
        self.face = said.face
        self.words = said.text
        self.about = _about(said, self.tr)
        self.is_anonymous = said.is_anonymous
        self.is_member = state.visitor is not None
        for face, button in zip(FACES, self._faces, strict=True):
            button.text, button.is_chosen = self.tr(f"feedback.face.{face}"), face == said.face
        self._lay_phrases()

    def enter(self) -> None:
        """Phrases come first."""
        self.leaf = 0

    def turn(self) -> None:
        """The next page of phrases and options."""
        self.leaf = (self.leaf + 1) % _LEAVES_LARGE

    def wipe(self) -> None:
        """Forget what was said."""
        self._said = Said()
        self.face, self.words, self.about = 0, "", ""
        for face in self._faces:
            face.is_chosen = False
        self.ids.words.wipe()
        self._lay_phrases()

    def _make_face(self, face: int) -> FaceButton:
        button = FaceButton(test_id=f"feedback.face.{face}", face=face)
        button.box, button.box_large = [48 + 202 * (face - 1), 868, 176, 220], [48 + 202 * (face - 1), 868, 176, 220]
        button.bind(on_release=lambda _button: self.send(FaceChosen(face)))
        self.add_widget(button)
        return button

    def _make_quick(self, place: int) -> PushButton:
        button = PushButton(test_id=f"feedback.quick.{place + 1}", kind="ghost", radius=-1, icon_glyph=36)
        button.box = [48 + 336 * (place % 3), 1112 + 112 * (place // 3), 312, 88]
        button.bind(on_release=partial(self._touch_quick, place))
        self.add_widget(button)
        return button

    def _touch_quick(self, place: int, _button: PushButton) -> None:
        fitting = QUICK_OF_FACE.get(self._said.face, ())
        if place < len(fitting):
            self.send(QuickToggled(fitting[place]))

    def _lay_phrases(self, *_args: Any) -> None:
        fitting = QUICK_OF_FACE.get(self._said.face, ())
        first = 4 * int(self.leaf)
        for place, button in enumerate(self._quick):
            on_leaf = place - first
            button.is_shown = place < len(fitting) and (not self.is_large or 0 <= on_leaf < 4)
            button.box_large = [48 + 504 * (on_leaf % 2), 1116 + 144 * (on_leaf // 2), 480, 120] if 0 <= on_leaf < 4 else []
            if place < len(fitting):
                quick = fitting[place]
                is_on = quick in self._said.quick
                button.kind, button.icon = ("ticked", "check") if is_on else ("ghost", "")
                button.text = self.tr(f"feedback.quick.{quick}")


def _about(said: Said, tr: Texts) -> str:
    """Return what it is about: the part of the store, else the category, else that a receipt is named."""
    if said.department is not None:
        return str(tr("feedback.about", what=tr(f"feedback.department.{said.department}")))
    if said.category is not None:
        return str(tr("feedback.about", what=tr(f"feedback.category.{said.category}")))
    return str(tr("feedback.about.receipt" if said.receipt_number else "feedback.about.open"))


load_beside(__file__)
