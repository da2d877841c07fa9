"""How one could take part, in three lines; or, where there is nothing to be done for it, a plain text."""

from __future__ import annotations

from kivy.properties import BooleanProperty, StringProperty

from screens.widgets.card import Card
from screens.widgets.kv import load_beside


class CampaignWay(Card):
    """A card, 984 x 228; in large type 984 x 340.

    Attributes:
        heading: Small, over the rest.
        has_way: The lines are shown, not the plain text.
        is_large: Large type is on.
        is_step_long: The step takes two lines, and what helps with it is left out where the card is low.
        is_step_tall: In large type the step is drawn in two lines.
        has_steps: Every line is a step, or the version: none is left out and all are of one size.
        step_line: The nearest step.
        helping: What helps with it.
        basis: The version that says so.
        plain: Text in place of the lines.
    """

    heading = StringProperty("")
    has_way = BooleanProperty(False)
    is_large = BooleanProperty(False)
    is_step_long = BooleanProperty(False)
    is_step_tall = BooleanProperty(False)
    has_steps = BooleanProperty(False)
    step_line = StringProperty("")
    helping = StringProperty("")
    basis = StringProperty("")
    plain = StringProperty("")


load_beside(__file__)
