"""Picking up (row 47): once, at its store, in time; what is not picked up gives its points back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from server_stub.domain.actors import Actor, Role, StaffActor, SystemActor
from server_stub.domain.ledger_commands import Redeem
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Refusal
from server_stub.domain.rewards.pickup_code import new_code
from server_stub.jobs.unclaimed_rewards import UnclaimedRewards
from tests.support.central_service import ADMIN, DEVICE, LI
from tests.support.reward_shop import CLERK, HARBOUR_CLERK, JOB, QIAN, reward

if TYPE_CHECKING:
    from tests.support.reward_shop import RewardShop


def fulfil(shop: RewardShop, code: str, actor: Actor = CLERK, request_id: str = "") -> str:
    return shop.rewards.handing_over.fulfil(actor, shop.central.envelope(request_id), code).reward_id


def refused(shop: RewardShop, code: str, actor: Actor = CLERK) -> Refusal:
    with pytest.raises(Refusal) as caught:
        fulfil(shop, code, actor)
    return caught.value


@pytest.fixture
def stocked(shop: RewardShop) -> RewardShop:
    """Three pieces of rice at lakeside."""
    shop.load(reward(stock={"lakeside": 3}))
    return shop


@pytest.mark.parametrize(
    "actor",
    [DEVICE, LI, ADMIN, QIAN, SystemActor(), StaffActor("x", frozenset({Role.STORE_STAFF})), StaffActor("nobody", frozenset())],
)
def test_only_staff_of_a_store_hand_over(stocked: RewardShop, actor: Actor) -> None:
    bought = stocked.buy(stocked.visit(stocked.member()))
    assert refused(stocked, bought.pickup_code, actor).reason is Reason.NOT_PERMITTED
    assert fulfil(stocked, bought.pickup_code) == "rice"


def test_what_was_handed_over_counts_towards_what_a_member_may_have(shop: RewardShop) -> None:
    """Protection: FULFILLED among ``TAKING``."""
    shop.load(reward(stock={"lakeside": 3}, per_member=1))
    visit = shop.visit(shop.member())
    fulfil(shop, shop.buy(visit).pickup_code)
    with pytest.raises(Refusal) as caught:
        shop.buy(visit)
    assert caught.value.reason is Reason.LIMIT_REACHED


def test_a_code_works_once_and_the_second_time_says_when_and_where(stocked: RewardShop) -> None:
    member = stocked.member()
    bought = stocked.buy(stocked.visit(member), qty=2)
    assert stocked.counts() == (3, 2)
    handed = stocked.rewards.handing_over.fulfil(CLERK, stocked.central.envelope(), bought.pickup_code.lower())
    assert (handed.reward_id, handed.name, handed.qty, handed.code) == ("rice", "rice 简", 2, bought.pickup_code)
    assert stocked.counts() == (1, 0)
    first = stocked.central.clock.now()
    stocked.central.clock.advance(hours=5)
    for clerk in (CLERK, HARBOUR_CLERK):
        refusal = refused(stocked, bought.pickup_code, clerk)
        assert refusal.reason is Reason.PICKUP_USED
        assert refusal.refused.used is not None
        assert (refusal.refused.used.at, refusal.refused.used.place) == (first, "湖滨店")
    assert stocked.counts() == (1, 0)
    assert stocked.counter.free(member)[0] == 4000


def test_the_same_request_hands_over_once_and_answers_twice(stocked: RewardShop) -> None:
    bought = stocked.buy(stocked.visit(stocked.member()))
    request_id = stocked.central.request_id()
    assert fulfil(stocked, bought.pickup_code, request_id=request_id) == fulfil(stocked, bought.pickup_code, request_id=request_id)
    assert stocked.counts() == (2, 0)


def test_another_store_is_told_where_it_waits_and_hands_nothing_over(stocked: RewardShop) -> None:
    bought = stocked.buy(stocked.visit(stocked.member()))
    refusal = refused(stocked, bought.pickup_code, HARBOUR_CLERK)
    assert refusal.reason is Reason.PICKUP_ELSEWHERE
    assert refusal.refused.used is not None
    assert (refusal.refused.used.at, refusal.refused.used.place) == (None, "湖滨店")
    assert fulfil(stocked, bought.pickup_code) == "rice"


def test_what_was_undone_is_not_handed_over(stocked: RewardShop) -> None:
    visit = stocked.visit(stocked.member())
    bought = stocked.buy(visit)
    stocked.rewards.own.cancel(DEVICE, stocked.central.envelope(), visit, bought.redemption_id)
    assert refused(stocked, bought.pickup_code).reason is Reason.PICKUP_CANCELLED
    assert stocked.counts() == (3, 0)


def test_the_last_day_is_whole_and_after_it_the_points_are_back_at_once(stocked: RewardShop) -> None:
    member = stocked.member()
    bought, late = (stocked.buy(stocked.visit(member)) for _ in range(2))
    # Bought on 23 November in Shanghai: 14 days more, to the end of 7 December.
    assert bought.until is not None
    assert bought.until.isoformat() == "2026-12-07T16:00:00+00:00"
    stocked.central.clock.moment = bought.until
    stocked.central.clock.advance(seconds=-1)
    assert fulfil(stocked, bought.pickup_code) == "rice"
    stocked.central.clock.advance(seconds=1)
    assert refused(stocked, late.pickup_code).reason is Reason.PICKUP_EXPIRED
    assert stocked.counter.free(member)[0] == 4500
    assert stocked.counts() == (2, 0)
    assert refused(stocked, late.pickup_code).reason is Reason.PICKUP_EXPIRED


def test_the_job_tells_before_and_gives_back_after_each_once(stocked: RewardShop) -> None:
    member = stocked.member()
    bought = stocked.buy(stocked.visit(member))
    job = UnclaimedRewards(stocked.rewards.handing_over)
    stocked.central.clock.advance(days=11)
    assert job.run().told == 0
    stocked.central.clock.advance(days=1)
    assert (job.run().told, job.run().told) == (1, 0)
    told = dict(stocked.central.messages())["pickup_ending"]
    assert told.variables["code"] == bought.pickup_code
    assert (told.variables["last_day"], told.variables["store"]) == ("2026-12-07", "湖滨店")
    stocked.central.clock.advance(days=3)
    assert (job.run().lapsed, job.run().lapsed) == (1, 0)
    assert dict(stocked.central.messages())["pickup_ended"].variables["points"] == "500"
    assert stocked.counter.free(member)[0] == 5000
    assert stocked.counts() == (3, 0)
    assert refused(stocked, bought.pickup_code).reason is Reason.PICKUP_EXPIRED


def test_a_member_at_the_kiosk_does_not_wait_for_the_job(stocked: RewardShop) -> None:
    member = stocked.member(points=500)
    stocked.buy(stocked.visit(member))
    stocked.central.clock.advance(days=16)
    assert stocked.shelf(stocked.visit(member))["rice"].refusal is None
    assert stocked.counter.free(member)[0] == 500


def test_only_the_job_may_give_back(stocked: RewardShop) -> None:
    for actor in (DEVICE, CLERK, QIAN):
        with pytest.raises(Refusal) as caught:
            UnclaimedRewards(stocked.rewards.handing_over).run(actor)
        assert caught.value.reason is Reason.NOT_PERMITTED


def test_guessing_ends_after_ten_codes_and_typing_errors_do_not_count(stocked: RewardShop) -> None:
    bought = stocked.buy(stocked.visit(stocked.member()))
    for _ in range(20):
        assert refused(stocked, "234-567-892").reason is Reason.PICKUP_UNKNOWN
    for _ in range(10):
        assert refused(stocked, new_code(stocked.central.base.random_below)).reason is Reason.PICKUP_UNKNOWN
    stopped = refused(stocked, bought.pickup_code)
    assert stopped.reason is Reason.RATE_LIMITED
    assert 0 < stopped.refused.retry_after_s <= 3600
    stocked.central.clock.advance(hours=1)
    assert fulfil(stocked, bought.pickup_code) == "rice"
    stocked.central.clock.advance(days=1, seconds=1)
    assert UnclaimedRewards(stocked.rewards.handing_over).run().tries_deleted == 10


def test_what_the_rules_bring_and_points_alone_are_not_picked_up(shop: RewardShop) -> None:
    shop.counter.rules(rewards={"towel": {"points": 100}})
    member = shop.member()
    for what in ({"reward_id": "towel"}, {"points": 100}):
        shop.counter.ledger.redemptions.redeem(
            JOB, shop.central.envelope(), Redeem(shop.counter.next_id("d"), member, store_id="lakeside", **what)
        )
    assert {(row["pickup_code"], row["pickup_until"]) for row in shop.central.rows("redemption")} == {(None, None)}


def test_what_left_the_store_does_not_come_back_into_the_count_with_its_points(stocked: RewardShop) -> None:
    member = stocked.member()
    bought = stocked.buy(stocked.visit(member))
    fulfil(stocked, bought.pickup_code)
    stocked.counter.reverse(bought.redemption_id)
    assert stocked.counter.free(member)[0] == 5000
    assert stocked.counts() == (2, 0)
    assert refused(stocked, bought.pickup_code).reason is Reason.PICKUP_CANCELLED
