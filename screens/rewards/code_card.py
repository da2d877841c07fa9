"""The ticket of a redemption: its code to be read out, the receipt as a picture, where and until when. Information, never a target."""

from __future__ import annotations

from kivy.properties import BooleanProperty, ObjectProperty, StringProperty

from screens.widgets.card import Card
from screens.widgets.kv import load_beside
from screens.widgets.spoken import unspoken


class CodeCard(Card):
    """A card, 984 x 708; in large type 984 x 668.

    Attributes:
        tr: Texts.
        is_large_type: Large type is on: no icons beside the facts.
        pickup: Code, "" where nothing waits.
        state_words: Where it stands, where nothing waits.
        code: What the QR code says, "" where there is none.
        store: Where it is picked up.
        until: Until when.
        number: Number of the receipt.
    """

    tr = ObjectProperty(unspoken)
    is_large_type = BooleanProperty(False)
    pickup = StringProperty("")
    state_words = StringProperty("")
    code = StringProperty("")
    store = StringProperty("")
    until = StringProperty("")
    number = StringProperty("")

    def wipe(self) -> None:
        """Forget the receipt and its picture."""
        self.ids.qr.wipe()


load_beside(__file__)
