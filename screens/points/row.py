"""A row of a statement: what it is, where and when, its points, and until when. It only tells."""

from __future__ import annotations

from dataclasses import dataclass

from kivy.properties import BooleanProperty, NumericProperty, StringProperty

from screens.widgets.kv import load_beside
from screens.widgets.stage import Stage, is_large

NO_BAR = -1.0


@dataclass(frozen=True, slots=True)
class RowWords:
    """What a row says; "" for nothing.

    Attributes:
        part: What is left of the whole, 0 to 1; negative: there is no bar.
        is_soon: It ends soon, and is drawn so.
    """

    title: str = ""
    place: str = ""
    extra: str = ""
    value: str = ""
    under: str = ""
    aside_label: str = ""
    aside: str = ""
    pill: str = ""
    part: float = NO_BAR
    is_soon: bool = False


class StatementRow(Stage):
    """A row, 984 x 156; in large type 984 x 252.

    Attributes:
        is_last: No line below it.
        is_large: It was said in large type.
    """

    title = StringProperty("")
    place = StringProperty("")
    extra = StringProperty("")
    value = StringProperty("")
    under = StringProperty("")
    aside_label = StringProperty("")
    aside = StringProperty("")
    pill = StringProperty("")
    part = NumericProperty(NO_BAR)
    is_soon = BooleanProperty(False)
    is_last = BooleanProperty(False)
    is_large = BooleanProperty(False)

    def say(self, words: RowWords) -> None:
        """Show these words."""
        self.is_large = is_large()
        for name in RowWords.__dataclass_fields__:
            setattr(self, name, getattr(words, name))


load_beside(__file__)
