"""Points that one device may give out while it cannot ask: what is granted, what comes back, and who pays. Knows no row and no key.

An allowance takes points out of the account when it is granted, so nothing else can spend them; a device gives out no more than it has.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from server_stub.domain.ledger.lots import Share

_CONTEXT = b"member-allowance/1\x00"


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a device may give out to one member.

    Attributes:
        points: At least 1.
        expires_at: From this moment on nothing may be given out under it.
    """

    allowance_id: str
    member_id: str
    device_id: str
    points: int
    granted_at: datetime
    expires_at: datetime

    def message(self) -> bytes:
        """Returns the bytes that the centre signs: JSON with sorted keys after a name that keeps it from passing for anything else."""
        body = {
            "allowance_id": self.allowance_id,
            "member_id": self.member_id,
            "device_id": self.device_id,
            "points": self.points,
            "granted_at": self.granted_at.astimezone(UTC).isoformat(timespec="microseconds"),
            "expires_at": self.expires_at.astimezone(UTC).isoformat(timespec="microseconds"),
        }
        return _CONTEXT + json.dumps(body, sort_keys=True, separators=(",", ":")).encode()


@dataclass(frozen=True, slots=True)
class AllowanceUse:
    """Points that a device gave out under an allowance; ``redemption_id`` was made where the intent was."""

    redemption_id: str
    points: int
    occurred_at: datetime


def who_pays(shares: Sequence[Share], uses: Sequence[AllowanceUse]) -> tuple[dict[str, tuple[Share, ...]], tuple[Share, ...]]:
    """Divides what was lent: returns the shares that pay for each use, lent first pays first, and those that nobody used.

    Args:
        shares: In the order in which they were taken.
        uses: In their order; together no more than the shares.
    """
    left = list(shares)
    return {use.redemption_id: _taken(left, use.points) for use in uses}, tuple(left)


def _taken(left: list[Share], points: int) -> tuple[Share, ...]:
    taken: list[Share] = []
    while points and left:
        share = left.pop(0)
        part = min(points, share.points)
        taken.append(Share(share.lot_id, part))
        points -= part
        if part < share.points:
            left.insert(0, Share(share.lot_id, share.points - part))
    return tuple(taken)
