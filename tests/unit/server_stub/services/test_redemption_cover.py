"""Redemptions under the hands of the database's owner, on both databases: whatever is done to one, the check names it first."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from server_stub.config import Profile, SealSettings
from server_stub.domain.rewards.pickup_code import new_code, shown
from server_stub.jobs.unclaimed_rewards import UnclaimedRewards
from server_stub.keys.folder import KeyFolder, KeyKind
from server_stub.keys.signing import SigningKey
from server_stub.services.audit_chain.head_file import HeadFile
from server_stub.services.audit_chain.sealer import AuditSealer
from server_stub.services.audit_chain.verify import AuditVerifier, Wrong
from server_stub.services.entry_cover import SEALED_LATER
from server_stub.services.event_cover import signed
from server_stub.services.rewards.own_spending import SpendRequest
from server_stub.services.rewards.shelf import Order
from server_stub.storage.audit import add_event, sealed_events
from server_stub.storage.metadata import metadata
from server_stub.storage.postgres import PostgresDatabase
from tests.support.central_service import DEVICE, SQLITE, Central, SettableClock
from tests.support.reward_shop import CLERK, JOB, RewardShop, reward
from tests.support.spenders import Wish, spenders

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from server_stub.storage.database import Database

COLUMNS = tuple(column.name for column in metadata.tables["redemption"].columns if column.name != "redemption_id")
LATER = "2031-01-04T00:00:00.000000Z"
OTHER: dict[str, Any] = {
    "state": "CANCELLED",
    "points": 7777,
    "given_back": 1,
    "qty": 7,
    "made_step": 900,
    "spent_step": 901,
    "ended_step": 902,
    "version": 77,
    **dict.fromkeys(("made_at", "hold_until", "spent_at", "ended_at", "pickup_until", "fulfilled_at"), LATER),
}


@dataclass
class Desk:
    """A shop where one redemption of each kind was made; everything is sealed."""

    owner: Database
    sealer: AuditSealer
    verifier: AuditVerifier
    shop: RewardShop

    def run(self, statement: str, **values: Any) -> None:
        """Runs a statement as the owner, whom no right holds off."""
        with self.owner.writer.begin() as connection:
            connection.execute(text(statement), values)

    def change(self, redemption_id: str, column: str, value: Any) -> None:
        self.run(f"UPDATE redemption SET {column} = :value WHERE redemption_id = :key", value=value, key=redemption_id)

    def redemptions(self) -> list[dict[str, Any]]:
        with self.owner.writer.begin() as connection:
            return [dict(row._mapping) for row in connection.execute(text("SELECT * FROM redemption ORDER BY redemption_id"))]

    def first_wrong(self) -> tuple[Wrong, str] | None:
        found = self.verifier.verify().first_wrong
        return None if found is None else (found.wrong, found.row)


@pytest.fixture
def desk(central: Central, database_address: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Desk]:
    with ExitStack() as stack:
        owner: Database = central.database
        if not database_address.startswith(SQLITE):
            owner = PostgresDatabase(request.getfixturevalue("migrated_postgres").owner_address, SettableClock())
            stack.callback(owner.close)
        keys = KeyFolder.create(tmp_path / "seal-keys", Profile.DEVELOPMENT)
        heads, key = HeadFile(tmp_path / "heads" / "head.jsonl", SigningKey(keys, KeyKind.AUDIT)), central.base.audit._key
        sealer = AuditSealer(central.database, key, heads, SealSettings(batch=4))
        made = Desk(owner, sealer, AuditVerifier(central.database, key, heads), RewardShop(central))
        asyncio.run(_live(made, database_address))
        sealer.seal_all()
        yield made


async def _live(made: Desk, address: str) -> None:
    """Spent at once in a batch and by the use case; handed over, undone, lapsed; held, let go, over, and held still; paid back in part."""
    shop, central = made.shop, made.shop.central
    shop.load(reward("rice", 100, stock={"lakeside": 50}), reward("oil", 100, per_member=9))
    member = shop.member(5_000)
    async with spenders(central, address) as batches:
        await batches.warm()
        handed = await batches.spend(central.envelope(), Wish(shop.visit(member), None, "rice", agreed=100))
        undone = await batches.spend(central.envelope(), Wish(shop.visit(member), None, "rice"))
        await batches.spend(central.envelope(), Wish(shop.visit(member), None, "rice", 2))
    # Sealed as it was made: what becomes of it is covered by events of its own.
    await asyncio.to_thread(made.sealer.seal_all)
    shop.rewards.handing_over.fulfil(CLERK, central.envelope(), handed.pickup_code)
    shop.rewards.own.cancel(DEVICE, central.envelope(), shop.visit(member), undone.redemption_id)
    order = SpendRequest(central.envelope(), shop.visit(member), Order(reward_id="oil"))
    shop.rewards.spending.redeem(DEVICE, order)
    gone = shop.hold(shop.visit(member))
    shop.rewards.own.cancel(DEVICE, central.envelope(), shop.visit(member), gone.redemption_id)
    shop.counter.sell(900, member, sale_id="s1", qty=3)
    shop.counter.redeem(40, member, "red_sale", sale_id="s1", store_id="S01")
    shop.counter.take_back("s1", (1, 1))
    shop.hold(shop.visit(member))
    central.clock.advance(minutes=30)
    shop.counter.ledger.accounts.settle_due(JOB)
    shop.buy(shop.visit(member))
    central.clock.advance(days=20)
    UnclaimedRewards(shop.rewards.handing_over).run()
    shop.buy(shop.visit(member))
    shop.hold(shop.visit(member))


def test_what_nobody_touched_is_good_sealed_or_not(desk: Desk) -> None:
    assert desk.first_wrong() is None
    assert {row["state"] for row in desk.redemptions()} == {"HELD", "COMMITTED", "FULFILLED", "CANCELLED", "EXPIRED", "REVERSED"}
    desk.shop.buy(desk.shop.visit(desk.shop.member(500)))
    assert desk.first_wrong() is None


def test_a_change_of_any_column_of_any_redemption_is_named(desk: Desk) -> None:
    accounts = sorted(row["account_id"] for row in desk.shop.central.rows("points_account"))
    for row in desk.redemptions():
        other = OTHER | {
            "account_id": next(one for one in accounts if one != row["account_id"]),
            "sale_id": None if row["sale_id"] else "s1",
        }
        for column in COLUMNS:
            value = other.get(column, "x")
            desk.change(row["redemption_id"], column, "HELD" if value == row[column] else value)
            assert desk.first_wrong() == (Wrong.ROW_CHANGED, f"redemption/{row['redemption_id']}"), (row, column)
            desk.change(row["redemption_id"], column, row[column])
    assert desk.first_wrong() is None


def test_a_price_that_was_changed_is_named_also_after_the_service_gave_it_back(desk: Desk) -> None:
    """Protection: the half of the cover that never changes."""
    shop = desk.shop
    member = shop.member(500)
    bought = shop.buy(shop.visit(member))
    desk.sealer.seal_all()
    desk.change(bought.redemption_id, "qty", 3)
    shop.rewards.own.cancel(DEVICE, shop.central.envelope(), shop.visit(member), bought.redemption_id)
    desk.sealer.seal_all()
    assert desk.first_wrong() == (Wrong.ROW_CHANGED, f"redemption/{bought.redemption_id}")


def test_a_removed_redemption_is_named_whoever_made_it(desk: Desk) -> None:
    desk.run("DELETE FROM redemption_share")
    for row in desk.redemptions():
        desk.run("DELETE FROM redemption WHERE redemption_id = :key", key=row["redemption_id"])
        assert desk.first_wrong() == (Wrong.ROW_REMOVED, f"redemption/{row['redemption_id']}")
        desk.run(f"INSERT INTO redemption ({', '.join(row)}) VALUES ({', '.join(':' + name for name in row)})", **row)
    assert desk.first_wrong() is None


def test_a_redemption_that_was_put_in_is_named_even_with_an_event_and_after_it_was_handed_over(desk: Desk) -> None:
    """Protections: only the cover of what was made counts, and only an event of the redemption's own request promises one."""
    model = next(row for row in desk.redemptions() if (row["state"], row["reward_id"]) == ("COMMITTED", "rice"))
    code = new_code(lambda below: 7 % below)
    forged = model | {"redemption_id": "red_forged", "pickup_code": code}
    desk.run(f"INSERT INTO redemption ({', '.join(forged)}) VALUES ({', '.join(':' + name for name in forged)})", **forged)
    assert desk.first_wrong() == (Wrong.ROW_WITHOUT_EVENT, "redemption/red_forged")
    # Even if the digest of the event were right.
    told = next(e for _, e in desk.owner.read(lambda tx: sealed_events(tx, 0, 999)) if e and SEALED_LATER in e.detail)
    bare = replace(told, event_id="evt_forged", subject_key="red_forged", event_mac=None)
    desk.owner.write(lambda tx: add_event(tx, signed(desk.verifier._key, bare)))
    assert desk.first_wrong() == (Wrong.ROW_WITHOUT_EVENT, "redemption/red_forged")
    desk.sealer.seal_all()
    assert desk.first_wrong() == (Wrong.ROW_WITHOUT_EVENT, "redemption/red_forged")
    desk.shop.rewards.handing_over.fulfil(CLERK, desk.shop.central.envelope(), shown(code))
    desk.sealer.seal_all()
    assert desk.first_wrong() == (Wrong.ROW_WITHOUT_EVENT, "redemption/red_forged")
