"""The card with the answer to "Why?", in the place of what a page shows otherwise. Knows no line of it."""

from __future__ import annotations

from kivy.properties import StringProperty

from screens.widgets.card import Card
from screens.widgets.kv import load_beside


class WhyCard(Card):
    """The card.

    Attributes:
        title: The question.
        words: The answer, line by line; without one the card is not shown.
    """

    title = StringProperty("")
    words = StringProperty("")


load_beside(__file__)
