"""Own views in batches: the same view as the use case shows, and nothing where the use case must decide."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest

from server_stub.domain.actors import DeviceActor, SystemActor
from server_stub.domain.coupons import CouponState
from server_stub.domain.ledger_commands import JoinProgram
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Refusal
from server_stub.rpc.blocking import Blocking
from server_stub.rpc.viewing import UNDER_WAY, ViewingDesk
from server_stub.services.members import MemberView
from server_stub.storage.codes import CodePurpose
from server_stub.storage.members import change_member, member_by_id
from server_stub.storage.viewing.api import ViewStore
from server_stub.storage.viewing.postgres import PostgresViews
from tests.support.central_service import DEVICE, MOBILE, OTHER_DEVICE, Central, central_service
from tests.support.furnished_postgres import FurnishedPostgres

SYSTEM = SystemActor()


@pytest.fixture
def central(furnished_postgres: FurnishedPostgres) -> Iterator[Central]:
    with central_service(furnished_postgres.address) as made:
        yield made


@pytest.fixture
async def store(furnished_postgres: FurnishedPostgres) -> AsyncIterator[ViewStore]:
    opened = PostgresViews(furnished_postgres.address, UNDER_WAY)
    yield opened
    await opened.close()


@pytest.fixture
async def desk(central: Central, store: ViewStore) -> AsyncIterator[ViewingDesk]:
    blocking = Blocking(2)
    yield ViewingDesk(central.core.members, store, blocking, central.clock)
    blocking.close()


def signed_in(central: Central) -> tuple[str, str]:
    """Returns a member whose card is active, and the token of a visit."""
    member_id = central.member_id(central.join().membership_number)
    central.activate(member_id)
    return member_id, visit_of(central)


def visit_of(central: Central, device: DeviceActor = DEVICE) -> str:
    return central.core.members.identify(device, central.proof(MOBILE, CodePurpose.SIGN_IN)).visit_token


async def batched(central: Central, store: ViewStore, token: str, device: DeviceActor = DEVICE) -> MemberView | None:
    now = central.clock.now()
    [rows] = await store.read([central.core.members.asked(device, token)], now)
    return None if rows is None else central.core.members.view_of(rows, now)


def execute(central: Central, words: str) -> None:
    central.database.write(lambda tx: tx.connection.exec_driver_sql(words))


def later(days: int) -> Callable[[Central], None]:
    return lambda central: central.clock.advance(days=days)


ALIKE: dict[str, Callable[[Central], Any]] = {
    "as it joined": lambda _central: None,
    "a coupon has ended": later(31),
    "a coupon was redeemed": lambda central: execute(
        central, f"UPDATE coupon SET state = '{CouponState.REDEEMED}', sale_id = 's', redeemed_at = now() WHERE value_fen = 500"
    ),
    "a coupon for some stores": lambda central: execute(central, """UPDATE coupon SET stores = '["S001"]', weekdays = '[1,7]'"""),
    "a coupon from tomorrow on": lambda central: execute(central, "UPDATE coupon SET valid_from = valid_from + 1"),
    "points that wait": lambda central: (
        execute(central, "UPDATE points_lot SET available_on = available_on + 30"),
        execute(central, "UPDATE points_account SET pending = available, available = 0, due_at = settled_at + INTERVAL '30 days'"),
    ),
}


@pytest.mark.parametrize("change", ALIKE.values(), ids=ALIKE)
async def test_a_batch_shows_what_the_use_case_shows(central: Central, store: ViewStore, change: Callable[[Central], Any]) -> None:
    signed_in(central)
    change(central)
    token = visit_of(central)
    view = await batched(central, store, token)
    assert view is not None
    assert view == central.core.members.get_member(DEVICE, token)


LEFT: dict[str, Callable[[Central, str], Any]] = {
    "the visit has ended": lambda central, _: execute(central, "UPDATE visit SET ended_at = began_at"),
    "the visit is too old": lambda central, _: central.clock.advance(minutes=15),
    "the member is suspended": lambda central, member_id: central.database.write(
        lambda tx: change_member(tx, member_by_id(tx, member_id), {"state": "SUSPENDED"})
    ),
    "a card is awaited": lambda central, _: execute(central, "UPDATE application SET state = 'CARD_PENDING'"),
    "something is due": lambda central, _: execute(central, "UPDATE points_account SET due_at = settled_at"),
    "an entry is not divided": lambda central, _: execute(central, "UPDATE points_account SET last_sequence = last_sequence + 1"),
    "points are held": lambda central, _: execute(central, "UPDATE points_account SET held = 1"),
    "settled later than now": lambda central, _: execute(central, "UPDATE points_account SET settled_at = settled_at + INTERVAL '1 day'"),
}


@pytest.mark.parametrize("change", LEFT.values(), ids=LEFT)
async def test_what_is_not_plain_is_left_to_the_use_case(central: Central, store: ViewStore, change: Callable[[Central, str], Any]) -> None:
    member_id, token = signed_in(central)
    assert await batched(central, store, token) is not None
    change(central, member_id)
    assert await batched(central, store, token) is None


async def test_another_device_gets_nothing_of_a_visit(central: Central, desk: ViewingDesk) -> None:
    _, token = signed_in(central)
    assert (await desk.view(DEVICE, token)).name_masked == "欧阳**"
    with pytest.raises(Refusal) as refused:
        await desk.view(OTHER_DEVICE, token)
    assert refused.value.reason is Reason.VISIT_OVER


async def test_the_account_of_merged_members_is_left_to_the_use_case(central: Central, store: ViewStore) -> None:
    _, token = signed_in(central)
    central.core.ledger.joining.join(SYSTEM, central.envelope(), JoinProgram("other"))
    assert await batched(central, store, token) is not None
    execute(central, "UPDATE points_account SET holder_id = (SELECT holder_id FROM points_account WHERE available > 0) WHERE available = 0")
    assert await batched(central, store, token) is None


async def test_a_database_that_fails_leaves_it_to_the_use_case(
    central: Central, desk: ViewingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, token = signed_in(central)

    async def gone(*_: object) -> Any:
        raise ConnectionResetError

    monkeypatch.setattr(PostgresViews, "read", gone)
    assert (await desk.view(DEVICE, token)).points_available == 200


async def test_many_views_at_once_are_each_their_own(central: Central, desk: ViewingDesk) -> None:
    _, token = signed_in(central)
    views = await asyncio.gather(*(desk.view(DEVICE, token) for _ in range(5)), desk.view(DEVICE, "x"), return_exceptions=True)
    assert [getattr(view, "name_masked", None) for view in views[:5]] == ["欧阳**"] * 5
    assert isinstance(views[5], Refusal)
