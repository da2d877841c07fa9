"""One announced change of benefits: from when, and what. The words are the centre's, in the language of the session."""

from __future__ import annotations

from kivy.properties import NumericProperty, StringProperty

from kiosk.flows.benefits.state import ChangeTurned, ReadingChange
from kiosk.flows.step import Back
from kiosk.ports.display import Chrome
from kiosk.texts.days import say_day
from screens.frame.page import Page
from screens.widgets.kv import load_beside


class ChangePage(Page):
    """The page.

    Attributes:
        title: Headline.
        words: What changes.
        since: From when.
        place: Which change, from 0.
        places: How many there are.
    """

    touches = {"back": Back, "previous": lambda: ChangeTurned(-1), "next": lambda: ChangeTurned(1)}

    title = StringProperty("")
    words = StringProperty("")
    since = StringProperty("")
    place = NumericProperty(0)
    places = NumericProperty(1)

    def render(self, state: ReadingChange, chrome: Chrome) -> None:  # noqa: ARG002 - says nothing about the device
        """Show the change."""
        self.is_end_primary = True
        change = state.benefits.changes[state.place]
        self.title, self.words = change.title, change.text
        self.since = self.tr("benefits.change.from", date=say_day(self.tr, change.effective_on))
        self.place, self.places = state.place, len(state.benefits.changes)


load_beside(__file__)
