"""Spending one's own points: each test runs in a batch and by the use case, on both databases, because the two must not differ."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import pytest

from server_stub.domain.actors import DeviceActor, DeviceKind, StaffActor
from server_stub.domain.entry_kinds import RedemptionState
from server_stub.domain.envelope import Envelope
from server_stub.domain.permissions import Role
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Refusal
from server_stub.services.rewards.own_redemptions import RedemptionNow
from server_stub.storage.members import IdentifiedBy, MemberState, change_member, member_by_id
from server_stub.storage.requests import LoggedRequest, RequestState
from tests.support.central_service import DEVICE, OTHER_DEVICE
from tests.support.spenders import SYSTEM, Spenders, Wish, spenders

if TYPE_CHECKING:
    from tests.support.central_service import Central

WRITTEN = ("points_entry", "redemption", "request_log", "audit_event")


class Way(StrEnum):
    """How the request is carried out."""

    BATCH = "batch"
    USE_CASE = "use case"


class Shop(Spenders):
    """Spenders who go one of the two ways."""

    way = Way.BATCH

    async def spend(self, envelope: Envelope, order: Wish, device: DeviceActor = DEVICE) -> RedemptionNow:
        if self.way is Way.BATCH:
            return await super().spend(envelope, order, device)
        return await asyncio.to_thread(self.central.core.rewards.spending.redeem, device, order.request(envelope))

    async def refused(self, order: Wish, device: DeviceActor = DEVICE, envelope: Envelope | None = None) -> Reason:
        """Returns why, having seen that nothing was written."""
        before = self.written()
        with pytest.raises(Refusal) as caught:
            await self.spend(envelope or self.central.envelope(), order, device)
        assert self.written() == before
        return caught.value.reason

    def written(self) -> list[Any]:
        return [self.central.rows(table) for table in (*WRITTEN, "points_account", "reward_stock", "device")]


@pytest.fixture(params=list(Way))
async def shop(request: pytest.FixtureRequest, central: Central, database_address: str) -> AsyncIterator[Shop]:
    async with spenders(central, database_address) as opened:
        made = Shop(central, opened.desk)
        made.way = request.param
        await made.warm()
        yield made


async def test_points_are_gone_once_they_are_spent(shop: Shop) -> None:
    member = shop.member("a", 100)
    visit = shop.visit(member)
    made = await shop.spend(shop.central.envelope(), Wish(visit, 30, None))
    assert (made.state, made.points, made.available) == (RedemptionState.COMMITTED, 30, 70)
    assert shop.available(member) == 70
    assert await shop.refused(Wish(visit, 71, None)) is Reason.INSUFFICIENT_AVAILABLE
    assert (await shop.spend(shop.central.envelope(), Wish(visit, 70, None))).available == 0


async def test_a_reward_costs_its_price_for_each_piece(shop: Shop) -> None:
    visit = shop.visit(shop.member("a", 100))
    shop.reward("cup", 15, stock=3)
    made = await shop.spend(shop.central.envelope(), Wish(visit, None, "cup", 2))
    assert (made.points, made.available) == (30, 70)
    assert await shop.refused(Wish(visit, None, "cup", 2)) is Reason.OUT_OF_STOCK
    assert (await shop.spend(shop.central.envelope(), Wish(visit, None, "cup", 1))).available == 55


async def test_a_store_takes_from_its_own_stock_where_it_has_one(shop: Shop) -> None:
    visit = shop.visit(shop.member("a", 100))
    shop.reward("cup", 10, stock=5)
    shop.reward("cup", 10, stock=1, store_id=DEVICE.store_id)
    await shop.spend(shop.central.envelope(), Wish(visit, None, "cup"))
    assert {row["store_id"]: row["taken"] for row in shop.central.rows("reward_stock")} == {"": 0, DEVICE.store_id: 1}
    assert await shop.refused(Wish(visit, None, "cup")) is Reason.OUT_OF_STOCK


@pytest.mark.parametrize(
    ("terms", "reason"),
    [
        ({"min_tier": "gold"}, Reason.TIER_TOO_LOW),
        ({"stores": ["elsewhere"]}, Reason.WRONG_STORE),
        ({"stores": ["lake"]}, Reason.WRONG_STORE),
        ({"adult_only": True}, None),
        ({"stores": ["elsewhere", DEVICE.store_id]}, None),
    ],
)
async def test_the_terms_of_a_reward_hold(shop: Shop, terms: dict[str, Any], reason: Reason | None) -> None:
    visit = shop.visit(shop.member("a", 100))
    shop.reward("cup", 10, **terms)
    if reason is None:
        assert (await shop.spend(shop.central.envelope(), Wish(visit, None, "cup"))).available == 90
    else:
        assert await shop.refused(Wish(visit, None, "cup")) is reason


async def test_what_is_for_adults_is_for_adults(shop: Shop) -> None:
    """Protection of the batch: `adult_only` in the statement; whether a member is one is known to the use case alone."""
    shop.reward("wine", 10, adult_only=True)
    assert await shop.refused(Wish(shop.visit(shop.member("m", 100, is_minor=True)), None, "wine")) is Reason.ADULT_ONLY
    assert (await shop.spend(shop.central.envelope(), Wish(shop.visit(shop.member("a", 100)), None, "wine"))).available == 90


async def test_a_reward_has_its_days(shop: Shop) -> None:
    visit = shop.visit(shop.member("a", 100))
    today = shop.central.clock.now().date()
    shop.reward("cup", 10, from_day=today, until_day=today)
    await shop.spend(shop.central.envelope(), Wish(visit, None, "cup"))
    shop.central.clock.advance(days=1)
    assert await shop.refused(Wish(shop.visit("a"), None, "cup")) is Reason.REWARD_NOT_OPEN


async def test_no_member_gets_more_pieces_than_the_limit(shop: Shop) -> None:
    visit = shop.visit(shop.member("a", 100))
    shop.reward("cup", 10, per_member=1)
    await shop.spend(shop.central.envelope(), Wish(visit, None, "cup"))
    assert await shop.refused(Wish(visit, None, "cup")) is Reason.LIMIT_REACHED


# A half-written card can be finished, and so its visit begun, by whoever finds it.
@pytest.mark.parametrize("way", [IdentifiedBy.CARD, IdentifiedBy.ISSUE])
async def test_by_card_alone_only_so_much_is_spent_in_a_day(shop: Shop, way: IdentifiedBy) -> None:
    visit = shop.visit(shop.member("a", 5000), by=way)
    limit = shop.central.core.rewards.step_up.limit
    await shop.spend(shop.central.envelope(), Wish(visit, limit - 10, None))
    assert await shop.refused(Wish(visit, 11, None)) is Reason.STEP_UP_NEEDED
    await shop.spend(shop.central.envelope(), Wish(visit, 10, None))
    assert await shop.refused(Wish(visit, 1, None)) is Reason.STEP_UP_NEEDED
    await shop.spend(shop.central.envelope(), Wish(shop.visit("a"), 100, None))
    shop.central.clock.advance(hours=24, minutes=1)
    await shop.spend(shop.central.envelope(), Wish(shop.visit("a", by=IdentifiedBy.CARD), limit, None))


async def test_many_at_once_do_not_pass_what_a_card_may_spend(shop: Shop) -> None:
    visit = shop.visit(shop.member("a", 5000), by=IdentifiedBy.CARD)
    limit = shop.central.core.rewards.step_up.limit
    spent = await asyncio.gather(
        *(shop.spend(shop.central.envelope(), Wish(visit, limit // 4, None)) for _ in range(12)), return_exceptions=True
    )
    assert {each.reason for each in spent if isinstance(each, Refusal)} == {Reason.STEP_UP_NEEDED}
    assert shop.available("a") == 5000 - limit


async def test_what_was_handed_over_counts_as_spent_by_the_card(shop: Shop) -> None:
    """Protection: FULFILLED among the states that count, on every way to ask."""
    visit, limit = shop.visit(shop.member("a", 5000), by=IdentifiedBy.CARD), shop.central.core.rewards.step_up.limit
    clerk = StaffActor("clerk", frozenset({Role.STORE_STAFF}), store_id=DEVICE.store_id)
    shop.reward("rice", limit)
    made = await shop.spend(shop.central.envelope(), Wish(visit, None, "rice"))
    shop.central.core.rewards.handing_over.fulfil(clerk, shop.central.envelope(), made.pickup_code)
    with pytest.raises(Refusal) as caught:
        await shop.spend(shop.central.envelope(), Wish(visit, 1, None))
    assert caught.value.reason is Reason.STEP_UP_NEEDED


async def test_a_reward_of_the_catalogue_has_a_code_for_the_desk(shop: Shop) -> None:
    visit = shop.visit(shop.member("a", 100))
    shop.reward("cup", 10)
    shop.reward("pin", 10, rules_version="built-in:plain")
    envelope = shop.central.envelope()
    made = await shop.spend(envelope, Wish(visit, None, "cup"))
    assert len(made.pickup_code) == 11
    assert made.until is not None
    assert await shop.spend(envelope, Wish(visit, None, "cup")) == made
    assert [row["pickup_code"] for row in shop.central.rows("redemption") if row["reward_id"]] == [made.pickup_code.replace("-", "")]
    other = await shop.spend(shop.central.envelope(), Wish(visit, None, "pin"))
    assert (other.pickup_code, other.until) == ("", None)


@pytest.mark.parametrize("order", [(None, None, 1), (-1, None, 1), (1, None, 2), (1, "cup", 1), (None, "cup", -1), (2**62, None, 1)])
async def test_an_order_that_makes_no_sense_is_refused(shop: Shop, order: tuple[int | None, str | None, int]) -> None:
    shop.reward("cup", 10)
    visit = shop.visit(shop.member("a", 100))
    expected = Reason.INSUFFICIENT_AVAILABLE if order[0] == 2**62 else Reason.REQUEST_MALFORMED
    assert await shop.refused(Wish(visit, *order)) is expected
    assert await shop.refused(Wish(visit, None, "gone")) is Reason.REWARD_UNKNOWN


async def test_only_the_visit_that_runs_at_this_device_spends(shop: Shop) -> None:
    visit = shop.visit(shop.member("a", 100))
    order = Wish(visit, 10, None)
    assert await shop.refused(order, OTHER_DEVICE) is Reason.VISIT_OVER
    assert await shop.refused(Wish(visit + "a", 10, None)) is Reason.VISIT_OVER
    assert await shop.refused(Wish("", 10, None)) is Reason.VISIT_OVER
    assert await shop.refused(order, DeviceActor("T1", DEVICE.store_id, DeviceKind.TILL)) is Reason.NOT_PERMITTED
    assert await shop.refused(order, envelope=Envelope("1", 1, shop.central.clock.now())) is Reason.REQUEST_MALFORMED
    shop.central.core.members.end_visit(DEVICE, visit)
    assert await shop.refused(order) is Reason.VISIT_OVER
    late = shop.visit("a")
    shop.central.clock.advance(minutes=15)
    assert await shop.refused(Wish(late, 10, None)) is Reason.VISIT_OVER


@pytest.mark.tampers
async def test_a_member_who_is_suspended_meanwhile_spends_nothing(shop: Shop) -> None:
    visit = shop.visit(shop.member("a", 100))

    def suspend(tx: Any) -> None:
        row = member_by_id(tx, "a")
        assert row is not None
        change_member(tx, row, {"state": MemberState.SUSPENDED})

    shop.central.database.write(suspend)
    assert await shop.refused(Wish(visit, 10, None)) is Reason.MEMBER_INACTIVE


async def test_the_same_request_gets_the_same_redemption_for_ever(shop: Shop) -> None:
    visit = shop.visit(shop.member("a", 100))
    envelope, order = shop.central.envelope(), Wish(visit, 10, None)
    first = await shop.spend(envelope, order)
    assert await shop.spend(envelope, order) == first
    shop.central.core.members.end_visit(DEVICE, visit)
    shop.central.clock.advance(days=40)
    assert await shop.spend(envelope, order) == first
    assert shop.available("a") == 90
    assert await shop.refused(Wish(visit, 11, None), envelope=envelope) is Reason.REQUEST_ID_REUSED
    assert await shop.refused(order, OTHER_DEVICE, envelope) is Reason.REQUEST_ID_REUSED


async def test_a_cancelled_request_cannot_come_late(shop: Shop) -> None:
    visit = shop.visit(shop.member("a", 100))
    envelope = shop.central.envelope()
    assert not shop.central.base.requests.cancel(DEVICE, envelope.request_id)
    assert await shop.refused(Wish(visit, 10, None), envelope=envelope) is Reason.REQUEST_CANCELLED


async def test_the_row_of_the_log_is_sealed_like_every_other(shop: Shop) -> None:
    envelope = shop.central.envelope(seq=41)
    await shop.spend(envelope, Wish(shop.visit(shop.member("a", 100)), 10, None))
    row = next(row for row in shop.central.rows("request_log") if row["request_id"] == envelope.request_id)
    logged = LoggedRequest(**{**row, "state": RequestState(row["state"])})
    assert row["row_mac"] == shop.central.base.requests.row_mac(logged)
    assert {row["device_id"]: row["last_device_seq"] for row in shop.central.rows("device")}[DEVICE.device_id] == 41


async def test_the_same_request_fifty_times_at_once_spends_once(shop: Shop) -> None:
    envelope, order = shop.central.envelope(), Wish(shop.visit(shop.member("a", 100)), 10, None)
    made = await asyncio.gather(*(shop.spend(envelope, order) for _ in range(50)))
    assert len(set(made)) == 1
    assert shop.available("a") == 90


async def test_twenty_at_once_cannot_spend_more_than_there_is(shop: Shop) -> None:
    visit = shop.visit(shop.member("a", 100))
    spent = await asyncio.gather(*(shop.spend(shop.central.envelope(), Wish(visit, 30, None)) for _ in range(20)), return_exceptions=True)
    refused = [each for each in spent if isinstance(each, Refusal)]
    assert len(refused) == 17
    assert {each.reason for each in refused} == {Reason.INSUFFICIENT_AVAILABLE}
    assert shop.available("a") == 10
    assert not shop.central.core.ledger.proof.run(SYSTEM).wrong


async def test_a_visit_by_a_receipt_spends_nothing_without_a_code_and_one_by_a_code_spends_as_a_card(shop: Shop) -> None:
    member = shop.member("a", 5000)
    assert await shop.refused(Wish(shop.visit(member, by=IdentifiedBy.RECEIPT), 1, None)) is Reason.STEP_UP_NEEDED
    limit = shop.central.core.rewards.step_up.limit
    visit = shop.visit(member, by=IdentifiedBy.CODE)
    await shop.spend(shop.central.envelope(), Wish(visit, limit, None))
    assert await shop.refused(Wish(visit, 1, None)) is Reason.STEP_UP_NEEDED
