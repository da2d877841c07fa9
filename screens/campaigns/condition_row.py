"""One condition: what is asked, how it stands, and the verdict by sign and word."""

from __future__ import annotations

from kivy.properties import BooleanProperty, StringProperty

from screens.widgets.kv import load_beside
from screens.widgets.stage import Stage


class ConditionRow(Stage):
    """A row, 984 x 124.

    Attributes:
        what: What is asked.
        standing: How it stands with the member, "" for nobody.
        verdict: Met or not, in a word, "" for nobody.
        icon: Sign of the verdict (fill).
        tone: Colour of sign and word.
        is_first: No line above it.
        is_roomy: In large type the sign alone says the verdict, with the standing in its colour.
    """

    what = StringProperty("")
    standing = StringProperty("")
    verdict = StringProperty("")
    icon = StringProperty("")
    tone = StringProperty("green")
    is_first = BooleanProperty(False)
    is_roomy = BooleanProperty(False)


load_beside(__file__)
