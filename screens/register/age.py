"""The first question: an age band, nothing more exact."""

from __future__ import annotations

from kiosk.flows.register.state import AgeBandChosen
from kiosk.flows.step import Back
from kiosk.ports.values import AgeBand
from screens.frame.page import Page
from screens.widgets.kv import load_beside


class AgePage(Page):
    """Three choices."""

    touches = {
        "under_14": lambda: AgeBandChosen(AgeBand.UNDER_14),
        "14_to_17": lambda: AgeBandChosen(AgeBand.FROM_14_TO_17),
        "adult": lambda: AgeBandChosen(AgeBand.ADULT),
        "back": Back,
    }


load_beside(__file__)
