"""Members with points before a device, and the two ways in which they spend them. Knows no transport and no test."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from typing import TypeVar

from server_stub.domain.actors import DeviceActor, SystemActor
from server_stub.domain.envelope import Envelope
from server_stub.domain.ledger_commands import JoinProgram, RecordSale, SaleLine
from server_stub.rpc.blocking import Blocking
from server_stub.rpc.spending import UNDER_WAY, SpendingDesk
from server_stub.services.rewards.own_redemptions import RedemptionNow
from server_stub.services.rewards.own_spending import SpendRequest
from server_stub.services.rewards.shelf import Order
from server_stub.storage.database import Tx
from server_stub.storage.members import IdentifiedBy, member_by_id
from server_stub.storage.redemptions import RewardRow, set_reward, set_stock
from server_stub.storage.spending.postgres import PostgresSpending
from server_stub.storage.spending.sqlite import SqliteSpending
from tests.support.central_service import DEVICE, SQLITE, Central, central_service

SYSTEM = SystemActor()
T = TypeVar("T")


@dataclass(frozen=True)
class Wish:
    """What a member at a visit wants to spend on; a word that is not said is None, an agreed price that is not said 0."""

    visit: str
    points: int | None
    reward_id: str | None
    qty: int = 1
    agreed: int = 0

    def request(self, envelope: Envelope) -> SpendRequest:
        return SpendRequest(envelope, self.visit, Order(self.points or 0, self.reward_id or "", self.qty), agreed_points=self.agreed)


@dataclass
class Spenders:
    """Members of one central service, and a desk at which they spend."""

    central: Central
    desk: SpendingDesk

    def member(self, member_id: str, points: int, *, is_minor: bool = False) -> str:
        """Joins a member who then buys for so many points, and returns the id."""
        ledger, central = self.central.core.ledger, self.central
        ledger.joining.join(SYSTEM, central.envelope(), JoinProgram(member_id, is_minor=is_minor))
        if points:
            sale = RecordSale(f"sale-{member_id}", DEVICE.store_id, (SaleLine("tea", "food", 1, points * 100),), member_id)
            ledger.sales.record(SYSTEM, central.envelope(), sale)
        return member_id

    def visit(self, member_id: str, device: DeviceActor = DEVICE, by: IdentifiedBy = IdentifiedBy.PHONE) -> str:
        """Returns the token of a new visit."""

        def begin(tx: Tx) -> str:
            row = member_by_id(tx, member_id)
            assert row is not None
            return self.central.core.visits.begin(tx, row, device, by)

        return self.central.database.write(begin)

    def reward(self, reward_id: str, points: int, stock: int | None = None, store_id: str = "", **terms: object) -> None:
        """Puts a reward into the catalogue."""
        values = {
            "min_tier": None,
            "per_member": None,
            "stores": None,
            "from_day": None,
            "until_day": None,
            "adult_only": False,
            "rules_version": "",
        } | terms
        row = RewardRow(reward_id=reward_id, points=points, **values)  # type: ignore[arg-type]

        def put(tx: Tx) -> None:
            set_reward(tx, row)
            if stock is not None:
                set_stock(tx, reward_id, store_id, stock)

        self.central.database.write(put)

    def available(self, member_id: str) -> int:
        """Returns what the ledger says after everything was divided over lots."""
        return self.central.core.ledger.accounts.view(SYSTEM, member_id).standing.available

    async def spend(self, envelope: Envelope, wish: Wish, device: DeviceActor = DEVICE) -> RedemptionNow:
        """Spends at the desk."""
        return await self.desk.redeem(device, wish.request(envelope))

    async def warm(self) -> None:
        """Lets the desk learn which rules are in force, so that the next plain request is not the first of all."""
        self.member("warm", 1)
        await self.spend(self.central.envelope("01a20621-ad00-7000-8000-ffffffffffff"), Wish(self.visit("warm"), 1, None))


@asynccontextmanager
async def spenders(central: Central, address: str) -> AsyncIterator[Spenders]:
    """Opens a desk over the database of an address, as the service opens it."""
    blocking, writer = Blocking(4), Blocking(1)
    store = SqliteSpending(central.database, writer.run) if address.startswith(SQLITE) else PostgresSpending(address, UNDER_WAY)
    desk = SpendingDesk(central.core.rewards.spending, store, blocking)
    try:
        yield Spenders(central, desk)
    finally:
        await desk.close()
        blocking.close()
        writer.close()


class Twins:
    """Two services of one kind of database, to which the same is done: one spends in batches, the other by the use case."""

    def __init__(self, runner: asyncio.Runner, shops: Sequence[Spenders]) -> None:
        self._runner = runner
        self._shops = shops

    def both(self, work: Callable[[Spenders, bool], Awaitable[T]]) -> list[T]:
        """Returns what the work comes to at either; the work is told whether to spend in batches."""

        async def done(shop: Spenders, in_batches: bool) -> T:
            return await work(shop, in_batches)

        return [self._runner.run(done(shop, way)) for shop, way in zip(self._shops, (True, False), strict=True)]


async def spend_either_way(shop: Spenders, envelope: Envelope, wish: Wish, *, in_batches: bool) -> RedemptionNow:
    """Spends at the desk, or by the use case."""
    if in_batches:
        return await shop.spend(envelope, wish)
    return await asyncio.to_thread(shop.central.core.rewards.spending.redeem, DEVICE, wish.request(envelope))


@contextmanager
def twins(addresses: Sequence[str]) -> Iterator[Twins]:
    """Opens both on their databases."""
    with ExitStack() as stack:
        runner = stack.enter_context(asyncio.Runner())
        shops = []
        for address in addresses:
            opened = spenders(stack.enter_context(central_service(address)), address)
            shops.append(runner.run(anext(opened.gen)))  # type: ignore[attr-defined]
            stack.callback(lambda gen=opened.gen: runner.run(_ended(gen)))  # type: ignore[attr-defined,misc]
            runner.run(shops[-1].warm())
        yield Twins(runner, shops)


async def _ended(opened: AsyncIterator[Spenders]) -> None:
    with suppress(StopAsyncIteration):
        await anext(opened)
