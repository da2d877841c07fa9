"""One campaign in the list: picture, title, what it is about, until when."""

from __future__ import annotations

from kivy.properties import StringProperty

from screens.widgets.card import Card
from screens.widgets.kv import load_beside
from screens.widgets.press import Target


class CampaignRow(Target, Card):
    """A row, 984 x 284; in large type 984 x 300.

    Attributes:
        picture: File of its picture.
        title: Its title.
        line: What it is about.
        until: Until when one can take part.
    """

    picture = StringProperty("")
    title = StringProperty("")
    line = StringProperty("")
    until = StringProperty("")


load_beside(__file__)
