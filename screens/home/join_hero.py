"""The red picture of the menu: why to join, or, without a link, what to do meanwhile. Information, never a target."""

from __future__ import annotations

from typing import Any

from kivy.properties import BooleanProperty, ObjectProperty

from screens.frame.hero import Hero
from screens.widgets.kv import load_beside
from screens.widgets.spoken import unspoken


class JoinHero(Hero):
    """The picture with its words.

    Attributes:
        tr: Texts.
        is_large: Large type is on.
        is_linked: The centre can be reached.
        is_low: A banner above it takes part of its height.
    """

    tr = ObjectProperty(unspoken)
    is_large = BooleanProperty(False)
    is_linked = BooleanProperty(True)
    is_low = BooleanProperty(False)

    def say(self, tr: Any, is_linked: bool, part: str) -> Any:  # noqa: FBT001 - called from kv
        """Return the words of a part."""
        return tr(f"menu.hero.{part}" if is_linked else f"menu.hero.offline.{part}")


load_beside(__file__)
