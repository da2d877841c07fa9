"""Where a page leads: the next step, solid red, and the way out beside it. Each is a choice of a table, or none."""

from __future__ import annotations

from kivy.properties import ObjectProperty

from screens.frame.touch import Choice
from screens.widgets.kv import load_beside
from screens.widgets.spoken import unspoken
from screens.widgets.stage import Stage


class Ways(Stage):
    """Both at the foot of the page; one alone has the whole width.

    Attributes:
        tr: Texts in the language of the session.
        primary: The next step; None for none.
        secondary: The way out; None for none.
        send: Called with the choice that was touched.
    """

    tr = ObjectProperty(unspoken)
    primary = ObjectProperty(None, allownone=True)
    secondary = ObjectProperty(None, allownone=True)
    send = ObjectProperty(None, allownone=True)

    def choose(self, choice: Choice | None) -> None:
        """Say what was touched."""
        if self.send is not None:
            self.send(choice)


load_beside(__file__)
