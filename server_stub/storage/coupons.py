"""Statements on coupons. Knows no rule by which they are given or taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update

from server_stub.domain.awaits import Awaits
from server_stub.domain.coupons import Coupon, CouponState, Terms
from server_stub.storage.database import Tx
from server_stub.storage.rows import add, change, every, first, keys_where
from server_stub.storage.tables.coupons import coupon, coupon_move


@dataclass(frozen=True, slots=True)
class CouponRow:
    """A coupon of a member; amounts in fen, days inclusive.

    Attributes:
        member_id: Whose it is now.
        issued_to: For whom it was made.
        stores: JSON list, None for every store.
        weekdays: JSON list of 1 (Monday) to 7, None for every day.
        sale_id: Of the newest redemption, also after it was rolled back; None before the first.
    """

    coupon_id: str
    member_id: str
    issued_to: str
    definition: str
    text_key: str
    value_fen: int
    minimum_spend_fen: int
    valid_from: date
    valid_until: date
    stores: list[str] | None
    weekdays: list[int] | None
    state: CouponState
    awaits: Awaits
    rules_version: str
    cause: str
    issued_at: datetime
    sale_id: str | None
    redeemed_store_id: str | None
    redeemed_at: datetime | None
    redeemed_by: str | None
    version: int

    @property
    def coupon(self) -> Coupon:
        """Returns the row as the rules see it."""
        terms = Terms(
            value_fen=self.value_fen,
            minimum_spend_fen=self.minimum_spend_fen,
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            stores=None if self.stores is None else tuple(self.stores),
            weekdays=None if self.weekdays is None else tuple(self.weekdays),
        )
        return Coupon(self.member_id, terms, self.state, awaits_card=self.awaits is Awaits.CARD_ACTIVATION)


@dataclass(frozen=True, slots=True)
class MoveRow:
    """A coupon that changed hands with a merge."""

    merge_id: str
    coupon_id: str
    from_member_id: str


def add_coupon(tx: Tx, row: CouponRow) -> None:
    """Issues a coupon."""
    add(tx, coupon, row)


def find_coupon(tx: Tx, coupon_id: str) -> CouponRow | None:
    """Returns a coupon."""
    return first(tx, select(coupon).where(coupon.c.coupon_id == coupon_id), CouponRow)


def has_coupon_for(tx: Tx, member_id: str, cause: str) -> bool:
    """Returns whether a coupon of the cause was made for a member, or came to them with a merge: who was two members gets one gift."""
    return coupon_for(tx, member_id, cause) is not None


def coupon_for(tx: Tx, member_id: str, cause: str) -> CouponRow | None:
    """Returns the coupon of a cause that was made for a member, or came to them with a merge."""
    whose = (coupon.c.issued_to == member_id) | (coupon.c.member_id == member_id)
    return first(tx, select(coupon).where(whose, coupon.c.cause == cause), CouponRow)


def coupons_of(tx: Tx, member_id: str) -> tuple[CouponRow, ...]:
    """Returns a member's coupons, those that end first at the top."""
    query = select(coupon).where(coupon.c.member_id == member_id)
    return every(tx, query.order_by(coupon.c.valid_until, coupon.c.coupon_id), CouponRow)


def redeemed_on(tx: Tx, sale_id: str) -> CouponRow | None:
    """Returns the coupon that is redeemed on a sale."""
    return first(tx, select(coupon).where(coupon.c.sale_id == sale_id, coupon.c.state == CouponState.REDEEMED), CouponRow)


def change_coupon(tx: Tx, before: CouponRow, values: Mapping[str, Any]) -> bool:
    """Changes a coupon and its version; False where somebody was quicker."""
    which = (coupon.c.coupon_id == before.coupon_id) & (coupon.c.version == before.version)
    return change(tx, coupon, which, {**values, "version": before.version + 1}) == 1


def free_coupons(tx: Tx, member_id: str) -> tuple[str, ...]:
    """Makes the coupons that awaited the card usable, which claims them, and returns their ids."""
    which = (coupon.c.member_id == member_id) & (coupon.c.awaits == Awaits.CARD_ACTIVATION)
    freed = keys_where(tx, coupon.c.coupon_id, which)
    values = {"awaits": Awaits.NOTHING, "version": coupon.c.version + 1}
    change(tx, coupon, which & (coupon.c.state == CouponState.ISSUED), {"state": CouponState.CLAIMED})
    change(tx, coupon, which, values)
    return freed


def move_coupons(tx: Tx, merge_id: str, from_member: str, into_member: str) -> tuple[str, ...]:
    """Gives every coupon of one member to another, noting which, and returns their ids."""
    moved = coupons_of(tx, from_member)
    for row in moved:
        add(tx, coupon_move, MoveRow(merge_id, row.coupon_id, from_member))
        change_coupon(tx, row, {"member_id": into_member})
    return tuple(row.coupon_id for row in moved)


def move_coupons_back(tx: Tx, merge_id: str) -> tuple[str, ...]:
    """Gives the coupons that a merge moved back to whom they came from, as they are now, and returns their ids."""
    moves = every(tx, select(coupon_move).where(coupon_move.c.merge_id == merge_id), MoveRow)
    for move in moves:
        values = {"member_id": move.from_member_id, "version": coupon.c.version + 1}
        tx.connection.execute(update(coupon).where(coupon.c.coupon_id == move.coupon_id).values(values))
    return tuple(move.coupon_id for move in moves)
