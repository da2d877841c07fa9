"""The page of something that was done and is proved: what it means, and the receipt: on paper, or as a code where that failed.

Serves every such outcome by a table, as the page of messages does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from kivy.properties import ObjectProperty, StringProperty

from kiosk.flows.register.state import PrintChosen
from kiosk.ports.display import Chrome
from kiosk.texts import Phrase, Texts
from screens.frame.page import Send
from screens.frame.slip import ProofPage
from screens.frame.touch import Choice
from screens.widgets.kv import load_beside


@dataclass(frozen=True, slots=True)
class Done:
    """What the page says of a state.

    Attributes:
        title: Headline.
        body: What it means; up to three lines.
        primary: The next step, solid red.
        secondary: Another one.
        note: One quiet line with `note_icon`, "" for none.
    """

    title: Phrase
    body: Phrase
    primary: Choice
    secondary: Choice | None = None
    note: Phrase | str = ""
    note_icon: str = "info"


Table = Mapping[type, Callable[[Any, Texts], Done]]


class DonePage(ProofPage):
    """Shows what was done; the table says what."""

    touches = {"print": PrintChosen}

    title = StringProperty("")
    body = StringProperty("")
    note = StringProperty("")
    note_icon = StringProperty("info")
    primary = ObjectProperty(None, allownone=True)
    secondary = ObjectProperty(None, allownone=True)

    def __init__(self, send: Send, table: Table, **kwargs: Any) -> None:
        """Show what `table` says."""
        self._table = table
        super().__init__(send, **kwargs)

    def render(self, state: Any, chrome: Chrome) -> None:
        """Show what was done; `state` is one of the table, with a slip and its receipt, which may be None."""
        done = self._table[type(state)](state, self.tr)
        for name in ("title", "body", "primary", "secondary", "note", "note_icon"):
            setattr(self, name, getattr(done, name))
        self.tell_proof(state, state.receipt, chrome)

    def wipe(self) -> None:
        """Forget the words, the receipt and its picture."""
        self.title = self.body = self.note = ""
        self.wipe_proof()


load_beside(__file__)
