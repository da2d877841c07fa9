"""Two ways: my card is lost, or I found one."""

from __future__ import annotations

from kiosk.flows.lost.state import FoundChosen, LossChosen
from kiosk.flows.step import Back
from screens.frame.page import Page
from screens.widgets.kv import load_beside


class WhichPage(Page):
    """The question."""

    touches = {"lost": LossChosen, "found": FoundChosen, "back": Back}


load_beside(__file__)
