"""A member's first day as touches: join, buy at the till, see the points, redeem, take part, say what one thinks. What `make run` plays."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from screens.sound.prompts import TAKE_CARD
from screens.sound.recordings import prompt_file
from tests.journey.glass import JourneyFailed
from tests.journey.results import membership_number
from tests.journey.script import Journey
from tests.journey.till import Till

TOWEL = "rewards.0"
BAKING, COUPON = "campaigns.0", "campaigns.2"
HAPPY, CLEAN = "feedback.face.5", "feedback.quick.1"
SALE = "S001-T01-000001"


@dataclass(slots=True)
class EverydayJourney(Journey):
    """Plays joining and what follows; `earned` are the points of the purchase, `heard` the prompts that were listened to."""

    earned: int = 0
    heard: list[str] = field(default_factory=list)
    _slips: int = 0

    def _steps(self) -> Iterator[tuple[str, Callable[[], Any]]]:
        # Not super(): a dataclass with slots is made anew and no longer the class in which this stands.
        yield from Journey._steps(self)
        yield "welcome mail", self.await_welcome
        yield "bought at the till", self.buy
        yield "member again", self.sign_in_by_card
        yield "purchases", lambda: self.go("member.purchases", "PurchaseList")
        yield "home", lambda: self.go("purchases.back", "MemberHome")
        yield "rewards", lambda: self.go("member.redeem", "RewardList")
        yield "reward", lambda: self.choose_reward(TOWEL)
        yield "redeemed", lambda: self.go("reward.confirm", "RedemptionShown")
        yield "receipt", self.print_redemption
        yield "rewards again", lambda: self.go("redemption.on", "RewardList")
        yield "home again", lambda: self.go("rewards.back", "MemberHome")
        yield "campaigns", lambda: self.find_tile("member.campaigns", "CampaignList")
        yield "not eligible", lambda: self.go(BAKING, "CampaignShown")
        yield "campaigns again", lambda: self.go("campaign.back", "CampaignList")
        yield "campaign", lambda: self.go(COUPON, "CampaignShown")
        yield "campaign joined", lambda: self.go("campaign.action", "CampaignJoined")
        yield "feedback", lambda: self.go("campaign_joined.feedback", "Saying")
        yield "face", lambda: self.touch_and_see(HAPPY, CLEAN)
        yield "case number", self.say
        yield "end of the day", self.forget_card

    def await_welcome(self) -> None:
        """Wait until the welcome mail lies in the mailbox."""
        self.world.wait_for_welcome(self.person.email, self.patience_s)

    def buy(self) -> None:
        """Buy at the till with the card's number."""
        till = Till(self.world)
        till.enrol()
        self.earned = till.sell(SALE, membership_number(self.world))
        if self.earned <= 0:
            raise JourneyFailed("the purchase earned no points")

    def find_tile(self, tile: str, *states: str) -> None:
        """Touch a tile of the home, on its next page where it is not on the first."""
        if tile not in self.glass.look()["targets"]:
            self.glass.touch("member.next")
        self.go(tile, *states)

    def say(self) -> None:
        """Say in one tap what is meant, and send it."""
        before = len(self.world.slips())
        self.glass.touch(CLEAN)
        self.go("feedback.submit", "FeedbackSent")
        self.await_slip(before)

    def forget_card(self) -> None:
        """End with the card still there, and take it only when the kiosk has said so aloud; the voice was never switched on."""
        ear = self.world.ear
        place = ear.now() if ear is not None else 0
        self.glass.touch("bar-end")
        self.glass.wait(overlay="TakeCard")
        if ear is not None:
            ear.await_recording(prompt_file(TAKE_CARD, self.language), place)
            self.heard.append(TAKE_CARD)
        self.fetch_card()
