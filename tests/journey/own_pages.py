"""A member's own pages as touches: a statement on paper after a code to the phone, and a card that is lost and replaced.

Who plays has joined before; the card of their own is one of those that the hands can lay.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.journey.glass import JourneyFailed
from tests.journey.script import Journey

REAL_S = 0.6
"""Until the reader has seen what was laid down or taken away: it looks every 0.4 s."""

STILL_S = 2.5

SOON_S = 12.0
"""Until the kiosk that was left knows that its visit goes on elsewhere: it asks every four seconds."""


@dataclass(slots=True)
class OwnPagesJourney(Journey):
    """What these journeys share.

    Attributes:
        pass_time: Lets time pass for kiosk and service.
        lay: Lays a card of this name on the reader, made where there is none.
        take: Takes it away.
    """

    pass_time: Callable[[float], None] = time.sleep
    lay: Callable[[str], None] = lambda _card: None
    take: Callable[[], None] = lambda: None

    def begin(self) -> None:
        """Wait for a kiosk that nobody uses, and until the centre sends the number another code."""
        self.pass_time(61.0)
        self.glass.wait_for(lambda seen: seen["state"] == "Attract" and seen["is_linked"], "the attract screen", self.patience_s)

    def prove_phone(self, *states: str) -> None:
        """Type the number and the code that comes to it."""
        self.glass.touch_each(f"num-{digit}" for digit in self.person.mobile)
        before = self.world.newest_code(self.person.e164)
        self.go("phone.next", "AskingCode")
        code = self.world.code_for(self.person.e164, after=before)
        self.glass.touch_each(f"num-{digit}" for digit in code)
        self.glass.wait(*states, wait_s=self.patience_s)

    def lay_and_see(self, card: str, *states: str) -> None:
        """Lay a card down and wait for what the kiosk makes of it."""
        time.sleep(REAL_S)
        self.lay(card)
        self.glass.wait(*states, wait_s=self.patience_s)

    def take_and_end(self) -> None:
        """Take the card and end."""
        self.take()
        time.sleep(REAL_S)
        self.go("bar-end", "Attract")


@dataclass(slots=True)
class StatementJourney(OwnPagesJourney):
    """By phone to the statement on paper."""

    def _steps(self) -> Iterator[tuple[str, Callable[[], Any]]]:
        yield "attract", self.begin
        yield "menu", lambda: self.go("attract.start", "Menu")
        yield "sign in", lambda: self.go("menu.sign_in", "WaitingForCard")
        yield "by phone", lambda: self.go("sign_in.phone", "AskingMobile")
        yield "home", lambda: self.prove_phone("MemberHome")
        yield "points by lot", lambda: self.go("member.points", "PointsByLot")
        yield "points by entry", lambda: self.go("points.entries", "PointsByEntry")
        yield "statement", self.print_statement
        yield "back at the lots", lambda: self.go("statement.done", "PointsByLot")
        yield "end", lambda: self.go("bar-end", "Attract")

    def print_statement(self) -> None:
        """Ask for the statement; it is printed at once."""
        before = len(self.world.slips())
        self.go("points.statement", "StatementReady")
        self.await_slip(before)


@dataclass(slots=True)
class LostCardJourney(OwnPagesJourney):
    """Reported without the card, replaced at once; the old one says why it is refused, the new one is greeted."""

    old: str = ""
    new: str = ""

    def _steps(self) -> Iterator[tuple[str, Callable[[], Any]]]:
        yield "attract", self.begin
        yield "menu", lambda: self.go("attract.start", "Menu")
        yield "lost or found", lambda: self.go("menu.lost_card", "AskingWhich")
        yield "lost", lambda: self.go("lost.which.lost", "AskingMobile")
        yield "what will happen", lambda: self.prove_phone("ExplainingLoss")
        yield "reported", lambda: self.go("lost.confirm", "CardLost")
        yield "a new one", self.ask_for_new
        yield "written", lambda: self.lay_and_see(self.new, "CardIssued")
        yield "taken", self.take_new
        yield "home", lambda: self.go("issued.home", "MemberHome")
        yield "end", lambda: self.go("bar-end", "Attract")
        yield "the old one", lambda: self.lay_and_see(self.old, "NotIdentified")
        yield "the old one away", self.take_and_end
        yield "the new one", lambda: self.lay_and_see(self.new, "MemberHome")
        yield "end again", self.take_and_end

    def ask_for_new(self) -> None:
        """Its button is the one that was touched just now, and a second touch at once is a slip."""
        time.sleep(REAL_S)
        self.go("lost.new_now", "WaitingForBlank")

    def take_new(self) -> None:
        """Take the new card."""
        self.take()
        time.sleep(REAL_S)


@dataclass(slots=True)
class LeftVisitJourney(OwnPagesJourney):
    """Redeems, has the receipt printed, goes away without ending, and goes on at another kiosk with the receipt.

    Attributes:
        card: Of the member.
        elsewhere: The other kiosk's touchscreen.
        show: Holds the newest slip before the other kiosk's camera.
        show_nothing: Takes it away.
        refused: How often the other kiosk has refused a code so far.
        page: Where it goes on.
    """

    card: str = ""
    elsewhere: Any = None
    show: Callable[[], None] = lambda: None
    show_nothing: Callable[[], None] = lambda: None
    refused: Callable[[], int] = lambda: 0
    page: str = "RewardList"

    def _steps(self) -> Iterator[tuple[str, Callable[[], Any]]]:
        yield from self._redeeming()
        yield "asked for more time", lambda: self.nobody_touches(65.0, overlay="NeedMoreTime")
        yield "given up", self.nobody_comes_back
        yield from self._going_on()
        yield "elsewhere: end", lambda: self.go_there("bar-end", "Attract")
        yield "elsewhere: menu again", self.come_again
        yield "elsewhere: sign in again", lambda: self.go_there("menu.sign_in", "WaitingForCard")
        yield "elsewhere: camera again", self.look_into_the_camera
        yield "elsewhere: used", self.show_again
        yield "elsewhere: over", lambda: self.go_there("bar-end", "Attract")

    def _redeeming(self) -> Iterator[tuple[str, Callable[[], Any]]]:
        yield "attract", self.begin
        yield "member", lambda: self.lay_and_see(self.card, "MemberHome")
        yield "rewards", lambda: self.go("member.redeem", "RewardList")
        yield "reward", lambda: self.choose_reward("rewards.0")
        yield "redeemed", lambda: self.go("reward.confirm", "RedemptionShown")
        yield "receipt", self.print_redemption
        yield "gone with card and slip", self.go_away

    def _going_on(self) -> Iterator[tuple[str, Callable[[], Any]]]:
        yield "elsewhere: menu", lambda: self.go_there("attract.start", "Menu")
        yield "elsewhere: sign in", lambda: self.go_there("menu.sign_in", "WaitingForCard")
        yield "elsewhere: camera", self.look_into_the_camera
        yield "elsewhere: goes on", self.go_on

    def go_away(self) -> None:
        """Take card and slip."""
        self.take()
        time.sleep(REAL_S)

    def nobody_touches(self, seconds: float, overlay: str) -> None:
        """Let so much time pass."""
        self.pass_time(seconds)
        self.glass.wait(overlay=overlay, wait_s=self.patience_s)

    def nobody_comes_back(self) -> None:
        """Let the time of the question pass."""
        self.pass_time(25.0)
        self.glass.wait("Attract", wait_s=self.patience_s)

    def go_there(self, target: str, *states: str) -> None:
        """As `go`, at the other kiosk."""
        self.elsewhere.touch(target, self.patience_s)
        self.elsewhere.wait(*states, wait_s=self.patience_s)

    def come_again(self) -> None:
        """Begin anew after the time in which the camera takes the same code for a hand that trembles."""
        time.sleep(STILL_S)
        self.go_there("attract.start", "Menu")

    def look_into_the_camera(self) -> None:
        """Choose the camera, once the kiosk has seen that it works."""
        self.elsewhere.wait_for(lambda seen: "sign_in.scan" in seen["targets"], "the way by the camera", self.patience_s)
        self.go_there("sign_in.scan", "Scanning")

    def go_on(self) -> None:
        """Show the slip: the page on which the visit was left comes up."""
        self.show()
        self._until_read(self.page)
        self.show_nothing()

    def show_again(self) -> None:
        """Show it once more: each works once, and the camera goes on looking."""
        before = self.refused()
        self.show()
        end = time.monotonic() + self.patience_s
        while self.refused() == before:
            if time.monotonic() > end:
                raise JourneyFailed("the kiosk says nothing about the receipt")
            self._until_read("Scanning")
        self.show_nothing()

    def _until_read(self, state: str) -> None:
        """Wait for a state; on a busy machine a picture may take longer than is allowed, and whoever stands there tries again."""
        while self.elsewhere.wait(state, "ScanUnavailable", wait_s=self.patience_s)["state"] == "ScanUnavailable":
            self.elsewhere.touch("message.retry", self.patience_s)


@dataclass(slots=True)
class TakenUpJourney(LeftVisitJourney):
    """As before, but whoever goes away goes on elsewhere at once: the first kiosk still shows their receipt, and leaves it untouched."""

    page: str = "MemberHome"

    def _steps(self) -> Iterator[tuple[str, Callable[[], Any]]]:
        yield from self._redeeming()
        yield from self._going_on()
        yield "first kiosk", lambda: self.glass.wait("Attract", wait_s=SOON_S)
        yield "elsewhere: end", lambda: self.go_there("bar-end", "Attract")
