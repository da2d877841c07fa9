"""The page before confirming: no surprise after the touch. The three numbers add up, and the points that pay are named."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from kivy.properties import BooleanProperty, NumericProperty, StringProperty

from kiosk.flows.rewards.state import Choosing, QtyStepped
from kiosk.flows.step import Back, Continued
from kiosk.ports.display import Chrome
from kiosk.ports.rewards import NOT_COUNTED
from kiosk.texts.days import say_near_day
from screens.frame.page import Page, Send
from screens.rewards.words import say_payer
from screens.widgets.kv import load_beside


class ChoicePage(Page):
    """The page.

    Attributes:
        now_points: Points before.
        cost: Points that are used, with their sign; "" until the centre has said so.
        payer: Which points pay first.
        after: Points that are left.
        qty: Pieces.
        most: How many can be chosen.
        most_words: The same in words.
        pickup: Until when it is to be picked up.
        confirm: What the button says.
        has_new_price: The price that was agreed to holds no more.
        is_ready: The price is here.
    """

    touches = {"back": Back, "confirm": Continued}

    now_points = StringProperty("")
    cost = StringProperty("")
    payer = StringProperty("")
    after = StringProperty("")
    qty = NumericProperty(1)
    most = NumericProperty(1)
    most_words = StringProperty("")
    pickup = StringProperty("")
    confirm = StringProperty("")
    is_ready = BooleanProperty(False)
    has_new_price = BooleanProperty(False)

    def __init__(self, send: Send, now: Callable[[], datetime], **kwargs: Any) -> None:
        """Build the page once; `now` says what year it is."""
        super().__init__(send, **kwargs)
        self._now = now

    def render(self, state: Choosing, chrome: Chrome) -> None:
        """Show what is chosen and what it costs."""
        tr, quote = self.tr, state.quote
        self.is_ready = quote is not None
        self.ids.reward.say(state.reward, tr("rewards.unit"))
        self.has_new_price = state.has_new_price
        self._say_facts(state, chrome.device.store_name)
        self.now_points = tr("reward.points", count=f"{state.among.membership.points_available:,}")
        self.qty, self.most = state.qty, state.most
        self.most_words = tr("reward.most", count=state.most)
        self.confirm, self.cost, self.payer, self.after = tr("reward.checking"), "", "", ""
        self.pickup = tr("reward.pickup.end")
        if quote is not None:
            if quote.last_day:
                self.pickup = tr("reward.pickup.until", date=say_near_day(tr, quote.last_day, self._now().date()))
            # What there is now may not be what the catalogue said: the sum is the centre's.
            self.now_points = tr("reward.points", count=f"{quote.after + quote.points:,}")
            self.cost, self.after = tr("reward.minus", count=f"{quote.points:,}"), tr("reward.points", count=f"{quote.after:,}")
            self.payer = say_payer(tr, quote)
            self.confirm = tr("reward.confirm.code") if quote.needs_code else tr("reward.confirm")

    def step_qty(self, step: int) -> None:
        """One piece more, or one less."""
        self.send(QtyStepped(step))

    def wipe(self) -> None:
        """Forget what was chosen and what the member has."""
        for name in ("now_points", "cost", "payer", "after", "most_words", "pickup", "confirm"):
            setattr(self, name, "")
        self.ids.reward.wipe()

    def _say_facts(self, state: Choosing, store: str) -> None:
        tr, card, reward = self.tr, self.ids.reward, state.reward
        card.fact = tr("reward.here", store=store) if reward.left == NOT_COUNTED else tr("reward.left", store=store, count=reward.left)
        card.second, card.second_icon = reward.description, "info"
        card.fact_icon, card.fact_ink = "storefront", "ink2"
        if state.has_new_price:
            # First of the facts: it is why the page is shown again.
            card.second, card.second_icon = card.fact, "storefront"
            card.fact, card.fact_icon, card.fact_ink = tr("reward.was", count=f"{state.was_points:,}"), "info", "ink"
        elif reward.left_for_member != NOT_COUNTED:
            card.second, card.second_icon = tr("reward.limit", count=reward.left_for_member), "user-check"
        elif reward.until_day:
            card.second, card.second_icon = tr("reward.until", date=say_near_day(tr, reward.until_day, self._now().date())), "clock"


load_beside(__file__)
