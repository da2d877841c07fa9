"""The keyboard: own words, or the number of a till receipt. Knows no limit: the journey cuts what is too long."""

from __future__ import annotations

from kivy.properties import BooleanProperty, StringProperty

from kiosk.flows.feedback.state import Typed, WordsTyped, Writing, WritingChosen
from kiosk.flows.step import Back, Continued
from kiosk.pinyin.api import CandidateEngine
from kiosk.ports.display import Chrome
from kiosk.ports.feedback import LONGEST_TEXT
from kiosk.ports.values import Language
from screens.campaigns.words import width_of
from screens.frame.page import Page, Send
from screens.widgets.kv import load_beside

TAIL = 400
TAIL_LARGE = 116
"""How much fits into the card, in letters of English; a Chinese character takes two."""
CURSOR, ELLIPSIS = "|", "…"


class WritePage(Page):
    """The page.

    Attributes:
        typed: What the keyboard types.
        value: What stands there; a member's.
        composing: Letters under work.
        shown: The end of both, as it is drawn.
        counter: How much of what may be written is written.
        is_full: No letter more is taken.
    """

    touches = {"back": Back, "done": Continued}

    typed = StringProperty(Typed.TEXT)
    value = StringProperty("")
    composing = StringProperty("")
    shown = StringProperty("")
    counter = StringProperty("")
    is_full = BooleanProperty(False)

    def __init__(self, send: Send, engine: CandidateEngine, **kwargs: object) -> None:
        """Type Chinese with `engine`."""
        super().__init__(send, **kwargs)
        self._engine = engine
        for name in ("value", "composing", "is_large"):
            self.fbind(name, self._show)

    def render(self, state: Writing, chrome: Chrome) -> None:
        """Show what stands in the field."""
        keyboard = self.ids.keyboard
        keyboard.is_latin_first = chrome.language is Language.EN
        keyboard.tr = self.tr
        is_other = state.typed != self.typed
        self.typed = state.typed
        self.value = state.said.text if state.typed is Typed.TEXT else state.said.receipt_number
        keyboard.begins_words = False
        keyboard.is_code = state.typed is Typed.RECEIPT_NUMBER
        keyboard.engine = self._engine if state.typed is Typed.TEXT else None
        keyboard.preceding = self.value
        if is_other and state.typed is Typed.RECEIPT_NUMBER and keyboard.mode != "digits":
            # A receipt number is mostly digits.
            keyboard.press_digits()
        self._show()

    def insert(self, text: str) -> None:
        """Text was typed."""
        self._enter(self.value + text)

    def backspace(self) -> None:
        """The last character goes."""
        self._enter(self.value[:-1])

    def compose(self, letters: str) -> None:
        """Letters under work are shown after the value."""
        self.composing = letters

    def other_field(self) -> None:
        """To the other of the two fields."""
        other = Typed.RECEIPT_NUMBER if self.typed == Typed.TEXT else Typed.TEXT
        self.send(WritingChosen(other))

    def wipe(self) -> None:
        """Forget the words and what is under work."""
        self.ids.keyboard.wipe()
        self._engine.clear()
        self.value = self.composing = self.shown = self.counter = ""
        self.typed = Typed.TEXT

    def conceal(self) -> None:
        """Blank the words; what is under work stays with its engine, so that nothing is lost."""
        self.ids.keyboard.preceding = ""
        self.value = self.shown = ""

    def _enter(self, text: str) -> None:
        # Two quick touches may come before the journey has answered the first: the second builds on the first.
        self.value = text
        self.send(WordsTyped(text))

    def _show(self, *_args: object) -> None:
        text = self.value + self.composing
        most = TAIL_LARGE if self.is_large else TAIL
        end = text
        while width_of(end) > most:
            end = end[1:]
        self.shown = (end if end == text else ELLIPSIS + end) + CURSOR
        self.is_full = len(self.value) >= LONGEST_TEXT
        self.counter = f"{min(len(self.value), LONGEST_TEXT)} / {LONGEST_TEXT}" if self.typed == Typed.TEXT else ""


load_beside(__file__)
