"""Redeeming as touches: three from a signed-in member to the code; what cannot be had; a card pulled away; a service that goes.

Goes on where the journey of joining ends. What the world does meanwhile (a shelf that empties, a service that ends) is done by `before`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.journey.script import Journey

TOWEL, TISSUE, EGGS = "rewards.0", "rewards.1", "rewards.2"
TEA_SET = "rewards.4"
"""On the second page of the sample catalogue; its shelf is empty."""
TOUCH_AGAIN_S = 0.5
"""A second touch on one target counts after 0.3 s."""
TORN_AT = 6
"""Command of the card's rewriting at which it leaves the reader: the new content is sent, and not committed."""


@dataclass(slots=True)
class RedeemingJourney(Journey):
    """Plays joining and then redeeming on one installation whose catalogue is the sample."""

    _slips: int = 0

    def _steps(self) -> Iterator[tuple[str, Callable[[], Any]]]:
        # Not super(): a dataclass with slots is made anew and no longer the class in which this stands.
        yield from Journey._steps(self)
        yield "member at home", self.sign_in_by_card
        yield "catalogue", lambda: self.go("member.redeem", "RewardList")
        yield "too few points", lambda: self.go(EGGS, "CannotHave")
        yield "nearest", lambda: self.go("refused.look", "Choosing")
        yield "another one", lambda: self.go("reward.back", "RewardList")
        yield "second page", self.turn_page
        yield "sold out", lambda: self.go(TEA_SET, "CannotHave")
        yield "all again", lambda: self.go("refused.back", "RewardList")
        yield "what I can have", self.filter
        yield "reward", lambda: self.choose_reward(TOWEL)
        yield "gone meanwhile", lambda: self.go("reward.confirm", "CannotHave")
        yield "home for three touches", self.end_and_sign_in
        yield "first touch", lambda: self.go("member.redeem", "RewardList")
        yield "second touch", lambda: self.choose_reward(TOWEL)
        yield "third touch", lambda: self.go("reward.confirm", "RedemptionShown")
        yield "receipt", self.print_redemption
        yield "more", lambda: self.go("redemption.on", "RewardList")
        yield "list", lambda: self.go("rewards.history", "RedemptionList")
        yield "one of them", lambda: self.go("history.0", "RedemptionShown")
        yield "undo", lambda: self.go("redemption.undo", "AskingUndo")
        yield "undone", lambda: self.go("message.undo", "Undone")
        yield "catalogue after undoing", self.leave_undone
        yield "reward while the service goes", lambda: self.choose_reward(TOWEL)
        yield "not known", lambda: self.go("reward.confirm", "RedeemUncertain")
        yield "known", lambda: self.glass.wait("RedemptionShown", wait_s=3 * self.patience_s)
        yield "on to the next", lambda: self.go("redemption.on", "RewardList")
        yield "reward for a torn card", lambda: self.choose_reward(TOWEL)
        yield "card pulled away", self.pull_card
        yield "end after the tear", self.end_without_card
        yield "next tap", self.sign_in_by_card
        yield "end of redeeming", self.end_with_card

    def turn_page(self) -> None:
        """Show the other rewards."""
        self.glass.touch("rewards.next")
        self.glass.wait_for(lambda seen: "rewards.5" not in seen["targets"], "the second page", self.patience_s)

    def filter(self) -> None:
        """Show only what can be had: with the points of joining, two rewards."""
        self.glass.touch("rewards.filter")
        self.glass.wait_for(lambda seen: "rewards.2" not in seen["targets"], "the rewards that can be had", self.patience_s)

    def end_and_sign_in(self) -> None:
        """End, and come again."""
        self.end_with_card()
        self.sign_in_by_card()

    def leave_undone(self) -> None:
        """Go on from a page of one message to what comes next; its button is the one that was just touched."""
        time.sleep(TOUCH_AGAIN_S)
        self.go("message.catalogue", "RewardList")

    def pull_card(self) -> None:
        """Have the card leave the reader while it is rewritten: the member has the code all the same."""
        self._control.tear("member", TORN_AT, "before")
        self.go("reward.confirm", "RedemptionShown")
        time.sleep(1.5)

    def end_without_card(self) -> None:
        """End; no card lies there that would be pointed at."""
        self.go("bar-end", "Attract")
