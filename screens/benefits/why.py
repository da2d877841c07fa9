"""Why the tier and the birthday gift are as they are, each in up to three lines. The lines are the centre's."""

from __future__ import annotations

from collections.abc import Iterable

from kivy.properties import StringProperty

from kiosk.flows.benefits.state import ReadingWhy
from kiosk.flows.step import Back
from kiosk.ports.display import Chrome
from kiosk.ports.perks import ExplanationLine
from screens.frame.explanation import say_explanation
from screens.frame.page import Page
from screens.widgets.kv import load_beside


class WhyPage(Page):
    """The page.

    Attributes:
        tier: On the tier, line by line.
        gift: On the birthday gift.
    """

    touches = {"back": Back}

    tier = StringProperty("")
    gift = StringProperty("")

    def render(self, state: ReadingWhy, chrome: Chrome) -> None:  # noqa: ARG002 - says nothing about the device
        """Show both."""
        self.is_end_primary = True
        why = state.benefits.why
        self.tier = self._say(why.tier if why else ()) or self.tr("explain.tier.none")
        self.gift = self._say(why.gift if why else ()) or self.tr("benefits.why.unknown")

    def wipe(self) -> None:
        """Forget both."""
        self.tier = self.gift = ""

    def _say(self, lines: Iterable[ExplanationLine]) -> str:
        return "\n".join(say_explanation(self.tr, lines))


load_beside(__file__)
