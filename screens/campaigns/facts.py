"""Four facts of a campaign: when, where, how many places, what it gives."""

from __future__ import annotations

from kivy.properties import StringProperty

from screens.widgets.card import Card
from screens.widgets.kv import load_beside


class CampaignFacts(Card):
    """A card, 984 x 168; one line for each fact."""

    window = StringProperty("")
    where = StringProperty("")
    left = StringProperty("")
    gives = StringProperty("")


load_beside(__file__)
