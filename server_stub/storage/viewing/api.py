"""What the fast path to members' own views asks of a database and what it gets. Knows no view.

Only what is plain is answered: a visit that runs, an active member whose card is no longer awaited, an account that is its own and no
other's holder, with nothing due, nothing held and every entry divided over lots. All else is left to the use case, which words refusals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from server_stub.domain.application_states import ApplicationState
from server_stub.domain.ledger.lots import Lot
from server_stub.storage.coupons import CouponRow
from server_stub.storage.ledger import MemberAccount, YearRow

MOST_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class VisitAt:
    """Whose view is asked for, and before which device."""

    visit_id: str
    device_id: str


@dataclass(frozen=True, slots=True)
class ViewRows:
    """What one view is made of, as of one moment.

    Attributes:
        wrapped_key: Of the person's data; None where they were erased.
        name: Sealed.
        tier: Assigned last.
        lots: With points.
        rules_version: In force; empty where none was published.
    """

    number: str
    wrapped_key: bytes | None
    name: bytes | None = field(repr=False)
    application_state: ApplicationState
    tier: str
    account: MemberAccount
    lots: tuple[Lot, ...]
    years: tuple[YearRow, ...]
    coupons: tuple[CouponRow, ...]
    rules_version: str


class ViewStore(Protocol):
    """A database from which views are read.

    Thread:
        loop.
    """

    async def read(self, visits: Sequence[VisitAt], now: datetime) -> list[ViewRows | None]:
        """Returns the rows for each visit, in order; None: ask the use case.

        Args:
            visits: 1 to ``MOST_AT_ONCE``.
            now: Moment of the view, aware.

        Raises:
            Exception: Of the driver.
        """
        ...

    async def close(self) -> None:
        """Closes every connection."""
        ...
