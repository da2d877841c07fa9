"""Redeeming at the production kiosk without pixels: what stands in the way, lost answers, and a card that is pulled away."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

import pytest

from hardware.card.layout.files import Snapshot
from kiosk.flows.home.state import Journey
from kiosk.flows.member.errands import Errand
from kiosk.flows.member.state import ErrandChosen, MemberHome
from kiosk.flows.phone_proof.state import AskingCode, AskingMobile, CodeTyped, MobileEntered, MobileTyped
from kiosk.flows.rewards.state import (
    CannotHave,
    CardStanding,
    Choosing,
    RedeemUncertain,
    RedemptionList,
    RedemptionsChosen,
    RedemptionShown,
    RewardChosen,
    RewardList,
    UndoChosen,
    Undone,
)
from kiosk.flows.sign_in.state import PhoneChosen, WaitingForCard
from kiosk.flows.step import Back, Continued, RetryChosen
from server_stub.domain.actors import Role, StaffActor, SystemActor
from server_stub.domain.ledger_commands import AdjustPoints
from server_stub.keys.cards import CardSigner
from server_stub.services.rewards.stock import Count
from server_stub.storage.cards import card_by_uid
from server_stub.storage.database import Tx
from server_stub.storage.redemptions import find_reward, set_reward
from tests.support.counter import Counter

pytestmark = [pytest.mark.e2e, pytest.mark.emulator, pytest.mark.timeout(180)]
Tells = Callable[[str | None], None]
Keeps = Callable[[], AbstractContextManager[None]]
MANAGER = StaffActor("dev-qian", frozenset({Role.MANAGER}))
TOWEL, TOWEL_POINTS, WELCOME = "towel", 100, 200
COMMANDS = 8
IN_THE_GATE = (0, 3, 6, 7)
"""Commands of a rewriting at which a card is pulled in the gate: before anything, after reading, before the commit, and after it."""


def sign_in(counter: Counter, card: str) -> None:
    """A kiosk that nobody has touched; the card lies on its reader and its member stands before the home page."""
    counter.open()
    counter.choose(Journey.SIGN_IN)
    counter.state(WaitingForCard)
    counter.lay(card)
    counter.state(MemberHome)


def to_choice(counter: Counter, reward_id: str = TOWEL) -> Choosing:
    """From the home page to the page before confirming, its price there."""
    counter.touch(ErrandChosen(Errand.REDEEM))
    counter.state(RewardList)
    counter.touch(RewardChosen(reward_id))
    view = counter.see(lambda seen: isinstance(seen.state, Choosing) and seen.state.quote is not None, "a price")
    assert isinstance(view.state, Choosing)
    return view.state


def redeemed(counter: Counter, card: CardStanding) -> RedemptionShown:
    """The page with the code, once its receipt is there and the card stands so."""

    def is_it(view: Any) -> bool:
        state = view.state
        return isinstance(state, RedemptionShown) and state.receipt is not None and state.card is card

    state = counter.see(is_it, f"a receipt, card {card}").state
    assert isinstance(state, RedemptionShown)
    return state


def memory(counter: Counter, card: str) -> Any:
    return json.loads((counter.cards / f"{card}.json").read_text(encoding="utf-8"))


def said_by(counter: Counter, card: str) -> Snapshot:
    """What the card says of its member, once it lies no more on the reader; its signature checked."""
    from hardware.emulation.card.memory import load

    application = load(counter.cards / f"{card}.json").applications[0]
    return Snapshot.verified(application.files[1].content, CardSigner(counter.parts.keys).public_keys)


def account(counter: Counter, card: str) -> tuple[int, int]:
    """Points that the member of a card has, and how many redemptions."""
    uid = bytes.fromhex(memory(counter, card)["uid"])
    row = counter.parts.database.read(lambda tx: card_by_uid(tx, uid))
    assert row is not None
    found = counter.owner.rows(
        "SELECT p.available, (SELECT count(*) FROM redemption r WHERE r.account_id = p.account_id) AS n FROM points_account p"
        " WHERE p.member_id = ?",
        row.member_id,
    )
    return int(found[0].available), int(found[0].n)


def stock(counter: Counter, reward_id: str, count: int) -> None:
    counter.parts.core.rewards.stock.set(MANAGER, Count(reward_id, "S001", count, "counted by a test"))


@pytest.fixture
def service_comes_back(counter: Counter) -> Iterator[None]:
    """Whatever the test did, the next one finds the service as it was."""
    yield
    counter.kill_service()
    counter.start_service()


@pytest.fixture
def dearer(counter: Counter) -> Iterator[Callable[[int], None]]:
    """Changes the price of the towel while somebody reads the old one; afterwards it is what it was."""

    def cost(points: int) -> None:
        def change(tx: Tx) -> None:
            row = find_reward(tx, TOWEL)
            assert row is not None
            set_reward(tx, replace(row, points=points))

        counter.parts.database.write(change)

    yield cost
    cost(TOWEL_POINTS)


# What stands in the way.


@pytest.mark.parametrize(
    ("reward_id", "reason"),
    [
        ("eggs", "INSUFFICIENT_AVAILABLE"),
        ("tea-set", "OUT_OF_STOCK"),
        ("gold-basket", "TIER_TOO_LOW"),
    ],
)
def test_what_cannot_be_had_says_why_and_names_what_comes_nearest(
    counter: Counter, tells: Tells, keeps: Keeps, reward_id: str, reason: str
) -> None:
    card = f"poor-{reward_id}"
    counter.join(card)
    counter.take_off()
    sign_in(counter, card)
    with keeps():
        counter.touch(ErrandChosen(Errand.REDEEM))
        counter.state(RewardList)
        counter.touch(RewardChosen(reward_id))
        shown = counter.state(CannotHave, reason=reason)
    assert shown.alternative is not None
    assert shown.alternative.refusal is None
    tells(reason)
    assert account(counter, card) == (WELCOME, 0)


def test_out_of_stock_between_choosing_and_confirming_says_so_and_spends_nothing(counter: Counter, tells: Tells, keeps: Keeps) -> None:
    counter.join("late")
    counter.take_off()
    sign_in(counter, "late")
    to_choice(counter)
    stock(counter, TOWEL, 0)
    try:
        with keeps():
            counter.touch(Continued())
            shown = counter.state(CannotHave, reason="OUT_OF_STOCK")
        tells("OUT_OF_STOCK")
        assert shown.alternative is not None
        assert shown.alternative.reward_id == "tissue"
        assert account(counter, "late") == (WELCOME, 0)
        counter.touch(Back())
        towel = counter.state(RewardList).reward(TOWEL)
        assert towel is not None
        assert towel.left == 0
    finally:
        stock(counter, TOWEL, 60)


# Spending.


def test_a_card_tells_what_is_left_after_a_redemption_and_after_it_is_given_back(counter: Counter) -> None:
    counter.join("spender")
    counter.take_off()
    sign_in(counter, "spender")
    to_choice(counter)
    counter.touch(Continued())
    shown = redeemed(counter, CardStanding.DONE)
    assert shown.own.redemption.available == WELCOME - TOWEL_POINTS
    counter.touch(UndoChosen(), Continued())
    undone = counter.state(Undone, card=CardStanding.DONE)
    assert undone.redemption.available == WELCOME
    counter.touch(Continued())
    counter.state(RewardList)
    counter.touch(RedemptionsChosen())
    (own,) = counter.state(RedemptionList).redemptions
    assert not own.can_be_undone
    counter.take_off()
    assert account(counter, "spender") == (WELCOME, 1)
    assert (said_by(counter, "spender").points, said_by(counter, "spender").sequence) == (WELCOME, 3)


def test_who_signs_in_by_phone_is_asked_for_no_card(counter: Counter) -> None:
    mobile = counter.join("at-home")
    counter.take_off()
    counter.open()
    counter.wait(240)
    counter.choose(Journey.SIGN_IN)
    counter.state(WaitingForCard)
    counter.touch(PhoneChosen())
    counter.state(AskingMobile)
    counter.touch(MobileTyped(mobile), MobileEntered())
    counter.state(AskingCode)
    counter.touch(CodeTyped(counter.code(mobile)))
    counter.state(MemberHome)
    to_choice(counter)
    counter.touch(Continued())
    redeemed(counter, CardStanding.NONE)
    assert account(counter, "at-home") == (WELCOME - TOWEL_POINTS, 1)
    assert said_by(counter, "at-home").points == WELCOME
    # The next tap tells the card.
    sign_in(counter, "at-home")
    counter.take_off()
    assert said_by(counter, "at-home").points == WELCOME - TOWEL_POINTS


def test_a_found_card_alone_spends_nothing_above_the_limit(counter: Counter, tells: Tells, keeps: Keeps) -> None:
    mobile = counter.join("found")
    counter.take_off()
    uid = bytes.fromhex(memory(counter, "found")["uid"])
    row = counter.parts.database.read(lambda tx: card_by_uid(tx, uid))
    assert row is not None
    more = AdjustPoints(row.member_id, 6_000, "test", "anna", "bo", "C-1")
    counter.parts.core.ledger.adjustments.adjust(SystemActor("test"), counter.parts.new_envelope(), more)
    counter.wait(240)
    sign_in(counter, "found")
    choice = to_choice(counter, "rice-cooker")
    assert choice.quote is not None
    assert choice.quote.needs_code
    counter.touch(Continued())
    asking = counter.state(AskingCode)
    assert asking.challenge.mobile_masked == f"{mobile[:3]}****{mobile[-4:]}"
    with keeps():
        counter.touch(CodeTyped("000000"))
        counter.state(AskingCode, reason="CODE_WRONG", tries_left=4)
    tells("CODE_WRONG")
    assert account(counter, "found") == (WELCOME + 6_000, 0)
    counter.touch(CodeTyped(counter.code(mobile)))
    redeemed(counter, CardStanding.DONE)
    assert account(counter, "found") == (WELCOME + 1_000, 1)


# Pulled away while it is written.


def pulled_at(counter: Counter, command: int) -> None:
    """The card leaves the reader at a command of its rewriting: the ledger does not care, and the next tap tells the card."""
    card = f"pulled-{command}-{counter.next_mobile()}"
    counter.join(card)
    counter.take_off()
    sign_in(counter, card)
    to_choice(counter)
    counter.tear(card, command)
    counter.touch(Continued())
    redeemed(counter, CardStanding.LATER)
    counter.torn_off()
    assert account(counter, card) == (WELCOME - TOWEL_POINTS, 1)
    sign_in(counter, card)
    counter.take_off()
    assert said_by(counter, card).points == WELCOME - TOWEL_POINTS
    assert counter.owner.check_card(card) == "ACTIVE"
    assert account(counter, card) == (WELCOME - TOWEL_POINTS, 1)


@pytest.mark.parametrize("command", IN_THE_GATE)
def test_a_card_pulled_away_while_it_is_written_changes_no_points_and_the_next_tap_mends_it(counter: Counter, command: int) -> None:
    pulled_at(counter, command)


@pytest.mark.long
@pytest.mark.timeout(600)
def test_a_card_may_be_pulled_away_at_any_command(counter: Counter) -> None:
    for command in range(COMMANDS):
        pulled_at(counter, command)


# The answer does not come.


def test_a_lost_answer_is_found_out_by_the_same_request(counter: Counter, service_comes_back: None) -> None:
    counter.join("patient")
    counter.take_off()
    sign_in(counter, "patient")
    to_choice(counter)
    counter.kill_service()
    counter.touch(Continued())
    counter.state(RedeemUncertain)
    counter.start_service()
    counter.touch(RetryChosen())
    redeemed(counter, CardStanding.DONE)
    assert account(counter, "patient") == (WELCOME - TOWEL_POINTS, 1)
    query = "SELECT count(*) FROM request_log WHERE operation = 'SPEND_OWN_POINTS' AND request_id = ?"
    request_id = counter.owner.rows("SELECT request_id FROM redemption ORDER BY made_at DESC LIMIT 1")[0].request_id
    assert counter.owner.rows(query, request_id)[0][0] == 1


def test_a_kiosk_asks_by_itself_until_it_knows(counter: Counter, service_comes_back: None) -> None:
    counter.join("waiting")
    counter.take_off()
    sign_in(counter, "waiting")
    to_choice(counter)
    counter.kill_service()
    counter.touch(Continued())
    counter.state(RedeemUncertain)
    counter.start_service()
    redeemed(counter, CardStanding.DONE)
    assert account(counter, "waiting") == (WELCOME - TOWEL_POINTS, 1)


def test_a_price_that_changed_before_the_touch_takes_nothing_and_is_asked_about_again(
    counter: Counter, dearer: Callable[[int], None], tells: Tells
) -> None:
    card = "new-price"
    counter.join(card)
    counter.take_off()
    sign_in(counter, card)
    to_choice(counter)
    dearer(TOWEL_POINTS + 20)
    counter.touch(Continued())
    view = counter.see(lambda seen: isinstance(seen.state, Choosing) and seen.state.has_new_price and seen.state.quote, "the new price")
    assert (view.state.was_points, view.state.quote.points) == (TOWEL_POINTS, TOWEL_POINTS + 20)
    tells("PRICE_CHANGED")
    assert account(counter, card) == (WELCOME, 0)
    counter.touch(Continued())
    shown = redeemed(counter, CardStanding.DONE)
    assert shown.own.redemption.points == TOWEL_POINTS + 20
    assert account(counter, card) == (WELCOME - TOWEL_POINTS - 20, 1)
