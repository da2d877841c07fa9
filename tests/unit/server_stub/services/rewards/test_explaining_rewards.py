"""What is said of a reward is what the shelf shows and what redeeming then does."""

from __future__ import annotations

from datetime import timedelta

from tests.support.reward_shop import RewardShop, reward

YES = ["explain.reward.yes"]


def test_a_piece_whose_hold_is_over_can_be_had_though_nobody_has_written_that_down(shop: RewardShop) -> None:
    shop.load(reward("rice", 100, stock={"lakeside": 1}))
    shop.hold(shop.visit(shop.member()))
    other = shop.member()
    assert shop.said(shop.visit(other)) == ["explain.no.OUT_OF_STOCK"]
    shop.central.clock.advance(minutes=16)
    visit = shop.visit(other)
    assert (shop.shelf(visit)["rice"].left, shop.said(visit)) == (1, YES)
    shop.buy(visit)


def test_an_own_hold_that_is_over_uses_up_no_limit(shop: RewardShop) -> None:
    shop.load(reward("rice", 100, per_member=1, stock={"lakeside": 5}))
    member = shop.member()
    shop.hold(shop.visit(member))
    assert shop.said(shop.visit(member)) == ["explain.no.LIMIT_REACHED", "explain.help.limit"]
    shop.central.clock.advance(minutes=16)
    visit = shop.visit(member)
    assert (shop.shelf(visit)["rice"].left_for_member, shop.said(visit)) == (1, YES)
    shop.buy(visit)


def test_what_was_not_picked_up_in_time_can_be_spent_again(shop: RewardShop) -> None:
    shop.load(reward("rice", 100, per_member=1, stock={"lakeside": 1}))
    member = shop.member()
    shop.buy(shop.visit(member))
    shop.central.clock.moment += timedelta(days=16)
    assert shop.said(shop.visit(member)) == YES
