"""What a device hands in later: in order, each at most once, and what is refused stops nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from proto.member.v1 import common_pb2, reason_pb2, reward_pb2, sale_pb2
from proto.member.v1 import sync_pb2 as pb
from server_stub.domain.actors import DeviceActor, DeviceKind
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Refusal
from server_stub.rpc import sync
from server_stub.rpc.blocking import Blocking
from server_stub.rpc.caller import CurrentCaller
from server_stub.rpc.sale import SaleServicer
from server_stub.rpc.servicer import Ground
from server_stub.rpc.sync import MOST_OPERATIONS, SyncServicer
from server_stub.services.rewards.own_redemptions import RedemptionNow
from server_stub.storage.database import DatabaseDamaged, StorageUnavailable
from tests.support.central_service import DEVICE, central_service
from tests.support.spenders import Spenders, spenders

TILL = DeviceActor("T01", DEVICE.store_id, DeviceKind.TILL)


@pytest.fixture
async def shop(database_address: str) -> AsyncIterator[Spenders]:
    with central_service(database_address) as central:
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


async def upload(servicer: SyncServicer, *operations: pb.Operation, device: DeviceActor = DEVICE) -> list[pb.OperationResult]:
    # The caller of the fixture's context is not this task's.
    servicer._ground.caller.set(device)
    return list((await servicer.Upload(pb.UploadRequest(operations=operations), object())).results)


async def test_what_is_refused_does_not_stop_the_rest(shop: Spenders, servicer: SyncServicer) -> None:
    visit = shop.visit(shop.member("a", 100))
    broken = pb.Operation(redeem=reward_pb2.RedeemRequest(visit_token=visit))
    results = await upload(
        servicer,
        redeem(shop, 1, visit, points=60),
        redeem(shop, 2, visit, points=60),
        broken,
        sale(shop, 4, "S1"),
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


def outcomes(results: list[pb.OperationResult]) -> list[object]:
    return [result.refusal.reason if result.HasField("refusal") else result.redeem.redemption.points for result in results]


async def test_nothing_passes_what_leaves_the_batch(shop: Spenders, servicer: SyncServicer) -> None:
    """Protection: the queue of a batch. A reward with a limit leaves it, and what comes behind would take its points."""
    visit = shop.visit(shop.member("a", 100))
    shop.reward("pin", 80, per_member=1)
    results = await upload(
        servicer, redeem(shop, 1, visit, reward_id="pin"), redeem(shop, 2, visit, points=50), redeem(shop, 3, visit, points=20)
    )
    assert outcomes(results) == [80, reason_pb2.REASON_INSUFFICIENT_AVAILABLE, 20]
    assert shop.available("a") == 0


async def test_the_last_piece_goes_to_the_operation_that_came_first(shop: Spenders, servicer: SyncServicer) -> None:
    first, second = (shop.visit(shop.member(member, 100)) for member in "ab")
    shop.reward("cup", 10, stock=1)
    # Something is due on the first one's account: only the use case may settle it.
    due = "UPDATE points_account SET due_at = settled_at WHERE member_id = 'a'"
    shop.central.database.write(lambda tx: tx.connection.exec_driver_sql(due))
    results = await upload(servicer, redeem(shop, 1, first, reward_id="cup"), redeem(shop, 2, second, reward_id="cup"))
    assert outcomes(results) == [10, reason_pb2.REASON_OUT_OF_STOCK]


async def test_entries_stand_in_the_order_of_the_operations(shop: Spenders, servicer: SyncServicer) -> None:
    visits = [shop.visit(shop.member(member, 1000)) for member in "ab"]
    shop.reward("pin", 7, per_member=50)
    wanted: list[dict[str, int | str]] = [
        {"points": 1},
        {"points": 2},
        {"reward_id": "pin"},
        {"points": 3},
        {"reward_id": "pin"},
        {"reward_id": "pin"},
        {"points": 4},
    ]
    operations = [redeem(shop, place + 1, visits[place % 2], **order) for place, order in enumerate(wanted * 4)]
    # The first comes a second time in one list, and its answer is the first one's.
    results = await upload(servicer, *operations, operations[0])
    assert {result.WhichOneof("outcome") for result in results} == {"redeem"}
    assert results[-1].redeem.redemption.redemption_id == results[0].redeem.redemption.redemption_id
    rows = [row for row in shop.central.rows("points_entry") if row["kind"] == "REDEMPTION"]
    for visit in visits:
        own = [operation.redeem.envelope.request_id for operation in operations if operation.redeem.visit_token == visit]
        assert [row["request_id"] for row in sorted(rows, key=lambda row: row["sequence"]) if row["request_id"] in own] == own


async def test_a_busy_service_refuses_nothing_for_good(shop: Spenders, servicer: SyncServicer) -> None:
    """Protection: RATE_LIMITED ends the call; as an outcome it would tell the device to forget the operation."""
    visit = shop.visit(shop.member("a", 100))
    shop.reward("pin", 10, per_member=9)
    operations = [redeem(shop, 1, visit, points=5), redeem(shop, 2, visit, reward_id="pin"), redeem(shop, 3, visit, points=6)]
    room, shop.desk._blocking._room = shop.desk._blocking._room, 0
    with pytest.raises(Refusal) as caught:
        await upload(servicer, *operations)
    assert caught.value.reason is Reason.RATE_LIMITED
    assert shop.available("a") == 95
    shop.desk._blocking._room = room
    assert outcomes(await upload(servicer, *operations)) == [5, 10, 6]
    assert shop.available("a") == 79


@pytest.fixture
def faults(shop: Spenders, monkeypatch: pytest.MonkeyPatch) -> list[Exception]:
    """What the service meets with the sale and the redemption that are named so, in turn."""
    met: list[Exception] = []

    def failing(real: Callable[..., Any], is_meant: Callable[[Any], bool]) -> Callable[..., Any]:
        def call(*words: Any) -> Any:
            if is_meant(words[-1]) and met:
                raise met[0]
            return real(*words)

        return call

    tills, spending = shop.central.core.tills, shop.desk._spending
    monkeypatch.setattr(tills, "record_sale", failing(tills.record_sale, lambda told: told.sale.sale_id == "bad"))
    monkeypatch.setattr(spending, "redeem", failing(spending.redeem, lambda wanted: wanted.order.reward_id == "bad"))
    return met


def sale(shop: Spenders, sequence: int, sale_id: str) -> pb.Operation:
    line = sale_pb2.SaleLine(sku="tea", category="food", qty=1, unit_price_fen=100)
    envelope = redeem(shop, sequence, "", points=1).redeem.envelope
    sold = sale_pb2.Sale(sale_id=sale_id, currency="CNY", lines=[line])
    return pb.Operation(sale=sale_pb2.RecordSaleRequest(envelope=envelope, sale=sold))


async def test_a_fault_of_one_operation_does_not_keep_back_those_behind_it(
    shop: Spenders, servicer: SyncServicer, faults: list[Exception], caplog: pytest.LogCaptureFixture
) -> None:
    faults.append(LookupError("13800138000"))
    sales = [sale(shop, place, name) for place, name in enumerate(("s1", "bad", "s3", "nul\0"), 1)]
    for _ in range(2):
        booked = await upload(servicer, *sales, device=TILL)
        assert [one.WhichOneof("outcome") for one in booked] == ["sale", "refusal", "sale", "refusal"]
        assert [one.refusal.reason for one in booked[1::2]] == [reason_pb2.REASON_SERVICE_FAULT, reason_pb2.REASON_REQUEST_MALFORMED]
        assert booked[3].refusal.findings[0].field == "sale.sale_id"
    assert "LookupError" in caplog.text
    assert "13800138000" not in caplog.text
    visit = shop.visit(shop.member("a", 100))
    wanted = [redeem(shop, 5, visit, points=10), redeem(shop, 6, visit, reward_id="bad"), redeem(shop, 7, visit, points=20)]
    assert outcomes(await upload(servicer, *wanted)) == [10, reason_pb2.REASON_SERVICE_FAULT, 20]
    # Nothing was stored of the two: they are carried out once the fault is gone.
    faults.clear()
    shop.reward("bad", 30)
    assert outcomes(await upload(servicer, *wanted)) == [10, 30, 20]
    assert (await upload(servicer, *sales, device=TILL))[1].HasField("sale")


@pytest.mark.parametrize("pieces", [1001, 2**63 - 1])
@pytest.mark.parametrize("agreed", [0, 1])
async def test_more_pieces_than_can_be_paid_for_are_refused_alone(shop: Spenders, servicer: SyncServicer, pieces: int, agreed: int) -> None:
    """Protection: MOST_PIECES. The price of these is no number of the contract, so the whole list ended in a fault, each time again."""
    visit = shop.visit(shop.member("a", 100))
    shop.reward("towel", 2**53 - 1)
    too_many = redeem(shop, 2, visit, reward_id="towel", qty=pieces)
    too_many.redeem.agreed_points = agreed
    booked = await upload(servicer, redeem(shop, 1, visit, points=10), too_many, redeem(shop, 3, visit, points=20))
    assert outcomes(booked) == [10, reason_pb2.REASON_REQUEST_MALFORMED, 20]
    assert booked[1].refusal.findings[0].field == "order.qty"
    dear = redeem(shop, 4, visit, reward_id="towel", qty=1000)
    dear.redeem.agreed_points = 1
    assert (await upload(servicer, dear))[0].refusal.points == 1000 * (2**53 - 1)


async def test_an_answer_that_cannot_be_said_does_not_keep_back_the_others(
    shop: Spenders, servicer: SyncServicer, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = shop.visit(shop.member("a", 100))
    real = sync.redemption

    def said(made: RedemptionNow) -> reward_pb2.Redemption:
        if made.points == 20:
            raise ValueError(made.points)
        return real(made)

    monkeypatch.setattr(sync, "redemption", said)
    booked = await upload(servicer, *(redeem(shop, place, visit, points=points) for place, points in enumerate((10, 20, 30), 1)))
    assert outcomes(booked) == [10, reason_pb2.REASON_SERVICE_FAULT, 30]


@pytest.mark.parametrize("error", [StorageUnavailable("gone"), DatabaseDamaged("pages")])
async def test_a_database_that_fails_all_of_them_ends_the_call(
    shop: Spenders, servicer: SyncServicer, faults: list[Exception], error: Exception
) -> None:
    faults.append(error)
    visit = shop.visit(shop.member("a", 100))
    for operation, device in ((sale(shop, 1, "bad"), TILL), (redeem(shop, 2, visit, reward_id="bad"), DEVICE)):
        with pytest.raises(type(error)):
            await upload(servicer, operation, device=device)


@pytest.mark.parametrize("count", [0, MOST_OPERATIONS + 1])
async def test_a_list_has_its_limits(shop: Spenders, servicer: SyncServicer, count: int) -> None:
    visit = shop.visit(shop.member("a", 10))
    with pytest.raises(Refusal) as caught:
        await upload(servicer, *(redeem(shop, place, visit, points=1) for place in range(count)))
    assert caught.value.reason is Reason.REQUEST_MALFORMED
    with pytest.raises(Refusal):
        await upload(servicer, pb.Operation())
    assert shop.available("a") == 10
