"""A card is lost: reported with the phone, refused with its reason at once and without the centre, replaced, and handed in."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

import pytest

from kiosk.flows.home.state import Journey
from kiosk.flows.issue_card.state import CardIssued, WaitingForBlank
from kiosk.flows.lost.state import (
    AskingTurnIn,
    AskingWhich,
    CardLost,
    CardTurnedIn,
    ExplainingLoss,
    FoundChosen,
    LossChosen,
    LossWithdrawn,
    NewCardChosen,
    WithdrawLossChosen,
)
from kiosk.flows.member.errands import Errand
from kiosk.flows.member.state import ErrandChosen, MemberHome
from kiosk.flows.phone_proof.state import AskingCode, AskingMobile, CodeTyped, MobileEntered, MobileTyped
from kiosk.flows.sign_in.state import NotIdentified
from kiosk.flows.step import Continued
from kiosk.outbox.hotlist import HOTLIST_FILE, SqliteHotlist
from kiosk.ports.own_card import CardStanding
from tests.support.counter import Counter

pytestmark = [pytest.mark.e2e, pytest.mark.emulator]
Tells = Callable[[str | None], None]
Keeps = Callable[[], AbstractContextManager[None]]
A_MINUTE_S = 61


@dataclass(frozen=True)
class Holder:
    """A member with a good card."""

    mobile: str
    card: str


@pytest.fixture
def holder(counter: Counter) -> Holder:
    mobile = counter.next_mobile()
    card = f"mine-{mobile}"
    counter.join(card, mobile)
    # Another code for the same number takes a minute.
    counter.wait(A_MINUTE_S)
    counter.open()
    return Holder(mobile, card)


def prove(counter: Counter, holder: Holder) -> None:
    counter.state(AskingMobile)
    counter.touch(MobileTyped(holder.mobile), MobileEntered())
    counter.state(AskingCode)
    counter.touch(CodeTyped(counter.code(holder.mobile)))


def report(counter: Counter, holder: Holder) -> CardLost:
    counter.choose(Journey.LOST_CARD)
    counter.state(AskingWhich)
    counter.touch(LossChosen())
    prove(counter, holder)
    assert counter.state(ExplainingLoss).card.fee_fen == 0
    counter.touch(Continued())
    return counter.state(CardLost)


def states_of(counter: Counter, holder: Holder) -> list[str]:
    query = "SELECT state FROM card WHERE member_id = (SELECT member_id FROM card WHERE uid = ?) ORDER BY issue_number"
    return [state for (state,) in counter.owner.rows(query, uid_of(counter, holder.card))]


def uid_of(counter: Counter, card: str) -> bytes:
    return bytes.fromhex(json.loads((counter.cards / f"{card}.json").read_text(encoding="utf-8"))["uid"])


def test_a_card_is_reported_replaced_and_its_finder_hands_the_old_one_in(
    counter: Counter, holder: Holder, tells: Tells, keeps: Keeps
) -> None:
    lost = report(counter, holder)
    assert lost.card.may_withdraw
    assert lost.receipt is not None
    counter.touch(NewCardChosen())
    counter.state(WaitingForBlank)
    counter.lay(f"new-{holder.mobile}")
    issued = counter.state(CardIssued).issued
    assert (issued.is_replacement, issued.points) == (True, 200)
    counter.take_off()
    assert states_of(counter, holder) == ["LOST", "ACTIVE"]
    counter.open()
    with keeps():
        counter.lay(holder.card)
        refused = counter.state(NotIdentified, reason="CARD_LOST")
    assert refused.on_day == lost.card.lost_on
    tells("CARD_LOST")
    counter.touch(FoundChosen())
    counter.state(AskingTurnIn)
    counter.touch(Continued())
    counter.state(CardTurnedIn)
    counter.take_off()
    counter.open()
    counter.lay(f"new-{holder.mobile}")
    assert counter.state(MemberHome).membership.card.standing is CardStanding.ACTIVE
    counter.take_off()


def test_a_card_alone_does_not_report_itself_and_a_mistake_is_taken_back(counter: Counter, holder: Holder, keeps: Keeps) -> None:
    with keeps():
        counter.lay(holder.card)
        counter.state(MemberHome)
        counter.touch(ErrandChosen(Errand.LOST_CARD))
        counter.state(AskingMobile)
    assert states_of(counter, holder) == ["ACTIVE"]
    prove(counter, holder)
    counter.state(ExplainingLoss)
    counter.touch(Continued())
    reported = counter.state(CardLost)
    assert states_of(counter, holder) == ["LOST"]
    counter.touch(WithdrawLossChosen())
    assert counter.state(LossWithdrawn).receipt not in (None, reported.receipt)
    assert states_of(counter, holder) == ["ACTIVE"]
    counter.take_off()


def test_a_kiosk_without_the_centre_knows_what_it_fetched(counter: Counter, holder: Holder, tells: Tells, keeps: Keeps) -> None:
    lost = report(counter, holder)
    counter.open()
    listed_within(counter, uid_of(counter, holder.card))
    counter.kill_service()
    try:
        with keeps():
            counter.lay(holder.card)
            assert counter.state(NotIdentified, reason="CARD_LOST").on_day == lost.card.lost_on
        tells("CARD_LOST")
    finally:
        counter.take_off()
        counter.start_service()


def listed_within(counter: Counter, uid: bytes, wait_s: float = 30.0) -> None:
    """Wait until the kiosk has the card on its list."""
    hotlist = SqliteHotlist(counter.journal.with_name(HOTLIST_FILE))
    end = time.monotonic() + wait_s
    while not hotlist.lost_on(uid):
        assert time.monotonic() < end, "the kiosk did not fetch the list"
        time.sleep(0.1)
    hotlist.close()
