"""Statements on allowances. Knows no rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select

from server_stub.domain.ledger.allowances import AllowanceUse
from server_stub.domain.ledger.lots import Share
from server_stub.storage.database import Tx
from server_stub.storage.rows import add, add_all, change, every, first
from server_stub.storage.tables.allowances import allowance, allowance_share, allowance_use
from server_stub.storage.tables.ledger import points_account


class AllowanceState(StrEnum):
    """State of an allowance; RETURNED: its device told nothing in time."""

    OPEN = "OPEN"
    SETTLED = "SETTLED"
    RETURNED = "RETURNED"


@dataclass(frozen=True, slots=True)
class AllowanceRow:
    """An allowance; see ``tables.allowances``."""

    allowance_id: str
    account_id: str
    device_id: str
    points: int
    state: AllowanceState
    granted_step: int
    granted_at: datetime
    expires_at: datetime
    returns_at: datetime
    settled_step: int | None
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class _ShareRow:
    allowance_id: str
    position: int
    lot_id: str
    points: int


@dataclass(frozen=True, slots=True)
class UseRow:
    """Points that were given out under an allowance; positions count from 1."""

    redemption_id: str
    allowance_id: str
    position: int
    points: int
    occurred_at: datetime


def add_allowance(tx: Tx, row: AllowanceRow, shares: Sequence[Share]) -> None:
    """Records an allowance and the lots that it took."""
    add(tx, allowance, row)
    add_all(tx, allowance_share, [_ShareRow(row.allowance_id, n, share.lot_id, share.points) for n, share in enumerate(shares, 1)])


def find_allowance(tx: Tx, allowance_id: str) -> AllowanceRow | None:
    """Returns an allowance."""
    return first(tx, select(allowance).where(allowance.c.allowance_id == allowance_id), AllowanceRow)


def close_allowance(tx: Tx, row: AllowanceRow, state: AllowanceState, step: int) -> bool:
    """Ends an allowance at a place of its account; False where somebody was quicker."""
    which = (allowance.c.allowance_id == row.allowance_id) & (allowance.c.state == AllowanceState.OPEN)
    return change(tx, allowance, which, {"state": state, "settled_step": step, "settled_at": tx.now}) == 1


def add_uses(tx: Tx, allowance_id: str, uses: Sequence[AllowanceUse]) -> None:
    """Records what was given out; each after its redemption."""
    add_all(tx, allowance_use, [UseRow(u.redemption_id, allowance_id, n, u.points, u.occurred_at) for n, u in enumerate(uses, 1)])


def shares_lent(tx: Tx, allowance_id: str) -> tuple[Share, ...]:
    """Returns the lots that an allowance took, in the order in which they were taken."""
    query = select(allowance_share).where(allowance_share.c.allowance_id == allowance_id).order_by(allowance_share.c.position)
    return tuple(Share(row.lot_id, row.points) for row in every(tx, query, _ShareRow))


def points_lent(tx: Tx, holder_id: str) -> int:
    """Returns the points of an account, and of those merged into it, that are lent now."""
    joined = select(func.coalesce(func.sum(allowance.c.points), 0)).join(
        points_account, points_account.c.account_id == allowance.c.account_id
    )
    lent = joined.where(points_account.c.holder_id == holder_id, allowance.c.state == AllowanceState.OPEN)
    return int(tx.connection.execute(lent).scalar_one())


def overdue_allowances(tx: Tx, limit: int) -> tuple[AllowanceRow, ...]:
    """Returns allowances whose points go back by now, the one that is due longest first."""
    query = select(allowance).where(allowance.c.state == AllowanceState.OPEN, allowance.c.returns_at <= tx.now)
    return every(tx, query.order_by(allowance.c.returns_at, allowance.c.allowance_id).limit(limit), AllowanceRow)


def allowances_of(tx: Tx, account_ids: Sequence[str]) -> tuple[AllowanceRow, ...]:
    """Returns every allowance that was granted on accounts, those of one account in order."""
    query = select(allowance).where(allowance.c.account_id.in_(account_ids))
    return every(tx, query.order_by(allowance.c.account_id, allowance.c.granted_step), AllowanceRow)


def uses_on(tx: Tx, account_ids: Sequence[str]) -> tuple[UseRow, ...]:
    """Returns what was given out under the allowances of accounts, that of one allowance in its order."""
    query = select(allowance_use).join(allowance, allowance.c.allowance_id == allowance_use.c.allowance_id)
    wanted = query.where(allowance.c.account_id.in_(account_ids))
    return every(tx, wanted.order_by(allowance_use.c.allowance_id, allowance_use.c.position), UseRow)
