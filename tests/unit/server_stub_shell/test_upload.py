"""What a device hands in later: in order, each at most once, and what is refused stops nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from proto.member.v1 import common_pb2, reason_pb2, reward_pb2, sale_pb2
from proto.member.v1 import sync_pb2 as pb
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Refusal
from server_stub.rpc.blocking import Blocking
from server_stub.rpc.caller import CurrentCaller
from server_stub.rpc.sale import SaleServicer
from server_stub.rpc.servicer import Ground
from server_stub.rpc.sync import MOST_OPERATIONS, SyncServicer
from tests.support.central_service import DEVICE
from tests.support.spenders import Spenders, spenders

if TYPE_CHECKING:
    from tests.support.central_service import Central


@pytest.fixture
async def shop(central: Central, database_address: str) -> AsyncIterator[Spenders]:
    async with spenders(central, database_address) as opened:
        await opened.warm()
        yield opened


@pytest.fixture
def servicer(shop: Spenders) -> SyncServicer:
    caller = CurrentCaller()
    caller.set(DEVICE)
    ground = Ground(caller, Blocking(2))
    return SyncServicer(ground, shop.desk, SaleServicer(ground, shop.central.core.tills, shop.central.core.till_spending))


def redeem(shop: Spenders, sequence: int, visit: str, **order: int | str) -> pb.Operation:
    stamp = Timestamp()
    stamp.FromDatetime(shop.central.clock.now())
    envelope = common_pb2.Envelope(request_id=shop.central.request_id(), device_seq=sequence, occurred_at=stamp)
    wanted = reward_pb2.RedemptionOrder(**order)  # type: ignore[arg-type]
    return pb.Operation(redeem=reward_pb2.RedeemRequest(envelope=envelope, visit_token=visit, order=wanted))


async def upload(servicer: SyncServicer, *operations: pb.Operation) -> list[pb.OperationResult]:
    # The caller of the fixture's context is not this task's.
    servicer._ground.caller.set(DEVICE)
    return list((await servicer.Upload(pb.UploadRequest(operations=operations), object())).results)


async def test_what_is_refused_does_not_stop_the_rest(shop: Spenders, servicer: SyncServicer) -> None:
    visit = shop.visit(shop.member("a", 100))
    broken = pb.Operation(redeem=reward_pb2.RedeemRequest(visit_token=visit))
    bought = sale_pb2.Sale(sale_id="S1", currency="CNY", lines=[sale_pb2.SaleLine(sku="tea", category="food", qty=1, unit_price_fen=100)])
    sale = pb.Operation(sale=sale_pb2.RecordSaleRequest(envelope=redeem(shop, 4, visit, points=1).redeem.envelope, sale=bought))
    results = await upload(
        servicer,
        redeem(shop, 1, visit, points=60),
        redeem(shop, 2, visit, points=60),
        broken,
        sale,
        redeem(shop, 5, visit, reward_id="gone"),
        redeem(shop, 6, visit, points=40),
    )
    assert [result.WhichOneof("outcome") for result in results] == ["redeem", "refusal", "refusal", "refusal", "refusal", "redeem"]
    assert [result.device_seq for result in results] == [1, 2, 0, 4, 5, 6]
    assert results[1].refusal.reason == reason_pb2.REASON_INSUFFICIENT_AVAILABLE
    assert results[2].refusal.reason == reason_pb2.REASON_REQUEST_MALFORMED
    # A kiosk books no sale, also when it comes in a list.
    assert results[3].refusal.reason == reason_pb2.REASON_NOT_PERMITTED
    assert results[4].refusal.reason == reason_pb2.REASON_REWARD_UNKNOWN
    assert shop.available("a") == 0


async def test_the_same_list_twice_is_booked_once_and_answered_alike(shop: Spenders, servicer: SyncServicer) -> None:
    visits = [shop.visit(shop.member(f"m{number}", 1000)) for number in range(4)]
    operations = [redeem(shop, place + 1, visits[place % 4], points=1 + place) for place in range(MOST_OPERATIONS)]
    first = await upload(servicer, *operations)
    balances = [shop.available(f"m{number}") for number in range(4)]
    again = await upload(servicer, *operations)
    assert {result.WhichOneof("outcome") for result in first} <= {"redeem", "refusal"}
    booked = [result.redeem.redemption.redemption_id for result in first if result.HasField("redeem")]
    assert [result.redeem.redemption.redemption_id for result in again if result.HasField("redeem")] == booked
    assert [shop.available(f"m{number}") for number in range(4)] == balances


@pytest.mark.parametrize("count", [0, MOST_OPERATIONS + 1])
async def test_a_list_has_its_limits(shop: Spenders, servicer: SyncServicer, count: int) -> None:
    visit = shop.visit(shop.member("a", 10))
    with pytest.raises(Refusal) as caught:
        await upload(servicer, *(redeem(shop, place, visit, points=1) for place in range(count)))
    assert caught.value.reason is Reason.REQUEST_MALFORMED
    with pytest.raises(Refusal):
        await upload(servicer, pb.Operation())
    assert shop.available("a") == 10
