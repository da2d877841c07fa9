"""Counts the pieces of rewards in stores: who counts says how many are there, those that wait to be picked up included."""

from __future__ import annotations

from dataclasses import dataclass

from server_stub.domain.actors import Actor, Role, StaffActor
from server_stub.domain.permissions import Operation, require
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Finding, refuse
from server_stub.services.audit import Deed
from server_stub.services.ledger.booking import Booking
from server_stub.storage.database import Tx
from server_stub.storage.devices import store_by_id
from server_stub.storage.redemptions import StockRow, accounts_with_lapsed_holds, find_reward, find_stock
from server_stub.storage.reward_listings import recount, stock_rows

MOST_PIECES = 1_000_000
_LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class Count:
    """A count of pieces.

    Attributes:
        count: Pieces in the store now, 0 to 1,000,000.
        reason: Why it differs, 1 to 200 characters.
    """

    reward_id: str
    store_id: str
    count: int
    reason: str


@dataclass(frozen=True, slots=True)
class StockLine:
    """Pieces of a reward in a store; an empty store is the chain's pool.

    Attributes:
        count: Pieces that are there.
        taken: Of these, held or waiting to be picked up.
        free: What others can have.
    """

    reward_id: str
    store_id: str
    count: int
    taken: int
    free: int


class Stock:
    """The counts."""

    def __init__(self, booking: Booking) -> None:
        self._booking = booking

    def set(self, actor: Actor, count: Count) -> StockLine:
        """Says how many pieces there are.

        Raises:
            Refusal: NOT_PERMITTED, also for store staff of another store; REQUEST_MALFORMED with a finding for count, reason or store;
                REWARD_UNKNOWN; STOCK_BELOW_TAKEN: more are held or wait to be picked up.
        """
        require(actor, Operation.SET_STOCK)
        _require_form(count)
        _require_store(actor, count.store_id)
        return self._booking.base.database.write(lambda tx: self._set(tx, actor, count))

    def list(self, actor: Actor, store_id: str = "") -> tuple[StockLine, ...]:
        """Returns the counts of a store, or all.

        Raises:
            Refusal: NOT_PERMITTED.
        """
        require(actor, Operation.LIST_STOCK)
        rows = self._booking.base.database.read(stock_rows)
        return tuple(_line(row) for row in rows if not store_id or row.store_id == store_id)

    def _set(self, tx: Tx, actor: Actor, count: Count) -> StockLine:
        self._booking.programme.bring_rewards(tx, self._booking.programme.at(tx, tx.now))
        if find_reward(tx, count.reward_id) is None:
            raise refuse(Reason.REWARD_UNKNOWN)
        if store_by_id(tx, count.store_id) is None:
            raise refuse(Reason.REQUEST_MALFORMED, Finding("store", Reason.FIELD_CHARACTERS))
        books = self._booking.books(tx)
        for account_id in accounts_with_lapsed_holds(tx, count.reward_id):
            books.of_account(account_id)
        books.save()
        self._booking.name_entries(books)
        before = find_stock(tx, count.reward_id, count.store_id)
        if not recount(tx, count.reward_id, count.store_id, count.count):
            raise refuse(Reason.STOCK_BELOW_TAKEN)
        was = before.stock if before is not None and before.store_id == count.store_id else -1
        detail: dict[str, str | int | bool] = {"was": was, "count": count.count, "reason": count.reason}
        key = f"{count.reward_id}/{count.store_id}"
        self._booking.base.audit.record(tx, Deed(actor, "stock.set", "", key, detail=detail))
        row = find_stock(tx, count.reward_id, count.store_id)
        return _line(row) if row is not None else StockLine(count.reward_id, count.store_id, count.count, 0, count.count)


def _require_form(count: Count) -> None:
    if not 0 <= count.count <= MOST_PIECES:
        raise refuse(Reason.REQUEST_MALFORMED, Finding("count", Reason.FIELD_CHARACTERS))
    if not count.reason.strip():
        raise refuse(Reason.REQUEST_MALFORMED, Finding("reason", Reason.FIELD_REQUIRED))
    if len(count.reason) > _LONGEST_REASON:
        raise refuse(Reason.REQUEST_MALFORMED, Finding("reason", Reason.FIELD_TOO_LONG))


def _require_store(actor: Actor, store_id: str) -> None:
    """A manager counts everywhere, others where they work."""
    if isinstance(actor, StaffActor) and Role.MANAGER not in actor.roles and actor.store_id != store_id:
        raise refuse(Reason.NOT_PERMITTED)


def _line(row: StockRow) -> StockLine:
    return StockLine(row.reward_id, row.store_id, row.stock, row.taken, row.stock - row.taken)
