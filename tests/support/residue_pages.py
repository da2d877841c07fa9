"""What members leave behind on their own pages, and the visits in which they do: redeeming and undoing, campaigns, own words, a lost card.

Played by touches in a town. Each visit returns what was planted, in all forms in which it is shown or sent.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hardware.codes.zbar import ZbarReader
from kiosk.ports.feedback import QR_PREFIX
from server_stub.domain.rewards.pickup_code import shown
from tests.journey.campaigns import BAKING, COUPON
from tests.journey.glass import JourneyFailed
from tests.journey.own_pages import OwnPagesJourney
from tests.support.residue import Canary, Hit
from tests.support.residue_visit import HOUSE, STREET_LETTERS, FullVisit, card_canaries, picture_canaries, street_of
from tests.support.town import Neighbour, Town

DRAWN_S = 0.4
CAMERA_S = 25.0
HOUR_S = 3_601.0
PAYMENT_CODE = "138472950617394826"
"""Of the form of WeChat Pay; nobody's, and its halves stand nowhere by chance."""


@dataclass(slots=True)
class OwnPagesVisits:
    """One member's visits. `during` is called while everything is on the screen."""

    town: Town
    member: Neighbour
    journey: OwnPagesJourney
    during: Callable[[list[Canary]], None]
    folder: Path

    def redeem(self) -> list[Canary]:
        """By card, three touches, the slip."""
        journey = self.journey
        journey.begin()
        journey.lay_and_see(self.member.card, "MemberHome")
        time.sleep(DRAWN_S)
        planted = [*self.member.canaries(), self._own_code()]
        self._go("member.redeem", "RewardList")
        journey.choose_reward("rewards.0")
        self._go("reward.confirm", "RedemptionShown")
        journey.print_redemption()
        receipt = self.town.receipts()[-1]
        planted += [self._pickup_code(), Canary("receipt", (receipt, receipt[4:60]))]
        self.during(planted)
        card = self._card(self.member.card)
        journey.take_and_end()
        return planted + card

    def print_statement(self) -> list[Canary]:
        """By phone and code, the statement on paper."""
        journey = self.journey
        self._by_phone()
        number = self.member.number
        code = self.town.newest_code(f"+86{self.member.mobile}")
        self._go("member.points", "PointsByLot")
        before = len(self.town.slips())
        self._go("points.statement", "StatementReady")
        journey.await_slip(before)
        planted = [*self.member.canaries(), Canary("masked number", (f"•••• {number[-4:]}",)), Canary("one-time code", (code,))]
        self.during(planted)
        self._go("bar-end", "Attract")
        return planted

    def say_something(self) -> list[Canary]:
        """Own words in pinyin and digits, sent; the slip leads back to them."""
        journey, glass = self.journey, self.journey.glass
        journey.begin()
        journey.lay_and_see(self.member.card, "MemberHome")
        self._find("member.feedback", "Saying")
        journey.touch_and_see("feedback.face.2", "feedback.text")
        self._go("feedback.text", "Writing")
        typing = FullVisit(self.town)
        words = street_of(STREET_LETTERS)
        glass.touch_each(f"key-{letter}" for letter in STREET_LETTERS)
        glass.touch("candidate-0")
        typing.type_latin(HOUSE)
        self._go("feedback.done", "Saying")
        planted = [
            *self.member.canaries(),
            Canary("own words", (words + HOUSE, HOUSE)),
            Canary("letters", (STREET_LETTERS, "qing liu xiang")),
        ]
        self.during(planted)
        before = len(self.town.slips())
        self._go("feedback.submit", "FeedbackSent")
        journey.await_slip(before)
        (case,) = [code.text for code in ZbarReader().read_file(self.town.slips()[-1]) if code.text.startswith(QR_PREFIX)]
        digits = case.removeprefix(QR_PREFIX)
        spaced = " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))
        journey.take()
        time.sleep(DRAWN_S)
        self._go("bar-end", "Attract")
        return [*planted, Canary("case", (digits, spaced))]

    def take_part(self) -> list[Canary]:
        """A campaign joined, with the code of its coupon on the screen; one that is not for this member, and the wish to be told."""
        journey = self.journey
        journey.begin()
        journey.lay_and_see(self.member.card, "MemberHome")
        time.sleep(DRAWN_S)
        self._find("member.campaigns", "CampaignList")
        self._go(COUPON, "CampaignShown")
        self._go("campaign.action", "CampaignJoined")
        planted = [*self.member.canaries(), self._code_on_glass("coupon", ""), self._receipt("CAMPAIGN")]
        self.during(planted)
        self._go("campaign_joined.done", "MemberHome")
        self._find("member.campaigns", "CampaignList")
        self._go(BAKING, "CampaignShown")
        self._go("campaign.action", "AskingReminder")
        self._go("message.agree", "ReminderNoted")
        journey.take_and_end()
        return planted

    def undo(self) -> list[Canary]:
        """By phone, what was redeemed before is given back."""
        self._by_phone()
        code = self.town.newest_code(f"+86{self.member.mobile}")
        self._go("member.redeem", "RewardList")
        self._go("rewards.history", "RedemptionList")
        self._go("history.0", "RedemptionShown")
        planted = [*self.member.canaries(), Canary("one-time code", (code,)), self._pickup_code()]
        self.during(planted)
        self._go("redemption.undo", "AskingUndo")
        self._go("message.undo", "Undone")
        planted.append(self._receipt("UNDONE"))
        self.during(planted)
        self._go("bar-end", "Attract")
        return planted

    def look_at_children(self, name: str) -> list[Canary]:
        """A guardian's own child, by name."""
        self._by_phone()
        self._find("member.children", "ChildrenShown")
        self._go("children.1", "ChildShown")
        planted = [*self.member.canaries(), Canary("child", (name, f"{name[:2]}**"))]
        self.during(planted)
        self._go("bar-end", "Attract")
        return planted

    def lose_the_card(self, new: str) -> list[Canary]:
        """Reported by phone, a new one written; the number has had all the codes of an hour by then."""
        journey = self.journey
        journey.pass_time(HOUR_S)
        journey.begin()
        self._go("attract.start", "Menu")
        self._go("menu.lost_card", "AskingWhich")
        self._go("lost.which.lost", "AskingMobile")
        journey.prove_phone("ExplainingLoss")
        planted = [*self.member.canaries(), Canary("one-time code", (self.town.newest_code(f"+86{self.member.mobile}"),))]
        self._go("lost.confirm", "CardLost")
        planted.append(self._receipt("LOST"))
        self.during(planted)
        self._go("lost.new_now", "WaitingForBlank")
        journey.lay_and_see(new, "CardIssued")
        planted += self._card(new)
        journey.take()
        time.sleep(DRAWN_S)
        self._go("issued.home", "MemberHome")
        time.sleep(DRAWN_S)
        planted.append(self._own_code())
        self.during(planted)
        self._go("bar-end", "Attract")
        return planted

    def show_own_code(self) -> list[Canary]:
        """The code of the member's app leads to the coupons."""
        self._to_camera()
        text = self.town.own_code(self.member.number)
        self.town.show(text)
        self._until_read("MemberHome")
        self.town.show_nothing()
        time.sleep(DRAWN_S)
        planted = [*self.member.canaries(), Canary("shown code", (text, text[4:60]))]
        self._go("member.coupons", "CouponList")
        self._go("coupons.0", "CouponCode", "CouponDetail")
        self.during(planted)
        self._go("bar-end", "Attract")
        return planted

    def show_payment_code(self) -> list[Canary]:
        """It leads nowhere; whoever showed it still stands there afterwards."""
        self._to_camera()
        before = self.town.log.count("payment code shown")
        self.town.show(PAYMENT_CODE)
        end = time.monotonic() + CAMERA_S
        while self.town.log.count("payment code shown") == before:
            if time.monotonic() > end:
                raise JourneyFailed("the kiosk says nothing about the payment code")
            self._until_read("Scanning")
        self.town.show_nothing()
        return [Canary("payment code", (PAYMENT_CODE, PAYMENT_CODE[:9], PAYMENT_CODE[9:]))]

    # Inside.

    def _go(self, target: str, *states: str) -> None:
        """Touch a target, wait for a state, and let its screen be drawn."""
        self.journey.go(target, *states)
        time.sleep(DRAWN_S)

    def _find(self, tile: str, state: str) -> None:
        glass = self.journey.glass
        glass.wait_for(lambda seen: bool({tile, "member.next"} & set(seen["targets"])), "the tiles", CAMERA_S)
        if tile not in glass.look()["targets"]:
            glass.touch("member.next")
        self._go(tile, state)

    def _by_phone(self) -> None:
        self.journey.begin()
        self._go("attract.start", "Menu")
        self._go("menu.sign_in", "WaitingForCard")
        self._go("sign_in.phone", "AskingMobile")
        self.journey.prove_phone("MemberHome")

    def _pickup_code(self) -> Canary:
        """That of the newest redemption."""
        row = self.town.owner.rows("SELECT pickup_code FROM redemption ORDER BY made_at DESC, redemption_id DESC LIMIT 1")[0]
        return Canary("pick-up code", (shown(row.pickup_code), shown(row.pickup_code).replace("-", " ")))

    def _receipt(self, kind: str) -> Canary:
        """That of what was done just now."""
        code = self.town.owner.rows("SELECT code FROM receipt WHERE kind = ? ORDER BY issued_at DESC LIMIT 1", kind)[0].code
        return Canary(f"receipt {kind}", (code, code[4:60]))

    def _to_camera(self) -> None:
        journey = self.journey
        journey.begin()
        self._go("attract.start", "Menu")
        self._go("menu.sign_in", "WaitingForCard")
        journey.glass.wait_for(lambda seen: "sign_in.scan" in seen["targets"], "the way by the camera", CAMERA_S)
        self._go("sign_in.scan", "Scanning")

    def _until_read(self, state: str) -> None:
        """Wait for a state; on a busy machine a picture may take longer than is allowed, and whoever stands there tries again."""
        glass = self.journey.glass
        while glass.wait(state, "ScanUnavailable", wait_s=CAMERA_S)["state"] == "ScanUnavailable":
            glass.touch("message.retry")

    def _own_code(self) -> Canary:
        return self._code_on_glass("own code", "HM1:")

    def _code_on_glass(self, what: str, begins: str) -> Canary:
        """A code of the member, read from the glass as a till reads it."""
        picture = self.folder / "glass.png"
        end = time.monotonic() + CAMERA_S
        while time.monotonic() < end:
            self.journey.glass.picture(picture)
            texts = [code.text for code in ZbarReader().read_file(picture) if code.text.startswith(begins)]
            if texts:
                return Canary(what, (texts[0], texts[0][4:60]))
            time.sleep(DRAWN_S)
        raise JourneyFailed(f"no {what} is on the glass")

    def _card(self, card: str) -> list[Canary]:
        assert self.town.cards is not None
        return card_canaries(self.town.cards.control.describe(card))


@dataclass(slots=True)
class Found:
    """What was found during the visits and five seconds after each.

    Attributes:
        town: Where.
        during: In memory while it was on the screen.
        after: By visit: in memory, files and widgets.
    """

    town: Town
    during: set[str]
    after: dict[str, list[str]]
    drawn: list[Canary]

    def look(self, planted: list[Canary]) -> None:
        """Look while something is on the screen."""
        drawn = picture_canaries(self.town.report(), planted)
        self.drawn += drawn
        self.during |= {hit.canary for hit in self.town.in_memory(planted + drawn)}

    def gather(self, visit: str, planted: list[Canary], wait_s: float) -> None:
        """Wait as long as the promise allows, then look everywhere."""
        time.sleep(wait_s)
        hits: list[Hit] = self.town.in_memory(planted + self.drawn) + self.town.in_files(planted)
        report: dict[str, Any] = self.town.report()
        hits += self.town.in_texts(report, planted)
        assert self.town.kiosk.process is not None
        kiosk = f"process {self.town.kiosk.process.pid} "
        places = {hit: "the kiosk" if hit.place.startswith(kiosk) else hit.place for hit in hits}
        self.after[visit] = sorted({f"{hit.how} in {place}: {hit.around!r}" for hit, place in places.items()})
