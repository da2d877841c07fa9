"""The dynamic code that stands for a member for a minute: what it says, how long it lives, when it is good. Knows no text form, no table.

Two clocks may differ, the centre's own two processes' among them: half a minute of difference is allowed against "made later than
now". The end is the end, so that a photograph of a code is worth nothing a minute later (decisions.md, Member QR).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from server_stub.domain.reasons import Reason

LIFETIME = timedelta(seconds=60)
REFRESH_AFTER = timedelta(seconds=30)
SKEW = timedelta(seconds=30)


@dataclass(frozen=True, slots=True, repr=False)
class MemberCode:
    """What a code says; leads to a member, so it is never logged (no repr).

    Attributes:
        alias: 8 random bytes that stand for the member; never the number of a card or membership.
        issued_at: Whole seconds, UTC.
        expires_at: First moment at which it is good no more.
        nonce: 4 random bytes; a code is good once.
    """

    alias: bytes
    issued_at: datetime
    expires_at: datetime
    nonce: bytes


class MemberCodeForm(Protocol):
    """Writes and reads the text of codes; the paper package implements it."""

    def write(self, code: MemberCode) -> str:
        """Returns the text, signed."""
        ...

    def read(self, text: str) -> MemberCode | Reason:
        """Returns the code once its signature was checked, or MEMBER_CODE_FORM, MEMBER_CODE_KEY or MEMBER_CODE_SIGNATURE."""
        ...

    def public_keys(self) -> dict[int, bytes]:
        """Returns the raw Ed25519 public keys (32 bytes) by key id."""
        ...


def fault_in_time(code: MemberCode, now: datetime) -> Reason | None:
    """Returns MEMBER_CODE_FUTURE, MEMBER_CODE_EXPIRED, or None where the code's time is now."""
    if code.issued_at > now + SKEW:
        return Reason.MEMBER_CODE_FUTURE
    return Reason.MEMBER_CODE_EXPIRED if now >= code.expires_at else None
