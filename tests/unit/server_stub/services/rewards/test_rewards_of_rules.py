"""Rewards that rules name: from the moment at which the rules take effect, with how the catalogue shows them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from server_stub.domain.program.catalogue import load_rule_set
from server_stub.domain.program.parsing import with_params
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Refusal
from server_stub.services.rewards.shelf import Order
from tests.support.central_service import DEVICE
from tests.support.ledger_desk import JOB
from tests.support.reward_shop import CLERK, reward

if TYPE_CHECKING:
    from tests.support.reward_shop import RewardShop

LATER = datetime(2026, 12, 31, 16, tzinfo=UTC)  # 1 January in Shanghai


def publish(shop: RewardShop, version: str, at: datetime, **rewards: dict[str, Any]) -> None:
    parameters = with_params(load_rule_set("plain"), {"rewards": rewards})
    shop.counter.ledger.programme.publish(JOB, version, parameters, at)


def go_to(shop: RewardShop, moment: datetime) -> None:
    shop.central.clock.advance(seconds=(moment - shop.central.clock.now()).total_seconds())


def spend(shop: RewardShop, member: str, reward_id: str) -> int | Reason:
    try:
        return -shop.counter.redeem(None, member, reward_id=reward_id, store_id="lakeside").booked.points
    except Refusal as refusal:
        return refusal.reason


def test_rewards_of_later_rules_are_not_there_yet(shop: RewardShop) -> None:
    member = shop.member()
    publish(shop, "v1", shop.central.clock.now(), bowl={"points": 100, "stock": 5}, pan={"points": 300})
    publish(shop, "v2", LATER, bowl={"points": 200, "stock": 2}, cup={"points": 50})
    assert (spend(shop, member, "bowl"), spend(shop, member, "pan"), spend(shop, member, "cup")) == (100, 300, Reason.REWARD_UNKNOWN)
    assert {row["stock"] for row in shop.central.rows("reward_stock")} == {5}
    go_to(shop, LATER - timedelta(seconds=1))
    assert (spend(shop, member, "bowl"), spend(shop, member, "cup")) == (100, Reason.REWARD_UNKNOWN)
    go_to(shop, LATER)
    assert (spend(shop, member, "cup"), spend(shop, member, "pan")) == (50, Reason.REWARD_NOT_OPEN)
    # Two of the five had gone, so of the two of the later rules none is left.
    assert spend(shop, member, "bowl") is Reason.OUT_OF_STOCK


def test_a_refused_request_is_no_reason_for_the_next_one_to_miss_the_new_rewards(shop: RewardShop) -> None:
    member = shop.member(60)
    publish(shop, "v2", LATER, cup={"points": 50})
    go_to(shop, LATER)
    # Its transaction is rolled back, and with it what it had brought.
    assert spend(shop, member, "pan") is Reason.REWARD_UNKNOWN
    assert spend(shop, member, "cup") == 50


def test_a_kiosk_shows_what_holds_at_that_moment(shop: RewardShop) -> None:
    shop.load(reward("rice", 500))
    member = shop.member()
    publish(shop, "v2", LATER, rice={"points": 400})
    assert shop.shelf(shop.visit(member))["rice"].points == 500
    go_to(shop, LATER)
    visit = shop.visit(member)
    assert shop.shelf(visit)["rice"].points == 400
    assert shop.hold(visit, "rice").points == 400


def test_a_listed_reward_that_rules_name_is_shown_and_picked_up_as_before(shop: RewardShop) -> None:
    shop.load(reward("rice", 500, stock={"lakeside": 3}), reward("oil", 900))
    publish(shop, "v1", shop.central.clock.now(), rice={"points": 450})
    visit = shop.visit(shop.member())
    assert [(card.reward_id, card.points, card.left) for card in shop.shelf(visit).values()] == [("rice", 450, 3), ("oil", 900, -1)]
    bought = shop.buy(visit, "rice")
    assert (bought.points, bool(bought.pickup_code)) == (450, True)
    assert shop.rewards.handing_over.fulfil(CLERK, shop.central.envelope(), bought.pickup_code).reward_id == "rice"


@pytest.mark.parametrize("price", [500, 650])
def test_the_catalogue_can_be_loaded_again_and_the_terms_stay_those_of_the_rules(shop: RewardShop, price: int) -> None:
    shop.load(reward("rice", 500), reward("oil", 900))
    publish(shop, "v1", shop.central.clock.now(), rice={"points": 450})
    shop.load(reward("oil", 900), reward("rice", price))
    visit = shop.visit(shop.member())
    assert [(card.reward_id, card.points) for card in shop.shelf(visit).values()] == [("oil", 900), ("rice", 450)]
    shop.load(reward("oil", 900))
    assert list(shop.shelf(visit)) == ["oil"]
    assert shop.rewards.shelf.quote(DEVICE, visit, Order(reward_id="rice")).points == 450
